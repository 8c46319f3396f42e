package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// engine is what differs between the two databases once they are open.
type engine struct {
	name     string // of the migrations directory
	dialect  goose.Dialect
	postgres bool
}

const (
	sqliteReaders = 4  // readers of a WAL database do not wait for the writer
	postgresConns = 16 // of the 100 that a Postgres server has by default
)

func (s *Store) openSQLite(ctx context.Context, name string, o Options) error {
	path, err := sqlitePath(name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return &OpenError{Problem: "cannot make the directory of the database", err: err}
	}
	if err := touch(path); err != nil {
		return &OpenError{Problem: "cannot open the database file", err: err}
	}
	if s.lock, err = lockSQLite(ctx, path+".lock", o); err != nil {
		return err
	}

	base := dsn(path, 5000) + "&_pragma=foreign_keys(1)"
	// NORMAL: a power cut may take the last commits, but never harms the file.
	// One writer: SQLite has one write lock, and waiting for a connection is fair where its busy handler is not.
	s.write, err = sql.Open("sqlite", base+"&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate")
	if err != nil {
		return &OpenError{Problem: "cannot open the database file", err: err}
	}
	s.write.SetMaxOpenConns(1)
	s.read, err = sql.Open("sqlite", base+"&_pragma=query_only(1)")
	if err != nil {
		return &OpenError{Problem: "cannot open the database file", err: err}
	}
	s.read.SetMaxOpenConns(sqliteReaders)
	s.read.SetMaxIdleConns(sqliteReaders)
	s.engine = engine{name: "sqlite", dialect: goose.DialectSQLite3}
	return nil
}

// sqlitePath returns the absolute path of a database file from its address.
func sqlitePath(url string) (string, error) {
	path := strings.TrimPrefix(strings.TrimPrefix(url, "sqlite:"), "//")
	if path == "" || strings.Contains(path, ":memory:") {
		return "", &OpenError{Problem: "the database url names no file; sqlite:///path/klatch.db does"}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", &OpenError{Problem: "cannot find the directory of the database", err: err}
	}
	return path, nil
}

func dsn(path string, busyMs int) string {
	return fmt.Sprintf("file:%s?_pragma=busy_timeout(%d)", (&url.URL{Path: path}).EscapedPath(), busyMs)
}

// touch makes a file that only this user can read: SQLite would make it readable for all. The write-ahead log
// and its index inherit the mode.
func touch(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// lockSQLite holds a lock that ends with the process, on a file of its own: a second server on the same SQLite
// file would end the sessions of the first as orphans. The lock is that of SQLite, which works on every system.
func lockSQLite(ctx context.Context, path string, o Options) (*sql.DB, error) {
	if err := touch(path); err != nil {
		return nil, &OpenError{Problem: "cannot make the lock file of the database", err: err}
	}
	db, err := sql.Open("sqlite", dsn(path, 500))
	if err != nil {
		return nil, &OpenError{Problem: "cannot open the lock file of the database", err: err}
	}
	db.SetMaxOpenConns(1) // the transaction below is never ended and stays with its connection
	const holder = "a server with the same data directory"
	started := time.Now()
	for told := false; ; {
		_, err := db.ExecContext(ctx, "BEGIN EXCLUSIVE") // waits for half a second
		coded, ok := errors.AsType[interface {
			error
			Code() int
		}](err)
		switch waited := time.Since(started); {
		case err == nil:
			return db, nil
		case !ok || coded.Code() != sqlite3.SQLITE_BUSY:
			problem := "the lock file " + path + " cannot be used; it holds nothing and may be deleted"
			return nil, errors.Join(&OpenError{Problem: problem, err: err}, db.Close())
		case waited >= o.LockWait:
			return nil, errors.Join(&InUseError{Holder: holder, Waited: waited.Round(time.Millisecond)}, db.Close())
		}
		if !told && o.Waiting != nil {
			told = true
			o.Waiting(holder)
		}
	}
}

func (s *Store) openPostgres(ctx context.Context, name string, o Options) error {
	config, err := pgx.ParseConfig(name)
	if err != nil {
		return &OpenError{Problem: "the database url is not valid", err: err} // pgx leaves the password out
	}
	lockURL, setting := o.LockURL, "database.lockUrl"
	if lockURL == "" {
		lockURL, setting = name, "database.url"
	} else if config.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		// The address leads through a pooler: a statement that was prepared on one connection of it is not there on the
		// next.
		config.DefaultQueryExecMode = pgx.QueryExecModeExec
	}
	if o.Cluster {
		if o.LockURL == "" {
			config.RuntimeParams["idle_in_transaction_session_timeout"] = strconv.Itoa(int(idleTimeout.Milliseconds()))
		} else {
			s.limitIdle = true // a pooler takes no settings for a connection
		}
	}
	if s.server, err = acquireLock(ctx, lockURL, setting, o.Cluster, o.LockWait, o.Waiting); err != nil {
		return postgresFault(err)
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	s.write, s.read = db, db
	s.engine = engine{name: "postgres", dialect: goose.DialectPostgres, postgres: true}
	return nil
}

// postgresFault returns an error of a connection as one that names what the operator can do.
func postgresFault(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return &PostgresError{Code: pg.Code, Message: pg.Message, Routine: pg.Routine, err: err}
	}
	if unconnected, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return &OpenError{Problem: "cannot connect", err: unconnected}
	}
	return err
}

// PostgresError is a refusal by Postgres itself.
type PostgresError struct {
	Code    string // SQLSTATE
	Message string // in the language of that server
	Routine string // of its source that refused
	err     error
}

func (e *PostgresError) Error() string { return "store: Postgres refuses: " + e.Message }

// Unwrap returns the driver's error.
func (e *PostgresError) Unwrap() error { return e.err }

// PostgresNames returns the role, the database and the server that an address names; none of them is secret.
func PostgresNames(url string) (role, database, server string) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return "", "", ""
	}
	server = net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	if strings.HasPrefix(config.Host, "/") {
		server = config.Host
	}
	return config.User, config.Database, server
}

// conn is what a pool and a transaction have in common.
type conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// exec runs a statement and returns the number of rows it changed.
func (s *Store) exec(ctx context.Context, c conn, query string, args ...any) (int, error) {
	result, err := c.ExecContext(ctx, s.engine.rebind(query), args...)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

func (s *Store) row(ctx context.Context, c conn, query string, args ...any) *sql.Row {
	return c.QueryRowContext(ctx, s.engine.rebind(query), args...)
}

// scanner is a row of either kind.
type scanner interface{ Scan(dest ...any) error }

// rows calls scan for each row.
func (s *Store) rows(ctx context.Context, c conn, scan func(scanner) error, query string, args ...any) (err error) {
	rows, err := c.QueryContext(ctx, s.engine.rebind(query), args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// idleTimeout bounds how long a transaction of a node may wait for its program: one that was stopped must not keep what
// it has locked from who takes its meetings over. Nobody fences a node before.
const idleTimeout = 2 * time.Second

// tx runs a write transaction. On SQLite it is the only one; on Postgres rows that are read to be changed
// carry lockRow.
func (s *Store) tx(ctx context.Context, do func(conn) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if s.limitIdle {
		_, err = tx.ExecContext(ctx, fmt.Sprintf("SET LOCAL idle_in_transaction_session_timeout = %d",
			idleTimeout.Milliseconds()))
	}
	if err == nil {
		err = do(tx)
	}
	if err != nil {
		_ = tx.Rollback() // the error of do is more precise
		return err
	}
	return tx.Commit()
}

// lockRow ends a select whose row the same transaction changes.
func (e engine) lockRow() string {
	if e.postgres {
		return " FOR UPDATE"
	}
	return ""
}

// rebind turns ? into $1, $2, ... for Postgres. No query of this package has a ? in a literal.
func (e engine) rebind(query string) string {
	if !e.postgres {
		return query
	}
	var b strings.Builder
	n := 0
	for part := range strings.SplitAfterSeq(query, "?") {
		head, found := strings.CutSuffix(part, "?")
		b.WriteString(head)
		if found {
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		}
	}
	return b.String()
}
