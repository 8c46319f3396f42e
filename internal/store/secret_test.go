package store_test

import (
	"database/sql"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

func TestLoadSecretKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "secret.key")
	keys := make([][]byte, 8)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			key, err := store.LoadSecretKey(path)
			if err != nil {
				t.Error(err)
			}
			keys[i] = key
		})
	}
	wg.Wait()
	for _, key := range keys {
		require.Len(t, key, store.SecretKeySize)
		require.Equal(t, keys[0], key, "all got the key of the first")
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1, "no temporary file stays")

	again, err := store.LoadSecretKey(path)
	require.NoError(t, err)
	require.Equal(t, keys[0], again)
}

func TestBadSecretKeyFile(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	good := strings.Repeat("ab", store.SecretKeySize)
	for name, c := range map[string]struct{ content, problem string }{
		"empty":     {"", "64 hexadecimal digits"},
		"short":     {good[:62], "64 hexadecimal digits"},
		"long":      {good + "ab", "64 hexadecimal digits"},
		"not hex":   {strings.Repeat("zz", 32), "64 hexadecimal digits"},
		"with text": {"key: " + good, "64 hexadecimal digits"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, name)
			require.NoError(t, os.WriteFile(path, []byte(c.content), 0o600))
			_, err := store.LoadSecretKey(path)
			e, ok := errors.AsType[*store.SecretKeyError](err)
			require.True(t, ok, "%v", err)
			require.Contains(t, e.Problem, c.problem)
			require.NotContains(t, err.Error(), good[:8])
		})
	}
	for name, path := range map[string]string{"a directory": dir, "below a file": filepath.Join(dir, "file", "key")} {
		t.Run(name, func(t *testing.T) {
			_, err := store.LoadSecretKey(path)
			_, ok := errors.AsType[*store.SecretKeyError](err)
			require.True(t, ok, "%v", err)
		})
	}
}

// A stolen database shows no secret, and a sealed secret is worthless in another row.
func TestSecretsAreSealed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "klatch.db")
	s := open(t, path)
	a := newAccount(t, s, "Ann")
	for _, id := range []string{"one", "two"} {
		_, _, err := s.CreateKey(t.Context(), record.NewKey{AccountID: a.ID, ID: id, Secret: "the-secret-of-all"})
		require.NoError(t, err)
	}
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	sealed := map[string]string{}
	for _, id := range []string{"one", "two"} {
		var blob []byte
		require.NoError(t, db.QueryRow(`SELECT secret FROM api_keys WHERE id = ?`, id).Scan(&blob))
		require.NotContains(t, string(blob), "secret")
		sealed[id] = hex.EncodeToString(blob)
	}
	require.NotEqual(t, sealed["one"], sealed["two"], "the nonce is random")

	_, err = db.Exec(`UPDATE api_keys SET secret = (SELECT secret FROM api_keys WHERE id = 'two') WHERE id = 'one'`)
	require.NoError(t, err)
	_, err = s.Credential(t.Context(), "one")
	e, ok := errors.AsType[*store.Error](err)
	require.True(t, ok, "%v", err)
	require.NotContains(t, e.Error(), "the-secret-of-all")
	cred, err := s.Credential(t.Context(), "two")
	require.NoError(t, err)
	require.Equal(t, "the-secret-of-all", cred.Secret)
}

// What the first node proposes is what all have.
func TestSharedSecret(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		for _, proposed := range []string{"first", "second"} {
			got, err := s.SharedSecret(t.Context(), "webhook-key", []byte(proposed))
			require.NoError(t, err)
			require.Equal(t, "first", string(got))
		}
	})
}
