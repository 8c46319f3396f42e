package webhook_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/pgtest"
	"github.com/klatch/klatch/internal/store/storetest"
	"github.com/klatch/klatch/internal/webhook"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(pgtest.Main{M: m})
}

// fixture is a real store and a Deliverer on it.
type fixture struct {
	t       *testing.T
	store   *store.Store
	account string
	signer  *webhook.Signer
	options webhook.Options
	log     bytes.Buffer

	mu     sync.Mutex
	faults []*fault.Error // guarded by mu
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	w := &fixture{t: t, store: storetest.Open(t)}
	account, err := w.store.CreateAccount(t.Context(), record.Account{Name: "Ann"})
	require.NoError(t, err)
	w.account = account.ID
	w.signer, err = webhook.LoadSigner(filepath.Join(t.TempDir(), "webhook-key.pem"))
	require.NoError(t, err)
	w.options = webhook.Options{
		Outbox: w.store, Signer: w.signer, Logger: slog.New(slog.NewTextHandler(&w.log, nil)),
		AllowPrivateTargets: true,
		Timeout:             5 * time.Second, FirstRetry: 20 * time.Millisecond, LastRetry: 100 * time.Millisecond,
		Report: func(_ context.Context, f *fault.Error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.faults = append(w.faults, f)
		},
	}
	return w
}

// start begins to deliver; the returned function ends it.
func (w *fixture) start() (stop func()) {
	d := webhook.New(w.options)
	stop = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		d.Close(ctx)
	})
	w.t.Cleanup(stop)
	return stop
}

func (w *fixture) meeting(endpoint string, events ...string) string {
	w.t.Helper()
	m, _, err := w.store.CreateMeeting(w.t.Context(), record.Meeting{AccountID: w.account,
		Config: record.MeetingConfig{Webhook: &record.Webhook{EndPoint: endpoint, Events: events}}})
	require.NoError(w.t, err)
	return m.ID
}

func (w *fixture) announce(meeting string, n int) { w.announceAt(meeting, n, time.Now()) }

func (w *fixture) announceAt(meeting string, n int, at time.Time) {
	w.t.Helper()
	require.NoError(
		w.t,
		w.store.Announce(w.t.Context(), record.Event{Name: "recording-started", MeetingID: meeting, SessionID: "s1",
			At: at, Data: map[string]any{"n": n}}),
	)
}

func (w *fixture) reported() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, f := range w.faults {
		out = append(out, f.Reason)
	}
	return out
}

func (w *fixture) waiting() int {
	n, err := w.store.WaitingWebhooks(w.t.Context())
	require.NoError(w.t, err)
	return n
}

func (w *fixture) eventually(what string, check func() bool) {
	w.t.Helper()
	require.Eventually(w.t, check, 10*time.Second, 5*time.Millisecond, what)
}

// endpoint is somebody's program that takes webhooks.
type endpoint struct {
	*httptest.Server
	key *rsa.PublicKey

	mu     sync.Mutex
	status int                  // guarded by mu; of the next answers
	poison map[string]int       // guarded by mu; statuses for bodies that hold a text
	bodies []record.WebhookBody // guarded by mu; taken with a good signature
	tries  int                  // guarded by mu
	broken []string             // guarded by mu; what was wrong with requests
}

func newEndpoint(t *testing.T, s *webhook.Signer) *endpoint {
	t.Helper()
	block, _ := pem.Decode([]byte(s.PublicKey()))
	require.Equal(t, "PUBLIC KEY", block.Type)
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	require.NoError(t, err)
	e := &endpoint{key: key.(*rsa.PublicKey), status: http.StatusOK}
	require.Equal(t, 2048, e.key.N.BitLen())
	e.Server = httptest.NewServer(http.HandlerFunc(e.take))
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) take(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.tries++
	signature, decodeErr := base64.StdEncoding.DecodeString(r.Header.Get("videosdk-signature"))
	sum := sha256.Sum256(raw)
	var body record.WebhookBody
	for _, err := range []error{
		err, decodeErr, rsa.VerifyPKCS1v15(e.key, crypto.SHA256, sum[:], signature), json.Unmarshal(raw, &body),
	} {
		if err != nil {
			e.broken = append(e.broken, err.Error())
		}
	}
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
		e.broken = append(e.broken, r.Method+" "+r.Header.Get("Content-Type"))
	}
	status := e.status
	for text, refused := range e.poison {
		if strings.Contains(string(raw), text) {
			status = refused
		}
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, strings.Repeat("ignored ", 100_000))
	if status == http.StatusOK {
		e.bodies = append(e.bodies, body)
	}
}

func (e *endpoint) answer(status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.status = status
}

// refuses lets events that hold a text be answered with a status.
func (e *endpoint) refuses(text string, status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.poison = map[string]int{text: status}
}

func (e *endpoint) tried() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.tries
}

func (e *endpoint) taken(t *testing.T) []record.WebhookBody {
	e.mu.Lock()
	defer e.mu.Unlock()
	require.Empty(t, e.broken)
	return append([]record.WebhookBody{}, e.bodies...)
}

func TestDeliversInOrderAndSigned(t *testing.T) {
	w := newFixture(t)
	registry := prometheus.NewRegistry()
	w.options.Metrics = registry
	e := newEndpoint(t, w.signer)
	var meetings []string
	for range 3 {
		meetings = append(meetings, w.meeting(e.URL+"/a?token=hidden", "*"))
	}
	w.start()
	const each = 10
	for n := range each {
		for _, m := range meetings {
			w.announce(m, n)
		}
	}
	w.eventually("all is delivered", func() bool { return w.waiting() == 0 })
	next := map[string]float64{}
	for _, body := range e.taken(t) {
		m := body.Data["meetingId"].(string)
		require.Equal(t, next[m], body.Data["n"], "the order of a meeting")
		next[m]++
		require.EqualValues(t, next[m], body.Sequence)
		require.Equal(t, "recording-started", body.WebhookType)
		require.Equal(t, "s1", body.Data["sessionId"])
		require.NotEmpty(t, body.ID)
	}
	require.Len(t, next, 3)
	require.Empty(t, w.reported())
	families, err := registry.Gather()
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(families), "klatch_webhook_attempts_total")
}

func TestFailureHoldsUpItsOwnQueueAndIsReportedOnce(t *testing.T) {
	w := newFixture(t)
	bad, good := newEndpoint(t, w.signer), newEndpoint(t, w.signer)
	bad.answer(http.StatusInternalServerError)
	badMeeting, goodMeeting := w.meeting(bad.URL+"/?token=hidden", "*"), w.meeting(good.URL, "*")
	stop := w.start()
	for n := range 3 {
		w.announce(badMeeting, n)
		w.announce(goodMeeting, n)
	}
	w.eventually("the good endpoint has all", func() bool { return len(good.taken(t)) == 3 })
	w.eventually("the bad one was tried often", func() bool { return bad.tried() > 5 })
	require.Equal(t, []string{"STATUS"}, w.reported(), "once for the outage")
	require.Empty(t, bad.taken(t))

	// After a restart the same outage is not reported again, and nothing is lost.
	stop()
	tried := bad.tried()
	w.start()
	w.eventually("it is tried again", func() bool { return bad.tried() > tried+2 })
	require.Equal(t, []string{"STATUS"}, w.reported())
	bad.answer(http.StatusOK)
	w.eventually("the bad endpoint has all", func() bool { return w.waiting() == 0 })
	for n, body := range bad.taken(t) {
		require.EqualValues(t, n, body.Data["n"])
	}
	// The next outage is another one.
	bad.answer(http.StatusTeapot)
	w.announce(badMeeting, 3)
	w.eventually("it is reported", func() bool { return len(w.reported()) == 2 })
	require.NotContains(t, fmt.Sprint(w.faults), "hidden")
}

// One event that an endpoint will not take holds the others up for a while only, and they keep their order.
func TestPoisonIsSetAside(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		aside  bool // although the endpoint has taken nothing else meanwhile
	}{
		"unprocessable": {422, true}, "bad request": {400, true}, "conflict": {409, true},
		"too many requests": {429, false}, "timeout": {408, false}, "too early": {425, false},
		"server error": {500, false},
		"not found":    {404, false}, "forbidden": {403, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newFixture(t)
			e := newEndpoint(t, w.signer)
			e.refuses(`"n":1`, test.status)
			meeting := w.meeting(e.URL, "*")
			w.start()
			for n := range 5 {
				w.announce(meeting, n)
			}
			if !test.aside {
				w.eventually("it is tried again and again", func() bool { return e.tried() > 8 })
				require.Equal(t, []string{"STATUS"}, w.reported())
				e.refuses(`"n":1`, 200)
			}
			w.eventually("all are settled", func() bool { return w.waiting() == 0 })
			var got []any
			for _, body := range e.taken(t) {
				got = append(got, body.Data["n"])
			}
			if test.aside {
				require.Equal(t, []any{0.0, 2.0, 3.0, 4.0}, got)
				require.Equal(t, []string{"STATUS", "SET_ASIDE"}, w.reported())
				require.Equal(t, 4+4, e.tried())
			} else {
				require.Equal(t, []any{0.0, 1.0, 2.0, 3.0, 4.0}, got)
			}
		})
	}
}

// A status that speaks of the endpoint sets an event aside when the endpoint takes others meanwhile.
func TestNotFoundIsPoisonWhenOtherEventsAreDelivered(t *testing.T) {
	w := newFixture(t)
	e := newEndpoint(t, w.signer)
	e.refuses(`"n":1`, http.StatusNotFound)
	bad, other := w.meeting(e.URL, "*"), w.meeting(e.URL, "*")
	w.start()
	w.announce(bad, 1)
	w.announce(bad, 2)
	w.eventually("it was tried often", func() bool { return e.tried() > 6 })
	require.Equal(t, []string{"STATUS"}, w.reported())
	w.announce(other, 3)
	w.eventually("all are settled", func() bool { return w.waiting() == 0 })
	require.Equal(t, []string{"STATUS", "SET_ASIDE"}, w.reported())
}

func TestGoneUnsubscribes(t *testing.T) {
	w := newFixture(t)
	gone, other := newEndpoint(t, w.signer), newEndpoint(t, w.signer)
	gone.answer(http.StatusGone)
	meeting := w.meeting(gone.URL, "*")
	for n := range 3 { // together, before anything is sent
		w.announce(meeting, n)
	}
	w.start()
	w.eventually("all are settled", func() bool { return w.waiting() == 0 })
	require.Equal(t, 1, gone.tried())
	require.Equal(t, []string{"GONE"}, w.reported())
	require.EqualValues(t, 3, w.faults[0].Details["events"])

	// Nothing more is announced to it. An address that a job names is another subscription.
	gone.answer(http.StatusOK)
	w.announce(meeting, 3)
	for _, url := range []string{gone.URL, other.URL} {
		require.NoError(
			t,
			w.store.Announce(
				t.Context(),
				record.Event{
					Name:      "recording-started",
					MeetingID: meeting,
					SessionID: "s1",
					JobID:     "j1",
					URL:       url,
					At:        time.Now(),
				},
			),
		)
	}
	w.eventually("the other one is told", func() bool { return len(other.taken(t)) == 1 })
	w.eventually("nothing waits", func() bool { return w.waiting() == 0 })
	require.Empty(t, gone.taken(t), "the meeting's own endpoint stays unsubscribed")

	// The webhook of the meeting is set again.
	again := record.Webhook{EndPoint: gone.URL, Events: []string{"*"}}
	room, err := w.store.SetMeetingWebhook(t.Context(), w.account, meeting, again, time.Now())
	require.NoError(t, err)
	require.Equal(t, &again, room.Config.Webhook)
	w.announce(meeting, 4)
	w.eventually("it is told again", func() bool { return len(gone.taken(t)) == 1 })
	require.EqualValues(t, 4, gone.taken(t)[0].Data["n"], "and nothing of what was dropped")
}

func TestASlowEndpointLeavesRoomForOthers(t *testing.T) {
	w := newFixture(t)
	w.options.Timeout = 500 * time.Millisecond
	hold := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hold }))
	t.Cleanup(func() { close(hold); slow.Close() })
	good := newEndpoint(t, w.signer)
	for range 100 {
		w.announce(w.meeting(slow.URL, "*"), 0)
	}
	w.announce(w.meeting(good.URL, "*"), 0)
	w.start()
	require.Eventually(
		t,
		func() bool { return len(good.taken(t)) == 1 },
		400*time.Millisecond,
		time.Millisecond,
		"before the slow one has timed out",
	)
	w.eventually("the slow one is reported", func() bool { return len(w.reported()) == 1 })
	require.Equal(t, []string{"TIMEOUT"}, w.reported())
}

// Each way to fail is told apart, on the real thing.
func TestDiagnosis(t *testing.T) {
	listen := func(t *testing.T, serve func(net.Conn)) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				serve(c)
				_ = c.Close()
			}
		}()
		t.Cleanup(func() { _ = l.Close(); <-done })
		return l.Addr().String()
	}
	tests := map[string]struct {
		reason  string
		private bool // targets are allowed
		url     func(t *testing.T) string
	}{
		"a name that does not exist": {"DNS", true, func(*testing.T) string { return "http://nobody.invalid/" }},
		"a closed port": {"CONNECT", true, func(t *testing.T) string {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			require.NoError(t, l.Close())
			return "http://" + l.Addr().String()
		}},
		"a certificate that nobody signed": {"TLS", true, func(t *testing.T) string {
			s := httptest.NewUnstartedServer(http.NotFoundHandler())
			s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.URL
		}},
		"a server that speaks TLS 1.1 alone": {"TLS", true, func(t *testing.T) string {
			s := httptest.NewUnstartedServer(http.NotFoundHandler())
			s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
			s.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.URL
		}},
		"a redirect": {"REDIRECT", true, func(t *testing.T) string {
			s := httptest.NewServer(http.RedirectHandler("http://127.0.0.1:1/", http.StatusTemporaryRedirect))
			t.Cleanup(s.Close)
			return s.URL
		}},
		"a status": {"STATUS", true, func(t *testing.T) string {
			s := httptest.NewServer(http.NotFoundHandler())
			t.Cleanup(s.Close)
			return s.URL
		}},
		"loopback": {
			"PRIVATE_ADDRESS",
			false,
			func(*testing.T) string { return "http://127.0.0.1:9/" },
		},
		"loopback by name": {
			"PRIVATE_ADDRESS",
			false,
			func(*testing.T) string { return "http://localhost:9/" },
		},
		"loopback mapped into IPv6": {
			"PRIVATE_ADDRESS",
			false,
			func(*testing.T) string { return "http://[::ffff:127.0.0.1]:9/" },
		},
		"the cloud's metadata": {
			"PRIVATE_ADDRESS",
			false,
			func(*testing.T) string { return "http://169.254.169.254/latest" },
		},
		"a private network": {"PRIVATE_ADDRESS", false, func(*testing.T) string { return "http://10.0.0.1/" }},
		"something that is not HTTP": {"NOT_HTTP", true, func(t *testing.T) string {
			return "http://" + listen(t, func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-x\r\n") })
		}},
		"closed without an answer": {
			"NOT_HTTP",
			true,
			func(t *testing.T) string { return "http://" + listen(t, func(net.Conn) {}) },
		},
		"HTTPS spoken to HTTP": {"NOT_HTTP", true, func(t *testing.T) string {
			s := httptest.NewServer(http.NotFoundHandler())
			t.Cleanup(s.Close)
			return strings.Replace(s.URL, "http:", "https:", 1)
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newFixture(t)
			w.options.AllowPrivateTargets = test.private
			m := w.meeting(strings.TrimSuffix(test.url(t), "/")+"/planted?token=planted", "*")
			w.announce(m, 0)
			w.start()
			w.eventually("it is reported", func() bool { return len(w.reported()) > 0 })
			w.mu.Lock()
			f := w.faults[0]
			w.mu.Unlock()
			require.Equal(t, 5103, f.Code)
			require.Equal(t, test.reason, f.Reason, f.Detail)
			require.Equal(t, m, f.MeetingID)
			require.Equal(t, "s1", f.SessionID)
			require.Positive(t, f.RetryAfterMs)
			for err := error(f); err != nil; err = errors.Unwrap(err) {
				require.NotContains(t, err.Error(), "planted", "an address may hold a secret")
			}
		})
	}
}

// An answer whose text never ends delays what follows by its own bound, not by the time for the whole answer.
func TestAnswerThatDoesNotEnd(t *testing.T) {
	w := newFixture(t)
	w.options.Timeout = time.Minute
	var answered atomic.Int64
	ended := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		answered.Add(1)
		rw.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(rw, "o")
		_ = http.NewResponseController(rw).Flush()
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	}))
	t.Cleanup(slow.Close)
	t.Cleanup(func() { close(ended) })
	m := w.meeting(slow.URL, "*")
	w.announce(m, 0)
	w.announce(m, 1)
	w.start()
	w.eventually("both are delivered", func() bool { return w.waiting() == 0 })
	require.EqualValues(t, 2, answered.Load())
	require.Empty(t, w.reported())
}

func TestGivesUp(t *testing.T) {
	w := newFixture(t)
	w.options.RetryFor = 300 * time.Millisecond
	e := newEndpoint(t, w.signer)
	e.answer(http.StatusBadGateway)
	m, at := w.meeting(e.URL, "*"), time.Now()
	for n := range 5 {
		w.announceAt(m, n, at)
	}
	w.start()
	w.eventually("nothing waits", func() bool { return w.waiting() == 0 })
	w.eventually("it is reported", func() bool { return len(w.reported()) == 2 })
	require.Equal(t, []string{"STATUS", "GIVEN_UP"}, w.reported())
	require.EqualValues(t, 5, w.faults[1].Details["events"])
	e.answer(http.StatusOK)
	w.announce(m, 5)
	w.eventually("what comes later is delivered", func() bool { return len(e.taken(t)) == 1 })
	require.EqualValues(t, 6, e.taken(t)[0].Sequence, "the numbers show what was lost")
}

func TestCloseReleasesInterruptedDeliveries(t *testing.T) {
	w := newFixture(t)
	arrived, hold := make(chan struct{}, 1), make(chan struct{})
	slow := httptest.NewServer(
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived <- struct{}{}; <-hold }),
	)
	t.Cleanup(func() { close(hold); slow.Close() })
	w.announce(w.meeting(slow.URL, "*"), 0)
	d := webhook.New(w.options)
	<-arrived
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	d.Close(ctx)
	due, err := w.store.DueWebhooks(t.Context(), time.Now(), 10, nil)
	require.NoError(t, err)
	require.Len(t, due, 1, "the next start sends it at once")
	require.Zero(t, due[0].Attempts)
	require.Empty(t, w.reported())
}

func TestSigner(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key.pem")
	first, err := webhook.LoadSigner(path)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	again, err := webhook.LoadSigner(path)
	require.NoError(t, err)
	require.Equal(t, first.PublicKey(), again.PublicKey())
	for name, content := range map[string]string{
		"empty": "", "not PEM": "hidden words",
		"not a key": "-----BEGIN PRIVATE KEY-----\naGlkZGVu\n-----END PRIVATE KEY-----\n",
	} {
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		_, err := webhook.LoadSigner(path)
		require.ErrorContains(t, err, path, name)
		require.NotContains(t, err.Error(), "hidden")
	}
	_, err = webhook.LoadSigner(filepath.Join(dir, "no", "directory"))
	require.Error(t, err)
}

func TestOriginHidesWhatMayBeSecret(t *testing.T) {
	require.Equal(
		t,
		"https://hooks.example.org:8443",
		webhook.Origin("https://ann:hidden@hooks.example.org:8443/hidden?token=hidden#hidden"),
	)
	require.Equal(t, "the endpoint", webhook.Origin("http://[::1"))
}

func TestAPanicEndsOneDelivery(t *testing.T) {
	w := newFixture(t)
	w.options.Signer = nil // what a delivery does first
	id := w.meeting("http://127.0.0.1:9/hook", "session-started")
	w.start()
	require.NoError(
		t,
		w.store.Announce(
			t.Context(),
			record.Event{Name: "session-started", MeetingID: id, SessionID: "s1", At: time.Now()},
		),
	)
	require.Eventually(t, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.faults) > 0
	}, 5*time.Second, time.Millisecond)
	w.mu.Lock()
	defer w.mu.Unlock()
	require.Equal(t, "INTERNAL", w.faults[0].Reason)
	require.ErrorContains(t, w.faults[0].Unwrap(), "panic in the delivery of a webhook")
	require.Equal(t, id, w.faults[0].MeetingID)
}
