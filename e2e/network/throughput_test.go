package network

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// farHost runs Firefox on the far side.
type farHost struct{ t testing.TB }

// Program implements testbrowser.Host.
func (h farHost) Program(path string) string {
	script := filepath.Join(h.t.TempDir(), filepath.Base(path))
	lines := fmt.Sprintf("#!/bin/sh\nexec nsenter --target %s --net %s \"$@\"\n", os.Getenv(farSide), path)
	require.NoError(h.t, os.WriteFile(script, []byte(lines), 0o755))
	return script
}

// Do implements testbrowser.Host.
func (h farHost) Do(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		namespace, err := os.Open("/proc/" + os.Getenv(farSide) + "/ns/net")
		if err == nil {
			err = unix.Setns(int(namespace.Fd()), unix.CLONE_NEWNET)
			_ = namespace.Close() // it was only read
		}
		if err == nil {
			err = f()
		}
		done <- err
	}()
	return <-done
}

// networkStats are what getNetworkStats comes to: the figures, a text, or a fault.
type networkStats struct {
	DownloadSpeed, UploadSpeed float64 // MB/s
	Text                       string
	Code                       int
	Reason, Remedy             string
}

// measure calls getNetworkStats of a server in a page, which may be that of another one.
func measure(p *testbrowser.Page, server, options string) (got networkStats) {
	p.Eval(fmt.Sprintf(`import(window.sdk ?? "/sdk/klatch.mjs").then(async ({ VideoSDK }) => {
    VideoSDK.config("", { serverUrl: %q });
    return VideoSDK.getNetworkStats(%s).catch((why) => typeof why === "string" ? { text: why } : why);
  })`, server, options), &got)
	return got
}

// offline takes the far side's interface down until back is called.
func offline(t testing.TB) (back func()) {
	t.Helper()
	run(t, far, "ip", "link", "set", device(far), "down")
	return func() {
		run(t, far, "ip", "link", "set", device(far), "up")
		run(t, far, "ip", "route", "replace", "default", "dev", device(far))
	}
}

// app serves a page of another origin, which loads the SDK from a server.
func app(t testing.TB, server string) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", nearAddress+":0")
	require.NoError(t, err)
	s := &httptest.Server{Listener: listener, Config: &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			const html = `<!doctype html><script>window.sdk = "%s/sdk/klatch.mjs"</script>`
			_, _ = fmt.Fprintf(w, html, server) // a page without the SDK fails the test
		}),
	}}
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

// What getNetworkStats measures is what the link carries, for a page of another origin.
func TestNetworkStats(t *testing.T) {
	const downMbit, upMbit = 4, 2
	settings := map[string]string{
		"http.address": nearAddress + ":0", "media.udpAddress": nearAddress + ":0", "media.tcpAddress": nearAddress + ":0",
	}
	srv := testserver.Spawn(t, testserver.Program(t), settings)
	page := app(t, srv.URL)
	l := link{t}
	for name, open := range map[string]func(testing.TB) *testbrowser.Browser{
		"chromium": func(t testing.TB) *testbrowser.Browser { return openChromium(t, far, page) },
		"firefox": func(t testing.TB) *testbrowser.Browser {
			return testbrowser.OpenFirefoxAt(t, farHost{t})
		},
	} {
		t.Run(name, func(t *testing.T) {
			l.clear()
			t.Cleanup(l.clear)
			p := open(t).Page(t, page)
			free := measure(p, srv.URL, "")
			t.Logf("the link is free: %+v", free)
			require.Greater(t, free.DownloadSpeed, 2.0, "%+v", free)
			require.Greater(t, free.UploadSpeed, 2.0, "%+v", free)

			l.limit(near, downMbit*1000)
			l.limit(far, upMbit*1000)
			got := measure(p, srv.URL, "{ timeoutDuration: 45000 }")
			t.Logf("%d Mbit/s down, %d Mbit/s up: %+v", downMbit, upMbit, got)
			require.InEpsilon(t, downMbit/8.0, got.DownloadSpeed, 0.25, "%+v", got)
			require.InEpsilon(t, upMbit/8.0, got.UploadSpeed, 0.25, "%+v", got)

			run(t, near, "nft", "add", "rule", "ip", "link", "arriving", "iif", device(near), "drop")
			got = measure(p, srv.URL, "{ timeoutDuration: 2000 }")
			require.Equal(t, "Not able to get NetworkStats due to timeout", got.Text, "%+v", got)
			require.Contains(t, p.Console(), "3079 ERROR_OPERATION_TIMED_OUT (NO_ANSWER)")
			l.clear()

			back := offline(t)
			got = measure(p, srv.URL, "")
			back()
			require.Equal(t, "Not able to get NetworkStats due to no Network", got.Text, "%+v", got)
			require.Contains(t, p.Console(), "3102 SIGNALING_UNREACHABLE (NO_CONNECTION)")
			got = measure(p, "http://"+nearAddress+":9", "")
			require.Equal(t, "Not able to get NetworkStats due to no Network", got.Text, "nothing listens there: %+v", got)
		})
	}
}

// A refusal of the server reaches the page with its code, its reason and what to do.
func TestNetworkStatsRefused(t *testing.T) {
	b := openChromium(t, near, "http://"+nearAddress)
	for limit, want := range map[string]networkStats{
		"0":     {Code: 4110, Reason: "THROUGHPUT"},
		"60000": {Code: 4106, Reason: "THROUGHPUT_BYTES"},
	} {
		srv := testserver.Spawn(t, testserver.Program(t), map[string]string{
			"http.address": nearAddress + ":0", "media.udpAddress": nearAddress + ":0",
			"media.tcpAddress": nearAddress + ":0", "limit.throughputBytesPerAddress": limit,
		})
		p := b.Page(t, srv.URL+"/")
		got := measure(p, srv.URL, "")
		require.Contains(t, got.Remedy, "limit.throughputBytesPerAddress")
		got.Remedy = ""
		require.Equal(t, want, got)

		got = measure(p, "http://"+nearAddress+":9", "") // the page of the server may connect to that alone
		require.Equal(t, []any{3102, "CSP_BLOCKED"}, []any{got.Code, got.Reason}, "%+v", got)
	}
}
