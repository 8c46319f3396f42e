// Package clients tries the server with clients that are not ours, or not Chromium: Firefox on the meeting page, and
// the WebRTC library aiortc, which knows no more of Klatch than docs/protocol.md.
//
// Its tests run in a network namespace of their own, a machine with one address besides loopback: Firefox uses no
// loopback address for WebRTC.
package clients

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

func TestMain(m *testing.M) {
	testnet.MainOneAddress(m)
}

// open starts a server whose media port is on all addresses of the namespace.
func open(t *testing.T, changes ...func(*conf.Config)) *testserver.Server {
	t.Helper()
	ports := func(c *conf.Config) { c.Media.UDPAddress, c.Media.TCPAddress = ":0", ":0" }
	return testserver.Start(t, append(changes, ports)...)
}

// joinPage opens the meeting page and joins with camera and microphone on.
func joinPage(t *testing.T, b *testbrowser.Browser, server, meetingID, token, name string) *testbrowser.Page {
	t.Helper()
	p := b.Page(
		t,
		fmt.Sprintf("%s/meet/%s#token=%s&name=%s", server, meetingID, token, url.QueryEscape(name)),
		testbrowser.RecordConnections,
	)
	for _, device := range []string{"mic-button", "cam-button"} { // on, whatever the page's default is
		p.Until("the page has "+device, fmt.Sprintf(`document.querySelector(%q)`, testbrowser.TestID(device)))
		p.Eval(
			fmt.Sprintf(
				`(() => { const b = document.querySelector(%q); if (b.getAttribute("aria-pressed") !== "true") b.click(); })()`,
				testbrowser.TestID(device),
			),
			nil,
		)
		p.Until(
			device+" is on",
			fmt.Sprintf(
				`document.querySelector(%q).getAttribute("aria-pressed") === "true"`,
				testbrowser.TestID(device),
			),
		)
	}
	p.Click(testbrowser.TestID("join-button"))
	p.Until(name+" is in the meeting", `document.querySelector('[data-testid="meeting-view"]')`)
	return p
}

const timeout = 30 * time.Second

// joinViewer joins with a tone and a test card.
func joinViewer(t *testing.T, url, meetingID, token string) *sdk.Meeting {
	t.Helper()
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: url, Token: token, MeetingID: meetingID, Name: "Bot", MicEnabled: true, WebcamEnabled: true,
		Mic: sdk.TestTone("bot"), Webcam: sdk.TestCard(sdk.CardOptions{Width: 320, Height: 180, Name: "bot"}),
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() { _ = bot.Leave(context.WithoutCancel(t.Context())) }) // the server may have gone first
	return bot
}

// readPacket returns the next packet of a stream of whoever has that name.
func readPacket(t *testing.T, bot *sdk.Meeting, name string, kind sdk.Kind) *rtp.Packet {
	t.Helper()
	var stream *sdk.Stream
	require.Eventually(t, func() bool {
		for _, p := range bot.Participants() {
			if p.DisplayName() == name {
				stream = p.Stream(kind)
			}
		}
		return stream != nil
	}, timeout, 50*time.Millisecond, "%s sends %s", name, kind)
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	packet, err := stream.ReadRTP(ctx)
	require.NoError(t, err, "%s of %s", kind, name)
	return packet
}

// awaitWidth waits for a key frame of VP8 whose picture is so wide (RFC 6386, section 9.1): senders begin with less
// when the machine is busy.
func awaitWidth(t *testing.T, bot *sdk.Meeting, name string, width int) {
	t.Helper()
	seen := 0
	for deadline, asked := time.Now().Add(timeout), time.Now(); time.Now().Before(deadline); {
		var part codecs.VP8Packet
		frame, err := part.Unmarshal(readPacket(t, bot, name, sdk.Video).Payload)
		if err == nil && part.S == 1 && part.PID == 0 && len(frame) >= 10 && frame[0]&1 == 0 {
			if seen = int(binary.LittleEndian.Uint16(frame[6:]) & 0x3fff); seen == width {
				return
			}
		}
		if time.Since(asked) > time.Second {
			asked = time.Now()
			for _, p := range bot.Participants() {
				if s := p.Stream(sdk.Video); s != nil && p.DisplayName() == name {
					s.RequestKeyFrame()
				}
			}
		}
	}
	require.Fail(t, "no such picture came", "of %s, %d wide; the last one was %d wide", name, width, seen)
}
