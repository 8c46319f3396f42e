// Package feed carries what happens on the server to those who read it live over REST: faults and their ends, sessions
// and participants. It keeps the last events of each account, so that a reader who comes back misses none.
//
// Whoever learns of an event publishes it; internal/rest subscribes for its event streams. No reader delays anybody:
// one that does not keep up is cut.
package feed

import (
	"errors"
	"net/netip"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/klatch/klatch/internal/record"
)

// Names of events.
const (
	FaultRaised       = "fault"
	FaultCleared      = "fault-cleared"
	SessionStarted    = "session-started"
	SessionEnded      = "session-ended"
	ParticipantJoined = "participant-joined"
	ParticipantLeft   = "participant-left"

	IncidentOpened       = "incident-opened"
	IncidentAcknowledged = "incident-acknowledged"
	IncidentResolved     = "incident-resolved"
)

// Event is something that happened. Its fields must not be changed once it is published.
type Event struct {
	Name      string
	AccountID string // "" reaches only those who read all accounts
	MeetingID string
	At        time.Time

	Fault   *record.Fault // fault
	Cleared *record.Cleared

	Incident *record.AlertIncident // incident-…

	SessionID, ParticipantID string // of sessions and participants
	ParticipantName          string
	LeaveCode                int // participant-left
}

// Numbered is an event with its number for one reader. Numbers ascend; they begin with the time in microseconds, so
// that those of an earlier server are lower.
type Numbered struct {
	ID int64
	Event
}

// Bounds of what is kept for readers who come back, and of what waits for one.
const (
	keptOfAccount = 256
	keptOfAll     = 4096
	keptAccounts  = 1024 // those with the latest events
	// MaxQueued is how many events may wait for a reader.
	MaxQueued = 256
)

// Errors of Subscribe.
var (
	ErrClosed  = errors.New("feed: closed")
	ErrAccount = errors.New("feed: the account has too many readers")
	ErrAddress = errors.New("feed: the address has too many readers")
)

// Limits of readers at a time.
type Limits struct{ PerAccount, PerAddress int }

// ring keeps the last events of an account, or of all.
type ring struct {
	events []Numbered // at most size, oldest first
	size   int
	base   int64 // before the first event
	last   int64
}

func newRing(size int) *ring {
	base := time.Now().UnixMicro()
	return &ring{size: size, base: base, last: base}
}

func (r *ring) add(e Event) Numbered {
	r.last++
	n := Numbered{r.last, e}
	if len(r.events) >= r.size {
		r.base = r.events[0].ID
		r.events = append(r.events[:0:0], r.events[1:]...)
	}
	r.events = append(r.events, n)
	return n
}

// since returns the events after one, and whether some between are not kept any more.
func (r *ring) since(id int64) (events []Numbered, missed bool) {
	if id < r.base || id > r.last {
		return append(events, r.events...), true
	}
	for _, e := range r.events {
		if e.ID > id {
			events = append(events, e)
		}
	}
	return events, false
}

// Feed is safe for concurrent use. Shape: mutex.
type Feed struct {
	limits Limits

	mu        sync.Mutex // guards everything below
	closed    bool
	all       *ring
	accounts  *simplelru.LRU[string, *ring]
	readers   map[*Reader]struct{}
	ofAccount map[string]int
	ofAddress map[netip.Addr]int
}

// New makes a Feed; Close ends it.
func New(limits Limits) *Feed {
	accounts, err := simplelru.NewLRU[string, *ring](keptAccounts, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &Feed{
		limits: limits, all: newRing(keptOfAll), accounts: accounts, readers: map[*Reader]struct{}{},
		ofAccount: map[string]int{}, ofAddress: map[netip.Addr]int{},
	}
}

// Reader receives events until it is closed.
type Reader struct {
	feed      *Feed
	accountID string
	everyone  bool
	address   netip.Addr
	events    chan Numbered
	slow      bool // guarded by feed.mu: it did not keep up
}

// Events is closed when the reader did not keep up, or the feed ended.
func (r *Reader) Events() <-chan Numbered { return r.events }

// TooSlow reports whether Events was closed because MaxQueued events waited.
func (r *Reader) TooSlow() bool {
	r.feed.mu.Lock()
	defer r.feed.mu.Unlock()
	return r.slow
}

// Close ends the reading.
func (r *Reader) Close() {
	r.feed.mu.Lock()
	defer r.feed.mu.Unlock()
	r.feed.remove(r)
	if n := r.feed.ofAccount[r.accountID] - 1; n > 0 {
		r.feed.ofAccount[r.accountID] = n
	} else {
		delete(r.feed.ofAccount, r.accountID)
	}
	if n := r.feed.ofAddress[r.address] - 1; n > 0 {
		r.feed.ofAddress[r.address] = n
	} else {
		delete(r.feed.ofAddress, r.address)
	}
}

// remove closes the channel of a reader, once. f.mu is held.
func (f *Feed) remove(r *Reader) {
	if _, reads := f.readers[r]; reads {
		delete(f.readers, r)
		close(r.events)
	}
}

// Subscribe begins to read the events of an account, or with everyone those of all. Events after the one numbered after
// are returned, where after is not 0; missed reports whether some of them are not kept any more. Close must be called.
func (f *Feed) Subscribe(accountID string, everyone bool, address netip.Addr, after int64) (
	r *Reader, kept []Numbered, missed bool, err error,
) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.closed:
		return nil, nil, false, ErrClosed
	case f.ofAccount[accountID] >= f.limits.PerAccount:
		return nil, nil, false, ErrAccount
	case f.ofAddress[address] >= f.limits.PerAddress:
		return nil, nil, false, ErrAddress
	}
	f.ofAccount[accountID]++
	f.ofAddress[address]++
	r = &Reader{
		feed: f, accountID: accountID, everyone: everyone, address: address, events: make(chan Numbered, MaxQueued),
	}
	f.readers[r] = struct{}{}
	if after != 0 {
		from := f.all
		if !everyone {
			from = f.ringOf(accountID)
		}
		kept, missed = from.since(after)
	}
	return r, kept, missed, nil
}

func (f *Feed) ringOf(accountID string) *ring {
	r, known := f.accounts.Get(accountID)
	if !known {
		r = newRing(keptOfAccount)
		f.accounts.Add(accountID, r)
	}
	return r
}

// Publish tells an event to those who read the account, and all accounts. It never waits.
func (f *Feed) Publish(e Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	forAll, forAccount := f.all.add(e), Numbered{}
	if e.AccountID != "" {
		forAccount = f.ringOf(e.AccountID).add(e)
	}
	for r := range f.readers {
		n := forAccount
		if r.everyone {
			n = forAll
		} else if e.AccountID == "" || r.accountID != e.AccountID {
			continue
		}
		select {
		case r.events <- n:
		default:
			r.slow = true
			f.remove(r)
		}
	}
}

// Close ends all reading.
func (f *Feed) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for r := range f.readers {
		f.remove(r)
	}
}
