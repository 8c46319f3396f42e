package cluster

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/load"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// TestGrowth measures what joins and messages cost with one, two and three nodes. All nodes and their clients share the
// processors of this machine, so that the processor time counts, and not how many joins there are in a second.
func TestGrowth(t *testing.T) {
	tries(t)
	for count := 1; count <= 3; count++ {
		t.Run(fmt.Sprint(count, " nodes"), func(t *testing.T) {
			c := start(t, count, settings{"limit.messagesPerSecond": "100000"})
			c.measureJoins(t)
			c.measureMessages(t)
		})
	}
}

// measureJoins has people join 30 meetings through all nodes for ten seconds, and leave.
func (c *nodes) measureJoins(t *testing.T) {
	meetings := make([]string, 30)
	for i := range meetings {
		meetings[i] = c.account.Meeting(t, nil)
		c.all[0].Join(t, testserver.JoinParams(c.account.Token(t), meetings[i], "host"))
	}
	token := c.account.Token(t)
	var joined atomic.Int64
	var workers sync.WaitGroup
	before := c.processorTime(t)
	const seconds, atOnce = 10, 8
	end := time.Now().Add(seconds * time.Second)
	for range atOnce {
		workers.Go(func() {
			for time.Now().Before(end) {
				i := joined.Add(1)
				socket, _ := c.all[int(i)%len(c.all)].Join(t, testserver.JoinParams(
					token, meetings[int(i)%len(meetings)], fmt.Sprint("guest-", i)))
				socket.Do(t, wire.MethodLeave, nil)
				socket.Cut()
			}
		})
	}
	workers.Wait()
	took := c.processorTime(t) - before
	t.Logf("%d joins a second; %.2f ms of processor time of all nodes for a join and a leave",
		joined.Load()/seconds, took*1000/float64(joined.Load()))
}

// measureMessages has one person of a meeting publish a message after the other, through each node.
func (c *nodes) measureMessages(t *testing.T) {
	message := wire.PublishMessageParams{Topic: "CHAT", Message: strings.Repeat("x", 100)}
	meeting := c.account.Meeting(t, nil)
	token := c.account.Token(t)
	c.all[0].Join(t, testserver.JoinParams(token, meeting, "host"))
	owner := c.owner(t, meeting)
	for _, n := range c.all {
		how := "directly"
		if n != owner {
			how = "relayed"
		}
		socket, _ := n.Join(t, testserver.JoinParams(token, meeting, "through-"+n.name))
		const count = 3000
		times := make([]time.Duration, count)
		before := c.processorTime(t)
		for i := range times {
			began := time.Now()
			socket.Do(t, wire.MethodPublishMessage, message)
			times[i] = time.Since(began)
		}
		took := c.processorTime(t) - before
		slices.Sort(times)
		t.Logf("message %s: answer after %v (p50), %v (p99); %.3f ms of processor time of all nodes",
			how, times[count/2], times[count*99/100], took*1000/count)
	}
}

// processorTime returns the seconds that all nodes have used.
func (c *nodes) processorTime(t *testing.T) (seconds float64) {
	t.Helper()
	for _, n := range c.all {
		used, err := load.ProcessorTime(n.PID())
		require.NoError(t, err)
		seconds += used.Seconds()
	}
	return seconds
}
