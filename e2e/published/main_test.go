// Package published holds Klatch against the published client SDKs: their type declarations, and apps that are written
// from their docs and run in Chromium and Firefox.
//
// # How to add a page
//
// A page is one file of testdata, TOPIC.ts or TOPIC.tsx (bundled by esbuild, with the SDK from its sources), or
// TOPIC.html (a page without a bundler: the text SERVER_URL becomes the address of the server). A script begins with
//
//	import { check, equal, given, rejects, run, until } from "./page.js";
//	import { VideoSDK } from "@klatch/sdk"; // or "@videosdk.live/js-sdk", "@videosdk.live/react-sdk": they are ours here
//
//	run(async () => {
//	  VideoSDK.config(given.token);
//	  const ann = VideoSDK.initMeeting({ meetingId: given.meetingId, signalingBaseUrl: given.server });
//	  await ann.join();
//	  equal("the id", ann.id, given.meetingId);
//	});
//
// and a file of Go registers what runs it, once in each browser, with a meeting of its own:
//
//	func init() {
//	  topics["data"] = func(t *testing.T, v visit) {
//	    page := v.open(t, "data")
//	    v.finish(t, page) // waits for the end of run; fails for a failed check and for an exception
//	  }
//	}
//
// `go test -run 'TestPages/chromium/data' ./e2e/published` runs one. Two people of one meeting fit into one page: call
// initMeeting twice. A page of testdata/apps is an app against the published docs: it must also compile against the
// published declarations (see types_test.go), so it may use published names only.
//
// The tests run in a network namespace of their own, a machine with one address besides loopback: Firefox uses no
// loopback address for WebRTC.
package published

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
)

const (
	inside = "TEST_NAMESPACE" // set: this is the process inside the namespace
	setup  = `
ip link set lo up
ip link add lan type veth peer name lan-end
ip addr add 198.51.100.7/24 dev lan
ip link set lan up
ip link set lan-end up
ip route add default dev lan
exec "$0" "$@"`
)

func TestMain(m *testing.M) {
	if os.Getenv(inside) != "" {
		os.Exit(m.Run())
	}
	if err := install(); err != nil { // inside there is no way to a registry
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	self, err := os.Executable()
	if err == nil {
		cmd := testprocess.Command(
			"unshare",
			append([]string{"--map-root-user", "--net", "sh", "-ec", setup, self}, os.Args[1:]...)...)
		cmd.Env = append(os.Environ(), inside+"=1")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		err = testprocess.Run(cmd)
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "a network namespace for the tests:", err)
		os.Exit(1)
	}
}

// install installs what package.json names here, and what the sources of the SDK need in web/.
func install() error {
	for dir, has := range map[string]string{".": "node_modules/typescript", "../../web": "node_modules/typescript"} {
		if _, err := os.Stat(filepath.Join(dir, has)); err == nil {
			continue
		}
		cmd := exec.Command("npm", "ci", "--no-audit", "--no-fund")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("npm ci in %s: %w: %s", dir, err, out)
		}
	}
	return nil
}

// topics are what TestPages runs in each browser, by name.
var topics = map[string]func(t *testing.T, v visit){}

// visit is a browser, a server and a meeting in which nobody is yet.
type visit struct {
	browser *testbrowser.Browser
	server  *testserver.Server
	account testserver.Account
	meeting string
	apps    string // address of the pages
	name    string // of the browser
}

func TestPages(t *testing.T) {
	server := testserver.Start(t, func(c *conf.Config) { c.Media.UDPAddress, c.Media.TCPAddress = ":0", ":0" })
	account := server.Account(t, nil)
	apps := serveApps(t, server.URL)
	for name, start := range map[string]func(t testing.TB) *testbrowser.Browser{
		"chromium": func(t testing.TB) *testbrowser.Browser {
			return testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
		},
		"firefox": func(t testing.TB) *testbrowser.Browser { return testbrowser.OpenFirefox(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			browser := start(t)
			for topic, run := range topics {
				t.Run(topic, func(t *testing.T) {
					run(t, visit{ // one at a time: pages of one browser share its camera
						browser: browser, server: server, account: account, meeting: account.Meeting(t, nil), apps: apps, name: name,
					})
				})
			}
		})
	}
}

// open opens the page of a topic. What the page is given besides the server, a meeting and a token follows as names
// and values.
func (v visit) open(t *testing.T, topic string, more ...string) *testbrowser.Page {
	t.Helper()
	given := url.Values{
		"server": {v.server.URL}, "meetingId": {v.meeting}, "token": {v.account.Token(t)}, "browser": {v.name},
	}
	for i := 0; i+1 < len(more); i += 2 {
		given.Set(more[i], more[i+1])
	}
	return v.browser.Page(t, v.apps+"/"+topic+"?"+given.Encode(), testbrowser.RecordConnections)
}

// finish waits until the script of a page has ended and returns what it returned, as JSON.
func (v visit) finish(t *testing.T, page *testbrowser.Page) string {
	t.Helper()
	var result struct {
		Done     bool
		Failures []string
		Value    string
	}
	page.UntilIn(50*time.Second, "the script of the page has ended",
		"window.result && (window.result.done || window.result.failures.length > 0)")
	page.Eval("window.result", &result)
	require.Empty(t, result.Failures)
	return result.Value
}

// serveApps serves testdata on an origin of its own, as the servers of apps do.
func serveApps(t *testing.T, server string) string {
	t.Helper()
	built := t.TempDir()
	bundle(t, built)
	apps := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if strings.HasSuffix(name, ".js") || strings.HasSuffix(name, ".css") {
			http.ServeFile(w, r, filepath.Join(built, filepath.FromSlash(name)))
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		page, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)+".html"))
		if err != nil {
			page = fmt.Appendf(nil,
				`<!doctype html><title>%s</title><body><div id="root"></div><script src="/%s.js"></script>`,
				name, name)
		}
		_, _ = w.Write([]byte(strings.ReplaceAll(string(page), "SERVER_URL", server)))
	}))
	t.Cleanup(apps.Close)
	return apps.URL
}

// bundle builds the scripts of testdata. The published names of packages lead to ours, and there is one React: the
// present one, and in apps/react18.js the one before.
func bundle(t *testing.T, into string) {
	t.Helper()
	var entries []string
	for _, pattern := range []string{"testdata/*.ts", "testdata/*.tsx", "testdata/apps/*.ts", "testdata/apps/*.tsx"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		entries = append(entries, found...)
	}
	esbuild(t, "", append(entries, "--outbase=testdata", "--outdir="+into)...)
	esbuild(t, "-18", "testdata/apps/react.tsx", "--outfile="+filepath.Join(into, "apps/react18.js"))
}

// esbuild bundles with the React of that suffix.
func esbuild(t *testing.T, react string, args ...string) {
	t.Helper()
	alias := func(name, path string) string { return "--alias:" + name + "=" + path }
	out, err := exec.CommandContext(t.Context(), "node_modules/.bin/esbuild", append(args, "--bundle", "--format=iife",
		"--target=es2022", "--jsx=automatic", "--log-level=warning",
		`--define:process.env.NODE_ENV="development"`,
		alias("@videosdk.live/js-sdk", "../../web/videosdk/src/index.ts"),
		alias("@videosdk.live/react-sdk", "../../web/react/src/index.ts"),
		alias("@klatch/videosdk-js", "../../web/videosdk/src/index.ts"),
		alias("@klatch/react", "../../web/react/src/index.ts"),
		alias("@klatch/sdk", "../../web/sdk/src/index.ts"),
		alias("@klatch/state", "../../web/state/src/index.ts"),
		alias("react", "./node_modules/react"+react), alias("react-dom", "./node_modules/react-dom"+react),
	)...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}
