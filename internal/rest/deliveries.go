package rest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// WebhookDelivery is an event on its way to the endpoint of a webhook.
type WebhookDelivery struct {
	ID            string           `json:"id"`
	RoomID        string           `json:"roomId"`
	SessionID     string           `json:"sessionId" doc:"\"\" for a test."`
	Event         string           `json:"event"`
	EventID       string           `json:"eventId" doc:"The id in the body: the same in every attempt and repetition."`
	Endpoint      string           `json:"endpoint" doc:"Scheme and host: the rest of the address may hold a secret."`
	State         string           `json:"state" enum:"waiting,delivered,failed"`
	Reason        string           `json:"reason" doc:"Reason of the fault 5103 with which the last attempt ended; \"\" for none."`
	MadeAt        fault.Instant    `json:"madeAt"`
	EndedAt       *fault.Instant   `json:"endedAt" doc:"When it was delivered or given up; null while it waits."`
	NextAttemptAt *fault.Instant   `json:"nextAttemptAt" doc:"Null when none follows. Events of one room and endpoint go in their order."`
	AttemptCount  int              `json:"attemptCount"`
	Attempts      []WebhookAttempt `json:"attempts" doc:"The first one and the newest 20."`
	Repeats       *string          `json:"repeats" doc:"The delivery that this one makes again."`
}

// WebhookAttempt is one request to an endpoint.
type WebhookAttempt struct {
	Number     int           `json:"number" doc:"From 1."`
	At         fault.Instant `json:"at"`
	DurationMs int64         `json:"durationMs"`
	Status     *int          `json:"status" doc:"The HTTP status of the answer; null where none came."`
	Reason     string        `json:"reason" doc:"Reason of the fault 5103; \"\" where the event was taken."`
	Answer     string        `json:"answer" doc:"The first 1024 bytes of the answer, without what may be secret."`
}

type (
	listDeliveriesInput struct {
		PageQuery
		RoomID    string    `query:"roomId" doc:"roomId or customRoomId."`
		SessionID string    `query:"sessionId" maxLength:"128"`
		Event     string    `query:"event" maxLength:"64" doc:"Such as session-started."`
		State     string    `query:"state" enum:"waiting,delivered,failed"`
		Since     time.Time `query:"since" doc:"RFC 3339; inclusive."`
		Until     time.Time `query:"until" doc:"RFC 3339; inclusive."`
	}
	deliveryPath struct {
		DeliveryID string `path:"deliveryId" maxLength:"32"`
	}
	webhookPath struct {
		RoomID string `path:"roomId" doc:"roomId or customRoomId of the room whose webhook is meant."`
	}
)

func (a *API) deliveryRoutes() {
	const path = "/v2/webhook-deliveries"
	tags := []string{"Webhooks"}
	secured(a, huma.Operation{
		OperationID: "list-webhook-deliveries", Method: http.MethodGet, Path: path, Tags: tags,
		Summary: "List the deliveries of events to webhooks with their attempts, newest first",
		Description: "What waits, and for 30 days what was delivered or given up. Signatures and the addresses of " +
			"endpoints beyond the host are not shown.",
	}, a.listDeliveries)
	secured(a, huma.Operation{
		OperationID: "get-webhook-delivery", Method: http.MethodGet, Path: path + "/{deliveryId}", Tags: tags,
		Summary: "Read a delivery",
	}, func(ctx context.Context, who Caller, in *deliveryPath) (*body[WebhookDelivery], error) {
		return answer(a.delivery(ctx, who, in.DeliveryID))
	})
	secured(a, huma.Operation{
		OperationID: "redeliver-webhook", Method: http.MethodPost, Path: path + "/{deliveryId}/redeliver", Tags: tags,
		Summary: "Deliver an event again",
		Description: "A delivery that waits is tried at once, with what waits before it for the same room and endpoint. " +
			"One that is over is made again, with the same body and id of the event; the answer is the new delivery.",
	}, a.redeliver)
	secured(a, huma.Operation{
		OperationID: "test-webhook", Method: http.MethodPost, Path: "/v2/webhooks/{roomId}/test", Tags: tags,
		Summary: "Send the event webhook-test to the webhook of a room",
		Description: "It is sent whichever events the webhook asks for. The answer is its delivery: read it again to see " +
			"how it went.",
	}, a.testWebhook)
}

func (a *API) listDeliveries(
	ctx context.Context, who Caller, in *listDeliveriesInput,
) (*body[Page[WebhookDelivery]], error) {
	page := Page[WebhookDelivery]{in.info(0), []WebhookDelivery{}}
	meetingID, none, err := a.filteredRoom(ctx, who, in.RoomID)
	if err != nil || none {
		return answer(page, err)
	}
	list, err := a.opts.Store.Deliveries(ctx, record.DeliveryFilter{
		AccountID: who.Account.ID, MeetingID: meetingID, SessionID: in.SessionID, Event: in.Event,
		State: record.DeliveryState(in.State), From: in.Since, To: in.Until,
	}, in.page())
	if err != nil {
		return nil, storeFault(err)
	}
	page.PageInfo = in.info(list.Total)
	for _, d := range list.Items {
		page.Data = append(page.Data, deliveryJSON(d))
	}
	return &body[Page[WebhookDelivery]]{page}, nil
}

// findDelivery finds a delivery that the caller may see.
func (a *API) findDelivery(ctx context.Context, who Caller, id string) (record.DeliveryEntry, error) {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return record.DeliveryEntry{}, fault.NotFoundWebhookDelivery(id)
	}
	d, err := a.opts.Store.Delivery(ctx, who.Account.ID, number)
	if notFound(err) {
		return d, fault.NotFoundWebhookDelivery(id)
	}
	if err != nil {
		return d, storeFault(err)
	}
	scopeOf(ctx).meetingID = d.MeetingID
	return d, mayUse(who, record.Meeting{ID: d.MeetingID}, d.MeetingID)
}

func (a *API) delivery(ctx context.Context, who Caller, id string) (WebhookDelivery, error) {
	d, err := a.findDelivery(ctx, who, id)
	if err != nil {
		return WebhookDelivery{}, err
	}
	return deliveryJSON(d), nil
}

func (a *API) redeliver(ctx context.Context, who Caller, in *deliveryPath) (*body[WebhookDelivery], error) {
	d, err := a.findDelivery(ctx, who, in.DeliveryID)
	if err != nil {
		return nil, err
	}
	again, err := a.opts.Store.RedeliverWebhook(ctx, who.Account.ID, d.ID, time.Now())
	if notFound(err) {
		return nil, fault.NotFoundWebhookDelivery(in.DeliveryID)
	}
	if err != nil {
		return nil, storeFault(err)
	}
	return &body[WebhookDelivery]{deliveryJSON(again)}, nil
}

func (a *API) testWebhook(ctx context.Context, who Caller, in *webhookPath) (*body[WebhookDelivery], error) {
	room, err := a.meeting(ctx, who, in.RoomID)
	if err != nil {
		return nil, err
	}
	d, err := a.opts.Store.TestWebhook(ctx, who.Account.ID, room.ID, time.Now())
	if _, absent := errors.AsType[*record.ConflictError](err); absent {
		return nil, fault.ConflictNoWebhook(in.RoomID)
	}
	if err != nil {
		return nil, storeFault(err)
	}
	return &body[WebhookDelivery]{deliveryJSON(d)}, nil
}

func deliveryJSON(d record.DeliveryEntry) WebhookDelivery {
	out := WebhookDelivery{
		ID: strconv.FormatInt(d.ID, 10), RoomID: d.MeetingID, SessionID: d.SessionID, Event: d.Event,
		Endpoint: originOf(d.EndPoint), State: string(d.State()), Reason: d.Problem, MadeAt: fault.InstantOf(d.MadeAt),
		EndedAt: fault.InstantOrNull(d.DoneAt), AttemptCount: d.Attempts, Attempts: []WebhookAttempt{},
	}
	if sent := decoded[struct {
		ID string `json:"id"`
	}](d.Body); sent != nil {
		out.EventID = sent.ID
	}
	if d.State() == record.DeliveryWaiting {
		out.NextAttemptAt = fault.InstantOrNull(d.NextAt)
	}
	if d.Repeats != 0 {
		id := strconv.FormatInt(d.Repeats, 10)
		out.Repeats = &id
	}
	for _, t := range d.Tries {
		tried := WebhookAttempt{Number: t.Number, At: fault.InstantOf(t.At), DurationMs: t.Took.Milliseconds(),
			Reason: t.Reason,
			Answer: t.Answer}
		if t.Status != 0 {
			tried.Status = &t.Status
		}
		out.Attempts = append(out.Attempts, tried)
	}
	return out
}

// originOf returns the part of an endpoint's address that may be shown.
func originOf(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
