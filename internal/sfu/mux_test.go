package sfu

import (
	"crypto/hmac"
	"crypto/sha1" // what STUN has
	"encoding/binary"
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/sfu/socket"
	"github.com/klatch/klatch/internal/wire"
)

// bindingRequest makes a STUN binding request as ICE has it.
func bindingRequest(username, password string) []byte {
	b := make([]byte, stunHeader, 128)
	binary.BigEndian.PutUint16(b, stunRequest)
	binary.BigEndian.PutUint32(b[4:], stunMagic)
	b = binary.BigEndian.AppendUint16(b, attrUsername)
	b = binary.BigEndian.AppendUint16(b, uint16(len(username)))
	b = append(b, username...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)+24-stunHeader))
	mac := hmac.New(sha1.New, []byte(password))
	_, _ = mac.Write(b)
	b = binary.BigEndian.AppendUint16(b, attrIntegrity)
	b = binary.BigEndian.AppendUint16(b, sha1.Size)
	return mac.Sum(b)
}

func TestProof(t *testing.T) {
	good := bindingRequest("server:client", "password")
	p := newProof("password")
	for name, tc := range map[string]struct {
		packet []byte
		want   bool
	}{
		"good":               {good, true},
		"with a fingerprint": {append(append([]byte{}, good...), 0x80, 0x28, 0, 4, 1, 2, 3, 4), true},
		"another password":   {bindingRequest("server:client", "other"), false},
		"cut":                {good[:len(good)-4], false},
		"no integrity":       {good[:len(good)-24], false},
		"a response":         {append([]byte{1, 1}, good[2:]...), false},
		"attribute past its end": {append(append([]byte{}, good[:22]...), append([]byte{0xff, 0xff}, good[24:]...)...),
			false},
		"a header and no content": {good[:stunHeader], false},
	} {
		t.Run(name, func(t *testing.T) {
			packet := append([]byte{}, tc.packet...)
			if name != "cut" {
				binary.BigEndian.PutUint16(packet[2:], uint16(len(packet)-stunHeader))
			}
			require.True(t, isSTUN(packet))
			r, ok := parseRequest(packet)
			require.Equal(t, tc.want, ok && p.holds(packet, r))
			if ok {
				require.Equal(t, "server", string(r.ufrag))
			}
		})
	}
	if !raceEnabled {
		r, _ := parseRequest(good)
		require.Zero(t, testing.AllocsPerRun(100, func() { p.holds(good, r) }))
	}
}

// A flood of requests that name a connection and do not know its password is dropped before anything is kept of it, and
// the stream of that connection goes on whole.
func TestSTUNFlood(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(vp8)
	bob.subscribe(camera("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 10 })

	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, seen := heap(), video.count()
	udp, _ := h.sfu.Addrs()
	flood, err := net.Dial("udp", udp.String())
	require.NoError(t, err)
	defer func() { _ = flood.Close() }()
	ufrag := attribute(ann.up.RemoteDescription().SDP, "ice-ufrag")
	require.NotEmpty(t, ufrag)
	packet := bindingRequest(ufrag+":x", "not the password of the server")
	// Never more at once than the socket buffer holds, however slow the machine is: the stream is to be whole.
	const ahead = 500
	many := 40_000
	if raceEnabled {
		many = 4_000
	}
	refused := func() int { return int(h.sfu.Stats().Refused) }
	sent, began := 0, refused()
	for stop := time.Now().Add(soon); sent < many; sent++ {
		_, _ = flood.Write(packet)
		if sent%100 != 0 {
			continue
		}
		// The kernel may drop some: what is not read by then does not come.
		for wait := time.Now().Add(20 * time.Millisecond); sent-(refused()-began) > ahead && time.Now().Before(wait); {
			runtime.Gosched()
		}
		require.True(t, time.Now().Before(stop), "the flood takes too long")
	}
	after := heap()
	t.Logf("%d requests sent, %d refused; heap %d kB before, %d kB after", sent, refused(), before>>10, after>>10)
	eventually(t, "the flood is refused", func() bool { return refused()-began > many/2 })
	require.Less(t, after, before+8<<20, "a queue of them had 8 kB for each")
	eventually(t, "video goes on", func() bool { return video.count() > seen+100 })
	requireGapless(t, video.all())
}

// What waits for a connection is bounded, and what came first is kept. One of its handles receives.
func TestMuxQueue(t *testing.T) {
	conn, err := socket.Listen("127.0.0.1:0", 1)
	require.NoError(t, err)
	m := newUDPMux(conn, func() []net.IP { return []net.IP{net.IPv4(127, 0, 0, 1)} }, nil)
	defer func() { require.NoError(t, m.Close()) }()
	address := conn.LocalAddr()
	one, err := m.GetConn("ufrag", address)
	require.NoError(t, err)
	other, err := m.GetConn("ufrag", address)
	require.NoError(t, err)
	c := one.(*muxHandle).inbox
	for n := range maxWaiting + 100 {
		require.Equal(t, n < maxWaiting, c.put(&datagram{n: n}))
	}
	require.EqualValues(t, 100, m.overflow.Load())
	b := make([]byte, maxDatagram)
	for n := range maxWaiting / 2 {
		got, _, err := one.ReadFrom(b)
		require.NoError(t, err)
		require.Equal(t, n, got)
	}
	require.True(t, c.put(&datagram{n: 1}))

	_, _, err = other.ReadFrom(b)
	require.ErrorIs(t, err, io.EOF, "its goroutine would wait for nothing")

	require.NoError(t, one.Close())
	_, _, err = one.ReadFrom(b)
	for err == nil { // what it may have been about to read
		_, _, err = one.ReadFrom(b)
	}
	require.Empty(t, c.waiting)
	require.False(t, c.put(&datagram{n: 1}), "nobody takes it")
	require.NoError(t, other.Close())
	require.Empty(t, m.conns)
}
