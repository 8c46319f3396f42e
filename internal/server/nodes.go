package server

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
)

// topicDrain asks a node what its drain waits for: a rest.Drain.
const topicDrain = "drain"

// answerDrain answers other nodes what the drain of this one waits for.
func (s *Server) answerDrain() {
	s.node.Answer(topicDrain, func(context.Context, record.NodeID, json.RawMessage) (any, error) {
		return s.drainer.State()
	})
}

// drains returns what the drains of the nodes that an operator drains wait for, by node. One that does not answer in
// time is left out.
func (s *Server) drains(ctx context.Context) map[string]*rest.Drain {
	found := map[string]*rest.Drain{}
	if s.drainer == nil {
		return found
	}
	keep := func(d rest.Drain) {
		if d.State != "serving" {
			found[d.Node] = &d
		}
	}
	if own, err := s.drainer.State(); err == nil {
		keep(own)
	}
	var mu sync.Mutex // guards found
	remote{server: s}.callOthersWhere(ctx, func(n cluster.Info) bool { return n.Draining },
		func(ctx context.Context, to record.NodeID) error {
			var d rest.Drain
			err := s.node.Call(ctx, to, topicDrain, nil, &d)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				keep(d)
			}
			return err
		})
	return found
}

// nodes returns the nodes that are alive for the admin API, this one first.
func (s *Server) nodes(ctx context.Context) []rest.NodeEntry {
	var nodes []rest.NodeEntry
	drains := s.drains(ctx)
	self := s.node.ID()
	for _, n := range s.node.Nodes() {
		entry := rest.NodeEntry{
			Name: n.ID.Name, Incarnation: n.ID.Incarnation, Address: n.Address, URL: n.URL, Version: n.Version,
			Region: n.Region, Roles: append([]string{}, n.Roles...), Draining: n.Draining, Self: n.ID == self,
			Meetings: n.Load.Meetings, Participants: n.Load.Participants, Jobs: n.Load.Jobs, CPU: n.Load.CPU,
			Leases: []rest.NodeLease{}, Drain: drains[n.ID.Name],
		}
		if entry.Self {
			entry.Leases = s.leases()
		}
		if s.node.IsAlone() {
			counts := s.meetings.Counts()
			entry.URL, entry.Version, entry.Roles = s.url, s.version, []string{"meetings", "egress"}
			entry.Meetings, entry.Participants, entry.Jobs = counts.Sessions, counts.Participants, s.egress.Count()
		}
		nodes = append(nodes, entry)
	}
	return nodes
}

// leases returns where this node renews its lease.
func (s *Server) leases() []rest.NodeLease {
	leases := []rest.NodeLease{}
	for _, p := range s.node.Status().Places {
		l := rest.NodeLease{Place: p.Name, Works: p.Works(), RenewedMs: p.Since.Milliseconds()}
		if p.Err != nil {
			l.Problem = p.Err.Error()
		}
		leases = append(leases, l)
	}
	return leases
}
