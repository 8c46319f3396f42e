package worker

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// minimum is the free space a job starts with: a minute of 1920x1080 at its ceiling.
const minimum = 40 << 20

// dir is where the job writes; "" when it writes nothing.
func (w *worker) dir() string {
	switch {
	case w.spec.HLSDir != "":
		return w.spec.HLSDir
	case w.spec.File != "":
		return filepath.Dir(w.spec.File)
	}
	return ""
}

// room sees that there is a place to write to, with some room in it.
func (w *worker) room() error {
	dir := w.dir()
	if dir == "" {
		return nil
	}
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return fmt.Errorf("storage: %w", &os.PathError{Op: "statfs", Path: dir, Err: err})
	}
	if free := free(stat); free < minimum {
		return &fullError{free: free, needed: minimum}
	}
	return nil
}

func freeBytes(dir string) int64 {
	var stat syscall.Statfs_t
	if dir == "" || syscall.Statfs(dir, &stat) != nil {
		return 0
	}
	return free(stat)
}

// free is what this process may still write.
func free(stat syscall.Statfs_t) int64 {
	return int64(stat.Bavail) * int64(stat.Bsize) //nolint:gosec,unconvert // sizes of real disks; types differ by system
}
