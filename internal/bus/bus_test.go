package bus_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/bus"
	"github.com/klatch/klatch/internal/bus/natstest"
)

// implementations start a Bus for two nodes each: what one sends, the other gets.
var implementations = map[string]func(t *testing.T) (a, b bus.Bus){
	"memory": func(t *testing.T) (bus.Bus, bus.Bus) {
		m := bus.NewMemory()
		t.Cleanup(m.Close)
		return m, m
	},
	"one embedded server": func(t *testing.T) (bus.Bus, bus.Bus) {
		b := embedded(t, 1)[0]
		return b, b
	},
	"three embedded servers": func(t *testing.T) (bus.Bus, bus.Bus) {
		nodes := embedded(t, 3)
		return nodes[0], nodes[2]
	},
	"a server of the operator": func(t *testing.T) (bus.Bus, bus.Bus) {
		s := natstest.Start(t)
		return connect(t, s.URL), connect(t, s.URL)
	},
}

func connect(t *testing.T, url string) *bus.NATS {
	t.Helper()
	b, err := bus.Open(bus.Options{URL: url, Prefix: "k1", Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	return b
}

func TestEveryImplementation(t *testing.T) {
	for name, start := range implementations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := start(t)
			t.Run("messages come in order, to all", func(t *testing.T) { checkMessages(t, a, b) })
			t.Run("requests are answered", func(t *testing.T) { checkRequests(t, a, b) })
			t.Run("values are compared and written", func(t *testing.T) { checkBucket(t, a, b) })
		})
	}
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// subscribed waits until what one publishes reaches the other: a subscription takes a moment to reach all servers.
func subscribed(t *testing.T, from bus.Bus, got <-chan string) {
	t.Helper()
	require.Eventually(t, func() bool {
		if err := from.Publish(t.Context(), "news.all", []byte("ready")); err != nil {
			return false
		}
		select {
		case <-got:
			return true
		case <-time.After(50 * time.Millisecond):
			return false
		}
	}, 20*time.Second, time.Millisecond)
}

func checkMessages(t *testing.T, a, b bus.Bus) {
	const n = 500
	got := [2]chan string{make(chan string, 3*n), make(chan string, 3*n)}
	for i, node := range []bus.Bus{a, b} {
		cancel, err := node.Subscribe("news.all", func(data []byte) { got[i] <- string(data) })
		require.NoError(t, err)
		defer cancel()
	}
	subscribed(t, a, got[1])
	for i := range n {
		require.NoError(t, a.Publish(t.Context(), "news.all", fmt.Appendf(nil, "%d", i)))
		require.NoError(t, a.Publish(t.Context(), "news.other", nil))
	}
	for _, queue := range got {
		for i := range n {
			text := ""
			for text == "" || text == "ready" {
				select {
				case text = <-queue:
				case <-soon(t).Done():
					t.Fatal("a message is missing")
				}
			}
			require.Equal(t, fmt.Sprint(i), text)
		}
	}
}

func checkRequests(t *testing.T, a, b bus.Bus) {
	_, err := a.Request(soon(t), "nobody", nil)
	require.ErrorIs(t, err, bus.ErrNoResponders)

	stopped := make(chan struct{})
	cancel, err := b.Answer("double", func(ctx context.Context, data []byte) []byte {
		if string(data) == "wait" {
			<-ctx.Done()
			close(stopped)
		}
		return append(data, data...)
	})
	require.NoError(t, err)
	var answer []byte
	require.Eventually(t, func() bool {
		answer, err = a.Request(t.Context(), "double", []byte("ab"))
		return !errors.Is(err, bus.ErrNoResponders)
	}, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, err)
	require.Equal(t, "abab", string(answer))

	var calls sync.WaitGroup
	for i := range 50 {
		calls.Go(func() {
			answer, err := a.Request(soon(t), "double", fmt.Append(nil, i))
			if err != nil || string(answer) != fmt.Sprintf("%d%d", i, i) {
				t.Errorf("request %d: %q, %v", i, answer, err)
			}
		})
	}
	calls.Wait()

	short, end := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer end()
	_, err = a.Request(short, "double", []byte("wait"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	cancel() // ends the call that waits
	<-stopped
	require.Eventually(t, func() bool {
		short, end := context.WithTimeout(t.Context(), 200*time.Millisecond) // one that crosses the end gets no answer
		defer end()
		_, err = a.Request(short, "double", nil)
		return errors.Is(err, bus.ErrNoResponders)
	}, 20*time.Second, 10*time.Millisecond)
}

func checkBucket(t *testing.T, a, b bus.Bus) {
	here, err := a.Bucket(soon(t), "nodes")
	require.NoError(t, err)
	there, err := b.Bucket(soon(t), "nodes")
	require.NoError(t, err)

	var first uint64
	require.Eventually(t, func() bool { // servers that have just started elect a leader first
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		first, err = here.Create(ctx, "a.1", []byte("one"))
		return err == nil || errors.Is(err, bus.ErrConflict)
	}, 40*time.Second, 50*time.Millisecond, "%v", err)
	require.NoError(t, err)
	require.Positive(t, first)
	_, err = there.Create(soon(t), "a.1", []byte("other"))
	require.ErrorIs(t, err, bus.ErrConflict)
	_, err = there.Update(soon(t), "b.1", []byte("other"), 7)
	require.ErrorIs(t, err, bus.ErrConflict)

	second, err := there.Update(soon(t), "a.1", []byte("two"), first)
	require.NoError(t, err)
	require.Greater(t, second, first)
	_, err = here.Update(soon(t), "a.1", []byte("three"), first)
	require.ErrorIs(t, err, bus.ErrConflict)

	_, err = here.Create(soon(t), "b.2", []byte("x"))
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		entries, err := here.List(soon(t))
		require.NoError(t, err)
		found := map[string]string{}
		for _, e := range entries {
			found[e.Key] = string(e.Value)
		}
		return len(found) == 2 && found["a.1"] == "two" && found["b.2"] == "x"
	}, 20*time.Second, 20*time.Millisecond)
	require.Eventually(t, func() bool {
		e, err := here.Get(soon(t), "a.1")
		return err == nil && e.Revision == second && string(e.Value) == "two"
	}, 20*time.Second, 20*time.Millisecond)

	require.NoError(t, here.Delete(soon(t), "a.1"))
	require.Eventually(t, func() bool {
		_, err := there.Get(soon(t), "a.1")
		return errors.Is(err, bus.ErrNotFound)
	}, 20*time.Second, 20*time.Millisecond)
	require.Eventually(t, func() bool {
		entries, err := there.List(soon(t))
		return err == nil && len(entries) == 1
	}, 20*time.Second, 20*time.Millisecond)
	third, err := there.Create(soon(t), "a.1", []byte("again"))
	require.NoError(t, err)
	require.Greater(t, third, second)
	require.NoError(t, here.Delete(soon(t), "a.1"))
	require.NoError(t, here.Delete(soon(t), "b.2"))
}
