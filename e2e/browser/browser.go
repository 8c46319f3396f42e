// Package browser drives headless Chromium for tests, with cameras, microphones and screens that Chromium makes up
// itself, and with the ways in which those are refused. Tests read what a person would see, and WebRTC's own figures.
package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Flag changes how Chromium starts.
type Flag = chromedp.ExecAllocatorOption

// Flags for devices. Without one of the first two, Chromium sees the devices of the machine: in CI, none.
var (
	// FakeDevices gives a camera (a counter on green), a microphone (beeps) and a screen.
	FakeDevices = chromedp.Flag("use-fake-device-for-media-stream", "display-media-type=monitor,fps=20")
	// Allow answers every permission prompt with yes and picks the screen.
	Allow = chromedp.Flag("use-fake-ui-for-media-stream", true)
	// Deny answers every permission prompt with no.
	Deny = chromedp.Flag("deny-permission-prompts", true)
)

// Browser is a Chromium process with a profile of its own. Every page is a separate person: pages share no
// storage and no permissions.
type Browser struct {
	ctx context.Context
}

// Open starts Chromium; it ends with the test. A machine without Chromium fails the test: `make test` installs it.
func Open(t testing.TB, flags ...Flag) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	require.NoError(t, err, "these tests drive Chromium: apt-get install chromium, or `make tools`")
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("mute-audio", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		// pages in the background would be slowed down, and there is one foreground for all of them
		chromedp.Flag("disable-background-timer-throttling", true), chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true), chromedp.Flag("disable-dev-shm-usage", true),
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), append(options, flags...)...)
	ctx, stop := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		stop()
		cancel()
	})
	require.NoError(t, chromedp.Do(ctx), "start chromium")
	return &Browser{ctx: ctx}
}

// Page is one tab of one person.
type Page struct {
	t   testing.TB
	ctx context.Context

	mu      sync.Mutex // guards everything below
	console []string   // what the page and the browser logged
}

// pageTime bounds everything one page does.
const pageTime = 3 * time.Minute

// Page opens a tab as a person of its own. Scripts run in it before the page's own.
func (b *Browser) Page(t testing.TB, url string, scripts ...string) *Page {
	t.Helper()
	tab, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	require.NoError(t, chromedp.Do(tab), "open a tab")
	ctx, timeout := context.WithTimeout(tab, pageTime)
	p := &Page{t: t, ctx: ctx}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("console of %s:\n%s", url, p.Console())
			p.Screenshot("failed-" + strings.ReplaceAll(t.Name(), "/", "-"))
		}
		timeout()
		cancel()
	})
	require.NoError(t, chromedp.Listen(ctx, p.listen))
	for _, script := range scripts {
		_, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (page.ScriptIdentifier, error) {
			added, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
			return added.Identifier, err
		})
		require.NoError(t, err)
	}
	p.do("open "+url, call(log.Enable, cdp.Empty{}), chromedp.Navigate(url))
	return p
}

func (p *Page) listen(event any) {
	var line string
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		var parts []string
		for _, arg := range e.Args {
			parts = append(parts, strings.Trim(string(arg.Value), `"`)+arg.Description)
		}
		line = e.Type.String() + ": " + strings.Join(parts, " ")
	case *runtime.EventExceptionThrown:
		line = "exception: " + e.ExceptionDetails.Text
	case *log.EventEntryAdded:
		line = e.Entry.Level.String() + ": " + e.Entry.Text + " " + e.Entry.URL
	default:
		return
	}
	p.mu.Lock()
	p.console = append(p.console, line)
	p.mu.Unlock()
}

// Console gives what the page logged so far.
func (p *Page) Console() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.console, "\n")
}

func (p *Page) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.ctx, actions...), what)
}

// call makes an action of a protocol command.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// Eval runs an expression, waits for the promise it may give, and reads its value into out (nil to drop it).
func (p *Page) Eval(expression string, out any) {
	p.t.Helper()
	require.NoError(p.t, p.eval(expression, out), expression)
}

func (p *Page) eval(expression string, out any) error {
	raw, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise, chromedp.EvalAsValue, asUser))
	if err != nil || out == nil || len(raw) == 0 {
		return err
	}
	return json.Unmarshal(raw, out)
}

// asUser evaluates as if a person had clicked: sharing a screen asks for that.
func asUser(p *runtime.EvaluateParams) {
	yes := true
	p.UserGesture = &yes
}

// Until polls an expression until it is true.
func (p *Page) Until(what, expression string) {
	p.t.Helper()
	p.UntilIn(30*time.Second, what, expression)
}

// UntilIn is Until with another patience.
func (p *Page) UntilIn(patience time.Duration, what, expression string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	var err error
	for time.Now().Before(deadline) {
		var yes bool
		if err = p.eval("Promise.resolve("+expression+").then(Boolean)", &yes); err == nil && yes {
			return
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-p.ctx.Done():
			err = p.ctx.Err()
		}
	}
	require.FailNow(p.t, "waited in vain: "+what, "%s\nlast error: %v", expression, err)
}

// Test gives the selector of an element with a data-testid.
func Test(id string) string { return fmt.Sprintf(`[data-testid=%q]`, id) }

// Click clicks an element as a mouse does, once it is there.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.Until("there is "+selector, fmt.Sprintf("document.querySelector(%q) && !document.querySelector(%q).disabled", selector, selector))
	p.do("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Type types into an element.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.Until("there is "+selector, fmt.Sprintf("document.querySelector(%q)", selector))
	p.Eval(fmt.Sprintf("(() => { const e = document.querySelector(%q); e.focus(); e.select(); })()", selector), nil)
	p.do("type into "+selector, chromedp.KeyEvent(text))
}

// Press presses a key of the keyboard, such as "\t" or "\r", for whatever has the focus.
func (p *Page) Press(key string) {
	p.t.Helper()
	p.do("press a key", chromedp.KeyEvent(key))
}

// Text reads what an element says.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	var text string
	p.Eval(fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector), &text)
	return text
}

// Screenshot keeps a picture in the folder that KLATCH_SCREENSHOTS names; without it nothing happens.
func (p *Page) Screenshot(name string) {
	dir := os.Getenv("KLATCH_SCREENSHOTS")
	if dir == "" {
		return
	}
	if png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot()); err == nil {
		_ = os.WriteFile(dir+"/"+name+".png", png, 0o644)
	}
}

// Look sets the size of the window, and light or dark.
func (p *Page) Look(width, height int64, dark, phone bool) {
	p.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	p.do("look",
		call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: phone}),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}))
}

// Reload loads the page again.
func (p *Page) Reload() {
	p.t.Helper()
	p.do("reload", chromedp.Reload())
}

// Close closes the tab as a person would close it.
func (p *Page) Close() { _ = chromedp.Cancel(p.ctx) }
