package simulator

import (
	"math/rand/v2"
	"time"
)

// Step is a capacity in bit/s from a time on.
type Step struct {
	At  time.Duration
	Bps float64
}

// Path describes one direction between sender and receiver: a bottleneck with a queue, then a delay.
type Path struct {
	Capacity []Step        // the first at 0; none is an unlimited one
	Queue    time.Duration // how long a packet may wait at the bottleneck before packets are dropped (drop-tail)
	Burst    int           // bytes of a token bucket in front of the queue, as tc tbf has it; 0 is a serial line
	Police   bool          // what finds the token bucket empty is dropped: there is no queue
	Delay    time.Duration // propagation
	Jitter   time.Duration // the most that is added to the delay
	From     time.Duration // before this time there is neither delay nor jitter
	// Uniform jitter takes any value up to Jitter; otherwise it is a truncated normal distribution with a deviation of
	// a third of Jitter, as RFC 8868 has it. Packets are not reordered unless Reorder is set.
	Uniform, Reorder bool
	Loss             float64 // share of packets lost at random
	LossBurst        float64 // mean number of packets that are lost together; 1 when 0
}

type packet struct {
	size    int
	flow    int
	sentAt  time.Duration
	arrive  func(queued time.Duration) // queued: how long it waited at the bottleneck
	dropped func()                     // may be nil
	delay   time.Duration              // added to that of the path
}

// link is a Path at work.
type link struct {
	path  Path
	clock *clock
	rng   *rand.Rand

	queue   []queued
	bytes   int // in the queue
	busy    bool
	tokens  float64
	filled  time.Duration // when tokens was computed
	lastOut map[int]time.Duration
	losing  bool // within a burst of loss
}

type queued struct {
	packet
	since time.Duration
}

func newLink(c *clock, path Path, seed uint64) *link {
	return &link{path: path, clock: c, rng: rand.New(rand.NewPCG(seed, 1)), tokens: float64(path.Burst),
		lastOut: map[int]time.Duration{}}
}

// capacity is that at the present time; 0 is unlimited.
func (p Path) capacity(at time.Duration) float64 {
	bps := 0.0
	for _, s := range p.Capacity {
		if s.At <= at {
			bps = s.Bps
		}
	}
	return bps
}

func (l *link) send(p packet) {
	bps := l.path.capacity(l.clock.now)
	if bps == 0 {
		l.deliver(p, 0)
		return
	}
	if l.path.Police {
		l.police(p, bps)
		return
	}
	limit := int(bps/8*l.path.Queue.Seconds()) + l.path.Burst
	if l.bytes > 0 && l.bytes+p.size > limit {
		if p.dropped != nil {
			p.dropped()
		}
		return
	}
	l.queue = append(l.queue, queued{p, l.clock.now})
	l.bytes += p.size
	if !l.busy {
		l.serve()
	}
}

// police lets a packet pass if there are tokens for it.
func (l *link) police(p packet, bps float64) {
	l.fill(bps, float64(l.path.Burst))
	if l.tokens < float64(p.size) {
		if p.dropped != nil {
			p.dropped()
		}
		return
	}
	l.tokens -= float64(p.size)
	l.deliver(p, 0)
}

// fill adds the tokens of the time that has passed.
func (l *link) fill(bps, most float64) {
	l.tokens = min(l.tokens+(l.clock.now-l.filled).Seconds()*bps/8, most)
	l.filled = l.clock.now
}

// serve sends the packet at the head of the queue when the line or the token bucket lets it.
func (l *link) serve() {
	if len(l.queue) == 0 {
		l.busy = false
		return
	}
	l.busy = true
	bps := l.path.capacity(l.clock.now)
	size := float64(l.queue[0].size)
	wait := time.Duration(size * 8 / bps * 1e9)
	if l.path.Burst > 0 {
		l.fill(bps, float64(max(l.path.Burst, l.queue[0].size)))
		wait = time.Duration(max(size-l.tokens, 0) * 8 / bps * 1e9)
		l.tokens -= size
	}
	l.clock.after(wait, func() {
		head := l.queue[0]
		l.queue = l.queue[1:]
		l.bytes -= head.size
		l.deliver(head.packet, l.clock.now-head.since)
		l.serve()
	})
}

func (l *link) deliver(p packet, waited time.Duration) {
	if l.loses() {
		return
	}
	at := l.clock.now + p.delay
	if l.clock.now >= l.path.From {
		at += l.path.Delay + l.jitter()
	}
	if !l.path.Reorder {
		at = max(at, l.lastOut[p.flow])
		l.lastOut[p.flow] = at
	}
	l.clock.at(at, func() { p.arrive(waited) })
}

func (l *link) loses() bool {
	if l.path.Loss == 0 {
		return false
	}
	length := max(l.path.LossBurst, 1)
	if l.losing {
		l.losing = l.rng.Float64() >= 1/length
		if l.losing {
			return true
		}
	}
	// The chance to begin a burst, such that the share of lost packets is Loss.
	if l.rng.Float64() < l.path.Loss/(length*(1-l.path.Loss)+l.path.Loss) {
		l.losing = length > 1
		return true
	}
	return false
}

func (l *link) jitter() time.Duration {
	switch {
	case l.path.Jitter == 0:
		return 0
	case l.path.Uniform:
		return time.Duration(l.rng.Float64() * float64(l.path.Jitter))
	}
	j := l.rng.NormFloat64() / 3 * float64(l.path.Jitter)
	return time.Duration(min(max(j, 0), float64(l.path.Jitter)))
}
