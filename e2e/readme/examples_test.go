package readme

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

const examples = "../../examples/"

// example runs one and returns its lines.
func example(
	t *testing.T,
	h *testserver.Server,
	account testserver.Account,
	port int,
	command ...string,
) <-chan string {
	t.Helper()
	cmd := testprocess.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "KLATCH_URL="+h.URL, "KLATCH_API_KEY="+account.Key, "KLATCH_SECRET="+account.Secret,
		fmt.Sprint("PORT=", port))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	testprocess.Start(t, cmd)
	lines := make(chan string, 100)
	go func() {
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	return lines
}

func goExample(t *testing.T, name string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), name)
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, examples+name).CombinedOutput()
	require.NoError(t, err, string(out))
	return binary
}

// await returns the next line that contains text.
func await(t *testing.T, lines <-chan string, text string) string {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case line := <-lines:
			if strings.Contains(line, text) {
				return line
			}
		case <-deadline:
			t.Fatalf("no line with %q", text)
		}
	}
}

func TestTokenServers(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	for name, command := range map[string][]string{
		"node":   {"node", examples + "tokens/server.mjs"},
		"python": {"python3", examples + "tokens/server.py"},
		"go":     {goExample(t, "tokens")},
	} {
		t.Run(name, func(t *testing.T) {
			url := await(t, example(t, h, account, testnet.FreePort(t), command...), "http://127.0.0.1:")

			var invited struct{ ServerURL, MeetingID, ParticipantID, Token string }
			require.Equal(t, http.StatusOK, ask(t, url+"join", map[string]any{"name": "Ann"}, &invited))
			requireParticipantsToken(t, invited.Token)
			watcher := join(t, h, invited.Token, invited.MeetingID)
			require.Equal(t, invited.ParticipantID, watcher.LocalParticipant().ID(), "the token is for one participant")

			var refused struct {
				Code   int
				Reason string
			}
			other := testserver.Start(t).Account(t, nil).Meeting(t, nil)
			require.Equal(t, http.StatusOK, ask(t, url+"join", map[string]any{"name": "Ann", "meetingId": other}, &invited))
			m, err := sdk.InitMeeting(sdk.Options{URL: h.URL, Token: invited.Token, MeetingID: other, Name: "Ann"})
			require.NoError(t, err)
			require.Error(t, m.Join(t.Context()), "a meeting of another account")

			h.MustAdmin(t, http.MethodPost, "/admin/v1/accounts/"+account.ID+"/deactivate", nil)
			require.Equal(t, http.StatusForbidden, ask(t, url+"join", map[string]any{"name": "Ann"}, &refused))
			require.Equal(t, 4006, refused.Code, "the fault goes on to the page")
			h.MustAdmin(t, http.MethodPost, "/admin/v1/accounts/"+account.ID+"/activate", nil)
		})
	}
}

func TestTokenServersPage(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	meeting := account.Meeting(t, nil)
	watcher := join(t, h, account.Token(t), meeting)
	url := await(t, example(t, h, account, testnet.FreePort(t), "node", examples+"tokens/server.mjs"), "http://127.0.0.1:")

	page := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow).Page(t, url+"?meeting="+meeting)
	page.Type("#name", "Ann")
	page.Click("#entry button")
	seesAndHears(t, watcher, "Ann")

	page.Click("#mic")
	require.Eventually(t, func() bool {
		for _, p := range watcher.Participants() {
			return p.Stream(sdk.Audio) == nil
		}
		return false
	}, testserver.Timeout, 50*time.Millisecond, "the microphone is off")
	page.Click("#leave")
	require.Eventually(t, func() bool { return len(watcher.Participants()) == 0 }, testserver.Timeout, 50*time.Millisecond)
}

func TestWebhookReceivers(t *testing.T) {
	h := testserver.Start(t, func(c *conf.Config) { c.Webhook.AllowPrivateTargets = true })
	account := h.Account(t, nil)
	for name, command := range map[string][]string{
		"node":   {"node", examples + "webhooks/receiver.mjs"},
		"python": {"/usr/bin/python3", examples + "webhooks/receiver.py"}, // that of Debian, with its packages
		"go":     {goExample(t, "webhooks")},
	} {
		t.Run(name, func(t *testing.T) {
			lines := example(t, h, account, testnet.FreePort(t), command...)
			url := strings.TrimPrefix(await(t, lines, "listening"), "listening on ")
			meeting := account.Meeting(t, map[string]any{"webhook": map[string]any{"endPoint": url, "events": []string{"*"}}})
			join(t, h, account.Token(t), meeting)
			require.Contains(t, await(t, lines, "session-started"), meeting)
			require.Equal(t, http.StatusUnauthorized, ask(t, url, map[string]any{"webhookType": "forged"}, nil))
		})
	}
}

func TestBot(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	meeting := account.Meeting(t, nil)
	greetings := make(chan string, 10)
	ann := join(t, h, account.Token(t), meeting)
	_, err := ann.PubSub().
		Subscribe(t.Context(), "CHAT", func(m sdk.Message) { greetings <- m.Message }, sdk.SubscribeOptions{})
	require.NoError(t, err)

	example(t, h, account, 0, goExample(t, "bot"), meeting, account.Token(t))
	require.Eventually(t, func() bool { return len(ann.Participants()) == 1 }, testserver.Timeout, 50*time.Millisecond)
	join(t, h, account.Token(t), meeting)
	await(t, greetings, "Welcome, watcher!")
}

func TestLive(t *testing.T) {
	h := testserver.Start(t, func(c *conf.Config) { c.Egress.AllowPrivateTargets = true })
	account := h.Account(t, nil)
	meeting := account.Meeting(t, nil)
	join(t, h, account.Grant(t, gate.Grant{Permissions: []string{"allow_join"}, ExpiresIn: time.Minute}), meeting)
	script := func(arguments ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), examples+"live/live.sh", arguments...)
		cmd.Env = append(os.Environ(), "KLATCH_URL="+h.URL, "KLATCH_API_KEY="+account.Key, "KLATCH_SECRET="+account.Secret,
			"STREAM_KEY=abcd", "PATH="+filepath.Dir(testserver.Program(t))+":"+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := script("start", meeting, "rtmp://127.0.0.1:1/live")
	require.Error(t, err, "curl ends with the server's refusal")
	require.Contains(t, out, "127.0.0.1:1 refuses connections", "the server has judged the target")
	out, err = script("stop", meeting)
	require.Error(t, err)
	require.Contains(t, out, `"code":4014`, "nothing runs")
}

// ask posts JSON, and reads the answer unless it is nil.
func ask(t *testing.T, url string, body, answer any) (status int) {
	t.Helper()
	data, err := json.Marshal(body)
	require.NoError(t, err)
	response, err := http.Post(url, "application/json", bytes.NewReader(data))
	require.NoError(t, err)
	defer response.Body.Close()
	if answer != nil {
		require.NoError(t, json.NewDecoder(response.Body).Decode(answer))
	}
	return response.StatusCode
}
