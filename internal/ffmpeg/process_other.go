//go:build !linux

package ffmpeg

import (
	"os"
	"syscall"
)

// Elsewhere the child is killed alone, and ends by itself when its inputs do.
func attributes() *syscall.SysProcAttr { return nil }

func killGroup(p *os.Process) error { return p.Kill() }

func enlarge(*os.File) {}

func signalName(s syscall.Signal) string { return s.String() }
