package testpeer

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// RawPublisher is a participant that speaks docs/protocol.md without an SDK of ours and sends exactly the RTP and
// RTCP that a test wants: several codecs in one section, SSRCs that no description names, pictures later than their
// sound, clocks that drift, captures that stall. It receives nothing. It leaves with the test.
type RawPublisher struct {
	t      testing.TB
	socket *websocket.Conn
	pc     *webrtc.PeerConnection
	mids   map[string]uint8 // ids of header extensions, by URI; set by Publish
	tracks []*RawTrack
	over   chan struct{}
	done   sync.WaitGroup

	mu      sync.Mutex // guards everything below
	lastID  int64
	pending map[int64]chan wire.Response
	events  []wire.EventParams
}

// RawSection is one media section of a publish offer.
type RawSection struct {
	Kind   wire.Kind
	Codecs []string // names as on the signaling wire (also H265), in the order of the offer; none: Opus or VP8
	Off    bool     // negotiated, and not announced
}

const (
	rawPatience = 15 * time.Second
	rawMTU      = 1150

	midURI   = "urn:ietf:params:rtp-hdrext:sdes:mid"
	levelURI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
)

// rawCodec is a codec as a RawPublisher offers it, each under a payload type of its own.
type rawCodec struct {
	webrtc.RTPCodecParameters
	payloader func() rtp.Payloader
}

func videoCodec(mime, fmtp string, pt webrtc.PayloadType, payloader func() rtp.Payloader) rawCodec {
	return rawCodec{webrtc.RTPCodecParameters{PayloadType: pt, RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: mime, ClockRate: 90000, SDPFmtpLine: fmtp,
		RTCPFeedback: []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}},
	}}, payloader}
}

var rawCodecs = map[string]rawCodec{
	"opus": {webrtc.RTPCodecParameters{PayloadType: 111, RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
	}}, func() rtp.Payloader { return &codecs.OpusPayloader{} }},
	"VP8": videoCodec(
		webrtc.MimeTypeVP8,
		"",
		96,
		func() rtp.Payloader { return &codecs.VP8Payloader{EnablePictureID: true} },
	),
	"VP9": videoCodec(webrtc.MimeTypeVP9, "profile-id=0", 98, func() rtp.Payloader { return &codecs.VP9Payloader{} }),
	"AV1": videoCodec(webrtc.MimeTypeAV1, "", 45, func() rtp.Payloader { return &codecs.AV1Payloader{} }),
	"H264": videoCodec(webrtc.MimeTypeH264, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", 102,
		func() rtp.Payloader { return &codecs.H264Payloader{} }),
	"H265": videoCodec(webrtc.MimeTypeH265, "", 116, func() rtp.Payloader { return &codecs.H265Payloader{} }),
}

// JoinRaw joins a meeting of the server at that URL (http://host:port).
func JoinRaw(t testing.TB, url, token, meetingID, participantID string) *RawPublisher {
	t.Helper()
	socket, _, err := websocket.Dial(t.Context(), url+"/v1/signal", nil)
	require.NoError(t, err)
	socket.SetReadLimit(4 << 20)
	r := &RawPublisher{
		t:       t,
		socket:  socket,
		over:    make(chan struct{}),
		pending: map[int64]chan wire.Response{},
		mids:    map[string]uint8{},
	}
	r.done.Go(r.read)
	t.Cleanup(r.close)
	receive := false
	_, err = r.Call(wire.MethodJoin, wire.JoinParams{
		Protocol: wire.Version, Token: token, MeetingID: meetingID, ParticipantID: &participantID,
		Name: participantID, AutoConsume: &receive,
	})
	require.NoError(t, err)
	return r
}

func (r *RawPublisher) close() {
	close(r.over)
	if r.pc != nil {
		_ = r.pc.Close() // nothing of the test depends on how it ends
	}
	_, _ = r.Call(wire.MethodLeave, struct{}{})
	_ = r.socket.CloseNow()
	r.done.Wait()
}

func (r *RawPublisher) read() {
	for {
		_, frame, err := r.socket.Read(context.Background())
		if err != nil {
			r.mu.Lock()
			for id, waiting := range r.pending {
				close(waiting)
				delete(r.pending, id)
			}
			r.pending = nil
			r.mu.Unlock()
			return
		}
		var event struct {
			Method string           `json:"method"`
			Params wire.EventParams `json:"params"`
		}
		var answer wire.Response
		r.mu.Lock()
		if json.Unmarshal(frame, &event) == nil && event.Method != "" {
			r.events = append(r.events, event.Params)
		} else if json.Unmarshal(frame, &answer) == nil && answer.ID != nil {
			if waiting := r.pending[*answer.ID]; waiting != nil {
				waiting <- answer
				delete(r.pending, *answer.ID)
			}
		}
		r.mu.Unlock()
	}
}

// Call makes a request and returns its result. A refusal is a *fault.Error.
func (r *RawPublisher) Call(method string, params any) (json.RawMessage, error) {
	raw, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	answered := make(chan wire.Response, 1)
	r.mu.Lock()
	if r.pending == nil {
		r.mu.Unlock()
		return nil, io.ErrClosedPipe
	}
	r.lastID++
	id := r.lastID
	r.pending[id] = answered
	r.mu.Unlock()
	frame, err := json.Marshal(wire.Request{JSONRPC: "2.0", ID: id, Method: method, Params: raw})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), rawPatience)
	defer cancel()
	if err := r.socket.Write(ctx, websocket.MessageText, frame); err != nil {
		return nil, err
	}
	select {
	case answer, ok := <-answered:
		if !ok {
			return nil, io.ErrClosedPipe
		}
		if answer.Error != nil {
			return nil, answer.Error.Data
		}
		return answer.Result, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

// Events returns the events that have come, the oldest first.
func (r *RawPublisher) Events() []wire.EventParams {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]wire.EventParams(nil), r.events...)
}

// Publish offers these sections and connects. edit, which may be nil, changes the offer that the server sees, and
// only that one.
func (r *RawPublisher) Publish(edit func(sdp string) string, sections ...RawSection) []*RawTrack {
	r.t.Helper()
	streams, err := r.TryPublish(edit, sections...)
	require.NoError(r.t, err)
	return streams
}

// TryPublish is Publish for offers that may be refused.
func (r *RawPublisher) TryPublish(edit func(sdp string) string, sections ...RawSection) ([]*RawTrack, error) {
	r.t.Helper()
	api, err := r.api(sections)
	require.NoError(r.t, err)
	r.pc, err = api.NewPeerConnection(webrtc.Configuration{})
	require.NoError(r.t, err)
	connected := make(chan struct{})
	r.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			close(connected)
		}
	})
	params := wire.PublishParams{}
	var tracks []*RawTrack
	for i, s := range sections {
		track := &RawTrack{publisher: r, kind: s.Kind, id: strconv.Itoa(i), codecs: s.codecs(), bound: make(chan struct{})}
		transceiver, err := r.pc.AddTransceiverFromTrack(
			track,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly},
		)
		require.NoError(r.t, err)
		var preferred []webrtc.RTPCodecParameters
		for _, name := range track.codecs {
			preferred = append(preferred, rawCodecs[name].RTPCodecParameters)
		}
		require.NoError(r.t, transceiver.SetCodecPreferences(preferred))
		track.transceiver = transceiver
		tracks = append(tracks, track)
	}
	offer, err := r.pc.CreateOffer(nil)
	require.NoError(r.t, err)
	gathered := webrtc.GatheringCompletePromise(r.pc)
	require.NoError(r.t, r.pc.SetLocalDescription(offer))
	<-gathered
	for i, s := range sections {
		params.Streams = append(
			params.Streams,
			wire.PublishedStream{MID: tracks[i].transceiver.Mid(), Kind: s.Kind, Enabled: !s.Off},
		)
	}
	params.SDP = r.pc.LocalDescription().SDP
	if edit != nil {
		params.SDP = edit(params.SDP)
	}
	result, err := r.Call(wire.MethodPublish, params)
	if err != nil {
		return nil, err
	}
	var answer wire.PublishResult
	require.NoError(r.t, json.Unmarshal(result, &answer))
	require.NoError(r.t, r.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.SDP}))
	for _, waited := range append([]*RawTrack{nil}, tracks...) {
		ready := connected
		if waited != nil {
			ready = waited.bound
		}
		select {
		case <-ready:
		case <-time.After(rawPatience):
			return nil, fmt.Errorf("publish: no media connection within %v", rawPatience)
		}
	}
	for _, track := range tracks {
		r.done.Go(track.listen)
	}
	r.tracks = append(r.tracks, tracks...)
	return tracks, nil
}

func (s RawSection) codecs() []string {
	switch {
	case len(s.Codecs) > 0:
		return s.Codecs
	case s.Kind == wire.Audio || s.Kind == wire.ShareAudio:
		return []string{"opus"}
	}
	return []string{"VP8"}
}

// api registers what the sections offer, and no interceptors: nothing is sent but what the test writes.
func (r *RawPublisher) api(sections []RawSection) (*webrtc.API, error) {
	engine := &webrtc.MediaEngine{}
	registered := map[string]bool{}
	for _, s := range sections {
		for _, name := range s.codecs() {
			if registered[name] {
				continue
			}
			registered[name] = true
			kind := webrtc.RTPCodecTypeVideo
			if name == "opus" {
				kind = webrtc.RTPCodecTypeAudio
			}
			if err := engine.RegisterCodec(rawCodecs[name].RTPCodecParameters, kind); err != nil {
				return nil, err
			}
		}
	}
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		if err := engine.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: midURI}, kind); err != nil {
			return nil, err
		}
	}
	level := webrtc.RTPHeaderExtensionCapability{URI: levelURI}
	if err := engine.RegisterHeaderExtension(level, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	return webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings),
		webrtc.WithInterceptorRegistry(&interceptor.Registry{})), nil
}

// WithoutSSRCs takes the SSRCs out of an offer, as clients of older and newer kinds send it.
func WithoutSSRCs(sdp string) string {
	var lines []string
	for line := range strings.Lines(sdp) {
		if !strings.HasPrefix(line, "a=ssrc") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// RawTrack is what a RawPublisher sends in one section.
type RawTrack struct {
	publisher   *RawPublisher
	kind        wire.Kind
	id          string
	codecs      []string
	transceiver *webrtc.RTPTransceiver
	bound       chan struct{}
	once        sync.Once
	ssrc        uint32
	midID       uint8 // of the header extension
	writer      webrtc.TrackLocalWriter

	mu        sync.Mutex // guards everything below
	sequence  uint16
	keyFrames int // asked for
	lost      int // packets that were asked for again
}

// ID, RID, StreamID, Kind, Bind and Unbind are for pion.
func (k *RawTrack) ID() string       { return k.id }
func (k *RawTrack) RID() string      { return "" }
func (k *RawTrack) StreamID() string { return "raw" }

func (k *RawTrack) Kind() webrtc.RTPCodecType {
	if k.kind == wire.Audio || k.kind == wire.ShareAudio {
		return webrtc.RTPCodecTypeAudio
	}
	return webrtc.RTPCodecTypeVideo
}

func (k *RawTrack) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	k.ssrc, k.writer = uint32(ctx.SSRC()), ctx.WriteStream()
	for _, extension := range ctx.HeaderExtensions() {
		if extension.URI == midURI {
			k.midID = uint8(extension.ID) // 1 to 14
		}
	}
	k.once.Do(func() { close(k.bound) })
	return rawCodecs[k.codecs[0]].RTPCodecParameters, nil // what is sent is said by each packet
}

func (k *RawTrack) Unbind(webrtc.TrackLocalContext) error { return nil }

// SSRC is the one that the offer names.
func (k *RawTrack) SSRC() uint32 { return k.ssrc }

// MID is that of its section.
func (k *RawTrack) MID() string { return k.transceiver.Mid() }

// PayloadType is that of the offer for a codec, whether the server took it or not.
func (k *RawTrack) PayloadType(codec string) uint8 { return uint8(rawCodecs[codec].PayloadType) }

// KeyFrames counts the key frames that were asked for, and Resends the packets.
func (k *RawTrack) KeyFrames() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.keyFrames
}

func (k *RawTrack) Resends() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.lost
}

// listen counts what receivers ask for.
func (k *RawTrack) listen() {
	for {
		packets, _, err := k.transceiver.Sender().ReadRTCP()
		if err != nil {
			return
		}
		k.mu.Lock()
		for _, p := range packets {
			switch p := p.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				k.keyFrames++
			case *rtcp.TransportLayerNack:
				for i := range p.Nacks {
					k.lost += len(p.Nacks[i].PacketList())
				}
			}
		}
		k.mu.Unlock()
	}
}

// Write sends a packet as it is.
func (k *RawTrack) Write(p *rtp.Packet) error {
	_, err := k.writer.WriteRTP(&p.Header, p.Payload)
	return err
}

// Report sends a sender report: the moment rtpTime of that SSRC was captured at.
func (k *RawTrack) Report(ssrc uint32, at time.Time, rtpTime uint32) error {
	const from1900 = 2208988800                                      // to 1970, in seconds (RFC 868)
	seconds := uint64(at.Unix()+from1900) << 32                      // after 1900
	ntp := seconds | uint64(at.Nanosecond())<<32/uint64(time.Second) // never negative
	return k.publisher.pc.WriteRTCP([]rtcp.Packet{&rtcp.SenderReport{SSRC: ssrc, NTPTime: ntp, RTPTime: rtpTime}})
}

// SendOptions is how a track sends its frames.
type SendOptions struct {
	Codec string // "": the first of the section
	// Frame returns the n-th coded frame; the numbers go on when nothing is given (nil), and no packet is sent then.
	// wanted reports that a key frame was asked for since the last call.
	Frame func(n int, wanted bool) []byte
	// Payloads may give the n-th frame as payloads of packets instead.
	Payloads func(n int, wanted bool) [][]byte
	Every    time.Duration // from one frame to the next
	For      time.Duration // how long to send; 0: until the end of the test

	Began    time.Time     // when frame 0 was captured; zero: now
	Delay    time.Duration // how much later than captured each frame leaves
	StallAt  time.Duration // the capture stalls that long after its beginning
	StallFor time.Duration
	Jump     bool    // RTP time goes on while the capture stalls; else it stands still, as the sequence numbers do
	Drift    float64 // by how much its RTP clock is too fast: 0.001 is a thousandth

	SSRC       uint32        // 0: that of the offer
	RTPTime    uint32        // of frame 0
	WithMID    bool          // in each packet, as the header extension
	NoReports  bool          // no sender reports; else one a second
	ClockAhead time.Duration // the reports are by a clock that is ahead that much
	Drop       func(sequence uint16) bool
}

// Send begins to send on a goroutine of the publisher. What is sent over the same track later goes on with its
// sequence numbers. wait waits until all is sent.
func (k *RawTrack) Send(m SendOptions) (wait func()) {
	if m.Codec == "" {
		m.Codec = k.codecs[0]
	}
	if m.Began.IsZero() {
		m.Began = time.Now()
	}
	if m.SSRC == 0 {
		m.SSRC = k.ssrc
	}
	done := make(chan struct{})
	k.publisher.done.Go(func() {
		defer close(done)
		k.send(m)
	})
	return func() { <-done }
}

func (k *RawTrack) send(m SendOptions) {
	codec := rawCodecs[m.Codec]
	payloader := codec.payloader()
	payloads := m.Payloads
	if payloads == nil {
		payloads = func(n int, wanted bool) [][]byte {
			frame := m.Frame(n, wanted)
			if len(frame) == 0 {
				return nil
			}
			return payloader.Payload(rawMTU, frame)
		}
	}
	var stalled time.Duration
	var reported time.Time
	asked := k.KeyFrames()
	for n := 0; m.For == 0 || time.Duration(n)*m.Every < m.For; n++ {
		captured := time.Duration(n) * m.Every
		if m.StallFor > 0 && captured >= m.StallAt {
			stalled = m.StallFor
		}
		select {
		case <-k.publisher.over:
			return
		case <-time.After(time.Until(m.Began.Add(captured + stalled + m.Delay))):
		}
		ticks := captured
		if m.Jump {
			ticks += stalled
		}
		rtpTime := m.RTPTime + uint32(int64(ticks.Seconds()*float64(codec.ClockRate)*(1+m.Drift))) // wraps
		now := k.KeyFrames()
		parts := payloads(n, now > asked)
		asked = now
		for i, payload := range parts {
			header := rtp.Header{
				Version: 2, PayloadType: uint8(codec.PayloadType), SSRC: m.SSRC, SequenceNumber: k.next(), Timestamp: rtpTime,
				Marker: k.Kind() == webrtc.RTPCodecTypeVideo && i == len(parts)-1,
			}
			if m.WithMID {
				if err := header.SetExtension(k.midID, []byte(k.MID())); err != nil {
					k.publisher.t.Errorf("the server did not take the header extension for mid: %v", err)
					return
				}
			}
			if m.Drop != nil && m.Drop(header.SequenceNumber) {
				continue
			}
			if k.Write(&rtp.Packet{Header: header, Payload: payload}) != nil {
				return // closed
			}
		}
		if !m.NoReports && len(parts) > 0 && time.Since(reported) >= time.Second {
			reported = time.Now()
			if k.Report(m.SSRC, m.Began.Add(captured+stalled+m.ClockAhead), rtpTime) != nil {
				return
			}
		}
	}
}

// next is the sequence number of the next packet.
func (k *RawTrack) next() uint16 {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sequence++
	return k.sequence
}
