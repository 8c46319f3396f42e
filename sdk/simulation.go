package sdk

import (
	"cmp"
	"net"
	"slices"
	"time"

	"github.com/pion/transport/v4"

	"github.com/klatch/klatch/fault"
)

// Simulation is a failure of the surroundings of this client that Options.Simulate makes, for drills and for tests of
// an app.
type Simulation string

// UDPCut drops every media packet that this client sends over UDP, as a firewall does that lets none out. With UDPOnly
// no path is left, and 3101 UDP_BLOCKED follows in about 10 s.
const UDPCut Simulation = "udp-cut"

// cutConn sends nothing.
type cutConn struct{ transport.UDPConn }

func (cutConn) WriteTo(p []byte, _ net.Addr) (int, error)        { return len(p), nil }
func (cutConn) WriteToUDP(p []byte, _ *net.UDPAddr) (int, error) { return len(p), nil }
func (cutConn) Write(p []byte) (int, error)                      { return len(p), nil }
func (cutConn) WriteMsgUDP(b, oob []byte, _ *net.UDPAddr) (n, oobn int, err error) {
	return len(b), len(oob), nil
}

// Scenario is an outage that Meeting.Simulate makes, under the names of the browser SDK.
type Scenario string

// What Meeting.Simulate makes happen, to this participant alone.
const (
	// SignalingCut cuts the WebSocket: RECONNECTING, and 3102 NO_ROUTE where it lasts longer than 3 s; then the session is
	// resumed.
	SignalingCut Scenario = "signaling-cut"
	// PublishLost and SubscribeLost close the connection that sends or receives media; it is made anew. 3101 PATH_LOST
	// follows where that takes longer than 4 s.
	PublishLost   Scenario = "publish-lost"
	SubscribeLost Scenario = "subscribe-lost"
	// ServerGone is all of them, and the server does not know the session afterwards: 3103 SESSION_UNKNOWN, and a new join
	// unless Options.NoRejoin is set.
	ServerGone Scenario = "server-gone"
)

var outages = []string{string(SignalingCut), string(PublishLost), string(SubscribeLost), string(ServerGone)}

const (
	defaultSimulation = 5 * time.Second
	maxSimulation     = time.Minute
)

// SimulateOptions are those of Meeting.Simulate.
type SimulateOptions struct {
	// For is how long nothing can be restored: up to 1 minute; 0: 5 s.
	For time.Duration
}

// Simulate makes an outage happen to this participant alone, to see how a program takes it: it closes what is this
// participant's own. After options.For the SDK restores everything by its own means, and tells what it tells of a real
// outage. Simulate returns when the outage has begun; it fails with 3073 for another scenario or too long a time, 3065
// while there is no signaling that could be cut, and 3048 for a connection that is not there.
func (m *Meeting) Simulate(scenario Scenario, options SimulateOptions) error {
	const method = "simulate"
	switch {
	case !slices.Contains(outages, string(scenario)):
		return m.fail(fault.InvalidParameterNotAllowed(method, "scenario", string(scenario), outages))
	case options.For < 0 || options.For > maxSimulation:
		return m.fail(fault.InvalidParameterOutOfRange(method, "For", options.For.String(), "from 0 to 1m"))
	}
	release, f := m.use(method)
	if f != nil {
		return m.fail(f)
	}
	defer release()
	lasting := cmp.Or(options.For, defaultSimulation)
	switch scenario {
	case PublishLost, SubscribeLost:
		lost := m.pub.path
		if scenario == SubscribeLost {
			lost = m.sub.path
		}
		if !lost.lose(lasting) {
			return m.fail(fault.MediaNotReadyNotConnected(method, lost.name))
		}
	default:
		if err := m.link.cut(method, lasting, scenario == ServerGone); err != nil {
			return m.fail(err)
		}
		if scenario == ServerGone {
			m.pub.path.lose(lasting)
			m.sub.path.lose(lasting)
		}
	}
	return nil
}

// unknownSecret is that of a session that no server knows.
const unknownSecret = "of a server that is gone"

// cut closes the socket, and lets no other one open for so long; gone: no server knows the session then.
func (l *link) cut(method string, lasting time.Duration, gone bool) *fault.Error {
	l.mu.Lock()
	ws, away := l.ws, time.Since(l.cutAt)
	if ws != nil && gone {
		l.session.Secret = unknownSecret
	}
	l.mu.Unlock()
	if ws == nil {
		return fault.MeetingReconnectingReconnecting(method, away)
	}
	until := time.Now().Add(lasting)
	l.dialer.cut.Store(&until)
	_ = ws.CloseNow() // wakes the reader, which reconnects
	return nil
}
