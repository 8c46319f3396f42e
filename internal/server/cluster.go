package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/cluster/lease"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

// openNode makes this server a node of its cluster, or one that is alone.
func (s *Server) openNode(ctx context.Context, secretKey []byte) (*cluster.Node, error) {
	if !s.conf.IsCluster() {
		return cluster.Alone(secretKey), nil
	}
	c := s.conf.Cluster
	s.log = s.log.With("node", c.Node)
	n, err := cluster.Open(ctx, cluster.Options{
		Name: c.Node, Secret: c.Secret, Address: c.Address, Advertise: c.Advertise,
		NATSURL: c.NATSURL, NATSAddress: c.NATSAddress, Routes: c.Routes, NATSDir: filepath.Join(s.conf.Data.Dir, "nats"),
		Region: c.Region, Roles: c.Roles, Version: s.version, SQL: storeLeases{s.Store}, Log: s.log,
	})
	if listen, ok := errors.AsType[*cluster.ListenError](err); ok {
		return nil, listenFault(err, listen.Address, listen.Setting)
	}
	if used, ok := errors.AsType[*cluster.NameInUseError](err); ok {
		return nil, fault.StartupFailedNodeNameInUse(used.Name, used.Address).Because(err)
	}
	if err != nil {
		return nil, fault.StartupFailedCluster(err.Error()).Because(err)
	}
	s.log.Info("node of a cluster", "incarnation", n.ID().Incarnation, "address", n.Nodes()[0].Address)
	return n, nil
}

// startNode has the node take part: all that other nodes may ask of it is ready.
func (s *Server) startNode() {
	if s.node.IsAlone() {
		return
	}
	s.node.SetURL(s.url)
	s.node.SetLoad(func() cluster.Load {
		counts, used := s.meetings.Counts(), s.processors.measure()
		limit := s.conf.Cluster.CPULimit
		return cluster.Load{
			Meetings: counts.Sessions, Participants: counts.Participants, Jobs: s.egress.Count(), CPU: used,
			Full: limit > 0 && used*100 >= float64(limit),
		}
	})
	s.node.Start()
}

// overloaded returns why nobody new joins the meetings of this node: it would harm those who are in them. A node that
// takes no new meeting any more is well before that.
func (s *Server) overloaded() *fault.Error {
	limit := s.conf.Cluster.CPULimit
	if s.node.IsAlone() || limit == 0 {
		return nil
	}
	used, most := int(100*s.processors.load()), (limit+100)/2
	if used < most {
		return nil
	}
	return fault.ServerUnavailableNodeOverloaded(s.node.ID().Name, used, most)
}

// serves returns what the media path asks before it forwards; nil: it always does.
func (s *Server) serves() func(now time.Time) bool {
	if s.node.IsAlone() {
		return nil
	}
	return s.node.Serves
}

// storeLeases are the leases of nodes in Postgres.
type storeLeases struct{ store *store.Store }

// Renew implements lease.Arbiter.
func (l storeLeases) Renew(ctx context.Context, id record.NodeID, info json.RawMessage) error {
	err := l.store.RenewNode(ctx, id, info)
	if _, ok := errors.AsType[*store.FencedError](err); ok {
		return errors.Join(lease.ErrFenced, err)
	}
	return err
}

// List implements lease.Arbiter.
func (l storeLeases) List(ctx context.Context) ([]lease.Lease, error) {
	found, err := l.store.NodeLeases(ctx)
	leases := make([]lease.Lease, len(found))
	for i, f := range found {
		leases[i] = lease.Lease{ID: f.ID, Version: uint64(f.Version), Info: f.Info, Fenced: f.Fenced}
	}
	return leases, err
}

// Fence implements lease.Arbiter.
func (l storeLeases) Fence(ctx context.Context, id record.NodeID, version uint64) (bool, error) {
	return l.store.FenceNode(ctx, id, int64(version))
}

// clusterChecks are what a node needs of the others' places. The database has a check of its own.
func (s *Server) clusterChecks() []check {
	if s.node.IsAlone() {
		return nil
	}
	return []check{
		{"cluster", true, readyWithin, func(context.Context) capability {
			if !s.node.Holds() {
				return capability{
					Detail: "neither Postgres nor NATS has confirmed the lease of this node lately: it serves nothing",
				}
			}
			return capability{Ready: true}
		}},
		// Meetings go on without NATS.
		{"bus", false, readyWithin, func(context.Context) capability {
			status := s.node.Status()
			if bus := status.Places[lease.Bus]; !bus.Works() {
				return capability{Detail: "NATS at " + status.Bus + ": " + problemOf(bus.Err)}
			}
			return capability{Ready: true}
		}},
	}
}

func problemOf(err error) string {
	if err == nil {
		return "no answer"
	}
	return err.Error()
}

// lookAtCluster raises the conditions of a node.
func (s *Server) lookAtCluster(context.Context) {
	const busKey, secretKey = "bus", "cluster secret "
	if s.node.IsAlone() {
		return
	}
	status := s.node.Status()
	if bus := status.Places[lease.Bus]; bus.Works() {
		s.incidents.Clear(busKey)
	} else {
		s.incidents.Raise(busKey, "", fault.ServerUnavailableBusDown(status.Bus, problemOf(bus.Err)).Because(bus.Err))
	}
	wrong := map[string]bool{}
	for _, address := range status.WrongSecrets {
		wrong[address] = true
		if !s.wrongSecrets[address] {
			s.incidents.Raise(secretKey+address, "", fault.ServerUnavailableClusterSecret(address))
		}
	}
	for address := range s.wrongSecrets {
		if !wrong[address] {
			s.incidents.Clear(secretKey + address)
		}
	}
	s.wrongSecrets = wrong
}

// measureNode publishes the counts of a node.
func (s *Server) measureNode(gauge func(name, help string, read func() float64)) {
	if s.node.IsAlone() {
		return
	}
	s.metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "klatch_node_info", Help: "Always 1. The label node is the cluster.node of this server.",
		ConstLabels: prometheus.Labels{"node": s.node.ID().Name},
	}, func() float64 { return 1 }))
	gauge("klatch_nodes", "Nodes of the cluster that are alive, this one too.", func() float64 {
		return float64(len(s.node.Nodes()))
	})
	gauge("klatch_node_holds", "1 while this node holds its lease and serves, else 0.", func() float64 {
		if s.node.Holds() {
			return 1
		}
		return 0
	})
	counter := func(name, help string, labels prometheus.Labels, read func(cluster.Status) uint64) {
		s.metrics.MustRegister(prometheus.NewCounterFunc(
			prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels},
			func() float64 { return float64(read(s.node.Status())) },
		))
	}
	for i, place := range s.node.Status().Places {
		for result, read := range map[string]func(cluster.PlaceStatus) uint64{
			"ok":     func(p cluster.PlaceStatus) uint64 { return p.Renewed },
			"failed": func(p cluster.PlaceStatus) uint64 { return p.Failed },
			"fenced": func(p cluster.PlaceStatus) uint64 { return p.Fenced },
		} {
			counter("klatch_lease_renewals_total", "Renewals of the lease of this node, by place and result.",
				prometheus.Labels{"arbiter": place.Name, "result": result},
				func(status cluster.Status) uint64 { return read(status.Places[i]) })
		}
	}
	const linkBytes, linkHelp = "klatch_link_bytes_total", "Bytes of the links to other nodes, with TLS."
	counter(
		linkBytes,
		linkHelp,
		prometheus.Labels{"direction": "in"},
		func(st cluster.Status) uint64 { return st.LinkIn },
	)
	counter(
		linkBytes,
		linkHelp,
		prometheus.Labels{"direction": "out"},
		func(st cluster.Status) uint64 { return st.LinkOut },
	)
}

// cpu measures how busy the processors of this machine are.
type cpu struct {
	mu          sync.Mutex // guards everything below
	busy, total uint64
	recent      float64
}

// cpuWeight is how much of the last second counts: a burst of some seconds says nothing of a node.
const cpuWeight = 0.1

func newCPU() *cpu {
	c := &cpu{}
	c.measure()
	c.recent = 0 // that was since the machine has started
	return c
}

// load returns what measure did last.
func (c *cpu) load() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recent
}

// measure returns the share of the time that was not idle, over some ten calls; 0 where the kernel does not tell. It is
// called each second.
func (c *cpu) measure() float64 {
	raw, err := os.ReadFile("/proc/stat")
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	fields := strings.Fields(string(line)) // proc_stat(5): cpu user nice system idle iowait irq softirq steal …
	if err != nil || len(fields) < 9 {
		return 0
	}
	var busy, total uint64
	for i, field := range fields[1:9] {
		n, err := strconv.ParseUint(field, 10, 64)
		if err != nil {
			return 0
		}
		total += n
		if i != 3 && i != 4 {
			busy += n
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	since := total - c.total
	share := float64(busy-c.busy) / float64(max(since, 1))
	c.busy, c.total = busy, total
	c.recent += cpuWeight * (min(max(share, 0), 1) - c.recent)
	return c.recent
}
