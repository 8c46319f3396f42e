package lease_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/cluster/lease"
	"github.com/klatch/klatch/internal/record"
)

// healthy returns a world of so many nodes in which nothing bad happens by itself.
func healthy(seed uint64, nodes int) *world {
	w := &world{seed: seed, rng: rand.New(rand.NewPCG(seed, 14)), now: second}
	w.db = database{owners: map[string]record.Owner{}, sessions: map[string]*session{}}
	for i := range w.places {
		w.places[i] = &place{w: w, is: lease.Place(i), leases: map[record.NodeID]*entry{}, forgets: time.Hour, calm: true}
	}
	for i := range nodes {
		n := &node{w: w, name: fmt.Sprintf("klatch-%d", i), offset: w.between(0, 100*second), rate: 1}
		w.nodes = append(w.nodes, n)
		w.after(w.between(0, second), n.start)
	}
	return w
}

// How long the meetings of a node that dies have no owner. Two seconds of it are the rest of Observe after a renewal
// that was seen on average half a second before.
func TestTimeToTakeOver(t *testing.T) {
	var took []time.Duration
	for seed := range uint64(200) {
		w := healthy(seed, 3)
		w.populate()
		w.run(w.between(8*second, 9*second))
		owned := 0
		dead := w.nodes[0]
		for _, o := range w.db.owners {
			if o.Node == dead.machine.ID() {
				owned++
			}
		}
		if owned == 0 {
			continue
		}
		died, id := w.now, dead.machine.ID()
		dead.crash()
		for left := owned; left > 0; {
			w.run(w.now + 10*ms)
			require.Less(t, w.now-died, 5*second)
			left = 0
			for _, o := range w.db.owners {
				if o.Node == id {
					left++
				}
			}
		}
		took = append(took, w.now-died)
		require.Empty(t, w.failure)
	}
	slices.Sort(took)
	p50, p95, most := took[len(took)/2], took[len(took)*95/100], took[len(took)-1]
	t.Logf("%d nodes that died: new owners after p50 %s, p95 %s, at most %s", len(took), p50, p95, most)
	require.Less(t, p50, 2900*ms)
	require.Less(t, p95, 3400*ms)
}

// What a cluster asks of Postgres and NATS in a quiet minute, by its nodes and by who is in its meetings. The leases
// are those of nodes: their number does not grow with meetings and participants.
func TestOperationsPerParticipant(t *testing.T) {
	const perNode = 1000 // participants
	type row struct{ participants, nodes, renewals, lists, joins int }
	var rows []row
	for _, participants := range []int{10, 100, 1000, 10000} {
		w := healthy(1, max(3, participants/perNode))
		w.run(30 * second)
		w.counts = counts{}
		// Four participants a meeting: each join reads the row of the owner, and the first one places it.
		names := make([]string, participants/4)
		for i := range names {
			names[i] = fmt.Sprintf("meeting-%d", i)
		}
		for i := range participants {
			c := &client{w: w, name: fmt.Sprint(i), meeting: names[i%len(names)], since: w.now, session: 0}
			w.after(w.between(0, 50*second), func() { c.ask() })
		}
		w.run(w.now + time.Minute)
		require.Empty(t, w.failure)
		require.Zero(t, w.counts.lost)
		require.InDelta(t, participants, w.counts.joins, float64(participants)/20)
		rows = append(rows, row{participants, len(w.nodes), w.counts.renewals, w.counts.lists, w.counts.sql})
	}
	t.Log("participants, nodes, renewals and lists per minute (half of each in either place), statements of joins")
	for _, r := range rows {
		leases := float64(r.renewals+r.lists) / float64(r.nodes)
		t.Logf("%6d %3d nodes: %6d renewals %6d lists, %.0f per node; %6d statements, %.2f per join",
			r.participants, r.nodes, r.renewals, r.lists, leases, r.joins, float64(r.joins)/float64(r.participants))
		require.InDelta(t, 600, leases, 40, "per node and minute: 2 renewals and 8 lists a second")
		require.Less(t, float64(r.joins)/float64(r.participants), 4.0, "statements per join")
	}
}
