//go:build !linux

package worker

import (
	"errors"
	"syscall"
)

// freeBytes is not known here.
func freeBytes(string) int64 { return 0 }

func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) }
