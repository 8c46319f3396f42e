//go:build unix && !linux

package testprocess

import "syscall"

// Attr returns the attributes of a process that leads a process group of its own. Only Linux kills it with its parent.
func Attr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
