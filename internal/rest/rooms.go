package rest

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Room is a meeting as REST shows it.
type Room struct {
	ID                    string            `json:"id"`
	RoomID                string            `json:"roomId" example:"abcd-efgh-ijkl"`
	CustomRoomID          *string           `json:"customRoomId" doc:"The id that the room was created with, or null."`
	UserID                string            `json:"userId" doc:"Id of the account."`
	Disabled              bool              `json:"disabled" doc:"Whether joins are refused with 4052."`
	Name                  *string           `json:"name,omitempty" doc:"The name that the room was created with."`
	GeoFence              *string           `json:"geoFence"`
	Webhook               *WebhookConfig    `json:"webhook,omitempty"`
	AutoCloseConfig       *AutoCloseConfig  `json:"autoCloseConfig,omitempty"`
	AutoStartConfig       *RawAutoStart     `json:"autoStartConfig,omitempty"`
	MultiComposition      *MultiComposition `json:"multiComposition,omitempty"`
	AllowedParticipantIDs []string          `json:"allowedParticipantIds" doc:"Ids of the participants who may join; empty: everybody with a token."`
	CreatedAt             fault.Instant     `json:"createdAt"`
	UpdatedAt             fault.Instant     `json:"updatedAt"`
	Links                 RoomLinks         `json:"links"`
	User                  *User             `json:"user,omitempty" doc:"Only in the answer for a single room."`
}

// RoomLinks lead on from a room.
type RoomLinks struct {
	GetRoom    string `json:"get_room"`
	GetSession string `json:"get_session"`
}

// User is the account that owns a room.
type User struct {
	ID                 string  `json:"id"`
	Name               string  `json:"name"`
	Email              string  `json:"email"`
	DiscontinuedReason *string `json:"discontinuedReason"`
}

// DeactivatedRoom is a room under the older names of the deactivate call, and its present ones.
type DeactivatedRoom struct {
	Room
	MeetingID     string  `json:"meetingId"`
	UserMeetingID *string `json:"userMeetingId"`
}

// RoomStatus is a room after it was updated.
type RoomStatus struct {
	Status string `json:"status" enum:"enabled,disabled"`
	Room
}

// NewRoom is what a room may be made with.
type NewRoom struct {
	CustomRoomID          string            `json:"customRoomId,omitempty" doc:"Makes the call idempotent: for an id that exists, the existing room is returned." minLength:"1" maxLength:"128"`
	Name                  string            `json:"name,omitempty" doc:"A name of the app's own for the room: kept, and returned with it." maxLength:"256"`
	GeoFence              string            `json:"geoFence,omitempty" doc:"Region of the room, shown with it. In a cluster whose nodes have cluster.region its sessions live on a node of that region and nowhere else; elsewhere it moves no media." pattern:"^[a-z0-9-]+$" maxLength:"32"`
	Webhook               *WebhookConfig    `json:"webhook,omitempty"`
	AutoCloseConfig       *AutoCloseConfig  `json:"autoCloseConfig,omitempty"`
	AutoStartConfig       *RawAutoStart     `json:"autoStartConfig,omitempty"`
	MultiComposition      *MultiComposition `json:"multiComposition,omitempty"`
	AllowedParticipantIDs []string          `json:"allowedParticipantIds,omitempty" maxItems:"1000"`
	Region                string            `json:"region,omitempty" deprecated:"true" pattern:"^[a-z0-9-]+$" maxLength:"32" doc:"Older name of geoFence."`
}

// UpdateRoom is what can be changed about a room. At least one field is given.
type UpdateRoom struct {
	Status  string         `json:"status,omitempty" enum:"enabled,disabled" doc:"Whether participants may join."`
	Webhook *WebhookConfig `json:"webhook,omitempty" doc:"Replaces the webhook of the room. An endpoint that unsubscribed by answering 410 is subscribed again."`
}

// AutoCloseConfig ends sessions that go on too long.
type AutoCloseConfig struct {
	Type     string `json:"type,omitempty" enum:"session-ends,session-end-and-deactivate" default:"session-ends"`
	Duration int    `json:"duration,omitempty" doc:"Duration in minutes." minimum:"1" maximum:"44640" default:"480"`
}

// MultiComposition lets several compositions of a kind run at once in a session: starting one while another runs starts
// a second one. Stopping without an id ends all of the kind.
type MultiComposition struct {
	Recording bool `json:"recording,omitempty" doc:"Several recordings of the composed room."`
	HLS       bool `json:"hls,omitempty" doc:"Several HLS streams."`
	RTMP      bool `json:"rtmp,omitempty" doc:"Several livestreams."`
}

type (
	// RoomPath names a room.
	RoomPath struct {
		RoomID string `path:"roomId" doc:"roomId or customRoomId."`
	}
	createRoomInput struct {
		Body *NewRoom
	}
	listRoomsInput struct {
		PageQuery
		Query string `query:"query" doc:"Only the room with this roomId or customRoomId, matched exactly."`
	}
	deactivateRoomInput struct {
		Body struct {
			RoomID string `json:"roomId" doc:"roomId or customRoomId." minLength:"1"`
		}
	}
	updateRoomInput struct {
		RoomPath
		Body UpdateRoom
	}
)

func (a *API) roomRoutes() {
	secured(a, huma.Operation{
		OperationID: "create-room", Method: http.MethodPost, Path: "/v2/rooms", Summary: "Create a room",
		Tags: []string{"Rooms"},
	}, a.createRoom)
	secured(a, huma.Operation{
		OperationID: "list-rooms", Method: http.MethodGet, Path: "/v2/rooms", Summary: "List rooms",
		Tags: []string{"Rooms"},
	}, a.listRooms)
	secured(a, huma.Operation{
		OperationID: "get-room", Method: http.MethodGet, Path: "/v2/rooms/{roomId}", Summary: "Read a room",
		Tags: []string{"Rooms"},
	}, a.getRoom)
	// The published pages have validate once as GET and once as POST.
	secured(a, huma.Operation{
		OperationID: "validate-room", Method: http.MethodGet, Path: "/v2/rooms/validate/{roomId}",
		Summary: "Check that a room exists", Tags: []string{"Rooms"},
	}, a.validateRoom)
	secured(a, huma.Operation{
		OperationID: "validate-room-post", Method: http.MethodPost, Path: "/v2/rooms/validate/{roomId}",
		Summary: "Check that a room exists", Tags: []string{"Rooms"},
	}, a.validateRoom)
	secured(a, huma.Operation{
		OperationID: "deactivate-room", Method: http.MethodPost, Path: "/v2/rooms/deactivate",
		Summary: "Deactivate a room", Tags: []string{"Rooms"},
		Description: "New joins are refused with 4052. A running session goes on; end it with POST /v2/sessions/end.",
	}, a.deactivateRoom)
	secured(a, huma.Operation{
		OperationID: "update-room", Method: http.MethodPost, Path: "/v2/rooms/{roomId}", Tags: []string{"Rooms"},
		Summary:     "Enable or disable a room, or set its webhook",
		Description: "Fields that are left out stay as they are; at least one of them is required.",
	}, a.updateRoom)
}

func (a *API) createRoom(ctx context.Context, who Caller, in *createRoomInput) (*body[Room], error) {
	var wanted NewRoom
	if in.Body != nil {
		wanted = *in.Body
	}
	if err := wanted.check(); err != nil {
		return nil, err
	}
	if err := a.checkAutoStart(wanted.AutoStartConfig); err != nil {
		return nil, err
	}
	if err := mayUse(
		who, record.Meeting{CustomID: wanted.CustomRoomID}, cmp.Or(wanted.CustomRoomID, "a new room"),
	); err != nil {
		return nil, err
	}
	room, _, err := a.opts.Store.CreateMeeting(ctx, record.Meeting{
		AccountID: who.Account.ID, CustomID: wanted.CustomRoomID, Config: wanted.config(),
	})
	return a.roomBody(ctx, room, storeFault(err))
}

func (a *API) listRooms(ctx context.Context, who Caller, in *listRoomsInput) (*body[Page[Room]], error) {
	if in.Query == "" {
		if err := mayUse(who, record.Meeting{}, "every room"); err != nil {
			return nil, err
		}
		list, err := a.opts.Store.Meetings(ctx, who.Account.ID, in.page())
		if err != nil {
			return nil, storeFault(err)
		}
		return &body[Page[Room]]{Page[Room]{in.info(list.Total), a.roomsJSON(ctx, list.Items)}}, nil
	}
	var found []record.Meeting
	room, err := a.opts.Store.Meeting(ctx, who.Account.ID, in.Query)
	switch {
	case err == nil:
		found = append(found, room)
		err = mayUse(who, room, in.Query)
	case notFound(err):
		err = mayUse(who, record.Meeting{ID: in.Query}, in.Query)
	}
	if err != nil {
		return nil, storeFault(err)
	}
	return &body[Page[Room]]{Page[Room]{in.info(len(found)), a.roomsJSON(ctx, slice(in.PageQuery, found))}}, nil
}

func (a *API) getRoom(ctx context.Context, who Caller, in *RoomPath) (*body[Room], error) {
	room, err := a.meeting(ctx, who, in.RoomID)
	if err != nil {
		return nil, err
	}
	return &body[Room]{a.roomWithUser(ctx, who, room)}, nil
}

func (a *API) validateRoom(ctx context.Context, who Caller, in *RoomPath) (*body[Room], error) {
	room, err := a.meeting(ctx, who, in.RoomID)
	return a.roomBody(ctx, room, err)
}

func (a *API) deactivateRoom(ctx context.Context, who Caller, in *deactivateRoomInput) (*body[DeactivatedRoom], error) {
	room, err := a.setDisabled(ctx, who, in.Body.RoomID, true)
	if err != nil {
		return nil, err
	}
	return &body[DeactivatedRoom]{
		DeactivatedRoom{
			Room:          a.roomWithUser(ctx, who, room),
			MeetingID:     room.ID,
			UserMeetingID: nullIfEmpty(room.CustomID),
		},
	}, nil
}

func (a *API) updateRoom(ctx context.Context, who Caller, in *updateRoomInput) (*body[RoomStatus], error) {
	if err := in.Body.check(methodOf(ctx)); err != nil {
		return nil, err
	}
	room, err := a.meeting(ctx, who, in.RoomID)
	if err != nil {
		return nil, err
	}
	if in.Body.Webhook != nil {
		room, err = a.opts.Store.SetMeetingWebhook(ctx, who.Account.ID, room.ID, in.Body.Webhook.record(), time.Now())
		if err != nil {
			return nil, storeFault(err)
		}
	}
	if in.Body.Status != "" {
		if room, err = a.setDisabled(ctx, who, room.ID, in.Body.Status == "disabled"); err != nil {
			return nil, err
		}
	}
	status := "enabled"
	if room.Disabled() {
		status = "disabled"
	}
	return &body[RoomStatus]{RoomStatus{Status: status, Room: a.roomJSON(ctx, room)}}, nil
}

func (a *API) setDisabled(ctx context.Context, who Caller, id string, disabled bool) (record.Meeting, error) {
	room, err := a.meeting(ctx, who, id)
	if err != nil {
		return room, err
	}
	room, err = a.opts.Store.SetMeetingDisabled(ctx, who.Account.ID, room.ID, disabled, time.Now())
	return room, storeFault(err)
}

func (a *API) roomWithUser(ctx context.Context, who Caller, room record.Meeting) Room {
	out := a.roomJSON(ctx, room)
	out.User = &User{
		ID:                 who.Account.ID,
		Name:               who.Account.Name,
		Email:              who.Account.Email,
		DiscontinuedReason: nullIfEmpty(who.Account.StateMessage),
	}
	return out
}

func (a *API) roomBody(ctx context.Context, room record.Meeting, err error) (*body[Room], error) {
	if err != nil {
		return nil, err
	}
	return &body[Room]{a.roomJSON(ctx, room)}, nil
}

func (a *API) roomsJSON(ctx context.Context, all []record.Meeting) []Room {
	out := make([]Room, 0, len(all))
	for _, room := range all {
		out = append(out, a.roomJSON(ctx, room))
	}
	return out
}

func (a *API) roomJSON(ctx context.Context, m record.Meeting) Room {
	base := a.base(requestOf(ctx))
	room := Room{
		ID: m.ID, RoomID: m.ID, CustomRoomID: nullIfEmpty(m.CustomID), UserID: m.AccountID, Disabled: m.Disabled(),
		Name: nullIfEmpty(m.Config.Name), GeoFence: nullIfEmpty(m.Config.GeoFence),
		AllowedParticipantIDs: emptyIfNil(m.Config.AllowedParticipantIDs),
		CreatedAt:             fault.InstantOf(m.CreatedAt), UpdatedAt: fault.InstantOf(m.UpdatedAt),
		Links: RoomLinks{
			GetRoom:    base + "/v2/rooms/" + url.PathEscape(m.ID),
			GetSession: base + "/v2/sessions?roomId=" + url.QueryEscape(m.ID),
		},
		AutoStartConfig: decoded[RawAutoStart](m.Config.AutoStart),
	}
	if several := MultiComposition(m.Config.MultiComposition); several != (MultiComposition{}) {
		room.MultiComposition = &several
	}
	if hook := m.Config.Webhook; hook != nil {
		room.Webhook = &WebhookConfig{EndPoint: hook.EndPoint, Events: emptyIfNil(hook.Events)}
	}
	if end := m.Config.AutoClose; end != nil {
		room.AutoCloseConfig = &AutoCloseConfig{Type: end.Type, Duration: end.Duration}
	}
	return room
}
