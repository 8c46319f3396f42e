// Package console drives the console in Chromium on a real server: what went wrong is found, its cause and remedy are
// read, and a developer sees the own account alone.
package console

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/store/pgtest"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

const timeout = 20 * time.Second

// axe is the accessibility checker of the web workspace.
const axe = "../../web/node_modules/axe-core/axe.min.js"

func TestMain(m *testing.M) {
	if _, err := os.Stat(axe); err != nil {
		install := exec.Command("npm", "--prefix", "../../web", "ci", "--no-audit", "--no-fund")
		if out, err := install.CombinedOutput(); err != nil {
			fmt.Fprintln(os.Stderr, "npm ci in web:", err, string(out))
			os.Exit(1)
		}
	}
	os.Exit(pgtest.Main{M: m}.Run())
}

// js writes a value as JavaScript does.
func js(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// at selects an element by its test id.
func at(id string) string {
	return fmt.Sprintf("document.querySelector(%s)", js(testbrowser.TestID(id)))
}

// fill types into a field as a person does, whatever stood there.
func fill(p *testbrowser.Page, id, text string) {
	p.Until(id+" is there", at(id))
	p.Eval(at(id)+".focus(), "+at(id)+".select(), 0", nil)
	p.Type(testbrowser.TestID(id), text)
}

// open goes to a view within the page, as a link does.
func open(p *testbrowser.Page, path, view string) {
	p.Eval(
		fmt.Sprintf(
			`(() => { const a = document.createElement("a"); a.href = %s; document.body.append(a); a.click(); a.remove(); })()`,
			js(path),
		),
		nil,
	)
	p.Until(view+" is shown", at(view)+` && !document.querySelector(".skeleton")`)
}

// operator opens the console and signs in with the admin token.
func operator(t *testing.T, b *testbrowser.Browser, h *testserver.Server, path string) *testbrowser.Page {
	t.Helper()
	p := b.Page(t, h.URL+path)
	fill(p, "admin-token", h.AdminToken())
	p.Click(testbrowser.TestID("sign-in-button"))
	p.Until("the operator is signed in", at("console"))
	return p
}

// refused makes a fault in a running session: somebody without allow_mod ends it. It returns the fault's id.
func refused(t *testing.T, s *testserver.Socket) string {
	t.Helper()
	_, f := s.Call(t, "end", map[string]any{})
	require.NotNil(t, f)
	return f.ID
}

// A fault in a running session appears on its lane within two seconds, is opened with its remedy, is found by its id,
// and the webhook of the session is found and delivered again.
func TestFaultIsFollowed(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t, func(c *conf.Config) { c.Webhook.AllowPrivateTargets = true })
	var posts atomic.Int64
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		posts.Add(1)
		_, _ = w.Write([]byte("taken"))
	}))
	defer hook.Close()
	account := h.Account(t, nil)
	room := account.Meeting(t, map[string]any{"webhook": map[string]any{"endPoint": hook.URL, "events": []string{"*"}}})
	bot, err := sdk.InitMeeting(
		sdk.Options{URL: h.URL, Token: account.Token(t), MeetingID: room, ParticipantID: "ann", Name: "Ann"},
	)
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	defer func() { _ = bot.Leave(context.WithoutCancel(t.Context())) }()
	eve, _ := h.Join(t, testserver.JoinParams(account.Token(t, "allow_join"), room, "eve"))

	b := testbrowser.Open(t)
	p := operator(t, b, h, "/console/sessions")
	p.Until("the session is listed", at("session-link"))
	p.Click(testbrowser.TestID("session-link"))
	p.Until("both have a lane", `Number(`+at("timeline")+`?.dataset.lanes) >= 2`)
	p.Until("events come in", at("follows")+`?.dataset.state === "live"`)

	before := time.Now()
	id := refused(t, eve)
	p.UntilIn(2*time.Second, "the fault is on its lane", `Number(`+at("timeline")+`?.dataset.marks) >= 1`)
	t.Logf("seen after %v", time.Since(before))

	p.Eval(`document.querySelector(".timeline-frame").focus(), 0`, nil)
	p.Press("n")
	p.Press("\r")
	p.Until(
		"the fault opens beside the lanes",
		fmt.Sprintf(`document.querySelector('[data-testid="fault-full"][data-id="%s"]')`, id),
	)
	require.NotEmpty(t, p.Text(testbrowser.TestID("fault-remedy")))
	require.Contains(t, p.Text(testbrowser.TestID("fault-detail")), "end")

	open(p, "/console/faults", "faults-view")
	fill(p, "faults-search", id)
	p.Press("\r")
	p.Until(
		"its id leads to it",
		fmt.Sprintf(`location.pathname.endsWith("/console/faults/%s") && %s`, id, at("fault-remedy")),
	)
	require.Contains(t, p.Text(testbrowser.TestID("fault-seen")), "Seen once in 24 h")
	p.Reload()
	p.Until("its address can be pasted", at("fault-remedy"))
	require.Contains(t, html(p), id, "its JSON")
	for _, group := range []string{"reason", "code", "browser", "sdk", "room"} {
		open(p, "/console/faults?group="+group, "faults-view")
		p.Until("there are groups by "+group, `document.querySelector("main tbody tr")`)
		p.Click("main tbody a")
		p.Until("a group leads to its faults by "+group, `!location.search.includes("group=") &&
			document.querySelector("main tbody tr[data-row^=flt_]")`)
	}

	open(p, "/console/webhooks", "webhooks-view")
	p.Until(
		"a delivery is over",
		`[...document.querySelectorAll(".deliveries .state")].some((s) => s.textContent === "delivered")`,
	)
	count := posts.Load()
	p.Eval(
		`(() => { const d = [...document.querySelectorAll(".deliveries > li")].find((d) => d.querySelector(".state").textContent === "delivered");
		d.querySelector("details").open = true; d.querySelector('[data-testid="redeliver"]').click(); })()`,
		nil,
	)
	require.Eventually(
		t,
		func() bool { return posts.Load() > count },
		timeout,
		20*time.Millisecond,
		"the event comes again",
	)
	var session string
	open(p, "/console/sessions", "sessions-view")
	p.Eval(at("session-link")+`.pathname`, &session)
	views(t, p, viewOf{session + "?fault=" + id, "session-fault"}, viewOf{"/console/faults/" + id, "fault-view"},
		viewOf{"/console/meetings/" + room, "meeting-record"}, viewOf{"/console/participants/ann", "participant-view"},
		viewOf{"/console/faults/flt_none", "fault-view"}, viewOf{"/console/nothing/here", "nowhere"})
}

// viewOf is a view of the console: its address and its name in tests.
type viewOf struct{ path, name string }

// allViews are those whose address has no id.
var allViews = []viewOf{
	{"/console/", "overview"}, {"/console/sessions", "sessions-view"}, {"/console/meetings", "meetings-view"},
	{"/console/participants", "participants-view"},
	{"/console/faults", "faults-view"}, {"/console/faults?group=reason", "faults-view"},
	{"/console/recordings", "jobs-view"}, {"/console/hls", "jobs-view"}, {"/console/livestreams", "jobs-view"},
	{"/console/webhooks", "webhooks-view"}, {"/console/token", "token-view"}, {"/console/keys", "keys-view"},
	{"/console/pre-call-tests", "pre-call-tests-view"},
	{"/console/incidents", "incidents-view"}, {"/console/alert-rules", "alert-rules-view"},
	{"/console/limits", "limits-view"}, {"/console/audit", "audit-view"}, {"/console/start", "start-view"},
	{"/console/drills", "drills-view"}, {"/console/accounts", "accounts-view"}, {"/console/node", "node-view"},
}

// look checks what is shown with the accessibility checker, in light and dark, and that nothing is wider than the
// window: on a desktop, on a phone, and at 200 %.
func look(t *testing.T, p *testbrowser.Page, name string) {
	t.Helper()
	for _, dark := range []bool{false, true} {
		p.Look(1280, 800, dark, false)
		options := "{}"
		if dark { // what differs from light
			options = `{runOnly: ["color-contrast"]}`
		}
		var violations string
		for deadline := time.Now().Add(10 * time.Second); ; { // colors change over a moment
			p.Eval(fmt.Sprintf(`axe.run(%s).then((r) =>
				r.violations.map((v) => v.id + " " + v.nodes.map((n) => n.html)).join("\n"))`, options), &violations)
			if violations == "" || time.Now().After(deadline) {
				break
			}
		}
		require.Empty(t, violations, "%s, dark: %v", name, dark)
		p.Screenshot(fmt.Sprintf("%s-dark-%v", strings.ReplaceAll(strings.Trim(name, "/"), "/", "-"), dark))
	}
	for _, width := range []int64{640, 390} {
		p.Look(width, 800, false, width == 390)
		var wide bool
		p.Eval(`document.documentElement.scrollWidth > innerWidth`, &wide)
		require.False(t, wide, "%s is wider than a window of %d", name, width)
	}
	p.Screenshot(strings.ReplaceAll(strings.Trim(name, "/"), "/", "-") + "-phone")
}

// views looks at every view, also those of the given paths, when its data is there.
func views(t *testing.T, p *testbrowser.Page, others ...viewOf) {
	t.Helper()
	script, err := os.ReadFile(axe)
	require.NoError(t, err)
	p.Eval(string(script)+"; 0", nil) // the policy of the page does not bind the debugger
	for _, view := range append(others, allViews...) {
		open(p, view.path, view.name)
		look(t, p, view.path)
	}
	p.Look(1280, 800, false, false)
	p.Click(testbrowser.TestID("sign-out"))
	p.Until("the sign-in is shown", at("sign-in-view"))
	look(t, p, "sign-in")
	require.NotContains(t, p.Console(), "Content Security Policy")
}

// A developer signs in with a link, sees the own account alone, and the link's secret is nowhere in the page.
func TestDeveloperSeesTheOwnAccount(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	own, other := h.Account(t, nil), h.Account(t, nil)
	rooms := map[string]string{}
	faults := map[string]string{}
	for name, account := range map[string]testserver.Account{"own": own, "other": other} {
		rooms[name] = account.Meeting(t, nil)
		s, _ := h.Join(t, testserver.JoinParams(account.Token(t, "allow_join"), rooms[name], name))
		faults[name] = refused(t, s)
	}
	status, body := h.Admin(
		t,
		http.MethodPost,
		"/admin/v1/accounts/"+own.ID+"/invites",
		map[string]any{"role": "developer"},
	)
	require.Equal(t, http.StatusOK, status, string(body))
	var invite struct {
		Link string `json:"link"`
	}
	require.NoError(t, json.Unmarshal(body, &invite))
	secret := mustParse(t, invite.Link).Fragment

	p := testbrowser.Open(t).Page(t, invite.Link)
	p.Until("the link signs in", at("console"))
	require.Contains(t, p.Text(testbrowser.TestID("who")), "Developer")
	var seen string
	p.Eval(
		`JSON.stringify([location.href, history.state, document.cookie, {...localStorage}, {...sessionStorage},
			document.documentElement.outerHTML])`,
		&seen,
	)
	require.NotContains(t, seen, strings.TrimPrefix(secret, "invite="))
	require.NotContains(t, seen, "klatch_console", "a script cannot read the cookie")

	open(p, "/console/sessions", "sessions-view")
	p.Until("the own session is listed", at("session-link"))
	require.Contains(t, p.Text("main"), rooms["own"])
	require.NotContains(t, p.Text("main"), rooms["other"])
	open(p, "/console/faults", "faults-view")
	p.Until("the own fault is listed", fmt.Sprintf(`document.querySelector('[data-row="%s"]')`, faults["own"]))
	require.NotContains(t, p.Text("main"), rooms["other"])
	open(p, "/console/faults/"+faults["other"], "fault-view")
	p.Until("the other's fault is refused", at("view-problem"))
	require.NotContains(t, p.Text("main"), rooms["other"])
	require.Empty(t, p.Text(`nav a[href$="/accounts"]`), "accounts are the operator's")
	for _, view := range append(allViews, viewOf{"/console/meetings/" + rooms["other"], "meeting-record"},
		viewOf{"/console/participants/other", "participant-view"}) {
		open(p, view.path, view.name)
		text := html(p)
		for _, secret := range []string{other.ID, other.Key} {
			require.NotContains(t, text, secret, view.path)
		}
		if !strings.HasSuffix(view.path, rooms["other"]) { // the page shows the address that one has typed
			require.NotContains(t, text, rooms["other"], view.path)
		}
	}

	p.Eval(`scrollTo(0, 0)`, nil)
	p.Click(testbrowser.TestID("sign-out"))
	p.Until("the developer is signed out", at("sign-in-view"))
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u
}

// signed makes a token with any header and claims, as a program with a mistake does.
func signed(header, claims map[string]any, secret string) string {
	part := func(value any) string { return base64.RawURLEncoding.EncodeToString([]byte(js(value))) }
	text := part(header) + "." + part(claims)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// The inspector judges a token as the server does, and no request leaves the page.
func tokenInspector(t *testing.T, h *testserver.Server, b *testbrowser.Browser) {
	account := h.Account(t, nil)
	p := operator(t, b, h, "/console/token")
	p.Until("the inspector is shown", at("token-text"))
	p.Eval(`performance.clearResourceTimings(), 0`, nil)
	paste := func(id, text string) { // as a person pastes: typing a token takes seconds
		p.Eval(fmt.Sprintf(`(() => { const e = %s; e.value = %s; e.dispatchEvent(new Event("input", {bubbles: true})); })()`,
			at(id), js(text)), nil)
	}
	paste("token-text", account.Token(t))
	p.Until("it finds nothing wrong", at("token-good"))
	paste("token-secret", account.Secret)
	p.Until("the signature matches", at("token-good")+`?.textContent.includes("matches the secret")`)

	now := time.Now().Unix()
	hs256 := map[string]any{"alg": "HS256", "typ": "JWT"}
	with := func(changes map[string]any) string {
		claims := map[string]any{"apikey": account.Key, "permissions": []string{"allow_join"}, "version": 2,
			"iat": now, "exp": now + 600}
		for name, value := range changes {
			if claims[name] = value; value == nil {
				delete(claims, name)
			}
		}
		return signed(hs256, claims, account.Secret)
	}
	good := with(nil)
	for name, token := range map[string]string{
		"expired":                with(map[string]any{"iat": now - 900, "exp": now - 300}),
		"not yet valid":          with(map[string]any{"nbf": now + 3600, "exp": now + 7200}),
		"milliseconds":           with(map[string]any{"exp": now * 1000}),
		"a time as text":         with(map[string]any{"exp": "tomorrow"}),
		"no key":                 with(map[string]any{"apikey": nil}),
		"an empty key":           with(map[string]any{"apikey": ""}),
		"no permissions":         with(map[string]any{"permissions": nil}),
		"permissions as text":    with(map[string]any{"permissions": "allow_join"}),
		"an unknown permission":  with(map[string]any{"permissions": []string{"allow_all"}}),
		"the lobby and the door": with(map[string]any{"permissions": []string{"ask_join", "allow_join"}}),
		"an unknown role":        with(map[string]any{"roles": []string{"admin"}}),
		"another version":        with(map[string]any{"version": 1, "roomId": "abcd-efgh-ijkl"}),
		"another algorithm":      signed(map[string]any{"alg": "HS512"}, map[string]any{}, account.Secret),
		"cut off":                good[:len(good)/2],
		"another secret":         good[:len(good)-6] + "AAAAAA",
		"no token":               account.Key,
	} {
		status, answer := h.REST(t, token, http.MethodGet, "/v2/rooms", nil)
		reason := testserver.Refused(t, status, answer).Reason
		paste("token-text", token)
		p.UntilIn(timeout, name+" is "+reason,
			fmt.Sprintf(`document.querySelector('.finding.problem[data-reason="%s"]')`, reason))
	}
	var requests int
	p.Eval(`performance.getEntriesByType("resource").filter((r) => !r.name.includes("/events")).length`, &requests)
	require.Zero(t, requests)
}
