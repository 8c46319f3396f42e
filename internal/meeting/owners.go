package meeting

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// Owners decides which meetings live on this server. Its methods may wait for a database.
type Owners interface {
	// Open is called before a meeting gets a room here. It returns the session that is open already, which this server
	// then goes on with; nil where none is. accountID is "" where nobody wants to join: then a meeting that lives nowhere
	// stays so. An error is a *fault.Error: the meeting does not live here.
	Open(ctx context.Context, accountID, meetingID string) (*record.OpenSession, error)
	// Closed is called when nobody is in a meeting any more and its records are written. The next Open of the meeting
	// comes after it.
	Closed(meetingID string)
}

// moveTimeout bounds the part of Move in which the participants of the meeting wait.
const moveTimeout = 4 * time.Second

// errNotWritten is an error of Move.
var errNotWritten = errors.New("meeting: what is kept of the session could not be written")

// acquire finds or makes the room of a meeting and keeps it from ending until release.
func (m *Meetings) acquire(ctx context.Context, req JoinRequest) (*room, error) {
	for {
		m.mu.Lock()
		if m.draining {
			m.mu.Unlock()
			return nil, fault.ServerUnavailableDraining()
		}
		if r, found := m.rooms[req.MeetingID]; found {
			r.joining++
			m.mu.Unlock()
			return r, nil
		}
		if m.opts.Owners == nil || req.Test {
			r := newRoom(m, req.AccountID, req.MeetingID, req.Test)
			m.startLocked(r)
			m.mu.Unlock()
			return r, nil
		}
		busy := m.busy[req.MeetingID]
		if busy == nil {
			done := m.markBusyLocked(req.MeetingID)
			losses := m.losses
			m.mu.Unlock()
			r, err := m.open(ctx, req, losses)
			done()
			return r, err
		}
		m.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// startLocked puts a room on the map, for a caller that releases it.
func (m *Meetings) startLocked(r *room) {
	r.joining = 1
	m.rooms[r.meetingID] = r
	if r.session.running() {
		m.sessions[r.session.id] = r
	}
	m.running.Go(r.run)
}

// markBusyLocked has those wait who ask for a meeting that is being opened or closed, until done is called.
func (m *Meetings) markBusyLocked(meetingID string) (done func()) {
	busy := make(chan struct{})
	m.busy[meetingID] = busy
	return func() {
		m.mu.Lock()
		delete(m.busy, meetingID)
		m.mu.Unlock()
		close(busy)
	}
}

// open asks whether a meeting lives here, and makes its room, with the session that is open. A req without an account
// makes none where no session is open: it is that of Restore.
func (m *Meetings) open(ctx context.Context, req JoinRequest, losses int) (*room, error) {
	session, err := m.opts.Owners.Open(ctx, req.AccountID, req.MeetingID)
	if err != nil {
		return nil, err
	}
	if session == nil && req.AccountID == "" {
		m.opts.Owners.Closed(req.MeetingID)
		return nil, nil
	}
	accountID := req.AccountID
	if session != nil {
		accountID = session.AccountID
	}
	r := newRoom(m, accountID, req.MeetingID, false)
	if session != nil {
		r.restore(session)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if losses == m.losses && !m.draining {
		m.startLocked(r)
		return r, nil
	}
	// The leases were lost meanwhile, or the server stops: the session is for somebody else to go on with.
	f := fault.ServerUnavailableDraining()
	if losses != m.losses {
		f = m.loss
	}
	r.records.discard()
	m.running.Go(func() { r.letGo(f) })
	return nil, f
}

// Restore makes the room of a meeting live again where a session of it is open, so that participants who do not come
// back are timed out, and the others are told. Otherwise it does nothing. It may be called again.
func (m *Meetings) Restore(ctx context.Context, meetingID string) error {
	r, err := m.acquire(ctx, JoinRequest{MeetingID: meetingID})
	if err != nil {
		return err
	}
	if r != nil {
		m.release(r)
	}
	return nil
}

// Owned returns the meetings that have a room here.
func (m *Meetings) Owned() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	ids := make([]string, 0, len(m.rooms))
	for id, r := range m.rooms {
		if r.owned() {
			ids = append(ids, id)
		}
	}
	return ids
}

// Move hands a meeting over: it writes what is kept of the session, calls hand, which makes another server its owner,
// and then lets go of the room without a leave. Listeners hear Moved with 5102 MOVING. Nothing happens in the meeting
// between the write and the return of hand, whose context ends in time. Where something fails the meeting goes on here,
// and Move returns why: ErrNotLive where nobody is in it. A join that comes meanwhile is refused with 5102 MOVING, or
// waits for the next owner.
func (m *Meetings) Move(ctx context.Context, meetingID string, hand func(context.Context) error) error {
	r := m.roomOfMeeting(meetingID)
	if r == nil || !r.owned() {
		return ErrNotLive
	}
	r.records.flush(ctx) // what waits already is written while the meeting goes on
	err := ErrNotLive
	asked := r.do(ctx, func() { err = r.move(ctx, hand) })
	return errors.Join(asked, err)
}

// move is Move in the room's loop, which does nothing else meanwhile.
func (r *room) move(ctx context.Context, hand func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, moveTimeout)
	defer cancel()
	defer context.AfterFunc(r.life, cancel)()
	if r.session.running() {
		if err := r.saveNow(); err != nil {
			return errors.Join(errNotWritten, err)
		}
	}
	if err := hand(ctx); err != nil {
		return err
	}
	r.letGo(fault.ServerShutdownMoving())
	return nil
}

// Abandon drops every room at once, because this server owns nothing any more: nothing is written and nobody leaves.
// Listeners hear Moved with f. It returns when that is done; afterwards meetings may be opened again.
func (m *Meetings) Abandon(f *fault.Error) {
	m.mu.Lock()
	m.losses++
	m.loss = f
	rooms := make([]*room, 0, len(m.rooms))
	for _, r := range m.rooms {
		rooms = append(rooms, r)
	}
	m.mu.Unlock()
	for _, r := range rooms {
		r.records.discard() // whoever waits for a record waits no longer
	}
	var asked sync.WaitGroup
	for _, r := range rooms {
		asked.Go(func() {
			// The only error is that the room has ended.
			_ = r.do(context.Background(), func() { r.letGo(f) })
		})
	}
	asked.Wait()
}

// letGo ends a room whose meeting goes on elsewhere, or nowhere. It runs in the loop, which then ends.
func (r *room) letGo(f *fault.Error) {
	if r.released {
		return
	}
	r.released = true
	m := r.meetings
	f = f.WithMeeting(r.meetingID, r.session.id, "")
	r.failure = f
	m.drop(r)
	r.records.discard()
	for _, list := range [][]*Participant{r.people.order, r.hidden.order, r.lobby.order} {
		for _, p := range list {
			inside := p.state == joined
			p.state = gone
			if inside {
				m.media.Detach(p.peer())
			}
			r.releasePlace(p)
			if p.listener != nil {
				p.listener.Moved(f.WithMeeting("", "", p.id))
			}
		}
	}
	r.people, r.hidden, r.lobby = roster{}, roster{}, roster{}
	r.session = session{id: newID()}
}

// owned reports whether Owners know of the room.
func (r *room) owned() bool { return r.meetings.opts.Owners != nil && !r.test }

// closeLocked has Owners hear that nobody is in a meeting any more, when its records are written. The room is off the
// map.
func (m *Meetings) closeLocked(r *room) {
	if !r.owned() {
		return
	}
	done := m.markBusyLocked(r.meetingID)
	m.running.Go(func() {
		defer done()
		<-r.ended
		r.records.flush(m.life)
		m.opts.Owners.Closed(r.meetingID)
	})
}

// Reenter makes somebody present again who was in a session that this server goes on with. told gets the state of the
// meeting in the room's loop: what p is told afterwards comes after it. It may be called again, by a client that did
// not get the answer.
func (p *Participant) Reenter(ctx context.Context, told func(wire.Welcome)) error {
	renew := false
	err := p.inRoom(ctx, wire.MethodResume, func(r *room) error {
		if p.state != joined {
			return fault.ActionPerformedBeforeMeetingJoinedLeft(wire.MethodResume)
		}
		p.cut, p.silent = false, false
		r.updateConnection(p)
		told(r.welcome(p))
		renew = !p.away && len(p.subscribed) > 0
		p.away = false
		r.subscribe(p)
		return nil
	})
	if err == nil && renew {
		p.restart() // the offer that it was sent may be lost
	}
	return err
}
