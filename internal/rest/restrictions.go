package rest

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/wire"
)

// RestrictSession takes rights from the participants of a session who may not moderate it, or gives them back.
type RestrictSession struct {
	RoomID    string `json:"roomId,omitempty" doc:"roomId or customRoomId; required unless sessionId is given."`
	MeetingID string `json:"meetingId,omitempty" doc:"Same as roomId."`
	SessionID string `json:"sessionId,omitempty" doc:"Act only if this one is running."`

	Audio *bool `json:"audio,omitempty" doc:"Whether microphones may not be switched on; absent: as it is, likewise the others."`
	Video *bool `json:"video,omitempty" doc:"Whether cameras may not be switched on."`
	Share *bool `json:"share,omitempty" doc:"Whether screens may not be shared."`
	Chat  *bool `json:"chat,omitempty" doc:"Whether nothing may be published to the topic CHAT."`
}

// SessionRestrictions are what participants of a running session may not do who may not moderate it.
type SessionRestrictions struct {
	RoomID       string       `json:"roomId"`
	SessionID    string       `json:"sessionId"`
	Restrictions Restrictions `json:"restrictions"`
}

// Restrictions are true for what participants may not do.
type Restrictions struct {
	Audio bool `json:"audio"`
	Video bool `json:"video"`
	Share bool `json:"share"`
	Chat  bool `json:"chat"`
}

func (a *API) restrictRoute(tags []string) {
	secured(a, huma.Operation{
		OperationID: "restrict-session", Method: http.MethodPost, Path: "/v2/sessions/restrict",
		Summary: "Set what participants of the running session of a room may do", Tags: tags,
		Description: "Binds who does not have allow_mod, until it is changed or the session ends: 4105 AUDIO_RESTRICTED, " +
			"VIDEO_RESTRICTED, SHARE_RESTRICTED, CHAT_RESTRICTED. What runs against it is stopped. Klatch's own.",
	}, a.restrict)
}

func (a *API) restrict(ctx context.Context, who Caller, in *restrictSessionInput) (*body[SessionRestrictions], error) {
	b := in.Body
	room, err := a.roomOf(ctx, who, cmp.Or(b.RoomID, b.MeetingID), b.SessionID)
	if err != nil {
		return nil, err
	}
	params := wire.RestrictParams{Audio: b.Audio, Video: b.Video, Share: b.Share, Chat: b.Chat}
	if params == (wire.RestrictParams{}) {
		return nil, fault.InvalidMessageBadParams(methodOf(ctx), "body", "it names none of audio, video, share, chat")
	}
	if err := a.here(ctx, who.Account.ID, room.ID); err != nil {
		return nil, err
	}
	id, now, err := a.opts.Meetings.Restrict(ctx, who.Account.ID, room.ID, b.SessionID, params)
	if errors.Is(err, meeting.ErrNotLive) {
		return nil, a.notLive(ctx, who, room, b.SessionID)
	}
	return answer(SessionRestrictions{room.ID, id, Restrictions(now)}, err)
}
