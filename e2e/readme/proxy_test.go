package readme

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
)

// TestProxy joins over TLS through the nginx and the Caddy of examples/proxy, under a name of its own and under a path.
func TestProxy(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(t *testing.T, dir string, port, backend int){
		"nginx": startNginx, "Caddy": startCaddy,
	} {
		t.Run(name, func(t *testing.T) { joinsThrough(t, start) })
	}
}

// startNginx starts nginx at port with the certificate dir/pem and dir/key.
func startNginx(t *testing.T, dir string, port, backend int) {
	t.Helper()
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		nginx = "/usr/sbin/nginx" // not in the path of ordinary users
	}
	site := proxyFiles(t, "nginx.conf", "nginx-path.conf")
	site = strings.NewReplacer(
		"listen 80", fmt.Sprint("listen 127.0.0.1:", testnet.FreePort(t)),
		"listen 443", fmt.Sprint("listen 127.0.0.1:", port),
		"server_name meet.example.com", "server_name localhost",
		"server_name example.com", "server_name 127.0.0.1", "127.0.0.1:4000", fmt.Sprint("127.0.0.1:", backend),
		"/etc/ssl/meet.example.com.pem", dir+"/pem", "/etc/ssl/meet.example.com.key", dir+"/key",
		"/etc/ssl/example.com.pem", dir+"/pem", "/etc/ssl/example.com.key", dir+"/key",
	).Replace(site)
	require.NoError(t, os.WriteFile(dir+"/site.conf", []byte(site), 0o600))
	config := fmt.Sprintf(`daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log;
events { worker_connections 256; }
http {
	access_log off;
	client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
	include %[1]s/site.conf;
}
`, dir)
	file := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	out, err := exec.CommandContext(t.Context(), nginx, "-t", "-c", file, "-p", dir, "-e", dir+"/error.log").
		CombinedOutput()
	require.NoError(t, err, string(out))
	testprocess.Start(t, testprocess.Command(nginx, "-c", file, "-p", dir, "-e", dir+"/error.log"))
}

// proxyFiles returns files of examples/proxy, one after the other.
func proxyFiles(t *testing.T, names ...string) string {
	t.Helper()
	var all string
	for _, name := range names {
		text, err := os.ReadFile(examples + "proxy/" + name)
		require.NoError(t, err)
		all += "\n" + string(text)
	}
	return all
}

// startCaddy starts Caddy at port with the certificate dir/pem and dir/key, since no authority knows these names.
func startCaddy(t *testing.T, dir string, port, backend int) {
	t.Helper()
	caddy, err := exec.LookPath("caddy")
	require.NoError(t, err, "this test runs Caddy: apt-get install caddy, or `make tools`")
	text := proxyFiles(t, "Caddyfile", "Caddyfile-path")
	certificate := fmt.Sprintf("tls %[1]s/pem %[1]s/key", dir)
	config := "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + strings.NewReplacer(
		"\nmeet.example.com {", fmt.Sprintf("\nhttps://localhost:%d {\n\t%s", port, certificate),
		"\nexample.com {", fmt.Sprintf("\nhttps://127.0.0.1:%d {\n\t%s", port, certificate),
		"reverse_proxy 127.0.0.1:4000", fmt.Sprint("reverse_proxy 127.0.0.1:", backend),
	).Replace(text)
	file := filepath.Join(dir, "Caddyfile")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	cmd := testprocess.Command(caddy, "run", "--adapter", "caddyfile", "--config", file)
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	testprocess.Start(t, cmd)
}

func joinsThrough(t *testing.T, start func(t *testing.T, dir string, port, backend int)) {
	t.Helper()
	dir, port, backend := t.TempDir(), testnet.FreePort(t), testnet.FreePort(t)
	h := testserver.Start(t) // makes the account in a directory that the servers behind the proxy take over
	account := h.Account(t, nil)
	meeting, token := account.Meeting(t, nil), account.Token(t)
	h.Close(t)

	out, err := exec.CommandContext(t.Context(), "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
		"ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
		"subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", dir+"/key", "-out", dir+"/pem").CombinedOutput()
	require.NoError(t, err, string(out))
	start(t, dir, port, backend)

	for name, url := range map[string]string{
		"name": fmt.Sprintf("https://localhost:%d", port),
		"path": fmt.Sprintf("https://127.0.0.1:%d/meetings", port),
	} {
		t.Run(name, func(t *testing.T) {
			server := testprocess.Command(testserver.Program(t), "serve")
			server.Env = append(os.Environ(), "KLATCH_DATA_DIR="+h.Dir, "KLATCH_HTTP_PUBLIC_URL="+url,
				fmt.Sprint("KLATCH_HTTP_ADDRESS=127.0.0.1:", backend),
				"KLATCH_MEDIA_UDP_ADDRESS=127.0.0.1:0", "KLATCH_MEDIA_TCP_ADDRESS=127.0.0.1:0")
			defer testprocess.Start(t, server).Kill()
			require.Eventually(t, func() bool {
				response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/healthz", backend))
				return err == nil && response.Body.Close() == nil
			}, testserver.Timeout, 50*time.Millisecond, "the server does not start")
			bot := testprocess.CommandContext(t.Context(), testserver.Program(t), "join", "--json", "--url", url,
				"--meeting", meeting, "--token", token, "--name", name, "--publish", "audio", "--duration", "500ms")
			bot.Env = append(os.Environ(), "SSL_CERT_FILE="+dir+"/pem")
			out, err := bot.CombinedOutput()
			require.NoError(t, err, string(out))
			require.Contains(t, string(out), `"event":"meeting-joined"`)
			require.NotContains(t, string(out), `"event":"error"`)
		})
	}
}
