package main

import (
	"log/slog"
	"runtime/debug"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/stretchr/testify/require"
)

// The runtime aims at a share of the memory that the container has, unless the operator says at what.
func TestMemoryLimit(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	log := slog.New(slog.DiscardHandler)
	const container = 256 << 20
	limitMemory(log, memlimit.Limit(container))
	require.InDelta(t, container*memoryShare, debug.SetMemoryLimit(-1), 1)

	debug.SetMemoryLimit(before)
	t.Setenv("GOMEMLIMIT", "100MiB")
	limitMemory(log, memlimit.Limit(container))
	require.Equal(t, before, debug.SetMemoryLimit(-1), "that of the operator, which the runtime has read")
}
