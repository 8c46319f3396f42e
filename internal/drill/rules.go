package drill

import (
	"context"
	"net/url"
	"strings"

	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// ruleDrills are calls of participants and of REST that are refused.
var ruleDrills = []drill{
	restDrill("4024.REST_NEEDS_CRAWLER", "calls REST with the token of a participant",
		func(ctx context.Context, e *environment) error {
			token, err := e.mint(gate.Grant{Roles: []string{gate.RoleRTC}})
			if err != nil {
				return err
			}
			return e.restWith(ctx, token, "GET", "/v2/rooms", nil, nil)
		}),
	{key: "4048.ALREADY_ENABLED", how: "enables adaptive subscription twice",
		run: joined(func(ctx context.Context, _ *environment, m *sdk.Meeting) error {
			if err := m.EnableAdaptiveSubscription(ctx); err != nil {
				return err
			}
			return m.EnableAdaptiveSubscription(ctx)
		})},
	{key: "4066.NOT_PERMITTED", how: "removes somebody without the permission to",
		run: without((*sdk.Participant).Remove)},
	{key: "4068.NOT_PERMITTED", how: "mutes somebody without the permission to",
		run: without((*sdk.Participant).DisableMic)},
	{key: "4087.BAD_TOPIC", how: "publishes to a topic without a name",
		run: joined(func(ctx context.Context, _ *environment, m *sdk.Meeting) error {
			_, err := m.PubSub().Publish(ctx, strings.Repeat("topic", 100), "drill", sdk.PublishOptions{})
			return err
		})},
	{key: "4105.NEEDS_PERMISSION", how: "ends the session without the permission to",
		run: func(ctx context.Context, e *environment) error {
			m, err := e.join(ctx, gate.Grant{})
			if err != nil {
				return err
			}
			return m.End(ctx)
		}},
	{key: "4105.CHAT_RESTRICTED", how: "writes in a chat that is closed to participants",
		run: func(ctx context.Context, e *environment) error {
			host, err := e.join(ctx, gate.Grant{Permissions: []string{gate.AllowJoin, gate.AllowMod}})
			if err != nil {
				return err
			}
			m, err := e.join(ctx, gate.Grant{})
			if err != nil {
				return err
			}
			if err := host.Restrict(ctx, sdk.RestrictOptions{Chat: new(true)}); err != nil {
				return err
			}
			_, err = m.PubSub().Publish(ctx, wire.ChatTopic, "drill", sdk.PublishOptions{})
			return err
		}},
	{key: "4107.BAD_PARAMS", how: "makes a room with a field of the wrong type", place: record.DrillInAccount,
		run:     call("POST", "/v2/rooms", map[string]any{"customRoomId": 7}),
		snippet: curl("POST", "/v2/rooms", map[string]any{"customRoomId": 7})},
	{key: "4107.METHOD_NOT_ALLOWED", how: "calls a path with a method that it does not take",
		place: record.DrillInAccount, run: call("DELETE", "/v2/rooms", nil), snippet: curl("DELETE", "/v2/rooms", nil)},
	getDrill("4108.ROUTE", "calls a path that does not exist", "/v2/rums"),
	getDrill("4108.SESSION", "reads a session that never was", "/v2/sessions/no-such-session"),
	getDrill("4108.FAULT", "reads a fault that never was", "/v2/faults/flt_01JD0000000000000000000000"),
	getDrill("4108.JOB", "reads a recording that never was", "/v2/recordings/no-such-recording"),
	getDrill("4108.WEBHOOK_DELIVERY", "reads a webhook delivery that never was",
		"/v2/webhook-deliveries/no-such-delivery"),
	{key: "4109.NO_LIVE_SESSION", how: "ends a session where none runs", place: record.DrillInAccount,
		run: func(ctx context.Context, e *environment) error {
			return call("POST", "/v2/sessions/end", map[string]any{"roomId": e.meeting})(ctx, e)
		},
		snippet: curl("POST", "/v2/sessions/end", map[string]any{"roomId": "{meeting}"})},
	restDrill("4109.NO_WEBHOOK", "sends a test event to the webhook of a room that has none",
		func(ctx context.Context, e *environment) error {
			return call("POST", "/v2/webhooks/"+url.PathEscape(e.meeting)+"/test", map[string]any{})(ctx, e)
		}),
	getDrill("4110.NOT_OFFERED", "calls what the published API has and this server does not offer",
		"/v2/sip/inbound-gateways"),
}

// call calls REST.
func call(method, path string, body any) func(context.Context, *environment) error {
	return func(ctx context.Context, e *environment) error { return e.rest(ctx, method, path, body, nil) }
}

func restDrill(key, how string, run func(context.Context, *environment) error) drill {
	return drill{key: key, how: how, place: record.DrillInAccount, run: run}
}

func getDrill(key, how, path string) drill {
	return drill{key: key, how: how, place: record.DrillInAccount, run: call("GET", path, nil),
		snippet: curl("GET", path, nil)}
}

// without does something to another participant without allow_mod.
func without(act func(*sdk.Participant, context.Context) error) func(context.Context, *environment) error {
	return func(ctx context.Context, e *environment) error {
		one, err := e.join(ctx, gate.Grant{})
		if err != nil {
			return err
		}
		two, err := e.join(ctx, gate.Grant{})
		if err != nil {
			return err
		}
		return other(ctx, one, two, act)
	}
}
