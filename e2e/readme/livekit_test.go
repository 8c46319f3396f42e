package readme

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// installPackages installs the packages of package.json, once.
var installPackages = sync.OnceValue(func() error {
	out, err := exec.Command("npm", "ci", "--no-audit", "--no-fund").CombinedOutput()
	if err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, out)
	}
	return nil
})

// blocks returns the code blocks of a language in a page of the docs that begin with a line; "" takes all.
func blocks(t *testing.T, page, language, first string) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + page)
	require.NoError(t, err)
	var found []string
	for _, match := range regexp.MustCompile("(?s)\n```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		if strings.HasPrefix(match[1], first) {
			found = append(found, match[1])
		}
	}
	require.NotEmpty(t, found, "%s has no %s that begins with %s", page, language, first)
	return found
}

// TestLiveKitPages compiles both sides of the browser examples of docs/livekit.md, and runs ours in Chromium.
func TestLiveKitPages(t *testing.T) {
	t.Parallel()
	require.NoError(t, installPackages())
	theirs, ours := blocks(t, "livekit.md", "ts", "// LiveKit\n"), blocks(t, "livekit.md", "ts", "// Klatch\n")
	require.Len(t, theirs, 15)
	require.Len(t, ours, len(theirs), "the sides stand side by side")

	dir, err := os.MkdirTemp(".", "livekit-") // inside, so that the packages are found
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	const given = `declare const token: string, meetingId: string, show: (...what: (string | number)[]) => void;
`
	const room = `import { Room, RoomEvent, Track, VideoQuality } from "livekit-client";
`
	const meeting = `declare const VideoSDK: typeof import("@klatch/sdk").VideoSDK;
`
	// The first block declares what the others use. Each of the others has names of its own.
	program := func(blocks []string) string {
		others := strings.Join(blocks[1:], "}\n{\n")
		return "export async function run(): Promise<void> {\n" + blocks[0] + "{\n" + others + "}\n}\n"
	}
	web, err := filepath.Abs("../../web")
	require.NoError(t, err)
	options := map[string]any{
		"extends": web + "/tsconfig.base.json",
		"compilerOptions": map[string]any{
			"noEmit": false, "outDir": "out", "rootDir": "/", "types": []string{}, "noUnusedLocals": false,
			"verbatimModuleSyntax": false, "paths": map[string]any{"@klatch/sdk": []string{web + "/sdk/src/index.ts"}},
		},
		"files": []string{"theirs.ts", "ours.ts"},
	}
	project, err := json.Marshal(options)
	require.NoError(t, err)
	for name, text := range map[string]string{
		"theirs.ts": room + given + program(theirs), "ours.ts": meeting + given + program(ours),
		"tsconfig.json": string(project),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	out, err := exec.CommandContext(t.Context(), web+"/node_modules/.bin/tsc", "-p", dir).CombinedOutput()
	require.NoError(t, err, string(out))
	here, err := filepath.Abs(dir)
	require.NoError(t, err)
	script, err := os.ReadFile(filepath.Join(dir, "out", here, "ours.js"))
	require.NoError(t, err)

	h := testserver.Start(t)
	account := h.Account(t, nil)
	id := account.Meeting(t, nil)
	moderator := account.Grant(t, gate.Grant{Permissions: []string{"allow_join", "allow_mod"}, ExpiresIn: time.Minute})
	heard := make(chan string, 10)
	bob, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: account.Token(t), MeetingID: id, Name: "Bob", WebcamEnabled: true, MicEnabled: true,
		ReceiveData: true,
	})
	require.NoError(t, err)
	bob.On(func(event sdk.Event) {
		if message, ok := event.(sdk.DataMessage); ok {
			heard <- string(message.Payload)
		}
	})
	require.NoError(t, bob.Join(t.Context()))
	t.Cleanup(func() { _ = bob.Leave(t.Context()) })

	const show = `globalThis.shown = []; globalThis.show = (...what) => shown.push(what.join(" "));`
	page := fmt.Sprintf(`<!doctype html><script src="%s/sdk/klatch.js"></script><body></body>
<script>globalThis.token = %q; globalThis.meetingId = %q; %s</script>
<script type="module">%s; globalThis.run = run;</script>`, h.URL, moderator, id, show,
		strings.ReplaceAll(string(script), "https://meet.example.com", h.URL))
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page)
	}))
	defer app.Close()
	p := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow).Page(t, app.URL)
	p.Until("the script is there", `typeof run === "function"`)
	var ended string
	p.Eval(`run().then(() => "left", (error) => String(error) + error.stack)`, &ended)
	require.Equal(t, "left", ended)
	p.Until("who was there before is told", `shown.includes("here Bob")`)
	p.Until("it has heard itself in the chat", `shown.some((line) => line.startsWith("chat good morning "))`)
	p.Until("the store told", `shown.includes("state of up")`)
	p.Until("there were statistics", `shown.some((line) => /^stats \d+ [\d.]+ kbit/.test(line))`)
	p.Until("it is over", `shown.some((line) => line.startsWith("over "))`)
	select {
	case message := <-heard:
		require.Equal(t, "hello", message)
	case <-time.After(testserver.Timeout):
		require.Fail(t, "the data message has not arrived")
	}
	require.False(t, bob.LocalParticipant().MicOn(), "a moderator has muted")
	var refused string
	p.Eval(`(() => { try { VideoSDK.setKeyProvider({}); } catch (fault) { return fault.code + " " + fault.reason; } })()`,
		&refused)
	require.Equal(t, "3105 NOT_OFFERED", refused)
	var faults []string
	p.Eval(`shown.filter((line) => /^\d{4} /.test(line))`, &faults)
	require.Empty(t, faults)
}

// TestLiveKitProgram runs the Go examples of docs/livekit.md as one program.
func TestLiveKitProgram(t *testing.T) {
	all := blocks(t, "livekit.md", "go", "")
	require.Len(t, all, 4)
	h := testserver.Start(t, func(c *conf.Config) { c.Ingest.RTMPAddress = "127.0.0.1:0" })
	account := h.Account(t, nil)
	meeting := account.Meeting(t, map[string]any{"customRoomId": "standup"})
	guest, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: account.Token(t), MeetingID: meeting, ParticipantID: "guest", Name: "Guest",
		WebcamEnabled: true, MicEnabled: true,
	})
	require.NoError(t, err)
	require.NoError(t, guest.Join(t.Context()))

	dir, err := os.MkdirTemp(".", "livekit-") // inside the module, so that it sees the SDK
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	program := fmt.Sprintf(`package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
)

const url, apiKey, secret, token, guest = %q, %q, %q, %q, "guest"

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

%s
func main() {
ctx := context.Background()
%s
_ = key
}
`, h.URL, account.Key, account.Secret, account.Token(t), all[0], strings.Join(all[1:], "\n"))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600))
	out, err := exec.CommandContext(t.Context(), "go", "run", "./"+dir).CombinedOutput()
	require.NoError(t, err, string(out))
	for _, line := range []string{
		"rooms 1", "here Guest", "received video true", "received audio true", "{guest Guest}", "recordings 1",
	} {
		require.Contains(t, string(out), line)
	}
	select {
	case <-guest.Done():
	case <-time.After(testserver.Timeout):
		require.Fail(t, "the guest was not removed")
	}
}

// TestLiveKitRefusals holds what docs/livekit.md says about that which has no counterpart.
func TestLiveKitRefusals(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	meeting := account.Meeting(t, nil)
	token := account.Grant(t, gate.Grant{
		Permissions: []string{"allow_join"}, Roles: []string{"crawler"}, ExpiresIn: time.Minute,
	})
	template := fmt.Sprintf(`{"roomId": %q, "templateUrl": "https://example.com/"}`, meeting)
	for path, want := range map[string]struct {
		body         string
		status, code int
	}{
		"/rtc":                                 {"{}", http.StatusNotFound, 4108},
		"/twirp/livekit.RoomService/ListRooms": {"{}", http.StatusNotFound, 4108},
		"/v2/sip/call":                         {"{}", http.StatusNotImplemented, 4110},
		"/v2/agents/dispatch":                  {"{}", http.StatusNotImplemented, 4110},
		"/v2/recordings/start":                 {template, http.StatusNotImplemented, 4110},
		"/v2/rooms":                            {`{"emptyTimeout": 10}`, http.StatusBadRequest, 4107},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+path, strings.NewReader(want.body))
		require.NoError(t, err)
		request.Header.Set("Authorization", token)
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		var refused struct{ Code int }
		require.NoError(t, json.NewDecoder(response.Body).Decode(&refused), path)
		require.NoError(t, response.Body.Close())
		require.Equal(t, want.status, response.StatusCode, path)
		require.Equal(t, want.code, refused.Code, path)
	}

	theirs, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": account.Key, "sub": "ann", "exp": time.Now().Add(time.Minute).Unix(),
		"video": map[string]any{"room": meeting, "roomJoin": true},
	}).SignedString([]byte(account.Secret))
	require.NoError(t, err)
	_, err = sdk.InitMeeting(sdk.Options{URL: h.URL, Token: theirs, MeetingID: meeting, Name: "Ann"})
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, "4001 KEY_MISSING", fmt.Sprint(f.Code, " ", f.Reason))
}
