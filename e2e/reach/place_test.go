package reach

import (
	"fmt"
	"maps"
	"sync/atomic"
	"testing"

	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testserver"
)

// networks counts the networks of a run, which need different addresses.
var networks atomic.Int64

// network returns the address .2 of a new IPv4 network and ::2 of a new IPv6 network.
func network() (v4, v6 string) {
	n := networks.Add(1)
	return fmt.Sprintf("10.78.%d.2/24", n), fmt.Sprintf("fd78:%x::2/64", n)
}

// newClient makes a host with one interface, eth0, and addresses of both families.
func newClient(t testing.TB) *testnet.Host {
	t.Helper()
	h := testnet.NewHost(t)
	v4, v6 := network()
	h.Link("eth0", v4, v6)
	return h
}

// newMover makes a host with two interfaces: wifi is up, cable is not.
func newMover(t testing.TB) *testnet.Host {
	t.Helper()
	h := testnet.NewHost(t)
	for _, name := range []string{"wifi", "cable"} {
		v4, v6 := network()
		h.Link(name, v4, v6)
	}
	h.Down("cable")
	return h
}

// place is a server on a host of its own, with a meeting.
type place struct {
	*testserver.Server
	host    *testnet.Host
	account testserver.Account
	meeting string
}

// newPlace starts a server that listens on the IPv4 address of its host. Settings change its configuration.
func newPlace(t testing.TB, settings map[string]string) *place {
	t.Helper()
	host := newClient(t)
	address := host.Addr("eth0", 4).String()
	all := map[string]string{
		"http.address": address + ":0", "media.udpAddress": address + ":0", "media.tcpAddress": address + ":0",
	}
	maps.Copy(all, settings)
	return placeAt(t, host, all)
}

// placeAt starts a server on a host.
func placeAt(t testing.TB, host *testnet.Host, settings map[string]string) *place {
	t.Helper()
	srv := testserver.Spawn(t, host.Program(testserver.Program(t)), settings)
	account := srv.Account(t, nil)
	return &place{Server: srv, host: host, account: account, meeting: account.Meeting(t, nil)}
}
