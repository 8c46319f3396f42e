package objectkey_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/objectkey"
)

func TestCleanDir(t *testing.T) {
	for dir, want := range map[string]string{
		"": "", "/": "", "a": "a", "a/b c/ü": "a/b c/ü", "..a": "..a", "/a": "a", "a/": "a",
		"/meeting-recordings/abcd-efgh-ijkl/": "meeting-recordings/abcd-efgh-ijkl", // as the published example
	} {
		got, err := objectkey.CleanDir(dir)
		require.NoError(t, err, "%q", dir)
		require.Equal(t, want, got, "%q", dir)
	}
	for _, dir := range []string{
		"a//b", "//a", "a//", "../a", "/../a", "a/../b", "a/..", "a/.", `a\b`, "a\nb", "C:\\x",
		strings.Repeat("a/", 300),
	} {
		_, err := objectkey.CleanDir(dir)
		require.Error(t, err, "%q", dir)
	}
}

func FuzzCleanDir(f *testing.F) {
	for _, seed := range []string{"", "a/b", "../x", "a/..", "a\x00", "\xff", "/etc/", "//"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, dir string) {
		clean, err := objectkey.CleanDir(dir)
		if err != nil || clean == "" {
			return
		}
		require.True(t, filepath.IsLocal(clean), "%q leaves the storage", dir)
		require.Equal(t, clean, filepath.ToSlash(filepath.Clean(clean)))
	})
}
