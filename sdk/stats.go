package sdk

import (
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
)

// StreamStats is what the transport says about one stream, or about one size of an own one. Fields have their published
// names in JSON; what is not known is absent.
type StreamStats struct {
	Kind         Kind   `json:"kind"`
	Bitrate      int64  `json:"bitrate"` // kbit/s since the last call for this stream; 0 at the first
	RTT          *int64 `json:"rtt,omitempty"`
	Network      string `json:"network,omitempty"`
	Codec        string `json:"codec"`
	Jitter       *int64 `json:"jitter,omitempty"` // ms
	Limitation   string `json:"limitation"`       // of an own picture; this SDK encodes nothing: none
	TotalPackets int64  `json:"totalPackets"`
	PacketsLost  int64  `json:"packetsLost"`
	Size         *Size  `json:"size,omitempty"`

	CurrentSpatialLayer    *int `json:"currentSpatialLayer,omitempty"` // 0 is the smallest size
	PreferredSpatialLayer  *int `json:"preferredSpatialLayer,omitempty"`
	CurrentTemporalLayer   *int `json:"currentTemporalLayer,omitempty"`
	PreferredTemporalLayer *int `json:"preferredTemporalLayer,omitempty"`

	RID string `json:"rid,omitempty"` // of an own picture in several sizes
}

// Size of a picture that is received, as the server knows it, with the pictures that came in the last second.
type Size struct {
	Width     int     `json:"width"`
	Height    int     `json:"height"`
	Framerate float64 `json:"framerate"`
}

// TransportStats is what is known of the connection that carries the streams: the sending one of oneself, the receiving
// one of others.
type TransportStats struct {
	Bitrate      int64  `json:"bitrate"` // kbit/s both ways since the last call; 0 at the first
	RTT          *int64 `json:"rtt,omitempty"`
	Network      string `json:"network,omitempty"`
	Protocol     string `json:"protocol,omitempty"` // udp or tcp
	TotalPackets int64  `json:"totalPackets"`
	PacketsLost  int64  `json:"packetsLost"`
}

// GetVideoStats returns the statistics of the camera; none while it is not sent or received. An own one has an entry
// for each size, largest first.
func (p *Participant) GetVideoStats() []StreamStats { return p.stats(Video) }

// GetAudioStats returns those of the microphone.
func (p *Participant) GetAudioStats() []StreamStats { return p.stats(Audio) }

// GetShareStats returns those of the shared screen.
func (p *Participant) GetShareStats() []StreamStats { return p.stats(Share) }

// GetShareAudioStats returns those of the sound of the shared screen.
func (p *Participant) GetShareAudioStats() []StreamStats { return p.stats(ShareAudio) }

// GetTransportStats returns the statistics of the connection; nil while there is none with a path.
func (p *Participant) GetTransportStats() *TransportStats {
	pc := p.connection()
	pair, local := selectedPair(pc)
	if pair == nil {
		return nil
	}
	stats := &TransportStats{RTT: rttOf(pair), Network: local.NetworkType, Protocol: local.Protocol}
	for _, kind := range kinds {
		for _, s := range p.meeting.streamsOf(p.local, kind) {
			stats.TotalPackets += s.TotalPackets
			stats.PacketsLost += s.PacketsLost
		}
	}
	p.meeting.mu.Lock()
	defer p.meeting.mu.Unlock()
	stats.Bitrate = p.transport.rate(pair.BytesSent+pair.BytesReceived, time.Now())
	return stats
}

// streamsOf returns the statistics of all own or all received streams of a kind.
func (m *Meeting) streamsOf(own bool, kind Kind) []StreamStats {
	if own {
		return m.pub.stats(kind, nil)
	}
	var all []StreamStats
	for _, p := range m.Participants() {
		if s := p.Stream(kind); s != nil {
			s.mu.Lock()
			all = append(all, s.arrived.stats(false))
			s.mu.Unlock()
		}
	}
	return all
}

func (p *Participant) connection() *webrtc.PeerConnection {
	p.meeting.mu.Lock()
	pub, sub := p.meeting.pub, p.meeting.sub
	p.meeting.mu.Unlock()
	if p.local {
		pub.mu.Lock()
		defer pub.mu.Unlock()
		return pub.pc
	}
	sub.mu.Lock()
	defer sub.mu.Unlock()
	return sub.pc
}

func (p *Participant) stats(kind Kind) []StreamStats {
	s := p.Stream(kind)
	if s == nil {
		return nil
	}
	pair, local := selectedPair(p.connection())
	var all []StreamStats
	if p.local {
		all = p.meeting.pub.stats(kind, p.samples(kind))
	} else {
		s.mu.Lock()
		one := s.arrived.stats(true)
		if w, h := s.forwarded.Width, s.forwarded.Height; w > 0 && h > 0 {
			one.Size = &Size{w, h, s.arrived.framerate()}
		}
		one.CurrentSpatialLayer = layerOf(Quality(s.forwarded.Quality))
		s.mu.Unlock()
		one.PreferredSpatialLayer = layerOf(p.meeting.preferences.qualityOf(p.ID(), kind))
		all = []StreamStats{one}
	}
	for i := range all {
		all[i].Kind, all[i].Codec, all[i].Limitation = kind, s.codec, "none"
		if pair != nil {
			all[i].RTT, all[i].Network = rttOf(pair), local.NetworkType
		}
	}
	return all
}

// layerOf returns the rank of a quality; nil for none.
func layerOf(quality Quality) *int {
	for i, q := range qualities {
		if q == quality {
			return &i
		}
	}
	return nil
}

// selectedPair returns the pair of candidates in use, and its local one; nil for none.
func selectedPair(pc *webrtc.PeerConnection) (*webrtc.ICECandidatePairStats, webrtc.ICECandidateStats) {
	if pc == nil {
		return nil, webrtc.ICECandidateStats{}
	}
	report := pc.GetStats()
	for _, one := range report {
		pair, ok := one.(webrtc.ICECandidatePairStats)
		if !ok || !pair.Nominated {
			continue
		}
		local, _ := report[pair.LocalCandidateID].(webrtc.ICECandidateStats)
		return &pair, local
	}
	return nil, webrtc.ICECandidateStats{}
}

func rttOf(pair *webrtc.ICECandidatePairStats) *int64 {
	ms := int64(pair.CurrentRoundTripTime * 1000)
	return &ms
}

// sample is the count of bytes at the last call.
type sample struct {
	at    time.Time
	bytes uint64
}

// rate returns kbit/s since the last call.
func (s *sample) rate(bytes uint64, now time.Time) int64 {
	before := *s
	*s = sample{now, bytes}
	if passed := now.Sub(before.at).Milliseconds(); !before.at.IsZero() && passed > 0 && bytes >= before.bytes {
		return int64(bytes-before.bytes) * 8 / passed
	}
	return 0
}

// arrivedStream counts the packets of a received stream (RFC 3550, appendix A). The mutex of the stream guards it.
type arrivedStream struct {
	packets, bytes uint64
	first, highest uint32 // extended sequence numbers
	transit        int64  // in units of the clock
	jitter         float64
	clock          int64
	lastAt         time.Time
	frames         [2]int // of the last full second and of the present one
	second         int64
	sample         sample
}

func (a *arrivedStream) add(packet *rtp.Packet, now time.Time) {
	seq := uint32(packet.SequenceNumber)
	if a.packets == 0 {
		a.first, a.highest = seq, seq
	} else if ahead := int16(packet.SequenceNumber - uint16(a.highest)); ahead > 0 {
		a.highest += uint32(ahead)
	}
	a.packets++
	a.bytes += uint64(len(packet.Payload))
	a.lastAt = now
	if a.clock > 0 {
		transit := now.UnixMicro()*a.clock/1_000_000 - int64(packet.Timestamp)
		if d := int32(transit - a.transit); a.packets > 1 {
			a.jitter += (float64(max(d, -d)) - a.jitter) / 16
		}
		a.transit = transit
	}
	if second := now.Unix(); second != a.second {
		a.frames = [2]int{a.frames[1], 0}
		if second > a.second+1 {
			a.frames[0] = 0
		}
		a.second = second
	}
	if packet.Marker {
		a.frames[1]++
	}
}

func (a *arrivedStream) framerate() float64 { return float64(a.frames[0]) }

// stats returns the counts; with the rate since the last call, where that is asked for.
func (a *arrivedStream) stats(rate bool) StreamStats {
	s := StreamStats{TotalPackets: int64(a.packets)}
	if a.packets > 0 {
		s.PacketsLost = max(0, int64(a.highest-a.first)+1-int64(a.packets))
		if a.clock > 0 {
			ms := int64(a.jitter * 1000 / float64(a.clock))
			s.Jitter = &ms
		}
	}
	if rate {
		s.Bitrate = a.sample.rate(a.bytes, time.Now())
	}
	return s
}

// sentEncoding counts what was sent of an encoding, and what the server has reported of it.
type sentEncoding struct {
	mu             sync.Mutex // guards everything below
	packets, bytes uint64
	lost           int64
	jitter         uint32 // in units of the clock
}

func (e *sentEncoding) add(packet *rtp.Packet) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.packets++
	e.bytes += uint64(len(packet.Payload))
}

func (e *sentEncoding) reported(r rtcp.ReceptionReport) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lost, e.jitter = int64(r.TotalLost), r.Jitter
}

// samples returns those of the sizes of an own stream, by rid.
func (p *Participant) samples(kind Kind) map[string]*sample {
	p.meeting.mu.Lock()
	defer p.meeting.mu.Unlock()
	if p.sent == nil {
		p.sent = map[Kind]map[string]*sample{}
	}
	if p.sent[kind] == nil {
		p.sent[kind] = map[string]*sample{}
	}
	return p.sent[kind]
}

// writers returns those of the sizes of an own stream, smallest first; none while it is not sent.
func (p *publisher) writers(kind Kind) []*rtpWriter {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.slots[kind]; s != nil && s.pump != nil {
		return s.out
	}
	return nil
}

// stats returns the counts of the sizes of an own stream, largest first; with rates where there are samples.
func (p *publisher) stats(kind Kind, samples map[string]*sample) []StreamStats {
	out := p.writers(kind)
	var all []StreamStats
	for i := len(out) - 1; i >= 0; i-- {
		one, rid := &out[i].sent, out[i].track.RID()
		one.mu.Lock()
		if one.packets > 0 || len(out) == 1 {
			ms := int64(one.jitter) * 1000 / int64(out[i].clock)
			s := StreamStats{TotalPackets: int64(one.packets), PacketsLost: one.lost, Jitter: &ms, RID: rid}
			if samples != nil {
				if samples[rid] == nil {
					samples[rid] = &sample{}
				}
				s.Bitrate = samples[rid].rate(one.bytes, time.Now())
			}
			if rid != "" {
				s.CurrentSpatialLayer = &i
			}
			all = append(all, s)
		}
		one.mu.Unlock()
	}
	return all
}

// How received pictures are watched.
const (
	lookAtPictures = 500 * time.Millisecond
	stillVideo     = 1500 * time.Millisecond
	stillShare     = 5 * time.Second // a screen that does not change is sent about once a second
)

// watchPictures reports how received pictures get on, until the participation ends.
func (m *Meeting) watchPictures() {
	states := map[*Stream]StreamState{}
	for pause(m.ctx, lookAtPictures) {
		seen := map[*Stream]StreamState{}
		for _, p := range m.Participants() {
			for _, kind := range []Kind{Video, Share} {
				if s := p.Stream(kind); s != nil {
					seen[s] = m.watchPicture(s, states[s])
				}
			}
		}
		states = seen
	}
}

func (m *Meeting) watchPicture(s *Stream, before StreamState) StreamState {
	limit := stillVideo
	if s.kind == Share {
		limit = stillShare
	}
	paused := s.Paused()
	now := time.Now()
	s.mu.Lock()
	if paused && !s.arrived.lastAt.IsZero() {
		s.arrived.lastAt = now // what is paused is not stuck
	}
	since := now.Sub(s.arrived.lastAt)
	came := s.arrived.packets > 0
	s.mu.Unlock()
	state := before
	switch {
	case !came:
	case before == "":
		state = StreamActive
	case since >= limit:
		state = StreamStuck
	case before == StreamStuck && !paused:
		state = StreamRecovered
	}
	if state != before {
		m.events.emit(StreamStateChanged{s, state, fault.InstantOf(now)})
	}
	return state
}
