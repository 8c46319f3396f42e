package workerprocess

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// A worker leads a process group of its own, so that a Ctrl-C in the server's terminal is not its end as well. When the
// server dies, the kernel signals the worker to finish, as does the end of its stdin.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

func killGroup(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }

func signalName(s syscall.Signal) string {
	if name := unix.SignalName(s); name != "" {
		return name
	}
	return s.String()
}
