// Package store keeps what must survive a restart: accounts, API keys, meetings, sessions with who was in
// them, persisted messages, and the fault timeline. It speaks SQL, to the embedded SQLite or to Postgres, with
// the same queries; migrations/ has one directory per engine.
//
// The server opens it; the gate reads credentials and meetings, meetings write their records, REST lists
// and administers, the incident boundary saves faults. It decides nothing: who may do what is the gate's, and
// which fault an error becomes is decided where the call came from. Values cross in the words of package
// record. Errors are *record.NotFoundError, *record.ConflictError, or *Error for a database that fails.
package store

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Store is the database. Safe for concurrent use; it holds no state of its own but counters.
type Store struct {
	write, read  *sql.DB     // the same pool on Postgres
	lock         *sql.DB     // SQLite only: keeps other servers out
	server       *serverLock // Postgres only: the same
	engine       engine
	sealer       *sealer
	faults       faultCounts
	uses         keyUse
	retention    record.FaultRetention
	alertChanges atomic.Int64       // see AlertChanges
	announced    chan struct{}      // of one place
	presentation fault.Presentation // of the faults in webhooks
	cluster      bool               // others use the database, too
	limitIdle    bool               // transactions limit how long they may idle, see idleTimeout
	owner        ownNode
}

// SetPresentation sets how webhooks present faults. It must be called before the first event is announced.
func (s *Store) SetPresentation(p fault.Presentation) { s.presentation = p }

// Options of OpenWith.
type Options struct {
	// URL is sqlite:///path/file.db, a bare path, or postgres://...; a SQLite file and its directory are made when
	// absent.
	URL       string
	SecretKey []byte
	// Cluster shares the database with other nodes of a cluster, on Postgres. SetNode must follow before the first
	// session.
	Cluster bool
	// LockURL is a direct address of the same Postgres, where URL leads through a connection pooler.
	LockURL string
	// LockWait is how long another server may take to let go of the database. Waiting is called once if it must.
	LockWait  time.Duration
	Waiting   func(holder string)
	LockCheck time.Duration // 5 s: how often the lock is looked at
	// Logged takes what happens to the lock of a running server.
	Logged func(problem string)
	Faults record.FaultRetention // a zero value is the default
}

// Open is OpenWith for a database that nobody else uses.
func Open(ctx context.Context, url string, secretKey []byte) (*Store, error) {
	return OpenWith(ctx, Options{URL: url, SecretKey: secretKey})
}

// OpenWith takes the database for this server, connects, migrates and checks the secret key. It returns *SecretKeyError
// when the key is not the one this database was made with, *InUseError, *PooledError, *OtherDatabaseError,
// *PostgresError, else *OpenError. Nothing in the database is touched before no other server uses it.
func OpenWith(ctx context.Context, o Options) (*Store, error) {
	url := o.URL
	sealer, err := newSealer(o.SecretKey)
	if err != nil {
		return nil, err
	}
	s := &Store{
		sealer:    sealer,
		cluster:   o.Cluster,
		announced: make(chan struct{}, 1),
		retention: o.Faults.Or(defaultRetention),
	}
	if isPostgres(url) {
		err = s.openPostgres(ctx, url, o)
	} else {
		err = s.openSQLite(ctx, url, o)
	}
	if err == nil {
		err = s.prepare(ctx)
	}
	if err == nil && s.server != nil {
		err = s.claimDatabase(ctx, o)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// claimDatabase writes this server into the database, and watches the lock from then on.
func (s *Store) claimDatabase(ctx context.Context, o Options) error {
	incarnation, err := s.claim(ctx)
	if err != nil {
		return &OpenError{Problem: "cannot write", err: err}
	}
	logged := o.Logged
	if logged == nil {
		logged = func(string) {}
	}
	s.server.watch(s, incarnation, cmp.Or(o.LockCheck, 5*time.Second), logged)
	return nil
}

func (s *Store) prepare(ctx context.Context) error {
	if err := s.write.PingContext(ctx); err != nil {
		if refused, ok := errors.AsType[*PostgresError](postgresFault(err)); ok {
			return refused
		}
		return &OpenError{Problem: "cannot connect", err: err}
	}
	if s.server != nil {
		seen, err := s.server.isSameDatabase(ctx, s)
		if err != nil {
			return &OpenError{Problem: "cannot see the locks of the database", err: err}
		}
		if !seen {
			return &OtherDatabaseError{}
		}
	}
	// Nodes may start at the same moment.
	if s.cluster && s.server != nil {
		unlock, err := s.server.lockMigrations(ctx)
		if err != nil {
			return &OpenError{Problem: "cannot lock the schema", err: err}
		}
		defer unlock()
	}
	if err := s.migrate(ctx); err != nil {
		if refused, ok := errors.AsType[*PostgresError](postgresFault(err)); ok && refused.Code == "42501" {
			return refused
		}
		if _, ok := errors.AsType[*OpenError](err); ok {
			return err
		}
		return &OpenError{Problem: "cannot migrate the schema", err: err}
	}
	if err := s.checkSecretKey(ctx); err != nil {
		return err
	}
	return nil
}

func (s *Store) migrate(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations/"+s.engine.name)
	if err != nil {
		return err
	}
	// One server at a time migrates: the others wait for the lock of the database, or of the migrations.
	provider, err := goose.NewProvider(s.engine.dialect, s.write, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		if s.cluster && s.takesSchema(ctx, target) {
			return nil
		}
		return &OpenError{
			Problem: fmt.Sprintf("a newer Klatch made this database (schema %d, this one knows %d)", current, target),
		}
	}
	if _, err = provider.Up(ctx); err != nil {
		return err
	}
	_, err = s.exec(ctx, s.write, `INSERT INTO meta (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, oldestName, strconv.AppendInt(nil, oldestSchema, 10))
	return err
}

// Two versions of Klatch run side by side while a cluster is upgraded: the first node of the new version migrates the
// schema under the nodes of the old one, which go on, and may be started again. Migrations from 00014 on therefore only
// expand: they add tables, columns with a default and indexes. Whatever a version stops using is removed two versions
// later, when no program that uses it runs any more. Queries name their columns, and inserts leave new ones to their
// defaults.
//
// oldestSchema is the schema that a program must know to run on the newest one. A migration that breaks older programs
// raises it to its own number: nodes that know less are refused, and the release notes say that such an upgrade stops
// all nodes.
const (
	oldestSchema = 14
	oldestName   = "oldest-schema" // of meta
)

// takesSchema reports whether a program that knows that schema runs on the newer one of the database.
func (s *Store) takesSchema(ctx context.Context, known int64) bool {
	var oldest []byte
	if err := s.row(ctx, s.write, `SELECT value FROM meta WHERE name = ?`, oldestName).Scan(&oldest); err != nil {
		return false
	}
	version, err := strconv.ParseInt(string(oldest), 10, 64)
	return err == nil && version <= known
}

// Close waits for running queries and closes the connections.
func (s *Store) Close() error {
	// the writer after the readers: it folds the write-ahead log into the file
	pools := []*sql.DB{s.read, s.write, s.lock}
	if s.engine.postgres {
		pools = []*sql.DB{s.write}
	}
	var errs []error
	for _, pool := range pools {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	if s.server != nil {
		s.server.release() // last: nobody else writes while this one does
	}
	return errors.Join(errs...)
}

// Error is a failure of the database. Op names what it did not take, for 5101 STORE: "the new meeting".
type Error struct {
	Op  string
	err error
}

func (e *Error) Error() string { return fmt.Sprintf("store: %s: %v", e.Op, e.err) }

// Unwrap returns the driver's error, for the log.
func (e *Error) Unwrap() error { return e.err }

// OpenError is the reason why a database cannot be used. Its text is for the operator and holds no password.
type OpenError struct {
	Problem string
	err     error
}

func (e *OpenError) Error() string {
	if e.err == nil {
		return "store: " + e.Problem
	}
	return fmt.Sprintf("store: %s: %v", e.Problem, e.err)
}

// Unwrap returns the driver's error.
func (e *OpenError) Unwrap() error { return e.err }
