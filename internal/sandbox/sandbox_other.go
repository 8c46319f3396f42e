//go:build !linux

package sandbox

// DropPrivileges does nothing here: the system has no such bound for what a thread starts.
func DropPrivileges() {}

// DenySyscalls does nothing here: only Linux has seccomp.
func DenySyscalls(bool) error { return nil }

// Limit does nothing here: the system does not let a process bound another.
func Limit(int, Limits) {}
