package drill

import (
	"context"

	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/record"
)

// serverDrills are what fails on the way from the server to others.
var serverDrills = []drill{
	{key: "5103.DNS", how: "has a webhook at a host whose name does not exist", place: record.DrillInAccount,
		run: webhook("https://nosuch.invalid/hook")},
	{key: "5103.PRIVATE_ADDRESS", how: "has a webhook at an address of a private network", place: record.DrillInAccount,
		run: webhook("http://127.0.0.1:9/hook")},
}

// webhook joins a meeting whose webhook is at an address, and waits for what becomes of it.
func webhook(address string) func(context.Context, *environment) error {
	return func(ctx context.Context, e *environment) error {
		if err := e.setWebhook(ctx, record.Webhook{EndPoint: address, Events: []string{"session-started"}}); err != nil {
			return err
		}
		if err := joinWith(gate.Grant{})(ctx, e); err != nil {
			return err
		}
		return e.reported(ctx)
	}
}

// setWebhook gives the meeting of the drill a webhook.
func (e *environment) setWebhook(ctx context.Context, w record.Webhook) error {
	return e.rest(ctx, "POST", "/v2/rooms/"+e.meeting, map[string]any{"webhook": map[string]any{
		"endPoint": w.EndPoint, "events": w.Events,
	}}, nil)
}
