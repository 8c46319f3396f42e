package sfu

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const tcpPassword = "the password of the server"

// tcpAgent is a mux with one ICE agent, whose ufrag is "server".
func tcpAgent(t *testing.T, change func(*tcpMux)) (*tcpMux, *muxHandle) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	m := newTCPMux(listener)
	t.Cleanup(func() { require.NoError(t, m.Close()) })
	if change != nil {
		m.mu.Lock()
		change(m)
		m.mu.Unlock()
	}
	handle, err := m.GetConnByUfrag("server", false, net.IPv4(127, 0, 0, 1))
	require.NoError(t, err)
	t.Cleanup(func() { _ = handle.Close() })
	m.allow("server", tcpPassword)
	return m, handle.(*muxHandle)
}

// frame returns a packet as it is sent over TCP.
func frame(packet []byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(packet))), packet...)
}

// dialTCP connects from a loopback address, and sends what it is given.
func dialTCP(t *testing.T, m *tcpMux, from net.IP, first []byte) net.Conn {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: from}}
	conn, err := dialer.DialContext(t.Context(), "tcp", m.LocalAddr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = conn.Write(first)
	require.NoError(t, err)
	return conn
}

// requireClosed waits until the server has closed a connection.
func requireClosed(t *testing.T, conn net.Conn) {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	_, err := conn.Read(make([]byte, 1))
	require.Error(t, err)
	var timeout net.Error
	if errors.As(err, &timeout) {
		require.False(t, timeout.Timeout(), "the server keeps the connection")
	}
}

func (m *tcpMux) counts() (open, pending int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.sockets), m.pending.Len()
}

func TestTCPFirstMessage(t *testing.T) {
	good := bindingRequest("server:client", tcpPassword)
	m, handle := tcpAgent(t, func(m *tcpMux) { m.timeout = 300 * time.Millisecond })
	for name, first := range map[string][]byte{
		"silence":                    nil,
		"half a length":              {0},
		"half a request":             frame(good)[:40],
		"HTTP":                       []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
		"the largest length":         append([]byte{0xff, 0xff}, bytes.Repeat([]byte{1}, 3000)...),
		"no length":                  {0, 0},
		"noise":                      frame(bytes.Repeat([]byte{0x5a}, 100)),
		"a request that is too long": frame(append(bytes.Clone(good), make([]byte, maxFirstRequest)...)),
		"another password":           frame(bindingRequest("server:client", "a guess")),
		"an unknown ufrag":           frame(bindingRequest("nobody:client", tcpPassword)),
		"no colon in the username":   frame(bindingRequest("serverclient", tcpPassword)),
		"no integrity":               frame(good[:len(good)-24]),
		"a response":                 frame(append([]byte{1, 1}, good[2:]...)),
	} {
		t.Run(name, func(t *testing.T) {
			requireClosed(t, dialTCP(t, m, net.IPv4(127, 0, 0, 1), first))
		})
	}
	eventually(t, "nothing is kept", func() bool { open, pending := m.counts(); return open == 0 && pending == 0 })
	m.mu.Lock()
	require.Len(t, m.conns, 1, "no connection is made for an unknown ufrag")
	m.mu.Unlock()
	require.EqualValues(t, 13, m.refused.Load())
	require.Empty(t, handle.inbox.waiting, "the agent gets nothing of it")
}

// A drip of bytes does not move the deadline of the first request.
func TestTCPSlowFirstMessage(t *testing.T) {
	m, _ := tcpAgent(t, func(m *tcpMux) { m.timeout = 200 * time.Millisecond })
	conn := dialTCP(t, m, net.IPv4(127, 0, 0, 1), nil)
	began := time.Now()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for _, b := range frame(bindingRequest("server:client", tcpPassword)) {
		<-tick.C
		if _, err := conn.Write([]byte{b}); err != nil {
			break
		}
	}
	require.Less(t, time.Since(began), 2*time.Second)
	requireClosed(t, conn)
}

// Connections that prove nothing are bounded per address and in total. A client that proves its password at once is
// served while others hold all places, also from the same address.
func TestTCPPendingIsBounded(t *testing.T) {
	m, handle := tcpAgent(t, nil)
	flooder := net.IPv4(127, 0, 0, 66)
	first := dialTCP(t, m, flooder, nil)
	for range maxPendingPerAddress + 20 {
		dialTCP(t, m, flooder, nil)
	}
	requireClosed(t, first)
	eventually(
		t,
		"the bound per address",
		func() bool { _, pending := m.counts(); return pending == maxPendingPerAddress },
	)
	for n := byte(70); n < 76; n++ {
		for range maxPendingPerAddress {
			dialTCP(t, m, net.IPv4(127, 0, 0, n), nil)
		}
	}
	eventually(t, "the bound in total", func() bool {
		open, pending := m.counts()
		return pending == maxPending && open == maxPending
	})
	for _, from := range []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(127, 0, 0, 75)} {
		conn := dialTCP(t, m, from, frame(bindingRequest("server:client", tcpPassword)))
		_, addr, err := handle.ReadFrom(make([]byte, maxDatagram))
		require.NoError(t, err)
		require.Equal(t, conn.LocalAddr().String(), addr.String())
	}
}

// After the proof packets pass both ways, requests are still checked, and a packet that is too long ends the
// connection.
func TestTCPPackets(t *testing.T) {
	m, handle := tcpAgent(t, nil)
	other, err := m.GetConnByUfrag("server", false, net.IPv4(127, 0, 0, 1))
	require.NoError(t, err)
	require.NoError(t, other.Close(), "the other handle stays open")
	conn := dialTCP(t, m, net.IPv4(127, 0, 0, 1), frame(bindingRequest("server:client", tcpPassword)))
	got := make([]byte, maxDatagram)
	n, from, err := handle.ReadFrom(got)
	require.NoError(t, err)
	require.Equal(t, bindingRequest("server:client", tcpPassword), got[:n])

	_, err = conn.Write(append(frame(bindingRequest("server:client", "a guess")), frame([]byte{0x80, 1, 2})...))
	require.NoError(t, err)
	n, _, err = handle.ReadFrom(got)
	require.NoError(t, err)
	require.Equal(t, []byte{0x80, 1, 2}, got[:n], "the request without proof is dropped")
	require.EqualValues(t, 1, m.refused.Load())

	for _, packet := range []string{"one", "two"} {
		_, err = handle.WriteTo([]byte(packet), from)
		require.NoError(t, err)
		answer := make([]byte, 5)
		_, err = io.ReadFull(conn, answer)
		require.NoError(t, err)
		require.Equal(t, frame([]byte(packet)), answer)
	}
	_, err = handle.WriteTo([]byte("x"), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1})
	require.ErrorIs(t, err, io.ErrClosedPipe, "nobody is connected from there")

	_, err = conn.Write(append([]byte{8, 1}, make([]byte, maxDatagram+1)...))
	require.NoError(t, err)
	requireClosed(t, conn)
}

// A client that does not read has a bounded queue; what does not fit is dropped at once.
func TestTCPSlowReader(t *testing.T) {
	m, handle := tcpAgent(t, nil)
	conn := dialTCP(t, m, net.IPv4(127, 0, 0, 1), frame(bindingRequest("server:client", tcpPassword)))
	_, from, err := handle.ReadFromAddrPort(make([]byte, maxDatagram))
	require.NoError(t, err)
	packet := []byte(strings.Repeat("x", 1200))
	for deadline := time.Now().Add(10 * time.Second); m.dropped.Load() < 100; {
		_, err = handle.WriteToAddrPort(packet, from)
		require.NoError(t, err)
		require.True(t, time.Now().Before(deadline), "nothing is dropped")
	}
	m.mu.Lock()
	for s := range m.sockets {
		s.mu.Lock()
		require.LessOrEqual(t, len(s.frames)+s.writing, tcpWriteBuffer)
		s.mu.Unlock()
	}
	m.mu.Unlock()
	header := make([]byte, 2) // what was queued is whole frames
	for range 500 {
		_, err = io.ReadFull(conn, header)
		require.NoError(t, err)
		require.Equal(t, []byte{0x04, 0xb0}, header)
		_, err = io.CopyN(io.Discard, conn, 1200)
		require.NoError(t, err)
	}
}

// One agent has a bounded number of TCP connections; the oldest goes. All of them end with it.
func TestTCPSocketsOfAnAgent(t *testing.T) {
	m, handle := tcpAgent(t, nil)
	var conns []net.Conn
	for range maxSocketsPerConn + 1 {
		conns = append(conns, dialTCP(t, m, net.IPv4(127, 0, 0, 1), frame(bindingRequest("server:client", tcpPassword))))
		_, _, err := handle.ReadFrom(make([]byte, maxDatagram))
		require.NoError(t, err)
	}
	requireClosed(t, conns[0])
	m.RemoveConnByUfrag("server")
	for _, conn := range conns[1:] {
		requireClosed(t, conn)
	}
	require.NoError(t, handle.Close())
	_, _, err := handle.ReadFrom(make([]byte, maxDatagram))
	require.ErrorIs(t, err, io.EOF)
	eventually(t, "nothing is kept", func() bool { open, _ := m.counts(); return open == 0 })
}
