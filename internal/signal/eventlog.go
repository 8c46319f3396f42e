package signal

// A session keeps its last events for resume. Past either bound the oldest go, and a client that was away for
// longer than that gets 3103 EVENTS_LOST.
const (
	maxLogEvents = 1024
	maxLogBytes  = 1 << 20
)

// eventLog holds encoded events by seq. The session's mutex guards it.
type eventLog struct {
	last   int64 // seq of the newest event; 0: none yet
	frames [][]byte
	bytes  int
}

// append takes the frame of seq last+1.
func (l *eventLog) append(frame []byte) {
	l.last++
	l.frames = append(l.frames, frame)
	l.bytes += len(frame)
	for len(l.frames) > maxLogEvents || l.bytes > maxLogBytes && len(l.frames) > 1 {
		l.bytes -= len(l.frames[0])
		l.frames[0] = nil
		l.frames = l.frames[1:]
	}
}

// oldest returns the seq of the oldest event still kept; last+1 when there is none.
func (l *eventLog) oldest() int64 { return l.last - int64(len(l.frames)) + 1 }

// after returns the events that follow seq; ok is false when some of them are no longer kept.
func (l *eventLog) after(seq int64) (frames [][]byte, ok bool) {
	if seq+1 < l.oldest() {
		return nil, false
	}
	return l.frames[seq+1-l.oldest():], true
}
