package cluster

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"

	"github.com/klatch/klatch/internal/bus"
	"github.com/klatch/klatch/internal/record"
)

// A process that has ended is taken over from at once, without the wait for its lease. It is known by two signs, on two
// roads:
//
//   - The connection of its link ended, and the machine at its address, which answers, refuses another one: nobody
//     listens there any more. A process that is stopped, or that is cut off, does not look like that.
//   - NATS knows nobody who answers its calls.
//
// One of both alone is no proof: a firewall may refuse connections in the name of a node, and NATS may have been
// restarted. Without both the lease decides, as it does for a machine that is lost.
const (
	linkEvery    = time.Second            // between two looks at whether all links are there
	endedWithin  = time.Second            // after the end of a connection; then the lease decides
	endedEvery   = 50 * time.Millisecond  // between two looks
	endedTimeout = 300 * time.Millisecond // of a look
	endedRefused = 2                      // so often, one after the other
)

// keepLinks connects this node to all others, so that it notices the end of each, until ctx ends.
func (n *Node) keepLinks(ctx context.Context) {
	ticker := time.NewTicker(linkEvery)
	defer ticker.Stop()
	for {
		for _, info := range n.Nodes()[1:] {
			n.member.links.Connect(info.ID.Name, info.Address)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// linkEnded is called when the connection to a node has ended, and takes until it is known why.
func (n *Node) linkEnded(ctx context.Context, name string) {
	if n.starting.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, endedWithin)
	defer cancel()
	var suspects []Info
	for _, info := range n.Nodes()[1:] {
		if info.ID.Name == name {
			suspects = append(suspects, info)
		}
	}
	for _, s := range suspects {
		if n.hasEnded(ctx, s) {
			n.member.log.Info("the process of another node has ended", "node", name, "incarnation", s.ID.Incarnation)
			n.member.keeper.Ended(s.ID)
		}
	}
}

// hasEnded waits for the two signs. A process that ends may close its connections before its listener.
func (n *Node) hasEnded(ctx context.Context, s Info) bool {
	ticker := time.NewTicker(endedEvery)
	defer ticker.Stop()
	for refused := 0; ; {
		if isRefused(ctx, s.Address) {
			refused++
		} else {
			refused = 0
		}
		if refused >= endedRefused && n.isUnknownToBus(ctx, s.ID) {
			return true
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return false
		}
	}
}

// isRefused reports whether the machine at an address answers that nobody listens there.
func isRefused(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, endedTimeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err == nil {
		_ = conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// isUnknownToBus reports whether NATS says that nobody answers the calls of a node.
func (n *Node) isUnknownToBus(ctx context.Context, id record.NodeID) bool {
	ctx, cancel := context.WithTimeout(ctx, endedTimeout)
	defer cancel()
	_, err := n.member.bus.Request(ctx, busCallSubject(id.Name), []byte("{}"))
	return errors.Is(err, bus.ErrNoResponders)
}
