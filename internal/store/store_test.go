package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

var at = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func after(seconds int) time.Time { return at.Add(time.Duration(seconds) * time.Second) }

func notFound(t *testing.T, err error, kind string) {
	t.Helper()
	e, ok := errors.AsType[*record.NotFoundError](err)
	require.True(t, ok, "not a NotFoundError: %v", err)
	require.Equal(t, kind, e.Kind)
}

func newAccount(t *testing.T, s *store.Store, name string) record.Account {
	t.Helper()
	a, err := s.CreateAccount(t.Context(), record.Account{Name: name})
	require.NoError(t, err)
	return a
}

func newMeeting(t *testing.T, s *store.Store, accountID, customID string) record.Meeting {
	t.Helper()
	m, created, err := s.CreateMeeting(t.Context(), record.Meeting{AccountID: accountID, CustomID: customID})
	require.NoError(t, err)
	require.True(t, created)
	return m
}

func TestReopenKeepsEverything(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, testKey)
		require.NoError(t, err)
		a := newAccount(t, s, "Ann")
		key, secret, err := s.CreateKey(t.Context(), record.NewKey{AccountID: a.ID, Label: "web"})
		require.NoError(t, err)
		require.NoError(t, s.Alive(t.Context(), time.Now()))
		require.NoError(t, s.Close())

		s = open(t, url)
		cred, err := s.Credential(t.Context(), key.ID)
		require.NoError(t, err)
		require.Equal(t, record.Credential{Key: key, Secret: secret, Account: a}, cred)
	})
}

func TestServersShareAPostgres(t *testing.T) {
	url := newPostgresDatabase(t)
	var wg sync.WaitGroup
	stores, errs := make([]*store.Store, 3), make([]error, 3)
	for i := range errs {
		wg.Go(func() { stores[i], errs[i] = store.Open(context.Background(), url, testKey) })
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...), "they migrate once")
	a := newAccount(t, stores[0], "Ann")
	for _, s := range stores {
		got, err := s.Account(t.Context(), a.ID)
		require.NoError(t, err)
		require.Equal(t, a, got)
		require.NoError(t, s.Close())
	}
}

func TestSQLiteServesOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "klatch.db")
	s, err := store.Open(t.Context(), path, testKey)
	require.NoError(t, err)
	_, err = store.Open(t.Context(), path, testKey)
	e, ok := errors.AsType[*store.OpenError](err)
	require.True(t, ok, "%v", err)
	require.Contains(t, e.Problem, "another Klatch has this database open")
	require.NoError(t, s.Close())
	require.NoError(t, open(t, path).Alive(t.Context(), time.Now()))
}

func TestWrongSecretKey(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, testKey)
		require.NoError(t, err)
		require.NoError(t, s.Close())

		_, err = store.Open(t.Context(), url, bytes.Repeat([]byte{8}, store.SecretKeySize))
		wrong, ok := errors.AsType[*store.SecretKeyError](err)
		require.True(t, ok, "%v", err)
		require.Contains(t, wrong.Problem, "not the key this database was made with")

		_, err = store.Open(t.Context(), url, testKey[:16])
		wrong, ok = errors.AsType[*store.SecretKeyError](err)
		require.True(t, ok, "%v", err)
		require.Contains(t, wrong.Problem, "16 bytes")
	})
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	junk := filepath.Join(dir, "junk.db")
	require.NoError(t, os.WriteFile(junk, bytes.Repeat([]byte("not a database "), 100), 0o600))
	for name, url := range map[string]string{
		"no file named":       "sqlite://",
		"memory":              "sqlite://:memory:",
		"a directory":         dir,
		"below a file":        filepath.Join(junk, "klatch.db"),
		"not a database":      junk,
		"bad postgres url":    "postgres://ann:hidden@localhost:port/x",
		"nobody listens":      "postgres://ann:hidden@127.0.0.1:1/x?connect_timeout=5",
		"bad postgres option": "postgres://ann:hidden@127.0.0.1:1/x?sslmode=perhaps",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Open(t.Context(), url, testKey)
			e, ok := errors.AsType[*store.OpenError](err)
			require.True(t, ok, "%v", err)
			require.NotEmpty(t, e.Problem)
			require.NotContains(t, err.Error(), "hidden")
		})
	}
}

func TestSQLiteFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "er", "a b?#%.db")
	s, err := store.Open(t.Context(), path, testKey)
	require.NoError(t, err)
	newAccount(t, s, "Ann")
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(path + suffix)
		require.NoError(t, err, suffix)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), suffix)
	}
	require.NoError(t, s.Close())
	_, err = os.Stat(path + "-wal")
	require.ErrorIs(t, err, os.ErrNotExist, "the log is folded in")
}

func TestClosedStoreSaysWhichOperationFailed(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, testKey)
		require.NoError(t, err)
		require.NoError(t, s.Close())
		_, err = s.Credential(t.Context(), "key")
		e, ok := errors.AsType[*store.Error](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, "the query for an API key", e.Op)
		require.Error(t, s.Alive(t.Context(), time.Now()))
	})
}

func TestWritersDoNotMeet(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		a := newAccount(t, s, "Ann")
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 10 {
					_, err := s.UpdateAccount(t.Context(), a.ID, func(a *record.Account) { a.Limits.Participants++ })
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		got, err := s.Account(t.Context(), a.ID)
		require.NoError(t, err)
		require.Equal(t, 80, got.Limits.Participants, "no change is lost")
	})
}

func TestNewerSchema(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, testKey)
		require.NoError(t, err)
		require.NoError(t, s.Close())
		driver, dsn := "pgx", url
		if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
			driver, dsn = "sqlite", path
		}
		db, err := sql.Open(driver, dsn)
		require.NoError(t, err)
		_, err = db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
		require.NoError(t, errors.Join(err, db.Close()))

		_, err = store.Open(t.Context(), url, testKey)
		e, ok := errors.AsType[*store.OpenError](err)
		require.True(t, ok, "%v", err)
		require.Contains(t, e.Problem, "a newer Klatch made this database (schema 9999")
	})
}

// Both engines go through the same steps.
func TestMigrationsAreTwins(t *testing.T) {
	names := func(engine string) (out []string) {
		entries, err := os.ReadDir(filepath.Join("migrations", engine))
		require.NoError(t, err)
		for _, entry := range entries {
			out = append(out, entry.Name())
		}
		return out
	}
	require.Equal(t, names("sqlite"), names("postgres"))
}

func TestLockFileOfAnotherKind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "klatch.db")
	require.NoError(t, os.WriteFile(path+".lock", []byte("garbage"), 0o600))
	_, err := store.Open(t.Context(), path, testKey)
	e, ok := errors.AsType[*store.OpenError](err)
	require.True(t, ok, "%v", err)
	require.Contains(t, e.Problem, "klatch.db.lock cannot be used")
}
