package testpeer

import (
	"net"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestUDPRelay(t *testing.T) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = server.Close() }()
	target := netip.MustParseAddrPort(server.LocalAddr().String())
	relay := NewUDPRelay(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), target.Port()), target, 1)
	client, err := net.Dial("udp", relay.front.LocalAddr().String())
	require.NoError(t, err)
	defer func() { _ = client.Close() }()
	deadline := time.Now().Add(10 * time.Second)
	require.NoError(t, client.SetDeadline(deadline))
	require.NoError(t, server.SetDeadline(deadline))
	buf := make([]byte, 16)
	exchange := func(text string) {
		t.Helper()
		_, err := client.Write([]byte(text))
		require.NoError(t, err)
		n, from, err := server.ReadFrom(buf)
		require.NoError(t, err)
		require.Equal(t, text, string(buf[:n]))
		_, err = server.WriteTo([]byte(text), from)
		require.NoError(t, err)
		n, err = client.Read(buf)
		require.NoError(t, err)
		require.Equal(t, text, string(buf[:n]))
	}
	exchange("one")
	require.Equal(t, 2, relay.Forwarded())

	relay.Drop(func(packet []byte) bool { return packet[0] == 'x' })
	_, err = client.Write([]byte("x"))
	require.NoError(t, err)
	exchange("two")
	require.Equal(t, 1, relay.Lost())

	relay.Drop(nil)
	relay.Lose(0.5)
	lostBySeed := func(seed uint64) (lost []bool) {
		r := NewUDPRelay(t, FreeUDPAddr(t), target, seed)
		r.Lose(0.5)
		for range 64 {
			sent := false
			r.forward([]byte("y"), true, func([]byte) { sent = true })
			lost = append(lost, !sent)
		}
		return lost
	}
	require.Equal(t, lostBySeed(1), lostBySeed(1), "a seed loses the same packets each time")
	require.NotEqual(t, lostBySeed(1), lostBySeed(2))

	relay.Lose(0)
	relay.Delay(20*time.Millisecond, 20*time.Millisecond)
	sent := time.Now()
	for n := range 50 {
		_, err := client.Write([]byte(strconv.Itoa(n)))
		require.NoError(t, err)
	}
	for n := range 50 {
		read, _, err := server.ReadFrom(buf)
		require.NoError(t, err)
		require.Equal(t, strconv.Itoa(n), string(buf[:read]), "packets stay in order")
	}
	require.GreaterOrEqual(t, time.Since(sent), 20*time.Millisecond)
	relay.Stop()
}

// A slow uplink passes its rate on and no more; what waits is in order, and the answers are not slow.
func TestUDPRelayLimit(t *testing.T) {
	r := NewUDPRelay(t, FreeUDPAddr(t), FreeUDPAddr(t), 1)
	const size, bps = 972, 80_000 // 1000 bytes with headers: 10 a second
	r.Limit(bps, 300*time.Millisecond)
	began := time.Now()
	arrived := make(chan byte, 16)
	for n := range byte(10) {
		packet := make([]byte, size)
		packet[0] = n
		r.forward(packet, true, func(packet []byte) { arrived <- packet[0] })
	}
	r.forward(make([]byte, size), false, func([]byte) { arrived <- 'a' })
	require.Equal(t, byte('a'), <-arrived, "to the client nothing is slow")
	for n := range byte(4) { // one that is sent, and 300 ms of them
		require.Equal(t, n, <-arrived)
	}
	require.GreaterOrEqual(t, time.Since(began), 390*time.Millisecond)
	require.Equal(t, 6, r.Lost())
	r.Limit(0, 0)
	r.forward([]byte("z"), true, func([]byte) { arrived <- 'z' })
	require.Equal(t, byte('z'), <-arrived)
	require.Empty(t, arrived)
}
