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
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// Store is the database. Safe for concurrent use; it holds no state of its own but counters.
type Store struct {
	write, read *sql.DB // the same pool on Postgres
	lock        *sql.DB // SQLite only: keeps other servers out
	engine      engine
	sealer      *sealer
	faults      faultCounts
	announced   chan struct{} // of one place
}

// Open connects, migrates and checks the secret key. url is sqlite:///path/file.db, a bare path, or
// postgres://...; a SQLite file and its directory are made when absent. It returns *SecretKeyError when the
// key is not the one this database was made with, else *OpenError.
func Open(ctx context.Context, url string, secretKey []byte) (*Store, error) {
	sealer, err := newSealer(secretKey)
	if err != nil {
		return nil, err
	}
	s := &Store{sealer: sealer, announced: make(chan struct{}, 1)}
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		err = s.openPostgres(url)
	} else {
		err = s.openSQLite(ctx, url)
	}
	if err == nil {
		err = s.prepare(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) error {
	if err := s.write.PingContext(ctx); err != nil {
		return &OpenError{Problem: "cannot connect", err: err}
	}
	if err := s.migrate(ctx); err != nil {
		if _, ok := errors.AsType[*OpenError](err); ok {
			return err
		}
		return &OpenError{Problem: "cannot migrate the schema", err: err}
	}
	if err := s.checkSecretKey(ctx); err != nil {
		return err
	}
	return s.TrimFaults(ctx, time.Now().Add(-faultsAge), faultsKept, faultsKeptNone)
}

func (s *Store) migrate(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations/"+s.engine.name)
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if s.engine.postgres {
		// Two servers that start together migrate once.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60)) // asks every second, for a minute
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(s.engine.dialect, s.write, dir, options...)
	if err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		return &OpenError{Problem: fmt.Sprintf("a newer Klatch made this database (schema %d, this one knows %d)", current, target)}
	}
	_, err = provider.Up(ctx)
	return err
}

// Close waits for running queries and closes the connections.
func (s *Store) Close() error {
	pools := []*sql.DB{s.read, s.write, s.lock} // the writer after the readers: it folds the write-ahead log into the file
	if s.engine.postgres {
		pools = []*sql.DB{s.write}
	}
	var errs []error
	for _, pool := range pools {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Error says that the database failed. Op names what it did not take, for 5101 STORE: "the new meeting".
type Error struct {
	Op  string
	err error
}

func (e *Error) Error() string { return fmt.Sprintf("store: %s: %v", e.Op, e.err) }

// Unwrap gives the driver's error, for the log.
func (e *Error) Unwrap() error { return e.err }

// OpenError says why a database cannot be used. Its text is for the operator and holds no password.
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

// Unwrap gives the driver's error.
func (e *OpenError) Unwrap() error { return e.err }
