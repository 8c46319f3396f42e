package meeting

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// closingKey names what was closed; one field is set.
type closingKey struct{ accountID, apiKey, meetingID string }

// closed remembers a closing for as long as a join that was checked before it may still be on its way.
type closed struct {
	at    time.Time
	fault *fault.Error
}

const closingMemory = time.Minute

// refuseFromNow refuses joins that were checked before now.
func (m *Meetings) refuseFromNow(key closingKey, f *fault.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := time.Now()
	for old, c := range m.closings {
		if at.Sub(c.at) > closingMemory {
			delete(m.closings, old)
		}
	}
	m.closings[key] = closed{at, f}
}

// refusal returns what keeps this join out whatever the state of its meeting.
func (m *Meetings) refusal(req JoinRequest) *fault.Error {
	if !req.Hidden { // a recording is no participant
		if f := m.opts.Refuse(); f != nil {
			return f
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.draining {
		return fault.ServerUnavailableDraining()
	}
	if req.CheckedAt.IsZero() {
		return nil
	}
	for _, key := range []closingKey{{accountID: req.AccountID}, {apiKey: req.APIKey}, {meetingID: req.MeetingID}} {
		if c, found := m.closings[key]; found && !req.CheckedAt.After(c.at) {
			return c.fault
		}
	}
	return nil
}

// CloseAccount puts everybody of an account out at once, those in the lobby included: f is 4006 or 4007. Call it
// when the account's new state is stored.
func (m *Meetings) CloseAccount(accountID string, f *fault.Error) {
	m.refuseFromNow(closingKey{accountID: accountID}, f)
	m.evict(f, func(r *room) bool { return r.accountID == accountID }, anyone)
}

// CloseKey puts everybody out who came with a token of that key: f is 4053. Call it when the key's new state is
// stored.
func (m *Meetings) CloseKey(apiKey string, f *fault.Error) {
	m.refuseFromNow(closingKey{apiKey: apiKey}, f)
	m.evict(f, func(*room) bool { return true }, func(p *Participant) bool { return p.req.APIKey == apiKey })
}

// Close refuses new joins, puts everybody out with f (5102), writes what is left to write and waits until
// no goroutine of the package runs. When ctx ends first, it gives up what is not yet written and returns ctx's error.
func (m *Meetings) Close(ctx context.Context, f *fault.Error) error {
	m.mu.Lock()
	m.draining = true
	m.mu.Unlock()
	if m.usage.shared != nil {
		m.usage.shared.stop()
	}
	defer m.stop()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.evict(f, func(*room) bool { return true }, anyone)
		m.running.Wait()
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		m.stop()
		<-ended
		return ctx.Err()
	}
}

// evict takes the picked people out of the picked rooms, in all rooms at once, and waits until they are out. One
// incident, one id: each room tells a copy of f that names it.
func (m *Meetings) evict(f *fault.Error, ofRoom func(*room) bool, pick func(*Participant) bool) {
	var asked sync.WaitGroup
	for _, r := range m.allRooms() {
		if !ofRoom(r) {
			continue
		}
		asked.Go(func() {
			// The only error is that the room has ended: nobody is in it.
			_ = r.do(context.Background(), func() {
				r.depart(r.departures(wire.RoomClose, f, pick)...)
			})
		})
	}
	asked.Wait()
}

// EndSession ends the running session of a meeting for everybody (4104 BY_API, leave reason 1009). sessionID ""
// is whichever runs. It returns the id of the session, whose records are then written. ErrNotLive.
func (m *Meetings) EndSession(ctx context.Context, accountID, meetingID, sessionID string) (string, error) {
	return m.change(ctx, accountID, meetingID, sessionID, func(r *room) error {
		r.depart(r.departures(wire.MeetingEndAPI, fault.MeetingEndedByAPI(), anyone)...)
		return nil
	})
}

// EndFailed ends a session with that fault for everybody, because a job of it has failed (leave reason 1006). A session
// that has ended is left alone.
func (m *Meetings) EndFailed(ctx context.Context, accountID, meetingID, sessionID string, f *fault.Error) {
	_, err := m.change(ctx, accountID, meetingID, sessionID, func(r *room) error {
		r.depart(r.departures(wire.RoomClose, f, anyone)...)
		return nil
	})
	if err != nil && !errors.Is(err, ErrNotLive) {
		m.opts.Report(ctx, fault.From(err).WithMeeting(meetingID, sessionID, ""))
	}
}

// RemoveParticipant puts one out, of the session or of its lobby (4103 BY_API, leave reason 1010). It returns the
// id of the session, whose records are then written. ErrNotLive, ErrNoParticipant.
func (m *Meetings) RemoveParticipant(
	ctx context.Context,
	accountID, meetingID, sessionID, participantID string,
) (string, error) {
	return m.change(ctx, accountID, meetingID, sessionID, func(r *room) error {
		target := r.people.get(participantID)
		if target == nil {
			target = r.lobby.get(participantID)
		}
		if target == nil {
			return ErrNoParticipant
		}
		f := fault.ParticipantRemovedByAPI().WithMeeting(r.meetingID, r.session.id, target.id)
		r.depart(departure{p: target, code: wire.RemovePeerAPI, fault: f})
		return nil
	})
}

// change is inSession for REST, which reads the records afterwards.
func (m *Meetings) change(
	ctx context.Context,
	accountID, meetingID, sessionID string,
	f func(*room) error,
) (string, error) {
	var changed *room
	err := m.inSession(ctx, accountID, meetingID, sessionID, func(r *room) error {
		changed, sessionID = r, r.session.id
		return f(r)
	})
	if err != nil {
		return "", err
	}
	changed.records.flush(ctx)
	return sessionID, nil
}
