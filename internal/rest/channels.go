package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/record"
)

// NotificationChannel is where incidents are announced.
type NotificationChannel struct {
	ID        string        `json:"id" doc:"Same as channelId."`
	ChannelID string        `json:"channelId"`
	UserID    string        `json:"userId" doc:"The account."`
	Name      string        `json:"name"`
	Type      string        `json:"type" enum:"webhook,slack"`
	Config    ChannelConfig `json:"config"`
	CreatedAt fault.Instant `json:"createdAt"`
	UpdatedAt fault.Instant `json:"updatedAt"`
}

// ChannelConfig is how a channel is reached. One address is given: endpoint or url of a webhook, webhookUrl of Slack.
type ChannelConfig struct {
	Endpoint   string `json:"endpoint,omitempty" maxLength:"2048" doc:"Of a webhook: takes signed events as docs/webhooks.md has it."`
	URL        string `json:"url,omitempty" maxLength:"2048" doc:"Another name of endpoint."`
	WebhookURL string `json:"webhookUrl,omitempty" maxLength:"2048" doc:"Of Slack: an incoming webhook. It is a secret: answers show its host alone."`
}

// NewNotificationChannel is what a channel is made with, or tested.
type NewNotificationChannel struct {
	Type   string        `json:"type" enum:"webhook,slack,email,pagerduty,on_call" doc:"webhook and slack are offered."`
	Config ChannelConfig `json:"config"`
	Name   string        `json:"name,omitempty" maxLength:"256"`
}

// ChangedNotificationChannel is what is changed about a channel; what is not given stays. type is given with config.
type ChangedNotificationChannel struct {
	Type   *string        `json:"type,omitempty" enum:"webhook,slack,email,pagerduty,on_call"`
	Config *ChannelConfig `json:"config,omitempty" doc:"Replaces the whole. An endpoint that has answered 410 is sent events again."`
	Name   *string        `json:"name,omitempty" maxLength:"256"`
}

type (
	// ChannelPath names a notification channel.
	ChannelPath struct {
		ChannelID string `path:"channelId" maxLength:"64"`
	}
	channelAnswer struct {
		Channel NotificationChannel `json:"channel"`
	}
	createChannelInput struct{ Body NewNotificationChannel }
	updateChannelInput struct {
		ChannelPath
		Body ChangedNotificationChannel
	}
	// ChannelTest is how a channel took a test.
	ChannelTest struct {
		Success bool   `json:"success" enum:"true"`
		Message string `json:"message"`
	}
)

func (a *API) channelRoutes(tags []string) {
	const path = alertRulesPath + "/notification-channel"
	ofAccount(a, huma.Operation{
		OperationID: "create-notification-channel", Method: http.MethodPost, Path: path, Tags: tags,
		Summary: "Create a notification channel",
	}, func(ctx context.Context, who Caller, in *createChannelInput) (*body[channelAnswer], error) {
		channel, err := newChannel(ctx, who, in.Body)
		if err != nil {
			return nil, err
		}
		return channelShown(a.opts.Store.CreateNotificationChannel(ctx, channel, alertTime()))
	})
	ofAccount(a, huma.Operation{
		OperationID: "test-notification-channel", Method: http.MethodPost, Path: path + "/test", Tags: tags,
		Summary:     "Send a test through a channel, which is not kept",
		Description: "The event alert-test is sent once. What goes wrong is the fault 5103 with its reason.",
	}, a.testChannel)
	ofAccount(a, huma.Operation{
		OperationID: "list-notification-channels", Method: http.MethodGet, Path: path, Tags: tags,
		Summary: "List notification channels, oldest first",
	}, func(ctx context.Context, who Caller, in *PageQuery) (*body[Page[NotificationChannel]], error) {
		list, err := a.opts.Store.NotificationChannels(ctx, who.Account.ID, in.page())
		if err != nil {
			return nil, storeFault(err)
		}
		page := Page[NotificationChannel]{in.info(list.Total), []NotificationChannel{}}
		for _, channel := range list.Items {
			page.Data = append(page.Data, channelJSON(channel))
		}
		return &body[Page[NotificationChannel]]{page}, nil
	})
	ofAccount(a, huma.Operation{
		OperationID: "get-notification-channel", Method: http.MethodGet, Path: path + "/{channelId}", Tags: tags,
		Summary: "Read a notification channel",
	}, func(ctx context.Context, who Caller, in *ChannelPath) (*body[channelAnswer], error) {
		return channelShown(a.opts.Store.NotificationChannel(ctx, who.Account.ID, in.ChannelID))
	})
	ofAccount(a, huma.Operation{
		OperationID: "update-notification-channel", Method: http.MethodPut, Path: path + "/{channelId}", Tags: tags,
		Summary: "Change a notification channel",
	}, a.updateChannel)
	ofAccount(a, huma.Operation{
		OperationID: "delete-notification-channel", Method: http.MethodDelete, Path: path + "/{channelId}", Tags: tags,
		Summary: "Delete a notification channel that no alert rule names",
	}, func(ctx context.Context, who Caller, in *ChannelPath) (*body[Message], error) {
		if err := a.opts.Store.DeleteNotificationChannel(ctx, who.Account.ID, in.ChannelID); err != nil {
			return nil, alertFault(err)
		}
		return &body[Message]{Message{"The notification channel is deleted."}}, nil
	})
}

func channelShown(channel record.NotificationChannel, err error) (*body[channelAnswer], error) {
	if err != nil {
		return nil, alertFault(err)
	}
	return &body[channelAnswer]{channelAnswer{channelJSON(channel)}}, nil
}

// channelFeatures are the types of channels that are published and not offered.
var channelFeatures = map[string]string{
	"email": "notifications by e-mail", "pagerduty": "notifications of PagerDuty", "on_call": "on-call notifications",
}

// newChannel returns the channel of a request, or why it cannot be reached.
func newChannel(ctx context.Context, who Caller, q NewNotificationChannel) (record.NotificationChannel, error) {
	channel := record.NotificationChannel{AccountID: who.Account.ID, Name: q.Name, Type: record.ChannelType(q.Type)}
	if feature := channelFeatures[q.Type]; feature != "" {
		return channel, fault.RequestNotOfferedNotOffered(methodOf(ctx), "type", feature)
	}
	bad := func(field, problem string) (record.NotificationChannel, error) {
		return channel, fault.InvalidMessageBadParams(methodOf(ctx), field, problem)
	}
	if problem := ident.NameProblem(q.Name); problem != "" {
		return bad("name", problem)
	}
	c := q.Config
	field := "config.endpoint"
	switch {
	case channel.Type == record.ChannelWebhook && c.WebhookURL != "":
		return bad("config.webhookUrl", "it belongs to the type slack; a webhook has an endpoint")
	case channel.Type == record.ChannelWebhook && c.URL != "" && c.Endpoint != "":
		return bad("config.url", "it is another name of endpoint, which is given as well")
	case channel.Type == record.ChannelSlack && c.Endpoint != "":
		return bad("config.endpoint", "it belongs to the type webhook; Slack has a webhookUrl")
	case channel.Type == record.ChannelSlack && c.URL != "":
		return bad("config.url", "it belongs to the type webhook; Slack has a webhookUrl")
	case channel.Type == record.ChannelSlack:
		field = "config.webhookUrl"
	case c.URL != "":
		field = "config.url"
	}
	channel.URL = cmp.Or(c.Endpoint, c.URL, c.WebhookURL)
	if channel.URL == "" {
		return bad(field, "it is required with the type "+q.Type)
	}
	if problem := record.EndPointProblem(channel.URL); problem != "" {
		return bad(field, "it "+problem)
	}
	if u, err := url.Parse(channel.URL); channel.Type == record.ChannelSlack && err == nil && u.Path == "/"+hidden {
		return bad(field, "it is the shortened form of an answer; give the whole address")
	}
	return channel, nil
}

func (a *API) updateChannel(ctx context.Context, who Caller, in *updateChannelInput) (*body[channelAnswer], error) {
	q := in.Body
	if q.Type != nil && q.Config == nil {
		return nil, fault.InvalidMessageBadParams(methodOf(ctx), "type", "it is changed together with config")
	}
	before, err := a.opts.Store.NotificationChannel(ctx, who.Account.ID, in.ChannelID)
	if err != nil {
		return nil, alertFault(err)
	}
	whole := NewNotificationChannel{Type: string(before.Type), Name: before.Name}
	replace(&whole.Type, q.Type)
	replace(&whole.Name, q.Name)
	if q.Config != nil {
		whole.Config = *q.Config
	} else {
		whole.Config = configOf(before.Type, before.URL)
	}
	next, err := newChannel(ctx, who, whole)
	if err != nil {
		return nil, err
	}
	return channelShown(a.opts.Store.ChangeNotificationChannel(ctx, who.Account.ID, in.ChannelID, alertTime(),
		func(c *record.NotificationChannel) { c.Name, c.Type, c.URL = next.Name, next.Type, next.URL }))
}

const testEvent = "alert-test"

func (a *API) testChannel(ctx context.Context, who Caller, in *createChannelInput) (*body[ChannelTest], error) {
	channel, err := newChannel(ctx, who, in.Body)
	if err != nil {
		return nil, err
	}
	at := alertTime()
	sample := record.AlertIncident{
		AccountID: who.Account.ID, RuleName: "Test", Severity: "info", Status: record.IncidentResolved,
		Summary: "A test of this notification channel.", FiredAt: at, ResolvedAt: at, UpdatedAt: at,
		Cause: record.IncidentCause{Operator: ">"},
	}
	text, err := json.Marshal(sample.Announced(channel.Type, testEvent, "whk_test", at, 1))
	if err != nil {
		return nil, fmt.Errorf("encode a test: %w", err)
	}
	if f := a.opts.Webhooks.Try(ctx, channel.URL, testEvent, text); f != nil {
		return nil, f.WithAccount(who.Account.ID)
	}
	return &body[ChannelTest]{ChannelTest{true, "The endpoint has taken the test."}}, nil
}

// hidden stands for the secret part of an address.
const hidden = "..."

func configOf(kind record.ChannelType, address string) ChannelConfig {
	if kind == record.ChannelSlack {
		return ChannelConfig{WebhookURL: address}
	}
	return ChannelConfig{Endpoint: address}
}

func channelJSON(c record.NotificationChannel) NotificationChannel {
	address := c.URL
	if c.Type == record.ChannelSlack {
		address = originOf(address) + "/" + hidden
	}
	return NotificationChannel{
		ID: c.ID, ChannelID: c.ID, UserID: c.AccountID, Name: c.Name, Type: string(c.Type), Config: configOf(c.Type, address),
		CreatedAt: fault.InstantOf(c.CreatedAt), UpdatedAt: fault.InstantOf(c.UpdatedAt),
	}
}
