package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Schema is what Probe finds in a database.
type Schema struct {
	Exists  bool
	Version int64 // the last migration in it
	Known   int64 // the last migration of this program
}

// Probe looks at a database without changing it and without taking it from the server that uses it. It returns the
// errors of OpenWith.
func Probe(ctx context.Context, url string) (found Schema, err error) {
	engine, db, err := openToProbe(url)
	if err != nil || db == nil {
		return found, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.PingContext(ctx); err != nil {
		if refused, ok := errors.AsType[*PostgresError](postgresFault(err)); ok {
			return found, refused
		}
		return found, &OpenError{Problem: "cannot connect", err: err}
	}
	if found.Known, err = lastMigration(engine); err != nil {
		return found, err
	}
	const query = "SELECT max(version_id) FROM goose_db_version"
	var version sql.NullInt64
	if err := db.QueryRowContext(ctx, query).Scan(&version); err == nil { // an empty database has no such table
		found.Exists, found.Version = true, version.Int64
	}
	if found.Version > found.Known {
		return found, &OpenError{Problem: fmt.Sprintf("a newer Klatch made this database (schema %d, this one knows %d)",
			found.Version, found.Known)}
	}
	return found, nil
}

// openToProbe returns no pool for a file that does not exist yet.
func openToProbe(url string) (engine string, db *sql.DB, err error) {
	if isPostgres(url) {
		config, err := pgx.ParseConfig(url)
		if err != nil {
			return "", nil, &OpenError{Problem: "the database url is not valid", err: err}
		}
		config.DefaultQueryExecMode = pgx.QueryExecModeExec // as a pooler in between needs it
		return "postgres", stdlib.OpenDB(*config), nil
	}
	path, err := sqlitePath(url)
	if err != nil {
		return "", nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "sqlite", nil, nil
	} else if err != nil {
		return "", nil, &OpenError{Problem: "cannot open the database file", err: err}
	}
	db, err = sql.Open("sqlite", dsn(path, 5000)+"&mode=ro&_pragma=query_only(1)")
	return "sqlite", db, err
}

func lastMigration(engine string) (last int64, err error) {
	files, err := fs.ReadDir(migrations, "migrations/"+engine)
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		var version int64
		if _, err := fmt.Sscanf(file.Name(), "%d_", &version); err == nil {
			last = max(last, version)
		}
	}
	return last, nil
}

func isPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}
