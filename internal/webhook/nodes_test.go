package webhook_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/pgtest"
)

// nodes opens one Postgres database as several nodes of a cluster.
func nodes(t *testing.T, n int) []*store.Store {
	t.Helper()
	server, err := pgtest.Start()
	if errors.Is(err, pgtest.ErrMissing) {
		t.Skip("NO POSTGRES: initdb was not found")
	}
	require.NoError(t, err)
	url := server.NewDatabase(t)
	out := make([]*store.Store, n)
	for i := range out {
		out[i], err = store.OpenWith(t.Context(), store.Options{
			URL: url, SecretKey: make([]byte, store.SecretKeySize), Cluster: true,
		})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, out[i].Close()) })
		id := record.NodeID{Name: fmt.Sprint("node-", i), Incarnation: fmt.Sprint("run-", i)}
		out[i].SetNode(func() record.NodeID { return id }, func() bool { return true })
		require.NoError(t, out[i].RenewNode(t.Context(), id, nil))
	}
	return out
}

// onNode returns a fixture whose store is that of a node.
func onNode(t *testing.T, s *store.Store, like *fixture) *fixture {
	w := newFixture(t)
	w.store, w.options.Outbox, w.account = s, s, like.account
	w.options.Signer, w.signer = like.signer, like.signer
	return w
}

// newNodeFixtures returns one fixture for each node, with the same account.
func newNodeFixtures(t *testing.T, n int) []*fixture {
	stores := nodes(t, n)
	first := newFixture(t)
	account, err := stores[0].CreateAccount(t.Context(), record.Account{Name: "Ann"})
	require.NoError(t, err)
	first.account = account.ID
	out := make([]*fixture, n)
	for i := range out {
		out[i] = onNode(t, stores[i], first)
	}
	return out
}

// Three nodes drain one outbox: the events of each meeting come in their order, and each once.
func TestNodesDeliverInOrderAndOnce(t *testing.T) {
	w := newNodeFixtures(t, 3)
	e := newEndpoint(t, w[0].signer)
	const meetings, events = 10, 30
	var ids []string
	for range meetings {
		ids = append(ids, w[0].meeting(e.URL, "recording-started"))
	}
	var announcing sync.WaitGroup
	for m, id := range ids { // the node that announces the events of a meeting is not the only one that sends them
		announcing.Go(func() {
			for n := range events {
				err := w[m%3].store.Announce(t.Context(), record.Event{
					Name: "recording-started", MeetingID: id, SessionID: "s1", At: time.Now(), Data: map[string]any{"n": n},
				})
				assert.NoError(t, err)
			}
		})
	}
	for _, each := range w {
		each.start()
	}
	announcing.Wait()
	require.Eventually(t, func() bool { return w[0].waiting() == 0 }, 30*time.Second, 10*time.Millisecond)
	bodies := e.taken(t)
	require.Len(t, bodies, meetings*events, "each once")
	next := map[string]float64{}
	for _, body := range bodies {
		id := body.Data["meetingId"].(string)
		require.Equal(t, next[id], body.Data["n"], "in the order of the meeting")
		next[id]++
	}
}

// What a node had begun to send when it was lost is sent by another one as soon as it is fenced, and what comes after
// waits until then.
func TestClaimOfALostNode(t *testing.T) {
	w := newNodeFixtures(t, 2)
	e := newEndpoint(t, w[0].signer)
	meeting := w[0].meeting(e.URL, "recording-started")
	for n := range 3 {
		w[0].announce(meeting, n)
	}
	due, err := w[0].store.DueWebhooks(t.Context(), time.Now(), 10, nil)
	require.NoError(t, err)
	require.Len(t, due, 1)
	claimed, err := w[0].store.ClaimWebhook(t.Context(), due[0], time.Now().Add(time.Hour)) // and is lost
	require.NoError(t, err)
	require.True(t, claimed)
	w[1].start()
	due, err = w[1].store.DueWebhooks(t.Context(), time.Now(), 10, nil)
	require.NoError(t, err)
	require.Empty(t, due, "the later ones wait")

	fenced, err := w[1].store.FenceNode(t.Context(), record.NodeID{Name: "node-0", Incarnation: "run-0"}, 1)
	require.NoError(t, err)
	require.True(t, fenced)
	w[1].eventually("all are delivered", func() bool { return w[1].waiting() == 0 })
	bodies := e.taken(t)
	require.Len(t, bodies, 3)
	for n, body := range bodies {
		require.EqualValues(t, n, body.Data["n"])
	}
}

// An endpoint that fails on several nodes is one outage, which ends wherever it takes its events again.
func TestOutageOnSeveralNodes(t *testing.T) {
	w := newNodeFixtures(t, 2)
	var mu sync.Mutex
	raised, cleared := 0, 0
	for _, each := range w {
		each.options.Raise = func(_, _ string, f *fault.Error) { mu.Lock(); raised++; mu.Unlock() }
		each.options.Clear = func(string) { mu.Lock(); cleared++; mu.Unlock() }
	}
	down := true
	endpoint := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if down {
			answer.WriteHeader(http.StatusInternalServerError)
		}
	}))
	t.Cleanup(endpoint.Close)
	w[0].announce(w[0].meeting(endpoint.URL, "recording-started"), 0)
	w[0].start()
	w[0].eventually("the outage is reported", func() bool { mu.Lock(); defer mu.Unlock(); return raised == 1 })
	w[1].start()
	w[1].announce(w[1].meeting(endpoint.URL, "recording-started"), 1)
	failed := func() bool {
		failing, err := w[1].store.FailingWebhooks(t.Context())
		return err == nil && failing[endpoint.URL] == 2
	}
	w[1].eventually("the other meeting is tried", failed)
	mu.Lock()
	require.Equal(t, 1, raised)
	down = false
	mu.Unlock()
	w[0].eventually("all is delivered", func() bool { return w[0].waiting() == 0 })
	w[0].eventually("the outage is over on both", func() bool { mu.Lock(); defer mu.Unlock(); return cleared == 2 })
	require.Equal(t, 1, raised)
}
