package cluster

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
)

// triesVariable is how often nodes are taken away; what takes minutes runs only with it.
const triesVariable = "CLUSTER_TRIES"

// tries is how often what takes a while is done; `make cluster` sets it.
func tries(t *testing.T) int {
	t.Helper()
	n, _ := strconv.Atoi(os.Getenv(triesVariable))
	if n == 0 {
		t.Skip(triesVariable + " is not set: `make cluster` sets it")
	}
	return n
}

// TestTakeoverTimes: the owner is lost again and again, as a process and with its machine; how long everybody was
// without media.
func TestTakeoverTimes(t *testing.T) {
	n := tries(t)
	for name, start := range map[string]func() *nodes{
		"a NATS of its own":     func() *nodes { return start(t, 3, nil) },
		"NATS inside the nodes": func() *nodes { return startInside(t, 3) },
	} {
		t.Run(name, func(t *testing.T) {
			c := start()
			t.Run("process", func(t *testing.T) {
				require.Less(t, percentile(measureTakeovers(t, c, n, (*node).Kill), 50), 3*time.Second)
			})
			t.Run("machine", func(t *testing.T) { measureTakeovers(t, c, n, (*node).lose) })
		})
	}
}

// measureTakeovers returns how long everybody was without media, each time that end has ended the owner.
func measureTakeovers(t *testing.T, c *nodes, n int, end func(*node)) (times []time.Duration) {
	t.Helper()
	m := c.gather(t, "ann", "bob", "cam")
	session := m.bots[0].SessionID()
	for range n {
		<-time.After(time.Second + rand.N(time.Second)) // kills come at any moment between two renewals of leases
		owner := c.owner(t, m.meeting)
		m.measure()
		end(owner)
		times = append(times, m.together(t, 15*time.Second))
		t.Logf("%s was lost: %v", owner.name, times[len(times)-1].Round(time.Millisecond))
		m.requireNobodyLeft(t, 1)
		c.restart(t, owner)
	}
	c.requireOneSession(t, m, session)
	report(t, "media of everybody again after the loss of the owner", times)
	require.Less(t, percentile(times, 95), 5*time.Second)
	return times
}

// TestRollingRestart: three nodes are stopped and started one after the other under many meetings. With olderProgram
// that is an upgrade.
func TestRollingRestart(t *testing.T) {
	meetings := 3 * tries(t) / 2
	c := start(t, 3, nil)
	companies := make([]company, meetings)
	for i := range companies {
		companies[i] = c.gather(t, fmt.Sprint("a", i), fmt.Sprint("b", i))
	}
	stop := make(chan struct{})
	var joins sync.WaitGroup
	joined, failed := 0, 0
	joins.Go(func() { // people who come meanwhile
		for {
			select {
			case <-stop:
				return
			case <-time.After(200 * time.Millisecond):
			}
			if err := c.visit(t, companies[joined%meetings].meeting); err != nil {
				failed++
				t.Logf("a join failed: %v", err)
			}
			joined++
		}
	})
	for _, m := range companies {
		m.measure()
	}
	for _, n := range c.all {
		n.Stop(t)
		n.Upgrade(testserver.Program(t))
		c.restart(t, n)
	}
	close(stop)
	joins.Wait()
	var gaps []time.Duration
	for _, m := range companies {
		m.together(t, 10*time.Second)
		for _, b := range m.bots {
			gaps = append(gaps, b.longestGap())
			for _, line := range b.told() {
				for _, one := range m.bots {
					require.NotEqual(t, "left "+one.name, line)
				}
				require.NotContains(t, line, "error")
			}
		}
	}
	t.Logf("%d joins meanwhile, %d failed", joined, failed)
	require.Zero(t, failed)
	report(t, "the longest interruption of each participant", gaps)
}

func percentile(times []time.Duration, p int) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

func report(t *testing.T, what string, times []time.Duration) {
	t.Helper()
	t.Logf("%s: p50 %v, p95 %v, p99 %v, longest %v of %d", what, percentile(times, 50).Round(time.Millisecond),
		percentile(times, 95).Round(time.Millisecond), percentile(times, 99).Round(time.Millisecond),
		slices.Max(times).Round(time.Millisecond), len(times))
}
