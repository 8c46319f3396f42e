package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/signin"
	"github.com/klatch/klatch/internal/wire"
)

// page is a page of the console: a browser with its cookie and the CSRF token.
type page struct {
	w       *fixture
	cookie  *http.Cookie
	csrf    string
	account string // for the header X-Klatch-Account; "": not sent
}

// console returns a page that is not signed in.
func (w *fixture) console() *page { return &page{w: w} }

// signIn signs in with the admin token, or with a link.
func (p *page) signIn(body map[string]any) *page {
	p.w.t.Helper()
	var me signin.Me
	got := p.call("POST", "/console/v1/sign-in", body)
	require.Equal(p.w.t, http.StatusOK, got.status, got.body)
	require.NoError(p.w.t, json.Unmarshal([]byte(got.body), &me))
	p.csrf = me.CSRF
	return p
}

// as signs in with a role; developers and support with a link of the account.
func (w *fixture) as(role record.Role, accountID string) *page {
	w.t.Helper()
	if role == record.RoleOperator {
		return w.console().signIn(map[string]any{"adminToken": adminToken})
	}
	made := w.admin("POST", "/admin/v1/accounts/"+accountID+"/invites", map[string]any{"role": role}).ok()
	return w.console().signIn(map[string]any{"invite": secretOf(w.t, made)})
}

func secretOf(t testing.TB, made map[string]any) string {
	t.Helper()
	_, secret, ok := strings.Cut(made["link"].(string), "/console#invite=")
	require.True(t, ok)
	return secret
}

// call sends a request as the page does: the cookie, and with changes the CSRF token.
func (p *page) call(method, path string, body any) answer {
	p.w.t.Helper()
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		require.NoError(p.w.t, err)
		reader = strings.NewReader(string(text))
	}
	ctx, cancel := context.WithTimeout(p.w.t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, p.w.server.URL+path, reader)
	require.NoError(p.w.t, err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if p.cookie != nil {
		req.AddCookie(p.cookie)
	}
	if p.csrf != "" && method != "GET" {
		req.Header.Set(signin.CSRFHeader, p.csrf)
	}
	if p.account != "" {
		req.Header.Set("X-Klatch-Account", p.account)
	}
	resp, err := noRedirect.Do(req)
	require.NoError(p.w.t, err)
	defer resp.Body.Close()
	for _, cookie := range resp.Cookies() {
		p.cookie = cookie
	}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") { // goes on: what comes at once
		time.AfterFunc(100*time.Millisecond, cancel)
	}
	text, _ := io.ReadAll(resp.Body) // an event stream was cut off
	return answer{p.w.t, resp.StatusCode, resp.Header, string(text)}
}

func TestConsoleRoles(t *testing.T) {
	w := newFixture(t)
	room := w.newRoom(map[string]any{"customRoomId": "standup"})["roomId"].(string)

	developer := w.as(record.RoleDeveloper, w.account.ID)
	require.True(t, developer.cookie.HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, developer.cookie.SameSite)
	require.Equal(t, "/", developer.cookie.Path)
	me := developer.call("GET", "/console/v1/me", nil).ok()
	require.Equal(t, "developer", me["role"])
	require.Equal(t, w.account.ID, me["accountId"])
	require.Equal(t, "ours", me["accountName"])
	require.Equal(t, room, developer.call("GET", "/v2/rooms/standup", nil).ok()["roomId"])
	developer.call("POST", "/v2/rooms", map[string]any{}).ok()
	w.refused(w.as(record.RoleDeveloper, w.other.ID).call("GET", "/v2/rooms/standup", nil), 4003, "NOT_FOUND")
	w.refused(developer.call("GET", "/admin/v1/accounts", nil), 4105, "OPERATOR_ONLY")

	operator := w.as(record.RoleOperator, "")
	me = operator.call("GET", "/console/v1/me", nil).ok()
	require.Nil(t, me["accountId"])
	require.Contains(t, w.refused(operator.call("GET", "/v2/rooms", nil), 4107, "BAD_PARAMS").Detail, "X-Klatch-Account")
	operator.account = "nobody"
	w.refused(operator.call("GET", "/v2/rooms", nil), 4108, "ACCOUNT")
	operator.account = w.account.ID
	require.Equal(t, room, operator.call("GET", "/v2/rooms/standup", nil).ok()["roomId"])
	operator.call("PATCH", "/admin/v1/accounts/"+w.account.ID, map[string]any{"limits": map[string]any{"speakers": 2}}).
		ok()

	support := w.as(record.RoleSupport, w.account.ID)
	support.account = w.other.ID
	support.call("GET", "/v2/rooms", nil).ok()
	support.call("GET", "/admin/v1/accounts", nil).ok()
	w.refused(support.call("POST", "/v2/rooms", map[string]any{}), 4105, "READ_ONLY")
	w.refused(support.call("PATCH", "/admin/v1/accounts/"+w.account.ID, map[string]any{}), 4105, "READ_ONLY")

	// A deactivated account refuses its developers, and shows itself to the operator.
	w.admin("POST", "/admin/v1/accounts/"+w.account.ID+"/deactivate", nil).ok()
	w.refused(developer.call("GET", "/v2/rooms", nil), 4006, "DEACTIVATED")
	operator.call("GET", "/v2/rooms", nil).ok()
	made := w.admin("POST", "/admin/v1/accounts/"+w.account.ID+"/invites", map[string]any{}).ok()
	w.refused(w.console().call("POST", "/console/v1/sign-in", map[string]any{"invite": secretOf(t, made)}), 4006,
		"DEACTIVATED")
}

func TestInvites(t *testing.T) {
	w := newFixture(t)
	path := "/admin/v1/accounts/" + w.account.ID + "/invites"
	made := w.admin("POST", path, map[string]any{"role": "support", "ttlSeconds": 60}).ok()
	require.Equal(t, "support", made["role"])
	expires, err := time.Parse(time.RFC3339, made["expiresAt"].(string))
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(time.Minute), expires, 20*time.Second)
	require.Equal(t, "developer", w.admin("POST", path, map[string]any{}).ok()["role"])
	w.refused(w.admin("POST", path, map[string]any{"role": "operator"}), 4107, "BAD_PARAMS")
	w.refused(w.admin("POST", "/admin/v1/accounts/nobody/invites", map[string]any{}), 4108, "ACCOUNT")
	list := w.admin("GET", path+"?perPage=1&page=2", nil)
	require.NotContains(t, list.body, secretOf(t, made), "the secret is shown once")
	require.Len(t, list.ok()["data"], 1)
	require.Equal(t, 2.0, list.ok()["pageInfo"].(map[string]any)["total"])

	// Of one role and account three may be signed in: the oldest goes.
	var pages []*page
	for range 4 {
		pages = append(pages, w.as(record.RoleDeveloper, w.account.ID))
		nextMillisecond()
	}
	require.Equal(t, "limit", w.refused(pages[0].call("GET", "/console/v1/me", nil), 4105, "CONSOLE_ENDED").Details["by"])
	listed := w.admin("GET", "/admin/v1/console-sessions?perPage=10&page=1&accountId="+w.account.ID, nil).ok()
	sessions := listed["data"].([]any)
	require.Len(t, sessions, 4)
	require.Empty(t, w.admin("GET", "/admin/v1/console-sessions?accountId="+w.other.ID, nil).ok()["data"])

	// The operator ends one, and revokes the link of another.
	id := sessions[0].(map[string]any)["consoleSessionId"].(string)
	w.admin("POST", "/admin/v1/console-sessions/"+id+"/end", nil).ok()
	require.Equal(t, "operator", w.refused(pages[3].call("GET", "/v2/rooms", nil), 4105, "CONSOLE_ENDED").Details["by"])
	invite := sessions[1].(map[string]any)["inviteId"].(string)
	w.refused(w.admin("POST", "/admin/v1/accounts/"+w.other.ID+"/invites/"+invite+"/revoke", nil), 4108, "INVITE")
	pages[2].call("GET", "/v2/rooms", nil).ok()
	require.Equal(t, "revoked", w.admin("POST", path+"/"+invite+"/revoke", nil).ok()["state"])
	w.refused(pages[2].call("GET", "/v2/rooms", nil), 4105, "CONSOLE_ENDED")

	// A sign-in ends the session that the browser had; a sign-out everywhere those of the role and account.
	earlier := *pages[1]
	pages[1].signIn(map[string]any{"invite": secretOf(t, w.admin("POST", path, map[string]any{}).ok())})
	require.NotEqual(t, earlier.cookie.Value, pages[1].cookie.Value)
	w.refused(earlier.call("GET", "/console/v1/me", nil), 4105, "CONSOLE_ENDED")
	another, support := w.as(record.RoleDeveloper, w.account.ID), w.as(record.RoleSupport, w.account.ID)
	other := w.as(record.RoleDeveloper, w.other.ID)
	require.Equal(t, 204, pages[1].call("POST", "/console/v1/sign-out", map[string]any{"everywhere": true}).status)
	w.refused(another.call("GET", "/console/v1/me", nil), 4105, "CONSOLE_ENDED")
	support.call("GET", "/console/v1/me", nil).ok()
	other.call("GET", "/console/v1/me", nil).ok()
}

func TestSignInRefusals(t *testing.T) {
	w := newFixture(t)
	for _, c := range []struct {
		name string
		body any
		code int
		why  string
	}{
		{"nothing", nil, 4107, "BAD_PARAMS"},
		{"neither", map[string]any{}, 4107, "BAD_PARAMS"},
		{"both", map[string]any{"adminToken": adminToken, "invite": "x"}, 4107, "BAD_PARAMS"},
		{"a number", map[string]any{"adminToken": 7}, 4107, "BAD_PARAMS"},
		{"another field", map[string]any{"adminToken": adminToken, "role": "operator"}, 4107, "BAD_PARAMS"},
		{"a list", []int{1}, 4107, "BAD_PARAMS"},
		{"large", map[string]any{"adminToken": strings.Repeat("a", 5000)}, 4107, "TOO_LARGE"},
		{"wrong", map[string]any{"adminToken": adminToken + "x"}, 4105, "SIGN_IN_TOKEN"},
		{"a token", map[string]any{"adminToken": w.token}, 4105, "SIGN_IN_TOKEN"},
		{"NUL", map[string]any{"invite": "a\x00"}, 4105, "INVITE_UNKNOWN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := w.in(t).console().call("POST", "/console/v1/sign-in", c.body)
			w.in(t).refused(got, c.code, c.why)
			require.Empty(t, got.header.Get("Set-Cookie"))
			require.Equal(t, "no-store", got.header.Get("Cache-Control"))
		})
	}
	w.refused(w.call("", "GET", "/console/v1/sign-in", nil), 4107, "METHOD_NOT_ALLOWED")
	w.refused(w.call("", "GET", "/console/v1/nosuch", nil), 4108, "ROUTE")
}

func TestAuditLog(t *testing.T) {
	w := newFixture(t)
	developer, operator := w.as(record.RoleDeveloper, w.account.ID), w.as(record.RoleOperator, "")
	before := url.QueryEscape(time.Now().Add(-time.Hour).UTC().Format(time.RFC3339))
	room := developer.call("POST", "/v2/rooms", map[string]any{"customRoomId": "standup"}).ok()["roomId"]
	w.refused(developer.call("POST", "/v2/sessions/end", map[string]any{"roomId": "standup"}), 4109, "NO_LIVE_SESSION")
	key := operator.call("POST", "/admin/v1/keys", map[string]any{"accountId": w.other.ID}).ok()
	w.call(w.token, "POST", "/v2/rooms", map[string]any{}).ok() // with a token: not in the log
	developer.call("GET", "/v2/rooms", nil).ok()

	entries := func(got answer) (out []map[string]any) {
		for _, e := range got.ok()["data"].([]any) {
			out = append(out, e.(map[string]any))
		}
		return out
	}
	ours := entries(developer.call("GET", "/v2/audit?since="+before, nil))
	require.Len(t, ours, 4, "with the link and the sign-in")
	ended, made := ours[0], ours[1]
	require.Equal(t, "POST /v2/rooms", made["route"])
	require.Equal(t, "developer", made["actor"])
	require.Equal(t, map[string]any{"customRoomId": "standup", "roomId": room}, without(made["ids"], "userId", "id"))
	require.Equal(t, 200.0, made["status"])
	require.Equal(t, 4109.0, ended["code"])
	require.Equal(t, "NO_LIVE_SESSION", ended["reason"])
	require.NotEmpty(t, ended["faultId"])

	theirs := w.admin("GET", "/admin/v1/audit?perPage=2&page=1&accountId="+w.other.ID, nil)
	require.NotContains(t, theirs.body, key["secret"])
	require.Len(t, entries(theirs), 1)
	require.Equal(t, "operator", entries(theirs)[0]["actor"])
	require.Equal(t, key["apiKey"], entries(theirs)[0]["ids"].(map[string]any)["apiKey"])

	session := made["consoleSessionId"].(string)
	all := entries(w.admin("GET", "/admin/v1/audit?perPage=100", nil))
	count := func(query string) int { return len(entries(w.admin("GET", "/admin/v1/audit?perPage=100&"+query, nil))) }
	require.Equal(t, 3, count("consoleSessionId="+session), "the sign-in is there, too")
	require.Equal(t, 3, count("actor=developer"))
	require.Equal(t, 1, count("actor=admin-token"), "the link")
	require.Equal(t, len(all), count("since="+before))
	require.Zero(t, count("until="+before))
	require.Empty(t, entries(developer.call("GET", "/v2/audit?actor=developer&until="+before, nil)))
	require.Len(t, entries(developer.call("GET", "/v2/audit?actor=developer&consoleSessionId="+session, nil)), 3)
	require.NotContains(t, w.admin("GET", "/admin/v1/audit", nil).body, developer.cookie.Value)
}

func without(ids any, names ...string) map[string]any {
	out := maps.Clone(ids.(map[string]any))
	for _, name := range names {
		delete(out, name)
	}
	return out
}

func TestOwnKeys(t *testing.T) {
	w := newFixture(t)
	developer := w.as(record.RoleDeveloper, w.account.ID)
	w.refused(w.call(w.token, "GET", "/v2/keys", nil), 4105, "NOT_SIGNED_IN")
	w.refused(w.call(w.token, "POST", "/v2/keys", map[string]any{}), 4105, "NOT_SIGNED_IN")
	made := developer.call("POST", "/v2/keys", map[string]any{"label": "phone"}).ok()
	require.Equal(t, w.account.ID, made["accountId"])
	list := developer.call("GET", "/v2/keys?page=1&perPage=20", nil)
	require.NotContains(t, list.body, made["secret"])
	require.Len(t, list.ok()["data"], 2)

	// Both keys hold for the time that is said; then the old one is revoked.
	id := made["apiKey"].(string)
	next := developer.call("POST", "/v2/keys/"+id+"/rotate", map[string]any{"overlapSeconds": 1}).ok()
	require.Equal(t, "phone", next["label"])
	old := w.mint(gate.Grant{APIKey: id}, made["secret"].(string))
	w.call(old, "GET", "/v2/rooms", nil).ok()
	w.call(w.mint(gate.Grant{APIKey: next["apiKey"].(string)}, next["secret"].(string)), "GET", "/v2/rooms", nil).ok()
	shown := w.admin("GET", "/admin/v1/keys/"+id, nil).ok()
	require.Equal(t, next["apiKey"], shown["replacedBy"])
	require.NotNil(t, shown["expiresAt"])
	w.refused(developer.call("POST", "/v2/keys/"+id+"/rotate", map[string]any{}), 4109, "STATE")
	require.Eventually(t, func() bool { return w.call(old, "GET", "/v2/rooms", nil).status == http.StatusUnauthorized },
		10*time.Second, 50*time.Millisecond)
	w.refused(w.call(old, "GET", "/v2/rooms", nil), 4001, "KEY_REVOKED")
	require.Equal(t, "revoked", w.admin("GET", "/admin/v1/keys/"+id, nil).ok()["state"])
	w.refused(w.admin("POST", "/admin/v1/keys/"+id+"/activate", nil), 4109, "STATE")

	last := w.admin("POST", "/admin/v1/keys/"+next["apiKey"].(string)+"/rotate", map[string]any{"overlapSeconds": 0}).ok()
	require.Equal(t, "revoked", w.admin("GET", "/admin/v1/keys/"+next["apiKey"].(string), nil).ok()["state"])
	require.Equal(t, "revoked", developer.call("POST", "/v2/keys/"+last["apiKey"].(string)+"/revoke", nil).ok()["state"])
	other := w.as(record.RoleDeveloper, w.other.ID)
	w.refused(other.call("POST", "/v2/keys/"+w.key.ID+"/revoke", nil), 4108, "KEY")
	w.refused(other.call("POST", "/v2/keys/"+w.key.ID+"/rotate", map[string]any{}), 4108, "KEY")

	w.store.KeyUsed(w.key.ID)
	require.NoError(t, w.store.SaveKeyUse(t.Context()))
	require.NotNil(t, w.admin("GET", "/admin/v1/keys/"+w.key.ID, nil).ok()["lastUsedAt"])

	account := developer.call("GET", "/v2/account", nil).ok()
	require.Equal(t, 1.0, account["counts"].(map[string]any)["keys"], "what is revoked does not count")
	require.Equal(t, 0.0, account["limits"].(map[string]any)["participants"])
	ready := w.admin("GET", "/admin/v1/readiness", nil).ok()
	require.Equal(t, false, ready["ready"])
	require.Equal(t, "no ffmpeg", ready["capabilities"].(map[string]any)["encoder"].(map[string]any)["detail"])
}

func TestTimelineAndDeliveries(t *testing.T) {
	w := newFixture(t)
	room := w.newRoom(map[string]any{"customRoomId": "standup", "webhook": map[string]any{
		"endPoint": "https://hooks.example.org/in?key=planted", "events": []string{"*"}}})["roomId"].(string)
	ctx := t.Context()
	start := time.Now().UTC().Truncate(time.Millisecond).Add(-time.Minute)
	at := func(sec int) time.Time { return start.Add(time.Duration(sec) * time.Second) }
	require.NoError(t, w.store.SessionStarted(ctx, record.NewSession{
		ID: "s", AccountID: w.account.ID, MeetingID: room, StartedAt: at(0)}))
	join := func(id string, sec int) {
		require.NoError(t, w.store.ParticipantJoined(ctx, record.NewParticipation{SessionID: "s", ParticipantID: id,
			APIKey: w.key.ID, Name: "Ann", Mode: wire.SendAndRecv, JoinedAt: at(sec),
			Client: wire.ClientInfo{SDKType: "js", SDKVersion: "0.1", BrowserUserAgent: "Firefox"}}))
	}
	join("ann", 1)
	require.NoError(t, w.store.StreamChanged(ctx, "s", "ann", wire.Video, true, at(2)))
	require.NoError(t, w.store.StreamCodec(ctx, "s", "ann", wire.Video, "VP9"))
	require.NoError(t, w.store.ConnectionResumed(ctx, "s", "ann", at(3), at(4)))
	require.NoError(t, w.store.StreamChanged(ctx, "s", "ann", wire.Video, false, at(5)))
	require.NoError(t, w.store.ParticipantLeft(ctx, "s", "ann", at(6), wire.ManualLeave.Reason()))
	join("ann", 7)
	f := fault.MaxParticipantReachedLimit(2, 2, "account").WithAccount(w.account.ID).WithMeeting(room, "s", "ann")
	require.NoError(t, w.store.SaveFault(ctx, f))

	developer := w.as(record.RoleDeveloper, w.account.ID)
	got := developer.call("GET", "/v2/sessions/s/timeline", nil)
	var timeline rest.Timeline
	require.NoError(t, json.Unmarshal([]byte(got.body), &timeline), got.body)
	require.Equal(t, "s", timeline.SessionID)
	require.Nil(t, timeline.EndedAt)
	require.Len(t, timeline.Participants, 2)
	first, second := timeline.Participants[0], timeline.Participants[1]
	require.Equal(t, fault.InstantOf(at(6)), *first.LeftAt)
	require.Equal(t, int(wire.ManualLeave), first.ReasonCode)
	require.Equal(t, wire.ManualLeave.Reason().Name, first.Reason)
	require.Equal(t, "js 0.1", first.SDK)
	require.Equal(t, []rest.TimelineReconnect{{LostAt: fault.InstantOf(at(3)), ResumedAt: fault.InstantOf(at(4))}},
		first.Reconnects)
	require.Len(t, first.Modes, 1)
	require.Nil(t, second.LeftAt)
	require.Empty(t, second.Reason)
	require.Len(t, second.Modes, 1)
	require.Empty(t, second.Reconnects)
	require.Equal(t, []rest.TimelineStream{{
		ParticipantID: "ann", Kind: "video", StartedAt: fault.InstantOf(at(2)),
		EndedAt: new(fault.InstantOf(at(5))), Codec: "VP9"}}, timeline.Streams)
	require.Len(t, timeline.Webhooks, 4, "session-started, and ann came, left and came")
	require.Len(t, timeline.Faults, 1)
	require.Equal(t, rest.TimelineFault{ID: f.ID, At: timeline.Faults[0].At, Code: 4009, Reason: "LIMIT", Detail: f.Detail,
		Fatal: f.Fatal, ParticipantID: "ann"}, timeline.Faults[0])
	require.NotContains(t, developer.call("GET", "/v2/sessions/s", nil).body, "absence")

	// Attempts, as the deliverer writes them.
	list := developer.call(
		"GET",
		"/v2/webhook-deliveries?event=session-started&roomId=standup&sessionId=s&state=waiting",
		nil,
	)
	delivery := list.ok()["data"].([]any)[0].(map[string]any)
	id := delivery["id"].(string)
	number, err := strconv.ParseInt(id, 10, 64)
	require.NoError(t, err)
	for n := 1; n <= 30; n++ {
		require.NoError(t, w.store.SaveWebhookAttempt(ctx, record.Attempt{DeliveryID: number, Number: n, At: at(n),
			Took: 20 * time.Millisecond, Status: 500, Reason: "STATUS", Answer: "no"}))
	}
	read := developer.call("GET", "/v2/webhook-deliveries/"+id, nil)
	require.NotContains(t, read.body, "planted")
	require.Equal(t, "https://hooks.example.org", read.ok()["endpoint"])
	attempts := read.ok()["attempts"].([]any)
	require.Len(t, attempts, 21, "the first one and the newest 20")
	require.Equal(t, map[string]any{"number": 1.0, "at": fault.InstantOf(at(1)).String(), "durationMs": 20.0,
		"status": 500.0, "reason": "STATUS", "answer": "no"}, attempts[0])

	again := developer.call("POST", "/v2/webhook-deliveries/"+id+"/redeliver", nil).ok()
	require.Equal(t, id, again["id"], "what waits is tried at once")
	require.NoError(t, w.store.WebhookDelivered(ctx, number, time.Now()))
	again = developer.call("POST", "/v2/webhook-deliveries/"+id+"/redeliver", nil).ok()
	require.Equal(t, id, again["repeats"])
	require.Equal(t, delivery["eventId"], again["eventId"])
	require.Equal(t, "waiting", again["state"])
	require.Len(t, developer.call("GET", "/v2/webhook-deliveries?state=delivered&page=1&perPage=5&since="+
		url.QueryEscape(at(-60).Format(time.RFC3339)), nil).ok()["data"], 1)
	require.Empty(t, developer.call("GET", "/v2/webhook-deliveries?until="+url.QueryEscape(at(-60).Format(time.RFC3339)),
		nil).ok()["data"])

	tested := developer.call("POST", "/v2/webhooks/standup/test", nil).ok()
	require.Equal(t, "webhook-test", tested["event"])
	quiet := w.newRoom(nil)["roomId"].(string)
	w.refused(developer.call("POST", "/v2/webhooks/"+quiet+"/test", nil), 4109, "NO_WEBHOOK")
	other := w.as(record.RoleDeveloper, w.other.ID)
	w.refused(other.call("GET", "/v2/webhook-deliveries/"+id, nil), 4108, "WEBHOOK_DELIVERY")
	w.refused(other.call("POST", "/v2/webhook-deliveries/"+id+"/redeliver", nil), 4108, "WEBHOOK_DELIVERY")
	w.refused(other.call("GET", "/v2/webhook-deliveries/x", nil), 4108, "WEBHOOK_DELIVERY")
	w.refused(other.call("GET", "/v2/sessions/s/timeline", nil), 4108, "SESSION")
	require.Empty(t, other.call("GET", "/v2/webhook-deliveries", nil).ok()["data"])
}

// theirWorld is what the other account has, under names that its requests never send.
type theirWorld struct {
	ids map[string]string // by the name under which paths, queries and bodies take them
}

func newTheirWorld(w *fixture) theirWorld {
	w.t.Helper()
	room := w.call(w.otherToken, "POST", "/v2/rooms", map[string]any{"customRoomId": "hidden-standup"}).
		ok()["roomId"].(string)
	w.join(room, "bob", func(j *meeting.JoinRequest) {
		j.AccountID, j.Name = w.other.ID, "Hidden Bob"
	})
	var session string
	require.Eventually(w.t, func() bool {
		list, err := w.store.Sessions(w.t.Context(), w.other.ID, record.SessionFilter{}, record.Page{})
		if err == nil && len(list.Items) == 1 && len(list.Items[0].Participants) == 1 {
			session = list.Items[0].ID
		}
		return session != ""
	}, 10*time.Second, 10*time.Millisecond)
	w.kept(room, session, "their-job", job.Recording, func(j *record.Job) {
		j.AccountID = w.other.ID
		j.Files = []job.File{{Path: "hidden.mp4", Size: 1, Format: job.MP4}}
	})
	refusal := w.call(w.otherToken, "GET", "/v2/rooms/hidden-nowhere", nil)
	var f struct{ ID string }
	require.NoError(w.t, json.Unmarshal([]byte(refusal.body), &f))
	keys := w.admin("GET", "/admin/v1/keys?accountId="+w.other.ID, nil).ok()["data"].([]any)
	invite := w.admin("POST", "/admin/v1/accounts/"+w.other.ID+"/invites", map[string]any{}).ok()["inviteId"].(string)
	return theirWorld{map[string]string{
		"roomId": room, "meetingId": room, "sessionId": session, "participantId": "bob", "accountId": w.other.ID,
		"userId": w.other.ID, "id": "their-job", "recordingId": "their-job", "faultId": f.ID, "inviteId": invite,
		"apiKey": keys[0].(map[string]any)["apiKey"].(string), "deliveryId": "1", "hlsId": "their-job",
	}}
}

// hidden matches what only the other account has.
var hidden = regexp.MustCompile(`(?i)hidden|theirs@example`)

// walked is an operation of the document with what it takes of a world.
type walked struct {
	operation
	name    string
	queries []string
}

// walk returns all operations, with paths and bodies that name the things of a world.
func (w *fixture) walk(world theirWorld) (out []walked) {
	w.t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters  []struct{ Name, In string }
			RequestBody struct {
				Content map[string]struct{ Schema map[string]any }
			}
		}
		Components struct{ Schemas map[string]map[string]any }
	}
	require.NoError(w.t, json.Unmarshal([]byte(w.call("", "GET", "/openapi.json", nil).body), &doc))
	var sample func(name string, schema map[string]any) any
	sample = func(name string, schema map[string]any) any {
		if ref, ok := schema["$ref"].(string); ok {
			return sample(name, doc.Components.Schemas[ref[strings.LastIndexByte(ref, '/')+1:]])
		}
		if id, ok := world.ids[name]; ok {
			return id
		}
		if values, ok := schema["enum"].([]any); ok {
			return values[0]
		}
		kind, _ := schema["type"].(string)
		switch kind {
		case "integer", "number":
			if least, ok := schema["minimum"]; ok {
				return least
			}
			return 1
		case "boolean":
			return false
		case "array":
			items, _ := schema["items"].(map[string]any)
			return []any{sample("", items)}
		case "object":
			object := map[string]any{}
			properties, _ := schema["properties"].(map[string]any)
			required, _ := schema["required"].([]any)
			for field, property := range properties {
				_, known := world.ids[field]
				if known || slices.Contains(required, any(field)) {
					object[field] = sample(field, property.(map[string]any))
				}
			}
			return object
		}
		return "x"
	}
	for path, methods := range doc.Paths {
		if strings.HasPrefix(path, "/v2/whip") || strings.HasPrefix(path, "/v2/whep") ||
			strings.HasPrefix(path, "/v2/public/") ||
			strings.HasPrefix(path, "/console/") {
			continue // served elsewhere, or without a credential
		}
		for method, op := range methods {
			found := walked{name: strings.ToUpper(method) + " " + path}
			found.method = strings.ToUpper(method)
			found.path = regexp.MustCompile(`\{(\w+)\}`).ReplaceAllStringFunc(path, func(variable string) string {
				if id, ok := world.ids[strings.Trim(variable, "{}")]; ok {
					return id
				}
				return "their-job"
			})
			if schema := op.RequestBody.Content["application/json"].Schema; schema != nil {
				found.body = sample("", schema)
			}
			found.queries = []string{""}
			for _, p := range op.Parameters {
				if id, ok := world.ids[p.Name]; ok && p.In == "query" {
					found.queries = append(found.queries, "?"+p.Name+"="+id)
				}
			}
			out = append(out, found)
		}
	}
	slices.SortFunc(out, func(a, b walked) int { return strings.Compare(a.name, b.name) })
	return out
}

// state is what an account has, and what accounts there are, as the operator reads it.
func (w *fixture) state(account record.Account, token string) string {
	w.t.Helper()
	var text strings.Builder
	of := "/admin/v1/accounts/" + account.ID
	for _, path := range []string{
		"/admin/v1/accounts?", of + "?", of + "/rooms?", of + "/sessions?", of + "/invites?",
		"/admin/v1/keys?accountId=" + account.ID, "/admin/v1/sessions?accountId=" + account.ID,
	} {
		text.WriteString(w.admin("GET", path, nil).body)
	}
	for _, path := range []string{"/v2/recordings", "/v2/rooms", "/v2/stream-keys"} {
		text.WriteString(w.call(token, "GET", path, nil).body)
	}
	counted := regexp.MustCompile(`"(lastUsedAt|activeDuration|fileUrl|duration|counts)":("[^"]*"|\d+|\{[^}]*\})`)
	return counted.ReplaceAllString(text.String(), "")
}

// A developer sees nothing of another account, whatever is asked with the ids of its things, and changes nothing there;
// support and requests without the CSRF header change nothing at all. All routes of the document are asked.
func TestConsoleOfAllRoutes(t *testing.T) {
	w, _ := newEgressFixture(t)
	world := newTheirWorld(w)
	all := w.walk(world)
	require.Greater(t, len(all), 60)
	developer := w.as(record.RoleDeveloper, w.account.ID)
	support := w.as(record.RoleSupport, w.account.ID)
	support.account = w.other.ID
	operator := w.as(record.RoleOperator, "")
	operator.account = w.other.ID
	forged := map[string]*page{"developer": developer, "operator": operator}
	for role, of := range forged {
		copied := *of
		copied.csrf = ""
		forged[role] = &copied
	}
	ours, theirs := w.state(w.account, w.token), w.state(w.other, w.otherToken)
	judged := map[string]int{}
	for _, op := range all {
		if op.method == "GET" {
			continue
		}
		for name, refusals := range map[string][]answer{
			"READ_ONLY": {support.call(op.method, op.path, op.body)},
			"CSRF": {forged["developer"].call(op.method, op.path, op.body),
				forged["operator"].call(op.method, op.path, op.body)},
		} {
			for _, got := range refusals {
				require.GreaterOrEqual(t, got.status, 400, "%s: %s", op.name, got.body)
				if strings.Contains(got.body, fmt.Sprintf("%q", name)) {
					judged[name]++
					continue
				}
				// 4002: what participants call with their token, and nobody with a cookie
				require.Regexp(t, `"code":4(107|110|002)`, got.body, "%s is judged by its shape or by %s", op.name, name)
			}
		}
	}
	require.Equal(t, ours, w.state(w.account, w.token))
	require.Equal(t, theirs, w.state(w.other, w.otherToken))
	for _, op := range all {
		isAdmin := strings.HasPrefix(op.path, "/admin/")
		for _, query := range op.queries {
			got := developer.call(op.method, op.path+query, op.body)
			require.NotRegexp(t, hidden, got.body, "%s%s for a developer", op.name, query)
			require.False(t, isAdmin && got.status < 400, "%s%s for a developer: %s", op.name, query, got.body)
			if isAdmin && strings.Contains(got.body, "OPERATOR_ONLY") {
				judged["OPERATOR_ONLY"]++
			}
		}
	}
	require.Equal(t, theirs, w.state(w.other, w.otherToken))
	t.Log(judged)
	require.Greater(t, judged["OPERATOR_ONLY"], 20)
	require.Greater(t, judged["READ_ONLY"], 25)
	require.Greater(t, judged["CSRF"], 2*25)

	// The same requests find what they name, for who may see it.
	seen := 0
	for _, op := range all {
		if op.method != "GET" {
			continue
		}
		got := operator.call(op.method, op.path, nil)
		if hidden.MatchString(got.body) {
			seen++
		}
	}
	require.Greater(t, seen, 5)
}
