package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

// TestManyFaults fills a database with KLATCH_FAULTS rows over 30 days and 200 accounts, and measures the queries of
// the console. `make faults-bench` runs it; it is no part of `make test`.
func TestManyFaults(t *testing.T) {
	rows, err := strconv.Atoi(os.Getenv("KLATCH_FAULTS"))
	if err != nil {
		t.Skip("KLATCH_FAULTS is not set: see make faults-bench")
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			url, driver, dsn := "", "pgx", ""
			if engine == "sqlite" {
				path := filepath.Join(t.TempDir(), "klatch.db")
				url, driver = "sqlite://"+path, "sqlite"
				dsn = "file:" + path + "?_pragma=busy_timeout(5000)&_pragma=synchronous(0)&_pragma=cache_size(-1000000)"
			} else {
				url = newPostgresDatabase(t)
				dsn = url
			}
			s := open(t, url)
			db, err := sql.Open(driver, dsn)
			require.NoError(t, err)
			defer func() { require.NoError(t, db.Close()) }()
			began := time.Now()
			fillFaults(t, db, engine, rows)
			t.Logf("%d rows in %v", rows, time.Since(began).Round(time.Second))

			if engine == "postgres" { // TestFaultQueriesUseIndexes has those of SQLite, which needs no rows for it
				for name, want := range filters("a7") {
					query, args := store.FaultsQuery(s, want)
					plan := postgresPlan(t, db, query, args)
					require.NotContains(t, plan, "Seq Scan on faults", "%s:\n%s", name, plan)
				}
			}
			measure := func(name string, query func() error) {
				best := time.Hour
				for range 3 { // the caches are those of a server that runs
					at := time.Now()
					require.NoError(t, query(), name)
					best = min(best, time.Since(at))
				}
				t.Logf("%-40s %v", name, best.Round(100*time.Microsecond))
				if best > 200*time.Millisecond {
					t.Errorf("%s takes %v", name, best)
				}
			}
			ctx := t.Context()
			for name, want := range filters("a7") {
				measure(name, func() error {
					_, err := s.Faults(ctx, want, record.Page{})
					return err
				})
			}
			for _, by := range []record.FaultGroup{
				record.ByReason, record.ByCode, record.ByBrowser, record.BySDK, record.ByRoom,
			} {
				for name, want := range map[string]record.FaultFilter{
					"all": {}, "account": {AccountID: "a7"},
					"account, 30 days": {AccountID: "a7", From: time.Now().AddDate(0, 0, -30)},
				} {
					measure("group by "+string(by)+", "+name, func() error {
						_, err := s.FaultGroups(ctx, want, by, time.Now())
						return err
					})
				}
			}
			measure("history", func() error {
				_, err := s.FaultHistory(ctx, "a7", 4002, "EXPIRED", time.Now())
				return err
			})
			writes := func(indexes string) {
				savesPerSecond(t, s) // the caches have the ends of the indexes afterwards
				t.Logf("%-40s %.0f faults a second", "written "+indexes, savesPerSecond(t, s))
			}
			writes("with all indexes")
			dropIndexes(t, db, engine, "faults_account", "faults_kind", "faults_at")
			writes("without those of other filters")
		})
	}
}

// postgresPlan returns how Postgres carries out a query.
func postgresPlan(t *testing.T, db *sql.DB, query string, args []any) string {
	t.Helper()
	for n := 1; strings.Contains(query, "?"); n++ {
		query = strings.Replace(query, "?", fmt.Sprint("$", n), 1)
	}
	rows, err := db.QueryContext(t.Context(), `EXPLAIN `+query, args...)
	require.NoError(t, err, query)
	defer func() { require.NoError(t, rows.Close()) }()
	var plan []string
	for rows.Next() {
		var step string
		require.NoError(t, rows.Scan(&step))
		plan = append(plan, step)
	}
	require.NoError(t, rows.Err())
	return strings.Join(plan, "\n")
}

// savesPerSecond saves faults as a server does that has many clients and rooms.
func savesPerSecond(t *testing.T, s *store.Store) float64 {
	t.Helper()
	const n = 2000
	began := time.Now()
	for i := range n {
		f := fault.MaxParticipantReachedLimit(5, 5, "account").WithAccount(fmt.Sprint("a", i%200)).
			WithMeeting(fmt.Sprint("m", i%2000), fmt.Sprint("s", i), fmt.Sprint("p", i)).
			WithClient(fault.Client{SDK: "web/0.9.0", Browser: fmt.Sprint("Chrome/", 130+i%12)})
		require.NoError(t, s.SaveFault(t.Context(), f))
	}
	return n / time.Since(began).Seconds()
}

// dropIndexes drops those of the faults but for some, and returns the statements that make them.
func dropIndexes(t *testing.T, db *sql.DB, engine string, but ...string) (definitions []string) {
	t.Helper()
	query := `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'faults' AND sql IS NOT NULL`
	if engine == "postgres" {
		query = `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'faults' AND indexname LIKE 'faults\_%'
			AND indexname <> 'faults_pkey'`
	}
	rows, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	var drop []string
	for rows.Next() {
		var name, definition string
		require.NoError(t, rows.Scan(&name, &definition))
		if !slices.Contains(but, name) {
			drop, definitions = append(drop, name), append(definitions, definition)
		}
	}
	require.NoError(t, rows.Err())
	require.NotEmpty(t, drop)
	for _, name := range drop {
		_, err := db.ExecContext(t.Context(), `DROP INDEX `+name)
		require.NoError(t, err)
	}
	return definitions
}

// fillFaults writes rows with statements of the database itself, the oldest first: 20 reasons, 8 clients, 2000 rooms.
// The indexes are made afterwards: row by row they would take hours.
func fillFaults(t *testing.T, db *sql.DB, engine string, rows int) {
	t.Helper()
	exec := func(query string) {
		began := time.Now()
		_, err := db.ExecContext(t.Context(), query)
		require.NoError(t, err)
		if took := time.Since(began); took > 10*time.Second {
			t.Logf("%v: %.60s", took.Round(time.Second), query)
		}
	}
	now := time.Now().UnixMilli()
	step := 30 * 24 * time.Hour.Milliseconds() / int64(rows)
	series := func(from, to int) string {
		if engine == "postgres" {
			return fmt.Sprintf(`WITH n AS (SELECT generate_series(%d, %d)::bigint AS i)`, from, to)
		}
		return fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)`, from, to)
	}
	sdk := `CASE i %% 4 WHEN 0 THEN 'web' WHEN 1 THEN 'react' WHEN 2 THEN 'go' ELSE 'whip' END`
	browser := `CASE i %% 3 WHEN 0 THEN 'Chrome' WHEN 1 THEN 'Firefox' ELSE 'Safari' END`
	columns := strings.ReplaceAll(`'flt_' || (1000000000 + i), 'a' || (i*7919 %% 200), 4000 + i*31 %% 20,
		CASE i*31 %% 20 WHEN 2 THEN 'EXPIRED' ELSE 'REASON_' || (i*31 %% 20) END, 'm' || (i*7919 %% 2000), 's' || (i*7919 %% 100000),
		'p' || (i*13 %% 50000), `+fmt.Sprint(now)+` - (`+fmt.Sprint(rows-1)+` - i)*`+fmt.Sprint(step)+`, '{"code":4002,"detail":"The token expired ' || i || ' s ago; the server allows 60 s of clock difference.","remedy":"Mint a new token on your server and join again.","message":"token is empty or invalid or might have expired."}',
		'', `+sdk+` || '/0.9.0', `+sdk+`, `+browser+` || '/141', `+browser, "%%", "%")
	indexes := dropIndexes(t, db, engine)
	for from := 0; from < rows; from += 1_000_000 {
		exec(`INSERT INTO faults (id, account_id, code, reason, meeting_id, session_id, participant_id, at, body, cause_id, sdk,
			sdk_name, browser, browser_name) ` + series(from, min(from+1_000_000, rows)-1) + ` SELECT ` + columns + ` FROM n`)
	}
	for _, index := range indexes {
		exec(index)
	}
	const kinds = `SELECT %s, at/3600000, code, reason, sdk, browser, COUNT(*), MIN(at), MAX(at), MAX(id) FROM faults
		GROUP BY %s at/3600000, code, reason, sdk, browser`
	exec(`INSERT INTO fault_counts ` + fmt.Sprintf(kinds, "account_id", "account_id,"))
	exec(`INSERT INTO fault_counts ` + fmt.Sprintf(kinds, "'*'", ""))
	exec(`INSERT INTO fault_room_counts SELECT account_id, at/3600000, meeting_id, COUNT(*), MIN(at), MAX(at), MAX(id)
		FROM faults GROUP BY account_id, at/3600000, meeting_id`)
	exec(`ANALYZE`)
}
