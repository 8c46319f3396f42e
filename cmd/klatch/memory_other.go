//go:build !linux

package main

// resident is not known on this system.
func resident() (bytes int64, ok bool) { return 0, false }

// unmapProgram does nothing on this system.
func unmapProgram() {}
