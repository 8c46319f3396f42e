package signal

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/wire"
)

// decodeParams reads the params of a request, brings its ids and names to one normal form, and checks their shape: no
// code behind it does that again. Unknown fields are ignored, so that a newer client can talk to an older server. A
// field that is null is as absent as one that is not there.
func decodeParams[P wire.Params](req wire.Request) (P, error) {
	var params P
	if err := json.Unmarshal(req.Params, &params); err != nil {
		field, problem := "params", err.Error()
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			if wrong.Field != "" {
				field = wrong.Field
			}
			problem = fmt.Sprintf("is %s; it takes %s", article(wrong.Value), wants(wrong))
			if f := identityProblem(req.Method, field, "it "+problem); f != nil {
				return params, f.Because(err)
			}
		}
		if unknown, ok := errors.AsType[*wire.UnknownRightError](err); ok {
			field = unknown.Member
		}
		return params, fault.InvalidMessageBadParams(req.Method, field, problem).Because(err)
	}
	if missing := settleAbsent(req.Params, reflect.ValueOf(&params).Elem()); missing != "" {
		return params, fault.InvalidMessageBadParams(req.Method, missing, "is missing")
	}
	if field, problem := wire.JSONProblem(req.Params); problem != "" {
		if f := identityProblem(req.Method, field, problem); f != nil {
			return params, f
		}
		return params, fault.InvalidMessageBadParams(req.Method, field, problem)
	}
	ident.Normalize(&params)
	if f := params.Check(); f != nil {
		return params, f
	}
	return params, nil
}

// identityProblem returns the fault of a token or meeting id that is no text: their faults have published codes. It is
// nil for every other field.
func identityProblem(method, field, problem string) *fault.Error {
	switch {
	case method != wire.MethodJoin:
	case field == "token":
		return fault.InvalidTokenMalformed(problem)
	case field == "meetingId":
		return fault.InvalidMeetingIDMalformed(problem)
	}
	return nil
}

// settleAbsent clears what is null and returns the first required field that is absent; "" when none is.
func settleAbsent(raw json.RawMessage, params reflect.Value) (missing string) {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(raw, &members) // parseFrame has made sure that it is an object
	for i := range params.NumField() {
		tag := params.Type().Field(i).Tag
		name, _, _ := strings.Cut(tag.Get("json"), ",")
		if value := members[name]; (value == nil || wire.IsNull(value)) && tag.Get("required") == "true" {
			return name
		}
		if value, ok := params.Field(i).Interface().(json.RawMessage); ok && wire.IsNull(value) {
			params.Field(i).SetZero()
		}
	}
	return ""
}

// article puts one before the words of encoding/json: "string", "number 1.5", "bool", "object", "array".
func article(value string) string {
	switch {
	case value == "bool":
		return "a boolean"
	case strings.HasPrefix(value, "number "):
		return "the " + value
	case value == "object" || value == "array":
		return "an " + value
	}
	return "a " + value
}

// wants names in JSON's words what a Go type takes.
func wants(e *json.UnmarshalTypeError) string {
	switch kind := e.Type.Kind().String(); {
	case kind == "string":
		return "a string"
	case kind == "bool":
		return "a boolean"
	case strings.HasPrefix(kind, "int") || strings.HasPrefix(kind, "uint"):
		return "an integer"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "slice":
		return "an array"
	}
	return "an object"
}
