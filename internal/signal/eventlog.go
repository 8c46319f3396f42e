package signal

import "github.com/klatch/klatch/internal/wire"

// A session keeps its last events for resume. Past either bound the oldest go, and a client that was away for
// longer than that gets 3103 EVENTS_LOST.
const (
	maxLogEvents = 1024
	maxLogBytes  = 1 << 20
)

// eventLog holds encoded events by seq. The session's mutex guards it.
type eventLog struct {
	last   int64 // seq of the newest event; 0: none yet
	events []*wire.Encoded
	bytes  int
}

// append takes the event of seq last+1.
func (l *eventLog) append(event *wire.Encoded) {
	l.last++
	l.events = append(l.events, event)
	l.bytes += sizeOf(event)
	for len(l.events) > maxLogEvents || l.bytes > maxLogBytes && len(l.events) > 1 {
		l.bytes -= sizeOf(l.events[0])
		l.events[0] = nil
		l.events = l.events[1:]
	}
}

// oldest returns the seq of the oldest event still kept; last+1 when there is none.
func (l *eventLog) oldest() int64 { return l.last - int64(len(l.events)) + 1 }

// after returns the events that follow seq; ok is false when some of them are no longer kept.
func (l *eventLog) after(seq int64) (messages []message, ok bool) {
	if seq+1 < l.oldest() {
		return nil, false
	}
	for _, event := range l.events[seq+1-l.oldest():] {
		seq++
		messages = append(messages, message{seq: seq, event: event})
	}
	return messages, true
}
