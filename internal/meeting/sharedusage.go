package meeting

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// SharedUsage counts the participants of accounts over several servers.
type SharedUsage interface {
	// TakePlaces makes known that this server has count participants of a mode of an account, unless they are more than
	// limit together with those of the other servers. It returns how many these are.
	TakePlaces(
		ctx context.Context, accountID string, mode wire.Mode, count, limit int,
	) (others int, taken bool, err error)
	// NotePlaces makes known how many participants of accounts this server has.
	NotePlaces(ctx context.Context, counts []record.UsageCount) error
}

const (
	placeTimeout = 3 * time.Second        // for one place of an account
	noteDelay    = 100 * time.Millisecond // from a change to its note, with which others go
	noteRetry    = time.Second
	retryPlace   = 2 * time.Second
)

type usageKey struct {
	accountID string
	mode      wire.Mode
}

// sharing keeps what usage counts in step with a SharedUsage. Where an account has a limit, a place is taken there
// before the room is asked, which must not wait for a database; what becomes free is noted a moment later.
//
// Shape: mutex, that of usage. One place of an account is taken at a time, and none while counts are noted.
type sharing struct {
	with    SharedUsage
	running *sync.WaitGroup
	seed    maphash.Seed
	gates   [64]chan struct{} // by account; has room for who takes a place
	noting  sync.RWMutex      // read by who takes a place
	quit    context.Context
	stop    context.CancelFunc

	// Guarded by usage.mu.
	reserved map[usageKey]int // places that are taken by joins under way
	known    map[usageKey]int // as the SharedUsage has it
	changed  map[usageKey]bool
	working  bool // a goroutine notes what has changed
}

func newSharing(with SharedUsage, running *sync.WaitGroup) *sharing {
	s := &sharing{
		with: with, running: running, seed: maphash.MakeSeed(),
		reserved: map[usageKey]int{}, known: map[usageKey]int{}, changed: map[usageKey]bool{},
	}
	for i := range s.gates {
		s.gates[i] = make(chan struct{}, 1)
	}
	s.quit, s.stop = context.WithCancel(context.Background())
	return s
}

// reservation is a place of an account that a join under way has taken. A nil one is of an account without a limit.
type reservation struct {
	usage *usage
	key   usageKey
	used  bool // counted as a participant's, or released; guarded by usage.mu
}

// release frees the place, unless it was used.
func (p *reservation) release() {
	if p == nil {
		return
	}
	p.usage.mu.Lock()
	defer p.usage.mu.Unlock()
	p.useLocked()
}

// useLocked makes the place that of a participant, who is counted from now on.
func (p *reservation) useLocked() {
	if p == nil || p.used {
		return
	}
	p.used = true
	s := p.usage.shared
	if s.reserved[p.key]--; s.reserved[p.key] == 0 {
		delete(s.reserved, p.key)
	}
	p.usage.changeLocked(p.key)
}

// reserve takes a place of an account on all servers. Where only one server counts, or the account has no such limit,
// it does nothing.
func (u *usage) reserve(
	ctx context.Context, accountID string, mode wire.Mode, limits Limits,
) (*reservation, *fault.Error) {
	s, limit := u.shared, limitOf(limits, mode)
	if s == nil || limit == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, placeTimeout)
	defer cancel()
	gate := s.gates[maphash.String(s.seed, accountID)%uint64(len(s.gates))]
	select {
	case gate <- struct{}{}:
		defer func() { <-gate }()
	case <-ctx.Done():
		return nil, unplaced(ctx.Err())
	}
	s.noting.RLock()
	defer s.noting.RUnlock()
	key := usageKey{accountID, mode}
	u.mu.Lock()
	s.reserved[key]++
	count := u.countLocked(key)
	u.mu.Unlock()
	others, taken, err := s.with.TakePlaces(ctx, accountID, mode, count, limit)
	u.mu.Lock()
	defer u.mu.Unlock()
	place := &reservation{usage: u, key: key}
	switch {
	case err != nil:
		s.known[key] = -1 // it may have been taken
		place.useLocked()
		return nil, unplaced(err)
	case !taken:
		place.useLocked()
		return nil, accountFull(mode, limit, others+count-1)
	}
	s.known[key] = count
	return place, nil
}

// unplaced is the fault of a join whose account cannot be counted.
func unplaced(err error) *fault.Error {
	return fault.ServerUnavailableStore("a place of the account").Because(err).RetryAfter(retryPlace)
}

// countLocked returns how many participants of a mode an account has here, with those on their way in.
func (u *usage) countLocked(key usageKey) int {
	return u.accounts[key.accountID][key.mode] + u.shared.reserved[key]
}

// changeLocked has a count noted that may have changed.
func (u *usage) changeLocked(key usageKey) {
	s := u.shared
	if s == nil || key.mode == noMode || s.quit.Err() != nil {
		return
	}
	s.changed[key] = true
	if !s.working {
		s.working = true
		s.running.Go(func() { u.noteChanges() })
	}
}

// noteChanges notes what changes until nothing does any more.
func (u *usage) noteChanges() {
	for pause := noteDelay; ; {
		select {
		case <-time.After(pause):
		case <-u.shared.quit.Done(): // the others forget this server
			return
		}
		pause = noteDelay
		more := false
		err := guard.Run("the count of the participants of accounts", func() (err error) {
			more, err = u.note()
			return err
		})
		if err != nil {
			pause = noteRetry // a database that is away is reported by who waits for it
		} else if !more {
			return
		}
	}
}

// note notes the counts that have changed; more is false when there were none, and noteChanges ends.
func (u *usage) note() (more bool, err error) {
	s := u.shared
	s.noting.Lock()
	defer s.noting.Unlock()
	var counts []record.UsageCount
	u.mu.Lock()
	for key := range s.changed {
		if n := u.countLocked(key); n != s.known[key] {
			counts = append(counts, record.UsageCount{AccountID: key.accountID, Mode: key.mode, Participants: n})
		}
	}
	clear(s.changed)
	s.working = len(counts) > 0
	u.mu.Unlock()
	if len(counts) == 0 {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(s.quit, placeTimeout)
	defer cancel()
	err = s.with.NotePlaces(ctx, counts)
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, c := range counts {
		key := usageKey{c.AccountID, c.Mode}
		switch {
		case err != nil:
			s.changed[key] = true
		case c.Participants == 0:
			delete(s.known, key)
		default:
			s.known[key] = c.Participants
		}
	}
	return true, err
}

// reservePlace takes a place for a join, unless its older connection has one of the same mode.
func (m *Meetings) reservePlace(ctx context.Context, r *room, p *Participant) (*reservation, *fault.Error) {
	if m.usage.shared == nil || p.req.Hidden || p.req.Test || limitOf(p.req.Limits, p.mode) == 0 {
		return nil, nil
	}
	has := false
	// An error is that of the join, too, which is next.
	_ = r.do(ctx, func() {
		older := r.people.get(p.id)
		has = older != nil && older.place == p.mode
	})
	if has {
		return nil, nil
	}
	return m.usage.reserve(ctx, r.accountID, p.mode, p.req.Limits)
}

// reserveEntry takes a place for somebody in the lobby who is to be let in.
func (r *room) reserveEntry(ctx context.Context, id string) (*reservation, *fault.Error) {
	if r.meetings.usage.shared == nil {
		return nil, nil
	}
	var waits *Participant
	_ = r.do(ctx, func() { waits = r.lobby.get(id) }) // see reservePlace
	if waits == nil {
		return nil, nil
	}
	return r.meetings.reservePlace(ctx, r, waits)
}
