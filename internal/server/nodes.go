package server

import "github.com/klatch/klatch/internal/rest"

// nodes returns the nodes that are alive for the admin API, this one first.
func (s *Server) nodes() []rest.NodeEntry {
	var nodes []rest.NodeEntry
	self := s.node.ID()
	for _, n := range s.node.Nodes() {
		entry := rest.NodeEntry{
			Name: n.ID.Name, Incarnation: n.ID.Incarnation, Address: n.Address, URL: n.URL, Version: n.Version,
			Region: n.Region, Roles: append([]string{}, n.Roles...), Draining: n.Draining, Self: n.ID == self,
			Meetings: n.Load.Meetings, Participants: n.Load.Participants, Jobs: n.Load.Jobs, CPU: n.Load.CPU,
			Leases: []rest.NodeLease{},
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
