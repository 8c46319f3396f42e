package rest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/feed"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
)

// sse is a message of an event stream.
type sse struct {
	id, name string
	data     map[string]any
}

// eventStream reads one.
type eventStream struct {
	t      *testing.T
	lines  *bufio.Scanner
	cancel context.CancelFunc
}

// events opens a stream; last is the Last-Event-ID, "" for none.
func (w *fixture) events(t *testing.T, token, path, last string) *eventStream {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.server.URL+path, nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", token)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := noRedirect.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = resp.Body.Close() })
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	require.True(t, lines.Scan())
	require.Equal(t, "retry: 2000", lines.Text())
	return &eventStream{t, lines, cancel}
}

// next reads the next event.
func (s *eventStream) next() (e sse) {
	s.t.Helper()
	for s.lines.Scan() {
		key, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch key {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			require.NoError(s.t, json.Unmarshal([]byte(value), &e.data))
		case "":
			if e.name != "" {
				return e
			}
		}
	}
	s.t.Fatal("the stream ended: ", s.lines.Err())
	return e
}

// newEventFixture also returns the feed, and publishes an event into it.
func newEventFixture(
	t *testing.T,
	limits feed.Limits,
) (*fixture, *feed.Feed, func(account record.Account, room, participant string)) {
	events := feed.New(limits)
	w := newFixture(t, func(o *rest.Options) { o.Events, o.EventLimits = events, limits })
	t.Cleanup(events.Close) // before the HTTP server waits for its streams
	return w, events, func(account record.Account, room, participant string) {
		events.Publish(feed.Event{
			Name: feed.ParticipantJoined, AccountID: account.ID, MeetingID: room, SessionID: "s1", ParticipantID: participant,
			At: time.Now(),
		})
	}
}

func TestEventStream(t *testing.T) {
	t.Parallel()
	w, events, joined := newEventFixture(t, feed.Limits{PerAccount: 4, PerAddress: 20})
	room := w.call(w.token, http.MethodPost, "/v2/rooms", map[string]any{}).ok()["roomId"].(string)
	mine, theirs := w.events(t, w.token, "/v2/events", ""), w.events(t, w.otherToken, "/v2/events", "")
	everybody := w.events(t, "Bearer "+adminToken, "/admin/v1/events", "")
	ours := w.events(t, "Bearer "+adminToken, "/admin/v1/events?accountId="+w.account.ID, "")
	inRoom := w.events(t, w.token, "/v2/events?roomId="+room+"&account="+w.account.ID, "")
	w.refused(w.call(w.token, http.MethodGet, "/v2/events?account="+w.other.ID, nil), 4105, "OTHER_ACCOUNT")
	w.refused(w.call(w.token, http.MethodGet, "/v2/events?roomId=nosuch", nil), 4003, "NOT_FOUND")
	bound := w.mint(gate.Grant{APIKey: w.key.ID, MeetingID: room, Roles: []string{"crawler"}}, w.secret)
	w.refused(w.call(bound, http.MethodGet, "/v2/events", nil), 4022, "MISMATCH")

	joined(w.other, "", "eve")
	joined(w.account, "", "ann")
	f := fault.MaxParticipantReachedLimit(2, 2, "account").WithAccount(w.account.ID).WithMeeting(room, "s1", "bob").
		WithClient(fault.Client{SDK: "web/0.9.0", Browser: "Chrome/141"})
	events.Publish(feed.Event{Name: feed.FaultRaised, AccountID: w.account.ID, MeetingID: room, At: f.At.Time,
		Fault: &record.Fault{AccountID: w.account.ID, Error: f}})
	events.Publish(feed.Event{Name: feed.FaultCleared, AccountID: w.account.ID, MeetingID: room, At: f.At.Time,
		Cleared: &record.Cleared{Fault: f, At: f.At.Time, For: 1234 * time.Millisecond}})

	require.Equal(t, "eve", theirs.next().data["participantId"])
	require.Equal(t, "eve", everybody.next().data["participantId"])
	require.Equal(t, "ann", everybody.next().data["participantId"])
	require.Equal(t, "ann", ours.next().data["participantId"])
	first := mine.next()
	require.Equal(t, "participant-joined", first.name)
	require.Equal(t, "ann", first.data["participantId"], "and nothing of another account")
	for _, s := range []*eventStream{mine, inRoom} {
		raised := s.next()
		require.Equal(t, "fault", raised.name)
		require.Equal(t, f.ID, raised.data["id"])
		require.Equal(t, "web/0.9.0", raised.data["sdk"])
		require.Equal(t, "Chrome/141", raised.data["browser"])
		cleared := s.next()
		require.Equal(t, "fault-cleared", cleared.name)
		require.Equal(t, f.ID, cleared.data["id"])
		require.EqualValues(t, 1234, cleared.data["forMs"])
	}

	again := w.events(t, w.token, "/v2/events", first.id)
	require.Equal(t, f.ID, again.next().data["id"], "what came after the last event")
	again.cancel()
	lost := w.events(t, w.token, "/v2/events", "17")
	require.Equal(t, "missed", lost.next().name)
	require.Equal(t, first.id, lost.next().id, "what is kept")
}

// A stream ends with the fault that says why; limits hold for each account and for each address.
func TestEventStreamEnds(t *testing.T) {
	t.Parallel()
	w, events, joined := newEventFixture(t, feed.Limits{PerAccount: 1, PerAddress: 2})
	slow := w.events(t, w.token, "/v2/events", "")
	w.refused(w.call(w.token, http.MethodGet, "/v2/events", nil), 4106, "EVENT_STREAMS")
	theirs := w.events(t, w.otherToken, "/v2/events", "")
	w.refused(w.call("Bearer "+adminToken, http.MethodGet, "/admin/v1/events", nil), 4106, "EVENT_STREAMS")

	long := strings.Repeat("x", 64<<10)
	for range 1000 { // 64 MB fill the buffers of the sockets, and then the queue
		joined(w.account, "", long)
	}
	joined(w.other, "", "bob")
	require.Equal(t, "bob", theirs.next().data["participantId"], "nobody else is cut")
	var last sse
	for last.name != "closed" {
		last = slow.next()
	}
	require.EqualValues(t, 4106, last.data["code"])
	require.Equal(t, "SLOW_READER", last.data["reason"])

	events.Close()
	last = theirs.next()
	require.Equal(t, "closed", last.name)
	require.Equal(t, "DRAINING", last.data["reason"])
}

type lasting []record.Condition

func (l lasting) Lasting() []record.Condition { return append([]record.Condition(nil), l...) }

func TestConditions(t *testing.T) {
	t.Parallel()
	var list lasting
	w := newFixture(t, func(o *rest.Options) { o.Conditions = &list })
	room := w.call(w.token, http.MethodPost, "/v2/rooms", map[string]any{}).ok()["roomId"].(string)
	now := time.Now()
	list = lasting{
		{Fault: fault.WebhookDeliveryFailedStatus("https://a", "e", 500).WithAccount(w.account.ID), Since: now, Shown: true},
		{Fault: fault.WebhookDeliveryFailedStatus("https://b", "e", 500).WithAccount(w.account.ID).WithMeeting(room, "", ""),
			Since: now.Add(-time.Minute)},
		{Fault: fault.WebhookDeliveryFailedStatus("https://c", "e", 500).WithAccount(w.other.ID), Since: now},
		{Fault: fault.ServerUnavailableStorageLow("/data", 1, 2), Since: now.Add(-time.Hour), Shown: true},
	}
	ids := func(a answer) (ids []string) {
		t.Helper()
		for _, c := range a.ok()["data"].([]any) {
			ids = append(ids, c.(map[string]any)["id"].(string))
		}
		return ids
	}
	id := func(i int) string { return list[i].Fault.ID }
	require.Equal(t, []string{id(0), id(1)}, ids(w.call(w.token, http.MethodGet, "/v2/conditions", nil)))
	require.Equal(t, []string{id(1)}, ids(w.call(w.token, http.MethodGet, "/v2/conditions?roomId="+room, nil)))
	require.Equal(t, []string{id(2)}, ids(w.call(w.otherToken, http.MethodGet, "/v2/conditions", nil)))
	require.Len(t, ids(w.admin(http.MethodGet, "/admin/v1/conditions", nil)), 4)
	require.Len(t, ids(w.admin(http.MethodGet, "/admin/v1/conditions?perPage=3&page=2", nil)), 1)
	require.Equal(t, []string{id(2)}, ids(w.admin(http.MethodGet, "/admin/v1/conditions?accountId="+w.other.ID, nil)))
	page := w.call(w.token, http.MethodGet, "/v2/conditions?page=2&perPage=1", nil).ok()
	second := page["data"].([]any)[0].(map[string]any)
	require.GreaterOrEqual(t, second["forMs"], 60000.0)
	require.Equal(t, false, second["shown"])
	require.Equal(t, true, second["lasts"])
}
