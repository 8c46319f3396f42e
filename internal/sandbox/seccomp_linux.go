package sandbox

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"unsafe"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// denied are the system calls that a program which reads and writes pipes does not need, by what they would let one do that
// has been taken over by what it decodes. They fail with EPERM. execve is not among them: the filter is there before
// the program is, and the program may be a script that starts another. What is started so has the same filter.
var denied = []string{
	// reaching the network, other processes and the server through a socket
	"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg",
	// signals to other processes of the same user; abort uses tgkill
	"kill", "tkill", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo",
	// looking into other processes
	"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "perf_event_open", "userfaultfd",
	// changing what exists in the file system
	"rename", "renameat", "renameat2", "unlink", "unlinkat", "link", "linkat", "symlink", "symlinkat",
	"mkdir", "mkdirat", "rmdir", "mknod", "mknodat", "chmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchownat",
	"utime", "utimes", "utimensat", "futimesat", "setxattr", "lsetxattr", "removexattr", "lremovexattr",
	"open_by_handle_at", "name_to_handle_at", "openat2", "inotify_init", "inotify_init1", "fanotify_init",
	// mounts, namespaces and the root directory
	"mount", "umount2", "pivot_root", "chroot", "setns", "unshare", "open_tree", "move_mount", "fsopen", "fsconfig",
	"fsmount", "fspick", "mount_setattr",
	// the kernel itself
	"bpf", "io_uring_setup", "io_uring_enter", "io_uring_register", "init_module", "finit_module", "delete_module",
	"kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "syslog",
	"sethostname", "setdomainname", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "personality",
	"add_key", "request_key", "keyctl", "iopl", "ioperm", "modify_ldt", "lookup_dcookie", "nfsservctl", "vhangup",
	"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "capset",
}

// writing are the flags of open with which a file could be changed, and writers what does without.
var (
	writing = []uint64{unix.O_WRONLY, unix.O_RDWR, unix.O_CREAT, unix.O_TRUNC, unix.O_APPEND}
	writers = []string{"creat", "truncate"}
)

var (
	readOnly  = sync.OnceValues(func() ([]bpf.RawInstruction, error) { return assemble(false) })
	readWrite = sync.OnceValues(func() ([]bpf.RawInstruction, error) { return assemble(true) })
)

// assemble makes the filter for this architecture. A system call of another one, which some kernels take too, would have
// other numbers: none is allowed.
func assemble(mayWrite bool) ([]bpf.RawInstruction, error) {
	info, err := arch.GetInfo("")
	if err != nil {
		return nil, err
	}
	group := seccomp.SyscallGroup{Action: seccomp.ActionErrno | seccomp.Action(unix.EPERM)}
	names, flagArguments := denied, map[string]uint32{}
	if !mayWrite {
		names, flagArguments = slices.Concat(denied, writers), map[string]uint32{"open": 1, "openat": 2}
	}
	for _, name := range names {
		if _, ok := info.SyscallNames[name]; ok { // each architecture has some of them
			group.Names = append(group.Names, name)
		}
	}
	for name, flags := range flagArguments {
		if _, ok := info.SyscallNames[name]; !ok {
			continue
		}
		for _, flag := range writing {
			group.NamesWithCondtions = append(group.NamesWithCondtions, seccomp.NameWithConditions{Name: name,
				Conditions: seccomp.ArgumentConditions{{Argument: flags, Operation: seccomp.BitsSet, Value: flag}}})
		}
	}
	policy := seccomp.Policy{DefaultAction: seccomp.ActionAllow, Syscalls: []seccomp.SyscallGroup{group}}
	rules, err := policy.Assemble()
	if err != nil {
		return nil, err
	}
	const archOffset, wordSize = 4, 4 // of struct seccomp_data
	return bpf.Assemble(append([]bpf.Instruction{
		bpf.LoadAbsolute{Off: archOffset, Size: wordSize},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(info.ID), SkipTrue: 1},
		bpf.RetConstant{Val: uint32(seccomp.ActionErrno) | uint32(unix.ENOSYS)},
	}, rules...))
}

// DenySyscalls keeps what the calling thread starts from the system calls that a program between pipes does not need, and
// unless mayWrite is set from opening files for writing. As DropPrivileges, which comes first, it binds the thread for
// good. A kernel without seccomp returns an error, and the thread goes on without.
func DenySyscalls(mayWrite bool) error {
	filter := readOnly
	if mayWrite {
		filter = readWrite
	}
	instructions, err := filter()
	if err != nil {
		return fmt.Errorf("seccomp: %w", err)
	}
	program := make([]unix.SockFilter, len(instructions))
	for i, in := range instructions {
		program[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	err = unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog)), 0, 0)
	if err != nil {
		return fmt.Errorf("seccomp: %w", err)
	}
	return nil
}

// Package os finds out once how it can wait for processes, by sending a signal to this one. That must not happen on a
// thread that may not.
var _, _ = os.FindProcess(os.Getpid())
