package rest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/trace"
	"github.com/klatch/klatch/internal/wire"
)

// Fault is fault.Error without its methods, so that Problem can hold its fields.
type Fault fault.Error

// Problem is the body of every refusal: the fault field for field, the two names under which the published
// server SDK looks for message and code, and the members of RFC 9457 that the fault does not have.
type Problem struct {
	Fault
	ErrorText string `json:"error" doc:"Same as message, for older clients."`
	ErrorCode string `json:"errorCode" doc:"Same as name, for the published server SDK, which takes no number as a code."`
	Type      string `json:"type" doc:"URL of the page that describes the reason (RFC 9457)."`
	Title     string `json:"title" doc:"Same as name (RFC 9457)."`
	Status    int    `json:"status" doc:"The HTTP status (RFC 9457)."`
	TraceID   string `json:"traceId,omitempty" doc:"Of the OpenTelemetry trace of the request, where the server makes traces."`
}

// Error returns the published message.
func (p *Problem) Error() string { return p.Message }

// GetStatus returns the HTTP status, as huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType follows RFC 9457.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

func newProblem(shown *fault.Error) *Problem {
	return &Problem{
		Fault: Fault(*shown), ErrorText: shown.Message, ErrorCode: shown.Name,
		Type: shown.Docs, Title: shown.Name, Status: shown.HTTPStatus(),
	}
}

// present returns a fault as the answer to a request shows it.
func (a *API) present(r *http.Request, f *fault.Error) *fault.Error {
	presentation := a.opts.Presentation
	if presentation.BaseURL == "" {
		presentation.BaseURL = a.base(r)
	}
	return presentation.Of(f)
}

// huma has these hooks as package variables only. They are set here once: each error that huma makes itself,
// and each that a handler returns, becomes a fault of the API that serves the request.
func init() {
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true
	huma.NewError = func(int, string, ...error) huma.StatusError { return &Problem{} } // for its schema alone
	huma.NewErrorWithContext = func(hc huma.Context, status int, msg string, errs ...error) huma.StatusError {
		r, w := humago.Unwrap(hc)
		return apiOf(r.Context()).refuse(w, r, toFault(r, status, msg, errs))
	}
}

// refuse reports a fault, once, and sets the headers that go with it.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) *Problem {
	if scopeOf(r.Context()).sent != nil { // nothing of it is sent, and the node that answers reports what fails
		return newProblem(fault.ServerUnavailableInternal())
	}
	f := a.addScope(r, fault.From(err)).WithClient(wire.AgentClient(r.UserAgent()))
	if r.Context().Err() == nil || !errors.Is(err, context.Canceled) { // else the client has gone: nobody failed
		a.opts.Report(r.Context(), f)
	}
	w.Header().Set("X-Request-Id", f.ID)
	if f.RetryAfterMs > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt((f.RetryAfterMs+999)/1000, 10))
	}
	if methods, ok := f.Details["allowed"].([]string); ok && f.HTTPStatus() == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", allowHeader(methods))
	}
	trace.Current(r.Context()).Fail(f)
	problem := newProblem(a.present(r, f))
	problem.TraceID = trace.ID(r.Context())
	return problem
}

// toFault returns the fault for a request that huma refused. A fault that a handler returned is in errs.
func toFault(r *http.Request, status int, msg string, errs []error) error {
	var found []*huma.ErrorDetail
	for _, err := range errs {
		if detail, ok := err.(huma.ErrorDetailer); ok { // huma's own list, never wrapped
			found = append(found, detail.ErrorDetail())
		} else if err != nil {
			return err
		}
	}
	method := r.Method + " " + pattern(r)
	if len(found) == 0 {
		if status >= 500 {
			return fmt.Errorf("huma: %s", msg)
		}
		return fault.InvalidMessageBadParams(method, "body", strings.TrimPrefix(msg, "request "))
	}
	if slices.ContainsFunc(found, namesNoRoom) { // the published error event's own word for it
		return fault.InvalidMeetingIDEmpty()
	}
	slices.SortStableFunc(found, func(x, y *huma.ErrorDetail) int { return cmp.Compare(x.Location, y.Location) })
	field, problem := reword(found[0])
	if feature := notOfferedFeature(found[0]); feature != "" {
		return fault.RequestNotOfferedNotOffered(method, field, feature)
	}
	if meant := apiOf(r.Context()).meantField(r.Method, pattern(r), found[0]); meant != "" {
		problem += "; the nearest name is " + meant
	}
	if more := len(found) - 1; more > 0 {
		fields := make([]string, 0, more)
		for _, detail := range found[1:] {
			other, _ := reword(detail)
			fields = append(fields, other)
		}
		problem += fmt.Sprintf(" (also wrong: %s)", strings.Join(fields[:min(more, 5)], ", "))
	}
	return fault.InvalidMessageBadParams(method, field, problem)
}

// namesNoRoom reports whether what is wrong is that the body has no roomId, or an empty one.
func namesNoRoom(detail *huma.ErrorDetail) bool {
	switch detail.Location {
	case "body":
		return detail.Message == "expected required property roomId to be present"
	case "body.roomId":
		return detail.Value == nil || detail.Value == ""
	}
	return false
}

// What huma says of a value that has none of several forms, of names that do not exist, and of a word that is none of
// a list.
const (
	oneOfProblem        = "expected value to match exactly one schema but matched none"
	unknownFieldProblem = "unexpected property"
	unknownQueryProblem = "unknown query parameter"
	enumProblem         = "expected value to be one of "
)

// reword turns huma's "expected required property roomId to be present (body)" into field and problem.
// The value itself is not repeated: it may be long, and it may be a secret in the wrong place.
func reword(detail *huma.ErrorDetail) (field, problem string) {
	field = detail.Location
	for _, place := range []string{"body.", "query.", "path.", "header."} {
		field = strings.TrimPrefix(field, place)
	}
	problem = detail.Message
	if name, ok := strings.CutPrefix(problem, "expected required property "); ok {
		name = strings.TrimSuffix(name, " to be present")
		if field == "body" {
			return name, "it is required"
		}
		return field + "." + name, "it is required"
	}
	switch {
	// the one thing that is JSON and still cannot be read
	case strings.HasPrefix(problem, "json: cannot unmarshal number"):
		return field, "it holds a number that is out of range"
	case problem == "invalid integer" && strings.HasSuffix(field, "Date"):
		return field, "it takes a whole number, the milliseconds since 1970"
	case problem == "invalid integer":
		return field, "it takes a whole number"
	case problem == oneOfProblem && strings.HasSuffix(field, "onFailure"):
		return field, "it takes " + onFailureHint + ", got " + describeValue(detail.Value)
	case problem == oneOfProblem && strings.HasPrefix(field, "recordingIds["):
		return field, "it takes " + recordingRefHint + ", got " + describeValue(detail.Value)
	case problem == oneOfProblem && strings.HasSuffix(field, "startTime"):
		return field, "it takes " + startTimeHint + ", got " + describeValue(detail.Value)
	case problem == oneOfProblem:
		return field, "it takes " + trackKindsHint + ", got " + describeValue(detail.Value)
	case problem == unknownFieldProblem:
		return field, "there is no such field"
	case problem == unknownQueryProblem:
		return field, "there is no such query parameter"
	case strings.HasPrefix(problem, "required "):
		return field, "it is required"
	case strings.HasPrefix(problem, enumProblem): // a word of ours, misspelled
		if word, ok := detail.Value.(string); ok && len(word) <= 20 {
			return field, fmt.Sprintf("%s, got %q", problem, word)
		}
		fallthrough
	case strings.HasPrefix(problem, "expected "):
		return field, problem + ", got " + describeValue(detail.Value)
	}
	return field, problem
}

// counted returns how many there are: "1 byte", "2 bytes".
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// describeValue describes a JSON value without repeating its content; numbers are harmless and help.
func describeValue(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case float64, int64, uint64:
		return fmt.Sprint(v)
	case string:
		return "a string of " + counted(len(v), "byte")
	case []any:
		return "an array of " + counted(len(v), "element")
	case map[string]any:
		return "an object"
	}
	return fmt.Sprintf("%T", value)
}
