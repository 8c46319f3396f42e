package hls

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
)

// nginxOfDocs starts nginx as docs/hls.md has it, in front of a server, and returns its address.
func nginxOfDocs(t *testing.T, server string) string {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not in the path of ordinary users
	}
	text, err := os.ReadFile("../../docs/hls.md")
	require.NoError(t, err)
	_, config, found := strings.Cut(string(text), "```nginx\n")
	require.True(t, found)
	config, _, _ = strings.Cut(config, "```")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	dir := t.TempDir()
	for from, to := range map[string]string{"listen 8080": "listen " + address, "http://127.0.0.1:4000": server,
		"/var/cache/nginx/klatch": dir + "/cache"} {
		require.Contains(t, config, from)
		config = strings.ReplaceAll(config, from, to)
	}
	config = fmt.Sprintf(
		"daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log;\nevents { worker_connections 2048; }\n"+
			"http {\naccess_log off; proxy_temp_path %[1]s/proxy; client_body_temp_path %[1]s/body; "+
			"fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;\n%[2]s}\n",
		dir,
		config,
	)
	file := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	var words strings.Builder
	nginx := testprocess.Command(program, "-c", file, "-p", dir, "-e", filepath.Join(dir, "error.log"))
	nginx.Stdout, nginx.Stderr = &words, &words
	testprocess.Start(t, nginx)
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close() // nothing was written to it
		}
		return err == nil
	}, 10*time.Second, 10*time.Millisecond, "nginx: %s", &words)
	return "http://" + address
}

// Behind the cache of docs/hls.md everybody gets the playlist they wait for, and the server hears of one.
func TestBehindTheCacheOfTheDocs(t *testing.T) {
	h := openFixture(t, 11)
	var mu sync.Mutex // guards heard
	heard := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		heard[r.URL.RequestURI()]++
		mu.Unlock()
		http.StripPrefix("/hls", h.handler).ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	h.url = nginxOfDocs(t, server.URL) + "/hls/job/"

	for part := 11; part < 15; part++ {
		name := fmt.Sprintf("live.m3u8?_HLS_msn=%d&_HLS_part=%d", part/2, part%2)
		hint := partName(part/2, part%2)
		var waits []<-chan answer
		for range 40 {
			waits = append(waits, h.getAsync(name), h.getAsync(hint))
		}
		h.requireWaiting(2)
		f := h.clock.next()
		require.NoError(t, h.w.WriteFragment(f))
		wrote := time.Now()
		var last time.Time
		for i, c := range waits {
			got := <-c
			require.NoError(t, got.err)
			require.Equal(t, http.StatusOK, got.status)
			require.Equal(t, "*", got.header.Get("Access-Control-Allow-Origin"))
			if i%2 == 0 {
				require.Contains(t, got.body, `"`+hint+`"`)
			} else {
				require.Equal(t, string(f.Raw), got.body)
			}
			last = maxTime(last, got.at)
		}
		t.Logf("the last of 80 had it after %v", last.Sub(wrote))
		mu.Lock()
		require.Equal(t, 1, heard["/hls/job/"+name])
		require.Equal(t, 1, heard["/hls/job/"+hint])
		mu.Unlock()
	}
	require.Equal(t, http.StatusBadRequest, h.get("live.m3u8?_HLS_msn=99").status)
	h.write(200) // what was too far ahead is not any more, and was not kept as such
	require.Equal(t, http.StatusOK, h.get("live.m3u8?_HLS_msn=99").status)
	before := h.get("live.m3u8").body
	h.write(1)
	require.NotEqual(t, before, h.get("live.m3u8").body, "without directives it is the newest")
}
