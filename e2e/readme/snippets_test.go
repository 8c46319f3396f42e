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
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// snippets says of each code block of the documents, in their order, which test runs it, or after "not run: " why none
// does. Settings, commands of klatch and targets of make are held by the tests below in any case.
var snippets = map[string][]string{
	"README.md": {
		"not run: TestTargetsOfTheDocs holds the targets, CI runs check and test",
		"TestBrowserPage", "TestGoProgram",
		"not run: it clones from GitHub; TestModuleOutside does the same with this checkout",
		"not run: port 443 of a public name; internal/certificate obtains certificates from an ACME authority",
	},
	"CONTRIBUTING.md":    nil,
	"SECURITY.md":        nil,
	"examples/README.md": {"TestTokenServers"},
	"docs/ARCHITECTURE.md": {
		"not run: a drawing",
	},
	"docs/alerts.md": {"TestScriptsOfTheDocs"},
	"docs/cluster.md": {
		"not run: TestCommandsOfTheDocs holds the flags, e2e/cluster drains nodes",
	},
	"docs/console.md": {"TestConsoleCommands"},
	"docs/data.md":    {"TestMeetingScripts", "TestMeetingScripts", "TestMeetingScripts"},
	"docs/deploy.md": {
		"not run: it changes the firewall of the machine",
		"not run: it installs packages; make deb-check does",
		"TestDeployPage", "TestDeployPage",
		"not run: it starts a unit of systemd; make deb-check starts the command line of the unit",
		"TestDeployPage", "TestDeployPage", "TestDeployPage",
	},
	"docs/drills.md": {
		"not run: all drills take minutes; TestCommandsOfTheDocs holds the flags, e2e/console makes drills",
		"TestRESTCommands",
	},
	"docs/egress.md": {"TestMeetingScripts", "TestEgress", "TestEgress", "TestEgress", "TestEgress"},
	"docs/embed.md":  {"TestPagesOfTheDocs", "TestPagesOfTheDocs"},
	"docs/hls.md":    {"TestPagesOfTheDocs", "TestBehindTheCacheOfTheDocs"},
	"docs/livekit.md": slices.Concat(
		slices.Repeat([]string{"TestLiveKitPages"}, 30), slices.Repeat([]string{"TestLiveKitProgram"}, 4)),
	"docs/network.md": {"TestSettingsOfTheDocs", "TestSettingsOfTheDocs"},
	"docs/operating.md": {
		"not run: it starts a unit of systemd; make deb-check starts the command line of the unit",
		"TestConsoleCommands", "TestSettingsOfTheDocs",
		"not run: it needs a collector; TestTracesOfAPage of e2e/clients has the same lines",
	},
	"docs/precall.md": {"TestPagesOfTheDocs", "TestPagesOfTheDocs"},
	"docs/protocol.md": {
		"not run: the shape of messages; e2e/clients and e2e/reach speak it", "not run: a layout of bytes",
		"not run: a transcript with ids of then",
	},
	"docs/quickstart.md": slices.Concat(
		[]string{"not run: it clones from GitHub and builds; CI builds"}, slices.Repeat([]string{"TestQuickstart"}, 15)),
	"docs/react.md": {"TestReactPage", "not run: not published yet; TestPackedPackages installs what is packed"},
	"docs/rest.md":  {"TestScriptsOfTheDocs", "TestRESTCommands"},
	"docs/rtmp-in.md": {
		"TestSettingsOfTheDocs", "TestRESTCommands", "TestRESTCommands", "TestRTMPByTheDocs", "not run: a line of a log",
	},
	"docs/stats.md": nil,
	"docs/tokens.md": slices.Concat(
		[]string{"not run: a drawing", "TestConsoleCommands"}, slices.Repeat([]string{"TestTokens"}, 4)),
	"docs/videosdk.md": {
		"TestPagesOfTheDocs", "not run: not published yet; make pack installs the packages", "TestPackedPackages",
		"TestPagesOfTheDocs",
	},
	"docs/webhooks.md": {
		"TestScriptsOfTheDocs", "TestWebhooksPage", "not run: an event, whose ids are of then",
		"TestVendorServerSDK", "TestWebhooksPage",
	},
	"docs/whip.md": {
		"not run: needs whipsink of gst-plugins-rs, which Debian does not have",
		"not run: needs ffmpeg 8, which Debian does not have", "TestPagesOfTheDocs",
	},
}

// fence is a code block of Markdown.
type fence struct{ language, text string }

func fences(t *testing.T, document string) []fence {
	t.Helper()
	text, err := os.ReadFile("../../" + document)
	require.NoError(t, err)
	var found []fence
	for _, m := range regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		found = append(found, fence{m[1], m[2]})
	}
	return found
}

// documents returns the pages for people, without docs/errors.md, which is generated.
func documents(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{"README.md", "CONTRIBUTING.md", "docs/*.md", "examples/README.md"} {
		names, err := filepath.Glob("../../" + pattern)
		require.NoError(t, err)
		for _, name := range names {
			if name = strings.TrimPrefix(name, "../../"); name != "docs/errors.md" {
				found = append(found, name)
			}
		}
	}
	return found
}

// Each code block of the documents is run by a test that exists, or it is said why not.
func TestEverySnippetIsRunOrSaysWhyNot(t *testing.T) {
	tests := map[string]bool{}
	for _, pattern := range []string{"../*/*_test.go", "../../internal/*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(text), -1) {
				tests[m[1]] = true
			}
		}
	}
	for _, document := range documents(t) {
		found, said := fences(t, document), snippets[document]
		require.Len(t, said, len(found), "say in snippets what runs each code block of %s: %q", document, found)
		for i, what := range said {
			reason, exempt := strings.CutPrefix(what, "not run: ")
			require.True(t, exempt && reason != "" || tests[what], "%s, block %d: there is no %s", document, i+1, what)
		}
	}
}

// The server takes the settings that the documents show.
func TestSettingsOfTheDocs(t *testing.T) {
	seen := 0
	for _, document := range documents(t) {
		for _, f := range fences(t, document) {
			if f.language != "yaml" {
				continue
			}
			file := filepath.Join(t.TempDir(), "klatch.yaml")
			require.NoError(t, os.WriteFile(file, []byte(f.text), 0o600))
			var environ []string
			if strings.Contains(f.text, "s3Endpoint") { // its secret is not in the file
				environ = []string{"KLATCH_STORAGE_S3_SECRET_KEY=secret"}
			}
			if strings.Contains(f.text, "rtmpsAddress") { // another setting that the page names
				environ = []string{"KLATCH_HTTP_ACME=meet.example.com"}
			}
			_, err := conf.Load(file, environ)
			require.NoError(t, err, "%s: %s", document, f.text)
			seen++
		}
	}
	require.Greater(t, seen, 5)
}

// The Makefile has the targets that the documents name, and a shell can read their commands.
func TestTargetsOfTheDocs(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)
	targets := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z][a-z-]*):`).FindAllStringSubmatch(string(makefile), -1) {
		targets[m[1]] = true
	}
	seen := 0
	for _, document := range documents(t) {
		text, err := os.ReadFile("../../" + document)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile("(?m)(?:^|`)make ([a-z][a-z-]*)").FindAllStringSubmatch(string(text), -1) {
			require.True(t, targets[m[1]], "%s names make %s", document, m[1])
			seen++
		}
		for _, f := range fences(t, document) {
			if f.language != "sh" {
				continue
			}
			shell := exec.CommandContext(t.Context(), "sh", "-n")
			shell.Stdin = strings.NewReader(f.text)
			out, err := shell.CombinedOutput()
			require.NoError(t, err, "%s: %s\n%s", document, f.text, out)
		}
	}
	require.Greater(t, seen, 15)
}

// shellOn runs commands of the documents on a server.
func shellOn(t *testing.T, h *testserver.Server, commands string, environ ...string) string {
	t.Helper()
	shell := exec.CommandContext(t.Context(), "sh", "-eu", "-c",
		strings.ReplaceAll(commands, "https://meet.example.com", h.URL))
	shell.Env = append(os.Environ(), append(environ, "KLATCH_URL="+h.AdminURL(), "KLATCH_ADMIN_TOKEN="+h.AdminToken(),
		"PATH="+filepath.Dir(testserver.Program(t))+":"+os.Getenv("PATH"))...)
	out, err := shell.CombinedOutput()
	require.NoError(t, err, "%s\n%s", commands, out)
	return string(out)
}

// The commands of docs/console.md, docs/operating.md and docs/tokens.md make accounts, keys and links.
func TestConsoleCommands(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	made := shellOn(t, h, "klatch admin account create --id acme --name Acme; "+blocks(t, "console.md", "sh", "")[0])
	require.Contains(t, made, "/console#invite=", "a link was made")
	create, mint, found := strings.Cut(strings.TrimSpace(blocks(t, "tokens.md", "sh", "klatch")[0]), "\n")
	require.True(t, found)
	made = shellOn(t, h, strings.ReplaceAll(create, "ACCOUNT", "acme"))
	pair := regexp.MustCompile(`(?m)^(\S+)  (\S+)  acme`).FindStringSubmatch(made)
	require.NotNil(t, pair, made)
	made = shellOn(t, h, strings.Replace(mint, "KEY", pair[1], 1), "KLATCH_SECRET="+pair[2])
	require.Regexp(t, `(?m)^ey\S+$`, made, "a token")
	made = shellOn(t, h, strings.ReplaceAll(fences(t, "docs/operating.md")[1].text, "/var/lib/klatch", h.Dir))
	require.Contains(t, made, "Acme")
}

// The calls over REST that docs/rest.md, docs/rtmp-in.md and docs/drills.md show are answered as shown.
func TestRESTCommands(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t, func(c *conf.Config) { c.Ingest.RTMPAddress = "127.0.0.1:0" })
	account := h.Account(t, map[string]any{"settings": map[string]any{"drills": true}})
	room := account.Meeting(t, nil)
	token := account.Grant(t, gate.Grant{
		Permissions: []string{"allow_join"}, Roles: []string{"crawler"}, ExpiresIn: time.Minute,
	})
	run := func(commands string) (answer map[string]any) {
		out := shellOn(t, h, strings.ReplaceAll(commands, "abcd-efgh-ijkl", room), "TOKEN="+token)
		begin := strings.Index(out, "{") // curl tells its progress before
		require.NotEqual(t, -1, begin, out)
		require.NoError(t, json.NewDecoder(strings.NewReader(out[begin:])).Decode(&answer), out)
		return answer
	}
	keys := func(object map[string]any) (names []string) {
		for name := range object {
			names = append(names, name)
		}
		return names
	}

	var shown map[string]any
	key := run(strings.Replace(blocks(t, "rtmp-in.md", "sh", "curl")[0], "2027-01-01T00:00:00Z",
		time.Now().Add(time.Hour).UTC().Format(time.RFC3339), 1))
	require.NoError(t, json.Unmarshal([]byte(blocks(t, "rtmp-in.md", "json", "")[0]), &shown))
	require.ElementsMatch(t, keys(shown), keys(key), "the page shows every field of the answer")
	require.Equal(t, "Hall camera", key["name"])

	drill := run(blocks(t, "drills.md", "sh", "curl")[0])
	require.Equal(t, room, drill["roomId"], drill)
	require.Equal(t, "4009.LIMIT", drill["faultKey"])

	example, found := strings.CutPrefix(fences(t, "docs/rest.md")[1].text, "$ ")
	require.True(t, found)
	command, answer, found := strings.Cut(example, "\n{")
	require.True(t, found)
	refused := run(command)
	require.NoError(t, json.Unmarshal([]byte("{"+strings.Replace(answer, ", ...}", "}", 1)), &shown))
	for _, field := range []string{"code", "name", "reason", "param", "detail"} {
		require.Equal(t, shown[field], refused[field], field)
	}
}

// The ffmpeg of docs/rtmp-in.md publishes into a meeting.
func TestRTMPByTheDocs(t *testing.T) {
	port := testnet.FreePort(t)
	h := testserver.Start(t, func(c *conf.Config) { c.Ingest.RTMPAddress = fmt.Sprintf("127.0.0.1:%d", port) })
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	token := account.Grant(t, gate.Grant{
		Permissions: []string{"allow_join"}, Roles: []string{"crawler"}, ExpiresIn: time.Minute,
	})
	status, answer := h.REST(t, token, http.MethodPost, "/v2/stream-keys", map[string]any{"roomId": room, "name": "Hall"})
	require.Equal(t, http.StatusOK, status, string(answer))
	var key struct{ StreamKey string }
	require.NoError(t, json.Unmarshal(answer, &key))

	dir := t.TempDir()
	film := exec.CommandContext(t.Context(), "ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i",
		"testsrc2=size=640x360:rate=30", "-f", "lavfi", "-i", "sine", "-t", "30", "-c:v", "libx264", "-preset", "ultrafast",
		"-c:a", "aac", dir+"/talk.mp4")
	out, err := film.CombinedOutput()
	require.NoError(t, err, string(out))
	watcher := join(t, h, account.Token(t), room)
	command := strings.NewReplacer(
		"rtmp://meet.example.com", fmt.Sprintf("rtmp://127.0.0.1:%d", port), "KEY", key.StreamKey,
		"talk.mp4", dir+"/talk.mp4",
	).Replace(blocks(t, "rtmp-in.md", "sh", "ffmpeg")[0])
	publisher := exec.CommandContext(t.Context(), "sh", "-c", "exec "+command)
	require.NoError(t, publisher.Start())
	defer func() { _, _ = publisher.Process.Kill(), publisher.Wait() }()
	seesAndHears(t, watcher, "Hall")
}

// The app of docs/react.md compiles.
func TestReactPage(t *testing.T) {
	t.Parallel()
	web, err := filepath.Abs("../../web")
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.Symlink(web+"/node_modules", dir+"/node_modules"))
	project, err := json.Marshal(map[string]any{
		"extends": web + "/tsconfig.base.json",
		"compilerOptions": map[string]any{
			"jsx": "react-jsx", "typeRoots": []string{web + "/node_modules/@types"},
			"paths": map[string]any{
				"@klatch/react": []string{web + "/react/src/index.ts"}, "@klatch/sdk": []string{web + "/sdk/src/index.ts"},
				"@klatch/state": []string{web + "/state/src/index.ts"},
			},
		},
		"files": []string{"App.tsx"},
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(dir+"/tsconfig.json", project, 0o600))
	require.NoError(t, os.WriteFile(dir+"/App.tsx", []byte(blocks(t, "react.md", "tsx", "")[0]), 0o600))
	out, err := exec.CommandContext(t.Context(), web+"/node_modules/.bin/tsc", "-p", dir).CombinedOutput()
	require.NoError(t, err, string(out))
}

// pageWith serves a page of an app, on an origin of its own, and a logo.
func pageWith(t *testing.T, content string) string {
	t.Helper()
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/logo.png" {
			http.ServeFile(w, r, "../../docs/images/meeting.png")
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, content)
	}))
	t.Cleanup(app.Close)
	return app.URL
}

// The scripts of docs/data.md and docs/egress.md do in a meeting what they say.
func TestMeetingScripts(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	token := account.Grant(t, gate.Grant{Permissions: []string{"allow_join", "allow_mod"}, ExpiresIn: time.Minute})
	heard := make(chan string, 10)
	bob, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: account.Grant(t, gate.Grant{
			Permissions: []string{"allow_join"}, ParticipantID: "bob", ExpiresIn: time.Minute,
		}), MeetingID: room, ParticipantID: "bob", Name: "Bob", WebcamEnabled: true, ReceiveData: true,
	})
	require.NoError(t, err)
	bob.On(func(event sdk.Event) {
		if message, ok := event.(sdk.DataMessage); ok {
			heard <- string(message.Payload)
		}
	})
	require.NoError(t, bob.Join(t.Context()))
	t.Cleanup(func() { _ = bob.Leave(t.Context()) })
	chat := make(chan string, 10)
	_, err = bob.PubSub().Subscribe(t.Context(), "CHAT", func(m sdk.Message) { chat <- m.Message }, sdk.SubscribeOptions{})
	require.NoError(t, err)

	p := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow).Page(t, pageWith(t, fmt.Sprintf(
		`<!doctype html><script src="%s/sdk/klatch.js"></script><body></body><script type="module">
		globalThis.show = (url) => { globalThis.shown = url; };
		globalThis.faults = [];
		Klatch.VideoSDK.config(%q);
		const meeting = Klatch.VideoSDK.initMeeting({ meetingId: %q, name: "Ann", webcamEnabled: true, micEnabled: false });
		meeting.on("error", (fault) => faults.push(String(fault)));
		await meeting.join();
		globalThis.meeting = meeting;</script>`, h.URL, token, room)))
	p.Until("it has joined", `typeof meeting === "object"`)
	for _, script := range append(blocks(t, "data.md", "js", ""), blocks(t, "egress.md", "ts", "")...) {
		var ended string
		p.Eval("(async () => {"+script+`})().then(() => "done", (error) => String(error))`, &ended)
		require.Equal(t, "done", ended, script)
	}
	for what, channel := range map[string]chan string{"data": heard, "chat": chat} {
		for message, late := "", time.After(testserver.Timeout); message != "hello"; { // beside what may come before it
			select {
			case message = <-channel:
			case <-late:
				t.Fatal("it has not come:", what)
			}
		}
	}
	p.UntilIn(time.Minute, "the link of the recording is shown", `typeof shown === "string"`)
	var faults []string
	p.Eval("faults", &faults)
	require.Empty(t, faults)
}

// The pages and scripts of docs/embed.md, docs/videosdk.md, docs/precall.md, docs/whip.md and docs/hls.md run in a
// browser.
func TestPagesOfTheDocs(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	token := account.Grant(t, gate.Grant{
		Permissions: []string{"allow_join"}, Roles: []string{"rtc"}, ExpiresIn: time.Minute,
	})
	here := strings.NewReplacer(
		"https://meet.example.com", h.URL, "meet.example.com", strings.TrimPrefix(h.URL, "http://"),
		"abcd-efgh-ijkl", room, "ROOM", room, "TOKEN", token,
	)
	watcher := join(t, h, token, room)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)

	t.Run("embed", func(t *testing.T) {
		snippet := here.Replace(blocks(t, "embed.md", "html", "")[0])
		page := browser.Page(t, pageWith(t, fmt.Sprintf("<!doctype html><script>const token = %q;</script>%s", token, snippet)))
		page.Until("the meeting page is there", `document.querySelector("#meeting iframe")`)
		seesSomebody(t, watcher, "Ann")
		page.Close()
	})
	t.Run("address", func(t *testing.T) {
		page := browser.Page(t, strings.TrimSpace(here.Replace(fences(t, "docs/embed.md")[1].text)))
		page.Until("it shows the name of the branding", `document.body.innerText.includes("Acme")`)
		require.Eventually(t, func() bool { return len(watcher.Participants()) > 0 }, testserver.Timeout, 50*time.Millisecond)
		page.Close()
	})
	t.Run("videosdk", func(t *testing.T) {
		page := browser.Page(t, pageWith(t, here.Replace(blocks(t, "videosdk.md", "html", "")[0])+fmt.Sprintf(
			`<script>VideoSDK.config(%q); const meetingId = %q, name = "Vera"; %s; meeting.join();</script>`,
			token, room, here.Replace(blocks(t, "videosdk.md", "ts", "")[0]))))
		seesSomebody(t, watcher, "Vera")
		page.Close()
	})
	t.Run("precall", func(t *testing.T) {
		page := browser.Page(t, pageWith(t,
			fmt.Sprintf(`<!doctype html><script src="%s/sdk/klatch.js"></script>`, h.URL)))
		page.Until("the SDK is there", `typeof Klatch === "object"`)
		page.Eval(fmt.Sprintf(`(() => { const { VideoSDK } = Klatch, token = %q; VideoSDK.config(token, { serverUrl: %q });
			(async () => {%s; globalThis.result = result; })().catch(
				(error) => { globalThis.failed = String(error) + JSON.stringify(error.fault ?? error); }); })()`,
			token, h.URL, strings.Replace(blocks(t, "precall.md", "js", "")[0], "15000", "10000", 1)), nil)
		page.UntilIn(time.Minute, "there is a result", `typeof result === "object" || typeof failed === "string"`)
		var quality string
		page.Eval(`globalThis.failed ?? typeof result.networkQuality + result.checks.length`, &quality)
		require.Regexp(t, `^(number|string|object)\d+$`, quality)

		page.Eval(fmt.Sprintf(`(() => { const { VideoSDK } = Klatch;
			console.log = (...said) => { globalThis.said = said.join(); };
			(async () => {%s})(); })()`, blocks(t, "precall.md", "js", "")[1]), nil)
		page.UntilIn(time.Minute, "the network is measured", `typeof said === "string"`)
		var said string
		page.Eval("said", &said)
		require.Regexp(t, `^[\d.]+ Mbit/s down, [\d.]+ Mbit/s up$`, said)
		page.Close()
	})
	t.Run("whep", func(t *testing.T) {
		ann, err := sdk.InitMeeting(sdk.Options{
			URL: h.URL, Token: token, MeetingID: room, Name: "Ann", MicEnabled: true, WebcamEnabled: true,
		})
		require.NoError(t, err)
		require.NoError(t, ann.Join(t.Context()))
		defer func() { require.NoError(t, ann.Leave(t.Context())) }()
		page := browser.Page(t, pageWith(t, fmt.Sprintf(`<!doctype html><video id="video" autoplay muted></video>
			<script type="module">const token = %q; %s</script>`, token, here.Replace(blocks(t, "whip.md", "js", "")[0]))))
		page.Until("it plays", `document.getElementById("video").videoWidth > 0`)
		page.Close()
	})
	t.Run("hls", func(t *testing.T) {
		hls, err := os.ReadFile("../../web/node_modules/hls.js/dist/hls.min.js")
		require.NoError(t, err)
		signed := func(letter string) string { return "1.2." + strings.Repeat(letter, 43) }
		page := browser.Page(t, pageWith(t, fmt.Sprintf(`<!doctype html><script>%s</script><script>
			const signature = %q, hls = %s; hls.loadSource("%s/hls/%s/ID/live.m3u8");</script>`, hls, signed("b"),
			strings.TrimSuffix(strings.TrimSpace(blocks(t, "hls.md", "js", "")[0]), ";"), h.URL, signed("a"))))
		page.Until("it asks with the newer signature", fmt.Sprintf(
			`performance.getEntriesByType("resource").some((each) => each.name === "%s/hls/%s/ID/live.m3u8")`,
			h.URL, signed("b")))
		page.Close()
	})
}

// seesSomebody waits until somebody of that name is there.
func seesSomebody(t *testing.T, m *watcher, name string) {
	t.Helper()
	require.Eventually(t, func() bool {
		return slices.ContainsFunc(m.Participants(), func(p *sdk.Participant) bool { return p.DisplayName() == name })
	}, testserver.Timeout, 50*time.Millisecond, "%s is there", name)
}

// A program outside of the repository builds against a checkout of it, by the commands of the README.
func TestModuleOutside(t *testing.T) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	dir := t.TempDir()
	readme, err := os.ReadFile(root + "/README.md")
	require.NoError(t, err)
	_, program, found := strings.Cut(string(readme), "```go\n")
	require.True(t, found)
	program, _, _ = strings.Cut(program, "```")
	require.NoError(t, os.WriteFile(dir+"/main.go", []byte(program), 0o600))
	commands := fences(t, "README.md")[3].text
	clone, rest, found := strings.Cut(commands, "\n")
	require.True(t, found)
	require.Equal(t, "git clone https://github.com/klatch/klatch ../klatch", clone)
	rest, found = strings.CutSuffix(strings.TrimSpace(rest), "go run .")
	require.True(t, found)
	shell := exec.CommandContext(t.Context(), "sh", "-eu", "-c",
		strings.ReplaceAll(rest, "../klatch", root)+"go build -o bot .")
	shell.Dir = dir
	shell.Env = append(os.Environ(), "GOSUMDB=off") // the sums are those of this module
	out, err := shell.CombinedOutput()
	require.NoError(t, err, string(out))
}

// The packages install as docs/videosdk.md says until they are published, under the published names.
func TestPackedPackages(t *testing.T) {
	if os.Getenv("KLATCH_PACK") == "" {
		t.Skip("needs the registry for react: run `make pack`")
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	out, err := exec.CommandContext(t.Context(), "make", "-C", root, "packages").CombinedOutput()
	require.NoError(t, err, string(out))
	dir := t.TempDir()
	for name, text := range map[string]string{
		"package.json": `{"private": true, "dependencies": {"react": "^19.3.1"}}`,
		"app.mjs": `import { VideoSDK } from "@videosdk.live/js-sdk"; import { MeetingProvider } from "@videosdk.live/react-sdk";
			console.log(typeof VideoSDK.initMeeting, typeof MeetingProvider);`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	commands := strings.ReplaceAll(blocks(t, "videosdk.md", "sh", "N=")[0], "../klatch", root)
	shell := exec.CommandContext(t.Context(), "sh", "-eu", "-c", commands+"\nnode app.mjs")
	shell.Dir = dir
	out, err = shell.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "function function")
}
