package faults

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
)

// startNginx returns the address of an nginx whose server block holds these directives.
func startNginx(t testing.TB, directives string) string {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not in the path of ordinary users
	}
	dir, address := t.TempDir(), closedPort(t)
	config := fmt.Sprintf(`daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log;
events { worker_connections 256; }
http {
	access_log off;
	client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
	server { listen %[2]s; %[3]s }
}
`, dir, address, directives)
	file := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	testprocess.Start(t, testprocess.Command(program, "-c", file, "-p", dir, "-e", filepath.Join(dir, "error.log")))
	require.Eventually(t, func() bool {
		return reachable(address)
	}, testserver.Timeout, 20*time.Millisecond, "nginx does not start")
	return "http://" + address
}

// joinFromPublicNetwork makes a network of its own, in which a server is reached at a public address and offers
// media at a private one, as behind a router that it knows nothing of. It publishes into a meeting there and
// returns what the bot prints.
func (t *T) joinFromPublicNetwork() []byte {
	t.Helper()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	token, meeting := account.Token(t), account.Meeting(t, nil)
	h.Close(t)
	program, err := binary()
	require.NoError(t, err)
	cmd := testprocess.CommandContext(t.Context(), "unshare", "-n", "sh", "-c", `
		ip link set lo up && ip addr add 203.0.113.7/32 dev lo || exit 1
		"$0" serve >&2 &
		for attempt in 1 2 3 4 5; do
			"$0" join --json --url http://203.0.113.7:4000 --meeting "$1" --token "$2" --publish audio --duration 13s && break
		done
		kill $!; wait`, program, meeting, token)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "KLATCH_DATA_DIR="+h.Dir, "KLATCH_HTTP_ADDRESS=203.0.113.7:4000",
		"KLATCH_MEDIA_UDP_ADDRESS=203.0.113.7:4001", "KLATCH_MEDIA_TCP_ADDRESS=203.0.113.7:4001",
		"KLATCH_MEDIA_PUBLIC_IPS=10.99.99.9")
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	out, err := cmd.Output()
	require.NoError(t, err, string(out))
	return out
}

var fingerprint = regexp.MustCompile(`fingerprint:sha-256 [0-9A-Fa-f:]{95}`)

// otherFingerprint puts another certificate's fingerprint into a session description.
func otherFingerprint(frame string) string {
	return fingerprint.ReplaceAllString(frame, "fingerprint:sha-256 "+strings.Repeat("AB:", 31)+"AB")
}
