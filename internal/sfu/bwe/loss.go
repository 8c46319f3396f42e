package bwe

import (
	"math"
	"time"
)

const (
	lossPackets = 20 // a sample has at least so many packets
	lossLength  = 200 * time.Millisecond
	lossLongest = 2 * time.Second

	// heavyLoss is congestion whatever the experiments say.
	heavyLoss = 0.6
)

// lossSample counts the packets of some time.
type lossSample struct {
	packets, lost, queued int
	since                 time.Duration // by our clock
}

func (s *lossSample) add(received, lost int, queued bool) {
	s.packets += received + lost
	s.lost += lost
	if queued {
		s.queued += received + lost
	}
}

func (s lossSample) mostlyQueued() bool { return 2*s.queued > s.packets }

func (s lossSample) rate() float64 {
	if s.packets <= 0 {
		return 0
	}
	return float64(max(s.lost, 0)) / float64(s.packets)
}

// lossDetector tells loss by congestion from loss that has other reasons and goes on at any rate. It cannot see the
// difference in a sample. So when more is lost than usual, the rate is lowered for a moment: loss that stays becomes
// the usual loss, and the rate is restored.
type lossDetector struct {
	current lossSample
	usual   float64 // share of packets that is lost at any rate
	excess  int     // samples in a row with more loss than usual

	testing    bool
	testSettle time.Duration // from when on packets were sent at the lower rate, as far as feedback shows
	before     float64       // loss that made us test
	test       lossSample
}

type lossVerdict uint8

const (
	lossUsual     lossVerdict = iota
	lossSuspected             // more than usual: lower the rate, and call startTest
	lossCongested             // the test has shown that less is lost at the lower rate
	lossRandom                // the test has shown that it makes no difference: restore the rate
)

// add counts packets of feedback that came now, and judges what has been gathered. queued reports whether packets
// queued: then it is the queue that overflows.
func (l *lossDetector) add(received, lost int, queued bool, now time.Duration) lossVerdict {
	if l.testing {
		if now >= l.testSettle {
			l.test.add(received, lost, queued)
		}
		return l.judgeTest(now)
	}
	if l.current.packets == 0 {
		l.current.since = now
	}
	l.current.add(received, lost, queued)
	age := now - l.current.since
	if (l.current.packets < lossPackets || age < lossLength) && age < lossLongest {
		return lossUsual
	}
	sample := l.current
	l.current = lossSample{}
	if !l.exceeds(sample) {
		l.excess = 0
		if sample.mostlyQueued() && sample.rate() > l.usual {
			return lossUsual
		}
		weight := 0.1
		if sample.rate() < l.usual {
			weight = 0.2
		}
		l.usual += weight * (sample.rate() - l.usual)
		return lossUsual
	}
	l.excess++
	if l.excess < 2 {
		return lossUsual
	}
	l.before = sample.rate()
	return lossSuspected
}

// exceeds reports whether a sample has more loss than chance makes of the usual.
func (l *lossDetector) exceeds(s lossSample) bool {
	n := float64(s.packets)
	usual := min(l.usual, 0.5)
	return float64(s.lost) > n*usual+2.5*math.Sqrt(n*usual*(1-usual))+max(2, 0.02*n)
}

// startTest begins a test: the rate is being lowered now, which shows in feedback after delay.
func (l *lossDetector) startTest(now, delay time.Duration) {
	l.testing = true
	l.testSettle = now + delay
	l.test = lossSample{since: now + delay}
}

func (l *lossDetector) judgeTest(now time.Duration) lossVerdict {
	age := now - l.test.since
	if age < 2*lossLength || l.test.packets < 2*lossPackets && age < lossLongest {
		return lossUsual
	}
	rate, queued := l.test.rate(), l.test.mostlyQueued()
	l.endTest()
	switch {
	case rate > heavyLoss, queued:
		return lossCongested
	case rate > 0.6*l.before && rate > l.usual:
		l.usual = rate
		return lossRandom
	}
	return lossCongested
}

// endTest ends a test without a verdict.
func (l *lossDetector) endTest() {
	l.testing = false
	l.excess = 0
	l.current = lossSample{}
}
