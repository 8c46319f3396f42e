package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// labeled selects a control by the beginning of its accessible name.
func labeled(name string) string { return fmt.Sprintf(`main [aria-label^=%s]`, js(name)) }

// confirmed clicks a control and says yes to the question that it asks.
func confirmed(p *testbrowser.Page, selector string) {
	p.Click(selector)
	p.Click(testbrowser.TestID("confirm-yes"))
}

// told waits until the page shows how something went.
func told(p *testbrowser.Page, text string) {
	p.Until("it says "+text, fmt.Sprintf(`%s?.textContent.includes(%s)`, at("toasts"), js(text)))
}

// has is an expression: the main part of the page shows a text.
func has(text string) string {
	return fmt.Sprintf(`document.querySelector("main")?.innerText.includes(%s)`, js(text))
}

// recordedMeeting is a meeting with a bot, which is recorded.
func recordedMeeting(t *testing.T, h *testserver.Server, account testserver.Account, room string) *sdk.Meeting {
	t.Helper()
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: account.Token(t), MeetingID: room, ParticipantID: "ann", Name: "Ann", MicEnabled: true,
		Mic: sdk.TestTone("ann"),
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	audio := &sdk.EgressConfig{Mode: sdk.EgressAudioOnly}
	require.NoError(t, bot.StartRecording(t.Context(), sdk.RecordingOptions{Config: audio}))
	return bot
}

// Each button of the operator does what it says: seen in the page, and on the server.
func TestButtonsOfTheOperator(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t, func(c *conf.Config) { c.Webhook.AllowPrivateTargets = true })
	var tests atomic.Int64
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var event struct{ WebhookType string }
		if json.NewDecoder(r.Body).Decode(&event) == nil && event.WebhookType == "webhook-test" {
			tests.Add(1)
		}
	}))
	defer hook.Close()
	account := h.Account(t, nil)
	room := account.Meeting(t, map[string]any{"webhook": map[string]any{"endPoint": hook.URL, "events": []string{"*"}}})
	bot := recordedMeeting(t, h, account, room)
	p := operator(t, testbrowser.Open(t), h, "/console/recordings")

	// A recording is stopped, played, downloaded and deleted.
	p.Until("it is recorded", has("started"))
	confirmed(p, labeled("Stop recording"))
	told(p, "The recording stops.")
	p.Click(labeled("Play recording"))
	p.Until("it plays", `document.querySelector("video.player")?.currentTime > 0.1`)
	p.Click(`dialog [data-testid="dialog-close"]`)
	p.Until("the player is closed", `!document.querySelector("dialog")`)
	var size int
	p.Eval(fmt.Sprintf(`fetch(document.querySelector(%s).href).then((r) => r.blob()).then((b) => b.size)`,
		js(labeled("Download recording"))), &size)
	require.Greater(t, size, 1000)
	confirmed(p, labeled("Delete recording"))
	told(p, "The recording is deleted.")
	p.Until("it is gone", at("empty"))

	// HLS is watched, stopped and deleted.
	require.NoError(t, bot.StartHLS(t.Context(), sdk.HLSOptions{Config: &sdk.EgressConfig{Mode: sdk.EgressAudioOnly}}))
	open(p, "/console/hls", "jobs-view")
	p.Until("it can be watched", `document.querySelector('main a[href*="/watch/"]')`)
	confirmed(p, labeled("Stop HLS stream"))
	told(p, "The HLS stream stops.")
	confirmed(p, labeled("Delete HLS stream"))
	told(p, "The HLS stream is deleted.")
	p.Until("it is gone", at("empty"))

	// Webhooks: a test event arrives.
	open(p, "/console/webhooks", "webhooks-view")
	fill(p, "test-room", room)
	p.Click(testbrowser.TestID("test-send"))
	require.Eventually(t, func() bool { return tests.Load() == 1 }, timeout, 20*time.Millisecond)
	p.Until("its delivery is listed", has("webhook-test"))

	// Keys: the secret is shown once, and holds.
	open(p, "/console/keys", "keys-view")
	fill(p, "key-label", "from the console")
	p.Click(testbrowser.TestID("key-create"))
	p.Until("the secret is shown", at("new-secret"))
	key := testserver.Account{Key: p.Text(testbrowser.TestID("new-key")), Secret: p.Text(testbrowser.TestID("new-secret"))}
	p.Click(testbrowser.TestID("secret-done"))
	p.Until("the secret is gone", `!`+at("new-secret"))
	require.NotContains(t, html(p), key.Secret)
	works := func(k testserver.Account) bool {
		status, _ := h.REST(t, k.Grant(t, gate.Grant{Permissions: []string{"allow_join"}, ExpiresIn: time.Minute}),
			http.MethodGet, "/v2/rooms", nil)
		return status == http.StatusOK
	}
	require.True(t, works(key))
	confirmed(p, labeled("Rotate "+key.Key))
	p.Until("the successor is shown", at("new-secret"))
	successor := testserver.Account{
		Key: p.Text(testbrowser.TestID("new-key")), Secret: p.Text(testbrowser.TestID("new-secret")),
	}
	p.Click(testbrowser.TestID("secret-done"))
	require.True(t, works(key) && works(successor), "both hold for a day")
	confirmed(p, labeled("Deactivate "+successor.Key))
	told(p, "The key is deactivated.")
	require.False(t, works(successor))
	p.Click(testbrowser.TestID("undo"))
	told(p, "Taken back.")
	require.True(t, works(successor))
	confirmed(p, labeled("Revoke "+key.Key))
	told(p, "The key is revoked.")
	require.False(t, works(key))
	require.NotContains(t, html(p), successor.Secret)

	// Limits: changed, and taken back.
	open(p, "/console/limits", "limits-view")
	limit := func() float64 {
		var read struct{ Limits map[string]float64 }
		_, answer := h.Admin(t, http.MethodGet, "/admin/v1/accounts/"+account.ID, nil)
		require.NoError(t, json.Unmarshal(answer, &read))
		return read.Limits["recordings"]
	}
	before := limit()
	fill(p, "limit-recordings", "7")
	p.Click(testbrowser.TestID("limits-save"))
	told(p, "Saved.")
	require.EqualValues(t, 7, limit())
	p.Click(testbrowser.TestID("undo"))
	told(p, "Taken back.")
	require.Equal(t, before, limit())

	// Meetings: made, disabled, and taken back.
	open(p, "/console/meetings", "meetings-view")
	p.Click(testbrowser.TestID("meeting-new"))
	p.Until("the meeting is shown", at("meeting-record"))
	p.Click(testbrowser.TestID("meeting-able"))
	p.Until("nobody can join", has("disabled"))
	p.Click(testbrowser.TestID("undo"))
	p.Until("it can be joined again", has("enabled"))

	// A session is ended from the view of the server, which several accounts use.
	guests := h.Account(t, nil)
	elsewhere := guests.Meeting(t, nil)
	eve, _ := h.Join(t, testserver.JoinParams(guests.Token(t), elsewhere, "eve"))
	open(p, "/console/node", "node-view")
	p.Until("both sessions are listed", has(elsewhere)+` && `+has(room))
	require.Contains(t, p.Text(testbrowser.TestID("node-alone")), "cluster.address")
	confirmed(p, labeled("End the session of "+elsewhere))
	told(p, "The session ends.")
	require.Equal(t, "BY_API", eve.AwaitRemoval(t).Reason)

	// A session is ended, from its own view.
	open(p, "/console/participants", "participants-view")
	p.Click(testbrowser.TestID("participant-link"))
	p.Until("the participant is shown with the session", at("participant-view")+` && `+has(room))
	p.Click(`main .strong-link`)
	confirmed(p, testbrowser.TestID("session-end"))
	told(p, "The session ends.")
	p.Until("it has ended", `document.querySelector(".session-lead .state")?.textContent === "ended"`)

	// Accounts: made, invited to, deactivated and activated; the link of the invitation signs in.
	open(p, "/console/accounts", "accounts-view")
	fill(p, "account-name", "Another")
	p.Click(testbrowser.TestID("account-create"))
	p.Until("it is listed", has("Another"))
	confirmed(p, labeled("Deactivate Another"))
	told(p, "The account is deactivated.")
	p.Click(labeled("Activate Another"))
	told(p, "The account is active.")
	p.Click(labeled("Invite developer of Another"))
	p.Until("the link is shown", at("invite-link"))
	link := p.Text(testbrowser.TestID("invite-link"))
	p.Click(`dialog [data-testid="dialog-close"]`)
	p.Until("the link is gone", `!`+at("invite-link"))
	require.NotContains(t, html(p), mustParse(t, link).Fragment)

	// Signing out everywhere ends the other browser's session too.
	other := operator(t, testbrowser.Open(t), h, "/console/token")
	p.Click(testbrowser.TestID("sign-out-everywhere"))
	p.Click(testbrowser.TestID("confirm-yes"))
	p.Until("this page is signed out", at("sign-in-view"))
	open(other, "/console/meetings", "sign-in-view")
}

func html(p *testbrowser.Page) string {
	var text string
	p.Eval(`document.documentElement.outerHTML`, &text)
	return text
}

// harmless are the buttons that change nothing on the server.
var harmless = regexp.MustCompile(
	`^(Copy|Close|Earlier|Later|Wider|Closer|The whole session|Live|Try again|Newer|Older|Show more|Download|Play)`,
)

// These tests share a server and a browser, which take longer to start than most of them do.
func TestOnOneServer(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	b := testbrowser.Open(t)
	for name, test := range map[string]func(*testing.T, *testserver.Server, *testbrowser.Browser){
		"support changes nothing":            supportChangesNothing,
		"a link leads on after the sign-in":  linkLeadsOn,
		"events come back":                   eventsComeBack,
		"the keyboard moves through lanes":   keyboardInTheSession,
		"the policy of the page":             policyOfTheConsole,
		"the inspector judges as the server": tokenInspector,
	} {
		t.Run(name, func(t *testing.T) { test(t, h, b) })
	}
}

// invited makes a sign-in link, for one role of an account, to that account.
func invited(t *testing.T, h *testserver.Server, account testserver.Account, role string) string {
	t.Helper()
	_, body := h.Admin(t, http.MethodPost, "/admin/v1/accounts/"+account.ID+"/invites", map[string]any{"role": role})
	var made struct{ Link string }
	require.NoError(t, json.Unmarshal(body, &made))
	require.NotEmpty(t, made.Link, string(body))
	return made.Link
}

// Support sees everything and has no button that changes something, in any view.
func supportChangesNothing(t *testing.T, h *testserver.Server, b *testbrowser.Browser) {
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	eve, _ := h.Join(t, testserver.JoinParams(account.Token(t, "allow_join"), room, "eve"))
	id := refused(t, eve)
	link := mustParse(t, invited(t, h, account, "support"))
	link.Path, link.RawQuery = "/console/", "account="+account.ID
	p := b.Page(t, link.String())
	p.Until("support is signed in", at("console"))
	require.Contains(t, p.Text(testbrowser.TestID("who")), "read only")
	open(p, "/console/sessions", "sessions-view")
	var session string
	p.Eval(at("session-link")+`.pathname`, &session)
	for _, view := range append(allViews, viewOf{session, "session-view"}, viewOf{"/console/faults/" + id, "fault-view"},
		viewOf{"/console/meetings/" + room, "meeting-record"}, viewOf{"/console/participants/eve", "participant-view"}) {
		open(p, view.path, view.name)
		var buttons []string
		p.Eval(`[...document.querySelectorAll("main button, main input:not([type=search])")]
			.filter((b) => !b.matches(":disabled") && !b.closest('[data-testid="token-view"]'))
			.map((b) => (b.getAttribute("aria-label") ?? b.textContent).trim())`, &buttons)
		for _, name := range buttons {
			require.Regexp(t, harmless, name, "in %s", view.path)
		}
	}
}

// First steps: from a server without anything to a call that was made, and seen.
func TestFirstSteps(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	b := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	p := operator(t, b, h, "/console/")
	p.Click(testbrowser.TestID("to-start"))
	for _, step := range []string{"start-account", "start-key"} {
		p.Click(testbrowser.TestID(step))
	}
	p.Click(testbrowser.TestID("secret-done"))
	p.Click(testbrowser.TestID("start-room"))
	p.Click(testbrowser.TestID("start-token"))
	p.Until("the meeting can be opened", at("start-join"))
	var link string
	p.Eval(at("start-join")+`.href`, &link)
	ann := b.Page(t, link+"&name=Ann")
	ann.Click(testbrowser.TestID("join-button"))
	ann.Until("Ann is in the meeting", at("meeting-view"))
	p.Click(testbrowser.TestID("start-session"))
	p.Until("the call is seen", `Number(`+at("timeline")+`?.dataset.lanes) >= 1`)
	require.Contains(t, p.Text(".timeline-names"), "Ann")
}

// A fault's link in a ticket leads to the fault also when one has to sign in first: with the token, and with a
// sign-in link that opens in another tab or is pasted.
func linkLeadsOn(t *testing.T, h *testserver.Server, b *testbrowser.Browser) {
	account := h.Account(t, nil)
	eve, _ := h.Join(t, testserver.JoinParams(account.Token(t, "allow_join"), account.Meeting(t, nil), "eve"))
	_, f := eve.Call(t, "end", map[string]any{})
	require.NotNil(t, f)
	id := f.ID
	path := "/console/faults/" + id
	require.Equal(t, h.URL+path, f.ConsoleURL, "the fault says where it is shown")
	opened := fmt.Sprintf(`document.querySelector('[data-testid="fault-full"][data-id=%q]') && location.pathname === %q`,
		id, path)
	p := operator(t, b, h, path+"?account="+account.ID)
	p.Until("the operator reads the fault", opened)

	p = b.Page(t, f.ConsoleURL)
	fill(p, "admin-token", invited(t, h, account, "developer"))
	p.Press("\r")
	p.Until("who pastes the sign-in link reads the fault", opened)

	p = b.Page(t, h.URL+path)
	p.Until("one has to sign in", at("sign-in-view"))
	p.Eval(fmt.Sprintf(`location.href = %q, 0`, invited(t, h, account, "developer")), nil)
	p.Until("the sign-in link leads on to the fault", opened)
}

// door passes requests on to a server, or answers 502 in its place as a proxy does whose server is away.
type door struct {
	http.Handler
	shut atomic.Bool
	test *httptest.Server
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d.shut.Load() {
		http.Error(w, "Bad Gateway", http.StatusBadGateway)
		return
	}
	d.Handler.ServeHTTP(w, r)
}

// The stream of events is lost: the page says so, comes back by itself, and shows what happened meanwhile.
func eventsComeBack(t *testing.T, h *testserver.Server, b *testbrowser.Browser) {
	target, err := url.Parse(h.URL)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.FlushInterval = -1
	d := &door{Handler: proxy}
	d.test = httptest.NewServer(d)
	t.Cleanup(d.test.Close) // after the page, which holds a stream open
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	eve, _ := h.Join(t, testserver.JoinParams(account.Token(t, "allow_join"), room, "eve"))
	p := b.Page(t, d.test.URL+"/console/sessions?account="+account.ID)
	fill(p, "admin-token", h.AdminToken())
	p.Press("\r")
	p.Click(testbrowser.TestID("session-link"))
	state := func(is string) string { return at("follows") + fmt.Sprintf(`?.dataset.state === %q`, is) }
	p.Until("the session is shown, and events come in", at("timeline")+` && `+state("live"))

	d.shut.Store(true)
	d.test.CloseClientConnections()
	p.Until("the page says that they do not", state("lost")+` && `+at("follows")+`.title.includes("No events")`)
	refused(t, eve)
	d.shut.Store(false)
	p.Until("they come in again", state("live"))
	p.Until("what happened meanwhile is shown", `Number(`+at("timeline")+`?.dataset.marks) >= 1`)
}

// The session view is used with the keyboard alone.
func keyboardInTheSession(t *testing.T, h *testserver.Server, b *testbrowser.Browser) {
	account := h.Account(t, nil)
	eve, _ := h.Join(t, testserver.JoinParams(account.Token(t, "allow_join"), account.Meeting(t, nil), "eve"))
	first, second := refused(t, eve), refused(t, eve)
	p := operator(t, b, h, "/console/sessions?account="+account.ID)
	p.Click(testbrowser.TestID("session-link"))
	p.Until("both faults are on the lanes", `Number(`+at("timeline")+`?.dataset.marks) === 2`)
	inTimeline := `document.activeElement?.classList.contains("timeline-frame")`
	reached := false
	for range 40 {
		p.Press("\t")
		if p.Eval(inTimeline, &reached); reached {
			break
		}
	}
	require.True(t, reached, "Tab leads into the lanes")
	shown := func() string { return p.Text(".timeline-range") }
	whole := shown()
	p.Press("+")
	p.Until("it is closer", fmt.Sprintf(`document.querySelector(".timeline-range").innerText !== %s`, js(whole)))
	closer := shown()
	const arrowLeft, arrowRight, escape = "\u0302", "\u0303", "\u001b"
	p.Press(arrowLeft)
	p.Until("it is earlier", fmt.Sprintf(`document.querySelector(".timeline-range").innerText !== %s`, js(closer)))
	p.Press(arrowRight)
	p.Press("0")
	p.Press("n")
	p.Press("n")
	p.Press("p")
	p.Press("\r")
	openFault := func(id string) string {
		return fmt.Sprintf(`document.querySelector('[data-testid="fault-full"][data-id="%s"]')`, id)
	}
	p.Until("the first fault is open", openFault(first))
	p.Until("the focus is with it", `document.activeElement?.closest('[data-testid="session-fault"]')`)
	p.Press(escape)
	p.Until("it is closed, and the focus is in the lanes again", `!`+at("session-fault")+` && `+inTimeline)
	p.Press("n")
	p.Press("\r")
	p.Until("the second fault is open", openFault(second))
}

// The console loads nothing from elsewhere and runs no inline script, whatever the page holds.
func policyOfTheConsole(t *testing.T, h *testserver.Server, b *testbrowser.Browser) {
	res, err := http.Get(h.URL + "/console/faults/x")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	policy := res.Header.Get("Content-Security-Policy")
	for _, needed := range []string{"default-src 'none'", "script-src 'self'", "connect-src 'self'", "style-src 'self'",
		"frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"} {
		require.Contains(t, policy, needed)
	}
	require.NotContains(t, policy, "unsafe")
	require.NotContains(t, policy, "*")
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the page has asked another origin")
	}))
	defer elsewhere.Close()
	p := b.Page(t, h.URL+"/console/")
	p.Until("the page is there", at("sign-in-view"))
	var broken []string
	p.Eval(fmt.Sprintf(`(async () => {
		const broken = [];
		document.addEventListener("securitypolicyviolation", (e) => broken.push(e.effectiveDirective));
		const add = (name, values) => document.body.append(Object.assign(document.createElement(name), values));
		add("script", {textContent: "window.ran = true"});
		add("script", {src: %[1]q});
		add("img", {src: %[1]q});
		add("iframe", {src: %[1]q});
		await fetch(%[1]q).catch(() => 0);
		for (const end = Date.now() + 10_000; broken.length < 5 && Date.now() < end; )
			await new Promise((done) => setTimeout(done, 20));
		return [...broken, window.ran ? "ran" : ""].sort();
	})()`, elsewhere.URL+"/x"), &broken)
	require.Equal(t, "connect-src frame-src img-src script-src-elem script-src-elem",
		strings.TrimSpace(strings.Join(broken, " ")))
}
