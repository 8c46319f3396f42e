package faults

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/doctor"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// doctorFinds runs `klatch doctor`, which must end with exit code 1 and print this scenario's fault.
func (t *T) doctorFinds(args ...string) *fault.Error {
	t.Helper()
	klatch, err := binary()
	require.NoError(t, err)
	return t.doctorPrints(
		testprocess.CommandContext(t.Context(), klatch, append([]string{"doctor", "--json"}, args...)...),
	)
}

// doctorPrints is doctorFinds for a command that runs `klatch doctor --json` in surroundings of its own.
func (t *T) doctorPrints(cmd *exec.Cmd) *fault.Error {
	t.Helper()
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit, "it found nothing: %s %s", &out, &log)
	require.Equal(t, 1, exit.ExitCode(), "%s %s", &out, &log)
	found := out.String()
	for lines := json.NewDecoder(&out); ; {
		var line doctor.Finding
		require.NoError(t, lines.Decode(&line), "no such finding in %s %s", found, &log)
		if f := line.Fault; f != nil && f.Code == t.Entry.Code && f.Reason == t.Entry.Reason {
			testserver.DeliveriesIn(t).PrintedByCommand(f.ID)
			t.check(f)
			return f
		}
	}
}

// isolated returns a command that runs a script of sh in namespaces of its own.
func (t *T) isolated(script string, args ...string) *exec.Cmd {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root, for namespaces")
	}
	return testprocess.CommandContext(t.Context(), "unshare",
		append([]string{"--mount", "--net", "sh", "-ec", script, "sh"}, args...)...)
}

// inFront is a proxy between `klatch doctor` and a server.
func (t *T) inFront(of string, change func(*http.Response) error) string {
	t.Helper()
	target, err := url.Parse(of)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = change
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

var doctorScenarios = scenarios{
	"5108.DNS": func(t *T) { t.doctorFinds("--url", "http://nosuch.invalid") },
	"5108.AUTHORITY": func(t *T) {
		path := filepath.Join(t.TempDir(), "klatch.yaml")
		require.NoError(
			t,
			os.WriteFile(path, []byte("http:\n  acme: localhost\n  acmeDirectory: https://127.0.0.1:1/\n"), 0o600),
		)
		t.doctorFinds("--config", path)
	},
	"5108.NOT_READY": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Egress.FFmpeg = "/nowhere/ffmpeg" })
		f := t.doctorFinds("--url", h.URL)
		require.Contains(t, f.Detail, "/nowhere/ffmpeg")
	},
	"5108.UNREADABLE_ANSWER": func(t *T) {
		address := t.inFront(t.Server.URL, func(res *http.Response) error {
			if res.Request.URL.Path == "/readyz" {
				return errors.New("hidden")
			}
			return nil
		})
		f := t.doctorFinds("--url", address)
		require.Contains(t, f.Detail, "502")
	},
	"5108.CLOCK": func(t *T) {
		address := t.inFront(t.Server.URL, func(res *http.Response) error {
			res.Header.Set("Date", time.Now().Add(-5*time.Minute).UTC().Format(http.TimeFormat))
			return nil
		})
		f := t.doctorFinds("--url", address)
		require.InDelta(t, 300_000, f.Details["skewMs"], 10_000)
	},
	"5108.NO_MEDIA": func(t *T) { // somebody mutes whoever speaks
		account := t.Server.Account(t, nil)
		room := account.Meeting(t, nil)
		m, err := sdk.InitMeeting(
			sdk.Options{URL: t.Server.URL, Token: account.Token(t), MeetingID: room, ParticipantID: "host"},
		)
		require.NoError(t, err)
		m.OnStreamEnabled(func(p *sdk.Participant, s *sdk.Stream) {
			go func() { // a handler that waits holds up the others
				if s.Kind() == sdk.Audio {
					_ = p.DisableMic(t.Context()) // it may have left
				}
			}()
		})
		require.NoError(t, m.Join(t.Context()))
		defer func() { _ = m.Leave(t.Context()) }()
		t.doctorFinds("--url", t.Server.URL, "--meeting", room, "--token", account.Token(t))
	},
	"5108.LOSS": func(t *T) {
		klatch, err := binary()
		require.NoError(t, err)
		cmd := t.isolated(`ip link set lo up
nft add table inet lossy
nft add chain inet lossy output '{ type filter hook output priority 0; }'
nft add rule inet lossy output meta l4proto udp numgen random mod 100 '<' 20 drop
"$1" dev --port 4000 --data "$2" --json >"$2.out" 2>"$2.log" &
server=$!
trap 'kill $server; wait $server || true' EXIT
until [ -s "$2.out" ]; do sleep 0.05; done
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
token=$(field token <"$2.out")
meeting=$(field meetingId <"$2.out")
KLATCH_TOKEN=$token "$1" doctor --json --url http://127.0.0.1:4000 --meeting "$meeting"`,
			klatch, filepath.Join(t.TempDir(), "data"))
		f := t.doctorPrints(cmd)
		require.Equal(t, "UDP", f.Details["way"])
		require.Greater(t, f.Details["percent"], 5.0)
	},
	"5108.FONTS": func(t *T) {
		klatch, err := binary()
		require.NoError(t, err)
		config := filepath.Join(t.TempDir(), "klatch.yaml")
		require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, "data:\n  dir: %s\n", t.TempDir()), 0o600))
		t.doctorPrints(
			t.isolated(`mount -t tmpfs none /usr/share/fonts; exec "$1" doctor --json --config "$2"`, klatch, config),
		)
		// The server says so as well.
		script := `mount -t tmpfs none /usr/share/fonts; ip link set lo up
			KLATCH_HTTP_ADDRESS=127.0.0.1:0 KLATCH_HTTP_ADMIN_ADDRESS=$3 timeout -s KILL 60 "$1" serve --config "$2" >&2 &
			trap "kill $!" EXIT
			for i in $(seq 100); do curl -s "$3/readyz" && exit; sleep 0.1; done`
		out, err := t.isolated(script, klatch, config, closedPort(t)).Output()
		require.NoError(t, err)
		var readiness struct {
			Capabilities map[string]struct {
				Ready  bool
				Detail string
			}
		}
		require.NoError(t, json.Unmarshal(out, &readiness), string(out))
		require.False(t, readiness.Capabilities["fonts"].Ready)
		require.Contains(t, readiness.Capabilities["fonts"].Detail, "fonts-noto-core")
	},
	"5108.MEMORY": func(t *T) {
		klatch, err := binary()
		require.NoError(t, err)
		dir := t.TempDir()
		config, info := filepath.Join(dir, "klatch.yaml"), filepath.Join(dir, "meminfo")
		require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, "data:\n  dir: %s\n", dir), 0o600))
		require.NoError(t, os.WriteFile(info, []byte("MemTotal: 500000 kB\nMemAvailable:     1000 kB\n"), 0o600))
		f := t.doctorPrints(t.isolated(`mount --bind "$3" /proc/meminfo; exec "$1" doctor --json --config "$2"`,
			klatch, config, info))
		require.EqualValues(t, 1_024_000, f.Details["availableBytes"])
	},
	"5108.OPEN_FILES": func(t *T) {
		klatch, err := binary()
		require.NoError(t, err)
		config := filepath.Join(t.TempDir(), "klatch.yaml")
		require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, "data:\n  dir: %s\n", t.TempDir()), 0o600))
		t.doctorPrints(testprocess.CommandContext(t.Context(), "sh", "-ec",
			`ulimit -n 1024; exec "$1" doctor --json --config "$2"`, "sh", klatch, config))
	},
	"5108.METRICS": func(t *T) {
		address := t.inFront(t.Server.URL, func(res *http.Response) error {
			if res.Request.URL.Path == "/metrics" {
				return errors.New("not passed on")
			}
			return nil
		})
		klatch, err := binary()
		require.NoError(t, err)
		cmd := testprocess.CommandContext(t.Context(), klatch, "doctor", "--json", "--url", address)
		cmd.Env = append(os.Environ(), "KLATCH_ADMIN_TOKEN="+t.Server.InProcess.AdminToken())
		f := t.doctorPrints(cmd)
		require.Contains(t, f.Detail, "502")
	},
}
