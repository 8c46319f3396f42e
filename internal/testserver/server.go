// Package testserver runs a real Klatch server for tests: all parts on loopback with a directory of its own, and the
// things a test needs in it: accounts, keys, tokens, meetings, REST calls and signaling sockets. What a test does
// goes through the same doors as an integrator's program; nothing in the server is replaced.
package testserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/server"
)

// Server is a running server. Its methods may be called from parallel tests.
type Server struct {
	URL       string
	Dir       string         // data directory
	InProcess *server.Server // nil when spawned

	log        *logBuffer
	stopped    atomic.Bool
	close      sync.Once
	adminToken string

	// Of a spawned server.
	program  string
	settings map[string]string
	process  *process
	starts   int
}

// Config returns the configuration of a server before Start changes it: free ports on loopback and limits that no
// test meets by accident. The log has the level that operators use: what it does not know there is lost.
func Config(dir string) *conf.Config {
	c := conf.Default()
	c.HTTP.Address = "127.0.0.1:0"
	c.Media.Address = "" // a test that sets only one of the two below has only that
	c.Media.UDPAddress = "127.0.0.1:0"
	c.Media.TCPAddress = "127.0.0.1:0"
	c.Data.Dir = dir
	c.Limit.MessagesPerSecond = 10_000
	c.Limit.RESTPerSecond = 10_000
	for _, limit := range perAddress(c) { // all tests come from one
		*limit = 0
	}
	c.Limit.Drills = 1000
	c.Limit.MessageBytesPerSecond, c.Limit.MeetingMessageBytesPerSecond = 0, 0
	return c
}

func perAddress(c *conf.Config) []*int {
	l := &c.Limit
	return []*int{&l.RequestsPerAddress, &l.JoinsPerAddress, &l.FailedTokensPerAddress, &l.FailedAdminPerAddress,
		&l.FailedResumesPerAddress, &l.SignInsPerAddress, &l.SignIns,
		&l.SocketsPerAddress, &l.ConnectionsPerAddress, &l.TURNRequestsPerAddress, &l.RelaysPerAddress}
}

// Open starts a server that ends with the test. Each change may alter the configuration.
func Start(t testing.TB, changes ...func(*conf.Config)) *Server {
	t.Helper()
	srv := &Server{Dir: filepath.Join(t.TempDir(), "data"), log: &logBuffer{}}
	c := Config(srv.Dir)
	for _, change := range changes {
		change(c)
	}
	started, err := server.Start(t.Context(), server.Options{
		Config: c, Version: "test", Loopback: true, WorkerCommand: workerCommand,
		Logger: slog.New(slog.NewJSONHandler(srv.log, &slog.HandlerOptions{Level: c.Log.Level})),
	})
	require.NoError(t, err)
	srv.InProcess, srv.URL, srv.adminToken = started, started.URL(), started.AdminToken()
	srv.startedBy(t)
	t.Cleanup(func() { srv.Close(t) })
	return srv
}

// Close stops the server; a second call does nothing.
func (srv *Server) Close(t testing.TB) {
	srv.close.Do(func() {
		srv.stopped.Store(true)
		if srv.process != nil {
			srv.end(t)
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := srv.InProcess.Close(ctx); err != nil {
			t.Errorf("closing the server: %v", err)
		}
	})
}

// Forget records that the test has stopped the server itself, so that Close does nothing.
func (srv *Server) Forget() {
	srv.stopped.Store(true)
	srv.close.Do(func() {})
}

// Starts is how often a spawned server was started.
func (srv *Server) Starts() int { return srv.starts }

// Running reports whether the server answers: it was not closed or killed.
func (srv *Server) Running() bool { return !srv.stopped.Load() }

// LogLine is a line of the server's log.
type LogLine struct {
	Level       string
	Msg         string
	Fault       string
	Account     string
	Meeting     string
	Participant string
}

// FaultLines returns the log lines of a fault; one incident has one.
func (srv *Server) FaultLines(id string) []LogLine {
	srv.log.mu.Lock()
	defer srv.log.mu.Unlock()
	var found []LogLine
	for raw := range bytes.Lines(srv.log.all.Bytes()) {
		var line LogLine
		if bytes.Contains(raw, []byte(id)) && json.Unmarshal(raw, &line) == nil && line.Msg == "fault" && line.Fault == id {
			found = append(found, line)
		}
	}
	return found
}

// Logged reports whether the server's log has a line with this text.
func (srv *Server) Logged(text string) bool { return srv.log.has(text) }

// FaultsLoggedTwice returns the ids of the faults that are logged more than once.
func (srv *Server) FaultsLoggedTwice() (ids []string) {
	srv.log.mu.Lock()
	defer srv.log.mu.Unlock()
	seen := map[string]int{}
	for raw := range bytes.Lines(srv.log.all.Bytes()) {
		var line LogLine
		if json.Unmarshal(raw, &line) == nil && line.Msg == "fault" {
			if seen[line.Fault]++; seen[line.Fault] == 2 {
				ids = append(ids, line.Fault)
			}
		}
	}
	return ids
}

// ShowLog writes the end of what the server has logged to the log of the test.
func (srv *Server) ShowLog(t testing.TB) {
	const most = 20 << 10
	srv.log.mu.Lock()
	all := srv.log.all.String()
	srv.log.mu.Unlock()
	t.Log("log of " + srv.Dir + ":\n" + all[max(0, len(all)-most):])
}

// LogSize returns how many bytes the server has logged.
func (srv *Server) LogSize() int { return srv.log.size() }

// Account is an account with one API key.
type Account struct {
	server *Server

	ID     string
	Key    string
	Secret string
}

// Account makes an account over the admin API. settings may hold limits and settings, as the API takes them.
func (srv *Server) Account(t testing.TB, settings map[string]any) Account {
	t.Helper()
	body := map[string]any{"name": t.Name()}
	for name, value := range settings {
		body[name] = value
	}
	var account struct {
		ID string `json:"id"`
	}
	srv.mustAdmin(t, http.MethodPost, "/admin/v1/accounts", body, &account)
	var key struct {
		APIKey string `json:"apiKey"`
		Secret string `json:"secret"`
	}
	srv.mustAdmin(t, http.MethodPost, "/admin/v1/keys", map[string]any{"accountId": account.ID}, &key)
	require.NotEmpty(t, key.Secret)
	return Account{server: srv, ID: account.ID, Key: key.APIKey, Secret: key.Secret}
}

// minted counts tokens: no two expire in the same second. Tokens of one second and the same permissions are the same,
// and whoever comes with the token of somebody who was removed has to ask for entry.
var minted atomic.Int64

// Token mints a token of its own with these permissions; none means allow_join and allow_mod.
func (a Account) Token(t testing.TB, permissions ...string) string {
	t.Helper()
	if len(permissions) == 0 {
		permissions = []string{"allow_join", "allow_mod"}
	}
	lives := time.Hour + time.Duration(minted.Add(1))*time.Second
	return a.Grant(t, gate.Grant{Permissions: permissions, ExpiresIn: lives})
}

// Grant mints a token of this account's key.
func (a Account) Grant(t testing.TB, g gate.Grant) string {
	t.Helper()
	if g.APIKey == "" {
		g.APIKey = a.Key
	}
	token, err := gate.Mint(g, a.Secret)
	require.NoError(t, err)
	return token
}

// Meeting makes a meeting over REST and returns its id. settings may be nil.
func (a Account) Meeting(t testing.TB, settings map[string]any) string {
	t.Helper()
	if settings == nil {
		settings = map[string]any{}
	}
	var room struct {
		RoomID string `json:"roomId"`
	}
	status, body := a.server.REST(t, a.Token(t), http.MethodPost, "/v2/rooms", settings)
	require.Equal(t, http.StatusOK, status, string(body))
	require.NoError(t, json.Unmarshal(body, &room))
	require.NotEmpty(t, room.RoomID)
	return room.RoomID
}

// REST makes one call with a token. A body that is a string is sent as it is, anything else as JSON.
func (srv *Server) REST(t testing.TB, token, method, path string, body any) (status int, answer []byte) {
	t.Helper()
	return srv.call(t, token, method, path, body)
}

// AdminToken returns the token of the operator.
func (srv *Server) AdminToken() string { return srv.adminToken }

// AdminURL returns the address of the admin API: that of the server without http.adminAddress.
func (srv *Server) AdminURL() string {
	if srv.InProcess != nil {
		return srv.InProcess.AdminURL()
	}
	return srv.URL
}

// Admin makes one call of the admin API with its credential.
func (srv *Server) Admin(t testing.TB, method, path string, body any) (status int, answer []byte) {
	t.Helper()
	return srv.callAt(t, srv.AdminURL(), "Bearer "+srv.adminToken, method, path, body)
}

// MustAdmin makes a call of the admin API that must succeed.
func (srv *Server) MustAdmin(t testing.TB, method, path string, body any) {
	t.Helper()
	srv.mustAdmin(t, method, path, body, nil)
}

func (srv *Server) mustAdmin(t testing.TB, method, path string, body, into any) {
	t.Helper()
	status, answer := srv.Admin(t, method, path, body)
	require.Less(t, status, 300, "%s %s: %s", method, path, answer)
	if into != nil {
		require.NoError(t, json.Unmarshal(answer, into), string(answer))
	}
}

func (srv *Server) call(t testing.TB, authorization, method, path string, body any) (int, []byte) {
	t.Helper()
	return srv.callAt(t, srv.URL, authorization, method, path, body)
}

func (srv *Server) callAt(t testing.TB, base, authorization, method, path string, body any) (int, []byte) {
	t.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		require.NoError(t, err)
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, base+path, content)
	require.NoError(t, err)
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	if content != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }() // read to its end
	answer, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	if res.StatusCode >= 400 {
		var f struct{ ID string }
		_ = json.Unmarshal(answer, &f) // what holds no fault tells of none
		DeliveriesIn(t).Answered(f.ID)
	}
	return res.StatusCode, answer
}

// Ready returns the detail of /readyz about a capability that is missing; "" where it is there.
func (srv *Server) Ready(t testing.TB, capability string) string {
	t.Helper()
	_, answer := srv.Admin(t, http.MethodGet, "/readyz", nil) // the details are the operator's
	var ready struct {
		Capabilities map[string]struct {
			Ready  bool
			Detail string
		}
	}
	require.NoError(t, json.Unmarshal(answer, &ready), string(answer))
	found, known := ready.Capabilities[capability]
	require.True(t, known, string(answer))
	if found.Ready {
		return ""
	}
	return found.Detail
}

// Refused reads the fault of a refused REST call and checks that the HTTP status fits.
func Refused(t testing.TB, status int, answer []byte) *fault.Error {
	t.Helper()
	require.GreaterOrEqual(t, status, 400, string(answer))
	var f fault.Error
	require.NoError(t, json.Unmarshal(answer, &f), string(answer))
	require.Equal(t, f.HTTPStatus(), status, string(answer))
	var legacy struct {
		Error     string `json:"error"`
		ErrorCode string `json:"errorCode"`
	}
	require.NoError(t, json.Unmarshal(answer, &legacy))
	require.Equal(t, f.Message, legacy.Error, "what the published server SDK reads")
	require.Equal(t, f.Name, legacy.ErrorCode, "what the published server SDK reads")
	return &f
}

// logBuffer keeps the server's log.
type logBuffer struct {
	mu  sync.Mutex // guards all
	all bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *logBuffer) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Len()
}

func (l *logBuffer) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Contains(l.all.Bytes(), []byte(text))
}

// Event is one notification of the server.
type Event struct {
	Seq  int64           `json:"seq"`
	Name string          `json:"name"`
	Data json.RawMessage `json:"data"`
}

func (e Event) String() string { return fmt.Sprintf("%d %s %s", e.Seq, e.Name, e.Data) }
