package server

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/cluster/directory"
	"github.com/klatch/klatch/internal/cluster/placement"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

// jobRole is the role of nodes that run jobs (cluster.roles).
const jobRole = "egress"

// jobNodes are the nodes of the cluster, as egress sees them.
type jobNodes struct {
	*cluster.Node
	store *store.Store
	began time.Time

	mu     sync.Mutex // guards everything below
	recent placement.Recent
}

// jobNodes returns the nodes on which jobs run; nil for a server that is alone, which runs its own.
func (s *Server) openJobNodes() egress.Nodes {
	if s.node.IsAlone() {
		return nil
	}
	return &jobNodes{Node: s.node, store: s.Store, began: time.Now()}
}

// Owner implements egress.Nodes.
func (n *jobNodes) Owner(ctx context.Context, meetingID string) (record.NodeID, bool, error) {
	owner, found, err := n.store.Owner(ctx, meetingID)
	if err != nil {
		return record.NodeID{}, false, fault.ServerUnavailableStore("the query for the node of a meeting").Because(err)
	}
	return owner.Node, found, nil
}

// Runners implements egress.Nodes.
func (n *jobNodes) Runners(key string, not record.NodeID) []record.NodeID {
	infos := n.Nodes()
	ids := map[string]record.NodeID{}
	for _, info := range infos {
		ids[info.ID.Name] = info.ID
	}
	nodes := directory.Placement(infos, func(cluster.Info) bool { return true })
	n.mu.Lock()
	defer n.mu.Unlock()
	nodes = n.recent.With(nodes, time.Since(n.began))
	var chosen []record.NodeID
	for {
		name, ok := placement.Choose(nodes, placement.Want{Key: key, Role: jobRole, Not: not.Name, Running: true})
		if !ok {
			break
		}
		chosen = append(chosen, ids[name])
		nodes = slices.DeleteFunc(nodes, func(other placement.Node) bool { return other.Name == name })
	}
	if len(chosen) > 0 {
		n.recent.Chose(time.Since(n.began), chosen[0].Name, true)
	}
	return chosen
}

// Counts implements egress.Nodes.
func (n *jobNodes) Counts() (running, draining int) {
	for _, info := range n.Nodes() {
		running++
		if info.Draining && info.Has(jobRole) {
			draining++
		}
	}
	return running, draining
}

// takeOverJobs ends the jobs of other nodes that are lost, and gives up those of this one when it has lost its leases.
func (s *Server) takeOverJobs() {
	s.node.OnFenced(func(ctx context.Context, _ record.NodeID) {
		err := s.egress.EndLost(ctx)
		if err != nil && ctx.Err() == nil && !errors.Is(err, fault.ServerUnavailableDraining()) {
			s.log.Error("the jobs of a lost node were not ended", "err", err)
		}
	})
	s.node.OnLost(func() {
		ctx, cancel := context.WithTimeout(context.Background(), abandonTimeout)
		defer cancel()
		if err := s.egress.Abandon(ctx); err != nil {
			s.log.Error("a worker of a job that another node has ended still runs", "err", err)
		}
	})
}

// serverJobs are the jobs of a server, which are there when it has started.
type serverJobs struct{ server *Server }

// MoveJobs implements drainedJobs.
func (j serverJobs) MoveJobs(ctx context.Context) { j.server.egress.MoveJobs(ctx) }

// Left implements drainedJobs.
func (j serverJobs) Left() []egress.Left { return j.server.egress.Left() }

// drainJobs has other nodes go on with the jobs of a node of a cluster that stops, and gives those that stay time to
// end with their sessions, which live elsewhere by now: as much as ctx has, but what finishing their files takes.
func (s *Server) drainJobs(ctx context.Context) {
	if s.node.IsAlone() || s.egress.Count() == 0 {
		return
	}
	if deadline, limited := ctx.Deadline(); limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-min(finishTime, time.Until(deadline)/2)))
		defer cancel()
	}
	s.log.Info("moving recordings and streams", "jobs", s.egress.Count())
	s.egress.Drain(ctx)
}

// finishTime is what a drain leaves for finishing the files of jobs, and for closing what comes after them: half of a
// time that is shorter than twice that.
const finishTime = 20 * time.Second

// abandonTimeout bounds how long a node that has lost its leases waits for workers that it has killed.
const abandonTimeout = 5 * time.Second
