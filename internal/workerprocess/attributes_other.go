//go:build !linux

package workerprocess

import (
	"os"
	"syscall"
)

// Elsewhere a worker ends when its stdin does.
func attributes() *syscall.SysProcAttr { return nil }

func killGroup(p *os.Process) error { return p.Kill() }

func signalName(s syscall.Signal) string { return s.String() }

// childOf finds no child where there is no /proc.
func childOf(int, string) (*os.Process, bool) { return nil, false }
