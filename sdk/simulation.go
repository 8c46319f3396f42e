package sdk

import (
	"net"

	"github.com/pion/transport/v4"
)

// Simulation is a failure of the surroundings of this client that Options.Simulate makes, for drills and for tests of an
// app.
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
