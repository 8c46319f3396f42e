package sdk

import (
	"errors"
	"net"

	"github.com/pion/transport/v4"
	"github.com/pion/transport/v4/stdnet"
)

// receiveBuffer is how many bytes may wait in the socket of a connection: about two seconds of the video of a few
// people, for a program that gets no processor time for a while. The default of Linux is full after a tenth of that.
// The kernel caps it at net.core.rmem_max; less still works.
const receiveBuffer = 2 << 20

// mediaNet opens the sockets of media connections.
type mediaNet struct {
	*stdnet.Net
	// onlyTCP: there are no UDP sockets, so that relays, which are reached over TCP then, are the only way to UDP.
	onlyTCP bool
	cut     bool // what is sent over UDP goes nowhere
}

// Interfaces returns the interfaces of this moment: a restart of ICE may find others than the connection began with.
func (n *mediaNet) Interfaces() ([]*transport.Interface, error) {
	now, err := stdnet.NewNet() // it looks once
	if err != nil {
		return nil, err
	}
	return now.Interfaces()
}

func newMediaNet(onlyTCP, cut bool) (*mediaNet, error) {
	n, err := stdnet.NewNet()
	return &mediaNet{n, onlyTCP, cut}, err
}

var errOnlyTCP = errors.New("sdk: PreferredProtocol is TCP_ONLY")

func (n *mediaNet) ListenUDP(network string, local *net.UDPAddr) (transport.UDPConn, error) {
	if n.onlyTCP {
		return nil, errOnlyTCP
	}
	conn, err := n.Net.ListenUDP(network, local)
	if err == nil {
		_ = conn.SetReadBuffer(receiveBuffer)
		if n.cut {
			return cutConn{conn}, nil
		}
	}
	return conn, err
}
