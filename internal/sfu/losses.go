package sfu

import "time"

// losses are the packets of a stream that have not come. Bounded: a gap of more than maxGap is given up at once.
type losses struct {
	started bool
	highest uint16
	missing []loss
	rtt     time.Duration // from asking to the packet, smoothed; 0: not known
}

type loss struct {
	seqno uint16
	asked uint8 // times
	at    time.Time
	next  time.Time // when to ask
}

const (
	maxGap     = 256
	maxMissing = 512
	// A packet that is only late by reordering is not asked for; 5 ms is more than a frame's packets spread
	// in any usual network.
	askAfter = 5 * time.Millisecond
	// What was asked for is asked for again when it could have come: after askAgain while nobody knows when that is.
	// Each repetition may be lost too, and a picture waits for it.
	askAgain    = 60 * time.Millisecond
	minAskAgain = 15 * time.Millisecond
	maxAskAgain = 500 * time.Millisecond
	maxAsks     = 12
)

// arrived notes seqno, and reports whether so much is missing that only a key frame helps. What is missing is asked for
// after wait.
func (l *losses) arrived(seqno uint16, now time.Time, wait time.Duration) (hopeless bool) {
	if !l.started {
		l.started, l.highest = true, seqno
		return false
	}
	ahead := int16(seqno - l.highest)
	switch {
	case ahead <= 0:
		l.found(seqno, now)
		return false
	case ahead > maxGap || len(l.missing)+int(ahead)-1 > maxMissing:
		l.missing, l.highest = l.missing[:0], seqno
		return true
	}
	for n := l.highest + 1; n != seqno; n++ {
		l.missing = append(l.missing, loss{seqno: n, next: now.Add(wait)})
	}
	l.highest = seqno
	return false
}

// found removes seqno, which came, from what is missing, and reports whether it was.
func (l *losses) found(seqno uint16, now time.Time) bool {
	m, ok := l.remove(seqno)
	if ok && m.asked == 1 { // of several requests nobody knows which was answered
		l.took(now.Sub(m.at))
	}
	return ok
}

// remove removes seqno from what is missing.
func (l *losses) remove(seqno uint16) (m loss, ok bool) {
	for i, m := range l.missing {
		if m.seqno == seqno {
			l.missing = append(l.missing[:i], l.missing[i+1:]...)
			return m, true
		}
	}
	return m, false
}

// took takes how long a packet took from being asked for.
func (l *losses) took(d time.Duration) {
	if l.rtt == 0 {
		l.rtt = max(d, 1)
		return
	}
	l.rtt = max(l.rtt+(d-l.rtt)/8, 1)
}

// again returns how long a packet that was asked for is waited for.
func (l *losses) again() time.Duration {
	if l.rtt == 0 {
		return askAgain
	}
	return min(max(l.rtt+l.rtt/2, minAskAgain), maxAskAgain)
}

// due returns what to ask for now. What has been asked for often enough is lost.
func (l *losses) due(now time.Time) []uint16 {
	if len(l.missing) == 0 {
		return nil
	}
	var ask []uint16
	keep := l.missing[:0]
	for _, m := range l.missing {
		if !now.Before(m.next) {
			if m.asked == maxAsks {
				continue
			}
			m.asked++
			m.at, m.next = now, now.Add(l.again())
			ask = append(ask, m.seqno)
		}
		keep = append(keep, m)
	}
	l.missing = keep
	return ask
}
