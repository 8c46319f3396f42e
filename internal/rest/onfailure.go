package rest

import (
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/internal/job"
)

// OnFailure is what follows when a running job fails: one of our words, or the published object.
type OnFailure struct{ job.OnFailure }

// closeRoom is the published form.
type closeRoom struct {
	Action   string   `json:"action"`
	WaitTime *float64 `json:"waitTime"` // seconds
}

// onFailureHint lists what OnFailure takes.
const onFailureHint = `"stop", "restart", or an object with action "close-room" and waitTime, the seconds until then`

// Schema implements huma.SchemaProvider.
func (OnFailure) Schema(r huma.Registry) *huma.Schema {
	zero := 0.0
	return component(r, "OnFailure", &huma.Schema{
		Description: "What follows when a running job fails.",
		OneOf: []*huma.Schema{
			component(r, "OnFailureAction", &huma.Schema{
				Type: "string", Enum: []any{string(job.StopOnFailure), string(job.RestartOnFailure)},
				Description: "stop: nothing follows. restart: a new job of the same kind and config, at most three times.",
			}),
			component(r, "CloseRoomOnFailure", &huma.Schema{
				Type: "object", Required: []string{"action"}, AdditionalProperties: false,
				Description: "Ends the session after waitTime, unless another job of the same kind runs by then.",
				Properties: map[string]*huma.Schema{
					"action": {Type: "string", Enum: []any{string(job.CloseRoomOnFailure)}},
					"waitTime": {
						Type: "number", Minimum: &zero, Default: job.MaxCloseWait.Seconds(),
						Description: "Seconds from the failure to the end of the session; more than 150 is taken for 150.",
					},
				},
			}),
		},
	})
}

// component puts a schema into the document under a name of its own, and returns a reference to it. Code generators
// name what has no name after its place, and then twice the same.
func component(r huma.Registry, name string, s *huma.Schema) *huma.Schema {
	if r.Map()[name] == nil {
		for _, property := range s.Properties {
			property.PrecomputeMessages()
		}
		s.PrecomputeMessages()
		r.Map()[name] = s
	}
	return &huma.Schema{Ref: schemaPrefix + name}
}

// UnmarshalJSON takes both forms.
func (o *OnFailure) UnmarshalJSON(text []byte) error {
	var form closeRoom
	if json.Unmarshal(text, &form) != nil || form.Action == "" {
		return json.Unmarshal(text, &o.OnFailure)
	}
	o.OnFailure = job.CloseRoomOnFailure
	if form.WaitTime != nil {
		seconds := min(*form.WaitTime, job.MaxCloseWait.Seconds())
		o.OnFailure = job.CloseRoomAfter(time.Duration(seconds * float64(time.Second)))
	}
	return nil
}
