package store_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

// filters are those of the console, by name.
func filters(account string) map[string]record.FaultFilter {
	now := time.Now()
	return map[string]record.FaultFilter{
		"all": {}, "time": {From: now.Add(-time.Hour), To: now}, "reason": {Reason: "EXPIRED"}, "code": {Code: 4002},
		"sdk without a name": {SDK: "/1", Browser: "/"}, "sdk": {SDK: "web/0.9.0"}, "sdk name": {SDK: "web"}, "browser": {Browser: "Chrome/141"},
		"browser name": {Browser: "Firefox"}, "participant": {ParticipantID: "p7"}, "room": {MeetingID: "m7"},
		"session": {SessionID: "s7"}, "cause": {CauseID: "flt_7"}, "text": {Text: "nothing has this"},
		"account": {AccountID: account}, "account, reason": {AccountID: account, Reason: "EXPIRED"},
		"account, code and sdk": {AccountID: account, Code: 4009, SDK: "web"},
		"account, browser":      {AccountID: account, Browser: "Safari"},
		"account, participant":  {AccountID: account, ParticipantID: "p7"},
		"account, text":         {AccountID: account, Text: "nothing has this"},
	}
}

// No query of the console reads the whole table: each has an index that it is told to use, in the order of the list.
func TestFaultQueriesUseIndexes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "klatch.db")
	s := open(t, path)
	require.NoError(t, s.SaveFault(t.Context(), fault.InvalidTokenEmpty()))
	db, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	for name, want := range filters("a7") {
		query, args := store.FaultsQuery(s, want)
		rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
		require.NoError(t, err, name)
		var plan []string
		for rows.Next() {
			var id, parent, unused int
			var step string
			require.NoError(t, rows.Scan(&id, &parent, &unused, &step))
			plan = append(plan, step)
		}
		require.NoError(t, rows.Err())
		text := strings.Join(plan, "\n")
		require.Contains(t, text, "USING INDEX faults_", name)
		for _, step := range plan {
			inOrder := strings.Contains(step, "faults_at") || !strings.HasPrefix(step, "SCAN f ")
			require.True(t, inOrder || want.Text != "", "%s: %s", name, text)
		}
		require.NotContains(t, text, "TEMP B-TREE FOR ORDER BY", name)
	}
}
