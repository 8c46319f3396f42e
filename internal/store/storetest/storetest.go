// Package storetest opens stores for the tests of other packages: a SQLite database in a temporary directory, and what
// most of those tests keep in it first.
package storetest

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

// Open returns an empty store, which is closed when the test ends.
func Open(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "klatch.db"), make([]byte, store.SecretKeySize))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// Session keeps an account, a meeting of it, and a running session with that id.
func Session(t testing.TB, s *store.Store, id string) (record.Account, record.Meeting) {
	t.Helper()
	account, err := s.CreateAccount(t.Context(), record.Account{Name: "Ann"})
	require.NoError(t, err)
	meeting, _, err := s.CreateMeeting(t.Context(), record.Meeting{AccountID: account.ID})
	require.NoError(t, err)
	require.NoError(t, s.SessionStarted(t.Context(), record.NewSession{
		ID: id, AccountID: account.ID, MeetingID: meeting.ID, StartedAt: time.Now(),
	}))
	return account, meeting
}
