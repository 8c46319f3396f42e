package sdk

import (
	"maps"
	"net"
	"net/netip"
	"sync"
	"time"
)

// networkLook is how often the addresses of this machine are looked at. A look costs some 100 us.
const networkLook = 300 * time.Millisecond

// network notices changes of this machine's network for all meetings of the process.
var network networkMonitor

// networkMonitor looks at the addresses of this machine while somebody watches. Shape: mutex, and a goroutine that
// looks.
type networkMonitor struct {
	mu       sync.Mutex // guards everything below
	watchers map[*networkWatcher]struct{}
	stop     chan struct{} // ends the goroutine
	done     chan struct{} // closed when it has ended
}

type networkWatcher struct{ changed func(addresses) }

// addresses are those of the interfaces that are up and have a carrier.
type addresses map[netip.Addr]bool

// watch calls changed, which must not block, whenever the addresses have changed, until end.
func (n *networkMonitor) watch(changed func(addresses)) (end func()) {
	w := &networkWatcher{changed}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.watchers) == 0 {
		n.watchers = map[*networkWatcher]struct{}{}
		n.stop, n.done = make(chan struct{}), make(chan struct{})
		go n.run(n.stop, n.done)
	}
	n.watchers[w] = struct{}{}
	return func() {
		n.mu.Lock()
		delete(n.watchers, w)
		stop, done, last := n.stop, n.done, len(n.watchers) == 0
		n.mu.Unlock()
		if last {
			close(stop)
			<-done
		}
	}
}

func (n *networkMonitor) run(stop, done chan struct{}) {
	defer close(done)
	ticker := time.NewTicker(networkLook)
	defer ticker.Stop()
	last, _ := localAddresses() // without the first look the second one counts as a change
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
		}
		now, err := localAddresses()
		if err != nil || maps.Equal(now, last) {
			continue
		}
		last = now
		n.mu.Lock()
		watchers := make([]*networkWatcher, 0, len(n.watchers))
		for w := range n.watchers {
			watchers = append(watchers, w)
		}
		n.mu.Unlock()
		for _, w := range watchers {
			w.changed(now)
		}
	}
}

// localAddresses returns the addresses from which packets can leave this machine now.
func localAddresses() (addresses, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	all := addresses{}
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagRunning == 0 {
			continue
		}
		of, err := i.Addrs()
		if err != nil {
			return nil, err
		}
		for _, a := range of {
			if prefix, err := netip.ParsePrefix(a.String()); err == nil {
				all[prefix.Addr().Unmap()] = true
			}
		}
	}
	return all, nil
}

// has reports whether an address is one of them; one that is not known is.
func (a addresses) has(addr netip.Addr) bool { return !addr.IsValid() || a[addr.Unmap().WithZone("")] }
