//go:build !linux

package egress

import (
	"errors"
	"math"
	"syscall"
)

// freeBytes is not known here; a full disk shows when it is written.
func freeBytes(string) (int64, error) { return math.MaxInt64, nil }

func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) }
