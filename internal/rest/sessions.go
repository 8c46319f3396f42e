package rest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/record"
)

// Session is one live occurrence of a room.
type Session struct {
	ID             string         `json:"id"`
	UserID         string         `json:"userId" doc:"Id of the account."`
	RoomID         string         `json:"roomId"`
	CustomRoomID   *string        `json:"customRoomId"`
	Start          fault.Instant  `json:"start"`
	End            *fault.Instant `json:"end" doc:"Null while the job runs."`
	Status         string         `json:"status" enum:"ongoing,ended"`
	ActiveDuration int64          `json:"activeDuration" doc:"Seconds from the start to the end, or to now."`
	Participants   []Participant  `json:"participants"`
	ChatLink       *string        `json:"chatLink" doc:"Persisted messages to everybody as CSV, to be read with the same token; null when there are none."`
	Links          SessionLinks   `json:"links"`
}

// SessionLinks lead on from a session.
type SessionLinks struct {
	GetRoom    string `json:"get_room"`
	GetSession string `json:"get_session"`
}

type (
	// SessionPath names a session.
	SessionPath struct {
		SessionID string `path:"sessionId"`
	}
	listSessionsInput struct {
		PageQuery
		RoomID       string `query:"roomId"`
		CustomRoomID string `query:"customRoomId"`
		Query        string `query:"query" doc:"Only this roomId or customRoomId, matched exactly."`
		Participant  string `query:"participantId" maxLength:"128" doc:"Only sessions that this participant was or is in."`
		UserID       string `query:"userId" doc:"Id of the account; for any account but that of the token the list is empty."`
		StartDate    int64  `query:"startDate" doc:"Earliest start, in ms since 1970." minimum:"0" maximum:"253402300799999"`
		EndDate      int64  `query:"endDate" doc:"Latest start, in ms since 1970." minimum:"0" maximum:"253402300799999"`
		Status       string `query:"status" enum:"ongoing,ended"`
	}
	endSessionInput struct {
		Body EndSession
	}
	lockSessionInput struct {
		Body LockSession
	}
	restrictSessionInput struct {
		Body RestrictSession
	}
)

// LockSession names the session to lock or unlock.
type LockSession struct {
	RoomID    string `json:"roomId,omitempty" doc:"roomId or customRoomId; required unless sessionId is given."`
	MeetingID string `json:"meetingId,omitempty" doc:"Same as roomId."`
	SessionID string `json:"sessionId,omitempty" doc:"Act only if this one is running."`
}

// SessionLock is whether a running session is locked.
type SessionLock struct {
	RoomID    string `json:"roomId"`
	SessionID string `json:"sessionId"`
	Locked    bool   `json:"locked"`
}

// EndSession names the session to end.
type EndSession struct {
	RoomID        string `json:"roomId,omitempty" doc:"roomId or customRoomId; required unless sessionId is given."`
	MeetingID     string `json:"meetingId,omitempty" doc:"Same as roomId."`
	SessionID     string `json:"sessionId,omitempty" doc:"Act only if this one is running."`
	IgnoreClosed  bool   `json:"ignoreClosed,omitempty" doc:"Return the last session instead of a fault if none runs."`
	VsdkForceKill bool   `json:"vsdkForceKill,omitempty" doc:"Accepted from the published server SDK; a session always ends at once."`
}

func (a *API) sessionRoutes() {
	tags := []string{"Sessions"}
	secured(a, huma.Operation{
		OperationID: "list-sessions", Method: http.MethodGet, Path: "/v2/sessions",
		Summary: "List sessions, newest first", Tags: tags,
	}, a.listSessions)
	secured(a, huma.Operation{
		OperationID: "get-session", Method: http.MethodGet, Path: "/v2/sessions/{sessionId}", Summary: "Read a session",
		Tags: tags,
	}, a.getSession)
	secured(a, huma.Operation{
		OperationID: "end-session", Method: http.MethodPost, Path: "/v2/sessions/end",
		Summary: "End the running session of a room", Tags: tags,
		Description: "Every client gets 4104 BY_API with leave reason 1009.",
	}, a.endSession)
	// The published pages of other resources call the same thing stop.
	secured(a, huma.Operation{
		OperationID: "stop-session", Method: http.MethodPost, Path: "/v2/sessions/stop",
		Summary: "End the running session of a room", Tags: tags,
	}, a.endSession)
	secured(a, huma.Operation{
		OperationID: "lock-session", Method: http.MethodPost, Path: "/v2/sessions/lock",
		Summary: "Lock the running session of a room", Tags: tags,
		Description: "Nobody new gets in (4101 LOCKED) until it is unlocked or the session ends. Klatch's own.",
	}, a.setLock(true))
	secured(a, huma.Operation{
		OperationID: "unlock-session", Method: http.MethodPost, Path: "/v2/sessions/unlock",
		Summary: "Unlock the running session of a room", Tags: tags,
		Description: "Klatch's own.",
	}, a.setLock(false))
	a.restrictRoute(tags)
	secured(a, huma.Operation{
		OperationID: "get-session-chat", Method: http.MethodGet, Path: "/v2/sessions/{sessionId}/chat",
		Summary: "Read the persisted messages of a session as CSV", Tags: tags,
		Description: "Messages that were sent to some participants only (sendOnly) are not in it.",
		Responses: map[string]*huma.Response{
			"200": {
				Description: "OK",
				Content:     map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: "string"}}},
			},
		},
	}, a.getChat)
}

// check finds what the schema cannot say: seconds where milliseconds are taken would list everything.
func (in *listSessionsInput) check() error {
	const method = "GET /v2/sessions"
	const firstMs = 100_000_000_000 // in 1973; as seconds it would be the year 5138
	for field, ms := range map[string]int64{"startDate": in.StartDate, "endDate": in.EndDate} {
		if ms > 0 && ms < firstMs {
			return fault.InvalidMessageBadParams(
				method,
				field,
				fmt.Sprintf("%d is in %d; it takes milliseconds since 1970, not seconds", ms, fromMs(ms).Year()),
			)
		}
	}
	if in.StartDate > in.EndDate && in.EndDate > 0 {
		return fault.InvalidMessageBadParams(method, "endDate", "it is before startDate")
	}
	return nil
}

func (a *API) listSessions(ctx context.Context, who Caller, in *listSessionsInput) (*body[Page[Session]], error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	page := Page[Session]{in.info(0), []Session{}}
	if in.UserID != "" && in.UserID != who.Account.ID {
		return &body[Page[Session]]{page}, nil
	}
	filter := record.SessionFilter{
		ParticipantID: in.Participant, Status: record.SessionStatus(in.Status),
		From: fromMs(in.StartDate), To: fromMs(in.EndDate),
	}
	var none bool
	var err error
	if filter.MeetingID, none, err = a.filteredRoom(ctx, who, in.RoomID, in.CustomRoomID, in.Query); err != nil ||
		none {
		return answer(page, err)
	}
	list, err := a.opts.Store.Sessions(ctx, who.Account.ID, filter, in.page())
	if err != nil {
		return nil, storeFault(err)
	}
	page.PageInfo = in.info(list.Total)
	for _, session := range list.Items {
		page.Data = append(page.Data, a.sessionJSON(ctx, session))
	}
	return &body[Page[Session]]{page}, nil
}

func (a *API) getSession(ctx context.Context, who Caller, in *SessionPath) (*body[Session], error) {
	session, err := a.session(ctx, who, in.SessionID)
	if err != nil {
		return nil, err
	}
	return &body[Session]{a.sessionJSON(ctx, session)}, nil
}

func (a *API) endSession(ctx context.Context, who Caller, in *endSessionInput) (*body[Session], error) {
	room, err := a.roomOf(ctx, who, cmp.Or(in.Body.RoomID, in.Body.MeetingID), in.Body.SessionID)
	if err != nil {
		return nil, err
	}
	if err := a.here(ctx, who.Account.ID, room.ID); err != nil {
		return nil, err
	}
	ended, err := a.opts.Meetings.EndSession(ctx, who.Account.ID, room.ID, in.Body.SessionID)
	if errors.Is(err, meeting.ErrNotLive) {
		if ended = in.Body.SessionID; in.Body.IgnoreClosed && ended == "" {
			if ended, err = a.lastSession(ctx, room); err != nil {
				return nil, err
			}
		}
		if !in.Body.IgnoreClosed || ended == "" {
			return nil, a.notLive(ctx, who, room, in.Body.SessionID)
		}
	} else if err != nil {
		return nil, err
	}
	session, err := a.session(ctx, who, ended)
	if err != nil {
		return nil, err
	}
	return &body[Session]{a.sessionJSON(ctx, session)}, nil
}

// setLock makes the handler that locks the running session of a room, or unlocks it.
func (a *API) setLock(locked bool) func(context.Context, Caller, *lockSessionInput) (*body[SessionLock], error) {
	return func(ctx context.Context, who Caller, in *lockSessionInput) (*body[SessionLock], error) {
		room, err := a.roomOf(ctx, who, cmp.Or(in.Body.RoomID, in.Body.MeetingID), in.Body.SessionID)
		if err != nil {
			return nil, err
		}
		if err := a.here(ctx, who.Account.ID, room.ID); err != nil {
			return nil, err
		}
		id, err := a.opts.Meetings.SetLock(ctx, who.Account.ID, room.ID, in.Body.SessionID, locked)
		if errors.Is(err, meeting.ErrNotLive) {
			return nil, a.notLive(ctx, who, room, in.Body.SessionID)
		}
		return answer(SessionLock{room.ID, id, locked}, err)
	}
}

// notLive returns the fault for a change that found no running session: nothing runs in the room, or not the session
// that was named. One that never was, or is of another room, is no session that has ended.
func (a *API) notLive(ctx context.Context, who Caller, room record.Meeting, sessionID string) error {
	if sessionID == "" {
		return fault.ConflictNoLiveSession(room.ID).WithMeeting(room.ID, "", "")
	}
	session, err := a.session(ctx, who, sessionID)
	if err != nil {
		return err
	}
	if session.MeetingID != room.ID {
		return fault.InvalidMessageOtherRoom("sessionId", sessionID, session.MeetingID, room.ID)
	}
	return fault.ConflictNoLiveSession(sessionID).WithMeeting(room.ID, "", "")
}

func (a *API) lastSession(ctx context.Context, room record.Meeting) (string, error) {
	list, err := a.opts.Store.Sessions(
		ctx,
		room.AccountID,
		record.SessionFilter{MeetingID: room.ID},
		record.Page{Number: 1, Size: 1},
	)
	if err != nil || len(list.Items) == 0 {
		return "", err
	}
	return list.Items[0].ID, nil
}

// session finds a session that the caller may see. One of another account does not exist, and one of another
// room than the token's is refused like the room itself.
func (a *API) session(ctx context.Context, who Caller, id string) (record.Session, error) {
	session, err := a.opts.Store.Session(ctx, who.Account.ID, id)
	if notFound(err) {
		return session, fault.NotFoundSession(id)
	}
	if err != nil {
		return session, storeFault(err)
	}
	if err := mayUse(
		who, record.Meeting{ID: session.MeetingID, CustomID: session.CustomID}, session.MeetingID,
	); err != nil {
		return session, err
	}
	p := scopeOf(ctx)
	p.meetingID, p.sessionID = session.MeetingID, session.ID
	return session, nil
}

// roomOf finds the room that a call names, by itself or by one of its sessions.
func (a *API) roomOf(ctx context.Context, who Caller, roomID, sessionID string) (record.Meeting, error) {
	if roomID == "" && sessionID != "" {
		session, err := a.session(ctx, who, sessionID)
		if err != nil {
			return record.Meeting{}, err
		}
		roomID = session.MeetingID
	}
	return a.meeting(ctx, who, roomID)
}

func (a *API) sessionJSON(ctx context.Context, s record.Session) Session {
	base := a.base(requestOf(ctx))
	self := base + "/v2/sessions/" + url.PathEscape(s.ID)
	out := Session{
		ID: s.ID, UserID: s.AccountID, RoomID: s.MeetingID, CustomRoomID: nullIfEmpty(s.CustomID),
		Start: fault.InstantOf(s.StartedAt), Status: string(record.SessionEnded),
		Participants: participantsJSON(s.Participants),
		Links:        SessionLinks{GetRoom: base + "/v2/rooms/" + url.PathEscape(s.MeetingID), GetSession: self},
	}
	end := s.EndedAt
	if s.Ongoing() {
		end, out.Status = time.Now(), string(record.SessionOngoing)
	} else {
		out.End = fault.InstantOrNull(end)
	}
	out.ActiveDuration = int64(end.Sub(s.StartedAt) / time.Second)
	if s.Messages > 0 {
		out.ChatLink = nullIfEmpty(self + "/chat")
	}
	return out
}
