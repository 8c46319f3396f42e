package store_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

func TestSmoke(t *testing.T) {
	ctx := t.Context()
	key, err := store.LoadSecretKey(filepath.Join(t.TempDir(), "key"))
	require.NoError(t, err)
	s, err := store.Open(ctx, "sqlite://"+filepath.Join(t.TempDir(), "a b?.db"), key)
	require.NoError(t, err)
	a, err := s.CreateAccount(ctx, record.Account{Name: "Ann"})
	require.NoError(t, err)
	k, secret, err := s.CreateKey(ctx, record.NewKey{AccountID: a.ID})
	require.NoError(t, err)
	c, err := s.Credential(ctx, k.ID)
	require.NoError(t, err)
	require.Equal(t, secret, c.Secret)
	m, _, err := s.CreateMeeting(ctx, record.Meeting{AccountID: a.ID, CustomID: "x"})
	require.NoError(t, err)
	t.Log(m)
	require.NoError(t, s.Close())
}
