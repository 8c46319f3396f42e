package reach

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testnet"
)

// toldWithin is how soon a client says why it has no media.
const toldWithin = 15 * time.Second

// blocks are networks in which no media pass, and what the fault must say.
var blocks = []struct {
	name, reason string
	settings     map[string]string
	block        func(t *testing.T, p *place, h *testnet.Host) (url string)
	says         []string // in the detail, besides the server's address and ports
}{
	{"media ports", "UDP_BLOCKED", nil, func(_ *testing.T, p *place, h *testnet.Host) string {
		h.Block("udp dport 7000")
		h.Block("tcp dport 7000")
		return p.URL
	}, []string{"udp", "tcp"}},
	{"a private address", "SERVER_PRIVATE_ADDRESS", nil, func(t *testing.T, p *place, h *testnet.Host) string {
		const public = "203.0.113.40"
		testnet.Rule(t, "prerouting", fmt.Sprintf("iifname %q ip daddr %s tcp dport 4000 dnat ip to %v",
			h.RouterDevice("eth0"), public, p.host.Addr("eth0", 4)))
		h.Block("udp dport 7000")
		h.Block("tcp dport 7000")
		return "http://" + public + ":4000"
	}, nil},
	{"an address of nobody", "NO_PATH", map[string]string{"media.publicIps": "192.0.2.77"},
		func(_ *testing.T, p *place, _ *testnet.Host) string { return p.URL }, nil},
	{"DTLS", "DTLS_FAILED", map[string]string{"media.publicIps": ""},
		func(_ *testing.T, p *place, h *testnet.Host) string {
			h.Block("tcp dport 7000")
			// The first byte of the payload, behind 8 bytes of UDP, is that of DTLS: RFC 7983, section 7.
			h.Block("udp dport 7000 @th,64,8 20-63")
			h.Block("udp sport 7000 @th,64,8 20-63")
			return p.URL
		}, nil},
}

// All ways of media are blocked: 3101 says what was tried.
func TestBlocked(t *testing.T) {
	t.Parallel()
	for _, b := range blocks {
		t.Run(b.reason, func(t *testing.T) {
			t.Parallel()
			host := newClient(t)
			address := host.Addr("eth0", 4).String()
			settings := map[string]string{"http.address": address + ":4000", "media.udpAddress": address + ":7000",
				"media.tcpAddress": address + ":7000"}
			for name, value := range b.settings {
				settings[name] = value
			}
			p := placeAt(t, host, settings)
			h := newClient(t)
			url := b.block(t, p, h)
			start := time.Now()
			ann := p.startBot(t, h, "ann", func(o *options) { o.Publish, o.URL = true, url })
			ann.await(soon, "meeting-joined", nil)
			began := time.Now()
			f := ann.awaitFault(toldWithin, 3101, b.reason)
			t.Logf("told %v after the join, %v after the start: %s", time.Since(began), time.Since(start), f.Detail)
			want := address + ":7000"
			if b.reason == "NO_PATH" {
				want = "192.0.2.77:7000"
			}
			for _, part := range append(b.says, want) {
				require.Contains(t, f.Detail, part)
			}
		})
	}
}

// A browser says the same, and a path that is lost is told and found again.
func TestBlockedInChromium(t *testing.T) {
	t.Parallel()
	p := newPlace(t, map[string]string{"media.udpAddress": "0.0.0.0:7000", "media.tcpAddress": "0.0.0.0:7000"})
	h := newClient(t)
	unblock := []func(){h.Block("udp dport 7000"), h.Block("tcp dport 7000")}
	page := p.enter(t, p.openChromium(t, h), "chromium", true, "")
	// Beside other tests a browser takes longer to open its connections, and is told from then on.
	page.UntilIn(
		toldWithin+10*time.Second,
		"3101",
		`window.events.some(([, name, f]) => name === "error" && f.code === 3101)`,
	)
	var detail string
	page.Eval(`(([, , f]) => f.reason + " " + f.detail)(
		window.events.find(([, name, f]) => name === "error" && f.code === 3101))`,
		&detail)
	t.Log(detail)
	require.Contains(t, detail, "UDP_BLOCKED")
	for _, transport := range []string{"udp", "tcp"} {
		require.Contains(t, detail, fmt.Sprintf("%s %v:7000", transport, p.host.Addr("eth0", 4)))
	}
	for _, f := range unblock {
		f()
	}
	page.UntilIn(soon, "it is over", `window.events.some(([, name]) => name === "fault-cleared")`)
}

// A path that worked and is lost for long is told, and that it is back.
func TestPathLost(t *testing.T) {
	t.Parallel()
	p := newPlace(t, map[string]string{"media.udpAddress": "0.0.0.0:7000", "media.tcpAddress": "0.0.0.0:7000"})
	h := newClient(t)
	ann := p.startBot(t, h, "ann", publishes)
	meets(t, ann, p.startBot(t, newClient(t), "bob", publishes))
	unblock := []func(){h.Block("udp dport 7000"), h.Block("udp sport 7000"), h.Block("tcp dport 7000")}
	began := time.Now()
	f := ann.awaitFault(toldWithin, 3101, "PATH_LOST")
	t.Logf("told after %v: %s", time.Since(began), f.Detail)
	for _, remove := range unblock {
		remove()
	}
	ann.await(soon, "fault-cleared", func(raw json.RawMessage) bool {
		var cleared struct {
			ID string `json:"id"`
		}
		return json.Unmarshal(raw, &cleared) == nil && cleared.ID == f.ID
	})
	ann.awaitMedia(soon, "bob video")
}
