package sandbox

import (
	"time"

	"golang.org/x/sys/unix"
)

// DropPrivileges keeps what the calling thread starts from gaining rights by a set-user-id program
// (PR_SET_NO_NEW_PRIVS, prctl(2)). The thread cannot undo it: the caller has locked it to its goroutine and never unlocks
// it, so that it ends with the goroutine. A kernel that does not know it goes on without.
func DropPrivileges() { _ = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }

// Limit bounds a child that has been started; it comes before the child is given anything. There are no core dumps of it:
// they would hold what the meeting said. Where the system does not let it, the child runs without.
func Limit(pid int, l Limits) {
	limits := map[int]uint64{unix.RLIMIT_NOFILE: l.Files, unix.RLIMIT_CORE: 0}
	if l.Addresses > 0 {
		limits[unix.RLIMIT_AS] = l.Addresses
	}
	if l.CPU > 0 {
		limits[unix.RLIMIT_CPU] = uint64((l.CPU + time.Second - 1) / time.Second)
	}
	for resource, most := range limits {
		_ = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
}
