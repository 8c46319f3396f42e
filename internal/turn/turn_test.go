package turn

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/stun/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
)

// media is a UDP port that sends back what it gets, and is advertised at its own address and at a public one.
type media struct {
	conn   *net.UDPConn
	public netip.AddrPort
}

func newMedia(t *testing.T) *media {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		b := make([]byte, 2048)
		for {
			n, from, err := conn.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			_, _ = conn.WriteToUDPAddrPort(b[:n], from)
		}
	}()
	m := &media{conn: conn}
	m.public = netip.AddrPortFrom(netip.MustParseAddr("203.0.113.7"), m.local().Port())
	return m
}

func (m *media) local() netip.AddrPort                   { return m.conn.LocalAddr().(*net.UDPAddr).AddrPort() }
func (m *media) Advertised() []netip.AddrPort            { return []netip.AddrPort{m.local(), m.public} }
func (m *media) Local(netip.Addr) (netip.AddrPort, bool) { return m.local(), true }

// rig is a TURN server with the faults that it has reported.
type rig struct {
	*Server
	media       *media
	credentials *Credentials
	address     string

	mu     sync.Mutex
	faults []*fault.Error
}

func start(t *testing.T, change func(*Options)) *rig {
	t.Helper()
	credentials, err := NewCredentials([]byte("secret key of a test"), time.Hour)
	require.NoError(t, err)
	r := &rig{media: newMedia(t), credentials: credentials}
	opts := Options{
		Address: "127.0.0.1:0", Credentials: credentials, Media: r.media, Limiter: ratelimit.New(ratelimit.Limits{}),
		Report: func(f *fault.Error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.faults = append(r.faults, f)
		},
	}
	if change != nil {
		change(&opts)
	}
	r.Server, err = New(opts)
	require.NoError(t, err)
	t.Cleanup(r.Close)
	r.address = net.JoinHostPort("127.0.0.1", strconv.Itoa(r.Port()))
	return r
}

func (r *rig) reported(reason string) (list []*fault.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.faults {
		if f.Reason == reason {
			list = append(list, f)
		}
	}
	return list
}

var ann = Identity{AccountID: "acc", MeetingID: "abcd-efgh-ijkl", SessionID: "ses", ParticipantID: "ann"}

// client speaks TURN, message by message.
type client struct {
	net.Conn
	t        *testing.T
	name     string
	password string
	nonce    stun.Nonce
}

func (r *rig) dial(t *testing.T, network string, of Identity) *client {
	t.Helper()
	conn, err := net.Dial(network, r.address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	name, password := r.credentials.Make(of, time.Now())
	return &client{Conn: conn, t: t, name: name, password: password}
}

// send sends a request with credentials, once a nonce is known.
func (c *client) send(kind stun.MessageType, attributes ...stun.Setter) {
	c.t.Helper()
	setters := append([]stun.Setter{stun.TransactionID, kind}, attributes...)
	if len(c.nonce) > 0 && kind.Class == stun.ClassRequest {
		setters = append(setters, stun.NewUsername(c.name), stun.NewRealm(Realm), c.nonce,
			stun.NewLongTermIntegrity(c.name, Realm, c.password))
	}
	m, err := stun.Build(setters...)
	require.NoError(c.t, err)
	_, err = c.Write(m.Raw)
	require.NoError(c.t, err)
}

// receive returns the next message; nil when none comes, or the connection is closed.
func (c *client) receive(within time.Duration) *stun.Message {
	c.t.Helper()
	require.NoError(c.t, c.SetReadDeadline(time.Now().Add(within)))
	b := make([]byte, 2048)
	n := 0
	if c.LocalAddr().Network() == "udp" {
		var err error
		if n, err = c.Read(b); err != nil {
			return nil
		}
	} else {
		if _, err := io.ReadFull(c, b[:20]); err != nil {
			return nil
		}
		n = 20 + int(binary.BigEndian.Uint16(b[2:]))
		if _, err := io.ReadFull(c, b[20:n]); err != nil {
			return nil
		}
	}
	m := &stun.Message{Raw: b[:n]}
	require.NoError(c.t, m.Decode())
	return m
}

// ask makes a request and returns the error code of its answer, 0 for success, -1 for none.
func (c *client) ask(method stun.Method, attributes ...stun.Setter) int {
	c.t.Helper()
	c.send(stun.NewType(method, stun.ClassRequest), attributes...)
	answer := c.receive(2 * time.Second)
	if answer == nil {
		return -1
	}
	var code stun.ErrorCodeAttribute
	if code.GetFrom(answer) != nil {
		require.Equal(c.t, stun.ClassSuccessResponse, answer.Type.Class)
		return 0
	}
	if code.Code == stun.CodeUnauthorized && len(c.nonce) == 0 {
		require.NoError(c.t, c.nonce.GetFrom(answer))
	}
	return int(code.Code)
}

var overUDP = stun.RawAttribute{Type: stun.AttrRequestedTransport, Value: []byte{17, 0, 0, 0}}

// allocate makes a relay and returns the code of the answer to the request with credentials.
func (c *client) allocate() int {
	c.t.Helper()
	require.Equal(c.t, 401, c.ask(stun.MethodAllocate, overUDP), "without credentials")
	return c.ask(stun.MethodAllocate, overUDP)
}

// peer is XOR-PEER-ADDRESS, as the bytes of an address.
type peer struct {
	ip   net.IP
	port int
}

func (p peer) AddTo(m *stun.Message) error {
	family, ip := byte(1), p.ip.To4()
	if len(p.ip) == net.IPv6len { // forms of IPv4 in IPv6 stay as they are
		family, ip = 2, p.ip
	}
	value := []byte{0, family, 0, 0}
	binary.BigEndian.PutUint16(value[2:], uint16(p.port)^0x2112)
	key := append([]byte{0x21, 0x12, 0xA4, 0x42}, m.TransactionID[:]...)
	for i, b := range ip {
		value = append(value, b^key[i])
	}
	m.Add(stun.AttrXORPeerAddress, value)
	return nil
}

func peerOf(at netip.AddrPort) peer { return peer{at.Addr().AsSlice(), int(at.Port())} }

func data(text string) stun.Setter {
	return stun.RawAttribute{Type: stun.AttrData, Value: []byte(text)}
}

var channel = stun.RawAttribute{Type: stun.AttrChannelNumber, Value: []byte{0x40, 0, 0, 0}}

func TestRelayLeadsToTheMediaPort(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, network := range []string{"udp", "tcp"} {
		for _, to := range r.media.Advertised() {
			c := r.dial(t, network, ann)
			require.Zero(t, c.allocate())
			require.Zero(t, c.ask(stun.MethodCreatePermission, peerOf(to)))
			c.send(stun.NewType(stun.MethodSend, stun.ClassIndication), peerOf(to), data("by indication"))
			echo := c.receive(2 * time.Second)
			require.NotNil(t, echo, "%s to %v", network, to)
			got, err := echo.Get(stun.AttrData)
			require.NoError(t, err)
			require.Equal(t, "by indication", string(got))
			var from stun.XORMappedAddress
			require.NoError(t, from.GetFromAs(echo, stun.AttrXORPeerAddress))
			require.Equal(t, to.String(), from.String(), "it comes from where it was sent to")

			require.Zero(t, c.ask(stun.MethodChannelBind, channel, peerOf(to)))
			_, err = c.Write([]byte("\x40\x00\x00\x08channel!"))
			require.NoError(t, err)
			b := make([]byte, 12)
			_, err = io.ReadFull(c, b)
			require.NoError(t, err)
			require.Equal(t, "\x40\x00\x00\x08channel!", string(b))
			require.NoError(t, c.Close())
		}
	}
	require.Eventually(t, func() bool { return r.Stats().Relays == 2 }, 5*time.Second, 10*time.Millisecond,
		"those over TCP ended with their connections")
	require.Empty(t, r.faults)
}

// refusedPeers are addresses to which no relay leads, in the forms in which they can be written into an attribute.
var refusedPeers = []string{
	"127.0.0.1", "127.0.0.2", "127.1.1.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::127.0.0.1",
	"64:ff9b::127.0.0.1",
	"64:ff9b::7f00:1", "64:ff9b:1::127.0.0.1", "2002:7f00:1::", "2002:7f00:1::1", "::ffff:0:127.0.0.1",
	"0.0.0.0", "0.0.0.1", "0.1.2.3", "::", "::ffff:0.0.0.0", "64:ff9b::", "2002::",
	"10.0.0.1", "10.255.255.255", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::",
	"172.16.0.1", "172.31.255.255", "::ffff:172.16.0.1", "64:ff9b::172.16.0.1",
	"192.168.0.1", "192.168.1.254", "::ffff:192.168.1.1", "::192.168.1.1", "64:ff9b::192.168.1.1", "2002:c0a8:101::",
	"169.254.169.254", "169.254.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "64:ff9b::169.254.169.254",
	"2002:a9fe:a9fe::", "fd00:ec2::254", "fe80::1", "fe80::ffff:1", "febf::1",
	"100.64.0.1", "100.100.100.200", "::ffff:100.100.100.200", "192.0.0.1", "192.0.0.192", "198.18.0.1",
	"fc00::1", "fd12:3456:789a::1", "fec0::1", "ff02::1", "224.0.0.1", "239.255.255.250", "255.255.255.255",
	"240.0.0.1", "::ffff:203.0.113.7", "64:ff9b::203.0.113.7", "2001:0:7f00:1::", "2001:db8::1", "100::1",
	"8.8.8.8", "2606:4700:4700::1111", "203.0.113.8",
}

func TestEveryOtherPeerIsRefused(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(refusedPeers), 60)
	r := start(t, nil)
	spy, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	require.NoError(t, err)
	defer func() { _ = spy.Close() }()
	spyPort := spy.LocalAddr().(*net.UDPAddr).Port
	mediaPort := int(r.media.local().Port())

	c := r.dial(t, "udp", ann)
	require.Zero(t, c.allocate())
	refused := uint64(0)
	for _, address := range refusedPeers {
		ip := net.IP(netip.MustParseAddr(address).AsSlice())
		if address == "127.0.0.1" {
			continue // of the media port: the ports below
		}
		require.Equal(t, 403, c.ask(stun.MethodCreatePermission, peer{ip, mediaPort}), address)
		require.Equal(t, 403, c.ask(stun.MethodChannelBind, channel, peer{ip, mediaPort}), address)
		c.send(stun.NewType(stun.MethodSend, stun.ClassIndication), peer{ip, spyPort}, data("stolen"))
		refused += 3
	}
	// The address of the media port, at other ports.
	own := net.IPv4(127, 0, 0, 1).To4()
	require.Zero(t, c.ask(stun.MethodCreatePermission, peer{own, spyPort}), "a permission has no port")
	for _, port := range []int{spyPort, r.Port(), 22, 80, 0, 65535} {
		require.Equal(t, 403, c.ask(stun.MethodChannelBind, channel, peer{own, port}), port)
		c.send(stun.NewType(stun.MethodSend, stun.ClassIndication), peer{own, port}, data("stolen"))
		refused += 2
	}
	// One good address does not open the way for another.
	other := peer{net.IPv4(10, 0, 0, 1).To4(), 1}
	require.Equal(t, 403, c.ask(stun.MethodCreatePermission, peerOf(r.media.local()), other))
	refused++
	require.Equal(t, 0, c.ask(stun.MethodRefresh), "the relay is there")
	require.Equal(t, refused, r.Stats().RefusedPeers)
	require.NoError(t, spy.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
	_, _, err = spy.ReadFromUDP(make([]byte, 100))
	require.Error(t, err, "nothing was sent")

	told := r.reported("RELAY_PEER")
	require.Len(t, told, 1, "told once")
	require.Equal(t, "4105", fmt.Sprint(told[0].Code))
	require.Equal(t, "ann", told[0].ParticipantID)
	require.Equal(t, "ses", told[0].SessionID)
}

func TestTCPRelaysAreRefused(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c := r.dial(t, "tcp", ann)
	require.Equal(t, 401, c.ask(stun.MethodAllocate, overUDP))
	overTCP := stun.RawAttribute{Type: stun.AttrRequestedTransport, Value: []byte{6, 0, 0, 0}}
	require.Equal(t, 508, c.ask(stun.MethodAllocate, overTCP))
	require.Zero(t, c.ask(stun.MethodAllocate, overUDP))
	require.NotZero(t, c.ask(stun.MethodConnect, peerOf(r.media.local())))
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	var skew atomic.Int64
	r := start(t, func(o *Options) {
		o.now = func() time.Time { return time.Now().Add(time.Duration(skew.Load())) }
	})
	for name, spoil := range map[string]func(*client){
		"wrong password":    func(c *client) { c.password += "x" },
		"unknown username":  func(c *client) { c.name = "ann" },
		"later expiry":      func(c *client) { c.name = "9" + c.name },
		"of another server": func(c *client) { c.name, c.password = foreign(t) },
		"of the other mechanism": func(c *client) {
			c.name, c.password = Shared("secret key of a test", time.Hour, time.Now())
		},
		"expired": func(c *client) {
			c.name, c.password = r.credentials.Make(ann, time.Now().Add(-61*time.Minute))
		},
	} {
		for _, network := range []string{"udp", "tcp"} {
			c := r.dial(t, network, ann)
			spoil(c)
			require.Equal(t, 401, c.allocate(), "%s over %s", name, network)
		}
	}
	require.EqualValues(t, 12, r.Stats().Unauthorized)

	// A relay in use goes on; a new one needs new credentials.
	c := r.dial(t, "udp", ann)
	require.Zero(t, c.allocate())
	skew.Store(int64(2 * time.Hour))
	require.Zero(t, c.ask(stun.MethodRefresh))
	require.Zero(t, c.ask(stun.MethodCreatePermission, peerOf(r.media.local())))
	require.Zero(t, c.ask(stun.MethodChannelBind, channel, peerOf(r.media.local())))
	late := r.dial(t, "udp", ann)
	late.name, late.password = c.name, c.password
	require.Equal(t, 401, late.allocate())
}

func foreign(t *testing.T) (name, password string) {
	other, err := NewCredentials([]byte("another secret key"), time.Hour)
	require.NoError(t, err)
	return other.Make(ann, time.Now())
}

func TestUsernamesFit(t *testing.T) {
	t.Parallel()
	c, err := NewCredentials([]byte("key"), time.Hour)
	require.NoError(t, err)
	long := string(make([]byte, 128)) // wire.MaxIDBytes
	of := Identity{
		AccountID: "acc_01K00000000000000000000000", MeetingID: long[:100], SessionID: long[:30], ParticipantID: "ann",
	}
	name, password := c.Make(of, time.Now())
	require.Less(t, len(name), 509, "RFC 8489, section 14.3")
	require.NotContains(t, name, "acc_", "a username travels in the clear")
	require.NotContains(t, name+password, "=")
	again, _ := c.Make(of, time.Now())
	require.NotEqual(t, name, again)
}

func TestFloodOfAllocations(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *Options) { o.Limits = Limits{PerAddress: 6, PerParticipant: 4, All: 100} })
	allocate := func(of Identity, want int) *client {
		c := r.dial(t, "udp", of)
		require.Equal(t, want, c.allocate())
		return c
	}
	first := allocate(ann, 0)
	for range 3 {
		allocate(ann, 0)
	}
	for range 5 {
		allocate(ann, 486)
	}
	bob := ann
	bob.ParticipantID = "bob"
	allocate(bob, 0)
	allocate(bob, 0)
	for range 5 {
		allocate(bob, 486)
	}
	require.Equal(t, 6, r.Stats().Relays)
	require.EqualValues(t, 10, r.Stats().OverQuota)
	require.Len(t, r.reported("PARTICIPANT_RELAYS"), 1)
	require.Len(t, r.reported("ADDRESS_RELAYS"), 1)

	none := stun.RawAttribute{Type: stun.AttrLifetime, Value: []byte{0, 0, 0, 0}}
	require.Zero(t, first.ask(stun.MethodRefresh, none))
	allocate(bob, 0)
}

func TestRequestsWithoutRelayAreBounded(t *testing.T) {
	t.Parallel()
	limits := ratelimit.Limits{}
	limits.PerSecond[ratelimit.TURNRequests] = 1 // ten at once
	r := start(t, func(o *Options) { o.Limiter = ratelimit.New(limits) })
	c := r.dial(t, "udp", ann)
	require.Zero(t, c.allocate())
	flood := r.dial(t, "udp", ann)
	answered := 0
	for range 40 {
		flood.send(stun.NewType(stun.MethodAllocate, stun.ClassRequest), overUDP)
	}
	for flood.receive(200*time.Millisecond) != nil {
		answered++
	}
	require.InDelta(t, 8, answered, 2)
	require.Len(t, r.reported("ADDRESS_TURN_REQUESTS"), 1)
	require.GreaterOrEqual(t, r.Stats().OverRate, uint64(28))
	require.Zero(t, c.ask(stun.MethodRefresh), "who has a relay is not counted")

	over := r.dial(t, "tcp", ann)
	require.Equal(t, -1, over.ask(stun.MethodAllocate, overUDP), "the connection is closed")
}

func TestSilentConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *Options) { o.Limits = Limits{PendingPerAddress: 3} })
	used := r.dial(t, "tcp", ann)
	require.Zero(t, used.allocate())
	var silent []*client
	for range 5 {
		silent = append(silent, r.dial(t, "tcp", ann))
	}
	for _, c := range silent[:2] {
		require.NoError(t, c.SetReadDeadline(time.Now().Add(5*time.Second)))
		_, err := c.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF, "the one that waited longest")
	}
	require.EqualValues(t, 2, r.Stats().ClosedPending)
	require.Zero(t, silent[4].allocate())
	require.Zero(t, used.ask(stun.MethodRefresh))
	for _, garbage := range []string{
		"GET / HTTP/1.1\r\n\r\n", "\x00\x01\x00\x03aaaaaaaaaaaaaaaaaaaaaaa", "\x00\x01\xff\xfcaaaaaaaaaaaaaaaa",
	} {
		c := r.dial(t, "tcp", ann)
		_, err := c.Write([]byte(garbage))
		require.NoError(t, err)
		require.NoError(t, c.SetReadDeadline(time.Now().Add(5*time.Second)))
		_, err = c.Read(make([]byte, 1))
		require.Error(t, err)
		require.NotErrorIs(t, err, net.ErrClosed)
		require.False(t, isTimeout(err), "%q", garbage)
	}
}

func isTimeout(err error) bool {
	timeout, ok := err.(interface{ Timeout() bool })
	return ok && timeout.Timeout()
}
