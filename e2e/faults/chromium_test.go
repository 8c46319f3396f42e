package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/e2e/house"
	"github.com/klatch/klatch/fault"
)

// chromium is one running browser. Scenarios get a tab each, one after another.
type chromium struct {
	ctx    context.Context // of the first tab, whose end is the browser's
	house  *house.House
	pages  *httptest.Server // http on loopback: a secure context
	secure *httptest.Server // https
}

// insecureHost resolves to this machine inside the browser, and is no loopback name: its http pages are not secure.
const insecureHost = "meet.test"

// startChromium starts a browser with these flags, such as "use-fake-device-for-media-stream" or "name=value".
func startChromium(t *testing.T, h *house.House, flags ...string) *chromium {
	t.Helper()
	path, err := exec.LookPath("chromium")
	require.NoError(t, err, "these scenarios need Debian's chromium")
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.IgnoreCertErrors, chromedp.Flag("host-resolver-rules", "MAP "+insecureHost+" 127.0.0.1"),
	}
	for _, flag := range flags {
		name, value, ok := strings.Cut(flag, "=")
		if ok {
			options = append(options, chromedp.Flag(name, value))
		} else {
			options = append(options, chromedp.Flag(name, true))
		}
	}
	b := &chromium{house: h}
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

// page serves a page of an integrator: it loads the browser SDK of the house. /policy forbids it every device.
func (b *chromium) page(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/sdk/") {
		res, err := http.Get(b.house.URL + r.URL.Path)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer func() { _ = res.Body.Close() }() // read to its end
		w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
		_, _ = io.Copy(w, res.Body) // a browser that is gone needs no answer
		return
	}
	if r.URL.Path == "/policy" {
		w.Header().Set("Permissions-Policy", "camera=(), microphone=(), display-capture=()")
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, `<!doctype html><meta charset=utf-8><title>page</title><script src="/sdk/klatch.js"></script><script>
const faultOf = (e) => e instanceof Klatch.VideoSDKError ? e.toJSON() : { notAFault: String(e && e.stack || e) };
const make = (o) => {
  VideoSDK.config(o.token, { serverUrl: o.server });
  const meeting = VideoSDK.initMeeting(o);
  meeting.heard = [];
  meeting.on("error", (f) => meeting.heard.push(f.toJSON()));
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
}

// open gives a tab on a page: "/", "/policy", or a whole address.
func (b *chromium) open(t *T) *tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(b.ctx)
	t.Cleanup(closeTab)
	return &tab{T: t, ctx: ctx, browser: b}
}

// goTo loads a page.
func (p *tab) goTo(address string) {
	p.Helper()
	if strings.HasPrefix(address, "/") {
		address = p.browser.pages.URL + address
	}
	u, err := url.Parse(address)
	require.NoError(p, err)
	p.origin = u.Scheme + "://" + u.Host
	require.NoError(p, chromedp.Do(p.ctx, chromedp.Navigate(address)))
}

// may sets what the user has decided for this page: granted or denied.
func (p *tab) may(setting browser.PermissionSetting, names ...string) {
	p.Helper()
	for _, name := range names {
		_, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: name}, Setting: setting, Origin: p.origin})
		require.NoError(p, err)
	}
}

// run evaluates an async expression as if a click had caused it, and reads what it gives.
func (p *tab) run(expression string, into any) { p.Helper(); p.evaluate(expression, into, true) }

func (p *tab) evaluate(expression string, into any, gesture bool) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*house.Patience)
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
	p.took(&f)
	return &f
}

// both sees that the error event of `meeting` carried the same incident, once.
func (p *tab) both(f *fault.Error) {
	p.Helper()
	var n int
	p.run(fmt.Sprintf("Promise.resolve(meeting.heard.filter((f) => f.id === %q).length)", f.ID), &n)
	require.Equal(p, 1, n, "the error event does not carry %v", f)
}

// event waits for this scenario's fault in the error event of `meeting`.
func (p *tab) event() *fault.Error {
	p.Helper()
	var f *fault.Error
	require.Eventually(p, func() bool {
		p.run(fmt.Sprintf("Promise.resolve(meeting.heard.find((f) => f.code === %d && f.reason === %q) ?? null)", p.Entry.Code, p.Entry.Reason), &f)
		return f != nil
	}, house.Patience, 20*time.Millisecond, "the error event says nothing of it")
	p.took(f)
	return f
}

// make makes `meeting` in the page.
func (p *tab) make(token, meetingID, participantID string) {
	p.Helper()
	p.secret(token)
	options, err := json.Marshal(map[string]any{"server": p.House.URL, "token": token, "meetingId": meetingID, "participantId": participantID, "name": "page"})
	require.NoError(p, err)
	p.run("globalThis.meeting = make("+string(options)+"); Promise.resolve(true)", nil)
}

// joins makes `meeting` and joins it.
func (p *tab) joins(participantID string) {
	p.Helper()
	p.make(p.Account().Token(p), p.Meeting(), participantID)
	p.run("meeting.join().then(() => true)", nil)
}
