// Package leak lets many sessions begin and end on one server, with real media, and looks at what is left.
package leak

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/klatch/klatch/internal/load"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

const (
	sessions = 200
	atOnce   = 4
)

// Clients and server are one process here, so both must give everything back: goroutines, file handles, memory.
func TestSessionsLeaveNothingBehind(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	token := account.Token(t)
	hold := func(count int) {
		var group errgroup.Group
		group.SetLimit(atOnce)
		for i := range count {
			meeting := account.Meeting(t, map[string]any{"customRoomId": fmt.Sprintf("room-%d", i)})
			group.Go(func() error {
				target, err := load.Klatch(h.URL, token, meeting)
				if err != nil {
					return err
				}
				_, err = load.Run(
					t.Context(),
					target,
					load.Scenario{Name: meeting, Publishers: 1, Subscribers: 1, Meeting: true},
					func(string) {},
				)
				return err
			})
		}
		require.NoError(t, group.Wait())
	}

	hold(20) // pools, caches and the database's pages find their size
	before := settled(t, usage{goroutines: 1 << 20, handles: 1 << 20, heap: 1 << 40})
	hold(sessions)
	after := settled(t, before)
	t.Logf("before: %v; after %d sessions: %v", before, sessions, after)
}

type usage struct {
	goroutines int
	handles    int
	heap       uint64
}

func (u usage) String() string {
	return fmt.Sprintf("%d goroutines, %d handles, %d kB", u.goroutines, u.handles, u.heap>>10)
}

// Room for what is no leak: idle HTTP connections, a database connection more, allocator noise.
const (
	roomGoroutines = 10
	roomHandles    = 10
	roomHeap       = 4 << 20 // 20 kB a session
)

// settled waits until no more is used than limit, and then until it stays so.
func settled(t *testing.T, limit usage) usage {
	t.Helper()
	var now usage
	last := -1
	require.Eventually(t, func() bool {
		runtime.GC()
		now = measure(t)
		calm := now.goroutines == last
		last = now.goroutines
		return calm && now.goroutines <= limit.goroutines+roomGoroutines && now.handles <= limit.handles+roomHandles &&
			now.heap <= limit.heap+roomHeap
	}, 60*time.Second, 500*time.Millisecond, "limit %v, still used: %v", &limit, &now)
	return now
}

func measure(t *testing.T) usage {
	handles, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return usage{goroutines: runtime.NumGoroutine(), handles: len(handles), heap: memory.HeapAlloc}
}
