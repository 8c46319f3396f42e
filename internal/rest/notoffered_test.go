package rest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Published paths of what is not offered say so: never 404, which the published server SDK takes for a missing room.
func TestNotOfferedPaths(t *testing.T) {
	w := newFixture(t)
	for _, c := range []struct{ method, path, feature string }{
		{"GET", "/v2/sip/call", "SIP calls"},
		{"PATCH", "/v2/sip/phone-numbers/123", "SIP calls"},
		{"GET", "/v2/connectors", "telephony connectors"},
		{"PUT", "/v2/batch-calls/x", "batch calls"},
		{"POST", "/v2/agent/dispatch", "AI agents"},
		{"POST", "/ai/v1/realtime-transcriptions/start", "transcription"},
		{"POST", "/ai/v1/realtime-transcriptions/end/", "transcription"},
		{"GET", "/ai/v1/cloud/deployments", "AI agents, transcription and translation"},
		{"POST", "/v2/ingest/sessions", "socket ingest"},
		{"GET", "/v2/resource", "the resource pool"},
		{"GET", "/v2/alertRules/metrics/models", "AI agents"},
	} {
		f := w.refused(w.call(w.token, c.method, c.path, nil), 4110, "NOT_OFFERED")
		require.Equal(t, c.feature, f.Details["feature"], c.path)
		require.Contains(t, f.Detail, c.method+" /")
		require.Empty(t, f.Param)
		bad := w.call("no.good.token", c.method, c.path, nil)
		require.Equal(t, http.StatusUnauthorized, bad.status, "the token is judged first")
	}
	w.refused(w.call(w.token, "GET", "/v2/nothing", nil), 4108, "ROUTE")
}

func TestUnknownNamesAreAnsweredWithTheNearest(t *testing.T) {
	w := newFixture(t)
	for _, c := range []struct{ method, path, body, nearest string }{
		{"POST", "/v2/rooms", `{"customRoomID":"x"}`, "customRoomId"},
		{"POST", "/v2/rooms", `{"webhook":{"url":"https://a.b","endPoint":"https://a.b","events":["*"]}}`, ""},
		{"POST", "/v2/rooms", `{"autoStartConfig":{"recordings":{}}}`, "recording"},
		{"POST", "/v2/rooms", `{"autoStartConfig":{"composite":{"participants":[{"participant":"a","participantId":"b"}]}}}`,
			"participantId"},
		{"POST", "/v2/recordings/start", `{"roomId":"x","config":{"qualty":"low"}}`, "quality"},
		{"POST", "/v2/recordings/start", `{"roomId":"x","config":{"zzzzzzzzzzzz":"low"}}`, ""},
		{"GET", "/v2/sessions?roomid=x", ``, "roomId"},
	} {
		var body any
		if c.body != "" {
			body = c.body
		}
		f := w.refused(w.call(w.token, c.method, c.path, body), 4107, "BAD_PARAMS")
		if c.nearest == "" {
			require.NotContains(t, f.Detail, "nearest", c.body)
			continue
		}
		require.Contains(t, f.Detail, "the nearest name is "+c.nearest)
	}
}

func TestRegionIsAnotherNameOfGeoFence(t *testing.T) {
	w := newFixture(t)
	require.Equal(t, "us002", w.newRoom(map[string]any{"region": "us002"})["geoFence"])
	require.Equal(t, "us002", w.newRoom(map[string]any{"region": "us002", "geoFence": "us002"})["geoFence"])
	f := w.refused(w.call(w.token, "POST", "/v2/rooms", `{"region":"us002","geoFence":"eu001"}`), 4107, "BAD_PARAMS")
	require.Equal(t, "region", f.Param)
}

func TestWebhooksOfEventsThatAreNotOffered(t *testing.T) {
	w := newFixture(t)
	for _, event := range []string{"agent-session-started", "agent-session-*", "transcription-completed", "call-started"} {
		f := w.refused(w.call(w.token, "POST", "/v2/rooms", map[string]any{
			"webhook": map[string]any{"endPoint": "https://a.b", "events": []any{"*", event}},
		}), 4110, "NOT_OFFERED")
		require.Equal(t, "webhook.events[1]", f.Param)
	}
}
