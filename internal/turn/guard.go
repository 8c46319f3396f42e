package turn

import (
	"errors"
	"net/netip"
	"time"

	"github.com/pion/stun/v4"
	pion "github.com/pion/turn/v5"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
)

// guard looks at every packet before pion does. It bounds what comes before credentials are proved, refuses the
// credentials that do not hold with 401 (RFC 8489, section 9.2.4; pion answers 400, which clients do not take for
// that), and refuses peers that are no media address with 403 (RFC 8656, sections 10.2 and 12.2), ports included, of
// which pion's handler of permissions hears nothing. It is safe for concurrent use.
type guard struct {
	credentials *Credentials
	peers       peers
	limiter     *ratelimit.Limiter
	incidents   *incidents
	stats       *counters
	now         func() time.Time
}

// verdict is what becomes of a packet.
type verdict int

const (
	_     verdict = iota
	pass          // pion handles it
	drop          // nobody does
	flood         // as drop; there are too many
)

// inspect judges a packet. who is whose allocation the sender has, nil without one. A reply is sent instead of pion's.
func (g *guard) inspect(b []byte, from netip.AddrPort, who *Identity) (v verdict, reply []byte) {
	allocated := who != nil
	if isChannelData(b) {
		if allocated {
			return pass, nil // a bound channel leads where ChannelBind was allowed to
		}
		return drop, nil
	}
	if !stun.IsMessage(b) {
		return drop, nil
	}
	if !allocated {
		if f := g.limiter.Take(from.Addr(), ratelimit.TURNRequests); f != nil {
			g.stats.overRate.Add(1)
			g.incidents.tell(f, Identity{}, from.Addr())
			return flood, nil
		}
	}
	var kind stun.MessageType
	kind.ReadValue(uint16(b[0])<<8 | uint16(b[1]))
	switch {
	case kind == stun.BindingRequest:
		return pass, nil
	case kind.Method == stun.MethodSend && kind.Class == stun.ClassIndication:
		if allocated && g.mayReach(b, *who, from) {
			return pass, nil
		}
		return drop, nil
	case kind.Class != stun.ClassRequest:
		return drop, nil
	}
	switch kind.Method {
	case stun.MethodAllocate:
	case stun.MethodRefresh, stun.MethodCreatePermission, stun.MethodChannelBind:
		if !allocated {
			return pass, nil // pion finds no allocation
		}
	default: // TCP relays (RFC 6062): media ports take UDP of a relay, or TCP of a client
		return pass, nil
	}
	return g.inspectRequest(b, kind, from)
}

func isChannelData(b []byte) bool { return len(b) >= 4 && b[0]>>6 == 1 }

// inspectRequest judges a request that takes credentials.
func (g *guard) inspectRequest(b []byte, kind stun.MessageType, from netip.AddrPort) (verdict, []byte) {
	m := &stun.Message{Raw: b}
	if m.Decode() != nil {
		return drop, nil
	}
	if !m.Contains(stun.AttrMessageIntegrity) {
		return pass, nil // pion asks for credentials
	}
	var name stun.Username
	var realm stun.Realm
	var nonce stun.Nonce
	if name.GetFrom(m) != nil || realm.GetFrom(m) != nil || nonce.GetFrom(m) != nil {
		return pass, nil // 400
	}
	username := name.String()
	of, err := g.credentials.identify(username, g.now())
	if errors.Is(err, errExpired) && kind.Method != stun.MethodAllocate {
		err = nil // what is in use goes on: a call is longer than a credential lives
	}
	key := stun.MessageIntegrity(g.credentials.key(username, realm.String()))
	if err == nil && key.Check(m) != nil {
		err = errPassword
	}
	if err != nil {
		g.stats.unauthorized.Add(1)
		refused := stun.ErrorCodeAttribute{Code: stun.CodeUnauthorized, Reason: []byte(err.Error())}
		return drop, answer(m, refused, realm, nonce)
	}
	if kind.Method != stun.MethodCreatePermission && kind.Method != stun.MethodChannelBind {
		return pass, nil
	}
	if g.checkPeers(m, of, from, kind.Method == stun.MethodChannelBind) {
		return pass, nil
	}
	return drop, answer(m, stun.ErrorCodeAttribute{Code: stun.CodeForbidden, Reason: []byte("Forbidden")}, key)
}

var errPassword = errors.New("the password is not the one of the username")

// answer builds an error response to a request; a setter may be a key, which comes last.
func answer(request *stun.Message, attributes ...stun.Setter) []byte {
	kind := stun.NewType(request.Type.Method, stun.ClassErrorResponse)
	m, err := stun.Build(append([]stun.Setter{stun.NewTransactionIDSetter(request.TransactionID), kind}, attributes...)...)
	if err != nil {
		return nil // attributes that fit
	}
	return m.Raw
}

// mayReach judges the peer of a Send indication, whose sender is known by its allocation alone.
func (g *guard) mayReach(b []byte, who Identity, from netip.AddrPort) bool {
	m := &stun.Message{Raw: b}
	return m.Decode() == nil && g.checkPeers(m, who, from, true)
}

// checkPeers reports whether all peers of a message are media addresses of this server. It counts and reports the
// others.
func (g *guard) checkPeers(m *stun.Message, of Identity, from netip.AddrPort, withPort bool) bool {
	allowed := true
	_ = m.ForEach(stun.AttrXORPeerAddress, func(one *stun.Message) error { // the function returns no error
		var peer stun.XORMappedAddress
		if peer.GetFromAs(one, stun.AttrXORPeerAddress) != nil {
			return nil // pion answers 400
		}
		// The address stays as it was sent: ::ffff:10.0.0.1 is not 10.0.0.1, and no media address is written so.
		addr, _ := netip.AddrFromSlice(peer.IP)
		to := netip.AddrPortFrom(addr, uint16(peer.Port))
		if withPort && g.peers.allows(to) || !withPort && g.peers.allowsHost(addr) {
			return nil
		}
		allowed = false
		g.stats.refusedPeers.Add(1)
		g.incidents.tell(fault.NotPermittedRelayPeer(from.Addr().String(), peerName(to, withPort)), of, from.Addr())
		return nil
	})
	return allowed
}

func peerName(to netip.AddrPort, withPort bool) string {
	if withPort {
		return to.String()
	}
	return to.Addr().String()
}

// authenticate is pion's turn.AuthHandler. The guard has judged the credentials; pion takes the key from here. The id
// of a user is what the limits count: address and participant.
func (g *guard) authenticate(r *pion.RequestAttributes) (userID string, key []byte, ok bool) {
	if _, err := g.credentials.identify(r.Username, g.now()); err != nil &&
		(r.Method == stun.MethodAllocate || !errors.Is(err, errExpired)) {
		return "", nil, false
	}
	return userOf(addrPortOf(r.SrcAddr).Addr(), r.Username), g.credentials.key(r.Username, r.Realm), true
}
