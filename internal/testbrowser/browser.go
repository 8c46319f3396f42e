// Package browser drives headless browsers for tests, Chromium and Firefox, with cameras, microphones and screens that
// they make up themselves, and with the ways in which those are refused. Tests read what a person would see, and
// WebRTC's own figures.
package testbrowser

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Browser is a browser process with a profile of its own. Every page is a separate person: pages share no storage and
// no permissions.
type Browser struct {
	// open opens an empty tab in which scripts run before those of every page. What the tab logs goes to console.
	open func(t testing.TB, scripts []string, console func(line string)) tab
}

// tab is what a driver can do with a page. Its methods end after commandTime.
type tab interface {
	navigate(url string) error
	reload() error
	// evaluate runs an expression as if a person had clicked, waits for the promise it may return, and returns its
	// value as JSON; nothing for undefined.
	evaluate(expression string) ([]byte, error)
	click(selector string) error
	keys(text string) error // for whatever has the focus
	look(width, height int64, dark, phone bool) error
	screenshot() ([]byte, error)
	close()
}

// Page is one tab of one person.
type Page struct {
	t   testing.TB
	tab tab

	mu      sync.Mutex // guards everything below
	console []string   // what the page and the browser logged
}

// commandTime bounds one command to a browser, with the promise that an expression returns.
const commandTime = 2 * time.Minute

// Page opens a tab as a person of its own. Scripts run in it before the page's own.
func (b *Browser) Page(t testing.TB, url string, scripts ...string) *Page {
	t.Helper()
	p := &Page{t: t}
	p.tab = b.open(t, scripts, p.log)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("console of %s:\n%s", url, p.Console())
			p.Screenshot("failed-" + strings.ReplaceAll(t.Name(), "/", "-"))
		}
		p.tab.close()
	})
	require.NoError(t, p.tab.navigate(url), "open "+url)
	return p
}

func (p *Page) log(line string) {
	p.mu.Lock()
	p.console = append(p.console, line)
	p.mu.Unlock()
}

// Console returns what the page logged so far.
func (p *Page) Console() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.console, "\n")
}

// Eval runs an expression, waits for the promise it may return, and reads its value into out (nil to drop it).
func (p *Page) Eval(expression string, out any) {
	p.t.Helper()
	require.NoError(p.t, p.eval(expression, out), expression)
}

func (p *Page) eval(expression string, out any) error {
	raw, err := p.tab.evaluate(expression)
	if err != nil || out == nil || len(raw) == 0 {
		return err
	}
	return json.Unmarshal(raw, out)
}

// Until polls an expression until it is true.
func (p *Page) Until(what, expression string) {
	p.t.Helper()
	p.UntilIn(30*time.Second, what, expression)
}

// UntilIn is Until with another timeout.
func (p *Page) UntilIn(timeout time.Duration, what, expression string) {
	p.t.Helper()
	deadline := time.Now().Add(timeout)
	var err error
	for time.Now().Before(deadline) {
		var yes bool
		if err = p.eval("Promise.resolve("+expression+").then(Boolean)", &yes); err == nil && yes {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	require.FailNow(p.t, "timeout: "+what, "%s\nlast error: %v", expression, err)
}

// TestID returns the selector of an element with a data-testid.
func TestID(id string) string { return fmt.Sprintf(`[data-testid=%q]`, id) }

// Click clicks an element as a mouse does, once it is there.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.Until("there is "+selector,
		fmt.Sprintf("document.querySelector(%q) && !document.querySelector(%q).disabled", selector, selector))
	require.NoError(p.t, p.tab.click(selector), "click "+selector)
}

// Type types into an element.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.Until("there is "+selector, fmt.Sprintf("document.querySelector(%q)", selector))
	p.Eval(fmt.Sprintf("(() => { const e = document.querySelector(%q); e.focus(); e.select(); })()", selector), nil)
	require.NoError(p.t, p.tab.keys(text), "type into "+selector)
}

// Press presses a key of the keyboard, such as "\t" or "\r", for whatever has the focus.
func (p *Page) Press(key string) {
	p.t.Helper()
	require.NoError(p.t, p.tab.keys(key), "press a key")
}

// Text returns the text of an element.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	var text string
	p.Eval(fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector), &text)
	return text
}

// Screenshot keeps a picture in the folder that TEST_SCREENSHOTS names; without it nothing happens.
func (p *Page) Screenshot(name string) {
	dir := os.Getenv("TEST_SCREENSHOTS")
	if dir == "" {
		return
	}
	if png, err := p.tab.screenshot(); err == nil {
		_ = os.WriteFile(dir+"/"+name+".png", png, 0o644)
	}
}

// Look sets the size of the window, and light or dark.
func (p *Page) Look(width, height int64, dark, phone bool) {
	p.t.Helper()
	require.NoError(p.t, p.tab.look(width, height, dark, phone), "look")
}

// Reload loads the page again.
func (p *Page) Reload() {
	p.t.Helper()
	require.NoError(p.t, p.tab.reload(), "reload")
}

// Close closes the tab as a person would close it.
func (p *Page) Close() { p.tab.close() }

// MuteDevices switches the camera and the microphone of the page off by the switches that Firefox has for that, or on
// again. No other page may have the same address.
func (p *Page) MuteDevices(muted bool) {
	p.t.Helper()
	f, ok := p.tab.(*firefoxTab)
	require.True(p.t, ok, "only Firefox has such switches")
	require.NoError(p.t, f.muteDevices(muted))
}
