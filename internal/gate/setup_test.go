package gate_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/wire"
)

var now = time.Date(2026, 11, 22, 7, 7, 42, 0, time.UTC)

// setup is a gate on a real store with two accounts.
type setup struct {
	t     testing.TB
	store *store.Store
	gate  *gate.Gate

	account record.Account
	key     record.Key
	secret  string

	meeting record.Meeting // with custom id "standup"
	foreign record.Meeting // of the other account
}

func newSetup(t testing.TB) *setup {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "klatch.db"), make([]byte, store.SecretKeySize))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	w := &setup{t: t, store: s}
	w.gate = gate.New(s, gate.Options{Leeway: gate.DefaultLeeway, Now: func() time.Time { return now }})

	w.account, err = s.CreateAccount(ctx, record.Account{Name: "Ann Ltd", Limits: record.Limits{Participants: 7}})
	require.NoError(t, err)
	w.key, w.secret, err = s.CreateKey(ctx, record.NewKey{AccountID: w.account.ID, ID: "key-ann"})
	require.NoError(t, err)
	w.meeting = w.newMeeting(w.account.ID, "standup", record.MeetingConfig{
		AutoClose: &record.AutoCloseConfig{Type: record.SessionEndsAndDeactivate, Duration: 30},
	})
	other, err := s.CreateAccount(ctx, record.Account{Name: "Bob Ltd"})
	require.NoError(t, err)
	w.foreign = w.newMeeting(other.ID, "theirs", record.MeetingConfig{})
	return w
}

func (w *setup) newMeeting(accountID, customID string, config record.MeetingConfig) record.Meeting {
	w.t.Helper()
	m, _, err := w.store.CreateMeeting(
		context.Background(),
		record.Meeting{AccountID: accountID, CustomID: customID, Config: config},
	)
	require.NoError(w.t, err)
	return m
}

// claims of a token that everything accepts; with sets claims, and drops those set to absent.
func (w *setup) claims(with jwt.MapClaims) jwt.MapClaims {
	claims := jwt.MapClaims{
		"apikey": w.key.ID, "permissions": []string{"allow_join"}, "version": 2,
		"iat": now.Unix() - 10, "exp": now.Unix() + 600,
	}
	for name, value := range with {
		if value == absent {
			delete(claims, name)
			continue
		}
		claims[name] = value
	}
	return claims
}

const absent = "\x00absent"

func (w *setup) token(with jwt.MapClaims) string {
	w.t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, w.claims(with)).SignedString([]byte(w.secret))
	require.NoError(w.t, err)
	return token
}

func (w *setup) join(token string) wire.JoinParams {
	return wire.JoinParams{Protocol: wire.Version, Token: token, MeetingID: w.meeting.ID, Name: "Ann"}
}

// asFault wants err to be a fault of that code and reason.
func asFault(t testing.TB, err error, key string) *fault.Error {
	t.Helper()
	require.Error(t, err)
	f, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok, "not a fault: %v", err)
	entry, ok := f.Entry()
	require.True(t, ok)
	require.Equal(t, key, entry.Key(), f.Detail)
	require.NotEmpty(t, f.Remedy)
	return f
}
