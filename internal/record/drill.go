package record

import (
	"time"

	"github.com/klatch/klatch/fault"
)

// DrillPlace is the narrowest place in which a drill can make its fault.
type DrillPlace string

// A drill of a meeting can also be made in an account, in a meeting of its own, and each in an account of its own.
const (
	DrillInMeeting    DrillPlace = "meeting"
	DrillInAccount    DrillPlace = "account"
	DrillInOwnAccount DrillPlace = "own-account" // it changes the account
)

// DrillKind is a drill that can be made.
type DrillKind struct {
	Key   string // CODE.REASON
	How   string // what it does, in a sentence for people
	Place DrillPlace
	Takes time.Duration // about how long the fault takes to come; 0: at once
}

// DrillState is where a drill has got to.
type DrillState string

// The states of a drill. Running ends with Holding, or with Failed; all end with Ended or Failed.
const (
	DrillRunning DrillState = "running"
	DrillHolding DrillState = "holding" // the fault came, and its cause holds until the end
	DrillEnded   DrillState = "ended"
	DrillFailed  DrillState = "failed" // the fault did not come
)

// Over reports whether the drill has ended and left nothing behind.
func (s DrillState) Over() bool { return s == DrillEnded || s == DrillFailed }

// DrillRequest asks for a drill.
type DrillRequest struct {
	Fault     string // CODE.REASON, or a code, which is its first drill
	AccountID string // "": an account of its own
	MeetingID string // the canonical id of a meeting of that account; "": one of its own
	Hold      time.Duration
	Only      bool // drills that may be made in a named account alone
}

// Drill is one that was made.
type Drill struct {
	ID string
	DrillKind
	State                DrillState
	AccountID, MeetingID string
	// Token joins the meeting, or calls REST, so that the fault occurs; "" where none is needed.
	Token   string
	Snippet string // of a program with which the fault occurs; "": a join with Token is enough

	Fault     *fault.Error // that came; nil before
	Recorded  bool         // the fault is in the timeline
	Problem   *fault.Error // why it did not come
	StartedAt time.Time
	EndsAt    time.Time // when it ends by itself
	EndedAt   time.Time // zero before
}
