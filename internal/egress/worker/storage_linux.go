package worker

import (
	"errors"
	"syscall"
)

// freeBytes is what may still be written to the file system of a directory, 0 when it cannot be known.
func freeBytes(dir string) int64 {
	var s syscall.Statfs_t
	if dir == "" || syscall.Statfs(dir, &s) != nil {
		return 0
	}
	return int64(s.Bavail) * int64(s.Bsize) // sizes of real disks
}

func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
