package reach

import (
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/pion/stun/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testnet"
)

// soon bounds the parts of a test that are not its subject.
const soon = 20 * time.Second

// meets judges that two bots receive each other's media.
func meets(t *testing.T, a, b *bot) {
	t.Helper()
	for _, kind := range streams {
		a.awaitMedia(soon, b.id+" "+kind)
		b.awaitMedia(soon, a.id+" "+kind)
	}
	require.Empty(t, a.all("error"))
	require.Empty(t, b.all("error"))
}

func publishes(o *options) { o.Publish = true }

// only makes a host whose interface has addresses of one family.
func only(t *testing.T, family int) *testnet.Host {
	t.Helper()
	h := testnet.NewHost(t)
	v4, v6 := network()
	if family == 4 {
		h.Link("eth0", v4)
	} else {
		h.Link("eth0", v6)
	}
	return h
}

// A server and clients that have nothing but IPv6.
func TestIPv6Only(t *testing.T) {
	t.Parallel()
	host := only(t, 6)
	p := placeAt(t, host, map[string]string{
		"http.address": fmt.Sprintf("[%v]:4000", host.Addr("eth0", 6)), "media.udpAddress": "[::]:7000",
		"media.tcpAddress": "[::]:7000",
	})
	a, b := only(t, 6), only(t, 6)
	b.Block("meta l4proto udp")
	ann := p.startBot(t, a, "ann", publishes)
	meets(t, ann, p.startBot(t, b, "bob", publishes))
	page := p.enter(t, p.openChromium(t, only(t, 6)), "chromium", true, "")
	ann.awaitMedia(soon, "chromium audio")
	page.UntilIn(soon, "media", flowing(4))
}

// A server with addresses of both families meets clients of each.
func TestDualStack(t *testing.T) {
	t.Parallel()
	host := newClient(t)
	v4, v6 := host.Addr("eth0", 4), host.Addr("eth0", 6)
	p := placeAt(t, host, map[string]string{
		"http.address": "[::]:4000", "http.publicUrl": fmt.Sprintf("http://%v:4000", v4),
		"media.udpAddress": "[::]:7000", "media.tcpAddress": "[::]:7000",
	})
	four := p.startBot(t, only(t, 4), "four", publishes)
	six := p.startBot(t, only(t, 6), "six", func(o *options) {
		o.Publish, o.URL = true, fmt.Sprintf("http://[%v]:4000", v6)
	})
	meets(t, four, six)
}

// natted is a server behind a router that translates public addresses to its own, one to one, and does not let it reach
// them itself (no hairpin). Media pass only by the public addresses.
func natted(t *testing.T, settings map[string]string, public ...string) *place {
	t.Helper()
	host := newClient(t)
	own := map[bool]netip.Addr{true: host.Addr("eth0", 4), false: host.Addr("eth0", 6)}
	for _, address := range public {
		addr := netip.MustParseAddr(address)
		match, family := "ip", "ip"
		if addr.Is6() {
			match, family = "ip6", "ip6"
		}
		testnet.Rule(t, "prerouting", fmt.Sprintf("iifname != %q %s daddr %v dnat %s to %v", host.RouterDevice("eth0"), match,
			addr, family, own[addr.Is4()]))
		testnet.Rule(t, "forward", fmt.Sprintf("iifname %q %s daddr %v drop", host.RouterDevice("eth0"), match, addr))
	}
	for _, transport := range []string{"udp", "tcp"} { // what was not translated
		testnet.Rule(t, "forward", fmt.Sprintf("oifname %q %s dport 7000 ct status & dnat == 0 drop",
			host.RouterDevice("eth0"), transport))
	}
	all := map[string]string{
		"http.address":     fmt.Sprintf("%v:4000", own[true]),
		"media.udpAddress": "[::]:7000", "media.tcpAddress": "[::]:7000",
	}
	for name, value := range settings {
		all[name] = value
	}
	return placeAt(t, host, all)
}

// All public addresses of the setting are announced, and each of them is used where the others do not pass.
func TestPublicAddresses(t *testing.T) {
	t.Parallel()
	public := []string{"203.0.113.5", "203.0.113.6", "2001:db8:1::5"}
	p := natted(t, map[string]string{"media.publicIps": "203.0.113.5,203.0.113.6,2001:db8:1::5"}, public...)
	var bots []*bot
	for i := range public {
		h := newClient(t)
		for j, other := range public {
			if j != i {
				match := "ip daddr " + other
				if netip.MustParseAddr(other).Is6() {
					match = "ip6 daddr " + other
				}
				// before the address is translated
				h.Run("nft", "add table inet own; add chain inet own out { type filter hook output priority 0; }; "+
					"add rule inet own out "+match+" drop")
			}
		}
		bots = append(bots, p.startBot(t, h, fmt.Sprintf("bot-%d", i), publishes))
	}
	meets(t, bots[0], bots[1])
	meets(t, bots[1], bots[2])
}

// stunServer answers binding requests on a host, at its IPv4 address and port 3478.
func stunServer(t *testing.T, h *testnet.Host) (address string) {
	t.Helper()
	address = netip.AddrPortFrom(h.Addr("eth0", 4), 3478).String()
	var conn net.PacketConn
	require.NoError(t, h.Do(func() (err error) {
		conn, err = net.ListenPacket("udp", address)
		return err
	}))
	done := make(chan struct{})
	t.Cleanup(func() {
		_ = conn.Close()
		<-done
	})
	go func() {
		defer close(done)
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			request := &stun.Message{Raw: buffer[:n]}
			at, ok := from.(*net.UDPAddr)
			if !ok || request.Decode() != nil {
				continue
			}
			if m, err := stun.Build(request, stun.BindingSuccess,
				&stun.XORMappedAddress{IP: at.IP, Port: at.Port}); err == nil {
				_, _ = conn.WriteTo(m.Raw, from) // who does not hear it asks again
			}
		}
	}()
	return address
}

// The server asks a STUN server for its public address, and clients reach it there.
func TestPublicAddressBySTUN(t *testing.T) {
	t.Parallel()
	const public = "203.0.113.9"
	h := newClient(t)
	server := stunServer(t, h)
	testnet.Rule(t, "postrouting", fmt.Sprintf("ip daddr %v udp dport 3478 snat ip to %s", h.Addr("eth0", 4), public))
	p := natted(t, map[string]string{"media.publicIps": "stun:" + server}, public)
	require.Empty(t, p.Ready(t, "publicAddress"))
	_, readiness := p.Admin(t, http.MethodGet, "/readyz", nil)
	require.Contains(t, string(readiness), public+":7000")
	meets(t, p.startBot(t, newClient(t), "ann", publishes), p.startBot(t, newClient(t), "bob", publishes))
}

// A recording's worker reaches the media port although the router does not lead public addresses back inside; over each
// family alone.
func TestWorkerBehindNAT(t *testing.T) {
	t.Parallel()
	for i, public := range []string{"203.0.113.20", "2001:db8:1::20"} {
		t.Run(public, func(t *testing.T) {
			t.Parallel()
			p := natted(t, map[string]string{"media.publicIps": public}, public)
			ann := p.startBot(t, newClient(t), "ann", publishes)
			meets(t, ann, p.startBot(t, newClient(t), fmt.Sprintf("bob-%d", i), publishes))
			token := p.account.Token(t)
			of := map[string]any{"roomId": p.meeting, "participantId": "ann"}
			status, answer := p.REST(t, token, http.MethodPost, "/v2/recordings/participant/start",
				map[string]any{"roomId": p.meeting, "participantId": "ann", "fileFormat": "webm"})
			require.Equal(t, http.StatusOK, status, string(answer))
			require.Eventually(t, func() bool { return written(filepath.Join(p.Dir, "egress", "participant")) > 50_000 },
				soon, 20*time.Millisecond, "nothing is recorded")
			status, answer = p.REST(t, token, http.MethodPost, "/v2/recordings/participant/stop", of)
			require.Equal(t, http.StatusOK, status, string(answer))
			require.False(t, p.Logged("MEDIA_LOST"))
		})
	}
}

// written returns how many bytes the files of a directory hold.
func written(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error { // what is not there yet counts nothing
		if err == nil && entry.Type().IsRegular() {
			if info, err := entry.Info(); err == nil {
				bytes += info.Size()
			}
		}
		return nil
	})
	return bytes
}
