package readme

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// begun is what a command prints, or after a colon the name of the port on which it listens, when it has begun.
var begun = map[string]string{
	"klatch dev": "Ctrl-C stops it", "klatch join": "meeting-joined", "node ": "http://", "versitygw": ":S3",
	"ffmpeg": ":RTMP", "python3": ":HOOK",
}

// walk follows docs/quickstart.md on one machine.
type walk struct {
	dir     string // where the commands run
	server  int    // port of the server
	environ []string
	words   *strings.Replacer // other ports and directories than those of the page
	own     map[string]*testprocess.Process
}

// section returns the blocks below a heading of docs/quickstart.md, in their order.
func section(t *testing.T, title string) (found []string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/quickstart.md")
	require.NoError(t, err)
	_, rest, there := strings.Cut(string(text), "\n## "+title+"\n")
	require.True(t, there, "docs/quickstart.md has no section %q", title)
	rest, _, _ = strings.Cut(rest, "\n## ")
	for _, m := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(rest, -1) {
		found = append(found, m[1])
	}
	require.NotEmpty(t, found, title)
	return found
}

func startWalk(t *testing.T) *walk {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	w := &walk{server: testnet.FreePort(t), dir: t.TempDir(), own: map[string]*testprocess.Process{}}
	require.NoError(t, os.Symlink(root+"/examples", w.dir+"/examples"))
	require.NoError(t, os.Mkdir(w.dir+"/etc", 0o700))
	w.words = strings.NewReplacer(
		"klatch dev", fmt.Sprint("klatch dev --port ", w.server), "127.0.0.1:8080", "127.0.0.1:"+w.port(t, "PORT"),
		"127.0.0.1:7070", "127.0.0.1:"+w.port(t, "S3"), "127.0.0.1:1935", "127.0.0.1:"+w.port(t, "RTMP"),
		`"127.0.0.1", 8090`, `"127.0.0.1", `+w.port(t, "HOOK"), "127.0.0.1:8090", "127.0.0.1:"+w.port(t, "HOOK"),
		"https://meet.example.com", "https://localhost:"+w.port(t, "TLS"), "meet.example.com.pem", "pem",
		"meet.example.com.key", "key", "/etc/ssl/", w.dir+"/etc/", "meet.example.com", "localhost",
		// installed by `make tools`, as the page does it
		"go install github.com/versity/versitygw/cmd/versitygw@v1.8.0\n", "",
	)
	w.environ = append(os.Environ(), w.environ...)
	w.environ = append(w.environ, "PATH="+filepath.Dir(testserver.Program(t))+":"+os.Getenv("PATH"))
	return w
}

// port returns a free port, the same one for a name.
func (w *walk) port(t *testing.T, name string) string {
	t.Helper()
	for _, pair := range w.environ {
		if port, found := strings.CutPrefix(pair, name+"="); found {
			return port
		}
	}
	port := fmt.Sprint(testnet.FreePort(t))
	w.environ = append(w.environ, name+"="+port)
	return port
}

// open runs a block in a terminal of its own until the test ends, and waits until it has begun. One that runs the same
// command in another way takes its place.
func (w *walk) open(t *testing.T, block string) (printed func() string) {
	t.Helper()
	command := ""
	for word := range begun {
		if strings.Contains(block, word) && len(word) > len(command) {
			command = word
		}
	}
	require.NotEmpty(t, command, block)
	if before := w.own[command]; before != nil {
		before.Kill()
	}
	log, err := os.CreateTemp(w.dir, "log-*")
	require.NoError(t, err)
	t.Cleanup(func() { _ = log.Close() })
	cmd := testprocess.Command("sh", "-c", w.words.Replace(block))
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.dir, w.environ, log, log
	w.own[command] = testprocess.Start(t, cmd)
	printed = func() string {
		text, err := os.ReadFile(log.Name())
		require.NoError(t, err)
		return string(text)
	}
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		if port, listening := strings.CutPrefix(begun[command], ":"); listening {
			assert.True(c, listens(t, w.port(t, port)), "it does not listen, and says: %s", printed())
		} else {
			assert.Contains(c, printed(), begun[command])
		}
	}, 2*testserver.Timeout, 50*time.Millisecond, "it has not begun: %s", block)
	if command == "klatch dev" { // the line that one pastes
		line := regexp.MustCompile(`export (KLATCH_URL=.*)`).FindStringSubmatch(printed())
		require.NotNil(t, line, printed())
		w.environ = append(w.environ, strings.Fields(line[1])...)
	}
	return printed
}

// listens reports whether a program of this machine listens on a port. It does not connect: some take one connection.
func listens(t *testing.T, port string) bool {
	t.Helper()
	number, err := strconv.Atoi(port)
	require.NoError(t, err)
	sockets, err := os.ReadFile("/proc/net/tcp")
	require.NoError(t, err)
	return regexp.MustCompile(fmt.Sprintf(`(?m)^ *\d+: [0-9A-F]{8}:%04X 00000000:0000 0A `, number)).Match(sockets)
}

// run runs blocks one after the other in one shell, as somebody types them.
func (w *walk) run(t *testing.T, blocks ...string) (printed string) {
	t.Helper()
	shell := exec.CommandContext(t.Context(), "sh", "-eu", "-c", w.words.Replace(strings.Join(blocks, "\n")))
	shell.Dir, shell.Env = w.dir, w.environ
	out, err := shell.CombinedOutput()
	require.NoError(t, err, "%s\n%s", strings.Join(blocks, "\n"), out)
	return string(out)
}

// TestQuickstart does what docs/quickstart.md says, word for word but for ports and directories of the machine.
func TestQuickstart(t *testing.T) {
	before := section(t, "Before: a server")
	require.Len(t, before, 4, "clone and build, the server, rest, somebody in the meeting")
	dev, rest, somebody := before[1], before[2], before[3]

	t.Run("page", func(t *testing.T) {
		t.Parallel()
		blocks, w := section(t, "A page of your own, with tokens from your own server"), startWalk(t)
		require.Len(t, blocks, 2)
		w.open(t, dev)
		w.open(t, blocks[0])
		printed := w.run(t, blocks[1])
		var invited struct{ ServerURL, MeetingID, Token string }
		begin := strings.Index(printed, "{") // curl tells its progress before
		require.NotEqual(t, -1, begin, printed)
		require.NoError(t, json.NewDecoder(strings.NewReader(printed[begin:])).Decode(&invited), printed)
		m, err := sdk.InitMeeting(sdk.Options{
			URL: invited.ServerURL, Token: invited.Token, MeetingID: invited.MeetingID, Name: "Ann",
		})
		require.NoError(t, err)
		require.NoError(t, m.Join(t.Context()))
		require.NoError(t, m.Leave(t.Context()))
	})
	t.Run("recording", func(t *testing.T) {
		t.Parallel()
		blocks, w := section(t, "A recording in a bucket"), startWalk(t)
		require.Len(t, blocks, 3)
		w.open(t, dev)
		w.open(t, blocks[0])
		w.open(t, blocks[1])
		w.open(t, somebody)
		printed := w.run(t, rest, blocks[2])
		require.Contains(t, printed, "Video: h264")
		require.Contains(t, printed, "Audio: aac")
	})
	t.Run("live", func(t *testing.T) {
		t.Parallel()
		blocks, w := section(t, "Live on RTMP"), startWalk(t)
		require.Len(t, blocks, 2)
		w.open(t, dev)
		w.open(t, somebody)
		received := w.open(t, blocks[0])
		require.Contains(t, w.run(t, blocks[1]), "started successfully")
		require.Eventually(t, func() bool { return strings.Contains(received(), "received") }, testserver.Timeout,
			50*time.Millisecond, "ffmpeg has not received five seconds")
		out, err := exec.CommandContext(t.Context(), "ffprobe", "-hide_banner", w.dir+"/live.mkv").CombinedOutput()
		require.NoError(t, err, string(out))
		require.Contains(t, string(out), "Video: h264")
		require.Contains(t, string(out), "Audio: aac")
	})
	t.Run("webhook", func(t *testing.T) {
		t.Parallel()
		blocks, w := section(t, "A webhook, verified without our code"), startWalk(t)
		require.Len(t, blocks, 2)
		w.open(t, dev)
		w.open(t, blocks[0])
		printed := w.run(t, rest, blocks[1])
		require.Contains(t, printed, "Verified OK")
		require.Contains(t, printed, "webhook-test")
	})
	t.Run("nginx", func(t *testing.T) {
		t.Parallel()
		blocks, w := section(t, "Behind nginx with TLS"), startWalk(t)
		require.Len(t, blocks, 3)
		certificate, machine, found := strings.Cut(blocks[0], "echo 127.0.0.1")
		require.True(t, found)
		require.Contains(t, machine, "cp examples/proxy/nginx.conf /etc/nginx/conf.d/klatch.conf", "what startNginx runs")
		w.open(t, dev)
		w.run(t, certificate)
		tls, err := strconv.Atoi(w.port(t, "TLS"))
		require.NoError(t, err)
		startNginx(t, w.dir+"/etc", tls, w.server)
		w.open(t, blocks[1])
		printed := w.run(t, blocks[2])
		require.NotContains(t, printed, "FAIL")
		require.Contains(t, printed, "meeting-joined")
	})
}
