package cluster

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/klatch/klatch/internal/bus"
	"github.com/klatch/klatch/internal/cluster/lease"
	"github.com/klatch/klatch/internal/cluster/link"
	"github.com/klatch/klatch/internal/record"
)

// Options are those of Open, from the settings of the same names.
type Options struct {
	Name      string // of this node, which no other one has
	Secret    string
	Address   string // of the link
	Advertise string // "" for Address

	NATSURL     string // or the two below
	NATSAddress string
	Routes      []string
	NATSDir     string // for the state of the NATS server inside this node

	Region  string
	Roles   []string
	Version string

	SQL lease.Arbiter // the leases in Postgres
	Log *slog.Logger
}

// ListenError is the reason why an address cannot be listened on.
type ListenError struct {
	Setting, Address string
	err              error
}

func (e *ListenError) Error() string { return e.Setting + ": " + e.err.Error() }

// Unwrap returns the reason.
func (e *ListenError) Unwrap() error { return e.err }

// NameInUseError means that another node has the name of this one.
type NameInUseError struct{ Name, Address string }

func (e *NameInUseError) Error() string {
	return fmt.Sprintf("the node at %s has the name %s as well", e.Address, e.Name)
}

const (
	leaseWithin   = 20 * time.Second       // a node that starts gets its lease
	releaseWithin = 2 * time.Second        // a node that stops returns it
	nameEvery     = 250 * time.Millisecond // between two looks at who has the name
	watchEvery    = 100 * time.Millisecond
	wrongSecrets  = time.Minute // since one was met
	maxWrong      = 16          // addresses with another secret that are remembered
)

// member is what a node of a cluster has besides. Shape: goroutines of lease.Keeper, and watch.
type member struct {
	opened time.Time
	log    *slog.Logger
	keeper *lease.Keeper
	places [2]*place
	bus    *bus.NATS
	links  *link.Links
	end    context.CancelFunc
	runs   sync.WaitGroup

	mu         sync.Mutex // guards everything below
	transports map[record.NodeID]*http.Transport
	wrong      map[string]time.Time // addresses of nodes with another secret
}

// Open makes this server a node of a cluster and returns when it holds its lease and knows which others are alive. The
// error is a *ListenError, a *NameInUseError, the error of ctx, or why neither place takes the lease.
//
// The node takes part only after Start: until then others see it as draining, and it takes over nothing.
func Open(ctx context.Context, o Options) (_ *Node, err error) {
	n := newNode([]byte(o.Secret))
	m := &member{
		opened: time.Now(), log: o.Log, transports: map[record.NodeID]*http.Transport{}, wrong: map[string]time.Time{},
	}
	n.member = m
	n.starting.Store(true)
	run, end := context.WithCancel(context.Background())
	m.end = end
	m.links, err = link.New(link.Options{
		Secret: n.secret, Name: o.Name, Address: o.Address, Logger: o.Log, WrongSecret: m.metWrongSecret,
		Ended: func(name string) { n.linkEnded(run, name) },
	})
	if err != nil {
		end()
		return nil, &ListenError{Setting: "cluster.address", Address: o.Address, err: err}
	}
	if m.bus, err = n.openBus(o); err != nil {
		end()
		m.links.Close()
		return nil, err
	}
	n.info = Info{
		Address: cmp.Or(o.Advertise, m.links.Addr().String()), Version: o.Version, Region: o.Region, Roles: o.Roles,
	}
	m.places = [2]*place{lease.SQL: {Arbiter: o.SQL}, lease.Bus: {Arbiter: &busArbiter{bus: m.bus}}}
	closeAll := func() {
		end()
		m.links.Close()
		m.bus.Close()
	}
	if err := m.checkName(ctx, o.Name, n.info.Address); err != nil {
		closeAll()
		return nil, err
	}
	m.keeper = lease.NewKeeper(lease.Options{
		Arbiters: [2]lease.Arbiter{m.places[0], m.places[1]},
		Clock:    bootTime,
		NewID:    func() record.NodeID { return record.NodeID{Name: o.Name, Incarnation: rand.Text()} },
		Info:     n.encodedInfo,
		Stop:     n.stopServing,
		TakeOver: n.takeOver,
	})
	m.runs.Go(func() { m.keeper.Run(run) })
	m.runs.Go(func() { n.watch(run) })
	m.runs.Go(func() { n.keepLinks(run) })
	if err := n.openTopics(); err != nil {
		_ = n.Close(ctx)
		return nil, err
	}
	m.links.Serve(http.HandlerFunc(n.serveLink))
	if err := n.waitForLease(ctx); err != nil {
		_ = n.Close(ctx)
		return nil, err
	}
	return n, nil
}

// openBus connects to NATS. That nothing answers there is no error.
func (n *Node) openBus(o Options) (*bus.NATS, error) {
	options := bus.Options{
		// Clusters with different secrets can share a NATS.
		URL: o.NATSURL, Prefix: "klatch-" + hex.EncodeToString(n.Key("bus prefix")[:6]), Name: o.Name, Log: o.Log,
	}
	if o.NATSURL == "" {
		config, err := link.TLSConfig(n.secret, o.Name)
		if err != nil {
			return nil, err
		}
		options.Server, err = bus.StartServer(bus.ServerOptions{
			Name: o.Name, Address: o.NATSAddress, Routes: o.Routes, TLS: config, Dir: o.NATSDir, Log: o.Log,
		})
		if _, listening := errors.AsType[*net.OpError](err); listening {
			return nil, &ListenError{Setting: "cluster.natsAddress", Address: o.NATSAddress, err: err}
		}
		if err != nil {
			return nil, fmt.Errorf("the NATS server inside this node: %w", err)
		}
	}
	opened, err := bus.Open(options)
	if err != nil && options.Server != nil {
		options.Server.Close()
	}
	return opened, err
}

// checkName finds another node with this one's name: a lease that is renewed. One that was left by a run that was
// killed is not, and the run was another one's where this one listens at its address now.
func (m *member) checkName(ctx context.Context, name, address string) error {
	seen := map[record.NodeID]uint64{}
	for began := time.Now(); ; {
		listing, cancel := context.WithTimeout(ctx, lease.ListTimeout)
		found := false
		for _, p := range m.places {
			leases, _ := p.List(listing) // a place that is away has renewed nothing either
			for _, l := range leases {
				if l.ID.Name != name || l.Fenced {
					continue
				}
				var info Info
				if json.Unmarshal(l.Info, &info) != nil || info.Address == address {
					continue
				}
				found = true
				key := record.NodeID{Name: info.Address, Incarnation: fmt.Sprintf("%p %s", p, l.ID.Incarnation)}
				if before, ok := seen[key]; ok && before != l.Version {
					cancel()
					return &NameInUseError{Name: name, Address: info.Address}
				}
				seen[key] = l.Version
			}
		}
		cancel()
		if !found || time.Since(began) > lease.Observe {
			return ctx.Err()
		}
		select {
		case <-time.After(nameEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (n *Node) waitForLease(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, leaseWithin)
	defer cancel()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for !n.Holds() || !n.member.keeper.Surveyed() {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			if n.Holds() {
				return nil // others come and go as fast as it looks
			}
			var errs []error
			for _, s := range n.Status().Places {
				errs = append(errs, fmt.Errorf("%s: %w", s.Name, cmp.Or(s.Err, ctx.Err())))
			}
			return errors.Join(errs...)
		}
	}
	return nil
}

// bootTime returns the time since the machine started, with the time in which it was suspended.
func bootTime() time.Duration {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &now); err != nil {
		panic(err) // Linux has had it since 2.6.39
	}
	return time.Duration(now.Nano())
}

// Start has this node take part: others place meetings on it, and it takes over from those which are lost.
func (n *Node) Start() {
	n.starting.Store(false)
}

// Close ends the lease, so that others need not wait for it, and closes what is open. Everything that needs the lease
// has ended before. It may be called twice.
func (n *Node) Close(ctx context.Context) error {
	m := n.member
	if m == nil || !n.closed.CompareAndSwap(false, true) {
		return nil
	}
	m.end()
	m.runs.Wait()
	n.until.Store(0)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseWithin)
	defer cancel()
	if err := m.keeper.Release(ctx); err != nil {
		m.log.Debug("the lease ends by itself", "err", err)
	}
	m.mu.Lock()
	for _, t := range m.transports {
		t.CloseIdleConnections()
	}
	m.mu.Unlock()
	m.links.Close()
	m.bus.Close()
	return nil
}

// watch keeps until, by the monotonic clock of Go, which costs a packet less than that of the lease. After a suspension
// of the machine, in which that clock stood still, Serves is wrong for watchEvery at most.
func (n *Node) watch(ctx context.Context) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		now, left := time.Since(n.base), n.member.keeper.Until()-bootTime()
		if left > 0 {
			n.until.Store(int64(now + left))
		} else {
			n.until.Store(0)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// stopServing runs what OnLost has registered. The node has its next incarnation afterwards.
func (n *Node) stopServing(lost record.NodeID) {
	n.until.Store(0)
	n.member.log.Warn("the lease of this node is lost: it stops serving", "incarnation", lost.Incarnation)
	n.mu.Lock()
	hooks := slices.Clone(n.onLost)
	n.mu.Unlock()
	for _, f := range hooks {
		if err := runHook("what is done when the lease is lost", f); err != nil {
			n.member.log.Error("cluster", "err", err)
		}
	}
}

// errStarting delays a takeover until its functions are registered.
var errStarting = errors.New("this node is starting")

// takeOver runs what OnFenced has registered.
func (n *Node) takeOver(ctx context.Context, dead record.NodeID) error {
	if n.starting.Load() {
		return errStarting
	}
	n.mu.Lock()
	hooks := slices.Clone(n.onFenced)
	n.mu.Unlock()
	n.member.log.Info("another node is lost", "node", dead.Name, "incarnation", dead.Incarnation)
	for _, f := range hooks {
		if err := runHook("a takeover", func() { f(ctx, dead) }); err != nil {
			return err
		}
	}
	return ctx.Err() // it was ended early: again
}

func (n *Node) encodedInfo() json.RawMessage {
	raw, err := json.Marshal(n.self())
	if err != nil {
		n.member.log.Error("cluster", "err", err) // a load that is no number
		return json.RawMessage("{}")
	}
	return raw
}

// metWrongSecret remembers the address of a node that has another secret.
func (m *member) metWrongSecret(address string) {
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host // the port of one who connects changes
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.wrong[address]; known || len(m.wrong) < maxWrong {
		m.wrong[address] = time.Now()
	}
}

// Status is how the parts of a node work.
type Status struct {
	Bus             string        // where NATS is
	Places          []PlaceStatus // none: the server is alone
	WrongSecrets    []string      // hosts whose nodes had another secret in the last minute
	LinkIn, LinkOut uint64        // bytes of the links
}

// Status returns how the parts of this node work.
func (n *Node) Status() Status {
	m := n.member
	if m == nil {
		return Status{}
	}
	s := Status{Bus: m.bus.Place()}
	for p, state := range m.places {
		s.Places = append(s.Places, state.status(lease.Place(p).String(), m.opened))
	}
	s.LinkIn, s.LinkOut = m.links.Bytes()
	m.mu.Lock()
	defer m.mu.Unlock()
	for address, at := range m.wrong {
		if time.Since(at) > wrongSecrets {
			delete(m.wrong, address)
			continue
		}
		s.WrongSecrets = append(s.WrongSecrets, address)
	}
	slices.Sort(s.WrongSecrets)
	return s
}
