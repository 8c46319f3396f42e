package meeting

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// memoryUsage is what several servers share, as the store keeps it.
type memoryUsage struct {
	mu     sync.Mutex // guards everything below
	counts map[*oneOfUsage]map[usageKey]int
	fail   error
	calls  int
}

// oneOfUsage is the SharedUsage of one server.
type oneOfUsage struct{ all *memoryUsage }

func (u *oneOfUsage) TakePlaces(
	_ context.Context, accountID string, mode wire.Mode, count, limit int,
) (others int, taken bool, err error) {
	time.Sleep(5 * time.Millisecond) // those who come meanwhile wait
	u.all.mu.Lock()
	defer u.all.mu.Unlock()
	u.all.calls++
	if u.all.fail != nil {
		return 0, false, u.all.fail
	}
	key := usageKey{accountID, mode}
	for other, counts := range u.all.counts {
		if other != u {
			others += counts[key]
		}
	}
	if others+count > limit {
		return others, false, nil
	}
	u.setLocked(key, count)
	return others, true, nil
}

func (u *oneOfUsage) NotePlaces(_ context.Context, counts []record.UsageCount) error {
	u.all.mu.Lock()
	defer u.all.mu.Unlock()
	if u.all.fail != nil {
		return u.all.fail
	}
	for _, c := range counts {
		u.setLocked(usageKey{c.AccountID, c.Mode}, c.Participants)
	}
	return nil
}

func (u *oneOfUsage) setLocked(key usageKey, n int) {
	if u.all.counts[u] == nil {
		u.all.counts[u] = map[usageKey]int{}
	}
	u.all.counts[u][key] = n
}

// noted returns what a server has made known.
func (u *oneOfUsage) noted(mode wire.Mode) int {
	u.all.mu.Lock()
	defer u.all.mu.Unlock()
	return u.all.counts[u][usageKey{account, mode}]
}

// runServers runs a scenario on two servers that share what accounts have.
func runWithUsage(t *testing.T, script func(a, b *scenario, shared *memoryUsage)) {
	synctest.Test(t, func(t *testing.T) {
		shared := &memoryUsage{counts: map[*oneOfUsage]map[usageKey]int{}}
		a := newScenario(t, Options{Usage: &oneOfUsage{shared}})
		b := newScenario(t, Options{Usage: &oneOfUsage{shared}})
		defer func() {
			if t.Failed() {
				for _, s := range []*scenario{a, b} {
					_ = s.m.Close(context.Background(), fault.ServerShutdownStopped(0))
				}
			}
		}()
		script(a, b, shared)
		a.end()
		b.end()
	})
}

func TestServersRaceForTheLastPlaces(t *testing.T) {
	runWithUsage(t, func(a, b *scenario, _ *memoryUsage) {
		const limit = 5
		limits := limited(Limits{AccountSpeakers: limit})
		var joining sync.WaitGroup
		errs := make(chan error, 20)
		for i := range cap(errs) {
			s := []*scenario{a, b}[i%2]
			c := s.client(fmt.Sprint("p", i), limits, in(fmt.Sprint("room", i%4)))
			joining.Go(func() { errs <- c.tryJoin() })
		}
		joining.Wait()
		close(errs)
		inside := 0
		for err := range errs {
			if err == nil {
				inside++
				continue
			}
			a.refused("4026.LIMIT", err)
		}
		require.Equal(t, limit, inside)
	})
}

func TestLimitsOverServers(t *testing.T) {
	runWithUsage(t, func(a, b *scenario, shared *memoryUsage) {
		limits := limited(Limits{AccountSpeakers: 2, AccountReceivers: 1})
		a.client("ann", limits).join()
		bob := b.client("bob", limits, in("other")).join()
		a.refused("4026.LIMIT", a.client("cat", limits).tryJoin())
		f := a.refused("4026.LIMIT", b.client("cat", limits, in("other")).tryJoin())
		require.EqualValues(t, 2, f.Details["present"], "on all servers")
		calls := shared.calls
		ann := a.client("ann", limits).join() // in the place of her older connection
		require.Equal(t, calls, shared.calls)

		// Whoever is let in from the lobby needs a place, too.
		waits := b.client("dan", limits, in("other"), asksJoin)
		b.refused("4026.LIMIT", waits.tryJoin())
		eve := b.client("eve", limits, in("other"), mode(wire.RecvOnly)).join()
		f = b.refused("4026.LIMIT", eve.p.SetMode(b.ctx(), wire.SetModeParams{Mode: string(wire.SendAndRecv)}))
		require.False(t, f.Fatal)

		// What becomes free on one server is free for the other.
		ann.succeeds(ann.p.Leave(a.ctx()))
		b.advance(2 * noteDelay)
		eve.succeeds(eve.p.SetMode(b.ctx(), wire.SetModeParams{Mode: string(wire.SendAndRecv)}))
		b.advance(2 * noteDelay)
		require.Equal(t, 2, b.m.usage.shared.with.(*oneOfUsage).noted(wire.SendAndRecv))
		require.Zero(t, b.m.usage.shared.with.(*oneOfUsage).noted(wire.RecvOnly))
		bob.succeeds(bob.p.Leave(b.ctx()))
		waits = b.client("dan", limits, in("other"), asksJoin).requestEntry()
		b.advance(2 * noteDelay)
		a.client("fay", limits).join() // meanwhile
		b.refused("4026.LIMIT", eve.answersEntry(waits, wire.Allowed))
		b.wait()
		closes, f := waits.out()
		require.Equal(t, 1, closes)
		require.Equal(t, "4026.LIMIT", key(f))
		require.Empty(t, b.m.usage.shared.reserved)
	})
}

func TestSharedUsageFails(t *testing.T) {
	runWithUsage(t, func(a, b *scenario, shared *memoryUsage) {
		limits := limited(Limits{AccountSpeakers: 2})
		host := a.client("host").join()
		waits := a.client("ann", limits, asksJoin).requestEntry()
		shared.mu.Lock()
		shared.fail = errors.New("the database is away")
		shared.mu.Unlock()
		f := a.refused("5101.STORE", a.client("bob", limits).tryJoin())
		require.Positive(t, f.RetryAfterMs)
		a.refused("5101.STORE", host.answersEntry(waits, wire.Allowed))
		free := b.client("free").join() // an account without a limit needs nobody
		free.succeeds(free.p.Leave(b.ctx()))
		shared.mu.Lock()
		shared.fail = nil
		shared.mu.Unlock()
		host.succeeds(host.answersEntry(waits, wire.Allowed)) // who waits has not been put out
		a.advance(2 * noteRetry)
		require.Equal(t, 2, a.m.usage.shared.with.(*oneOfUsage).noted(wire.SendAndRecv))
	})
}
