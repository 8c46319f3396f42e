package sfu

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// 40 come and go with real connections; then goroutines and file handles are those of the beginning.
func TestDetachReleasesEverything(t *testing.T) {
	h := newHub(t)
	cycle := func(n int) {
		session := fmt.Sprintf("s%d", n)
		ann, bob := h.join(session, "ann"), h.join(session, "bob")
		ann.publish(both)
		bob.subscribe(camera("ann"), mic("ann"))
		stop := ann.source(wire.Video).run(2 * time.Millisecond)
		video := bob.got("ann", wire.Video)
		eventually(t, "video", func() bool { return video.count() > 2 })
		stop()
		ann.leave()
		bob.leave()
	}
	cycle(0)
	settled := func(goroutines, files int) func() bool {
		return func() bool { return runtime.NumGoroutine() <= goroutines && openFiles(t) <= files }
	}
	eventually(t, "the first are gone", settled(20, openFiles(t)))
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	for n := range 20 {
		cycle(n + 1)
	}
	ok := settled(goroutines, files)
	for deadline := time.Now().Add(soon); !ok() && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond) // until the next look
	}
	if !ok() {
		stacks := make([]byte, 1<<20)
		t.Fatalf("%d goroutines, were %d; %d files, were %d\n%s", runtime.NumGoroutine(), goroutines, openFiles(t), files,
			stacks[:runtime.Stack(stacks, true)])
	}
	st := h.sfu.Stats()
	require.Zero(t, st.Sessions)
	require.Zero(t, st.Peers)
}

func openFiles(t testing.TB) int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc")
	}
	return len(entries)
}
