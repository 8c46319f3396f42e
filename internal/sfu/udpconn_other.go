//go:build !linux

package sfu

import (
	"net/netip"
	"runtime"
)

func (c *udpConn) init() error { return nil }

// WriteToAddrPort sends one packet. Outside Linux it may wait for room in the socket buffer: these systems
// are for development.
func (c *udpConn) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	return c.UDPConn.WriteToUDPAddrPort(b, to)
}

func transient(error) bool { return runtime.GOOS == "windows" }
