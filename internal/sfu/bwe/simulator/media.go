package simulator

import (
	"math/rand/v2"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
)

// Controller is a congestion controller of one flow. Times count from the start of the simulation.
type Controller interface {
	Sent(seq uint16, size int, at time.Duration, probe uint8)
	Feedback(fb *rtcp.TransportLayerCC, now time.Duration)
	Tick(now time.Duration)
	// Probe returns a probe that is to be sent now: so many bytes at that rate. id is 0 for none.
	Probe(now time.Duration) (id uint8, bps float64, bytes int)
	SetDemand(bps float64)
	Estimate() float64
}

// Media describes a flow: audio of 40 kbit/s, which is never held back, and video that follows the estimate.
type Media struct {
	Start, Stop time.Duration // Stop 0: the end of the simulation
	Pause       [2]time.Duration
	MinBps      float64 // of the video; 30 kbit/s when 0
	MaxBps      float64
	Layers      []float64 // in bit/s, low to high; none: the video takes any rate
	// Limit is what the application has to send, in bit/s over time; none: MaxBps.
	Limit []Step
	Delay time.Duration // added to that of the path, both ways
	Back  bool          // it flows on the way back
}

const (
	frameRate   = 30
	mtu         = 1200
	audioSize   = 100
	audioPeriod = 20 * time.Millisecond
	overhead    = 28 // IP and UDP, which the link carries and nobody counts

	pacingFactor = 1.5
	pacingBurst  = 5 * time.Millisecond
	maxBacklog   = 300 * time.Millisecond // a frame is left out when the pacer is further behind

	feedbackPeriod = 100 * time.Millisecond
	padding        = 255
)

// mediaFlow is Media at work.
type mediaFlow struct {
	media   Media
	id      int
	clock   *clock
	control Controller
	out     *link // to the receiver
	back    *link // feedback
	rng     *rand.Rand
	record  *twcc.Recorder
	stats   *flowStats

	seq      uint16
	backlog  []int // sizes of video packets
	bytes    int   // of them
	paceAt   time.Duration
	pacing   bool
	probeID  uint8
	probeBps float64
	probe    int // bytes left
	padding  int
	acked    bool // packets were recorded since the last feedback
}

func (f *mediaFlow) start() {
	f.clock.at(f.media.Start, func() {
		f.control.SetDemand(f.demand())
		// Flows do not run in step.
		offset := time.Duration(f.rng.Int64N(int64(time.Second / frameRate)))
		f.clock.after(offset, func() {
			f.clock.every(time.Second/frameRate, f.frame)
			f.clock.every(audioPeriod, f.audio)
			f.clock.every(25*time.Millisecond, f.tick)
			f.clock.every(feedbackPeriod, f.feedback)
			f.clock.every(sampleEvery, f.sample)
		})
	})
}

func (f *mediaFlow) over() bool { return f.media.Stop > 0 && f.clock.now >= f.media.Stop }

func (f *mediaFlow) paused() bool {
	return f.clock.now >= f.media.Pause[0] && f.clock.now < f.media.Pause[1]
}

// limit is the most that the video can take at the moment.
func (f *mediaFlow) limit() float64 {
	limit := f.media.MaxBps
	if len(f.media.Limit) > 0 {
		limit = min(limit, Path{Capacity: f.media.Limit}.capacity(f.clock.now))
	}
	return limit
}

func (f *mediaFlow) demand() float64 {
	if f.paused() {
		return 0
	}
	top := f.limit()
	if n := len(f.media.Layers); n > 0 {
		top = min(top, f.media.Layers[n-1])
	}
	return top + audioSize*8/audioPeriod.Seconds()
}

// videoRate is what the video is to take of the estimate.
func (f *mediaFlow) videoRate() float64 {
	rate := min(f.control.Estimate()-audioSize*8/audioPeriod.Seconds(), f.limit())
	if len(f.media.Layers) == 0 {
		return max(rate, f.media.MinBps, 30_000)
	}
	layer := 0.0
	for _, l := range f.media.Layers {
		if l <= rate {
			layer = l
		}
	}
	return layer
}

func (f *mediaFlow) frame() bool {
	if f.over() {
		return false
	}
	f.control.SetDemand(f.demand())
	if f.paused() || float64(f.bytes)*8 > f.control.Estimate()*pacingFactor*maxBacklog.Seconds() {
		return true
	}
	// Frames differ in size.
	size := int(f.videoRate() / 8 / frameRate * (1 + 0.15*min(max(f.rng.NormFloat64(), -2), 2)))
	for size > 0 {
		n := min(size, mtu)
		f.backlog = append(f.backlog, n)
		f.bytes += n
		size -= n
	}
	f.pace()
	return true
}

func (f *mediaFlow) audio() bool {
	if f.over() {
		return false
	}
	if !f.paused() {
		f.transmit(audioSize, 0, true)
	}
	return true
}

func (f *mediaFlow) tick() bool {
	if f.over() {
		return false
	}
	f.control.Tick(f.clock.now)
	if f.probe <= 0 && !f.paused() {
		var bytes int
		f.probeID, f.probeBps, bytes = f.control.Probe(f.clock.now)
		if f.probeID != 0 {
			f.probe = bytes
			f.padding = min(max(padding, bytes/8), mtu)
			f.paceAt = max(f.paceAt, f.clock.now)
			f.pace()
		}
	}
	return true
}

// pace sends what may be sent now, and comes again for the rest.
func (f *mediaFlow) pace() {
	if f.pacing {
		return
	}
	now := f.clock.now
	f.paceAt = max(f.paceAt, now-pacingBurst)
	for f.paceAt <= now && (len(f.backlog) > 0 || f.probe > 0) {
		size := f.padding
		if len(f.backlog) > 0 {
			size = f.backlog[0]
			f.backlog = f.backlog[1:]
			f.bytes -= size
		}
		bps, id := f.control.Estimate()*pacingFactor, uint8(0)
		if f.probe > 0 {
			bps, id = f.probeBps, f.probeID
			f.probe -= size
		}
		f.transmit(size, id, false)
		f.paceAt += time.Duration(float64(size) * 8 / bps * 1e9)
	}
	if len(f.backlog) > 0 || f.probe > 0 {
		f.pacing = true
		f.clock.at(f.paceAt, func() {
			f.pacing = false
			f.pace()
		})
	}
}

func (f *mediaFlow) transmit(size int, probe uint8, audio bool) {
	seq := f.seq
	f.seq++
	f.control.Sent(seq, size, f.clock.now, probe)
	f.stats.sent(size, audio)
	f.out.send(packet{
		size: size + overhead, flow: f.id, sentAt: f.clock.now, delay: f.media.Delay,
		arrive: func(queued time.Duration) {
			f.record.Record(1, seq, f.clock.now.Microseconds()+1e9)
			f.acked = true
			f.stats.received(size, audio, queued)
		},
	})
}

func (f *mediaFlow) feedback() bool {
	if f.acked {
		f.acked = false
		for _, p := range f.record.BuildFeedbackPacket() {
			fb := p.(*rtcp.TransportLayerCC)
			f.back.send(packet{size: fb.MarshalSize() + overhead, flow: -1 - f.id, delay: f.media.Delay,
				arrive: func(time.Duration) { f.control.Feedback(fb, f.clock.now) }})
		}
	}
	return !f.over()
}

func (f *mediaFlow) sample() bool {
	f.stats.sample(f.control.Estimate())
	return !f.over()
}
