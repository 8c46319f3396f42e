package disk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/disk"
)

func TestDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Equal(t, dir, disk.Existing(filepath.Join(dir, "not", "there")))
	require.NoError(t, disk.Probe(dir))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	require.Error(t, disk.Probe(filepath.Join(dir, "not")))
	free, err := disk.Free(dir)
	require.NoError(t, err)
	require.Positive(t, free)
	require.True(t, disk.IsFull(fmt.Errorf("write: %w", syscall.ENOSPC)))
	require.False(t, disk.IsFull(syscall.EACCES))
}
