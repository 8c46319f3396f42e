package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/record"
)

// Ingest takes what encoders publish.
type Ingest interface {
	// Addresses are where encoders publish with a stream key, as a client reaches the server under that host name:
	// "rtmp://meet.example.com:1935/live". None: this server takes no RTMP.
	Addresses(host string) []string
	// Revoked ends what is published with a key.
	Revoked(key record.StreamKey)
}

// StreamKey is a stream key without its secret.
type StreamKey struct {
	KeyID         string         `json:"keyId"`
	RoomID        string         `json:"roomId"`
	ParticipantID string         `json:"participantId" doc:"Id of the participant that the encoder becomes."`
	Name          string         `json:"name" doc:"Name that others see."`
	APIKey        string         `json:"apikey" doc:"API key of the token that made it; one of the account where the console did. While that key is revoked or deactivated, the stream key is refused."`
	State         string         `json:"state" enum:"active,expired,revoked"`
	CreatedAt     fault.Instant  `json:"createdAt"`
	ExpiresAt     *fault.Instant `json:"expiresAt" doc:"Null: never."`
	RevokedAt     *fault.Instant `json:"revokedAt"`
}

// CreatedStreamKey is a stream key with its secret.
type CreatedStreamKey struct {
	StreamKey
	Key  string   `json:"streamKey" doc:"What the encoder calls its stream key. It is shown only in this answer."`
	URLs []string `json:"urls" doc:"What the encoder calls its server: rtmp and rtmps addresses, as far as this server has them."`
}

// NewStreamKey is what a stream key is made with.
type NewStreamKey struct {
	RoomID        string         `json:"roomId" doc:"roomId or customRoomId."`
	ParticipantID string         `json:"participantId,omitempty" doc:"Id of the participant that the encoder becomes; absent: one is made. Whoever else joins with it replaces the encoder, and the other way round."`
	Name          string         `json:"name,omitempty" maxLength:"256" doc:"Name that others see."`
	ExpiresAt     *fault.Instant `json:"expiresAt,omitempty" doc:"From then on the key is refused; who publishes goes on. Absent: it does not expire."`
}

type (
	// StreamKeyPath names a stream key.
	StreamKeyPath struct {
		KeyID string `path:"keyId" doc:"The keyId, not the key itself."`
	}
	createStreamKeyInput struct{ Body NewStreamKey }
	listStreamKeysInput  struct {
		PageQuery
		RoomID string `query:"roomId" doc:"Only those of this room."`
	}
)

func (a *API) streamKeyRoutes() {
	const path = "/v2/stream-keys"
	tags := []string{"Stream keys"}
	secured(a, huma.Operation{
		OperationID: "create-stream-key", Method: http.MethodPost, Path: path, Tags: tags,
		Summary: "Create a stream key, with which an encoder publishes into a room over RTMP",
	}, a.createStreamKey)
	secured(a, huma.Operation{
		OperationID: "list-stream-keys", Method: http.MethodGet, Path: path, Tags: tags,
		Summary: "List stream keys, oldest first",
	}, a.listStreamKeys)
	secured(a, huma.Operation{
		OperationID: "get-stream-key", Method: http.MethodGet, Path: path + "/{keyId}", Tags: tags,
		Summary: "Read a stream key",
	}, func(ctx context.Context, who Caller, in *StreamKeyPath) (*body[StreamKey], error) {
		key, err := a.streamKey(ctx, who, in.KeyID)
		if err != nil {
			return nil, err
		}
		return &body[StreamKey]{streamKeyJSON(key)}, nil
	})
	secured(a, huma.Operation{
		OperationID: "revoke-stream-key", Method: http.MethodDelete, Path: path + "/{keyId}", Tags: tags,
		Summary:     "Revoke a stream key for good",
		Description: "The encoder that publishes with it is put out, with 4112 KEY_REVOKED.",
	}, a.revokeStreamKey)
}

func (a *API) createStreamKey(
	ctx context.Context, who Caller, in *createStreamKeyInput,
) (*body[CreatedStreamKey], error) {
	const method = "POST /v2/stream-keys"
	q := in.Body
	if problem := ident.NameProblem(q.Name); problem != "" {
		return nil, fault.InvalidMessageBadParams(method, "name", problem)
	}
	if q.ParticipantID != "" {
		if f := gate.CheckParticipantID(q.ParticipantID); f != nil {
			return nil, f
		}
	}
	var expires time.Time
	if q.ExpiresAt != nil {
		if expires = q.ExpiresAt.Time; !expires.After(time.Now()) {
			return nil, fault.InvalidMessageBadParams(method, "expiresAt", "it is not in the future")
		}
	}
	room, err := a.meeting(ctx, who, q.RoomID)
	if err != nil {
		return nil, err
	}
	urls := a.opts.Ingest.Addresses(requestOf(ctx).Host)
	if len(urls) == 0 {
		return nil, fault.RTMPIngestRefusedOff()
	}
	apiKey := who.APIKey
	if apiKey == "" { // of a console session
		if apiKey, err = a.activeKey(ctx, who.Account.ID); err != nil {
			return nil, err
		}
	}
	key, secret, err := a.opts.Store.CreateStreamKey(ctx, record.NewStreamKey{
		AccountID: who.Account.ID, APIKey: apiKey, MeetingID: room.ID, ParticipantID: q.ParticipantID, Name: q.Name,
		ExpiresAt: expires,
	})
	if err != nil {
		return nil, storeFault(err)
	}
	return &body[CreatedStreamKey]{CreatedStreamKey{streamKeyJSON(key), secret, urls}}, nil
}

func (a *API) listStreamKeys(ctx context.Context, who Caller, in *listStreamKeysInput) (*body[Page[StreamKey]], error) {
	roomID := in.RoomID
	if roomID == "" && who.Bound() {
		return nil, fault.InvalidMessageBadParams("GET /v2/stream-keys", "roomId", "it is required with a token for one room")
	}
	if roomID != "" {
		room, err := a.meeting(ctx, who, roomID)
		if err != nil {
			return nil, err
		}
		roomID = room.ID
	}
	list, err := a.opts.Store.StreamKeys(ctx, who.Account.ID, roomID, in.page())
	if err != nil {
		return nil, storeFault(err)
	}
	page := Page[StreamKey]{in.info(list.Total), []StreamKey{}}
	for _, key := range list.Items {
		page.Data = append(page.Data, streamKeyJSON(key))
	}
	return &body[Page[StreamKey]]{page}, nil
}

func (a *API) revokeStreamKey(ctx context.Context, who Caller, in *StreamKeyPath) (*body[StreamKey], error) {
	if _, err := a.streamKey(ctx, who, in.KeyID); err != nil {
		return nil, err
	}
	key, err := a.opts.Store.RevokeStreamKey(ctx, who.Account.ID, in.KeyID, time.Now())
	if err != nil {
		return nil, storeFault(err)
	}
	a.opts.Ingest.Revoked(key)
	return &body[StreamKey]{streamKeyJSON(key)}, nil
}

// streamKey finds a stream key. A token for one room learns nothing of the keys of others.
func (a *API) streamKey(ctx context.Context, who Caller, id string) (record.StreamKey, error) {
	key, err := a.opts.Store.StreamKey(ctx, who.Account.ID, id)
	if err == nil && who.Bound() {
		var room record.Meeting
		if room, err = a.opts.Store.Meeting(ctx, who.Account.ID, key.MeetingID); err == nil &&
			who.MayUse(room, room.ID) != nil {
			return key, fault.NotFoundStreamKey(displayID(id))
		}
	}
	if notFound(err) {
		return key, fault.NotFoundStreamKey(displayID(id))
	}
	if err != nil {
		return key, storeFault(err)
	}
	scopeOf(ctx).meetingID = key.MeetingID
	return key, nil
}

// displayID returns an id that is not known, for a fault. What is longer than one may be the key itself, and is cut.
func displayID(id string) string {
	const length = 19
	if len(id) > length {
		return id[:4] + "…"
	}
	return id
}

func streamKeyJSON(k record.StreamKey) StreamKey {
	return StreamKey{
		KeyID: k.ID, RoomID: k.MeetingID, ParticipantID: k.ParticipantID, Name: k.Name, APIKey: k.APIKey,
		State: string(k.State(time.Now())), CreatedAt: fault.InstantOf(k.CreatedAt),
		ExpiresAt: fault.InstantOrNull(k.ExpiresAt), RevokedAt: fault.InstantOrNull(k.RevokedAt),
	}
}
