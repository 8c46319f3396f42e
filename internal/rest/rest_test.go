package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/signin"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/storetest"
	"github.com/klatch/klatch/internal/testserver"
)

const adminToken = "admin-token-of-the-tests"

// fixture is the real store, gate, meetings and API, with two accounts that must not see each other.
type fixture struct {
	t        testing.TB
	store    *store.Store
	meetings *meeting.Meetings
	server   *httptest.Server
	archive  *blob.Archive // of newEgressFixture

	account, other record.Account
	key            record.Key
	secret         string
	token          string // of account
	otherToken     string

	*reports
}

type reports struct {
	mu  sync.Mutex // guards all
	all []*fault.Error
}

// in returns the same world to a subtest.
func (w *fixture) in(t testing.TB) *fixture {
	sub := *w
	sub.t = t
	return &sub
}

// nextMillisecond waits until what is made next is newer than what was made before: times are kept in milliseconds, and
// order lists.
func nextMillisecond() {
	for now := time.Now().UnixMilli(); time.Now().UnixMilli() == now; {
		runtime.Gosched()
	}
}

func newFixture(t testing.TB, change ...func(*rest.Options)) *fixture {
	t.Helper()
	w := &fixture{t: t, reports: &reports{}}
	db := storetest.Open(t)
	w.store = db
	w.meetings = meeting.New(meeting.Options{Records: db, Report: func(context.Context, *fault.Error) {}})
	w.meetings.SetMedia(noMedia{})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, w.meetings.Close(ctx, fault.ServerShutdownStopped(0)))
	})

	options := rest.Options{
		Store: db, Gate: gate.New(db, gate.Options{Leeway: gate.DefaultLeeway}), Meetings: w.meetings,
		AdminToken: adminToken, Report: w.report,
	}
	for _, c := range change {
		c(&options)
	}
	var api *rest.API
	console := signin.New(signin.Options{
		Store: db, Limiter: ratelimit.New(ratelimit.Limits{}), AdminToken: adminToken, SessionLife: time.Hour,
		IdleLife: time.Hour, Sessions: 3, AuditLife: time.Hour, Report: w.report,
		Refuse: func(rw http.ResponseWriter, r *http.Request, err error) { api.Refuse(rw, r, err) },
	})
	options.Console = console
	options.Readiness = func(context.Context) (bool, map[string]rest.Capability) {
		return false, map[string]rest.Capability{"encoder": {Detail: "no ffmpeg", Code: 4011}}
	}
	api = rest.New(options)
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, signin.Path) {
			console.ServeHTTP(rw, r)
			return
		}
		api.ServeHTTP(rw, r) // a mux would redirect addresses that api refuses
	}))
	t.Cleanup(w.server.Close)

	w.account, w.key, w.secret = w.newAccount("ours")
	w.token = w.mint(gate.Grant{APIKey: w.key.ID}, w.secret)
	other, otherKey, otherSecret := w.newAccount("theirs")
	w.other, w.otherToken = other, w.mint(gate.Grant{APIKey: otherKey.ID}, otherSecret)
	return w
}

func (w *fixture) newAccount(name string) (record.Account, record.Key, string) {
	account, err := w.store.CreateAccount(w.t.Context(), record.Account{Name: name, Email: name + "@example.org"})
	require.NoError(w.t, err)
	key, secret, err := w.store.CreateKey(w.t.Context(), record.NewKey{AccountID: account.ID})
	require.NoError(w.t, err)
	return account, key, secret
}

func (w *fixture) mint(grant gate.Grant, secret string) string {
	if grant.Permissions == nil {
		grant.Permissions = []string{gate.AllowJoin, gate.AllowMod}
	}
	grant.ExpiresIn = time.Hour
	token, err := gate.Mint(grant, secret)
	require.NoError(w.t, err)
	return token
}

func (r *reports) report(_ context.Context, f *fault.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, f)
}

// times returns how often a fault was reported.
func (r *reports) times(id string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.all {
		if f.ID == id {
			n++
		}
	}
	return n
}

// answer is what a call got.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

// call sends one request; body nil sends none, a string goes as it is, anything else as JSON.
func (w *fixture) call(token, method, path string, body any) answer {
	w.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		require.NoError(w.t, err)
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, reader)
	require.NoError(w.t, err)
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return w.send(req)
}

func (w *fixture) send(req *http.Request) answer {
	w.t.Helper()
	resp, err := noRedirect.Do(req)
	require.NoError(w.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	if strings.Contains(resp.Header.Get("Content-Type"), "json") {
		require.Empty(w.t, testserver.ImpreciseTimes(string(text)), "times of %s %s", req.Method, req.URL)
	}
	return answer{w.t, resp.StatusCode, resp.Header, string(text)}
}

var noRedirect = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (w *fixture) admin(method, path string, body any) answer {
	w.t.Helper()
	return w.call("Bearer "+adminToken, method, path, body)
}

// ok reads a JSON answer of status 200.
func (a answer) ok() map[string]any {
	a.t.Helper()
	require.Equal(a.t, http.StatusOK, a.status, a.body)
	require.Equal(a.t, "application/json", a.header.Get("Content-Type"))
	var out map[string]any
	require.NoError(a.t, json.Unmarshal([]byte(a.body), &out), a.body)
	return out
}

// problem is a refusal as any client may read it.
type problem struct {
	fault.Error
	ErrorText string `json:"error"`
	ErrorCode string `json:"errorCode"`
	Status    int    `json:"status"`
	Type      string `json:"type"`
}

// refused reads a refusal and holds it against what every refusal must be.
func (w *fixture) refused(a answer, code int, reason string) problem {
	w.t.Helper()
	var wire struct {
		Error     string `json:"error"`
		ErrorCode string `json:"errorCode"`
		Status    int    `json:"status"`
		Type      string `json:"type"`
	}
	var f fault.Error
	require.NoError(w.t, json.Unmarshal([]byte(a.body), &wire), a.body)
	require.NoError(w.t, json.Unmarshal([]byte(a.body), &f), a.body)
	require.Equal(w.t, code, f.Code, a.body)
	require.Equal(w.t, reason, f.Reason, a.body)
	entry, ok := fault.Lookup(code, reason)
	require.True(w.t, ok, "%d %s is in the catalogue", code, reason)
	require.Equal(w.t, entry.HTTP, a.status, a.body)
	require.Equal(w.t, entry.Name, f.Name)
	require.NotEmpty(w.t, f.Detail)
	require.NotEmpty(w.t, f.Remedy)
	for _, param := range entry.Params {
		require.NotContains(w.t, f.Detail, "{"+param.Key+"}", "every value is filled in")
	}
	require.Equal(w.t, "application/problem+json", a.header.Get("Content-Type"))
	require.Equal(w.t, f.ID, a.header.Get("X-Request-Id"))
	require.Equal(w.t, f.Message, wire.Error)
	require.Equal(w.t, f.Name, wire.ErrorCode)
	require.Equal(w.t, a.status, wire.Status)
	require.True(w.t, strings.HasPrefix(f.Docs, "http"), f.Docs)
	require.Equal(w.t, f.Docs, wire.Type)
	require.Equal(w.t, 1, w.times(f.ID), "one incident is reported once")
	require.NotContains(w.t, a.body, w.secret)
	require.NotContains(w.t, a.body, w.token)
	require.NotContains(w.t, a.body, adminToken)
	return problem{f, wire.Error, wire.ErrorCode, wire.Status, wire.Type}
}

func (w *fixture) newRoom(body any) map[string]any {
	w.t.Helper()
	return w.call(w.token, "POST", "/v2/rooms", body).ok()
}

func newKey(accountID, id string) record.NewKey { return record.NewKey{AccountID: accountID, ID: id} }
