//go:build !linux

package sandbox

// DropPrivileges does nothing here: the system has no such bound for what a thread starts.
func DropPrivileges() {}

// Limit does nothing here: the system does not let a process bound another.
func Limit(int, Limits) {}
