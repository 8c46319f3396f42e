package testprocess

import "syscall"

// Attr returns the attributes of a process that is killed when the thread that starts it ends. It leads a process group
// of its own, with which Kill ends what it has started.
func Attr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
