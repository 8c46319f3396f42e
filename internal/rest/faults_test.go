package rest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/rest"
)

// An account reads its own faults, whatever road they were told on; another account does not.
func TestFaultsOfAnAccount(t *testing.T) {
	w := newFixture(t)
	room := w.call(w.token, http.MethodPost, "/v2/rooms", map[string]any{}).ok()["roomId"].(string)
	foreign := w.call(w.otherToken, http.MethodPost, "/v2/rooms", map[string]any{}).ok()["roomId"].(string)
	save := func(f *fault.Error) *fault.Error {
		require.NoError(t, w.store.SaveFault(t.Context(), f))
		return f
	}
	mine := save(fault.MaxParticipantReachedLimit(2, 2, "account").WithAccount(w.account.ID).WithMeeting(room, "", "ann"))
	other := save(fault.InvalidTokenExpired(1, 2, 3, 4).WithAccount(w.account.ID))
	theirs := save(fault.MaxParticipantReachedLimit(2, 2, "account").WithAccount(w.other.ID).
		WithMeeting(foreign, "", "ann"))

	ids := func(token, query string) (ids []string) {
		for _, entry := range w.call(token, http.MethodGet, "/v2/faults"+query, nil).ok()["data"].([]any) {
			ids = append(ids, entry.(map[string]any)["id"].(string))
		}
		return ids
	}
	require.ElementsMatch(t, []string{mine.ID, other.ID}, ids(w.token, ""))
	require.Equal(t, []string{mine.ID}, ids(w.token, "?roomId="+room))
	require.Equal(t, []string{other.ID}, ids(w.token, "?code=4002&reason=EXPIRED"))
	require.Empty(t, ids(w.token, "?roomId="+foreign))
	require.Len(t, ids(w.token, "?perPage=1"), 1)
	w.refused(w.call(w.token, http.MethodGet, "/v2/faults?perPage=1000", nil), 4107, "BAD_PARAMS")

	got := w.call(w.token, http.MethodGet, "/v2/faults/"+mine.ID, nil).ok()
	require.Equal(t, "LIMIT", got["reason"])
	require.Equal(t, room, got["meetingId"])
	require.Equal(t, w.account.ID, got["accountId"])
	w.refused(w.call(w.token, http.MethodGet, "/v2/faults/"+theirs.ID, nil), 4108, "FAULT")
	w.refused(w.call(w.token, http.MethodGet, "/v2/sessions/nosuch/faults", nil), 4108, "SESSION")
	require.Equal(t, "LIMIT", w.admin(http.MethodGet, "/admin/v1/faults/"+theirs.ID, nil).ok()["reason"])
	w.refused(w.admin(http.MethodGet, "/admin/v1/faults/flt_nosuch", nil), 4108, "FAULT")

	// A token for one room reads the faults of that room.
	bound := w.mint(gate.Grant{APIKey: w.key.ID, MeetingID: room, Roles: []string{"crawler"}}, w.secret)
	require.Equal(t, []string{mine.ID}, ids(bound, "?roomId="+room))
	w.refused(w.call(bound, http.MethodGet, "/v2/faults", nil), 4022, "MISMATCH")
	w.refused(w.call(bound, http.MethodGet, "/v2/faults/"+other.ID, nil), 4022, "MISMATCH")
}

// A refusal says whose it is, and of which room it is as far as the caller may know.
func TestRefusalsNameTheirAccount(t *testing.T) {
	w := newFixture(t, func(o *rest.Options) {})
	room := w.call(w.token, http.MethodPost, "/v2/rooms", map[string]any{}).ok()["roomId"].(string)
	for name, test := range map[string]struct {
		token, method, path string
		body                any
		account, meeting    string
	}{
		"nothing runs": {
			w.token, http.MethodPost, "/v2/sessions/end", map[string]any{"roomId": room}, w.account.ID, room,
		},
		"for its shape": {
			w.token, http.MethodPost, "/v2/rooms", map[string]any{"customRoomId": 7}, w.account.ID, "",
		},
		"no such route":        {w.token, http.MethodGet, "/v2/rums", nil, w.account.ID, ""},
		"shape, and no token":  {"nonsense", http.MethodPost, "/v2/rooms", map[string]any{"customRoomId": 7}, "", ""},
		"the room of somebody": {w.otherToken, http.MethodGet, "/v2/rooms/" + room, nil, w.other.ID, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			before := len(w.all)
			require.GreaterOrEqual(t, w.call(test.token, test.method, test.path, test.body).status, 400)
			f := w.all[before]
			require.Equal(t, test.account, f.Account())
			require.Equal(t, test.meeting, f.MeetingID)
		})
	}
}

// What an account counts and searches is its own, and a text is a text, whatever SQL would make of it.
func TestFaultGroupsAndSearch(t *testing.T) {
	w := newFixture(t)
	room := w.call(w.token, http.MethodPost, "/v2/rooms", map[string]any{}).ok()["roomId"].(string)
	save := func(f *fault.Error, account string) *fault.Error {
		f = f.WithAccount(account).WithClient(fault.Client{SDK: "web/0.9.0", Browser: "Chrome/141"})
		require.NoError(t, w.store.SaveFault(t.Context(), f))
		return f
	}
	save(fault.InvalidTokenExpired(1, 2, 3, 4), w.account.ID)
	newest := save(fault.InvalidTokenExpired(1, 2, 3, 4), w.account.ID)
	limit := save(fault.MaxParticipantReachedLimit(2, 2, "account").WithMeeting(room, "s", "100%_ann"), w.account.ID)
	theirs := save(fault.InvalidTokenExpired(1, 2, 3, 4), w.other.ID)
	save(fault.InvalidTokenEmpty(), "")

	list := func(query string) map[string]any {
		return w.call(w.token, http.MethodGet, "/v2/faults"+query, nil).ok()
	}
	counted := list("?group=reason")
	require.Empty(t, counted["data"])
	groups := counted["groups"].([]any)
	require.Len(t, groups, 2)
	first := groups[0].(map[string]any)
	for field, want := range map[string]any{
		"key": "4002.EXPIRED", "code": 4002.0, "name": "INVALID_TOKEN", "reason": "EXPIRED", "count": 2.0,
		"lastId": newest.ID,
	} {
		require.Equal(t, want, first[field], field)
	}
	trend := first["trend"].([]any)
	require.Len(t, trend, 24)
	require.Equal(t, 2.0, trend[22].(float64)+trend[23].(float64), "this hour, or the one that has just ended")
	require.Equal(t, 3600.0, counted["trend"].(map[string]any)["stepSec"])
	require.NotContains(t, counted, "sampled")
	for query, keys := range map[string][]string{
		"group=code": {"4002", "4009"}, "group=sdk": {"web/0.9.0"}, "group=browser": {"Chrome/141"}, "group=room": {room},
		"group=reason&code=4009": {"4009.LIMIT"}, "group=reason&sdk=go": nil, "group=reason&q=100%25_ann": {"4009.LIMIT"},
		"group=room&roomId=" + room: {room}, "group=reason&until=2020-01-01T00:00:00Z": nil,
	} {
		var got []string
		groups, _ := list("?" + query)["groups"].([]any)
		for _, g := range groups {
			got = append(got, g.(map[string]any)["key"].(string))
		}
		require.Equal(t, keys, got, query)
	}
	for q, want := range map[string]int{
		"EXPIRED": 2, "4002": 2, "INVALID_TOKEN": 2, newest.ID: 1, limit.ID: 1, theirs.ID: 0, "100%_ann": 1, "0%_a": 1,
		"100%ann": 0, "EXP_RED": 0, "EXP%": 0, "'": 0, "' OR '1'='1": 0, `" OR 1=1 --`: 0, "clock difference": 2, "\x00": 0,
		"\xff": 0,
	} {
		got := list("?q=" + url.QueryEscape(q))
		require.Equal(t, float64(want), got["pageInfo"].(map[string]any)["total"], "%q", q)
		require.Len(t, got["data"], want, "%q", q)
	}
	for _, query := range []string{
		"q=" + strings.Repeat("a", 201), "q=" + strings.Repeat("%25", 1<<18), "group=nothing", "since=yesterday", "code=-1",
	} {
		w.refused(w.call(w.token, http.MethodGet, "/v2/faults?"+query, nil), 4107, "BAD_PARAMS")
	}
}
