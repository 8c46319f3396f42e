// Package console drives the console in Chromium on a real server: what went wrong is found, its cause and remedy are
// read, and a developer sees the own account alone.
package console

import (
	"context"
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
	os.Exit(m.Run())
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
	p.Until("events come in", `document.querySelector('.follows[data-on="true"]')`)

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
	views(t, p, h)
}

// views looks at every view with the accessibility checker, light and dark, on a phone and on a desktop.
func views(t *testing.T, p *testbrowser.Page, h *testserver.Server) {
	t.Helper()
	script, err := os.ReadFile(axe)
	require.NoError(t, err)
	p.Eval(string(script)+"; 0", nil) // the policy of the page does not bind the debugger
	for i, view := range []struct{ path, name string }{
		{"/console/", "overview"}, {"/console/sessions", "sessions-view"}, {"/console/meetings", "meetings-view"},
		{"/console/faults", "faults-view"}, {"/console/faults?group=reason", "faults-view"},
		{"/console/recordings", "jobs-view"}, {"/console/hls", "jobs-view"}, {"/console/livestreams", "jobs-view"},
		{"/console/webhooks", "webhooks-view"}, {"/console/token", "token-view"}, {"/console/keys", "keys-view"},
		{"/console/pre-call-tests", "pre-call-tests-view"},
		{"/console/limits", "limits-view"}, {"/console/audit", "audit-view"}, {"/console/start", "start-view"},
		{"/console/drills", "drills-view"}, {"/console/accounts", "accounts-view"}, {"/console/node", "node-view"},
		{"/console/faults/flt_none", "fault-view"}, {"/console/nothing/here", "nowhere"},
	} {
		p.Look(1280, 800, i%2 == 1, false)
		if i%3 == 2 {
			p.Look(390, 844, i%2 == 1, true)
		}
		open(p, view.path, view.name)
		var violations string
		p.Eval(
			`window.found = undefined, axe.run().then((r) =>
				window.found = r.violations.map((v) => v.id + " " + v.nodes.map((n) => n.html)).join("\n")), 0`,
			nil,
		)
		p.Until("axe is done", `window.found !== undefined`)
		p.Eval(`window.found`, &violations)
		require.Empty(t, violations, view.path)
		var wide bool
		p.Eval(`document.documentElement.scrollWidth > innerWidth`, &wide)
		require.False(t, wide, "%s is wider than the window", view.path)
		p.Screenshot(strings.ReplaceAll(strings.Trim(view.path, "/"), "/", "-"))
	}
	p.Look(1280, 800, false, false)
	require.NotContains(t, p.Console(), "Content Security Policy")
}

// A developer signs in with a link, sees the own account alone, and the link's secret is nowhere in the page.
func TestDeveloperSeesTheOwnAccount(t *testing.T) {
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

	p.Click(testbrowser.TestID("sign-out"))
	p.Until("the developer is signed out", at("sign-in-view"))
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u
}

// The inspector says what is wrong with a token, and no request leaves the page.
func TestTokenInspectorSendsNothing(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	p := operator(t, testbrowser.Open(t), h, "/console/token")
	p.Until("the inspector is shown", at("token-text"))
	p.Eval(`performance.clearResourceTimings(), 0`, nil)
	fill(p, "token-text", account.Token(t))
	p.Until("it finds nothing wrong", at("token-good"))
	fill(p, "token-secret", account.Secret)
	p.Until("the signature matches", at("token-good")+`?.textContent.includes("matches the secret")`)
	fill(p, "token-text", account.Token(t, "allow_join", "ask_join"))
	p.Until("it names the reason", `document.querySelector('[data-reason="CONFLICT"]')`)
	fill(p, "token-text", "Bearer x")
	p.Until("it names the shape", `document.querySelector('[data-reason="MALFORMED"]')`)
	var requests int
	p.Eval(`performance.getEntriesByType("resource").length`, &requests)
	require.Zero(t, requests)
}
