package reach

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testnet"
)

// joined is how long a join over a path that is not the first choice may take, until media flow.
const joined = 8 * time.Second

// A network that drops UDP: media find the TCP port, both ways, in every client.
func TestUDPBlocked(t *testing.T) {
	p := newPlace(t, nil)
	blocked := func(t *testing.T) *testnet.Host {
		h := newClient(t)
		h.Block("meta l4proto udp")
		return h
	}
	outside := p.startBot(t, newClient(t), "outside", func(o *options) { o.Publish = true })
	outside.await(20*time.Second, "meeting-joined", nil)

	t.Run("Go", func(t *testing.T) {
		start := time.Now()
		b := p.startBot(t, blocked(t), "go", func(o *options) { o.Publish = true })
		b.await(20*time.Second, "meeting-joined", nil)
		for _, kind := range []string{"audio", "video"} {
			b.awaitMedia(joined-time.Since(start), "outside "+kind)
			outside.awaitMedia(joined-time.Since(start), "go "+kind)
		}
		require.Empty(t, b.all("error"))
	})
	for name, open := range map[string]func(testing.TB, *testnet.Host) *testbrowser.Browser{
		"chromium": p.openChromium,
		"firefox":  func(t testing.TB, h *testnet.Host) *testbrowser.Browser { return p.openFirefox(t, h) },
	} {
		t.Run(name, func(t *testing.T) {
			browser := open(t, blocked(t))
			start := time.Now()
			page := p.enter(t, browser, name, true, "")
			for _, kind := range []string{"audio", "video"} {
				outside.awaitMedia(joined-time.Since(start), name+" "+kind)
			}
			page.UntilIn(joined-time.Since(start), "media from outside", flowing(2))
			page.Until("TCP", `Promise.all(connections().map(protocol)).then((all) => all.every((p) => p === "tcp"))`)
			page.Until("no fault", `window.events.every(([, name]) => name !== "error")`)
		})
	}
}

// flowing is an expression: that many tracks of media have arrived.
func flowing(tracks int) string {
	return fmt.Sprintf("received().then((all) => all.filter((r) => r.packets > 10).length >= %d)", tracks)
}
