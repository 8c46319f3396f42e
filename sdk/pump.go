package sdk

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// maxPayload keeps packets with their extensions and SRTP tag within 1280 bytes, IPv6's smallest MTU.
const maxPayload = 1150

// rtpWriter turns frames into RTP packets. It lives as long as its media section has one codec, so that
// sequence numbers and times go on when the stream is switched off and on.
type rtpWriter struct {
	track      *webrtc.TrackLocalStaticRTP
	clock      uint32
	packetizer rtp.Packetizer
	sent       sentEncoding
	off        atomic.Bool // nobody takes it, or the server did not take the encoding

	mu      sync.Mutex // guards everything below
	levelID uint8      // of the audio level extension; 0: not negotiated
	lastAt  time.Time  // when the last frame ended
	// sourceAt is the time of the last frame on the clock of a source that keeps the time; nil without one
	sourceAt *time.Duration
	marks    []mark // header extensions that each packet carries
}

// mark is a header extension with a fixed value.
type mark struct {
	id    uint8
	value []byte
}

// newRTPWriters makes the writers of a stream: one for each rid, or one without. They share their RTP time, so that a
// receiver can be switched from one size to another.
func newRTPWriters(kind Kind, f format, rids []string) ([]*rtpWriter, error) {
	if len(rids) == 0 {
		rids = []string{""}
	}
	writers := make([]*rtpWriter, len(rids))
	start := rand.Uint32()
	for i, rid := range rids {
		track, err := webrtc.NewTrackLocalStaticRTP(f.parameters()[0].RTPCodecCapability, string(kind), "klatch",
			webrtc.WithRTPStreamID(rid))
		if err != nil {
			return nil, err
		}
		writers[i] = &rtpWriter{track: track, clock: f.clock,
			packetizer: rtp.NewPacketizerWithOptions(maxPayload, f.payloader(), rtp.NewRandomSequencer(), f.clock,
				rtp.WithTimestamp(start))}
	}
	return writers, nil
}

func (o *rtpWriter) negotiated(mid string, p webrtc.RTPSendParameters) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.marks = nil
	for _, extension := range p.HeaderExtensions {
		id := uint8(extension.ID) // one-byte header: 1 to 14
		switch extension.URI {
		case audioLevelURI:
			o.levelID = id
		case sdp.SDESMidURI:
			if o.track.RID() != "" {
				o.marks = append(o.marks, mark{id, []byte(mid)})
			}
		case sdp.SDESRTPStreamIDURI:
			if o.track.RID() != "" {
				o.marks = append(o.marks, mark{id, []byte(o.track.RID())})
			}
		}
	}
}

// send writes a frame. Errors of the connection are not the source's: what cannot be sent is lost, as on any network.
// It returns the number of packets.
func (o *rtpWriter) send(frame Frame) int {
	if frame.Packets != nil {
		for _, packet := range frame.Packets {
			o.sent.add(packet)
			_ = o.track.WriteRTP(packet)
		}
		return len(frame.Packets)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	length := o.advanceLocked(frame, time.Now())
	if o.off.Load() || len(frame.Data) == 0 {
		o.packetizer.SkipSamples(length)
		return 0
	}
	packets := o.packetizer.Packetize(frame.Data, length)
	for _, packet := range packets {
		for _, m := range o.marks {
			_ = packet.SetExtension(m.id, m.value) // ids and values of this length were negotiated
		}
		if o.levelID != 0 {
			o.setLevel(packet, frame.Level)
		}
		o.sent.add(packet)
		_ = o.track.WriteRTP(packet)
	}
	return len(packets)
}

// advanceLocked moves the RTP time to that of a frame. It returns how far the frame moves it.
func (o *rtpWriter) advanceLocked(frame Frame, now time.Time) (length uint32) {
	if frame.At != nil && o.sourceAt != nil {
		o.packetizer.SkipSamples(ticks(*frame.At, o.clock) - ticks(*o.sourceAt, o.clock)) // wraps as RTP times do
	} else if gap := now.Sub(o.lastAt); !o.lastAt.IsZero() && gap > time.Second {
		o.packetizer.SkipSamples(ticks(gap, o.clock)) // time went on while the stream was off
	}
	o.sourceAt = frame.At
	if frame.At != nil {
		frame.Duration = 0
	}
	o.lastAt = now.Add(frame.Duration)
	return ticks(frame.Duration, o.clock)
}

// loud is where we take sound for voice: -60 dBov is a quiet room.
const loud AudioLevel = 60

// setLevel adds the audio level: a voice bit and 7 bits of -dBov (RFC 6464, section 3).
func (o *rtpWriter) setLevel(packet *rtp.Packet, level AudioLevel) {
	extension := rtp.AudioLevelExtension{Level: uint8(min(level, Silence)), Voice: level < loud}
	if raw, err := extension.Marshal(); err == nil {
		_ = packet.SetExtension(o.levelID, raw)
	}
}

func ticks(d time.Duration, clock uint32) uint32 {
	return uint32(int64(d) * int64(clock) / int64(time.Second)) // wraps as RTP times do
}

// sendTo writes a frame to the writers of its stream. It returns the number of packets, and whether the frame holds a
// picture or sound: nobody may take it.
func sendTo(writers []*rtpWriter, frame Frame) (packets int, some bool) {
	if frame.Layers == nil {
		n := writers[len(writers)-1].send(frame)
		return n, n > 0 || len(frame.Data) > 0
	}
	// The largest sizes go out, where there are more than the stream has encodings.
	layers := frame.Layers[max(0, len(frame.Layers)-len(writers)):]
	for i, data := range layers {
		one := frame
		one.Layers, one.Data = nil, data
		packets += writers[len(writers)-len(layers)+i].send(one)
	}
	return packets, len(layers) > 0
}

// pump reads a source and sends its frames in their time, until stop or the source's end.
type pump struct {
	reader Reader
	out    atomic.Pointer[[]*rtpWriter] // others after a new join
	quit   chan struct{}
	done   chan struct{}
	sent   atomic.Int64 // packets
}

// silentFor is how long a source may deliver nothing before that is told.
const silentFor = 8 * time.Second

// pumpHooks are called by the goroutine of a pump, or of its timer.
type pumpHooks struct {
	ended  func(error)         // the source ended
	silent func(packets int64) // it has delivered nothing for silentFor
	flows  func()              // after silent: it delivers again
	judge  func(Frame)         // each frame that is sent; nil: nobody looks at them
	up     <-chan struct{}     // closed when the connection was there for the first time; nil: nobody waits for it
}

const (
	// connectFor is how long a pump waits for the connection before it reads its source. One that takes longer has its own
	// faults.
	connectFor = 5 * time.Second
	// settleFor is what pion takes from the state connected until packets are sent.
	settleFor = 20 * time.Millisecond
)

// awaitConnection returns when packets are sent: what is sent before is lost. The first frame is a key frame, and some
// sources have no other one soon. False: the pump is to stop.
func (p *pump) awaitConnection(up <-chan struct{}) bool {
	if up == nil {
		return true
	}
	timer := time.NewTimer(connectFor)
	defer timer.Stop()
	select {
	case <-up:
	case <-timer.C:
		return true
	case <-p.quit:
		return false
	}
	timer.Reset(settleFor)
	select {
	case <-timer.C:
		return true
	case <-p.quit:
		return false
	}
}

// startPump starts a pump. A picture may stand still after it was sent once; a sound may not.
func startPump(reader Reader, out []*rtpWriter, sound bool, hooks pumpHooks) *pump {
	p := &pump{reader: reader, quit: make(chan struct{}), done: make(chan struct{})}
	p.out.Store(&out)
	go p.run(sound, hooks)
	return p
}

func (p *pump) run(sound bool, hooks pumpHooks) {
	defer close(p.done)
	var silent atomic.Bool
	watchdog := time.AfterFunc(silentFor, func() {
		silent.Store(true)
		hooks.silent(p.sent.Load())
	})
	defer watchdog.Stop()
	timer := time.NewTimer(0)
	defer timer.Stop()
	if !p.awaitConnection(hooks.up) {
		return
	}
	due := time.Now()
	for {
		frame, err := p.reader.Read()
		if err != nil {
			select {
			case <-p.quit:
			default:
				hooks.ended(err)
			}
			return
		}
		timer.Reset(time.Until(due))
		select {
		case <-p.quit:
			return
		case <-timer.C:
		}
		if hooks.judge != nil {
			hooks.judge(frame)
		}
		if n, some := sendTo(*p.out.Load(), frame); some {
			p.sent.Add(int64(n))
			watchdog.Stop()
			if silent.CompareAndSwap(true, false) {
				hooks.flows()
			}
			if sound {
				watchdog.Reset(silentFor)
			}
		}
		if frame.At == nil {
			due = due.Add(frame.Duration)
		}
		if late := time.Since(due); late > time.Second {
			due = time.Now() // the machine slept; do not send the past in one burst
		}
	}
}

// stop ends the pump and waits for it.
func (p *pump) stop() {
	close(p.quit)
	_ = p.reader.Close()
	<-p.done
}
