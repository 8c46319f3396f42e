//go:build !linux

package disk

import (
	"errors"
	"math"
	"syscall"
)

// Free is not known here; a full disk shows when it is written.
func Free(string) (int64, error) { return math.MaxInt64, nil }

// IsFull reports whether a write failed for want of space.
func IsFull(err error) bool { return errors.Is(err, syscall.ENOSPC) }
