package testbrowser

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
)

// Pref is a preference of Firefox, as about:config has it.
type Pref struct {
	Name  string
	Value any // bool, int or string
}

// firefoxPrefs make Firefox quiet, and give it a made-up camera (a color that changes) and microphone (a tone of 440
// Hz) without asking. It keeps its own ways of WebRTC: no candidates for loopback, and mDNS names for its addresses.
var firefoxPrefs = []Pref{
	{"media.navigator.streams.fake", true}, {"media.navigator.permission.disabled", true}, {"media.autoplay.default", 0},
	{"media.cubeb.backend", ""}, {"media.volume_scale", "0.0"},
	{"app.update.disabledForTesting", true}, {"browser.shell.checkDefaultBrowser", false}, {"browser.startup.page", 0},
	{"datareporting.policy.dataSubmissionEnabled", false}, {"toolkit.telemetry.reportingpolicy.firstRun", false},
	{"network.captive-portal-service.enabled", false}, {"network.connectivity-service.enabled", false},
	{"browser.region.network.url", ""}, {"services.settings.server", "http://127.0.0.1:9/"},
	{"extensions.getAddons.cache.enabled", false}, {"media.gmp-manager.url", "http://127.0.0.1:9/"},
	{"dom.timeout.enable_budget_timer_throttling", false}, {"dom.min_background_timeout_value", 4},
}

// Host is where a browser runs when it is not here: a network namespace (internal/testnet).
type Host interface {
	// Program returns the path of a program that runs another one there.
	Program(path string) string
	// Do runs f there: sockets that it opens belong to the host.
	Do(f func() error) error
}

// OpenFirefox starts Firefox; it ends with the test. A machine without it fails the test: `make test` installs it.
func OpenFirefox(t testing.TB, prefs ...Pref) *Browser {
	t.Helper()
	return OpenFirefoxAt(t, nil, prefs...)
}

// OpenFirefoxAt is OpenFirefox on a host; nil is here.
func OpenFirefoxAt(t testing.TB, host Host, prefs ...Pref) *Browser {
	t.Helper()
	path, err := exec.LookPath("firefox-esr")
	require.NoError(t, err, "these tests drive Firefox: apt-get install firefox-esr, or `make tools`")
	client := http.DefaultClient
	if host != nil {
		path = host.Program(path)
		client = &http.Client{Transport: &http.Transport{
			DialContext: func(_ context.Context, network, address string) (conn net.Conn, err error) {
				err = host.Do(func() error {
					conn, err = net.Dial(network, address)
					return err
				})
				return conn, err
			},
		}}
	}
	profile, err := os.MkdirTemp("", "klatch-firefox-")
	require.NoError(t, err)
	var lines strings.Builder
	for _, p := range append(firefoxPrefs, prefs...) {
		value, err := json.Marshal(p.Value)
		require.NoError(t, err)
		fmt.Fprintf(&lines, "user_pref(%q, %s);\n", p.Name, value)
	}
	require.NoError(t, os.WriteFile(filepath.Join(profile, "user.js"), []byte(lines.String()), 0o600))

	command := testprocess.Command(path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0",
		"--remote-allow-system-access", "about:blank")
	command.Env = append(os.Environ(), "HOME="+profile, "MOZ_HEADLESS_WIDTH=1280", "MOZ_HEADLESS_HEIGHT=800",
		"MOZ_CRASHREPORTER_DISABLE=1")
	stderr, err := command.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	said := make(chan string, 1)
	read := make(chan struct{})
	go func() {
		defer close(read)
		listening := regexp.MustCompile(`WebDriver BiDi listening on (ws://\S+)`)
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			if m := listening.FindStringSubmatch(lines.Text()); m != nil {
				said <- m[1]
				break
			}
		}
		_, _ = io.Copy(io.Discard, stderr)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) // with the processes of its tabs
		<-read
		_ = command.Wait()        // killed
		_ = os.RemoveAll(profile) // a process that ends may still write there
	})
	var address string
	select {
	case address = <-said:
	case <-time.After(60 * time.Second):
		require.FailNow(t, "Firefox did not say where it listens")
	}
	d := dialBiDi(t, client, address+"/session")
	// Servers of tests have certificates that no browser knows.
	capabilities := map[string]any{"alwaysMatch": map[string]any{"acceptInsecureCerts": true}}
	_, err = d.call(context.Background(), "session.new", map[string]any{"capabilities": capabilities})
	require.NoError(t, err)
	_, err = d.call(context.Background(), "session.subscribe", map[string]any{"events": []string{"log.entryAdded"}})
	require.NoError(t, err)
	return &Browser{open: d.open}
}

// bidi is a connection of WebDriver BiDi (W3C). Shape: mutex, and a goroutine that reads.
type bidi struct {
	socket *websocket.Conn
	ctx    context.Context

	mu      sync.Mutex // guards everything below
	last    int
	waiting map[int]chan bidiMessage
	console map[string]func(string) // by browsing context
}

type bidiMessage struct {
	Type    string          `json:"type"`
	ID      int             `json:"id"`
	Result  json.RawMessage `json:"result"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
	Method  string          `json:"method"`
	Params  struct {
		Level  string `json:"level"`
		Text   string `json:"text"`
		Source struct {
			Context string `json:"context"`
		} `json:"source"`
	} `json:"params"`
}

func dialBiDi(t testing.TB, client *http.Client, address string) *bidi {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	socket, _, err := websocket.Dial(ctx, address, &websocket.DialOptions{HTTPClient: client})
	require.NoError(t, err)
	socket.SetReadLimit(64 << 20) // screenshots
	d := &bidi{socket: socket, ctx: ctx, waiting: map[int]chan bidiMessage{}, console: map[string]func(string){}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.read()
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		_ = socket.CloseNow()
	})
	return d
}

func (d *bidi) read() {
	for {
		_, raw, err := d.socket.Read(d.ctx)
		if err != nil {
			d.mu.Lock()
			for id, answer := range d.waiting {
				answer <- bidiMessage{Error: "connection", Message: err.Error()}
				delete(d.waiting, id)
			}
			d.mu.Unlock()
			return
		}
		var m bidiMessage
		if json.Unmarshal(raw, &m) != nil {
			continue
		}
		d.mu.Lock()
		answer, console := d.waiting[m.ID], d.console[m.Params.Source.Context]
		delete(d.waiting, m.ID)
		d.mu.Unlock()
		switch {
		case m.Method == "log.entryAdded" && console != nil:
			console(m.Params.Level + ": " + m.Params.Text)
		case m.Method == "" && answer != nil:
			answer <- m
		}
	}
}

func (d *bidi) call(ctx context.Context, method string, params any) (json.RawMessage, error) {
	answer := make(chan bidiMessage, 1)
	d.mu.Lock()
	d.last++
	id := d.last
	d.waiting[id] = answer
	d.mu.Unlock()
	raw, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		return nil, err
	}
	if err := d.socket.Write(ctx, websocket.MessageText, raw); err != nil {
		return nil, err
	}
	select {
	case m := <-answer:
		if m.Error != "" {
			return nil, fmt.Errorf("%s: %s: %s", method, m.Error, m.Message)
		}
		return m.Result, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-d.ctx.Done():
		return nil, d.ctx.Err()
	}
}

// open opens a tab with storage of its own.
func (d *bidi) open(t testing.TB, scripts []string, console func(string)) tab {
	t.Helper()
	f := &firefoxTab{bidi: d}
	var user struct {
		UserContext string `json:"userContext"`
	}
	require.NoError(t, f.call("browser.createUserContext", map[string]any{}, &user))
	var created struct {
		Context string `json:"context"`
	}
	require.NoError(t, f.call("browsingContext.create", map[string]any{"type": "tab", "userContext": user.UserContext},
		&created))
	f.id = created.Context
	d.mu.Lock()
	d.console[f.id] = console
	d.mu.Unlock()
	for _, script := range scripts {
		require.NoError(t, f.call("script.addPreloadScript", map[string]any{
			"functionDeclaration": "() => { " + script + "\n}", "contexts": []string{f.id},
		}, nil))
	}
	return f
}

// firefoxTab drives a tab over WebDriver BiDi.
type firefoxTab struct {
	bidi *bidi
	id   string
}

func (f *firefoxTab) call(method string, params map[string]any, into any) error {
	ctx, cancel := context.WithTimeout(f.bidi.ctx, commandTime)
	defer cancel()
	raw, err := f.bidi.call(ctx, method, params)
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

func (f *firefoxTab) navigate(url string) error {
	return f.call("browsingContext.navigate", map[string]any{"context": f.id, "url": url, "wait": "complete"}, nil)
}

func (f *firefoxTab) reload() error {
	return f.call("browsingContext.reload", map[string]any{"context": f.id, "wait": "complete"}, nil)
}

func (f *firefoxTab) evaluate(expression string) ([]byte, error) {
	var answer struct {
		Type   string `json:"type"`
		Result struct {
			Type  string `json:"type"`
			Value string `json:"value"`
		} `json:"result"`
		Exception struct {
			Text string `json:"text"`
		} `json:"exceptionDetails"`
	}
	err := f.call("script.evaluate", map[string]any{
		"expression":   "(async () => JSON.stringify(await (" + expression + "\n)))()",
		"target":       map[string]any{"context": f.id},
		"awaitPromise": true, "userActivation": true,
	}, &answer)
	switch {
	case err != nil:
		return nil, err
	case answer.Type == "exception":
		return nil, errors.New(answer.Exception.Text)
	case answer.Result.Type == "undefined":
		return nil, nil
	}
	return []byte(answer.Result.Value), nil
}

func (f *firefoxTab) click(selector string) error {
	raw, err := f.evaluate(fmt.Sprintf(`(() => {
    const e = document.querySelector(%q);
    e.scrollIntoView({block: "center"});
    const r = e.getBoundingClientRect();
    return [Math.round(r.x + r.width / 2), Math.round(r.y + r.height / 2)];
  })()`, selector))
	if err != nil {
		return err
	}
	var at [2]int
	if err := json.Unmarshal(raw, &at); err != nil {
		return err
	}
	return f.call("input.performActions", map[string]any{"context": f.id, "actions": []any{map[string]any{
		"type": "pointer", "id": "mouse", "actions": []any{
			map[string]any{"type": "pointerMove", "x": at[0], "y": at[1]},
			map[string]any{"type": "pointerDown", "button": 0}, map[string]any{"type": "pointerUp", "button": 0},
		},
	}}}, nil)
}

func (f *firefoxTab) keys(text string) error {
	var actions []any
	for _, r := range text {
		key := map[rune]string{'\t': "\uE004", '\r': "\uE007"}[r] // W3C WebDriver, section 17.4.2
		if key == "" {
			key = string(r)
		}
		actions = append(actions, map[string]any{"type": "keyDown", "value": key},
			map[string]any{"type": "keyUp", "value": key})
	}
	return f.call("input.performActions", map[string]any{"context": f.id, "actions": []any{map[string]any{
		"type": "key", "id": "keyboard", "actions": actions,
	}}}, nil)
}

func (f *firefoxTab) look(width, height int64, _, _ bool) error {
	return f.call("browsingContext.setViewport", map[string]any{
		"context": f.id, "viewport": map[string]any{"width": width, "height": height},
	}, nil)
}

func (f *firefoxTab) screenshot() ([]byte, error) {
	var picture struct {
		Data string `json:"data"`
	}
	if err := f.call("browsingContext.captureScreenshot", map[string]any{"context": f.id}, &picture); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(picture.Data)
}

func (f *firefoxTab) close() {
	_ = f.call("browsingContext.close", map[string]any{"context": f.id}, nil) // it may be closed already
}

// muteDevices sends the messages that the switches of Firefox's own indicator of devices in use send to a page.
func (f *firefoxTab) muteDevices(muted bool) error {
	var tree struct {
		Contexts []struct {
			Context string `json:"context"`
		} `json:"contexts"`
	}
	if err := f.call("browsingContext.getTree", map[string]any{"moz:scope": "chrome"}, &tree); err != nil {
		return err
	}
	if len(tree.Contexts) == 0 {
		return errors.New("no window of Firefox is open")
	}
	url, err := f.evaluate("location.href")
	if err != nil {
		return err
	}
	prefix := "webrtc:Unmute"
	if muted {
		prefix = "webrtc:Mute"
	}
	window := &firefoxTab{bidi: f.bidi, id: tree.Contexts[0].Context}
	found, err := window.evaluate(fmt.Sprintf(`(() => {
    const pages = gBrowser.browsers.filter((b) => b.currentURI.spec === %s);
    for (const page of pages) {
      const actor = page.browsingContext.currentWindowGlobal.getActor("WebRTC");
      for (const device of ["Camera", "Microphone"]) actor.sendAsyncMessage(%q + device);
    }
    return pages.length;
  })()`, url, prefix))
	if err == nil && string(found) != "1" {
		err = fmt.Errorf("%s pages at %s", found, url)
	}
	return err
}
