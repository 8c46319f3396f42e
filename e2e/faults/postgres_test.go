package faults

import (
	"database/sql"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/store/pgtest"
)

// newPostgres makes a database on the Postgres server of the suite.
func newPostgres(t testing.TB) (url string) {
	t.Helper()
	server, err := pgtest.Start()
	require.NoError(t, err, "these scenarios need Debian's postgresql")
	return server.NewDatabase(t)
}

func startPgbouncer(t testing.TB, url string) (pooled string) {
	t.Helper()
	return pgtest.Pgbouncer(t, url)
}

func connect(t testing.TB, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}
