package main

import (
	"database/sql"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
)

// asKlatch makes this test program klatch itself, for tests that need a process.
const asKlatch = "TEST_PROGRAM_IS_KLATCH"

func TestMain(m *testing.M) {
	if os.Getenv(asKlatch) != "" {
		main() // exits
	}
	os.Exit(m.Run())
}

// spawn starts `klatch serve` as a process.
func spawn(t *testing.T) *testserver.Server {
	t.Helper()
	t.Setenv(asKlatch, "1")
	return testserver.Spawn(t, os.Args[0], map[string]string{})
}

func running(s *testserver.Server) bool { return syscall.Kill(s.PID(), 0) == nil }

func ends(t *testing.T, s *testserver.Server, within time.Duration, why string) {
	t.Helper()
	require.Eventually(t, func() bool { return !running(s) }, within, 10*time.Millisecond, why)
	s.Forget()
}

func TestHangupReloads(t *testing.T) {
	s := spawn(t)
	require.NoError(t, syscall.Kill(s.PID(), syscall.SIGHUP))
	require.Eventually(t, func() bool { return s.Logged("reloading") }, testserver.Timeout, 10*time.Millisecond)
	res, err := http.Get(s.URL + "/healthz")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.NoError(t, syscall.Kill(s.PID(), syscall.SIGTERM))
	ends(t, s, testserver.Timeout, "SIGTERM does not stop it")
	require.True(t, s.Logged(`"msg":"stopped"`))
}

// A server that cannot record the end of its sessions takes long to stop; the second signal ends it.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	s := spawn(t)
	account := s.Account(t, nil)
	s.Join(t, testserver.JoinParams(account.Token(t), account.Meeting(t, nil), "ann"))
	db, err := sql.Open("sqlite", filepath.Join(s.Dir, "klatch.db"))
	require.NoError(t, err)
	defer func() { _ = db.Close() }() // rolled back
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback() }() // keeps the server waiting until then
	_, err = tx.ExecContext(t.Context(), `UPDATE meetings SET updated_at = updated_at`)
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(s.PID(), syscall.SIGINT))
	require.Eventually(t, func() bool { return s.Logged(`"msg":"stopping"`) }, testserver.Timeout, 10*time.Millisecond)
	require.True(t, running(s), "it waits for the database")
	require.NoError(t, syscall.Kill(s.PID(), syscall.SIGINT))
	ends(t, s, 2*time.Second, "the second signal does not end it")
	require.False(t, s.Logged(`"msg":"stopped"`))
}

func TestStopSignals(t *testing.T) {
	hangup := func(args string) bool {
		for _, s := range stopSignals(strings.Fields(args)) {
			if s == syscall.SIGHUP {
				return true
			}
		}
		return false
	}
	kept := signal.Ignored(syscall.SIGHUP) // by nohup
	require.Equal(t, !kept, hangup("dev --port 0"), "its terminal is closed")
	require.Equal(t, !kept, hangup("join --url x"))
	require.False(t, hangup("serve --config x"))
}
