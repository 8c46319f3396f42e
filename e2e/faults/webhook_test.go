package faults

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
)

// webhookScenarios are endpoints that do not take what they asked for. The fault tells the operator.
var webhookScenarios = scenarios{
	"5103.DNS": endpoint(func(*T) string { return "http://no-such-host.invalid/hook?token=planted-token-of-hook" }),
	"5103.CONNECT": func(t *T) {
		address := closedPort(t)
		endpoint(func(*T) string { return "http://" + address + "/hook?token=planted-token-of-hook" })(t)
		f := t.seen[len(t.seen)-1]
		t.lasts(f, true)
		l, err := net.Listen("tcp", address)
		require.NoError(t, err)
		server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })}
		go func() { _ = server.Serve(l) }()
		defer func() { _ = server.Close() }() // of the test
		t.isOver(f)
	},
	"5103.TLS": endpoint(func(t *T) string {
		server := httptest.NewTLSServer(http.NotFoundHandler())
		t.Cleanup(server.Close)
		return server.URL
	}),
	"5103.TIMEOUT": endpoint(func(t *T) string { // takes 10 s
		l, err := net.Listen("tcp", "127.0.0.1:0") // the kernel takes connections, nobody answers
		require.NoError(t, err)
		t.Cleanup(func() { _ = l.Close() }) // nothing was written to it
		return "http://" + l.Addr().String() + "/hook"
	}),
	"5103.STATUS": endpoint(func(t *T) string {
		server := httptest.NewServer(http.NotFoundHandler())
		t.Cleanup(server.Close)
		return server.URL
	}),
	"5103.SET_ASIDE": endpoint(answering(http.StatusUnprocessableEntity)), // takes 7 s at most
	"5103.GONE":      endpoint(answering(http.StatusGone)),
	"5103.REDIRECT": endpoint(func(t *T) string {
		server := httptest.NewServer(http.RedirectHandler("https://example.com/", http.StatusPermanentRedirect))
		t.Cleanup(server.Close)
		return server.URL
	}),
	"5103.NOT_HTTP": endpoint(func(t *T) string {
		server := httptest.NewServer(http.NotFoundHandler())
		t.Cleanup(server.Close)
		return strings.Replace(server.URL, "http:", "https:", 1)
	}),
	"5103.PRIVATE_ADDRESS": func(t *T) {
		t.Server = testserver.Start(t)
		t.provokeWebhooks("http://localhost:1/hook", "http://10.0.0.1/hook", "http://[::ffff:127.0.0.1]:1/hook")
	},
	"5103.GIVEN_UP": func(t *T) {
		t.onShared("with short retries", shortRetries)
		t.provokeWebhooks("http://" + closedPort(t) + "/hook")
	},
}

// answering is an endpoint that answers everything with a status.
func answering(status int) func(*T) string {
	return func(t *T) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		t.Cleanup(server.Close)
		return server.URL
	}
}

func shortRetries(t *testing.T) *testserver.Server {
	return spawn(t, "webhook.retryFor", "2s", "egress.retryTargetsFor", "2s")
}

func endpoint(url func(*T) string) func(*T) {
	return func(t *T) {
		t.onSharedProcess()
		t.secret("planted-token-of-hook")
		t.provokeWebhooks(url(t))
	}
}

// provokeWebhooks makes an event that endpoints subscribe to, and reads that each endpoint did not accept it.
func (t *T) provokeWebhooks(endpoints ...string) {
	t.Helper()
	for _, url := range endpoints {
		meeting := t.Account().Meeting(t, map[string]any{"webhook": map[string]any{"endPoint": url, "events": []string{"*"}}})
		t.Join(meeting, "ann")
		t.waits()
		require.Eventually(t, func() bool {
			for _, f := range t.timeline() {
				if f.MeetingID == meeting {
					t.Read(f)
					return true
				}
			}
			return false
		}, 90*time.Second, 50*time.Millisecond, "the console does not show %s of %s", t.Entry.Key(), url)
	}
}
