package bwe

import "time"

const (
	// intervalLength is how long packets are collected, by arrival, before the delay is judged. It is longer than the
	// bursts of a pacer and of a video frame, so that its smallest delay is that of the standing queue, and longer than
	// the pauses of a radio link, after which everything arrives at once.
	intervalLength = 50 * time.Millisecond
	// intervalPackets and intervalLongest: few packets make the smallest delay a matter of chance.
	intervalPackets = 4
	intervalLongest = 200 * time.Millisecond

	// intervalsKept bounds how far back throughput can be asked for: at least 1.6 s.
	intervalsKept = 32
)

// interval is what arrived within a short time at the receiver.
type interval struct {
	start, end time.Duration // arrivals, by the receiver's clock; end is when the next one begins
	minDelay   time.Duration // the smallest one-way delay; the two clocks differ by an unknown constant
	received   int           // bytes
	lost       int           // bytes
	packets    int           // received
	lostCount  int           // packets; negative when some that had been reported lost came after all
	sent       time.Duration // when the last of them was sent, by our clock
	queue      time.Duration // the standing queue as the delay detector saw it; set by it
}

func (i *interval) length() time.Duration { return i.end - i.start }

// intervals keeps the last ones, and the one that is being filled.
type intervals struct {
	ring    [intervalsKept]interval
	count   int // how many were closed since the start
	current interval
	open    bool
}

// add counts a received packet. It returns the interval that the packet closed by arriving after it, or nil.
func (s *intervals) add(sent, arrival time.Duration, size int) *interval {
	delay := arrival - sent
	var closed *interval
	if s.open {
		age := arrival - s.current.start
		if age >= intervalLength && s.current.packets >= intervalPackets || age >= intervalLongest {
			closed = s.close(arrival)
		}
		if age < -intervalLongest {
			s.open = false // the receiver's clock went back
		}
	}
	if !s.open {
		// What was lost before is kept: it belongs to the packets that come now.
		s.current = interval{start: arrival, minDelay: delay, lost: s.current.lost, lostCount: s.current.lostCount}
		s.open = true
	}
	s.current.packets++
	s.current.received += size
	s.current.sent = max(s.current.sent, sent)
	s.current.minDelay = min(s.current.minDelay, delay)
	return closed
}

func (s *intervals) close(end time.Duration) *interval {
	s.current.end = end
	closed := &s.ring[s.count%intervalsKept]
	*closed = s.current
	s.count++
	s.open = false
	s.current = interval{}
	return closed
}

// addLost counts a packet that the receiver reports lost.
func (s *intervals) addLost(size int) {
	s.current.lost += size
	s.current.lostCount++
}

// removeLost takes a packet back that was reported lost and came after all.
func (s *intervals) removeLost(size int) {
	s.current.lost -= size
	s.current.lostCount--
}

// reset forgets everything: the receiver's clock jumped.
func (s *intervals) reset() { *s = intervals{} }

// last returns the n-th last closed interval; 0 is the newest.
func (s *intervals) last(n int) *interval {
	if n >= min(s.count, intervalsKept) {
		return nil
	}
	return &s.ring[(s.count-1-n)%intervalsKept]
}

// rates returns what was sent and what of that arrived, in bit/s, within the last window of arrivals. Both are 0
// before anything arrived.
func (s *intervals) rates(window time.Duration) (sent, received float64) {
	var length time.Duration
	var bytes, lost int
	for n := 0; length < window; n++ {
		i := s.last(n)
		if i == nil {
			break
		}
		length += i.length()
		bytes += i.received
		lost += i.lost
	}
	if length <= 0 {
		return 0, 0
	}
	return float64(bytes+max(lost, 0)) * 8 / length.Seconds(), float64(bytes) * 8 / length.Seconds()
}

// queuedRate returns at which rate packets arrived while the queue was longer than that, within the last window: what
// the path carries, because a queue that does not run empty keeps it busy. It is 0 when there was no such time.
func (s *intervals) queuedRate(queue, window time.Duration) float64 {
	var length time.Duration
	var bytes int
	for n := 0; length < window; n++ {
		i := s.last(n)
		if i == nil || i.queue < queue {
			break
		}
		length += i.length()
		bytes += i.received
	}
	if length <= 0 {
		return 0
	}
	return float64(bytes) * 8 / length.Seconds()
}
