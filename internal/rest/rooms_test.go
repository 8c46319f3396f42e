package rest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/gate"
)

func TestRoomLife(t *testing.T) {
	w := newFixture(t)
	room := w.newRoom(map[string]any{"name": "Weekly"})
	require.Regexp(t, `^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$`, room["roomId"])
	require.Equal(t, w.account.ID, room["userId"])
	require.Equal(t, false, room["disabled"])
	require.Nil(t, room["customRoomId"])
	require.Equal(t, "Weekly", room["name"])
	id := room["roomId"].(string)

	links := room["links"].(map[string]any)
	require.Equal(t, w.server.URL+"/v2/rooms/"+id, links["get_room"])
	for _, link := range links {
		require.Equal(
			t,
			http.StatusOK,
			w.call(w.token, "GET", strings.TrimPrefix(link.(string), w.server.URL), nil).status,
		)
	}

	read := w.call(w.token, "GET", "/v2/rooms/"+id, nil).ok()
	require.Equal(
		t,
		map[string]any{"id": w.account.ID, "name": "ours", "email": "ours@example.org", "discontinuedReason": nil},
		read["user"],
	)
	delete(read, "user")
	require.Equal(t, room, read)
	for _, method := range []string{"GET", "POST"} {
		require.Equal(t, room, w.call(w.token, method, "/v2/rooms/validate/"+id, nil).ok())
	}

	gone := w.call(w.token, "POST", "/v2/rooms/deactivate", map[string]any{"roomId": id}).ok()
	require.Equal(t, true, gone["disabled"])
	require.Equal(t, id, gone["meetingId"])
	require.Equal(t, id, gone["roomId"])
	require.Contains(t, gone, "userMeetingId")
	require.Contains(t, gone, "user")

	set := w.call(w.token, "POST", "/v2/rooms/"+id, map[string]any{"status": "enabled"}).ok()
	require.Equal(t, "enabled", set["status"])
	require.Equal(t, false, set["disabled"])
	set = w.call(w.token, "POST", "/v2/rooms/"+id, map[string]any{"status": "disabled"}).ok()
	require.Equal(t, "disabled", set["status"])
	require.Equal(t, true, w.call(w.token, "GET", "/v2/rooms/"+id, nil).ok()["disabled"])
}

// The webhook of a room can be set and replaced, together with the status and by itself.
func TestUpdateRoomWebhook(t *testing.T) {
	w := newFixture(t)
	hook := func(endpoint string, events ...any) map[string]any {
		return map[string]any{"endPoint": endpoint, "events": events}
	}
	config := map[string]any{"type": "session-ends", "duration": 30.0}
	id := w.newRoom(map[string]any{"customRoomId": "standup", "autoCloseConfig": config})["roomId"].(string)
	first, second := hook("https://example.org/1", "*"), hook("https://example.org/2", "recording-*")
	require.Equal(
		t,
		first,
		w.call(w.token, "POST", "/v2/rooms/standup", map[string]any{"webhook": first}).ok()["webhook"],
	)
	set := w.call(w.token, "POST", "/v2/rooms/"+id, map[string]any{"webhook": second, "status": "disabled"}).ok()
	require.Equal(t, second, set["webhook"])
	require.Equal(t, "disabled", set["status"])
	require.Equal(t, true, set["disabled"])
	set = w.call(w.token, "POST", "/v2/rooms/"+id, map[string]any{"webhook": first}).ok()
	require.Equal(t, "disabled", set["status"], "what is left out stays")
	require.Equal(t, config, set["autoCloseConfig"])
	require.Equal(t, first, w.call(w.token, "GET", "/v2/rooms/"+id, nil).ok()["webhook"])

	for body, field := range map[string]string{
		`{}`: "status", `{"webhook":null}`: "status", `{"status":"gone"}`: "status",
		`{"webhook":{"endPoint":"ftp://example.org","events":["*"]}}`:         "webhook.endPoint",
		`{"webhook":{"endPoint":"https://example.org","events":["shouted"]}}`: "webhook.events[0]",
		`{"webhook":{"endPoint":"https://example.org","events":[]}}`:          "webhook.events",
	} {
		f := w.refused(w.call(w.token, "POST", "/v2/rooms/"+id, body), 4107, "BAD_PARAMS")
		require.Equal(t, field, f.Details["field"], body)
		require.Equal(t, "POST /v2/rooms/{roomId}", f.Details["method"], body)
	}
	w.refused(w.call(w.otherToken, "POST", "/v2/rooms/"+id, map[string]any{"webhook": second}), 4003, "NOT_FOUND")
	require.Equal(t, first, w.call(w.token, "GET", "/v2/rooms/"+id, nil).ok()["webhook"])
}

func TestRoomShowsItsConfig(t *testing.T) {
	w, _ := newEgressFixture(t)
	wanted := map[string]any{
		"customRoomId": "team/standup 🎉",
		"geoFence":     "eu001",
		"webhook": map[string]any{
			"endPoint": "https://example.org/hook",
			"events":   []any{"recording-*", "session-started"},
		},
		"autoCloseConfig": map[string]any{"type": "session-end-and-deactivate", "duration": 30.0},
		"autoStartConfig": map[string]any{
			"recording": map[string]any{"config": map[string]any{"layout": map[string]any{"type": "GRID"}}},
		},
		"multiComposition":      map[string]any{"recording": true},
		"allowedParticipantIds": []any{"ann", "bob"},
	}
	room := w.newRoom(wanted)
	for field, value := range wanted {
		require.Equal(t, value, room[field], field)
	}
	again := w.newRoom(map[string]any{"customRoomId": wanted["customRoomId"], "geoFence": "us002"})
	require.Equal(t, room, again, "the same custom id returns the room that exists")

	read := w.call(w.token, "GET", "/v2/rooms/"+url.PathEscape("team/standup 🎉"), nil).ok()
	require.Equal(t, room["roomId"], read["roomId"])

	theirs := w.call(w.otherToken, "POST", "/v2/rooms", map[string]any{"customRoomId": wanted["customRoomId"]}).ok()
	require.NotEqual(t, room["roomId"], theirs["roomId"], "custom ids are an account's own")

	plain := w.newRoom(map[string]any{"autoCloseConfig": map[string]any{}})
	require.Equal(
		t,
		map[string]any{"type": "session-ends", "duration": 480.0},
		plain["autoCloseConfig"],
		"the published defaults",
	)
	w.newRoom(map[string]any{"customRoomId": nil, "webhook": nil, "allowedParticipantIds": nil, "region": "sg001"})
}

func TestRoomList(t *testing.T) {
	w := newFixture(t)
	ids := map[string]bool{}
	for i := range 5 {
		ids[w.newRoom(map[string]any{"customRoomId": fmt.Sprintf("room-%d", i)})["roomId"].(string)] = true
	}
	seen := map[string]bool{}
	for page := 1; page <= 3; page++ {
		list := w.call(w.token, "GET", fmt.Sprintf("/v2/rooms?page=%d&perPage=2", page), nil).ok()
		require.Equal(
			t,
			map[string]any{"currentPage": float64(page), "perPage": 2.0, "lastPage": 3.0, "total": 5.0},
			list["pageInfo"],
		)
		for _, room := range list["data"].([]any) {
			seen[room.(map[string]any)["roomId"].(string)] = true
		}
	}
	require.Equal(t, ids, seen)
	past := w.call(w.token, "GET", "/v2/rooms?page=9", nil).ok()
	require.Empty(t, past["data"])
	require.NotNil(t, past["data"], "an empty list is [], not null")
	one := w.call(w.token, "GET", "/v2/rooms?query=room-3", nil).ok()
	require.Len(t, one["data"], 1)
	require.Empty(t, w.call(w.token, "GET", "/v2/rooms?query=nothing", nil).ok()["data"])
	require.Empty(t, w.call(w.otherToken, "GET", "/v2/rooms", nil).ok()["data"])
	require.Empty(t, w.call(w.otherToken, "GET", "/v2/rooms?query=room-3", nil).ok()["data"])
}

// What others own and what does not exist look the same, byte for byte, but for the incident's own marks.
func TestAnotherAccountsRoomDoesNotExist(t *testing.T) {
	w := newFixture(t)
	theirs := w.call(w.otherToken, "POST", "/v2/rooms", nil).ok()["roomId"].(string)
	const unknown = "zzzz-zzzz-zzzz"
	mask := func(w *fixture, a answer, id string) string {
		f := w.refused(a, 4003, "NOT_FOUND")
		return strings.NewReplacer(f.ID, "ID", f.At.String(), "AT", id, "ROOM").
			Replace(a.body)
	}
	for _, call := range []struct{ method, path, body string }{
		{"GET", "/v2/rooms/%s", ""},
		{"GET", "/v2/rooms/validate/%s", ""},
		{"POST", "/v2/rooms/validate/%s", ""},
		{"POST", "/v2/rooms/%s", `{"status":"disabled"}`},
		{"POST", "/v2/rooms/%s", `{"webhook":{"endPoint":"https://example.org","events":["*"]}}`},
		{"POST", "/v2/rooms/deactivate", `{"roomId":"%s"}`},
		{"POST", "/v2/sessions/end", `{"roomId":"%s"}`},
		{"POST", "/v2/sessions/stop", `{"roomId":"%s"}`},
		{"POST", "/v2/sessions/participants/remove", `{"roomId":"%s","participantId":"ann"}`},
	} {
		t.Run(call.method+" "+call.path, func(t *testing.T) {
			w := w.in(t)
			ask := func(id string) answer {
				path, body := strings.Replace(call.path, "%s", id, 1), strings.Replace(call.body, "%s", id, 1)
				if body == "" {
					return w.call(w.token, call.method, path, nil)
				}
				return w.call(w.token, call.method, path, body)
			}
			require.Equal(t, mask(w, ask(unknown), unknown), mask(w, ask(theirs), theirs))
		})
	}
}

func TestTokenForOneRoom(t *testing.T) {
	w := newFixture(t)
	mine, other := w.newRoom(
		map[string]any{"customRoomId": "mine"},
	)["roomId"].(string), w.newRoom(nil)["roomId"].(string)
	for _, claim := range []string{mine, "mine"} {
		bound := w.mint(gate.Grant{APIKey: w.key.ID, MeetingID: claim, Roles: []string{gate.RoleCrawler}}, w.secret)
		w.call(bound, "GET", "/v2/rooms/"+mine, nil).ok()
		w.call(bound, "GET", "/v2/sessions?roomId="+mine, nil).ok()
		require.Len(t, w.call(bound, "GET", "/v2/rooms?query=mine", nil).ok()["data"], 1)
		for _, path := range []string{
			"/v2/rooms/" + other, "/v2/rooms/zzzz-zzzz-zzzz", "/v2/rooms", "/v2/rooms?query=" + other,
			"/v2/sessions", "/v2/sessions?roomId=" + other, "/v2/sessions?roomId=zzzz-zzzz-zzzz",
		} {
			w.refused(w.call(bound, "GET", path, nil), 4022, "MISMATCH")
		}
		w.refused(w.call(bound, "POST", "/v2/rooms", nil), 4022, "MISMATCH")
	}
}
