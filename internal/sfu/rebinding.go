package sfu

import (
	"net/netip"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/stun/v4"
	"github.com/pion/webrtc/v4"
)

// reboundAfter is how long no check has come over the selected pair when a connection follows the checks that come from
// another address. Browsers and pion check the selected pair every 2.5 s or more often.
const reboundAfter = 3500 * time.Millisecond

// rebinding notices that a NAT has given a client another address. Browsers nominate the pair again with each check; a
// client based on pion does not, and its controlled end would send to the old address until ICE restarts.
type rebinding struct {
	mu      sync.Mutex // guards everything below
	remote  netip.AddrPort
	checked time.Time // the last check came from remote
}

// selected takes the pair that ICE has chosen.
func (r *rebinding) selected(pair *webrtc.ICECandidatePair) {
	if pair == nil || pair.Remote == nil {
		return
	}
	addr, err := netip.ParseAddr(pair.Remote.Address)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remote, r.checked = netip.AddrPortFrom(addr.Unmap(), pair.Remote.Port), time.Now()
}

// request takes a check whose password holds, and reports whether its pair becomes the selected one.
func (r *rebinding) request(_ *stun.Message, _, remote ice.Candidate, _ *ice.CandidatePair) bool {
	addr, err := netip.ParseAddr(remote.Address())
	if err != nil {
		return false
	}
	from, now := netip.AddrPortFrom(addr.Unmap(), uint16(remote.Port())), time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !r.remote.IsValid():
		return false
	case from != r.remote && now.Sub(r.checked) < reboundAfter:
		return false
	}
	moved := from != r.remote
	r.remote, r.checked = from, now
	return moved
}
