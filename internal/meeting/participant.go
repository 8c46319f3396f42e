package meeting

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Participant is the place of one client in a meeting, or in its lobby. Its methods are safe for concurrent use;
// errors are *fault.Error. In the lobby they are refused with 3035 IN_LOBBY, after Closed with 3035 LEFT.
//
// Shape: loop; the room's loop owns every field below "owned by the room".
type Participant struct {
	id          string
	room        *room
	req         JoinRequest
	listener    Listener
	sessionID   atomic.Pointer[string]
	streamsLock chan struct{} // one publish or setStream at a time: they change the same streams at media

	// Owned by the room.
	skeleton      string // of id, see looksAlike
	state         state
	mode          wire.Mode
	place         wire.Mode // that is counted in usage; noMode when none is
	reserved      *reservation
	joinedAt      time.Time
	participation int64 // see wire.Peer
	recorder      bool  // hidden: the worker of an egress job

	requestedAt, hintAt, timeoutAt time.Time
	hosts                          int // most there were while this one waited

	away        bool                // of a session that this server goes on with, and not back yet
	cut, silent bool                // signaling, media: lost for the moment
	told        wire.LostConnection // what the others were told of these two; "": nothing is lost

	streams     map[wire.Kind]*stream // negotiated with media
	resettles   bool                  // see settleStreams
	switchedOff map[wire.Kind]bool    // switched off by others since the publish under way began
	held        map[wire.Kind]bool    // of a Direct: switched off by others; its next offer does not switch it on
	keptOut     map[wire.Kind]bool    // of a Direct: off while a restriction lasts
	choices     map[StreamRef]bool    // what Consume asked for, where it differs from AutoConsume
	subscribed  []StreamRef           // as media was last told
	source      string                // of a viewer: whom it is sent; "" follows who shares or speaks
	topics      int                   // subscribed ones
	observed    int                   // keys of the realtime store
	data        bool                  // media was asked for data channels
	resumes     int                   // recorded ones
	budget      *budget               // of messages; made with the first
}

type state int

const (
	arriving state = iota // Join has not decided
	waiting               // in the lobby
	joined
	gone
)

// stream is what a participant sends.
type stream struct {
	wire.Stream
	enabled bool
}

func newParticipant(r *room, req JoinRequest, l Listener) *Participant {
	return &Participant{
		id: req.ParticipantID, room: r, req: req, listener: l, mode: req.Mode, source: req.Source,
		streamsLock: make(chan struct{}, 1), streams: map[wire.Kind]*stream{},
	}
}

// ID is the participant id, made by the meeting where the client gave none.
func (p *Participant) ID() string { return p.id }

// MeetingID is the id of the meeting.
func (p *Participant) MeetingID() string { return p.room.meetingID }

// AccountID is the account of the meeting.
func (p *Participant) AccountID() string { return p.room.accountID }

// Place is that of the JoinRequest.
func (p *Participant) Place() string { return p.req.Place }

// Client describes the software of the client, as it joined.
func (p *Participant) Client() wire.ClientInfo { return p.req.Client }

// SessionID is the id of the session. For somebody in the lobby it is the session that would be entered now.
func (p *Participant) SessionID() string { return *p.sessionID.Load() }

func (p *Participant) setSession(id string) { p.sessionID.Store(&id) }

func (p *Participant) peer() Peer {
	return Peer{
		SessionID: p.SessionID(), ParticipantID: p.id, Participation: p.participation, Recorder: p.recorder,
		Test: p.req.Test,
	}
}

// isHost reports whether p answers the lobby.
func (p *Participant) isHost() bool { return p.req.MayJoin && !p.req.Direct }

func (p *Participant) sends() bool    { return p.mode == wire.SendAndRecv }
func (p *Participant) receives() bool { return p.mode != wire.SignallingOnly }

// Permissions, as in the token.
const (
	allowJoin = "allow_join"
	askJoin   = "ask_join"
	allowMod  = "allow_mod"
)

// Rights that come with allow_mod, and that an account may grant to everybody. No token names them; a welcome
// does, so that a page knows what to offer.
const (
	allowEnd    = "allow_end"
	allowEgress = "allow_egress"
)

func (p *Participant) permissions() []string {
	permissions := []string{askJoin}
	if p.req.MayJoin {
		permissions[0] = allowJoin
	}
	if p.req.MayModerate {
		permissions = append(permissions, allowMod)
	}
	if p.req.MayEnd {
		permissions = append(permissions, allowEnd)
	}
	if p.req.MayEgress {
		permissions = append(permissions, allowEgress)
	}
	return permissions
}

// describe is p as others see it.
func (p *Participant) describe() wire.Participant {
	d := wire.Participant{
		ID: p.id, DisplayName: p.req.Name, Mode: p.mode, MetaData: p.req.MetaData,
		Streams: []wire.Stream{}, JoinedAt: fault.InstantOf(p.joinedAt),
	}
	if p.told != "" {
		d.ConnectionState = wire.ConnectionReconnecting
	}
	for _, kind := range wire.Kinds {
		if s := p.streams[kind]; s != nil && s.enabled {
			d.Streams = append(d.Streams, s.Stream)
		}
	}
	return d
}

// request is p's entry request as hosts see it.
func (p *Participant) request() wire.EntryRequested {
	return wire.EntryRequested{ParticipantID: p.id, Name: p.req.Name, MetaData: p.req.MetaData}
}

func now() time.Time { return time.Now().UTC() }

// inRoom runs f in the room, in whatever state p is.
func (p *Participant) inRoom(ctx context.Context, method string, f func(r *room) error) error {
	var err error
	switch asked := p.room.do(ctx, func() { err = f(p.room) }); {
	case errors.Is(asked, errRoomEnded):
		return fault.ActionPerformedBeforeMeetingJoinedLeft(method)
	case isFault(asked):
		return asked
	case asked != nil:
		return fault.OperationAbortedCancelled(method).Because(asked)
	}
	return err
}

func isFault(err error) bool {
	_, is := errors.AsType[*fault.Error](err)
	return is
}

// inSession runs f in the room while p is in the session.
func (p *Participant) inSession(ctx context.Context, method string, f func(r *room) error) error {
	return p.inRoom(ctx, method, func(r *room) error {
		switch p.state {
		case joined:
			if p.req.Hidden && !slices.Contains(hiddenMethods, method) {
				return fault.NotPermittedNeedsPermission(method, allowJoin)
			}
			if p.req.Test && !slices.Contains(testMethods, method) {
				return fault.NotPermittedPreCallTest(method)
			}
			return f(r)
		case waiting:
			return fault.ActionPerformedBeforeMeetingJoinedInLobby(method)
		default:
			return fault.ActionPerformedBeforeMeetingJoinedLeft(method)
		}
	})
}

// InSession returns the fault of a call of method by a participant that is not in the session; nil where it is.
func (p *Participant) InSession(ctx context.Context, method string) error {
	return p.inSession(ctx, method, func(*room) error { return nil })
}

// Leave takes p out of the session or the lobby: leave reason 1101.
func (p *Participant) Leave(ctx context.Context) error { return p.LeaveFor(ctx, wire.LeaveParams{}) }

// LeaveFor is Leave; of somebody who joins another meeting next the leave reason is 1005.
func (p *Participant) LeaveFor(ctx context.Context, params wire.LeaveParams) error {
	code := wire.ManualLeave
	if params.Reason == wire.LeavesForAnother {
		code = wire.SwitchRoom
	}
	return p.inRoom(ctx, wire.MethodLeave, func(r *room) error {
		if p.state == gone {
			return fault.ActionPerformedBeforeMeetingJoinedLeft(wire.MethodLeave)
		}
		r.depart(departure{p: p, code: code})
		return nil
	})
}

// Disconnected takes out a participant whose client did not come back in time: leave reason 1001.
func (p *Participant) Disconnected() {
	// The only errors say that p or its room is gone already, which is what is wanted.
	_ = p.room.do(context.Background(), func() {
		p.room.depart(departure{p: p, code: wire.WebSocketDisconnected})
	})
}

// maxResumes bounds what is recorded of one participation: a client may reconnect all day.
const maxResumes = 200

// Resumed notes that the client was cut at that time and is back.
func (p *Participant) Resumed(cut time.Time) {
	back := now()
	// The only errors say that p or its room is gone, of which nothing is recorded any more.
	_ = p.room.do(context.Background(), func() {
		if p.state != joined || p.req.Hidden || p.resumes >= maxResumes {
			return
		}
		p.resumes++
		sessionID := p.room.session.id
		p.room.records.add("a reconnect", func(ctx context.Context, to Records) error {
			return to.ConnectionResumed(ctx, sessionID, p.id, cut, back)
		})
	})
}

// SetMode changes what p may do with media. Leaving SEND_AND_RECV switches its streams off, SIGNALLING_ONLY
// receives nothing. A limit that is reached refuses the change with its code, not fatal.
func (p *Participant) SetMode(ctx context.Context, params wire.SetModeParams) error {
	mode, _ := wire.ParseMode(params.Mode) // params.Check refuses any other
	place, full := p.reserveMode(ctx, mode)
	defer place.release()
	return p.inRoom(ctx, wire.MethodSetMode, func(r *room) error {
		switch {
		case p.state == waiting:
			return fault.ChangeModeFailedKnocking(string(mode))
		case p.state == gone:
			return fault.ActionPerformedBeforeMeetingJoinedLeft(wire.MethodSetMode)
		case p.req.Hidden:
			return fault.NotPermittedNeedsPermission(wire.MethodSetMode, allowJoin)
		case p.req.Test:
			return fault.NotPermittedPreCallTest(wire.MethodSetMode)
		}
		return r.setMode(p, mode, place, full)
	})
}

// reserveMode takes a place of the account for a mode that p is not in.
func (p *Participant) reserveMode(ctx context.Context, mode wire.Mode) (*reservation, *fault.Error) {
	usage := &p.room.meetings.usage
	if usage.shared == nil || limitOf(p.req.Limits, mode) == 0 {
		return nil, nil
	}
	needs := false
	// An error is that of the change, too, which is next.
	_ = p.room.do(ctx, func() { needs = p.state == joined && p.mode != mode && !p.req.Hidden && !p.req.Test })
	if !needs {
		return nil, nil
	}
	return usage.reserve(ctx, p.room.accountID, mode, p.req.Limits)
}

// setMode changes the mode of p; full is why no place could be taken for it.
func (r *room) setMode(p *Participant, mode wire.Mode, place *reservation, full *fault.Error) error {
	if mode == p.mode {
		return nil
	}
	if full != nil {
		return full.WithFatal(false)
	}
	others := func(q *Participant) bool { return q != p }
	if f := r.speakersFull(mode, p.req.Limits, others); f != nil {
		return f.WithFatal(false)
	}
	if f := r.meetings.usage.move(r.accountID, p.place, mode, p.req.Limits, false, place); f != nil {
		return f.WithFatal(false)
	}
	p.place = mode
	if mode != wire.SendAndRecv {
		for _, kind := range wire.Kinds {
			r.switchOff(p, kind, "")
		}
	}
	p.mode = mode
	r.notifyAll(wire.ParticipantModeChanged{ParticipantID: p.id, Mode: mode})
	sessionID, at := r.session.id, now()
	r.records.add("a change of mode", func(ctx context.Context, to Records) error {
		return to.ModeChanged(ctx, sessionID, p.id, mode, at)
	})
	r.subscribe(p)
	r.setData(p)
	return nil
}
