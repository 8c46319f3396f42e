package testserver

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Program returns the path of the klatch program for tests that run it as a process of its own. It is the one that
// TEST_PROGRAM names, which `make test` builds once for all packages; without it, it is built for this test.
func Program(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("TEST_PROGRAM"); path != "" {
		return path
	}
	path := filepath.Join(t.TempDir(), "klatch")
	out, err := exec.Command("go", "build", "-o", path, "github.com/klatch/klatch/cmd/klatch").CombinedOutput()
	require.NoError(t, err, string(out))
	return path
}
