// Package doors tries the ways into a meeting, and out of it, that are standards: publishers and players that are not
// ours, over WHIP, WHEP and RTMP.
//
// Its tests run in a network namespace of their own, a machine with one address besides loopback: Firefox uses no
// loopback address for WebRTC.
package doors

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

func TestMain(m *testing.M) {
	if !testnet.Inside() { // inside there is no way to a registry
		if err := install(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	testnet.MainOneAddress(m)
}

// install installs the clients of the npm registry.
func install() error {
	if _, err := os.Stat(esbuild); err == nil {
		return nil
	}
	out, err := exec.Command("npm", "ci").CombinedOutput()
	if err != nil {
		return fmt.Errorf("npm ci in e2e/doors: %w: %s", err, out)
	}
	return nil
}

// esbuild makes one script of several, for pages.
const esbuild = "node_modules/.bin/esbuild"

const timeout = 30 * time.Second

// open starts a server whose media port is on all addresses of the namespace.
func open(t *testing.T, changes ...func(*conf.Config)) *testserver.Server {
	t.Helper()
	return testserver.Start(t, append([]func(*conf.Config){func(c *conf.Config) {
		c.Media.UDPAddress, c.Media.TCPAddress = ":0", ":0"
	}}, changes...)...)
}

// join joins as a bot that watches, and sends what the options say.
func join(t *testing.T, url, room, token, id string, change ...func(*sdk.Options)) *sdk.Meeting {
	t.Helper()
	options := sdk.Options{URL: url, Token: token, MeetingID: room, ParticipantID: id, Name: id}
	for _, c := range change {
		c(&options)
	}
	bot, err := sdk.InitMeeting(options)
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() { _ = bot.Leave(context.WithoutCancel(t.Context())) }) // the server may have gone first
	return bot
}

// sending makes a bot send a test card and a tone.
func sending(name string) func(*sdk.Options) {
	return func(o *sdk.Options) {
		o.MicEnabled, o.WebcamEnabled = true, true
		o.Mic, o.Webcam = sdk.TestTone(name), sdk.TestCard(sdk.CardOptions{Width: 320, Height: 180, Name: name})
	}
}

// eventually polls until ok, or fails.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, timeout, 20*time.Millisecond, what)
}

// participant returns somebody as a bot sees it, nil when it is not there.
func participant(bot *sdk.Meeting, id string) *sdk.Participant {
	for _, p := range bot.Participants() {
		if p.ID() == id {
			return p
		}
	}
	return nil
}

// readPacket returns the next packet of a stream.
func readPacket(t *testing.T, bot *sdk.Meeting, id string, kind sdk.Kind) *rtp.Packet {
	t.Helper()
	var stream *sdk.Stream
	eventually(t, id+" sends "+string(kind), func() bool {
		if p := participant(bot, id); p != nil {
			stream = p.Stream(kind)
		}
		return stream != nil
	})
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	packet, err := stream.ReadRTP(ctx)
	require.NoError(t, err, "%s of %s", kind, id)
	return packet
}
