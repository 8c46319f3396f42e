//go:build !linux

package main

import "runtime/debug"

// giveBack returns to the system what only the start of the server needed.
func giveBack() { debug.FreeOSMemory() }
