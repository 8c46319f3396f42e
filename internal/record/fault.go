package record

import (
	"cmp"
	"time"

	"github.com/klatch/klatch/fault"
)

// Fault is an entry of the fault timeline.
type Fault struct {
	AccountID string // "": of no account, such as an unknown key
	ClearedAt time.Time
	*fault.Error
}

// FaultFilter selects faults; zero fields select everything.
type FaultFilter struct {
	AccountID     string
	MeetingID     string
	SessionID     string
	ParticipantID string
	Code          int
	Reason        string
	SDK           string    // "web", or "web/0.9.0"
	Browser       string    // "Chrome", or "Chrome/141"
	CauseID       string    // of the fault that caused them
	Text          string    // in the id, detail, details, reason or ids of the fault; lower and upper case are the same
	From, To      time.Time // both inclusive
}

// FaultGroup is what faults of a list are counted by.
type FaultGroup string

// The groups.
const (
	ByReason  FaultGroup = "reason"
	ByCode    FaultGroup = "code"
	ByBrowser FaultGroup = "browser"
	BySDK     FaultGroup = "sdk"
	ByRoom    FaultGroup = "room"
)

// FaultTrend is the number of counts of a trend.
const FaultTrend = 24

// FaultCount counts the faults of one group.
type FaultCount struct {
	Code    int    // by reason and code
	Reason  string // by reason
	Key     string // by SDK, browser and room: what they have in common; "" for none
	Count   int
	First   time.Time
	Last    time.Time
	LastID  string // of the newest
	ByHours [FaultTrend]int
}

// FaultCounts are the groups of faults, the largest first.
type FaultCounts struct {
	Groups   []FaultCount
	More     int           // groups beyond those
	From, To time.Time     // of the trend
	Step     time.Duration // of one count of it
	Sampled  bool          // only the newest faults were counted, because the filter selects more
}

// FaultHistory is what is known of the faults of one code and reason in one account.
type FaultHistory struct {
	Count24h  int
	FirstSeen time.Time
	FirstSDK  string // of the first one: "web/0.9.0"
}

// FaultRetention bounds the timeline.
type FaultRetention struct {
	KeepFor       time.Duration // where the account has no setting of its own
	PerAccount    int           // faults of one account
	PerReason     int           // of one reason of one account
	PerReasonNone int           // of one reason outside of all accounts
}

// Or returns the retention with the values of other where it has none.
func (r FaultRetention) Or(other FaultRetention) FaultRetention {
	return FaultRetention{
		KeepFor: cmp.Or(r.KeepFor, other.KeepFor), PerAccount: cmp.Or(r.PerAccount, other.PerAccount),
		PerReason: cmp.Or(r.PerReason, other.PerReason), PerReasonNone: cmp.Or(r.PerReasonNone, other.PerReasonNone),
	}
}

// Cleared is the end of a condition.
type Cleared struct {
	Fault *fault.Error
	At    time.Time
	For   time.Duration // how long it lasted
}

// Condition is a fault that lasts.
type Condition struct {
	Fault *fault.Error
	Since time.Time
	// Node is the name of the node on which it lasts, "" of the one that is asked.
	Node string
	// Shown is false while it has not lasted for its delay: nobody was told of it.
	Shown bool
}
