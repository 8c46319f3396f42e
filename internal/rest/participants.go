package rest

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// Participant is one id in a session, over all its participations.
type Participant struct {
	ParticipantID     string            `json:"participantId"`
	Name              string            `json:"name"`
	Mode              string            `json:"mode" enum:"SEND_AND_RECV,RECV_ONLY,SIGNALLING_ONLY"`
	TimeLog           []Span            `json:"timelog" doc:"One entry for each participation."`
	Events            ParticipantEvents `json:"events" doc:"When each stream was on."`
	InitTime          fault.Instant     `json:"initTime" doc:"First join."`
	DeviceInfo        DeviceInfo        `json:"deviceInfo"`
	ChangeModeHistory []ModeLog         `json:"changeModeHistory"`
	MetaData          map[string]any    `json:"metaData,omitempty"`
}

// Span is a stretch of time.
type Span struct {
	Start fault.Instant  `json:"start"`
	End   *fault.Instant `json:"end" doc:"Null while the session runs."`
}

// ParticipantEvents holds when each stream was on.
type ParticipantEvents struct {
	Mic              []Span `json:"mic"`
	Webcam           []Span `json:"webcam"`
	ScreenShare      []Span `json:"screenShare"`
	ScreenShareAudio []Span `json:"screenShareAudio"`
}

// DeviceInfo describes the client of the last participation.
type DeviceInfo struct {
	SDKType          string `json:"sdkType"`
	SDKVersion       string `json:"sdkVersion"`
	Platform         string `json:"platform"`
	BrowserUserAgent string `json:"browserUserAgent"`
}

// ModeLog is how long a mode lasted.
type ModeLog struct {
	Mode    string `json:"mode"`
	TimeLog []Span `json:"timelog"`
}

// SessionParticipants is a session with a page of its participants; data is an object, as published.
type SessionParticipants struct {
	PageInfo PageInfo         `json:"pageInfo"`
	Data     ParticipantsData `json:"data"`
}

// ParticipantsData is the session a page of participants belongs to.
type ParticipantsData struct {
	ID           string        `json:"id"`
	RoomID       string        `json:"roomId"`
	CustomRoomID *string       `json:"customRoomId"`
	Participants []Participant `json:"participants"`
	Links        SessionLinks  `json:"links"`
}

// ActiveParticipants is a page of those who are in a session; data is an array of one, as published.
type ActiveParticipants struct {
	PageInfo PageInfo     `json:"pageInfo"`
	Data     []ActiveData `json:"data"`
}

// ActiveData is the session a page of active participants belongs to.
type ActiveData struct {
	ID           string         `json:"_id"`
	APIKey       string         `json:"apiKey" doc:"API key of the first participant on the page."`
	RoomID       string         `json:"roomId"`
	CustomRoomID *string        `json:"customRoomId"`
	Start        fault.Instant  `json:"start"`
	End          *fault.Instant `json:"end"`
	Participants []Participant  `json:"participants"`
}

type (
	listParticipantsInput struct {
		SessionPath
		PageQuery
	}
	// ParticipantPath names a participant of a session.
	ParticipantPath struct {
		SessionPath
		ParticipantID string `path:"participantId"`
	}
	removeParticipantInput struct {
		Body RemoveParticipant
	}
)

// RemoveParticipant names who is put out.
type RemoveParticipant struct {
	ParticipantID string `json:"participantId" minLength:"1"`
	RoomID        string `json:"roomId,omitempty" doc:"roomId or customRoomId; required unless sessionId is given."`
	SessionID     string `json:"sessionId,omitempty" doc:"Act only if this one is running."`
}

func (a *API) participantRoutes() {
	tags := []string{"Participants"}
	secured(a, huma.Operation{
		OperationID: "list-participants", Method: http.MethodGet, Path: "/v2/sessions/{sessionId}/participants",
		Summary: "List the participants of a session", Tags: tags,
	}, a.listParticipants)
	secured(a, huma.Operation{
		OperationID: "list-active-participants", Method: http.MethodGet,
		Path: "/v2/sessions/{sessionId}/participants/active", Summary: "List the active participants of a session",
		Tags: tags,
	}, a.listActive)
	// The published pages have the segment in both numbers.
	for path, id := range map[string]string{
		"participants": "get-participant", "participant": "get-participant-singular",
	} {
		secured(a, huma.Operation{
			OperationID: id, Method: http.MethodGet, Path: "/v2/sessions/{sessionId}/" + path + "/{participantId}",
			Summary: "Read a participant", Tags: tags,
		}, a.getParticipant)
	}
	secured(a, huma.Operation{
		OperationID: "remove-participant", Method: http.MethodPost, Path: "/v2/sessions/participants/remove",
		Summary: "Remove a participant from the running session", Tags: tags, Responses: textResponse(),
		Description: "The client gets 4103 BY_API with leave reason 1010.",
	}, a.removeParticipant)
}

func (a *API) listParticipants(
	ctx context.Context,
	who Caller,
	in *listParticipantsInput,
) (*body[SessionParticipants], error) {
	session, list, err := a.participants(ctx, who, in, false)
	if err != nil {
		return nil, err
	}
	whole := a.sessionJSON(ctx, session)
	return &body[SessionParticipants]{SessionParticipants{in.info(list.Total), ParticipantsData{
		ID: whole.ID, RoomID: whole.RoomID, CustomRoomID: whole.CustomRoomID,
		Participants: participantsJSON(list.Items), Links: whole.Links,
	}}}, nil
}

func (a *API) listActive(
	ctx context.Context,
	who Caller,
	in *listParticipantsInput,
) (*body[ActiveParticipants], error) {
	session, list, err := a.participants(ctx, who, in, true)
	if err != nil {
		return nil, err
	}
	whole := a.sessionJSON(ctx, session)
	data := ActiveData{
		ID: whole.ID, RoomID: whole.RoomID, CustomRoomID: whole.CustomRoomID, Start: whole.Start, End: whole.End,
		Participants: participantsJSON(list.Items),
	}
	if len(list.Items) > 0 {
		data.APIKey = list.Items[0].APIKey
	}
	return &body[ActiveParticipants]{ActiveParticipants{in.info(list.Total), []ActiveData{data}}}, nil
}

func (a *API) participants(
	ctx context.Context,
	who Caller,
	in *listParticipantsInput,
	active bool,
) (record.Session, record.List[record.Participant], error) {
	session, err := a.session(ctx, who, in.SessionID)
	if err != nil {
		return session, record.List[record.Participant]{}, err
	}
	list, err := a.opts.Store.Participants(ctx, who.Account.ID, session.ID, active, in.page())
	if err != nil {
		return session, list, storeFault(err)
	}
	return session, list, nil
}

func (a *API) getParticipant(ctx context.Context, who Caller, in *ParticipantPath) (*body[Participant], error) {
	session, err := a.session(ctx, who, in.SessionID)
	if err != nil {
		return nil, err
	}
	participant, err := a.opts.Store.Participant(ctx, who.Account.ID, session.ID, in.ParticipantID)
	if notFound(err) {
		return nil, fault.NotFoundParticipant(in.ParticipantID).WithMeeting(session.MeetingID, session.ID, "")
	}
	if err != nil {
		return nil, storeFault(err)
	}
	return &body[Participant]{participantJSON(participant)}, nil
}

func (a *API) removeParticipant(
	ctx context.Context,
	who Caller,
	in *removeParticipantInput,
) (*textOutput, error) {
	room, err := a.roomOf(ctx, who, in.Body.RoomID, in.Body.SessionID)
	if err != nil {
		return nil, err
	}
	if err := a.here(ctx, who.Account.ID, room.ID); err != nil {
		return nil, err
	}
	sessionID, err := a.opts.Meetings.RemoveParticipant(
		ctx,
		who.Account.ID,
		room.ID,
		in.Body.SessionID,
		in.Body.ParticipantID,
	)
	switch {
	case errors.Is(err, meeting.ErrNotLive):
		return nil, a.notLive(ctx, who, room, in.Body.SessionID)
	case errors.Is(err, meeting.ErrNoParticipant):
		return nil, fault.NotFoundParticipant(in.Body.ParticipantID).WithMeeting(room.ID, sessionID, "")
	case err != nil:
		return nil, err
	}
	return textAnswer("Participant removed successfully"), nil
}

func participantsJSON(all []record.Participant) []Participant {
	out := make([]Participant, 0, len(all))
	for _, p := range all {
		out = append(out, participantJSON(p))
	}
	return out
}

func participantJSON(p record.Participant) Participant {
	out := Participant{
		ParticipantID: p.ID, Name: p.Name, Mode: string(p.Mode), TimeLog: spans(p.Participations),
		InitTime: fault.InstantOf(p.FirstJoinedAt),
		Events: ParticipantEvents{
			Mic: spans(p.Streams[wire.Audio]), Webcam: spans(p.Streams[wire.Video]),
			ScreenShare: spans(p.Streams[wire.Share]), ScreenShareAudio: spans(p.Streams[wire.ShareAudio]),
		},
		DeviceInfo:        DeviceInfo(p.Client),
		ChangeModeHistory: []ModeLog{},
	}
	if metaData := decoded[map[string]any](p.MetaData); metaData != nil {
		out.MetaData = *metaData
	}
	for _, mode := range p.Modes {
		out.ChangeModeHistory = append(
			out.ChangeModeHistory,
			ModeLog{string(mode.Mode), spans([]record.Span{mode.Span})},
		)
	}
	return out
}

func spans(all []record.Span) []Span {
	out := make([]Span, 0, len(all))
	for _, s := range all {
		out = append(out, Span{Start: fault.InstantOf(s.Start), End: fault.InstantOrNull(s.End)})
	}
	return out
}
