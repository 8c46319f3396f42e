// Package readme runs the programs that README.md and the docs show, word for word, and those of examples, against a
// real server.
package readme

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
	"github.com/stretchr/testify/require"
)

// program takes the first block of a language out of README.md and fills in what a reader would.
func program(t *testing.T, language string, h *testserver.Server, token, meeting string) string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(readme), "```"+language+"\n")
	require.True(t, found)
	block, _, _ := strings.Cut(rest, "```")
	require.Contains(t, block, "TOKEN")
	return strings.NewReplacer("http://127.0.0.1:4000", h.URL, "TOKEN", token, "MEETING", meeting).Replace(block)
}

func TestGoProgram(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	meeting, token := account.Meeting(t, nil), account.Token(t)
	watcher := join(t, h, token, meeting)

	dir, err := os.MkdirTemp(".", "program-") // inside the module, so that it sees the SDK
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(program(t, "go", h, token, meeting)), 0o600))
	binary := filepath.Join(t.TempDir(), "bot")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./"+dir).CombinedOutput()
	require.NoError(t, err, string(out))
	bot := testprocess.Start(t, testprocess.Command(binary))
	seesAndHears(t, watcher, "bot")

	require.NoError(t, bot.Signal(syscall.SIGTERM))
	awaitNames(t, watcher, time.Second, "the bot has left with SIGTERM")
	select {
	case <-bot.Ended():
	case <-time.After(5 * time.Second):
		require.Fail(t, "the signal does not end the program")
	}

	killed := testprocess.Start(t, testprocess.Command(binary))
	seesAndHears(t, watcher, "bot")
	lost := make(chan sdk.ParticipantConnectionChanged, 1)
	watcher.OnParticipantConnectionChanged(func(e sdk.ParticipantConnectionChanged) { lost <- e })
	killed.Kill()
	select {
	case e := <-lost:
		require.Equal(t, sdk.Reconnecting, e.State)
		require.Equal(t, "bot", e.Participant.DisplayName())
	case <-time.After(time.Second):
		require.Fail(t, "nobody is told that the bot is gone")
	}
}

// awaitNames waits until those who are there, beside the watcher, have these names.
func awaitNames(t *testing.T, watcher *watcher, within time.Duration, why string, names ...string) {
	t.Helper()
	there := []string{}
	require.Eventually(t, func() bool {
		there = []string{}
		for _, p := range watcher.Participants() {
			there = append(there, p.DisplayName())
		}
		return slices.Equal(there, names)
	}, within, 10*time.Millisecond, "%s: %v", why, &there)
}

func TestBrowserPage(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	meeting, token := account.Meeting(t, nil), account.Token(t)
	watcher := join(t, h, token, meeting)

	page := program(t, "html", h, token, meeting)
	app := httptest.NewServer(
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // an app of its own, on another origin
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, page)
		}),
	)
	defer app.Close()
	for name, open := range map[string]func() *testbrowser.Browser{
		"Chromium": func() *testbrowser.Browser { return testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow) },
		"Firefox":  func() *testbrowser.Browser { return testbrowser.OpenFirefox(t) },
	} {
		t.Run(name, func(t *testing.T) {
			page := open().Page(t, app.URL)
			if name == "Chromium" { // Firefox reaches no media on loopback addresses
				seesAndHears(t, watcher, "Ann")
			}
			for range 3 {
				awaitNames(t, watcher, 20*time.Second, "Ann is there, once", "Ann")
				page.Reload()
			}
			awaitNames(t, watcher, 20*time.Second, "Ann is there, once", "Ann")
			if name == "Firefox" {
				return // it ends the process of its last tab, and with it the socket, without a word
			}
			page.Close()
			awaitNames(t, watcher, 5*time.Second, "the closed tab has left") // a moment, where the machine has time
			require.Zero(t, watcher.lost.Load(), "somebody was taken for cut off")
		})
	}
}

// watcher is somebody who looks who is there.
type watcher struct {
	*sdk.Meeting
	lost atomic.Int32 // how often somebody was not to be reached
}

func join(t *testing.T, h *testserver.Server, token, meeting string) *watcher {
	t.Helper()
	m, err := sdk.InitMeeting(
		sdk.Options{URL: h.URL, Token: token, MeetingID: meeting, Name: "watcher", Mode: sdk.RecvOnly},
	)
	require.NoError(t, err)
	w := &watcher{Meeting: m}
	m.OnParticipantConnectionChanged(func(e sdk.ParticipantConnectionChanged) {
		if e.State == sdk.Reconnecting {
			w.lost.Add(1)
		}
	})
	require.NoError(t, m.Join(t.Context()))
	t.Cleanup(func() { _ = m.Leave(t.Context()) })
	return w
}

// seesAndHears waits until somebody of that name publishes, and until packets of both streams arrive.
func seesAndHears(t *testing.T, m *watcher, name string) {
	t.Helper()
	for _, kind := range []sdk.Kind{sdk.Video, sdk.Audio} {
		var stream *sdk.Stream
		require.Eventually(t, func() bool {
			for _, p := range m.Participants() {
				if p.DisplayName() == name {
					stream = p.Stream(kind)
				}
			}
			return stream != nil
		}, 30*time.Second, 50*time.Millisecond, "%s publishes %s", name, kind)
		_, err := stream.ReadRTP(t.Context())
		require.NoError(t, err)
	}
}
