package load

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// connections makes bare peer connections: VP8 and Opus, no interceptors, so that the peers cost little beside the
// server, and on the address of the server alone, which must be one of this machine.
func connections(server string) (*webrtc.API, error) {
	host, err := addressOf(server)
	if err != nil {
		return nil, err
	}
	media := &webrtc.MediaEngine{}
	video := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000,
		RTCPFeedback: []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}}}
	audio := webrtc.RTPCodecCapability{
		MimeType:    webrtc.MimeTypeOpus,
		ClockRate:   48000,
		Channels:    2,
		SDPFmtpLine: "minptime=10;useinbandfec=1",
	}
	if err := media.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: video, PayloadType: 96},
		webrtc.RTPCodecTypeVideo); err != nil {
		return nil, err
	}
	if err := media.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: audio, PayloadType: 111},
		webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetIPFilter(host.Equal)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	return webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithSettingEngine(settings),
		webrtc.WithInterceptorRegistry(&interceptor.Registry{})), nil
}

// addressOf returns the IP address in the server's URL, and refuses one of another machine.
func addressOf(server string) (net.IP, error) {
	u, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	name := u.Hostname()
	if name == "localhost" {
		name = "127.0.0.1"
	}
	ip := net.ParseIP(name)
	if ip.IsLoopback() {
		return ip, nil
	}
	local, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	for _, address := range local {
		if network, ok := address.(*net.IPNet); ok && network.IP.Equal(ip) {
			return ip, nil
		}
	}
	return nil, fmt.Errorf("%s: load only servers on this machine, by address", server)
}

// Publisher sends the traffic of packet.go over one connection.
type Publisher struct {
	pc           *webrtc.PeerConnection
	video, audio *webrtc.TrackLocalStaticRTP
	sent         atomic.Uint64
	wantKey      atomic.Bool
	stop         chan struct{}
	running      sync.WaitGroup
}

func newPublisher(api *webrtc.API, name string) (*Publisher, error) {
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	p := &Publisher{pc: pc, stop: make(chan struct{})}
	p.video, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", name)
	if err != nil {
		return nil, err
	}
	p.audio, err = webrtc.NewTrackLocalStaticRTP(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus},
		"audio",
		name,
	)
	if err != nil {
		return nil, err
	}
	for _, track := range []webrtc.TrackLocal{p.audio, p.video} {
		transceiver, err := pc.AddTransceiverFromTrack(
			track,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly},
		)
		if err != nil {
			return nil, err
		}
		p.running.Go(func() { p.feedback(transceiver.Sender()) })
	}
	return p, nil
}

// offer makes the complete description, candidates included.
func (p *Publisher) offer() (string, error) {
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(offer); err != nil {
		return "", err
	}
	<-gathered
	return p.pc.LocalDescription().SDP, nil
}

// start takes the answer and sends from the moment the connection stands.
func (p *Publisher) start(answer string) error {
	connected := make(chan struct{})
	var once sync.Once
	p.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			once.Do(func() { close(connected) })
		}
	})
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		return err
	}
	select {
	case <-connected:
	case <-time.After(10 * time.Second):
		return errNoMedia
	}
	p.wantKey.Store(true)
	p.running.Go(p.sendVideo)
	p.running.Go(p.sendAudio)
	return nil
}

func (p *Publisher) sendVideo() {
	packet := &rtp.Packet{Header: rtp.Header{Version: 2, SSRC: 1}}
	buf := make([]byte, videoBytes)
	ticker := time.NewTicker(frameInterval)
	defer ticker.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-ticker.C:
			key := p.wantKey.Swap(false)
			packet.Timestamp += 90000 / 75
			for i := range packetsPerFrame {
				packet.Payload = videoPayload(buf, i == 0, key, time.Now())
				packet.Marker = i == packetsPerFrame-1
				packet.SequenceNumber++
				if p.video.WriteRTP(packet) == nil {
					p.sent.Add(1)
				}
			}
		}
	}
}

func (p *Publisher) sendAudio() {
	packet := &rtp.Packet{Header: rtp.Header{Version: 2, SSRC: 2}}
	buf := make([]byte, audioBytes)
	ticker := time.NewTicker(audioInterval)
	defer ticker.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-ticker.C:
			packet.Timestamp += 960
			packet.SequenceNumber++
			packet.Payload = audioPayload(buf, time.Now())
			if p.audio.WriteRTP(packet) == nil {
				p.sent.Add(1)
			}
		}
	}
}

// feedback makes the next frame a key frame when the server asks for one (PLI, RFC 4585; FIR, RFC 5104).
func (p *Publisher) feedback(sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				p.wantKey.Store(true)
			}
		}
	}
}

func (p *Publisher) close() {
	close(p.stop)
	_ = p.pc.Close()
	p.running.Wait()
}

// Subscriber receives whatever its connection brings.
type Subscriber struct {
	pc      *webrtc.PeerConnection
	began   time.Time
	packets atomic.Uint64
	bytes   atomic.Uint64
	streams atomic.Int64
	delays  samples
	rtpAt   atomic.Int64 // nanoseconds after began; 0 for not yet
	keyAt   atomic.Int64
}

func newSubscriber(api *webrtc.API, began time.Time) (*Subscriber, error) {
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	s := &Subscriber{pc: pc, began: began}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { s.receive(track) })
	return s, nil
}

// answer takes an offer and returns the complete answer.
func (s *Subscriber) answer(offer string) (string, error) {
	if err := s.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	answer, err := s.pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	if err := s.pc.SetLocalDescription(answer); err != nil {
		return "", err
	}
	if !strings.Contains(
		offer,
		"a=ice-lite",
	) { // a full agent wants our candidates; a lite one learns them from our checks
		<-webrtc.GatheringCompletePromise(s.pc)
	}
	go hasten(s.pc)
	return s.pc.LocalDescription().SDP, nil
}

// hasten makes Pion nominate a pair as soon as its check has succeeded, as browsers do. By itself it looks again
// only every 200 ms, unless the other side checks too, which an ICE-lite server does not. A new remote
// candidate makes it look at once; this one is of a transport that these peers do not use, so no check goes there.
func hasten(pc *webrtc.PeerConnection) {
	for n := range 8 {
		time.Sleep(time.Duration(1<<n) * time.Millisecond)
		candidate := fmt.Sprintf("candidate:%d 1 tcp 1 127.0.0.1 %d typ host tcptype passive", n, 9+n)
		if pc.ICEConnectionState() > webrtc.ICEConnectionStateChecking ||
			pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: candidate}) != nil {
			return
		}
	}
}

// delayEvery: the delay of one packet in eight is kept.
const delayEvery = 8

func (s *Subscriber) receive(track *webrtc.TrackRemote) {
	video := strings.EqualFold(track.Codec().MimeType, webrtc.MimeTypeVP8)
	buf := make([]byte, 1500)
	var packet rtp.Packet
	for n := 0; ; n++ {
		size, _, err := track.Read(buf)
		if err != nil {
			return
		}
		now := time.Now()
		if packet.Unmarshal(buf[:size]) != nil || len(packet.Payload) == 0 {
			continue
		}
		if n == 0 {
			s.streams.Add(1)
		}
		s.packets.Add(1)
		s.bytes.Add(uint64(len(packet.Payload)))
		s.rtpAt.CompareAndSwap(0, int64(now.Sub(s.began)))
		if video && s.keyAt.Load() == 0 && isKey(packet.Payload) {
			s.keyAt.CompareAndSwap(0, int64(now.Sub(s.began)))
		}
		if n%delayEvery == 0 {
			if delay, ok := delayMs(packet.Payload, now); ok {
				s.delays.add(delay)
			}
		}
	}
}

func milliseconds(ns int64) []float64 {
	if ns == 0 {
		return nil
	}
	return []float64{float64(ns) / 1e6}
}

func (s *Subscriber) close() {
	_ = s.pc.Close()
}
