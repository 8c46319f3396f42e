package meeting

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/wire"
)

// room is a meeting while somebody is in it or requests entry: the lobby and the session, if one runs.
//
// Shape: loop. The goroutine of run owns every field below "owned by run"; calls come in as functions through
// inbox, media's news through mail. Work that depends on a peer (SDP) is done outside and only its result
// comes in; listeners only queue. So nobody waits here for anyone's network. Two writes are waited for, both
// when nobody is inside who could be held up: the start of a session and the disabling of a meeting at its end.
type room struct {
	meetings             *Meetings
	accountID, meetingID string
	test                 bool // a pre-call test, see precall.go

	inbox   chan request // bounded; when it is full callers wait their turn
	wake    chan struct{}
	ended   chan struct{} // closed when run returns
	failure *fault.Error  // why the loop collapsed; nil where it ended in good order. Read after ended is closed
	mail    mailbox
	summary atomic.Pointer[LiveSession]

	joining int // calls of Join under way; guarded by Meetings.mu

	life context.Context // ends when the records of the room are discarded

	// Owned by run.
	session   session
	people    roster      // in the session
	lobby     roster      // waiting to be let in
	hidden    roster      // workers of egress jobs, in the session while somebody else is
	departing []departure // under way: out of the rosters, and not all told yet
	released  bool        // the meeting goes on elsewhere
	saving    saving
	records   *recorder
}

// session is what lasts from the first who enters to the last who leaves. Before the first it is only an id.
type session struct {
	id             string
	startedAt      time.Time // zero: not yet
	closeAt        time.Time // zero: never
	autoClose      AutoClose
	speaker        string
	shares         []*Participant // who shares, in the order of their start: the last is the presenter
	sharedBefore   []string       // likewise, when another server had the session
	presenter      string         // as told to everybody
	pins           map[string]wire.PinChanged
	topics         topics
	values         values
	data           bool // somebody has opened data channels
	participations int64
	answers        []entryAnswer // to the last entry requests, for hosts who answer late
	egress         wire.Egress   // as told to everybody
	removed        []removal     // by moderators, oldest first
	lock           lock
	restrictions   restrictions
}

func (s *session) running() bool { return !s.startedAt.IsZero() }

type request struct {
	do   func()
	done chan struct{}
}

var errRoomEnded = errors.New("meeting: the room has ended")

func newRoom(m *Meetings, accountID, meetingID string, test bool) *room {
	r := &room{
		meetings: m, accountID: accountID, meetingID: meetingID, test: test,
		inbox: make(chan request, 64),
		wake:  make(chan struct{}, 1),
		ended: make(chan struct{}),
	}
	r.records = newRecorder(m)
	r.life = r.records.life
	if test {
		r.records.to = noRecords{}
	}
	r.session.id = newID()
	r.publishSummary()
	return r
}

// do runs f in the loop and waits for it. It fails when ctx ends before f was taken on, with errRoomEnded, and with the
// *fault.Error of a loop that panicked, in f or elsewhere.
func (r *room) do(ctx context.Context, f func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q := request{do: f, done: make(chan struct{})}
	select {
	case r.inbox <- q:
	case <-r.ended:
		return r.outcome()
	case <-ctx.Done():
		return ctx.Err()
	}
	// Taken on: f will run, so its outcome must not be lost to ctx. It is short.
	select {
	case <-q.done:
		return nil
	case <-r.ended:
	}
	select {
	case <-q.done:
		return nil
	default:
		return r.outcome()
	}
}

// wakeLoop makes the loop look at its mail and at whether it is still needed.
func (r *room) wakeLoop() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (r *room) run() {
	defer close(r.ended)
	defer guard.Recover("the loop of a meeting", r.endAfterPanic)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		if due, any := r.nextDue(); any {
			timer.Reset(time.Until(due))
		} else {
			timer.Stop()
		}
		var q request
		select {
		case q = <-r.inbox:
			guard.PanicPoint("meeting", r.meetingID)
			q.do()
		case <-r.wake:
			r.readMailbox()
			r.saveAgain()
		case <-timer.C:
			r.runDue(time.Now())
		}
		if r.session.running() && r.people.len() == 0 {
			r.endSession()
		}
		r.publishSummary()
		if q.done != nil {
			close(q.done)
		}
		if r.released {
			return
		}
		if r.people.len()+r.lobby.len() == 0 && r.meetings.forget(r) {
			return
		}
	}
}

// nextDue is the earliest deadline of the room.
func (r *room) nextDue() (due time.Time, any bool) {
	consider := func(t time.Time) {
		if !t.IsZero() && (!any || t.Before(due)) {
			due, any = t, true
		}
	}
	consider(r.session.closeAt)
	consider(r.saving.due)
	for _, k := range r.lobby.order {
		consider(k.timeoutAt)
		consider(k.hintAt)
	}
	return due, any
}

// runDue runs what is due.
func (r *room) runDue(now time.Time) {
	if at := r.session.closeAt; !at.IsZero() && !now.Before(at) {
		r.autoClose(now)
		return
	}
	if at := r.saving.due; !at.IsZero() && !now.Before(at) {
		r.save(now)
	}
	r.updateWaiting(now)
}

// startSession records the session before its first participant enters, and fails when that cannot be done.
func (r *room) startSession(now time.Time, auto AutoClose) error {
	rec := SessionRecord{ID: r.session.id, AccountID: r.accountID, MeetingID: r.meetingID, StartedAt: now}
	err := r.records.wait("the start of the session", func(ctx context.Context, to Records) error {
		return to.SessionStarted(ctx, rec)
	})
	if err != nil {
		return err
	}
	r.meetings.route(r.session.id, r)
	r.session.startedAt, r.session.autoClose = now, auto
	if auto.DurationMin > 0 {
		r.session.closeAt = now.Add(time.Duration(auto.DurationMin) * time.Minute)
	}
	if !r.test {
		r.meetings.egress.SessionStarted(r.accountID, r.meetingID, r.session.id)
	}
	if auto.DurationMin > 0 {
		r.changed()
	}
	return nil
}

// endSession forgets the session; whoever waits in the lobby will enter the next one.
func (r *room) endSession() {
	id, now := r.session.id, time.Now()
	if !r.test {
		r.meetings.egress.SessionEnded(id)
	}
	r.removeHidden()
	r.meetings.route(id, nil)
	r.records.add("the end of the session", func(ctx context.Context, to Records) error {
		return to.SessionEnded(ctx, id, now)
	})
	r.session, r.saving.due = session{id: newID()}, time.Time{}
	for _, k := range r.lobby.order {
		k.setSession(r.session.id)
	}
}

func (r *room) summarize() LiveSession {
	return LiveSession{
		SessionID: r.session.id, MeetingID: r.meetingID, AccountID: r.accountID,
		StartedAt: r.session.startedAt, Participants: r.people.len(), Waiting: r.lobby.len(),
	}
}

func (r *room) publishSummary() {
	now := r.summarize()
	if last := r.summary.Load(); last == nil || *last != now {
		r.summary.Store(&now)
	}
}

// notifyAll notifies everybody in the session.
func (r *room) notifyAll(event wire.Event) {
	event = wire.NewBroadcast(event)
	for _, p := range r.everyone() {
		p.listener.Notify(event)
	}
}

// everyone is who is in the session, hidden ones included.
func (r *room) everyone() []*Participant {
	if r.hidden.len() == 0 {
		return r.people.order
	}
	return slices.Concat(r.people.order, r.hidden.order)
}

// notifyHosts notifies those who may answer the lobby.
func (r *room) notifyHosts(event wire.Event) {
	event = wire.NewBroadcast(event)
	for _, p := range r.people.order {
		if p.isHost() {
			p.listener.Notify(event)
		}
	}
}

// present returns somebody in the session whom others know of: viewers are not shown.
func (r *room) present(id string) *Participant {
	if p := r.people.get(id); p != nil && !p.req.Viewer {
		return p
	}
	return nil
}

// othersThan describes everybody but one, as others know them.
func (r *room) othersThan(p *Participant) []wire.Participant {
	others := make([]wire.Participant, 0, r.people.len())
	for _, other := range r.people.order {
		if other != p && !other.req.Viewer {
			others = append(others, other.describe())
		}
	}
	return others
}
