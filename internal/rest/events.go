package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/feed"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
)

// Times of an event stream.
const (
	heartbeat        = 15 * time.Second // between two comments, where nothing happens
	eventWithin      = 10 * time.Second // a reader takes what it is sent
	authorizedAgain  = time.Minute      // the token of a stream is checked again
	reconnectAfterMs = 2000             // the browser's EventSource waits that long
)

// ClearedEvent is the data of fault-cleared.
type ClearedEvent struct {
	AccountID     string        `json:"accountId"`
	ID            string        `json:"id" doc:"Of the fault that is over."`
	Code          int           `json:"code"`
	Name          string        `json:"name"`
	Reason        string        `json:"reason"`
	ForMs         int64         `json:"forMs" doc:"How long it lasted."`
	At            fault.Instant `json:"at"`
	MeetingID     string        `json:"meetingId"`
	SessionID     string        `json:"sessionId"`
	ParticipantID string        `json:"participantId"`
}

// SessionEvent is the data of session-started, session-ended, participant-joined and participant-left.
type SessionEvent struct {
	AccountID     string        `json:"accountId"`
	MeetingID     string        `json:"meetingId"`
	SessionID     string        `json:"sessionId"`
	ParticipantID string        `json:"participantId,omitempty"`
	Name          string        `json:"name,omitempty" doc:"Display name of the participant."`
	At            fault.Instant `json:"at"`
}

// MissedEvent is the data of missed.
type MissedEvent struct {
	LastEventID string `json:"lastEventId" doc:"As the request has it."`
}

type (
	eventsInput struct {
		RoomID      string `query:"roomId" doc:"roomId or customRoomId: only events of that room."`
		Account     string `query:"account" maxLength:"64" doc:"With the sign-in of an operator: the account whose events are read. With a token it must be that of the token."`
		LastEventID string `header:"Last-Event-ID" doc:"Id of the last event that was received: those after it come first."`
	}
	adminEventsInput struct {
		AccountID   string `query:"accountId" maxLength:"64" doc:"Only events of that account."`
		LastEventID string `header:"Last-Event-ID" doc:"Id of the last event that was received: those after it come first."`
	}
)

const eventsDescription = "Server-sent events (text/event-stream): `fault` (a fault as GET /v2/faults lists it), " +
	"`fault-cleared` (a condition is over), `session-started`, `session-ended`, `participant-joined`, " +
	"`participant-left`, `incident-opened`, `incident-acknowledged`, `incident-resolved` (an incident as " +
	"GET /v2/incidents lists it). Each has an id; after a cut the header `Last-Event-ID` returns what was missed, " +
	"and the event " +
	"`missed` tells that some of it is not kept any more. A comment comes every 15 s. Before the server ends a stream " +
	"it sends the event `closed` with the fault that says why. docs/faults.md has the whole."

func (a *API) eventRoutes() {
	secured(a, a.describeEvents(huma.Operation{
		OperationID: "read-events", Method: http.MethodGet, Path: "/v2/events",
		Summary: "Read the events of the account as they happen", Tags: []string{"Faults"},
	}), func(ctx context.Context, who Caller, in *eventsInput) (*huma.StreamResponse, error) {
		if in.Account != "" && in.Account != who.Account.ID {
			return nil, fault.InvalidMessageBadParams(methodOf(ctx), "account", "it is not the account of the token")
		}
		meetingID, none, err := a.filteredRoom(ctx, who, in.RoomID)
		if err != nil {
			return nil, err
		}
		if none { // a stream of nothing would look like a room in which nothing happens
			return nil, fault.InvalidMeetingIDNotFound(in.RoomID)
		}
		return a.stream(ctx, streamOf{
			accountID: who.Account.ID, last: in.LastEventID,
			wanted: func(e feed.Event) bool { return meetingID == "" || e.MeetingID == meetingID },
			again: func() error {
				_, err := a.authorize(ctx)
				return err
			},
		})
	})
	adminOnly(a, a.describeEvents(huma.Operation{
		OperationID: "admin-read-events", Method: http.MethodGet, Path: "/admin/v1/events",
		Summary: "Read the events of all accounts as they happen", Tags: []string{"Admin: overview"},
	}), func(ctx context.Context, in *adminEventsInput) (*huma.StreamResponse, error) {
		return a.stream(ctx, streamOf{
			everyone: true, last: in.LastEventID,
			wanted: func(e feed.Event) bool { return in.AccountID == "" || e.AccountID == in.AccountID },
			again:  func() error { return nil },
		})
	})
}

// describeEvents adds the stream to the document.
func (a *API) describeEvents(op huma.Operation) huma.Operation {
	registry := a.huma.OpenAPI().Components.Schemas
	schemas := []*huma.Schema{}
	for _, data := range []any{FaultEntry{}, ClearedEvent{}, SessionEvent{}, record.IncidentBody{}, MissedEvent{}} {
		schemas = append(schemas, registry.Schema(reflect.TypeOf(data), true, ""))
	}
	op.Description = eventsDescription
	op.Responses = map[string]*huma.Response{"200": {
		Description: "Events, until the client or the server ends the stream. The schema is that of their data.",
		Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{AnyOf: schemas}}},
	}}
	return op
}

// streamOf is what a stream carries.
type streamOf struct {
	accountID string
	everyone  bool
	last      string // Last-Event-ID
	wanted    func(feed.Event) bool
	again     func() error // whether the caller still may
}

func (a *API) stream(ctx context.Context, of streamOf) (*huma.StreamResponse, error) {
	after, err := int64(0), error(nil)
	if of.last != "" {
		if after, err = strconv.ParseInt(of.last, 10, 64); err != nil || after <= 0 {
			return nil, fault.InvalidMessageBadParams(methodOf(ctx), "Last-Event-ID", "it is not the id of an event").
				Because(err)
		}
	}
	if a.opts.Events == nil {
		return nil, fault.ServerUnavailableDraining()
	}
	address := ratelimit.ClientOf(ctx)
	reader, kept, missed, err := a.opts.Events.Subscribe(of.accountID, of.everyone, address, after)
	switch {
	case errors.Is(err, feed.ErrAccount):
		subject := "This account"
		if of.everyone {
			subject = "The admin API"
		}
		return nil, fault.RateLimitedEventStreams(subject, a.opts.EventLimits.PerAccount).Because(err)
	case errors.Is(err, feed.ErrAddress):
		return nil, fault.RateLimitedEventStreams(address.String(), a.opts.EventLimits.PerAddress).Because(err)
	case err != nil:
		return nil, fault.ServerUnavailableDraining().Because(err)
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer reader.Close()
		r, w := humago.Unwrap(hc)
		s := &eventStream{api: a, request: r, writer: w, connection: http.NewResponseController(w)}
		s.serve(ctx, of, reader, kept, missed)
	}}, nil
}

// eventStream writes the events of one reader.
type eventStream struct {
	api        *API
	request    *http.Request
	writer     http.ResponseWriter
	connection *http.ResponseController
	buffer     bytes.Buffer
}

func (s *eventStream) serve(ctx context.Context, of streamOf, reader *feed.Reader, kept []feed.Numbered, missed bool) {
	header := s.writer.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("X-Accel-Buffering", "no") // nginx would keep events until it has some kB of them
	s.writer.WriteHeader(http.StatusOK)
	fmt.Fprintf(&s.buffer, "retry: %d\n\n", reconnectAfterMs)
	if missed {
		s.put("missed", "", MissedEvent{of.last})
	}
	for _, e := range kept {
		if of.wanted(e.Event) {
			s.event(e)
		}
	}
	beat, check := time.NewTicker(heartbeat), time.NewTicker(authorizedAgain)
	defer beat.Stop()
	defer check.Stop()
	for s.flush() == nil {
		select {
		case e, open := <-reader.Events():
			if !open {
				s.close(reader)
				return
			}
			if of.wanted(e.Event) {
				s.event(e)
				beat.Reset(heartbeat)
			}
		case <-beat.C:
			s.buffer.WriteString(": heartbeat\n\n")
		case <-check.C:
			if err := of.again(); err != nil {
				s.end(fault.From(err))
				return
			}
		case <-ctx.Done():
			return
		}
	}
	if reader.TooSlow() {
		s.report(fault.RateLimitedSlowReader(feed.MaxQueued, feed.MaxQueued))
	}
}

// close ends a stream whose reader did not keep up, or whose server stops.
func (s *eventStream) close(reader *feed.Reader) {
	if reader.TooSlow() {
		s.end(fault.RateLimitedSlowReader(feed.MaxQueued, feed.MaxQueued))
		return
	}
	s.end(fault.ServerUnavailableDraining())
}

// end tells the reader why its stream ends.
func (s *eventStream) end(f *fault.Error) {
	f = s.report(f)
	s.put("closed", "", Fault(*s.api.present(s.request, f)))
	_ = s.flush() // the client is gone, or has it
}

func (s *eventStream) report(f *fault.Error) *fault.Error {
	f = s.api.addScope(s.request, f)
	s.api.opts.Report(s.request.Context(), f)
	return f
}

// event writes an event into the buffer.
func (s *eventStream) event(e feed.Numbered) {
	id := strconv.FormatInt(e.ID, 10)
	switch {
	case e.Fault != nil:
		s.put(e.Name, id, s.api.faultEntry(s.request.Context(), *e.Fault))
	case e.Incident != nil:
		s.put(e.Name, id, e.Incident.Body())
	case e.Cleared != nil:
		f := e.Cleared.Fault
		s.put(e.Name, id, ClearedEvent{
			AccountID: e.AccountID, ID: f.ID, Code: f.Code, Name: f.Name, Reason: f.Reason,
			ForMs: e.Cleared.For.Milliseconds(), At: fault.InstantOf(e.At), MeetingID: f.MeetingID, SessionID: f.SessionID,
			ParticipantID: f.ParticipantID,
		})
	default:
		s.put(e.Name, id, SessionEvent{
			AccountID: e.AccountID, MeetingID: e.MeetingID, SessionID: e.SessionID, ParticipantID: e.ParticipantID,
			Name: e.ParticipantName, At: fault.InstantOf(e.At),
		})
	}
}

// put writes a message of the stream into the buffer: HTML, section 9.2.5.
func (s *eventStream) put(name, id string, data any) {
	text, err := json.Marshal(data)
	if err != nil {
		s.report(fault.From(fmt.Errorf("encode the event %s: %w", name, err)))
		return
	}
	if id != "" {
		fmt.Fprintf(&s.buffer, "id: %s\n", id)
	}
	fmt.Fprintf(&s.buffer, "event: %s\ndata: %s\n\n", name, text)
}

// flush sends the buffer.
func (s *eventStream) flush() error {
	if s.buffer.Len() == 0 {
		return nil
	}
	_ = s.connection.SetWriteDeadline(time.Now().Add(eventWithin)) // a writer without deadlines waits
	_, err := s.writer.Write(s.buffer.Bytes())
	s.buffer.Reset()
	if err == nil {
		err = s.connection.Flush()
	}
	return err
}
