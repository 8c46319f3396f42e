package reach

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/sdk"
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

// The option preferredProtocol decides which way media take where both pass.
func TestPreferredProtocol(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	outside := p.startBot(t, newClient(t), "outside", publishes)
	outside.await(soon, "meeting-joined", nil)
	browser := p.openChromium(t, newClient(t))
	for protocol, want := range map[sdk.PreferredProtocol]string{sdk.TCPOnly: "tcp", sdk.UDPOnly: "udp"} {
		b := p.startBot(t, newClient(t), "go-"+want, func(o *options) { o.Publish, o.Protocol = true, protocol })
		meets(t, outside, b)
		b.await(soon, "transport", func(raw json.RawMessage) bool { return string(raw) == strconv.Quote(want) })
		page := p.enter(t, browser, "page-"+want, true, fmt.Sprintf("preferredProtocol: %q", protocol))
		outside.awaitMedia(soon, "page-"+want+" audio")
		page.UntilIn(soon, "the protocol", fmt.Sprintf(
			`Promise.all(connections().map(protocol)).then((all) => all.length === 2 && all.every((p) => p === %q))`, want))
		var refusal string
		page.Eval(`(() => {
      try {
        window.VideoSDK.initMeeting({ meetingId: "m", preferredProtocol: "TCP" });
      } catch (f) {
        return [f.code, f.reason, f.details.parameter, f.details.got].join(" ");
      }
    })()`, &refusal)
		require.Equal(t, "3073 NOT_ALLOWED preferredProtocol TCP", refusal)
	}
	// What the option rules out is not tried where the other way is blocked.
	h := newClient(t)
	h.Block("meta l4proto udp")
	b := p.startBot(t, h, "go-blocked", func(o *options) { o.Publish, o.Protocol = true, sdk.UDPOnly })
	f := b.awaitFault(toldWithin+joined, 3101, "UDP_BLOCKED")
	require.NotContains(t, fmt.Sprint(f.Details["pairs"]), "tcp")
}
