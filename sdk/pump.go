package sdk

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// maxPayload keeps packets with their extensions and SRTP tag within 1280 bytes, IPv6's smallest MTU.
const maxPayload = 1150

// outlet turns frames into RTP packets. It lives as long as its media section has one codec, so that
// sequence numbers and times go on when the stream is switched off and on.
type outlet struct {
	track      *webrtc.TrackLocalStaticRTP
	clock      uint32
	packetizer rtp.Packetizer

	mu      sync.Mutex // guards everything below
	levelID uint8      // of the audio level extension; 0: not negotiated
	lastAt  time.Time  // when the last frame ended
}

func newOutlet(kind Kind, f format) (*outlet, error) {
	track, err := webrtc.NewTrackLocalStaticRTP(f.parameters()[0].RTPCodecCapability, string(kind), "klatch")
	if err != nil {
		return nil, err
	}
	return &outlet{track: track, clock: f.clock,
		packetizer: rtp.NewPacketizerWithOptions(maxPayload, f.payloader(), rtp.NewRandomSequencer(), f.clock)}, nil
}

func (o *outlet) negotiated(p webrtc.RTPSendParameters) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, extension := range p.HeaderExtensions {
		if extension.URI == audioLevelURI {
			o.levelID = uint8(extension.ID) // one-byte header: 1 to 14
		}
	}
}

// send writes a frame. Errors of the connection are not the source's: what cannot be sent is lost, as on any network.
// It returns the number of packets.
func (o *outlet) send(frame Frame) int {
	if frame.Packets != nil {
		for _, packet := range frame.Packets {
			_ = o.track.WriteRTP(packet)
		}
		return len(frame.Packets)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	if gap := now.Sub(o.lastAt); !o.lastAt.IsZero() && gap > time.Second {
		o.packetizer.SkipSamples(ticks(gap, o.clock)) // time went on while the stream was off
	}
	o.lastAt = now.Add(frame.Duration)
	packets := o.packetizer.Packetize(frame.Data, ticks(frame.Duration, o.clock))
	for _, packet := range packets {
		if o.levelID != 0 {
			o.setLevel(packet, frame.Level)
		}
		_ = o.track.WriteRTP(packet)
	}
	return len(packets)
}

// loud is where we take sound for voice: -60 dBov is a quiet room.
const loud AudioLevel = 60

// setLevel adds the audio level: a voice bit and 7 bits of -dBov (RFC 6464, section 3).
func (o *outlet) setLevel(packet *rtp.Packet, level AudioLevel) {
	extension := rtp.AudioLevelExtension{Level: uint8(min(level, Silence)), Voice: level < loud}
	if raw, err := extension.Marshal(); err == nil {
		_ = packet.SetExtension(o.levelID, raw)
	}
}

func ticks(d time.Duration, clock uint32) uint32 {
	return uint32(int64(d) * int64(clock) / int64(time.Second)) // wraps as RTP times do
}

// pump reads a source and sends its frames in their time, until stop or the source's end.
type pump struct {
	reader Reader
	out    atomic.Pointer[outlet] // another one after a new join
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
}

// startPump starts a pump. A picture may stand still after it was sent once; a sound may not.
func startPump(reader Reader, out *outlet, sound bool, hooks pumpHooks) *pump {
	p := &pump{reader: reader, quit: make(chan struct{}), done: make(chan struct{})}
	p.out.Store(out)
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
		if n := p.out.Load().send(frame); n > 0 {
			p.sent.Add(int64(n))
			watchdog.Stop()
			if silent.CompareAndSwap(true, false) {
				hooks.flows()
			}
			if sound {
				watchdog.Reset(silentFor)
			}
		}
		due = due.Add(frame.Duration)
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
