package signal

import (
	"context"
	"errors"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/wire"
)

// Sessions that another server began. They have no socket and no secret of this server. The first ticket that comes for
// the place resumes one; the answer carries the state of the meeting, for the events that the other server sent, and
// their numbers, are gone with it.

// placeID names a participant of a session.
type placeID struct{ meetingID, sessionID, participantID string }

func (t Ticket) placeID() placeID { return placeID{t.MeetingID, t.SessionID, t.ParticipantID} }

// Restored makes the session of a participant that was in a session which this server goes on with, and returns it as
// the participant's listener. Its client has the resume window to come back.
func (s *Server) Restored(p *meeting.Participant) meeting.Listener {
	session := s.newSession(p.AccountID(), p.Place())
	session.restored = true
	session.software = p.Client().FaultClient()
	session.trace = context.Background()
	session.participant = p
	session.sessionID = p.SessionID()
	session.joined = wire.JoinResult{
		State: wire.Joined, MeetingID: p.MeetingID(), SessionID: p.SessionID(), ParticipantID: p.ID(),
	}
	session.ticket.MeetingID, session.ticket.SessionID, session.ticket.ParticipantID = p.MeetingID(), p.SessionID(), p.ID()
	session.place = session.ticket.placeID()
	session.secrets.open = true
	session.state = stateJoined
	session.cutAt = time.Now()
	s.mu.Lock()
	s.sessions[session] = nil
	s.places[session.place] = session
	s.mu.Unlock()
	session.mu.Lock()
	session.startExpiryLocked(s.opts.ResumeWindow)
	session.mu.Unlock()
	return session
}

// findRestored returns the session of a place that another server began.
func (s *Server) findRestored(ticket Ticket) *session {
	s.mu.Lock()
	found := s.places[ticket.placeID()]
	s.mu.Unlock()
	if found == nil {
		return nil
	}
	found.mu.Lock()
	defer found.mu.Unlock()
	if place := found.ticket.Place; place != "" && place != ticket.Place {
		return nil // of an earlier join of the same id
	}
	if found.secrets.open { // the tickets of this server follow
		found.ticket.Generation = ticket.Generation
	}
	return found
}

// reenter attaches a socket to a session that another server began, and answers with the state of the meeting. Events
// count anew from there.
func (s *session) reenter(c *conn, params wire.ResumeParams, id int64) *fault.Error {
	ctx, cancel := context.WithTimeout(s.server.ctx, s.server.opts.RequestTimeout)
	defer cancel()
	key := keyOf(params.Secret)
	var old *conn
	var cutAt time.Time
	refused := errors.New("signal: not resumed") // told was not called
	err := s.participant.Reenter(ctx, func(welcome wire.Welcome) {
		// What panics in it must not leave the meeting locked.
		refused = guard.Do("the resume of a session", func() {
			welcome.ICEServers = s.iceServers(s.ids())
			s.mu.Lock()
			defer s.mu.Unlock()
			old, cutAt = s.conn, s.cutAt
			if s.conn != nil {
				cutAt = time.Now()
			}
			s.log = eventLog{} // the state holds what they said
			s.ticket.Generation++
			secret, fresh := s.sealLocked()
			s.secrets.offer(fresh, c)
			s.server.addSecret(key, s)
			s.server.addSecret(fresh, s)
			c.out.push(message{
				answer: s.server.encodeResult(id, wire.ResumeResult{Secret: secret, Welcome: &welcome}),
			})
			s.stopExpiryLocked()
			s.conn = c
			s.reachableLocked(true)
		})
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return s.refusedReentry(err)
	}
	c.attach(s)
	if old != nil {
		old.out.close(closeFrame{code: 1000, reason: "resumed on a newer socket"})
	}
	s.participant.Resumed(cutAt)
	return nil
}

// refusedReentry returns the fault of a client whose place is gone: the one with which it was put out meanwhile.
func (s *session) refusedReentry(err error) *fault.Error {
	s.mu.Lock()
	out, state := s.closedWith, s.state
	s.mu.Unlock()
	switch {
	case out != nil:
		return s.withIDs(out)
	case state >= stateClosed:
		return fault.ReconnectFailedSessionUnknown().WithAccount(s.accountID).WithMeeting(s.ids())
	}
	return s.withIDs(fault.From(err))
}
