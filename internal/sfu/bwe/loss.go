package bwe

import (
	"math"
	"time"
)

const (
	lossPackets = 20 // a sample has at least so many packets
	lossLength  = 200 * time.Millisecond
	lossLongest = 2 * time.Second

	// untestedLoss may come to the usual without a test.
	untestedLoss = 0.04

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
	current  lossSample
	usual    float64 // share of packets that is lost at any rate
	tested   float64 // what a test has shown of it
	testedAt float64 // the rate at which it did, in bit/s
	excess   int     // samples in a row with more loss than usual

	testing bool
	before  float64       // loss that made us test
	from    time.Duration // feedback before tells nothing: it is about packets that were sent at another rate
}

type lossVerdict uint8

const (
	lossUsual     lossVerdict = iota
	lossSuspected             // more than usual: lower the rate, and call startTest
	lossCongested             // the test has shown that less is lost at the lower rate
	lossRandom                // the test has shown that it makes no difference: restore the rate
)

// add counts packets of feedback that came now, and judges what has been gathered. queued reports whether packets
// queued: then it is the queue that overflows. settle is after what time feedback shows what is sent from now on.
func (l *lossDetector) add(received, lost int, queued bool, now, settle time.Duration) lossVerdict {
	if now < l.from {
		return lossUsual
	}
	if l.current.packets == 0 {
		l.current.since = max(now, l.from)
	}
	l.current.add(received, lost, queued)
	if l.testing {
		return l.judgeTest(now)
	}
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
		l.usual = min(l.usual+weight*(sample.rate()-l.usual), l.tested+untestedLoss)
		return lossUsual
	}
	l.excess++
	l.from = now + settle
	if l.excess < 2 {
		return lossUsual // once more, at a rate that stays
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

// startTest begins a test: the rate is being lowered now.
func (l *lossDetector) startTest() { l.testing = true }

func (l *lossDetector) judgeTest(now time.Duration) lossVerdict {
	test := l.current
	age := now - test.since
	if age < 2*lossLength || test.packets < 3*lossPackets && age < lossLongest {
		return lossUsual
	}
	rate, queued := test.rate(), test.mostlyQueued()
	l.endTest()
	// What is lost for lack of capacity becomes less by what is no longer sent. Random loss stays. When in
	// doubt it is congestion, which costs little to believe: what has arrived goes on.
	congested := max(1-(1-l.before)/testFactor, 0)
	if rate > heavyLoss || queued || rate < (2*l.before+congested)/3 || rate <= l.usual {
		return lossCongested
	}
	l.usual, l.tested = rate, rate
	return lossRandom
}

// endTest ends a test without a verdict.
func (l *lossDetector) endTest() {
	l.testing, l.excess, l.current = false, 0, lossSample{}
}
