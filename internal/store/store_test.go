package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
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
		s, err := store.OpenWith(t.Context(), options(url))
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

// A second server on a database would end the sessions of the first: it waits, or is refused and told who has it.
func TestPostgresServesOneServer(t *testing.T) {
	for name, url := range map[string]string{"direct": newPostgresDatabase(t), "pgbouncer": newPooledDatabase(t)} {
		t.Run(name, func(t *testing.T) {
			first, err := store.OpenWith(t.Context(), options(url))
			require.NoError(t, err)
			_, err = openNow(t, url)
			used, ok := errors.AsType[*store.InUseError](err)
			require.True(t, ok, "%v", err)
			require.Contains(t, used.Holder, fmt.Sprintf("pid %d, connected from a local socket since 20", os.Getpid()))

			patient := options(url)
			patient.LockWait = 20 * time.Second
			waits := make(chan string, 1)
			patient.Waiting = func(holder string) { waits <- holder }
			opened := make(chan error, 1)
			var second *store.Store
			go func() {
				var err error
				second, err = store.OpenWith(context.Background(), patient)
				opened <- err
			}()
			require.Equal(t, used.Holder, <-waits)
			require.NoError(t, first.Close())
			require.NoError(t, <-opened)
			require.NoError(t, second.Close())
		})
	}
}

// Nodes of a cluster share the database, which a server alone has for itself.
func TestNodesShareADatabase(t *testing.T) {
	for name, url := range map[string]string{"direct": newPostgresDatabase(t), "pgbouncer": newPooledDatabase(t)} {
		t.Run(name, func(t *testing.T) {
			node := options(url)
			node.Cluster, node.LockCheck = true, 50*time.Millisecond
			var opening sync.WaitGroup
			nodes := make([]*store.Store, 3)
			for i := range nodes { // at once, on an empty database
				opening.Go(func() {
					var err error
					nodes[i], err = store.OpenWith(context.Background(), node)
					assert.NoError(t, err)
				})
			}
			opening.Wait()
			account := newAccount(t, nodes[0], "Ann")
			_, err := nodes[2].Account(t.Context(), account.ID)
			require.NoError(t, err)
			_, err = openNow(t, url)
			used, ok := errors.AsType[*store.InUseError](err)
			require.True(t, ok, "%v", err)
			require.True(t, used.Cluster)
			require.Contains(t, used.Holder, fmt.Sprintf("pid %d", os.Getpid()))
			for _, s := range nodes {
				select {
				case err := <-s.Lost():
					require.NoError(t, err, "another node is no other server")
				default:
				}
				require.NoError(t, s.Close())
			}

			alone := open(t, url)
			node.LockWait = 0
			_, err = store.OpenWith(t.Context(), node)
			used, ok = errors.AsType[*store.InUseError](err)
			require.True(t, ok, "%v", err)
			require.True(t, used.Alone)
			require.NoError(t, alone.Close())
		})
	}
}

// A node that was stopped within a transaction does not keep its meeting from being taken over.
func TestTransactionOfAStoppedNode(t *testing.T) {
	for name, url := range map[string]string{"direct": newPostgresDatabase(t), "pgbouncer": newPooledDatabase(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stopped, other := openNode(t, url, nodeA), openNode(t, url, nodeB)
			account := newAccount(t, other, "Ann")
			meeting := newMeeting(t, other, account.ID, "standup")
			placed := record.Owner{MeetingID: meeting.ID, AccountID: account.ID, Node: nodeA}
			owner, err := other.PlaceMeeting(t.Context(), placed)
			require.NoError(t, err)
			require.NoError(t, stopped.SessionStarted(t.Context(), record.NewSession{
				ID: "s", AccountID: account.ID, MeetingID: meeting.ID, StartedAt: at,
			}))
			held, goOn, ended := make(chan bool), make(chan bool), make(chan error, 1)
			go func() {
				ended <- stopped.WithinSession(context.Background(), "s", func() { close(held); <-goOn })
			}()
			<-held
			began := time.Now()
			_, moved, err := other.MoveMeeting(t.Context(), owner, nodeB)
			require.NoError(t, err)
			require.True(t, moved)
			require.Less(t, time.Since(began), 4*time.Second)
			close(goOn)
			require.Error(t, <-ended)
		})
	}
}

// The connection that holds the lock may die while the database lives: the lock is taken again, unless another server
// has had the database meanwhile.
func TestLockThatIsLost(t *testing.T) {
	url := newPostgresDatabase(t)
	watched := options(url)
	watched.LockCheck = 50 * time.Millisecond
	said := make(chan string, 100)
	watched.Logged = func(problem string) { said <- problem }
	first, err := store.OpenWith(t.Context(), watched)
	require.NoError(t, err)
	db, err := sql.Open("pgx", url)
	require.NoError(t, err)
	cut := func() {
		var n int
		require.Eventually(t, func() bool { // who was refused has gone
			err := db.QueryRow(
				`SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'klatch on %'`,
			).
				Scan(&n)
			return err == nil && n == 1
		}, 10*time.Second, 10*time.Millisecond)
		require.NoError(t, db.QueryRow(`SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name LIKE 'klatch on %'`).Scan(&n))
		require.Equal(t, 1, n)
	}
	cut()
	require.Contains(t, <-said, "held again")
	_, err = openNow(t, url)
	require.ErrorAs(t, err, new(*store.InUseError), "the lock is held again")

	_, err = db.Exec(`UPDATE meta SET value = 'another server' WHERE name = 'server'`) // it came and went
	require.NoError(t, err)
	cut()
	select {
	case err := <-first.Lost():
		require.ErrorContains(t, err, "has ended the sessions of this one")
	case <-time.After(10 * time.Second):
		t.Fatal("nobody notices")
	}
	require.NoError(t, errors.Join(db.Close(), first.Close()))
}

func TestPoolerIsRefusedForTheLock(t *testing.T) {
	pooled := newPooledDatabase(t)
	o := options(pooled)
	direct := o.LockURL
	o.LockURL = ""
	_, err := store.OpenWith(t.Context(), o)
	refused, ok := errors.AsType[*store.PooledError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "database.url", refused.Setting)
	o.LockURL = pooled
	_, err = store.OpenWith(t.Context(), o)
	refused, ok = errors.AsType[*store.PooledError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "database.lockUrl", refused.Setting)
	o.LockURL = newPostgresDatabase(t)
	_, err = store.OpenWith(t.Context(), o)
	require.ErrorAs(t, err, new(*store.OtherDatabaseError))
	o.LockURL = direct
	s, err := store.OpenWith(t.Context(), o)
	require.NoError(t, err)
	require.NoError(t, s.Close())
}

func TestSQLiteServesOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "klatch.db")
	s, err := store.Open(t.Context(), path, testKey)
	require.NoError(t, err)
	_, err = store.Open(t.Context(), path, testKey)
	_, ok := errors.AsType[*store.InUseError](err)
	require.True(t, ok, "%v", err)
	require.NoError(t, s.Close())
	require.NoError(t, open(t, path).Alive(t.Context(), time.Now()))
}

func TestWrongSecretKey(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, err := store.OpenWith(t.Context(), options(url))
		require.NoError(t, err)
		require.NoError(t, s.Close())

		_, err = openWithKey(t, url, bytes.Repeat([]byte{8}, store.SecretKeySize))
		wrong, ok := errors.AsType[*store.SecretKeyError](err)
		require.True(t, ok, "%v", err)
		require.Contains(t, wrong.Problem, "not the key this database was made with")

		_, err = openWithKey(t, url, testKey[:16])
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
			_, err := store.OpenWith(t.Context(), options(url))
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
		s, err := store.OpenWith(t.Context(), options(url))
		require.NoError(t, err)
		require.NoError(t, s.Close())
		_, err = s.Credential(t.Context(), "key")
		e, ok := errors.AsType[*store.Error](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, "the query for an API key", e.Op)
		require.Error(t, s.Alive(t.Context(), time.Now()))
	})
}

func TestWritersAreSerialized(t *testing.T) {
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
		s, err := store.OpenWith(t.Context(), options(url))
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

		_, err = store.OpenWith(t.Context(), options(url))
		e, ok := errors.AsType[*store.OpenError](err)
		require.True(t, ok, "%v", err)
		require.Contains(t, e.Problem, "a newer Klatch made this database (schema 9999")
	})
}

// While a cluster is upgraded, nodes of the older version run, and start, on the schema of the newer one.
func TestNewerSchemaOfACluster(t *testing.T) {
	url := newPostgresDatabase(t)
	running := openNode(t, url, nodeA)
	db, err := sql.Open("pgx", url)
	require.NoError(t, err)
	defer db.Close()
	for _, statement := range []string{
		`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`,
		`CREATE TABLE later (id TEXT PRIMARY KEY)`,
		`ALTER TABLE meetings ADD COLUMN later TEXT NOT NULL DEFAULT 'x'`,
		`ALTER TABLE stays ADD COLUMN later BIGINT`,
	} {
		_, err := db.Exec(statement)
		require.NoError(t, err)
	}
	account := newAccount(t, running, "Ann")
	newMeeting(t, running, account.ID, "standup")
	newMeeting(t, openNode(t, url, nodeB), account.ID, "retro")

	_, err = db.Exec(`UPDATE meta SET value = '9999' WHERE name = 'oldest-schema'`)
	require.NoError(t, err)
	o := options(url)
	o.Cluster = true
	_, err = store.OpenWith(t.Context(), o)
	require.ErrorContains(t, err, "a newer Klatch made this database (schema 9999")
}

// Both engines go through the same steps.
func TestMigrationsOfBothEnginesMatch(t *testing.T) {
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
