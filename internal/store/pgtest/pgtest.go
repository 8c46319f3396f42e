// Package pgtest runs a real Postgres server for tests, and pgbouncer before it: Debian's packages, which `make tools`
// installs, on unix sockets in a directory of their own.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"github.com/stretchr/testify/require"
)

// ErrMissing reports that Postgres is not installed.
var ErrMissing = errors.New("no initdb")

// Server is one Postgres for all tests of a program.
type Server struct {
	dir     string
	attr    *syscall.SysProcAttr
	process *exec.Cmd
	stopped chan struct{} // closed when it has ended

	mu    sync.Mutex // guards count
	count int        // databases made
}

var started bool

// Start starts the server, once. Stop ends it.
var Start = sync.OnceValues(func() (*Server, error) {
	started = true
	return start()
})

// Stop ends the server that Start has started, if any. It is called when all tests have ended.
func Stop() {
	if !started {
		return
	}
	if s, err := Start(); err == nil {
		s.stop()
	}
}

// Main is the tests of a program, for goleak: the server has stopped before goleak looks for what still runs.
type Main struct{ *testing.M }

// Run runs the tests and stops the server.
func (m Main) Run() int {
	defer Stop()
	return m.M.Run()
}

func start() (_ *Server, err error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	s := &Server{}
	if s.dir, err = os.MkdirTemp("", "klatch-pg"); err != nil { // short: a socket path has at most 107 bytes
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(s.dir)
		}
	}()
	if s.attr, err = unprivileged(s.dir); err != nil {
		return nil, err
	}
	data := filepath.Join(s.dir, "data")
	initdb := exec.Command(
		filepath.Join(bin, "initdb"),
		"-D",
		data,
		"-U",
		"postgres",
		"-A",
		"trust",
		"-E",
		"UTF8",
		"--locale=C",
		"--no-sync",
	)
	initdb.SysProcAttr, initdb.Dir = s.attr, s.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	s.process = exec.Command(
		filepath.Join(bin, "postgres"),
		"-D",
		data,
		"-k",
		s.dir,
		"-c",
		"listen_addresses=",
		"-c",
		"fsync=off",
	)
	s.process.SysProcAttr, s.process.Dir = s.attr, s.dir
	begun := make(chan error)
	s.stopped = make(chan struct{})
	go func() {
		runtime.LockOSThread() // Pdeathsig comes when the thread ends that started it, not when the program does
		begun <- s.process.Start()
		<-s.stopped
	}()
	if err := <-begun; err != nil {
		return nil, err
	}
	return s, await(s.url("postgres"))
}

// unprivileged hands a directory over to a user that Postgres runs as: it refuses to be root. Debian's package brings
// one.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if os.Getuid() != 0 {
		return attr, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, _ := strconv.Atoi(who.Uid)
	gid, _ := strconv.Atoi(who.Gid)
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, uid, gid)
}

func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", ErrMissing
	}
	return filepath.Dir(found[len(found)-1]), nil
}

func await(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		_, err := db.ExecContext(ctx, "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", err)
		case <-tick.C:
		}
	}
}

func (s *Server) url(database string) string {
	return fmt.Sprintf("postgres:///%s?host=%s&user=postgres", database, s.dir)
}

// NewDatabase makes a database and returns its address.
func (s *Server) NewDatabase(t testing.TB) string {
	t.Helper()
	db, err := sql.Open("pgx", s.url("postgres"))
	require.NoError(t, err)
	defer db.Close()
	s.mu.Lock() // CREATE DATABASE wants its template for itself
	defer s.mu.Unlock()
	s.count++
	name := fmt.Sprintf("test%d", s.count)
	_, err = db.ExecContext(t.Context(), "CREATE DATABASE "+name)
	require.NoError(t, err)
	return s.url(name)
}

func (s *Server) stop() {
	_ = s.process.Process.Signal(syscall.SIGINT) // fast shutdown
	_ = s.process.Wait()
	_ = os.RemoveAll(s.dir)
	close(s.stopped)
}

// Pgbouncer starts a pooler in transaction mode before a database of the server, and returns the address that leads
// through it. It ends with the test.
func Pgbouncer(t testing.TB, url string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // not in the path of ordinary users
	}
	dir, err := os.MkdirTemp("", "klatch-pgb")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	attr, err := unprivileged(dir)
	require.NoError(t, err)
	database, host, _ := strings.Cut(strings.TrimPrefix(url, "postgres:///"), "?host=")
	host, _, _ = strings.Cut(host, "&")
	config := filepath.Join(dir, "pgbouncer.ini")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `[databases]
%[1]s = host=%[2]s dbname=%[1]s user=postgres
[pgbouncer]
listen_addr =
unix_socket_dir = %[3]s
auth_type = any
pool_mode = transaction
default_pool_size = 4
logfile = %[3]s/log
`, database, host, dir), 0o644))
	cmd := exec.Command(program, config)
	cmd.SysProcAttr, cmd.Dir = attr, dir
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	pooled := fmt.Sprintf("postgres:///%s?host=%s&port=6432&user=postgres", database, dir)
	require.NoError(t, await(pooled+"&default_query_exec_mode=exec"))
	return pooled
}
