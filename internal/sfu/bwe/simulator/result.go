package simulator

import (
	"math"
	"slices"
	"time"
)

const sampleEvery = 200 * time.Millisecond

// Sample is what was seen of a flow in the time before At.
type Sample struct {
	At       time.Duration
	Estimate float64 // bit/s; 0 for TCP
	Received float64 // bit/s
	Queue    time.Duration
}

// Flow is what became of a flow.
type Flow struct {
	Samples             []Sample
	Sent, Lost          int // packets
	AudioSent, AudioGot int
	Bytes               int // received
	queues              []time.Duration
}

// Loss returns the share of packets that were lost.
func (f *Flow) Loss() float64 { return float64(f.Lost) / float64(max(f.Sent, 1)) }

// AudioLoss returns the share of audio packets that were lost.
func (f *Flow) AudioLoss() float64 { return 1 - float64(f.AudioGot)/float64(max(f.AudioSent, 1)) }

// QueueP95 returns the 95th percentile of the time that packets waited at the bottleneck.
func (f *Flow) QueueP95() time.Duration {
	if len(f.queues) == 0 {
		return 0
	}
	slices.Sort(f.queues)
	return f.queues[len(f.queues)*95/100]
}

// Rate returns what was received on average from one time to another, in bit/s.
func (f *Flow) Rate(from, to time.Duration) float64 {
	sum, n := 0.0, 0
	for _, s := range f.Samples {
		if s.At > from && s.At <= to {
			sum += s.Received
			n++
		}
	}
	return sum / float64(max(n, 1))
}

// Estimate returns the estimate at a time.
func (f *Flow) Estimate(at time.Duration) float64 {
	last := 0.0
	for _, s := range f.Samples {
		if s.At > at {
			break
		}
		last = s.Estimate
	}
	return last
}

// Jain returns the fairness index of rates: 1 when they are equal, 1/n when one has all.
func Jain(rates ...float64) float64 {
	sum, squares := 0.0, 0.0
	for _, r := range rates {
		sum += r
		squares += r * r
	}
	if squares == 0 {
		return math.NaN()
	}
	return sum * sum / float64(len(rates)) / squares
}

type flowStats struct {
	clock  *clock
	flow   *Flow
	bytes  int
	queued time.Duration
}

func (s *flowStats) sent(_ int, audio bool) {
	s.flow.Sent++
	s.flow.Lost++ // until it arrives
	if audio {
		s.flow.AudioSent++
	}
}

func (s *flowStats) received(size int, audio bool, queued time.Duration) {
	s.flow.Lost--
	s.flow.Bytes += size
	s.bytes += size
	if audio {
		s.flow.AudioGot++
	}
	s.flow.queues = append(s.flow.queues, queued)
	s.queued = max(s.queued, queued)
}

func (s *flowStats) sample(estimate float64) {
	s.flow.Samples = append(s.flow.Samples, Sample{
		At: s.clock.now, Estimate: estimate, Received: float64(s.bytes) * 8 / sampleEvery.Seconds(), Queue: s.queued})
	s.bytes, s.queued = 0, 0
}
