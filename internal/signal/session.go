package signal

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/wire"
)

// session is one participant's signaling: the events it was told, the requests it made, and the socket it has
// at the moment, if any. It outlives sockets. It is a meeting.Listener: the meeting sends it events.
//
// Shape: mutex. Under mu frames are pushed into the socket's outbox (a leaf), so that what the log holds and
// what the socket gets are in the same order, a new secret is made known to the server, whose lock is a leaf too, and
// the participant is told whether it has a socket, which takes a lock that is a leaf as well; nothing else is called
// under it.
type session struct {
	server       *Server
	reports      *rate.Limiter
	ends         *rate.Limiter // of what was reported
	measurements *rate.Limiter
	restored     bool    // another server began it
	place        placeID // of one that was restored

	accountID string
	software  fault.Client    // set once, before the first request
	trace     context.Context // of the join, for the spans of later requests; as software

	mu          sync.Mutex           // guards everything below
	participant *meeting.Participant // set once, before the first request
	joined      wire.JoinResult      // who this is, as join said it; Secret is not kept
	sessionID   string               // the session it is in: another one than joined's after a long wait in the lobby
	state       state
	log         eventLog
	conn        *conn       // the attached socket; nil while cut
	cutAt       time.Time   // when conn became nil
	expiry      *time.Timer // runs while cut, and until a closed session is forgotten
	jobs        []job       // requests that wait, oldest first; the first runs while running is set
	jobBytes    int         // of the params of jobs
	running     bool
	leaving     bool            // a request to leave has come: that its socket ends then is no loss
	background  map[int64]*conn // requests that run beside the queue, by id, and the socket each last came on
	answering   bool            // a request runs: its answer goes out before a close frame
	pending     bool            // that answer is sent before the close frame
	closeFrame  closeFrame      // how sockets of a closed session end
	closedWith  *fault.Error    // why it was put out; nil: it was not
	answers     []answer        // of the last requests, oldest first
	lastID      int64           // highest request id that was taken
	secrets     secrets
	ticket      Ticket            // of the newest secret
	iceServedAt time.Time         // when credentials for TURN were made last
	lasting     map[string]string // the keys of conditions that the client has reported, by the id of the fault
}

// state of a session.
type state int

const (
	stateEntering state = iota + 1 // join runs
	stateWaiting                   // in the lobby
	stateJoined
	stateClosed  // out of the meeting; kept until resumeWindow so that the reason can be fetched
	stateExpired // out because nobody came back in time; kept to answer WINDOW_PASSED
)

func (s state) String() string {
	return [...]string{"invalid", "entering", "waiting in the lobby", "joined", "out of the meeting", "expired"}[s]
}

// Requests that wait for their turn, and answers kept for a resume. A client with more requests under way is
// read no further until one is done.
const (
	maxJobs     = 64
	maxJobBytes = wire.MaxFrameBytes // of their params: one of the largest waits alone
	maxAnswers  = 64
)

type job struct {
	req  wire.Request
	from *conn
}

// answer is what a request was answered with. from is the socket on which the request last came, to the one
// that got the answer.
type answer struct {
	id       int64
	frame    []byte
	from, to *conn
}

// Notify implements meeting.Listener: it numbers, keeps and sends the event.
func (s *session) Notify(event wire.Event) {
	defer guard.Recover("the telling of an event", s.panicked)
	if told, ok := event.(wire.Faulted); ok {
		event = wire.Faulted{Fault: s.withIDs(told.Fault)}
	}
	in, letIn := event.(wire.MeetingJoined)
	if letIn {
		meetingID, _, _ := s.ids()
		in.Welcome.ICEServers = s.iceServers(meetingID, in.Welcome.SessionID, in.Welcome.Participant.ID)
		event = in
	}
	encoded := s.server.encodeEvent(event)
	s.mu.Lock()
	if letIn && s.state < stateClosed {
		s.state, s.sessionID = stateJoined, in.Welcome.SessionID
	}
	slow := s.emitLocked(encoded)
	s.mu.Unlock()
	s.server.closeSlowReader(slow)
}

// iceServers makes credentials for the TURN servers, for this participant.
func (s *session) iceServers(meetingID, sessionID, participantID string) []wire.ICEServer {
	s.mu.Lock()
	s.iceServedAt = time.Now()
	s.mu.Unlock()
	return s.server.opts.ICEServers(s.accountID, meetingID, sessionID, participantID)
}

// renewICEServers sends new credentials where the last ones are older than age.
func (s *session) renewICEServers(age time.Duration) {
	if s.server.opts.ICEServersLife == 0 {
		return
	}
	s.mu.Lock()
	due := s.state == stateJoined && time.Since(s.iceServedAt) >= age
	s.mu.Unlock()
	if due {
		s.Notify(wire.ICEServersChanged{ICEServers: s.iceServers(s.ids())})
	}
}

// panicked keeps a panic while somebody is told something to that one: the meeting goes on, and the socket may resume.
func (s *session) panicked(err error) {
	s.server.report(s.withIDs(fault.From(err)))
	s.mu.Lock()
	conn := s.conn
	s.mu.Unlock()
	if conn != nil {
		_ = conn.netConn.Close()
	}
}

// Closed implements meeting.Listener: the participant is out. The session stays known for resumeWindow where a
// fault is the reason, so that a client that was cut meanwhile still learns it.
func (s *session) Closed(reason wire.LeaveReason, f *fault.Error) {
	defer guard.Recover("the telling of an event", s.panicked)
	closing := closeFrame{code: 1000, reason: reason.Name}
	if f != nil {
		f = s.withIDs(f) // the meeting has reported it
		closing = closeFrameOf(f)
	}
	left := s.server.encodeEvent(wire.MeetingLeft{Reason: reason, Fault: f})
	s.mu.Lock()
	if s.state >= stateClosed {
		s.mu.Unlock()
		return
	}
	expired := reason.Code == wire.WebSocketDisconnected && s.conn == nil
	slow := s.emitLocked(left)
	s.state, s.closeFrame, s.closedWith = stateClosed, closing, f
	if expired {
		s.state = stateExpired
		s.log = eventLog{last: s.log.last}
	}
	conn := s.conn
	if s.pending = s.answering; s.pending {
		conn = nil
	} else {
		s.conn = nil
	}
	forget := f == nil && !expired
	if !forget {
		s.startExpiryLocked(s.server.opts.ResumeWindow)
	} else {
		s.stopExpiryLocked()
	}
	s.jobs, s.jobBytes = nil, 0
	s.answers = nil
	lasting := s.lasting
	s.lasting = nil
	s.mu.Unlock()

	for _, key := range lasting { // who is out has no condition any more
		s.server.opts.Conditions.ClearAt(key, time.Now())
	}
	s.server.closeSlowReader(slow)
	if forget {
		s.server.forget(s)
	}
	if conn != nil {
		conn.out.close(closing)
	}
}

// Moved implements meeting.Listener: the place is kept, and goes on elsewhere. The socket is closed with the fault, and
// nothing is answered any more: the client sends it again where it resumes.
func (s *session) Moved(f *fault.Error) {
	defer guard.Recover("the telling of an event", s.panicked)
	closing := closeFrameOf(s.withIDs(f))
	s.mu.Lock()
	if s.state >= stateClosed {
		s.mu.Unlock()
		return
	}
	s.state, s.closeFrame = stateClosed, closing
	conn := s.conn
	s.conn = nil
	s.stopExpiryLocked()
	s.jobs, s.jobBytes, s.answers = nil, 0, nil
	lasting := s.lasting
	s.lasting = nil
	s.mu.Unlock()

	for _, key := range lasting { // the client reports it again where it goes on
		s.server.opts.Conditions.ClearAt(key, time.Now())
	}
	s.server.forget(s)
	if conn != nil {
		conn.out.close(closing)
	}
}

// withIDs returns a copy of a fault that names this participant: the meeting may tell one fault to many.
func (s *session) withIDs(f *fault.Error) *fault.Error {
	return f.WithAccount(s.accountID).WithDefaultMeeting(s.ids()).WithClient(s.software)
}

// ids returns the ids of meeting, session and participant.
func (s *session) ids() (meetingID, sessionID, participantID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.joined.MeetingID, s.sessionID, s.joined.ParticipantID
}

// hasIDs reports whether join returned these ids.
func (s *session) hasIDs(sessionID, participantID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.joined.SessionID == sessionID && s.joined.ParticipantID == participantID
}

func (s *session) currentState() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// encodeEvent is done before the lock is taken, so that what panics in it leaves nothing locked.
func (s *Server) encodeEvent(event wire.Event) *wire.Encoded {
	switch told := event.(type) {
	case wire.Broadcast:
		return told.Encoded()
	case wire.Faulted:
		event = wire.Faulted{Fault: s.opts.Presentation.Of(told.Fault)}
	case wire.MeetingLeft:
		event = wire.MeetingLeft{Reason: told.Reason, Fault: s.opts.Presentation.Of(told.Fault)}
	}
	return wire.Encode(event)
}

// emitLocked numbers an event, keeps it and hands it to the socket; it returns the socket that must be closed
// because it does not read.
func (s *session) emitLocked(event *wire.Encoded) (slow *conn) {
	if s.state >= stateClosed {
		return nil
	}
	s.log.append(event)
	return s.pushLocked(message{seq: s.log.last, event: event})
}

// pushLocked hands a message to the socket, or detaches and returns a socket that is full.
func (s *session) pushLocked(m message) (slow *conn) {
	if s.conn == nil {
		return nil
	}
	if s.conn.out.push(m) {
		return nil
	}
	slow = s.conn
	s.detachLocked(slow)
	return slow
}

// enter finishes a join: the answer goes out, then what the meeting told meanwhile.
func (s *session) enter(c *conn, p *meeting.Participant, result wire.JoinResult, id int64) {
	if result.Welcome != nil {
		result.Welcome.ICEServers = s.iceServers(result.MeetingID, result.Welcome.SessionID, result.ParticipantID)
	}
	s.mu.Lock()
	s.ticket.MeetingID, s.ticket.SessionID = result.MeetingID, result.SessionID
	s.ticket.ParticipantID = result.ParticipantID
	secret, key := s.sealLocked()
	s.secrets.current = key
	s.server.remember(s, key) // before the answer goes out: a client that is cut at once may already resume
	s.participant, s.joined = p, result
	if s.sessionID == "" {
		s.sessionID = result.SessionID
	}
	s.joined.Welcome = nil
	s.lastID = id
	if s.state == stateEntering {
		s.state = stateJoined
		if result.State == wire.Waiting {
			s.state = stateWaiting
		}
	}
	result.Secret = secret
	c.out.push(message{answer: s.server.encodeResult(id, result)})
	told, _ := s.log.after(0)
	c.out.replay(told)
	closed, closing := s.state >= stateClosed, s.closeFrame // put out since; meeting-left is among the frames
	if !closed {
		s.conn = c
	}
	forget := closed && s.expiry == nil
	s.mu.Unlock()

	if forget {
		s.server.forget(s)
	}
	c.attach(s)
	if closed {
		c.out.close(closing)
	}
}

// resume attaches a new socket after lastSeq. An older socket is replaced.
func (s *session) resume(c *conn, params wire.ResumeParams, id int64) *fault.Error {
	s.mu.Lock()
	if s.restored && s.state < stateExpired && s.secrets.take(keyOf(params.Secret)) && s.secrets.foreign {
		s.mu.Unlock()
		return s.reenter(c, params, id)
	}
	var f *fault.Error
	missed, kept := s.log.after(min(params.LastSeq, s.log.last))
	switch {
	case s.state == stateExpired:
		f = fault.ReconnectFailedWindowPassed(time.Since(s.cutAt), s.server.opts.ResumeWindow)
	case !s.secrets.take(keyOf(params.Secret)):
		f = fault.ReconnectFailedSecretReused()
	case params.LastSeq > s.log.last:
		f = fault.InvalidMessageBadParams(wire.MethodResume, "lastSeq",
			fmt.Sprintf("is %d; the events of this session go from 1 to %d", params.LastSeq, s.log.last))
	case !kept:
		f = fault.ReconnectFailedEventsLost(params.LastSeq, s.log.oldest())
	}
	if f != nil {
		s.mu.Unlock()
		return f.WithAccount(s.accountID).WithMeeting(s.ids())
	}
	old := s.conn
	cutAt, participant := s.cutAt, s.participant
	if old != nil { // the client was faster than the end of its old socket
		cutAt = time.Now()
	}
	s.ticket.Generation++
	secret, key := s.sealLocked()
	s.secrets.offer(key, c)
	s.server.addSecret(key, s)
	c.out.push(message{answer: s.server.encodeResult(id, wire.ResumeResult{Seq: s.log.last, Secret: secret})})
	c.out.replay(missed)
	closed, closing := s.state == stateClosed, s.closeFrame
	if !closed {
		s.stopExpiryLocked()
		s.conn = c
		s.reachableLocked(true)
	}
	s.mu.Unlock()
	c.attach(s)
	if old != nil {
		old.out.close(closeFrame{code: 1000, reason: "resumed on a newer socket"})
	}
	if closed {
		c.out.close(closing)
	} else {
		if participant != nil {
			participant.Resumed(cutAt)
		}
		s.renewICEServers(0)
	}
	return nil
}

// sealLocked makes the secret of the session's ticket.
func (s *session) sealLocked() (string, secretKey) {
	s.ticket.Nonce = newNonce()
	secret := s.ticket.seal(s.server.opts.TicketKey)
	return secret, keyOf(secret)
}

// confirm notes that a request came on a socket.
func (s *session) confirm(c *conn) {
	s.mu.Lock()
	s.secrets.confirm(c)
	s.mu.Unlock()
}

// stop tells a client that the server stops. Meetings that were closed before have done so themselves.
func (s *session) stop(f *fault.Error) {
	s.Notify(wire.Faulted{Fault: f})
	s.mu.Lock()
	s.stopExpiryLocked()
	s.mu.Unlock()
}

// detach notes that a socket is gone; the place is kept for the resume window.
func (s *session) detach(c *conn) {
	s.mu.Lock()
	s.detachLocked(c)
	s.mu.Unlock()
}

func (s *session) detachLocked(c *conn) {
	if s.conn != c {
		return
	}
	s.conn = nil
	s.cutAt = time.Now()
	if s.state < stateClosed {
		s.startExpiryLocked(s.server.opts.ResumeWindow)
		s.reachableLocked(false)
	}
}

// responds notes whether a socket answers the server's pings.
func (s *session) responds(c *conn, does bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == c {
		s.reachableLocked(does)
	}
}

func (s *session) reachableLocked(is bool) {
	if s.participant != nil && !s.leaving {
		s.participant.Reachable(is)
	}
}

// startExpiryLocked starts the expiry; the server's Close waits for a timer that has fired.
func (s *session) startExpiryLocked(d time.Duration) {
	s.stopExpiryLocked()
	if s.server.closed.Load() {
		return
	}
	s.server.timers.Add(1)
	s.expiry = time.AfterFunc(d, func() {
		defer s.server.timers.Done()
		defer guard.Recover("the expiry of a session", s.panicked)
		s.expire()
	})
}

func (s *session) stopExpiryLocked() {
	if s.expiry != nil && s.expiry.Stop() {
		s.server.timers.Done()
	}
	s.expiry = nil
}

// expire runs when nobody came back in time, and again to forget the session.
func (s *session) expire() {
	s.mu.Lock()
	gone := s.state >= stateClosed
	cut := !gone && s.conn == nil && time.Since(s.cutAt) >= s.server.opts.ResumeWindow
	participant := s.participant
	s.mu.Unlock()
	switch {
	case gone:
		s.server.forget(s)
	case cut:
		participant.Disconnected()
	}
}
