package turn

import (
	"errors"
	"net/netip"
	"strings"
	"sync"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
)

// Limits bound the relays; 0 is no limit.
type Limits struct {
	PerAddress     int // of one address, or of an IPv6 network of 64 bits
	PerParticipant int
	All            int
	// Connections that have no relay yet.
	PendingPerAddress, Pending int
}

// quota counts relays. Shape: mutex.
type quota struct {
	limits    Limits
	incidents *incidents

	mu            sync.Mutex // guards everything below
	all           int
	byNetwork     map[netip.Prefix]int
	byParticipant map[Identity]int
}

var errQuota = errors.New("turn: too many relays")

// take counts a relay, or reports and returns errQuota. free must be called when it has ended.
func (q *quota) take(of Identity, at netip.Addr) (free func(), err error) {
	network := ratelimit.Network(at)
	f, full := q.reserve(of, at, network)
	if f != nil {
		q.incidents.tell(f, of, at)
	}
	if full {
		return nil, errQuota
	}
	return sync.OnceFunc(func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.all--
		if q.byNetwork[network]--; q.byNetwork[network] == 0 {
			delete(q.byNetwork, network)
		}
		if q.byParticipant[of]--; q.byParticipant[of] == 0 {
			delete(q.byParticipant, of)
		}
	}), nil
}

func (q *quota) reserve(of Identity, at netip.Addr, network netip.Prefix) (f *fault.Error, full bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if f, full = q.refusalLocked(of, at, network); full {
		return f, true
	}
	q.all++
	q.byNetwork[network]++
	q.byParticipant[of]++
	return nil, false
}

func (q *quota) refusalLocked(of Identity, at netip.Addr, network netip.Prefix) (f *fault.Error, full bool) {
	switch l := q.limits; {
	case l.PerParticipant > 0 && q.byParticipant[of] >= l.PerParticipant:
		return fault.RateLimitedParticipantRelays(at.String(), l.PerParticipant), true
	case l.PerAddress > 0 && q.byNetwork[network] >= l.PerAddress:
		return fault.RateLimitedAddressRelays(network.Addr().String(), l.PerAddress), true
	case l.All > 0 && q.all >= l.All:
		return nil, true // the listener tells of a server that is short of descriptors
	}
	return nil, false
}

// isFull reports whether one more relay would be refused, and tells why.
func (q *quota) isFull(of Identity, at netip.Addr) bool {
	q.mu.Lock()
	f, full := q.refusalLocked(of, at, ratelimit.Network(at))
	q.mu.Unlock()
	if f != nil {
		q.incidents.tell(f, of, at)
	}
	return full
}

// userOf is what pion knows a user by: the limits are per address and per participant.
func userOf(at netip.Addr, username string) string { return at.String() + " " + username }

func splitUser(user string) (at netip.Addr, username string) {
	text, username, _ := strings.Cut(user, " ")
	at, _ = netip.ParseAddr(text)
	return at, username
}
