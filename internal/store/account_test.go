package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/record"
)

func conflict(t *testing.T, err error, want record.ConflictError) {
	t.Helper()
	e, ok := errors.AsType[*record.ConflictError](err)
	require.True(t, ok, "not a ConflictError: %v", err)
	require.Equal(t, want, *e)
}

func TestAccounts(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		a, err := s.CreateAccount(ctx, record.Account{
			Name: "Ann \x00Ltd", Email: "ann@example.com", State: record.AccountDiscontinued,
			Settings: record.Settings{
				EveryoneMayEnd: true,
			}, Limits: record.Limits{Participants: 5, AccountReceivers: 9},
		})
		require.NoError(t, err)
		require.NotEmpty(t, a.ID)
		require.Equal(t, "Ann \uFFFDLtd", a.Name)
		require.Equal(t, record.AccountActive, a.State)
		require.WithinDuration(t, time.Now(), a.CreatedAt, time.Minute)
		require.Equal(t, a.CreatedAt, a.StateSince)
		require.Equal(t, record.Settings{EveryoneMayEnd: true}, a.Settings)
		require.Equal(t, record.Limits{Participants: 5, AccountReceivers: 9}, a.Limits)

		_, err = s.CreateAccount(ctx, record.Account{ID: a.ID})
		conflict(t, err, record.ConflictError{Kind: "account", ID: a.ID, State: "exists"})
		for _, id := range []string{"", "nobody", "a\x00b", "\xff"} {
			_, err = s.Account(ctx, id)
			notFound(t, err, "account")
		}

		changed, err := s.UpdateAccount(ctx, a.ID, func(a *record.Account) {
			a.Name, a.Email, a.Limits.Speakers, a.Settings.EveryoneMayModerate = "Anna", "", 3, true
			a.State, a.ID = record.AccountDeactivated, "other"
		})
		require.NoError(t, err)
		want := a
		want.Name, want.Email, want.Limits.Speakers, want.Settings.EveryoneMayModerate = "Anna", "", 3, true
		want.UpdatedAt = changed.UpdatedAt
		require.Equal(t, want, changed)
		_, err = s.UpdateAccount(ctx, "nobody", func(*record.Account) { t.Error("called") })
		notFound(t, err, "account")
	})
}

func TestAccountState(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		a := newAccount(t, s, "Ann")
		a, err := s.SetAccountState(ctx, a.ID, record.AccountDiscontinued, "Farewell.", at)
		require.NoError(t, err)
		require.Equal(t, record.AccountDiscontinued, a.State)
		require.Equal(t, "Farewell.", a.StateMessage)
		require.Equal(t, at, a.StateSince)

		a, err = s.SetAccountState(ctx, a.ID, record.AccountDiscontinued, "Good bye.", after(60))
		require.NoError(t, err)
		require.Equal(t, "Good bye.", a.StateMessage)
		require.Equal(t, at, a.StateSince, "the state is as old as before")

		a, err = s.SetAccountState(ctx, a.ID, record.AccountActive, "", after(90))
		require.NoError(t, err)
		require.Equal(t, after(90), a.StateSince)
		_, err = s.SetAccountState(ctx, "nobody", record.AccountActive, "", at)
		notFound(t, err, "account")
	})
}

func TestPages(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		for i := range 23 {
			newAccount(t, s, strings.Repeat("x", i))
		}
		for _, c := range []struct {
			page record.Page
			want int
		}{
			{record.Page{}, 20},
			{record.Page{Number: 1, Size: 5}, 5},
			{record.Page{Number: 2}, 3},
			{record.Page{Number: 5, Size: 5}, 3},
			{record.Page{Number: 6, Size: 5}, 0},
			{record.Page{Number: -1, Size: -1}, 20},
			{record.Page{Number: 1, Size: 1 << 40}, 23},
			{record.Page{Number: 1 << 62, Size: 100}, 0},
		} {
			got, err := s.Accounts(ctx, c.page)
			require.NoError(t, err, c.page)
			require.Equal(t, 23, got.Total)
			require.Len(t, got.Items, c.want, c.page)
			require.NotNil(t, got.Items)
		}
		seen := map[string]bool{}
		for number := 1; number <= 5; number++ {
			got, err := s.Accounts(ctx, record.Page{Number: number, Size: 5})
			require.NoError(t, err)
			for _, a := range got.Items {
				seen[a.ID] = true
			}
		}
		require.Len(t, seen, 23, "pages do not overlap")
	})
}

func TestKeys(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		a, b := newAccount(t, s, "Ann"), newAccount(t, s, "Bob")
		key, secret, err := s.CreateKey(ctx, record.NewKey{AccountID: a.ID, Label: "web"})
		require.NoError(t, err)
		require.NotEmpty(t, key.ID)
		require.Len(t, secret, 64)
		require.Equal(t, "web", key.Label)
		require.Equal(t, record.KeyActive, key.State)

		brought, kept, err := s.CreateKey(ctx, record.NewKey{AccountID: a.ID, ID: "mine", Secret: "brought along"})
		require.NoError(t, err)
		require.Equal(t, "brought along", kept)
		_, _, err = s.CreateKey(ctx, record.NewKey{AccountID: b.ID, ID: "mine"})
		conflict(t, err, record.ConflictError{Kind: "key", ID: "mine", State: "exists"})
		_, _, err = s.CreateKey(ctx, record.NewKey{AccountID: "nobody"})
		notFound(t, err, "account")
		for _, id := range []string{"", "none", "a\x00b"} {
			_, err = s.Key(ctx, id)
			notFound(t, err, "key")
			_, err = s.Credential(ctx, id)
			notFound(t, err, "key")
			_, err = s.SetKeyState(ctx, id, record.KeyRevoked, at)
			notFound(t, err, "key")
		}

		got, err := s.Keys(ctx, a.ID, record.Page{})
		require.NoError(t, err)
		require.Equal(t, 2, got.Total)
		require.ElementsMatch(t, []record.Key{key, brought}, got.Items)
		got, err = s.Keys(ctx, b.ID, record.Page{})
		require.NoError(t, err)
		require.Zero(t, got.Total)
		got, err = s.Keys(ctx, "", record.Page{})
		require.NoError(t, err)
		require.Equal(t, 2, got.Total)
	})
}

func TestKeyStates(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		a := newAccount(t, s, "Ann")
		key, _, err := s.CreateKey(ctx, record.NewKey{AccountID: a.ID})
		require.NoError(t, err)
		for i, step := range []struct {
			state record.KeyState
			since time.Time
		}{
			{record.KeyDeactivated, after(0)},
			{record.KeyDeactivated, after(0)}, // again: as old as before
			{record.KeyActive, after(2)},
			{record.KeyRevoked, after(3)},
			{record.KeyRevoked, after(3)},
		} {
			key, err = s.SetKeyState(ctx, key.ID, step.state, after(i))
			require.NoError(t, err)
			require.Equal(t, step.state, key.State)
			require.Equal(t, step.since, key.StateSince)
		}
		for _, state := range []record.KeyState{record.KeyActive, record.KeyDeactivated} {
			_, err = s.SetKeyState(ctx, key.ID, state, after(9))
			conflict(t, err, record.ConflictError{Kind: "key", ID: key.ID, State: "revoked"})
		}
		cred, err := s.Credential(ctx, key.ID)
		require.NoError(t, err)
		require.Equal(t, key, cred.Key, "a revoked key is still found, to say since when")
	})
}
