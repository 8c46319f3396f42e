package rest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/wire"
)

func TestAdminCredential(t *testing.T) {
	w := newFixture(t)
	for _, credential := range []string{
		"", "Bearer", "Bearer ", adminToken, "Bearer " + adminToken + "x", "Bearer " + adminToken[1:],
		"Basic " + adminToken, w.token, "Bearer " + w.token,
	} {
		w.refused(w.call(credential, "GET", "/admin/v1/accounts", nil), 4105, "ADMIN_CREDENTIAL")
	}
	w.admin("GET", "/admin/v1/accounts", nil).ok()
	w = newFixture(t, func(o *rest.Options) { o.AdminToken = "" })
	w.refused(w.call("Bearer ", "GET", "/admin/v1/accounts", nil), 4105, "ADMIN_CREDENTIAL")
}

func TestAccounts(t *testing.T) {
	w := newFixture(t)
	made := w.admin("POST", "/admin/v1/accounts", map[string]any{
		"id": "acme", "name": "Acme", "limits": map[string]any{"participants": 5},
		"settings": map[string]any{"everyoneMayEnd": true},
	}).ok()
	require.Equal(t, "acme", made["id"])
	require.Equal(t, "active", made["state"])
	require.Equal(t, 5.0, made["limits"].(map[string]any)["participants"])
	read := w.admin("GET", "/admin/v1/accounts/acme", nil).ok()
	require.Equal(t, 0.0, read["counts"].(map[string]any)["keys"])
	require.Equal(t, made, without(read, "counts"))
	f := w.refused(w.admin("POST", "/admin/v1/accounts", map[string]any{"id": "acme"}), 4109, "STATE")
	require.Contains(t, f.Detail, "acme")

	changed := w.admin(
		"PATCH", "/admin/v1/accounts/acme",
		map[string]any{"limits": map[string]any{"speakers": 2}, "email": "ops@acme.example"},
	).
		ok()
	require.Equal(t, "Acme", changed["name"], "what is not given stays")
	require.Equal(t, 5.0, changed["limits"].(map[string]any)["participants"])
	require.Equal(t, 2.0, changed["limits"].(map[string]any)["speakers"])
	require.Equal(t, true, changed["settings"].(map[string]any)["everyoneMayEnd"])

	w.refused(
		w.admin("PATCH", "/admin/v1/accounts/acme", map[string]any{"limits": map[string]any{"speakers": -1}}),
		4107,
		"BAD_PARAMS",
	)
	w.refused(w.admin("PATCH", "/admin/v1/accounts/acme", map[string]any{"state": "active"}), 4107, "BAD_PARAMS")
	w.refused(w.admin("POST", "/admin/v1/accounts", map[string]any{"id": "a b"}), 4107, "BAD_PARAMS")
	w.refused(w.admin("PATCH", "/admin/v1/accounts/nobody", map[string]any{}), 4108, "ACCOUNT")
	w.refused(w.admin("POST", "/admin/v1/accounts/nobody/activate", nil), 4108, "ACCOUNT")
	w.refused(w.admin("POST", "/admin/v1/accounts/acme/discontinue", map[string]any{}), 4107, "BAD_PARAMS")
	w.refused(w.admin("POST", "/admin/v1/accounts/acme/discontinue", map[string]any{"message": ""}), 4107, "BAD_PARAMS")

	list := w.admin("GET", "/admin/v1/accounts?perPage=2", nil).ok()
	require.Len(t, list["data"], 2)
	require.Equal(t, 3.0, list["pageInfo"].(map[string]any)["total"])
}

func TestKeys(t *testing.T) {
	w := newFixture(t)
	made := w.admin("POST", "/admin/v1/keys", map[string]any{"accountId": w.account.ID, "label": "phone app"}).ok()
	id, secret := made["apiKey"].(string), made["secret"].(string)
	require.NotEmpty(t, secret)
	w.call(w.mint(gate.Grant{APIKey: id}, secret), "GET", "/v2/rooms", nil).ok()

	read := w.admin("GET", "/admin/v1/keys/"+id, nil)
	require.NotContains(t, read.body, secret, "the secret is shown once")
	require.Equal(t, "phone app", read.ok()["label"])
	list := w.admin("GET", "/admin/v1/keys?accountId="+w.account.ID, nil)
	require.NotContains(t, list.body, secret)
	require.Len(t, list.ok()["data"], 2)
	require.Len(t, w.admin("GET", "/admin/v1/keys", nil).ok()["data"], 3)

	brought := w.admin(
		"POST", "/admin/v1/keys",
		map[string]any{"accountId": w.account.ID, "apiKey": "from-elsewhere", "secret": "0123456789abcdef"},
	).
		ok()
	require.Equal(t, "from-elsewhere", brought["apiKey"])
	w.refused(
		w.admin("POST", "/admin/v1/keys", map[string]any{"accountId": w.account.ID, "apiKey": "from-elsewhere"}),
		4109,
		"STATE",
	)
	short := w.refused(
		w.admin("POST", "/admin/v1/keys", map[string]any{"accountId": w.account.ID, "secret": "short-secret"}),
		4107,
		"BAD_PARAMS",
	)
	require.NotContains(t, short.Detail, "short-secret")
	w.refused(w.admin("POST", "/admin/v1/keys", map[string]any{"accountId": "nobody"}), 4108, "ACCOUNT")
	w.refused(w.admin("POST", "/admin/v1/keys", map[string]any{}), 4107, "BAD_PARAMS")
	w.refused(w.admin("GET", "/admin/v1/keys?accountId=nobody", nil), 4108, "ACCOUNT")

	require.Equal(t, "revoked", w.admin("POST", "/admin/v1/keys/"+id+"/revoke", nil).ok()["state"])
	require.Equal(t, "revoked", w.admin("POST", "/admin/v1/keys/"+id+"/revoke", nil).ok()["state"], "twice is once")
	f := w.refused(w.admin("POST", "/admin/v1/keys/"+id+"/activate", nil), 4109, "STATE")
	require.Equal(t, "revoked", f.Details["state"])
}

// A change of account or key reaches those who are in a session at once.
func TestStateReachesRunningSessions(t *testing.T) {
	w := newFixture(t)
	roomID := w.newRoom(nil)["roomId"].(string)
	_, secret, err := w.store.CreateKey(t.Context(), newKey(w.account.ID, "second"))
	require.NoError(t, err)
	require.NotEmpty(t, secret)
	byKey := func(key string) func(*meeting.JoinRequest) {
		return func(r *meeting.JoinRequest) { r.APIKey = key }
	}

	ann, bob := w.join(roomID, "ann"), w.join(roomID, "bob", byKey("second"))
	w.admin("POST", "/admin/v1/keys/second/deactivate", nil).ok()
	f := w.out(bob, 4053, "DEACTIVATED", wire.RoomClose)
	require.Equal(t, "second", f.Details["apikey"])
	require.Empty(t, ann.closed, "who came with another key stays")

	w.admin("POST", "/admin/v1/keys/second/activate", nil).ok()
	bob = w.join(roomID, "bob", byKey("second"))
	w.admin("POST", "/admin/v1/keys/second/revoke", nil).ok()
	require.Equal(t, 2.0, w.live()[0]["participants"], "a revoked key lets running calls go on")

	w.admin("POST", "/admin/v1/accounts/"+w.account.ID+"/deactivate", nil).ok()
	w.out(ann, 4006, "DEACTIVATED", wire.RoomClose)
	w.out(bob, 4006, "DEACTIVATED", wire.RoomClose)

	w.admin("POST", "/admin/v1/accounts/"+w.account.ID+"/activate", nil).ok()
	ann = w.join(roomID, "ann")
	w.admin("POST", "/admin/v1/accounts/"+w.account.ID+"/discontinue", map[string]any{"message": "Pay invoice 7."}).ok()
	require.Equal(t, "Pay invoice 7.", w.out(ann, 4007, "DISCONTINUED", wire.RoomClose).Message)
	require.Empty(t, w.live())
}

func (w *fixture) live() []map[string]any {
	w.t.Helper()
	out := []map[string]any{}
	for _, session := range w.admin("GET", "/admin/v1/sessions", nil).ok()["data"].([]any) {
		out = append(out, session.(map[string]any))
	}
	return out
}

func TestOverview(t *testing.T) {
	w := newFixture(t)
	require.Empty(t, w.live())
	roomID := w.newRoom(nil)["roomId"].(string)
	ann := w.join(roomID, "ann")
	w.join(roomID, "kim", func(r *meeting.JoinRequest) { r.MayJoin, r.MayModerate = false, false })
	live := w.live()
	require.Len(t, live, 1)
	require.Equal(t, roomID, live[0]["meetingId"])
	require.Equal(t, w.account.ID, live[0]["accountId"])
	require.Equal(t, 1.0, live[0]["participants"])
	require.Equal(t, 1.0, live[0]["waiting"])
	require.Empty(t, w.admin("GET", "/admin/v1/sessions?accountId="+w.other.ID, nil).ok()["data"])
	require.Empty(t, w.admin("GET", "/admin/v1/sessions?page=2", nil).ok()["data"])
	w.recorded(ann.SessionID(), 1)

	rooms := w.admin("GET", "/admin/v1/accounts/"+w.account.ID+"/rooms", nil).ok()
	require.Equal(t, roomID, rooms["data"].([]any)[0].(map[string]any)["roomId"])
	sessions := w.admin("GET", "/admin/v1/accounts/"+w.account.ID+"/sessions", nil).ok()
	require.Equal(t, ann.SessionID(), sessions["data"].([]any)[0].(map[string]any)["id"])
	for _, what := range []string{"rooms", "sessions"} {
		w.refused(w.admin("GET", "/admin/v1/accounts/nobody/"+what, nil), 4108, "ACCOUNT")
	}

	w.refused(w.admin("POST", "/admin/v1/sessions/nothing/end", nil), 4109, "NO_LIVE_SESSION")
	w.admin("POST", "/admin/v1/sessions/"+ann.SessionID()+"/end", nil).ok()
	w.out(ann, 4104, "BY_API", wire.MeetingEndAPI)
	w.refused(w.admin("POST", "/admin/v1/sessions/"+ann.SessionID()+"/end", nil), 4109, "NO_LIVE_SESSION")
}

func TestFaultTimeline(t *testing.T) {
	w := newFixture(t)
	roomID := w.newRoom(nil)["roomId"].(string)
	var saved []*fault.Error
	for i := range 3 {
		f := fault.InvalidTokenExpired(1, 2, 3, 60)
		f.At = fault.InstantOf(time.Date(2026, 11, 1, 9, i, 0, 0, time.UTC))
		if i == 2 {
			f = fault.InvalidMeetingIDNotFound("x").WithMeeting(roomID, "s", "ann")
			f.At = fault.InstantOf(time.Date(2026, 11, 1, 9, i, 0, 0, time.UTC))
		}
		require.NoError(t, w.store.SaveFault(t.Context(), f))
		saved = append(saved, f)
	}
	for _, c := range []struct {
		query string
		want  []int
	}{
		{"", []int{2, 1, 0}},
		{"code=4002", []int{1, 0}},
		{"code=4002&reason=EXPIRED&perPage=1", []int{1}},
		{"meetingId=" + roomID, []int{2}},
		{"sessionId=s&participantId=ann", []int{2}},
		{"accountId=" + w.account.ID, []int{2}},
		{"since=" + url.QueryEscape("2026-11-01T10:01:00+01:00"), []int{2, 1}},
		{"until=2026-11-01T09:00:59Z", []int{0}},
		{"reason=NOTHING", []int{}},
	} {
		t.Run(c.query, func(t *testing.T) {
			w := w.in(t)
			got := []string{}
			want := []string{}
			for _, entry := range w.admin("GET", "/admin/v1/faults?"+c.query, nil).ok()["data"].([]any) {
				got = append(got, entry.(map[string]any)["id"].(string))
			}
			for _, i := range c.want {
				want = append(want, saved[i].ID)
			}
			require.Equal(t, want, got)
		})
	}
	w.refused(w.admin("GET", "/admin/v1/faults?since=yesterday", nil), 4107, "BAD_PARAMS")
	w.refused(w.admin("GET", "/admin/v1/faults?code=INVALID_TOKEN", nil), 4107, "BAD_PARAMS")
	entry := w.admin("GET", "/admin/v1/faults?meetingId="+roomID, nil).ok()["data"].([]any)[0].(map[string]any)
	require.Equal(t, w.account.ID, entry["accountId"])
	require.Equal(t, "ann", entry["participantId"])
	require.Equal(t, http.StatusOK, w.call("", "GET", "/openapi.json", nil).status, "needs no credential")
}
