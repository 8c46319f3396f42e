package meeting

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// lock keeps everybody new out of a session until a moderator or REST unlocks it, or the session ends.
type lock struct {
	since time.Time // zero: not locked
	// left is who has left by its own will, oldest first: who reloads a page leaves, and comes back with the same id.
	// Those of the return window are kept also while the session is not locked.
	left []leaver
}

// leaver is somebody who may come back into a locked session.
type leaver struct {
	ParticipantID string    `json:"participantId"`
	At            time.Time `json:"at"`
}

// maxLeavers of a session are remembered.
const maxLeavers = 256

func (l *lock) locked() bool { return !l.since.IsZero() }

// Lock locks the session. Who waits in its lobby is refused: 4101 LOCKED.
func (p *Participant) Lock(ctx context.Context) error { return p.setLock(ctx, wire.MethodLock, true) }

// Unlock unlocks the session.
func (p *Participant) Unlock(ctx context.Context) error {
	return p.setLock(ctx, wire.MethodUnlock, false)
}

func (p *Participant) setLock(ctx context.Context, method string, locked bool) error {
	return p.inSession(ctx, method, func(r *room) error {
		if !p.req.MayModerate {
			return fault.NotPermittedNeedsPermission(method, allowMod)
		}
		r.setLock(locked, p.id)
		return nil
	})
}

// SetLock locks or unlocks the running session of a meeting; sessionID "" is whichever runs. It returns the id of the
// session. ErrNotLive.
func (m *Meetings) SetLock(ctx context.Context, accountID, meetingID, sessionID string, locked bool) (string, error) {
	return m.change(ctx, accountID, meetingID, sessionID, func(r *room) error {
		r.setLock(locked, "")
		return nil
	})
}

// setLock tells everybody, unless nothing changes. by is "" over REST.
func (r *room) setLock(locked bool, by string) {
	l := &r.session.lock
	if locked == l.locked() {
		return
	}
	l.since = time.Time{}
	if locked {
		l.since = now()
	}
	r.changed()
	r.notifyAll(wire.LockChanged{Locked: locked, By: by})
	var out []departure
	for _, k := range r.lobby.order {
		if f := r.lockedOut(k); f != nil {
			out = append(out, departure{p: k, code: wire.JoinRoomFailed, fault: f})
		}
	}
	r.depart(out...)
}

// lockedOut returns why p may not come into a session that is locked; nil where it may: who is in it, under the same
// id, or has just left it. Where nobody inside could unlock the session, who may moderate comes in too.
func (r *room) lockedOut(p *Participant) *fault.Error {
	l := &r.session.lock
	if !l.locked() || r.people.get(p.id) != nil {
		return nil
	}
	l.forget(now().Add(-r.meetings.opts.ReturnWindow))
	if slices.ContainsFunc(l.left, func(one leaver) bool { return one.ParticipantID == p.id }) {
		return nil
	}
	if p.mayUnlock() && r.people.count((*Participant).mayUnlock) == 0 {
		return nil
	}
	return fault.LobbyDeniedLocked(fault.InstantOf(l.since).String()).WithMeeting(r.meetingID, r.session.id, p.id)
}

func (p *Participant) mayUnlock() bool { return p.req.MayModerate && !p.req.Direct }

// noteLeaving remembers who leaves by its own will. Who has no signaling socket has no place that is kept: losing its
// connection is the same.
func (r *room) noteLeaving(d departure) {
	switch {
	case d.p.req.Direct && d.code == wire.WebSocketDisconnected,
		d.fault == nil && (d.code == wire.ManualLeave || d.code == wire.SwitchRoom):
		r.mayReturn(d.p.id)
	}
}

// mayReturn lets an id come back within the return window.
func (r *room) mayReturn(participantID string) {
	l, at := &r.session.lock, now()
	l.forget(at.Add(-r.meetings.opts.ReturnWindow))
	l.left = slices.DeleteFunc(l.left, func(one leaver) bool { return one.ParticipantID == participantID })
	l.left = append(l.left, leaver{participantID, at})
	l.left = l.left[max(0, len(l.left)-maxLeavers):]
	if l.locked() {
		r.changed()
	}
}

// forget forgets who left before that time.
func (l *lock) forget(before time.Time) {
	first, _ := slices.BinarySearchFunc(l.left, before, func(one leaver, at time.Time) int {
		return cmp.Compare(one.At.UnixNano(), at.UnixNano())
	})
	l.left = slices.Delete(l.left, 0, first)
}
