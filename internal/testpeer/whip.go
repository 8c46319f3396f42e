package testpeer

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk/testcard"
)

// HTTPPeer is a program based on pion that knows WHIP and WHEP, and nothing of Klatch. It ends with its test.
type HTTPPeer struct {
	t     testing.TB
	token string
	pc    *webrtc.PeerConnection

	Address string // of the session, from the Location header
	ETag    string
	Links   []string // Link headers

	stop    context.CancelFunc
	running sync.WaitGroup
	silent  atomic.Bool

	Audio, Video Arrived // of a player
}

// Arrived is what a player has received of one medium.
type Arrived struct {
	Packets atomic.Int64
	Frames  atomic.Int64 // VP8 key frames, whole; of sound, packets that are no silence
	Width   atomic.Int64 // of the last key frame
	last    atomic.Uint32
	Gaps    atomic.Int64
}

const httpPeerPatience = 15 * time.Second

func newHTTPPeer(t testing.TB, token string) *HTTPPeer {
	t.Helper()
	engine := &webrtc.MediaEngine{}
	require.NoError(t, engine.RegisterDefaultCodecs())
	registry := &interceptor.Registry{}
	require.NoError(t, webrtc.RegisterDefaultInterceptors(engine, registry))
	p := &HTTPPeer{t: t, token: token, stop: func() {}}
	var set webrtc.SettingEngine
	quiet := logging.NewDefaultLoggerFactory()
	quiet.DefaultLogLevel = logging.LogLevelDisabled
	set.LoggerFactory = quiet
	socket, err := net.ListenPacket("udp4", ":0")
	require.NoError(t, err)
	set.SetICEUDPMux(webrtc.NewICEUDPMux(quiet.NewLogger("ice"), &silencer{socket, &p.silent}))
	set.SetIncludeLoopbackCandidate(true)
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry),
		webrtc.WithSettingEngine(set))
	p.pc, err = api.NewPeerConnection(webrtc.Configuration{})
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Close()
		_ = socket.Close()
	})
	return p
}

// silencer is a socket that sends nothing while silent is set.
type silencer struct {
	net.PacketConn
	silent *atomic.Bool
}

// WriteTo drops a packet or sends it.
func (s *silencer) WriteTo(b []byte, to net.Addr) (int, error) {
	if s.silent.Load() {
		return len(b), nil
	}
	return s.PacketConn.WriteTo(b, to)
}

// Silence lets the peer send nothing any more, as a network that has gone.
func (p *HTTPPeer) Silence() { p.silent.Store(true) }

// Close ends the connection without a DELETE.
func (p *HTTPPeer) Close() {
	p.stop()
	_ = p.pc.GracefulClose()
	p.running.Wait()
}

// PublishWHIP sends a test card and a tone of that name to a WHIP endpoint. A refusal is returned.
func PublishWHIP(t testing.TB, endpoint, token, name string) (*HTTPPeer, *fault.Error) {
	t.Helper()
	p := newHTTPPeer(t, token)
	ctx, cancel := context.WithCancel(context.Background())
	p.stop = cancel
	video, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", name)
	require.NoError(t, err)
	audio, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "audio", name)
	require.NoError(t, err)
	for _, track := range []webrtc.TrackLocal{audio, video} {
		_, err := p.pc.AddTransceiverFromTrack(track,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		require.NoError(t, err)
	}
	card, err := testcard.New(320, 180, name)
	require.NoError(t, err)
	packets, _ := testcard.Tone(name)
	p.running.Go(func() {
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		for n := 0; ; n++ {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			_ = audio.WriteSample(media.Sample{Data: packets[n%len(packets)], Duration: 20 * time.Millisecond})
			if n%2 == 0 {
				_ = video.WriteSample(media.Sample{Data: card.Frame(uint32(n)), Duration: 40 * time.Millisecond})
			}
		}
	})
	return p, p.offer(endpoint)
}

// PlayWHEP receives from a WHEP endpoint. A refusal is returned.
func PlayWHEP(t testing.TB, endpoint, token string) (*HTTPPeer, *fault.Error) {
	t.Helper()
	p := newHTTPPeer(t, token)
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		_, err := p.pc.AddTransceiverFromKind(kind,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
		require.NoError(t, err)
	}
	p.pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		p.running.Add(1)
		defer p.running.Done()
		into := &p.Audio
		if track.Kind() == webrtc.RTPCodecTypeVideo {
			into = &p.Video
		}
		for {
			packet, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			into.take(packet, track.Kind() == webrtc.RTPCodecTypeVideo)
		}
	})
	return p, p.offer(endpoint)
}

func (a *Arrived) take(packet *rtp.Packet, video bool) {
	if before := a.last.Swap(uint32(packet.SequenceNumber)); a.Packets.Add(1) > 1 &&
		packet.SequenceNumber-uint16(before) != 1 {
		a.Gaps.Add(1)
	}
	if !video {
		if len(packet.Payload) > 20 {
			a.Frames.Add(1)
		}
		return
	}
	var part codecs.VP8Packet
	frame, err := part.Unmarshal(packet.Payload)
	if err == nil && part.S == 1 && part.PID == 0 && len(frame) >= 10 && frame[0]&1 == 0 { // RFC 6386, section 9.1
		a.Width.Store(int64(frame[6]) | int64(frame[7]&0x3f)<<8)
		a.Frames.Add(1)
	}
}

func (p *HTTPPeer) offer(endpoint string) *fault.Error {
	p.t.Helper()
	offer, err := p.pc.CreateOffer(nil)
	require.NoError(p.t, err)
	require.NoError(p.t, p.pc.SetLocalDescription(offer))
	status, header, answer := p.Call(http.MethodPost, endpoint, offer.SDP, "Content-Type", "application/sdp")
	if status != http.StatusCreated {
		return Refusal(p.t, status, answer)
	}
	at, err := url.Parse(endpoint)
	require.NoError(p.t, err)
	location, err := at.Parse(header.Get("Location"))
	require.NoError(p.t, err)
	p.Address, p.ETag, p.Links = location.String(), header.Get("ETag"), header.Values("Link")
	require.Equal(p.t, "application/sdp", header.Get("Content-Type"))
	require.NotEmpty(p.t, p.ETag)
	require.NoError(p.t, p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}))
	return nil
}

// RestartICE restarts ICE over PATCH, as RFC 9725, section 4.3.3 has it.
func (p *HTTPPeer) RestartICE() {
	p.t.Helper()
	offer, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: true})
	require.NoError(p.t, err)
	require.NoError(p.t, p.pc.SetLocalDescription(offer))
	var fragment []string
	for line := range strings.Lines(offer.SDP) {
		for _, kept := range []string{"a=group:", "m=", "a=mid:", "a=ice-ufrag:", "a=ice-pwd:"} {
			if strings.HasPrefix(line, kept) {
				fragment = append(fragment, line)
			}
		}
	}
	status, header, answer := p.Call(http.MethodPatch, p.Address, strings.Join(fragment, ""),
		"Content-Type", "application/trickle-ice-sdpfrag", "If-Match", "*")
	require.Equal(p.t, http.StatusOK, status, answer)
	require.NotEqual(p.t, p.ETag, header.Get("ETag"))
	p.ETag = header.Get("ETag")
	values := map[string]string{}
	var candidates []string
	for line := range strings.Lines(answer) {
		line = strings.TrimSpace(line)
		name, value, _ := strings.Cut(line, ":")
		if values[name] == "" {
			values[name] = value
		}
		if name == "a=candidate" {
			candidates = append(candidates, line)
		}
	}
	require.NotEmpty(p.t, candidates, answer)
	var text strings.Builder
	for line := range strings.Lines(p.pc.CurrentRemoteDescription().SDP) {
		name, _, _ := strings.Cut(line, ":")
		if name == "a=ice-ufrag" || name == "a=ice-pwd" {
			require.NotEqual(p.t, strings.TrimSpace(line), name+":"+values[name])
			line = name + ":" + values[name] + "\r\n"
		}
		text.WriteString(line)
	}
	require.NoError(p.t, p.pc.SetRemoteDescription(
		webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: text.String()}))
}

// Delete ends the session.
func (p *HTTPPeer) Delete() *fault.Error {
	p.t.Helper()
	status, _, answer := p.Call(http.MethodDelete, p.Address, "")
	if status != http.StatusOK {
		return Refusal(p.t, status, answer)
	}
	return nil
}

// Offer returns the offer of the peer.
func (p *HTTPPeer) Offer() string { return p.pc.LocalDescription().SDP }

// Connected reports whether the connection is up.
func (p *HTTPPeer) Connected() bool {
	return p.pc.ConnectionState() == webrtc.PeerConnectionStateConnected
}

// Ended reports whether the server has closed the connection, or it has failed.
func (p *HTTPPeer) Ended() bool {
	state := p.pc.ConnectionState()
	return state == webrtc.PeerConnectionStateClosed || state == webrtc.PeerConnectionStateFailed
}

// Call makes one request with the peer's token.
func (p *HTTPPeer) Call(method, address, body string, headers ...string) (int, http.Header, string) {
	p.t.Helper()
	return CallHTTP(p.t, method, address, p.token, body, headers...)
}

// CallHTTP makes one request with a token after Bearer, none where it is "". A header is a name and a value.
func CallHTTP(t testing.TB, method, address, token, body string, headers ...string) (int, http.Header, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), httpPeerPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader([]byte(body)))
	require.NoError(t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }() // read to its end
	answer, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, res.Header, string(answer)
}

// Refusal reads the fault of a refused request.
func Refusal(t testing.TB, status int, answer string) *fault.Error {
	t.Helper()
	require.GreaterOrEqual(t, status, 400, answer)
	var f fault.Error
	require.NoError(t, json.Unmarshal([]byte(answer), &f), answer)
	require.Equal(t, f.HTTPStatus(), status, answer)
	return &f
}
