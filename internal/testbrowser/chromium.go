package testbrowser

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Flag changes how Chromium starts.
type Flag = chromedp.ExecAllocatorOption

// Flags for devices. Without one of the first two, Chromium sees the devices of the machine: in CI, none.
var (
	// FakeDevices adds a camera (a counter on green), a microphone (beeps) and a screen.
	FakeDevices = Camera(20)
	// SlowDevices is FakeDevices with few pictures, for tests of what pages show: encoding takes most of their time.
	SlowDevices = Camera(5)
	// Allow answers every permission prompt with yes and picks the screen.
	Allow = chromedp.Flag("use-fake-ui-for-media-stream", true)
	// Deny answers every permission prompt with no.
	Deny = chromedp.Flag("deny-permission-prompts", true)
	// SoftwareGraphics gives pages WebGL, which a machine without a graphics processor has in software only.
	SoftwareGraphics = chromedp.Flag("enable-unsafe-swiftshader", true)
)

// Camera is FakeDevices with that many pictures a second.
func Camera(fps int) Flag {
	return chromedp.Flag("use-fake-device-for-media-stream", fmt.Sprintf("display-media-type=monitor,fps=%d", fps))
}

// Cameras is FakeDevices with that many cameras.
func Cameras(count int) Flag {
	return chromedp.Flag("use-fake-device-for-media-stream", fmt.Sprintf("device-count=%d", count))
}

// Secure lets the pages of an origin use devices although it is neither https nor loopback.
func Secure(origin string) Flag {
	return chromedp.Flag("unsafely-treat-insecure-origin-as-secure", origin)
}

// At starts Chromium by another program, such as one that puts it into a network namespace.
func At(path string) Flag { return chromedp.ExecPath(path) }

// Open starts Chromium; it ends with the test. A machine without Chromium fails the test: `make test` installs it.
func Open(t testing.TB, flags ...Flag) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	require.NoError(t, err, "these tests drive Chromium: apt-get install chromium, or `make tools`")
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("mute-audio", true),
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
	return &Browser{open: func(t testing.TB, scripts []string, console func(string)) tab {
		t.Helper()
		return openChromium(t, ctx, scripts, console)
	}}
}

// chromiumTab drives a tab over the Chrome DevTools Protocol.
type chromiumTab struct {
	ctx context.Context
}

func openChromium(t testing.TB, browser context.Context, scripts []string, console func(string)) tab {
	t.Helper()
	opened, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	require.NoError(t, chromedp.Do(opened), "open a tab")
	t.Cleanup(cancel)
	c := &chromiumTab{ctx: opened}
	require.NoError(t, chromedp.Listen(opened, func(event any) {
		if line := chromiumLine(event); line != "" {
			console(line)
		}
	}))
	for _, script := range scripts {
		_, err := chromedp.Run(opened, func(ctx context.Context, t *chromedp.Target) (page.ScriptIdentifier, error) {
			added, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument,
				page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
			return added.Identifier, err
		})
		require.NoError(t, err)
	}
	require.NoError(t, c.do(call(log.Enable, cdp.Empty{})))
	return c
}

func chromiumLine(event any) string {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		var parts []string
		for _, arg := range e.Args {
			parts = append(parts, strings.Trim(string(arg.Value), `"`)+arg.Description)
		}
		return e.Type.String() + ": " + strings.Join(parts, " ")
	case *runtime.EventExceptionThrown:
		return "exception: " + e.ExceptionDetails.Text
	case *log.EventEntryAdded:
		return e.Entry.Level.String() + ": " + e.Entry.Text + " " + e.Entry.URL
	}
	return ""
}

func (c *chromiumTab) do(actions ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(c.ctx, commandTime)
	defer cancel()
	return chromedp.Do(ctx, actions...)
}

// call makes an action of a protocol command.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

func (c *chromiumTab) navigate(url string) error { return c.do(chromedp.Navigate(url)) }

func (c *chromiumTab) reload() error { return c.do(chromedp.Reload()) }

func (c *chromiumTab) evaluate(expression string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(c.ctx, commandTime)
	defer cancel()
	return chromedp.Run(ctx,
		chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise, chromedp.EvalAsValue, asUser))
}

// asUser evaluates as if a person had clicked: sharing a screen asks for that.
func asUser(p *runtime.EvaluateParams) {
	yes := true
	p.UserGesture = &yes
}

func (c *chromiumTab) click(selector string) error {
	return c.do(chromedp.Click(chromedp.CSS(selector)))
}

func (c *chromiumTab) keys(text string) error { return c.do(chromedp.KeyEvent(text)) }

func (c *chromiumTab) look(width, height int64, dark, phone bool) error {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	return c.do(
		call(emulation.SetDeviceMetricsOverride,
			emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: phone}),
		call(emulation.SetEmulatedMedia,
			emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme",
				Value: scheme}}}))
}

func (c *chromiumTab) screenshot() ([]byte, error) {
	ctx, cancel := context.WithTimeout(c.ctx, commandTime)
	defer cancel()
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}

// ProcessorTime returns how long the page has kept its processor busy so far: scripts, styles, layout and painting. It
// varies less than time on a machine that does other things too. Only Chromium measures it.
func (p *Page) ProcessorTime() time.Duration {
	p.t.Helper()
	c, ok := p.tab.(*chromiumTab)
	require.True(p.t, ok, "only Chromium measures it")
	var measured performance.GetMetricsResult
	err := c.do(
		call(performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks}),
		chromedp.Func(func(ctx context.Context, t *chromedp.Target) (err error) {
			measured, err = cdp.Call(ctx, t, performance.GetMetrics, cdp.Empty{})
			return err
		}))
	require.NoError(p.t, err, "measure the page")
	for _, m := range measured.Metrics {
		if m.Name == "TaskDuration" {
			return time.Duration(m.Value * float64(time.Second))
		}
	}
	require.Fail(p.t, "the browser has not measured its tasks")
	return 0
}

func (c *chromiumTab) close() { _ = chromedp.Cancel(c.ctx) }
