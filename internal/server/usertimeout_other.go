//go:build !linux

package server

import (
	"net"
	"time"
)

// setUserTimeout does nothing where the system has no such option.
func setUserTimeout(*net.TCPListener, time.Duration) error { return nil }
