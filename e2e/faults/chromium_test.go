package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testserver"
)

// chromium is one running browser. Scenarios get a tab each.
type chromium struct {
	ctx    context.Context    // of the first tab, whose end is the browser's
	server *testserver.Server // whose SDK the pages load
	pages  *httptest.Server   // http on loopback: a secure context
	secure *httptest.Server   // https
	tabs   chan struct{}      // holds one for each open tab
}

// A browser opens this many tabs at once: maxTabs where the pages are what is tested, maxMembers where each is one
// of the members of a meeting and mostly waits.
const (
	maxTabs    = 3
	maxMembers = 10
)

// insecureHost resolves to this machine inside the browser, and is no loopback name: its http pages are not secure.
const insecureHost = "meet.test"

// startChromium starts a browser for that many tabs at once, with these flags, such as
// "use-fake-device-for-media-stream" or "name=value"; "$NAME=value" is a variable of its environment.
func startChromium(t *testing.T, h *testserver.Server, tabs int, flags ...string) *chromium {
	t.Helper()
	path, err := exec.LookPath("chromium")
	require.NoError(t, err, "these scenarios need Debian's chromium")
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.IgnoreCertErrors,
		chromedp.Flag("host-resolver-rules", "MAP "+insecureHost+" 127.0.0.1"),
	}
	for _, flag := range flags {
		name, value, ok := strings.Cut(flag, "=")
		if variable, is := strings.CutPrefix(flag, "$"); is {
			options = append(options, chromedp.Env(variable))
		} else if ok {
			options = append(options, chromedp.Flag(name, value))
		} else {
			options = append(options, chromedp.Flag(name, true))
		}
	}
	b := &chromium{server: h, tabs: make(chan struct{}, tabs)}
	b.pages = httptest.NewServer(http.HandlerFunc(b.page))
	t.Cleanup(b.pages.Close)
	b.secure = httptest.NewTLSServer(http.HandlerFunc(b.page))
	t.Cleanup(b.secure.Close)

	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	t.Cleanup(closeBrowser)
	b.ctx = ctx
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("about:blank")))
	return b
}

// page serves a page of an integrator: it loads the browser SDK of the server. /policy forbids it every device, /csp
// every other server, /one-script every script but that of the SDK.
func (b *chromium) page(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/sdk/") {
		res, err := http.Get(b.server.URL + r.URL.Path)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer func() { _ = res.Body.Close() }() // read to its end
		w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
		_, _ = io.Copy(w, res.Body) // a browser that is gone needs no answer
		return
	}
	if r.URL.Path == "/csp" {
		w.Header().Set("Content-Security-Policy", "connect-src 'self'")
	}
	if r.URL.Path == "/one-script" {
		w.Header().Set("Content-Security-Policy", "script-src 'unsafe-inline' http://"+r.Host+"/sdk/klatch.js")
	}
	if r.URL.Path == "/policy" {
		w.Header().Set("Permissions-Policy", "camera=(), microphone=(), display-capture=()")
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, `<!doctype html><meta charset=utf-8><title>page</title><script>
for (const how of ["debug", "log", "info", "warn", "error"]) { // whole objects: the browser would shorten them
  const write = console[how];
  console[how] = (...what) => write(...what.map((a) => typeof a === "object" ? a + " " + JSON.stringify(a) : a));
}
</script><script src="/sdk/klatch.js"></script><script>
const faultOf = (e) => e instanceof Klatch.VideoSDKError ? e.toJSON() : { notAFault: String(e && e.stack || e) };
const make = ({ token, server, ...options }) => {
  VideoSDK.config(token, { serverUrl: server });
  const meeting = VideoSDK.initMeeting(options);
  meeting.heard = [];
  meeting.on("error", (f) => meeting.heard.push(f.toJSON()));
  meeting.states = [];
  for (const kind of ["recording", "livestream", "hls"]) meeting.on(kind + "-state-changed", ({ status }) => meeting.states.push(status));
  return meeting;
};
const attempt = async (run) => { try { await run(); return { passed: true }; } catch (e) { return faultOf(e); } };
</script>`)
}

// tab is one page of the browser, for one scenario.
type tab struct {
	*T
	ctx     context.Context
	browser *chromium
	origin  string
	meeting string // that it has joined
	once    sync.Once
	end     func()
}

// open returns a tab that ends with the scenario, and waits where too many are open. A scenario has one at a time: it
// would keep others waiting for its second while it waits itself.
func (b *chromium) open(t *T) *tab {
	t.Helper()
	b.tabs <- struct{}{}
	ctx, closeTab := chromedp.NewContext(b.ctx)
	p := &tab{T: t, ctx: ctx, browser: b}
	console := chromedp.Console(ctx)
	p.end = func() {
		defer func() { <-b.tabs }()
		defer closeTab()
		p.checkConsole(console)
	}
	t.Cleanup(p.close)
	return p
}

// close ends the tab, before its scenario where that has no more use for it; a second call does nothing.
func (p *tab) close() {
	p.Helper()
	p.once.Do(p.end)
}

// checkConsole checks what the pages of a tab have written to the console: they tell no secret, and everything that
// was thrown was caught.
func (p *tab) checkConsole(console iter.Seq2[chromedp.ConsoleMessage, error]) {
	p.Helper()
	if p.Failed() || p.origin == "" { // the page may hang, or there was none
		return
	}
	const last = "that was all"
	p.run(fmt.Sprintf("Promise.resolve(console.debug(%q))", last), nil)
	for m, err := range console {
		require.NoError(p, err)
		if m.Text == last {
			return
		}
		require.False(p, m.IsException(), "%v", m)
		for _, secret := range p.secrets {
			require.NotContains(p, m.Text, secret, "a secret is in the console of the page")
		}
	}
}

// navigate loads a page: "/", "/policy", or a whole address.
func (p *tab) navigate(address string) {
	p.Helper()
	if strings.HasPrefix(address, "/") {
		address = p.browser.pages.URL + address
	}
	u, err := url.Parse(address)
	require.NoError(p, err)
	p.origin = u.Scheme + "://" + u.Host
	require.NoError(p, chromedp.Do(p.ctx, chromedp.Navigate(address)))
}

// setPermission sets what the user has decided for this page: granted or denied.
func (p *tab) setPermission(setting browser.PermissionSetting, names ...string) {
	p.Helper()
	for _, name := range names {
		_, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: name}, Setting: setting, Origin: p.origin})
		require.NoError(p, err)
	}
}

// run evaluates an async expression as if a click had caused it, and reads its result.
func (p *tab) run(expression string, into any) { p.Helper(); p.evaluate(expression, into, true) }

func (p *tab) evaluate(expression string, into any, gesture bool) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*testserver.Timeout)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](expression, func(e *runtime.EvaluateParams) {
		wait := true
		e.AwaitPromise, e.UserGesture = &wait, &gesture
	}))
	require.NoError(p, err, expression)
	if into != nil {
		require.NoError(p, json.Unmarshal(raw, into), string(raw))
	}
}

// fails runs an async expression that must be rejected with this scenario's fault.
func (p *tab) fails(expression string) *fault.Error { p.Helper(); return p.failsBy(expression, true) }

func (p *tab) failsBy(expression string, gesture bool) *fault.Error {
	p.Helper()
	var answer struct {
		fault.Error
		NotAFault string `json:"notAFault"`
		Passed    bool   `json:"passed"`
	}
	p.evaluate("attempt(async () => { "+expression+" })", &answer, gesture)
	require.Empty(p, answer.NotAFault)
	require.False(p, answer.Passed, "it was not refused: %s", expression)
	f := answer.Error
	if !strings.Contains(expression, "meeting") {
		p.withoutServer = append(p.withoutServer, f.ID) // outside of a meeting there is no server
	}
	p.recordAnswer(&f)
	p.take(&f)
	return &f
}

// take checks a fault that a page has read.
func (p *tab) take(f *fault.Error) {
	p.Helper()
	p.T.take(f)
	p.tabReads++
}

// checkEvent checks that the error event of `meeting` carried the same incident, once.
func (p *tab) checkEvent(f *fault.Error) {
	p.Helper()
	var n int
	p.run(fmt.Sprintf("Promise.resolve(meeting.heard.filter((f) => f.id === %q).length)", f.ID), &n)
	require.Equal(p, 1, n, "the error event does not carry %v", f)
	testserver.DeliveriesIn(p).Received(f.ID, "page")
}

// awaitEvent waits for this scenario's fault in the error event of `meeting`.
func (p *tab) awaitEvent() *fault.Error {
	p.Helper()
	return p.awaitFault(fmt.Sprintf("f.code === %d && f.reason === %q", p.Entry.Code, p.Entry.Reason))
}

// awaitLate is awaitEvent for what a page finds after a while. It looks seldom: each look costs the page something.
func (p *tab) awaitLate() *fault.Error {
	p.Helper()
	heard := fmt.Sprintf("Promise.resolve(meeting.heard.some((f) => f.reason === %q))", p.Entry.Reason)
	for told, deadline := false, time.Now().Add(2*time.Minute); !told && time.Now().Before(deadline); {
		<-time.After(5 * time.Second)
		p.run(heard, &told)
	}
	return p.awaitEvent()
}

// awaitSame waits for an incident that somebody else has read in the error event of `meeting`, where it must come once.
func (p *tab) awaitSame(f *fault.Error) {
	p.Helper()
	heard := p.awaitFault(fmt.Sprintf("f.id === %q", f.ID))
	require.Equal(p, f.Detail, heard.Detail)
	require.Equal(p, f.Details, heard.Details)
	p.checkEvent(f)
}

// refused runs a call of `meeting` that must be rejected with this scenario's fault, which the error event carries too.
func (p *tab) refused(call string) *fault.Error {
	p.Helper()
	f := p.fails("await meeting." + call)
	p.checkEvent(f)
	return f
}

// awaitFault waits for a fault f of which the expression is true.
func (p *tab) awaitFault(expression string) *fault.Error {
	p.Helper()
	var f *fault.Error
	p.until(func() bool {
		p.run("Promise.resolve(meeting.heard.find((f) => "+expression+") ?? null)", &f)
		return f != nil
	}, "the error event says nothing of it")
	testserver.DeliveriesIn(p).Received(f.ID, "page")
	p.take(f)
	return f
}

// until polls a page, here: the condition of require.Eventually runs in a goroutine of its own, which a page that fails
// would end instead of the test.
func (p *tab) until(holds func() bool, otherwise string) {
	p.Helper()
	// until the next look
	for deadline := time.Now().Add(testserver.Timeout); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			var known string
			p.run("Promise.resolve(JSON.stringify([meeting.state, meeting.states, meeting.heard]))", &known)
			p.Fatal(otherwise, ", but the page knows ", known)
		}
	}
}

// make makes `meeting` in the page.
func (p *tab) make(token, meetingID, participantID string) {
	p.Helper()
	p.secret(token)
	options, err := json.Marshal(map[string]any{"server": p.Server.URL, "token": token, "meetingId": meetingID,
		"participantId": participantID, "name": "page"})
	require.NoError(p, err)
	p.run("globalThis.meeting = make("+string(options)+"); Promise.resolve(true)", nil)
}

// joins makes `meeting` and joins it.
func (p *tab) joins(participantID string) {
	p.Helper()
	p.meeting = p.Meeting()
	p.make(p.Account().Token(p), p.meeting, participantID)
	p.run("meeting.join().then(() => true)", nil)
}
