package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/store"
)

var testKey = bytes.Repeat([]byte{7}, store.SecretKeySize)

// each runs a test on every engine, each time in a new database; it opens again with open.
func each(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, "sqlite://"+filepath.Join(t.TempDir(), "klatch.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newPostgresDatabase(t))
	})
}

func newPostgresDatabase(t *testing.T) string {
	t.Helper()
	server, err := startPostgres()
	if errors.Is(err, errNoPostgres) {
		t.Skip("NO POSTGRES: initdb was not found; this package is tested on SQLite only")
	}
	require.NoError(t, err)
	return server.newDatabase(t)
}

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, testKey)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestMain(m *testing.M) {
	// Each step of a rapid check is a query on disk; the command line may ask for more.
	if err := errors.Join(flag.Set("rapid.checks", "15"), flag.Set("rapid.steps", "20")); err != nil {
		panic(err)
	}
	code := m.Run()
	if server, err := startPostgres(); started && err == nil {
		server.stop()
	}
	os.Exit(code)
}

// postgres is one server for all tests of the package, on a unix socket in a directory of its own.
type postgres struct {
	dir     string
	process *exec.Cmd
	mu      sync.Mutex
	count   int // guarded by mu; databases made
}

var (
	errNoPostgres = errors.New("no initdb")
	started       bool
	startPostgres = sync.OnceValues(func() (*postgres, error) {
		started = true
		return newPostgres()
	})
)

func newPostgres() (_ *postgres, err error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	p := &postgres{}
	if p.dir, err = os.MkdirTemp("", "klatch-pg"); err != nil { // short: a socket path has at most 107 bytes
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(p.dir)
		}
	}()
	// Postgres refuses to run as root; Debian's package brings a user of that name.
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() == 0 {
		who, err := user.Lookup("postgres")
		if err != nil {
			return nil, err
		}
		uid, _ := strconv.Atoi(who.Uid)
		gid, _ := strconv.Atoi(who.Gid)
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(p.dir, uid, gid); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(p.dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = attr, p.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	p.process = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", p.dir, "-c", "listen_addresses=", "-c", "fsync=off")
	p.process.SysProcAttr, p.process.Dir = attr, p.dir
	if err := p.process.Start(); err != nil {
		return nil, err
	}
	return p, p.await()
}

func postgresBin() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errNoPostgres
	}
	return filepath.Dir(found[len(found)-1]), nil
}

func (p *postgres) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	db, err := sql.Open("pgx", p.url("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := db.PingContext(ctx)
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

func (p *postgres) url(database string) string {
	return fmt.Sprintf("postgres:///%s?host=%s&user=postgres", database, p.dir)
}

func (p *postgres) newDatabase(t *testing.T) string {
	t.Helper()
	db, err := sql.Open("pgx", p.url("postgres"))
	require.NoError(t, err)
	defer db.Close()
	p.mu.Lock() // CREATE DATABASE wants its template for itself
	defer p.mu.Unlock()
	p.count++
	name := fmt.Sprintf("test%d", p.count)
	_, err = db.ExecContext(t.Context(), "CREATE DATABASE "+name)
	require.NoError(t, err)
	return p.url(name)
}

func (p *postgres) stop() {
	_ = p.process.Process.Signal(syscall.SIGINT) // fast shutdown
	_ = p.process.Wait()
	_ = os.RemoveAll(p.dir)
}
