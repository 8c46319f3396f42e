package fault

import "slices"

// Recovery is what an SDK does by itself when it meets a fault, so that all SDKs do the same. The catalogue has it for
// each reason.
type Recovery string

// The recoveries.
const (
	End    Recovery = ""       // nothing: the join fails, or the participation ends
	Retry  Recovery = "retry"  // the same request again, after RetryAfterMs
	Rejoin Recovery = "rejoin" // the session is lost: join anew
)

// OnConnect returns what an SDK does that meets the fault while it opens a socket for its first join.
func (e *Error) OnConnect() Recovery {
	return ruleOf(e, func(entry Entry) Recovery { return entry.OnConnect })
}

// OnResume returns what an SDK does that had joined, when the fault answers its resume or new join, closes its socket,
// or puts it out of the meeting.
func (e *Error) OnResume() Recovery {
	return ruleOf(e, func(entry Entry) Recovery { return entry.OnResume })
}

// Passes reports whether what the fault tells of is over at once by itself: an SDK sends a join again that it answers.
func (e *Error) Passes() bool {
	return ruleOf(e, func(entry Entry) bool { return entry.Passes })
}

// Unanswered reports whether a call that ended with the fault may have been carried out or not, or was never sent: the
// fault says nothing about what was asked.
func (e *Error) Unanswered() bool {
	return ruleOf(e, func(entry Entry) bool { return entry.Unanswered })
}

// Reported reports whether an SDK that found the fault tells the server of it, for its console and log.
func (e Entry) Reported() bool { return e.Origin != "server" && slices.Contains(e.Tells, "console") }

// ruleOf returns what the catalogue says about a fault. A reason that it does not have, of a newer server, is treated
// like those of its code where they all agree.
func ruleOf[T comparable](e *Error, value func(Entry) T) (rule T) {
	if entry, ok := e.Entry(); ok {
		return value(entry)
	}
	found := false
	for _, entry := range catalogue {
		switch {
		case entry.Code != e.Code:
		case !found:
			rule, found = value(*entry), true
		case rule != value(*entry):
			var none T
			return none
		}
	}
	return rule
}
