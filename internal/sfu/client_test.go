package sfu

import (
	"context"
	"flag"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/wire"
)

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "6") // they wait for media most of the time; what the command line says counts more
	goleak.VerifyTestMain(m)
}

// hub is an SFU with its clients: it carries the events to them as signaling would.
type hub struct {
	t   testing.TB
	sfu *SFU

	mu       sync.Mutex
	clients  map[wire.Peer]*client
	speakers []string
	codecs   []string // of CodecChanged
	faults   []string // of MediaFault

	redundant, repairsAudio bool // clients take redundant audio; they resend and ask for audio
	describes               bool // they know the dependency descriptor

	states      []toldState
	encodings   []wire.Encodings
	limitations []string
	silences    []string

	connectionsLost []string // of ConnectionLost
}

func newHub(t testing.TB, change ...func(*Options)) *hub {
	t.Helper()
	h := &hub{t: t, clients: map[wire.Peer]*client{}}
	opts := Options{UDPAddr: "127.0.0.1:0", TCPAddr: "127.0.0.1:0", Events: h}
	for _, f := range change {
		f(&opts)
	}
	s, err := New(opts)
	require.NoError(t, err)
	h.sfu = s
	t.Cleanup(func() {
		h.mu.Lock()
		clients := h.clients
		h.clients = map[wire.Peer]*client{}
		h.mu.Unlock()
		for _, c := range clients {
			c.close()
		}
		require.NoError(t, s.Close())
	})
	return h
}

func (h *hub) CodecChanged(_ wire.Peer, stream wire.Stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.codecs = append(h.codecs, stream.Codec)
}

func (h *hub) StreamState(peer wire.Peer, state wire.StreamState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.states = append(h.states, toldState{peer, state})
}

func (h *hub) Encodings(_ wire.Peer, encodings wire.Encodings) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.encodings = append(h.encodings, encodings)
}

// toldState is a call of StreamState.
type toldState struct {
	peer  wire.Peer
	state wire.StreamState
}

func (h *hub) QualityLimitation(peer wire.Peer, l wire.QualityLimitation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.limitations = append(h.limitations, fmt.Sprint(peer.ParticipantID, " ", l.Type, " ", l.State))
}

// limited returns what QualityLimitation was called with.
func (h *hub) limited() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.limitations)
}

func (h *hub) CodecNotReceived(peer wire.Peer, s wire.UnreceivedStream) {
	h.MediaFault(peer, fault.UnsupportedEnvironmentCodecNotReceived(
		s.ParticipantID, string(s.Kind), s.StreamID, s.Codec, s.Taken, "", peer.ParticipantID, ""))
}

func (h *hub) MediaSilent(peer wire.Peer, silent bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.silences = append(h.silences, fmt.Sprint(peer.ParticipantID, " ", silent))
}

func (h *hub) MediaFault(peer wire.Peer, f *fault.Error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = append(h.faults, peer.ParticipantID+": "+f.Reason+": "+f.Detail)
}

// told returns the faults that have been reported.
func (h *hub) told() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.faults)
}

func (h *hub) SubscribeOffer(peer wire.Peer, offer wire.SubscribeOffer) {
	if c := h.client(peer); c != nil {
		c.offers <- offer
	}
}

func (h *hub) SpeakerChanged(_, participantID string) {
	h.mu.Lock()
	h.speakers = append(h.speakers, participantID)
	h.mu.Unlock()
}

func (h *hub) SubscribeLost(peer wire.Peer) {
	if c := h.client(peer); c != nil {
		c.lost <- struct{}{}
	}
}

func (h *hub) ConnectionLost(peer wire.Peer, f *fault.Error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	told := peer.ParticipantID + ": closed"
	if f != nil {
		told = peer.ParticipantID + ": " + f.Reason + ": " + f.Detail
	}
	h.connectionsLost = append(h.connectionsLost, told)
}

func (h *hub) client(peer wire.Peer) *client {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.clients[peer]
}

// client is a real pion client with up to two connections.
type client struct {
	t    testing.TB
	hub  *hub
	peer wire.Peer
	api  *webrtc.API

	offers chan wire.SubscribeOffer
	lost   chan struct{}
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	// answers ends before a connection is closed: pion leaves the ICE agent of one that is closed while it answers.
	answers sync.WaitGroup

	up        *webrtc.PeerConnection
	published wire.PublishParams
	tracks    map[wire.Kind]*webrtc.TrackLocalStaticRTP
	plis      map[wire.Kind]*atomic.Int32

	mu       sync.Mutex
	down     *webrtc.PeerConnection
	received map[wire.StreamRef]*received
	last     wire.SubscribeOffer
	seen     int
	reports  atomic.Int32
	noAnswer bool
	answered int64 // the OfferID of the last answer that the server has

	editOffer, editAnswer func(string) string // nil: as pion made it

	onOffer func(pc *webrtc.PeerConnection, sdp string) error // nil: nothing is done before the answer

	discard   bool // count packets, keep none
	discarded atomic.Int64
}

// received is what arrived of a stream.
type received struct {
	mu      sync.Mutex
	packets []rtp.Packet
}

func (r *received) all() []rtp.Packet {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]rtp.Packet(nil), r.packets...)
}

func (r *received) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.packets)
}

type clientOption func(*webrtc.SettingEngine)

func tcpOnly(s *webrtc.SettingEngine) {
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
	s.DisableActiveTCP(false)
}

func (h *hub) join(session, participant string, options ...clientOption) *client {
	h.t.Helper()
	return h.joinAs(wire.Peer{SessionID: session, ParticipantID: participant}, options...)
}

func (h *hub) joinAs(peer wire.Peer, options ...clientOption) *client {
	h.t.Helper()
	m := &webrtc.MediaEngine{}
	require.NoError(h.t, m.RegisterDefaultCodecs())
	if h.redundant {
		for _, p := range audioCodecs(true) {
			if isRED(p) {
				require.NoError(h.t, m.RegisterCodec(p, webrtc.RTPCodecTypeAudio))
			}
		}
	}
	if h.describes {
		require.NoError(h.t, m.RegisterHeaderExtension(
			webrtc.RTPHeaderExtensionCapability{URI: payload.DescriptorURI}, webrtc.RTPCodecTypeVideo))
	}
	if h.repairsAudio {
		m.RegisterFeedback(webrtc.RTCPFeedback{Type: "nack"}, webrtc.RTPCodecTypeAudio)
	}
	require.NoError(h.t, m.RegisterHeaderExtension(
		webrtc.RTPHeaderExtensionCapability{URI: "urn:ietf:params:rtp-hdrext:ssrc-audio-level"}, webrtc.RTPCodecTypeAudio))
	ir := &interceptor.Registry{}
	require.NoError(h.t, webrtc.RegisterDefaultInterceptors(m, ir))
	var set webrtc.SettingEngine
	set.LoggerFactory = quiet{}
	set.SetIncludeLoopbackCandidate(true)
	set.SetIPFilter(net.IP.IsLoopback)
	set.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	set.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	set.SetDTLSInsecureSkipHelloVerify(true)
	for _, o := range options {
		o(&set)
	}
	c := &client{
		t: h.t, hub: h, peer: peer,
		api:    webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(ir), webrtc.WithSettingEngine(set)),
		offers: make(chan wire.SubscribeOffer, 64), lost: make(chan struct{}, 16),
		tracks: map[wire.Kind]*webrtc.TrackLocalStaticRTP{}, plis: map[wire.Kind]*atomic.Int32{},
		received: map[wire.StreamRef]*received{},
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	h.mu.Lock()
	h.clients[c.peer] = c
	h.mu.Unlock()
	require.NoError(h.t, h.sfu.Attach(c.ctx, c.peer))
	c.answers.Go(c.answering)
	return c
}

func (c *client) leave() {
	c.hub.mu.Lock()
	delete(c.hub.clients, c.peer)
	c.hub.mu.Unlock()
	c.hub.sfu.Detach(c.peer)
	c.close()
}

func (c *client) close() {
	c.cancel()
	c.answers.Wait()
	if c.up != nil {
		_ = c.up.GracefulClose()
	}
	c.mu.Lock()
	down := c.down
	c.mu.Unlock()
	if down != nil {
		_ = down.GracefulClose()
	}
	c.wg.Wait()
}

// publish offers tracks of the kinds and codecs given.
func (c *client) publish(mimes map[wire.Kind]string, disabled ...wire.Kind) wire.PublishResult {
	c.t.Helper()
	var err error
	c.up, err = c.api.NewPeerConnection(webrtc.Configuration{})
	require.NoError(c.t, err)
	transceivers := map[wire.Kind]*webrtc.RTPTransceiver{}
	for _, kind := range wire.Kinds {
		mime, ok := mimes[kind]
		if !ok {
			continue
		}
		capability := webrtc.RTPCodecCapability{MimeType: mime, ClockRate: 90000}
		switch mime {
		case webrtc.MimeTypeOpus:
			capability.ClockRate, capability.Channels = 48000, 2
		case webrtc.MimeTypeVP9:
			capability.SDPFmtpLine = "profile-id=0"
		case webrtc.MimeTypeH264:
			capability.SDPFmtpLine = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
		}
		track, err := webrtc.NewTrackLocalStaticRTP(capability, string(kind), "s")
		require.NoError(c.t, err)
		t, err := c.up.AddTransceiverFromTrack(
			track,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly},
		)
		require.NoError(c.t, err)
		if capability.MimeType != webrtc.MimeTypeOpus { // as a browser does that prefers it
			var first, rest []webrtc.RTPCodecParameters
			for _, p := range t.Sender().GetParameters().Codecs {
				if p.MimeType == mime && (capability.SDPFmtpLine == "" || p.SDPFmtpLine == capability.SDPFmtpLine) {
					first = append(first, p)
				} else {
					rest = append(rest, p)
				}
			}
			require.NoError(c.t, t.SetCodecPreferences(append(first, rest...)))
		}
		plis := &atomic.Int32{}
		transceivers[kind] = t
		c.sends(kind, track, plis)
		c.wg.Go(func() { c.readRTCP(t.Sender(), plis) })
	}
	var streams []wire.PublishedStream
	for kind, t := range transceivers {
		streams = append(streams, wire.PublishedStream{Kind: kind, Enabled: !slices.Contains(disabled, kind), MID: t.Mid()})
	}
	return c.offer(func() []wire.PublishedStream {
		for i := range streams {
			streams[i].MID = transceivers[streams[i].Kind].Mid()
		}
		return streams
	})
}

func (c *client) sends(kind wire.Kind, track *webrtc.TrackLocalStaticRTP, plis *atomic.Int32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tracks[kind], c.plis[kind] = track, plis
}

// sending returns the track of a kind and how many key frames have been asked for.
func (c *client) sending(kind wire.Kind) (*webrtc.TrackLocalStaticRTP, *atomic.Int32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tracks[kind], c.plis[kind]
}

// offer negotiates the publish connection; streams is asked when the mids are known.
func (c *client) offer(streams func() []wire.PublishedStream) wire.PublishResult {
	c.t.Helper()
	offer, err := c.up.CreateOffer(nil)
	require.NoError(c.t, err)
	require.NoError(c.t, c.up.SetLocalDescription(offer))
	<-webrtc.GatheringCompletePromise(c.up)
	c.published = wire.PublishParams{SDP: c.up.LocalDescription().SDP, Streams: streams()}
	if c.editOffer != nil {
		c.published.SDP = c.editOffer(c.published.SDP)
	}
	result, err := c.hub.sfu.Publish(c.ctx, c.peer, c.published)
	require.NoError(c.t, err)
	require.NoError(c.t, c.up.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: result.SDP}))
	return result
}

// addShare adds a screen share to what is published.
func (c *client) addShare() {
	c.t.Helper()
	track, err := webrtc.NewTrackLocalStaticRTP(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000},
		"share",
		"s",
	)
	require.NoError(c.t, err)
	t, err := c.up.AddTransceiverFromTrack(
		track,
		webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly},
	)
	require.NoError(c.t, err)
	plis := &atomic.Int32{}
	c.sends(wire.Share, track, plis)
	c.wg.Go(func() { c.readRTCP(t.Sender(), plis) })
	before := c.published.Streams
	c.offer(func() []wire.PublishedStream {
		return append(slices.Clone(before), wire.PublishedStream{MID: t.Mid(), Kind: wire.Share, Enabled: true})
	})
}

// dropShare leaves the share out of what is published; its section stays.
func (c *client) dropShare() {
	c.t.Helper()
	rest := slices.DeleteFunc(
		slices.Clone(c.published.Streams),
		func(s wire.PublishedStream) bool { return s.Kind == wire.Share },
	)
	c.offer(func() []wire.PublishedStream { return rest })
}

func (c *client) readRTCP(s *webrtc.RTPSender, plis *atomic.Int32) {
	for {
		packets, _, err := s.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range packets {
			if _, ok := p.(*rtcp.PictureLossIndication); ok {
				plis.Add(1)
			}
		}
	}
}

func (c *client) subscribe(streams ...wire.StreamRef) { c.hub.sfu.Subscribe(c.peer, streams) }

// answering answers offers as a client's SDK does.
func (c *client) answering() {
	for {
		select {
		case <-c.ctx.Done():
			return
		case offer := <-c.offers:
			c.mu.Lock()
			c.last = offer
			c.seen++
			silent := c.noAnswer
			c.mu.Unlock()
			if !silent {
				if err := c.answer(offer); err != nil && c.ctx.Err() == nil {
					c.t.Errorf("%s answers offer %d: %v", c.peer.ParticipantID, offer.OfferID, err)
				}
				c.mu.Lock()
				c.answered = offer.OfferID
				c.mu.Unlock()
			}
		}
	}
}

func (c *client) answer(offer wire.SubscribeOffer) error {
	c.mu.Lock()
	pc := c.down
	c.mu.Unlock()
	if pc == nil {
		var err error
		if pc, err = c.api.NewPeerConnection(webrtc.Configuration{}); err != nil {
			return err
		}
		pc.OnTrack(func(track *webrtc.TrackRemote, r *webrtc.RTPReceiver) { c.wg.Go(func() { c.read(pc, track, r) }) })
		c.mu.Lock()
		c.down = pc
		c.mu.Unlock()
	}
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.SDP}); err != nil {
		return err
	}
	if c.onOffer != nil {
		if err := c.onOffer(pc, offer.SDP); err != nil {
			return err
		}
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return err
	}
	if err := pc.SetLocalDescription(answer); err != nil {
		return err
	}
	if c.editAnswer != nil {
		answer.SDP = c.editAnswer(answer.SDP)
	}
	return c.hub.sfu.Answer(c.ctx, c.peer, wire.AnswerParams{OfferID: offer.OfferID, SDP: answer.SDP})
}

// read keeps the packets of a track under the stream that its mid stands for.
func (c *client) read(pc *webrtc.PeerConnection, track *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	mid := r.RTPTransceiver().Mid()
	c.mu.Lock()
	var ref wire.StreamRef
	for _, s := range c.last.Streams {
		if s.MID == mid {
			ref = wire.StreamRef{ParticipantID: s.ParticipantID, Kind: s.Kind}
		}
	}
	into := c.received[ref]
	if into == nil {
		into = &received{}
		c.received[ref] = into
	}
	c.mu.Unlock()
	c.wg.Go(func() {
		for {
			packets, _, err := r.ReadRTCP()
			if err != nil {
				return
			}
			for _, p := range packets {
				if _, ok := p.(*rtcp.SenderReport); ok {
					c.reports.Add(1)
				}
			}
		}
	})
	for {
		p, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		if c.discard {
			c.discarded.Add(1)
			continue
		}
		into.mu.Lock()
		into.packets = append(into.packets, *p)
		into.mu.Unlock()
	}
}

func (c *client) got(participant string, kind wire.Kind) *received {
	c.mu.Lock()
	defer c.mu.Unlock()
	ref := wire.StreamRef{ParticipantID: participant, Kind: kind}
	if c.received[ref] == nil {
		c.received[ref] = &received{}
	}
	return c.received[ref]
}

// sender sends a stream of packets: for video a frame of two packets each time, a key frame first and whenever
// asked for.
type sender struct {
	c     *client
	kind  wire.Kind
	seqno uint16
	time  uint32
	keys  int32 // PLIs that have been answered
	sent  int
	level int // audio level extension, -1 for none
}

func (c *client) source(kind wire.Kind) *sender {
	return &sender{c: c, kind: kind, seqno: 1000, time: 5000, keys: -1, level: -1}
}

// stop ends the sending that run started.
func (s *sender) run(every time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(s.c.ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				s.send()
			}
		}
	})
	return func() { cancel(); wg.Wait() }
}

func (s *sender) send() {
	track, count := s.c.sending(s.kind)
	if mediaOf(s.kind) == "audio" {
		p := &rtp.Packet{
			Header:  rtp.Header{Version: 2, SequenceNumber: s.seqno, Timestamp: s.time},
			Payload: []byte(fmt.Sprintf("audio %d", s.sent)),
		}
		if s.level >= 0 {
			id := s.levelExt()
			_ = p.SetExtension(id, []byte{byte(s.level)})
		}
		_ = track.WriteRTP(p)
		s.seqno, s.time, s.sent = s.seqno+1, s.time+960, s.sent+1
		return
	}
	plis := count.Load()
	key := plis != s.keys
	s.keys = plis
	for i := range 2 {
		_ = track.WriteRTP(&rtp.Packet{
			Header:  rtp.Header{Version: 2, SequenceNumber: s.seqno, Timestamp: s.time, Marker: i == 1},
			Payload: videoPayload(track.Codec().MimeType, key, i == 0, s.sent),
		})
		s.seqno, s.sent = s.seqno+1, s.sent+1
	}
	s.time += 3000
}

func (s *sender) levelExt() uint8 {
	for _, t := range s.c.up.GetTransceivers() {
		if t.Sender() != nil && t.Sender().Track().ID() == string(s.kind) {
			for _, ext := range t.Sender().GetParameters().HeaderExtensions {
				if ext.URI == "urn:ietf:params:rtp-hdrext:ssrc-audio-level" {
					return uint8(ext.ID)
				}
			}
		}
	}
	return 0
}

// videoPayload looks like a packet of a frame of the codec; its tail says which packet it is.
func videoPayload(mime string, key, first bool, n int) []byte {
	tail := fmt.Sprintf("%d", n)
	inter := byte(1)
	if key {
		inter = 0
	}
	switch mime {
	case webrtc.MimeTypeVP8:
		if first {
			return append([]byte{0x10, inter, 0, 0}, tail...)
		}
		return append([]byte{0x00, 0xff, 0, 0}, tail...)
	case webrtc.MimeTypeVP9:
		b := byte(0x00)
		if first {
			b |= 0x08
		}
		if !key {
			b |= 0x40
		}
		return append([]byte{b, 0xff}, tail...)
	case webrtc.MimeTypeAV1:
		if first && key {
			return append([]byte{0x18, 0x0a}, tail...)
		}
		return append([]byte{0x10, 0x32}, tail...)
	case webrtc.MimeTypeH264:
		if first && key {
			return append([]byte{0x67, 0, 0, 0}, tail...)
		}
		return append([]byte{0x41, 0, 0, 0}, tail...)
	}
	panic("codec")
}

// offersSeen counts offers.
func (c *client) offersSeen() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen
}

// offered returns the streams of the last offer.
func (c *client) offered() []wire.StreamRef {
	var refs []wire.StreamRef
	for _, s := range c.lastOffer().Streams {
		refs = append(refs, wire.StreamRef{ParticipantID: s.ParticipantID, Kind: s.Kind})
	}
	return refs
}

// settled reports whether the server has the answer to its last offer.
func (c *client) settled() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answered == c.last.OfferID
}

func (c *client) lastOffer() wire.SubscribeOffer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

func (c *client) downConn() *webrtc.PeerConnection {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.down
}

// dropDown forgets the receiving connection: the next offer gets a new one.
func (c *client) dropDown() *webrtc.PeerConnection {
	c.mu.Lock()
	defer c.mu.Unlock()
	down := c.down
	c.down = nil
	return down
}

func (h *hub) lastSpeaker() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.speakers) == 0 {
		return ""
	}
	return h.speakers[len(h.speakers)-1]
}

func listenLossy(t testing.TB) *lossyConn {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return &lossyConn{UDPConn: conn.(*net.UDPConn)}
}

// rawTrack sends packets as a test writes them, with any SSRC and payload type.
type rawTrack struct {
	kind  webrtc.RTPCodecType
	bound atomic.Pointer[rawBinding]
}

type rawBinding struct {
	webrtc.TrackLocalWriter
	ssrc  uint32
	types map[string]uint8 // payload types by the name of the codec

	midExt, descriptor uint8 // ids of extensions, 0: not agreed on
}

func (r *rawTrack) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	b := &rawBinding{TrackLocalWriter: ctx.WriteStream(), ssrc: uint32(ctx.SSRC()), types: map[string]uint8{}}
	for _, ext := range ctx.HeaderExtensions() {
		switch ext.URI {
		case payload.DescriptorURI:
			b.descriptor = uint8(ext.ID)
		case sdp.SDESMidURI:
			b.midExt = uint8(ext.ID)
		}
	}
	for _, p := range ctx.CodecParameters() {
		if _, have := b.types[codecOf(p).name()]; !have {
			b.types[codecOf(p).name()] = uint8(p.PayloadType)
		}
	}
	r.bound.Store(b)
	first := slices.IndexFunc(ctx.CodecParameters(), isMedia) // the one that has feedback
	return ctx.CodecParameters()[first], nil
}

func (r *rawTrack) Unbind(webrtc.TrackLocalContext) error { return nil }
func (r *rawTrack) ID() string                            { return "raw-" + r.kind.String() }
func (r *rawTrack) RID() string                           { return "" }
func (r *rawTrack) StreamID() string                      { return "raw" }
func (r *rawTrack) Kind() webrtc.RTPCodecType             { return r.kind }

// publishRaw offers one video as publishRawOf does.
func (c *client) publishRaw() *rawBinding {
	c.t.Helper()
	return c.publishRawOf(wire.Video)
}

// publishRawOf offers one stream, with all codecs, and returns what sends it once the connection is up. PLIs are
// counted under its kind.
func (c *client) publishRawOf(kind wire.Kind) *rawBinding {
	c.t.Helper()
	track := &rawTrack{kind: webrtc.NewRTPCodecType(mediaOf(kind))}
	var err error
	c.up, err = c.api.NewPeerConnection(webrtc.Configuration{})
	require.NoError(c.t, err)
	t, err := c.up.AddTransceiverFromTrack(
		track,
		webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly},
	)
	require.NoError(c.t, err)
	plis := &atomic.Int32{}
	c.sends(kind, nil, plis)
	c.wg.Go(func() { c.readRTCP(t.Sender(), plis) })
	c.offer(func() []wire.PublishedStream {
		return []wire.PublishedStream{{MID: t.Mid(), Kind: kind, Enabled: true}}
	})
	eventually(c.t, "a path", func() bool {
		return track.bound.Load() != nil && c.up.ConnectionState() == webrtc.PeerConnectionStateConnected
	})
	return track.bound.Load()
}

// packet sends one packet.
func (b *rawBinding) packet(payloadType uint8, ssrc uint32, seqno uint16, rtpTime uint32, payload []byte) {
	_, _ = b.WriteRTP(&rtp.Header{ // an error means that the connection is being closed
		Version: 2, PayloadType: payloadType, SSRC: ssrc, SequenceNumber: seqno, Timestamp: rtpTime,
	}, payload)
}
