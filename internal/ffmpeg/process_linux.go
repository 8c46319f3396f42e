package ffmpeg

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// giveUpRights keeps what this thread starts from gaining rights by a set-user-id program (PR_SET_NO_NEW_PRIVS). A kernel
// that knows it not goes on without.
func giveUpRights() { _ = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }

// Bounds of a child: ffmpeg has a handful of files open, and one that decodes what a stranger sent takes some 300 MB of
// addresses.
const (
	mostFiles     = 64
	mostAddresses = 2 << 30
)

// bound limits what a child may take. It comes before the child is given anything. Where the system does not let it, the
// child runs without.
func bound(pid int, decodes bool) {
	limits := map[int]uint64{unix.RLIMIT_NOFILE: mostFiles, unix.RLIMIT_CORE: 0}
	if decodes {
		limits[unix.RLIMIT_AS] = mostAddresses
	}
	for resource, most := range limits {
		_ = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
}

func killGroup(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }

// widen asks for a larger pipe. An unprivileged user may have used up what the kernel grants: then it stays small.
func widen(pipe *os.File) {
	raw, err := pipe.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeSize) })
}

func signalName(s syscall.Signal) string {
	if name := unix.SignalName(s); name != "" {
		return name
	}
	return s.String()
}
