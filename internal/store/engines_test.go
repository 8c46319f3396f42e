package store_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/pgtest"
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
	t.Run("pgbouncer", func(t *testing.T) {
		t.Parallel()
		test(t, newPooledDatabase(t))
	})
}

// newPooledDatabase makes one that is reached through pgbouncer in transaction mode.
func newPooledDatabase(t *testing.T) string {
	t.Helper()
	direct := newPostgresDatabase(t)
	pooled := pgtest.Pgbouncer(t, direct)
	lockURLs.Store(pooled, direct)
	return pooled
}

func openWithKey(t *testing.T, url string, key []byte) (*store.Store, error) {
	o := options(url)
	o.SecretKey = key
	return store.OpenWith(t.Context(), o)
}

// openNow opens a database that another server may have, without waiting for it.
func openNow(t *testing.T, url string) (*store.Store, error) {
	o := options(url)
	o.LockWait = 0
	return store.OpenWith(t.Context(), o)
}

// lockURLs are the direct addresses beside those that lead through a pooler.
var lockURLs sync.Map

// options are those of a server that waits for the database: Postgres frees the lock of a connection some time after
// that was closed.
func options(url string) store.Options {
	o := store.Options{URL: url, SecretKey: testKey, LockWait: 10 * time.Second}
	if direct, ok := lockURLs.Load(url); ok {
		o.LockURL = direct.(string)
	}
	return o
}

func newPostgresDatabase(t testing.TB) string {
	t.Helper()
	server, err := pgtest.Start()
	if errors.Is(err, pgtest.ErrMissing) {
		t.Skip("NO POSTGRES: initdb was not found; this package is tested on SQLite only")
	}
	require.NoError(t, err)
	return server.NewDatabase(t)
}

func open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.OpenWith(t.Context(), options(url))
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
	pgtest.Stop()
	os.Exit(code)
}

// openNode opens a database as a node of a cluster, beside others.
func openNode(t *testing.T, url string, id record.NodeID) *store.Store {
	t.Helper()
	o := options(url)
	o.Cluster = true
	s, err := store.OpenWith(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	as(s, id)
	return s
}
