package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
)

// options are the body of a start call without its room.
type options interface {
	request() (job.Request, *job.FieldError)
}

// AutoStartConfig is what starts with a session: each part takes what the call takes that starts it by hand, but for
// the room.
type AutoStartConfig struct {
	Recording *RecordingOptions `json:"recording,omitempty"`
	HLS       *HLSOptions       `json:"hls,omitempty"`
	Composite *CompositeOptions `json:"composite,omitempty" doc:"Participants who are named and join later are recorded from then on."`
}

// RawAutoStart is an AutoStartConfig as it was given, so that a room shows it without defaults filled in.
type RawAutoStart struct{ text json.RawMessage }

// Schema implements huma.SchemaProvider.
func (RawAutoStart) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[AutoStartConfig](), true, "AutoStartConfig")
}

// UnmarshalJSON keeps the text.
func (c *RawAutoStart) UnmarshalJSON(text []byte) error {
	c.text = bytes.Clone(text)
	return nil
}

// MarshalJSON returns the text.
func (c RawAutoStart) MarshalJSON() ([]byte, error) { return c.text, nil }

// AutoStartJobs reads an autoStartConfig as the calls that start the same by hand are read. Its error is a *fault.Error
// that names the field.
func AutoStartJobs(config json.RawMessage) ([]job.Request, error) {
	const method, under = "POST /v2/rooms", "autoStartConfig."
	var wanted AutoStartConfig
	decoder := json.NewDecoder(bytes.NewReader(config))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&wanted); err != nil {
		field, problem := "autoStartConfig", "it has a shape that does not fit"
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
			field, problem = under+wrong.Field, "is a JSON "+wrong.Value+", which does not fit"
		} else if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			problem = "it has a field " + name + ", which does not exist"
		}
		return nil, fault.InvalidMessageBadParams(method, field, problem).Because(err)
	}
	var jobs []job.Request
	for _, part := range []struct {
		name   string
		wanted options
		given  bool
	}{
		{"recording", wanted.Recording, wanted.Recording != nil},
		{"hls", wanted.HLS, wanted.HLS != nil},
		{"composite", wanted.Composite, wanted.Composite != nil},
	} {
		if !part.given {
			continue
		}
		q, wrong := part.wanted.request()
		q.Method, q.Under = method, under+part.name+"."
		if wrong != nil {
			return nil, q.Refuse(wrong)
		}
		jobs = append(jobs, q)
	}
	return jobs, nil
}

// checkAutoStart refuses what could not start.
func (a *API) checkAutoStart(config *RawAutoStart) error {
	if config == nil {
		return nil
	}
	jobs, err := AutoStartJobs(config.text)
	if err != nil {
		return err
	}
	for _, q := range jobs {
		if err := a.opts.Egress.Check(q); err != nil {
			return err
		}
	}
	return nil
}
