package network

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testpeer"
)

// Addresses of the near side. relayAddress is that of the relay which delays.
const (
	nearAddress  = "10.77.0.1"
	relayAddress = "10.77.0.3"
)

// side is an end of the link.
type side string

const (
	near side = "near"
	far  side = "far"
)

// command returns a command that runs on a side.
func command(at side, name string, args ...string) *exec.Cmd {
	if at == near {
		return exec.Command(name, args...)
	}
	return exec.Command("nsenter", append([]string{"--target", os.Getenv(farSide), "--net", name}, args...)...)
}

func run(t testing.TB, at side, name string, args ...string) {
	t.Helper()
	out, err := command(at, name, args...).CombinedOutput()
	require.NoError(t, err, "%s %v: %s", name, args, out)
}

// link is the link between the sides.
type link struct{ t testing.TB }

// clear makes the link perfect.
func (l link) clear() {
	l.t.Helper()
	for _, at := range []side{near, far} {
		run(l.t, at, "nft", "flush", "chain", "ip", "link", "arriving")
		_ = command(at, "tc", "qdisc", "del", "dev", device(at), "root").Run() // there may be none
	}
}

func device(at side) string { return string(at) + "0" }

// lose drops a share of the UDP packets of both directions, from 0 to 1, each by itself.
func (l link) lose(share float64) {
	l.t.Helper()
	for _, at := range []side{near, far} {
		run(l.t, at, "nft", "add", "rule", "ip", "link", "arriving", "iif", device(at), "meta", "l4proto", "udp",
			"numgen", "random", "mod", "1000", "<", strconv.Itoa(int(share*1000)), "drop")
	}
}

// loseInBursts drops bursts of packets, 8 of 160 in a row: 5 % of both directions.
func (l link) loseInBursts() {
	l.t.Helper()
	for _, at := range []side{near, far} {
		run(l.t, at, "nft", "add", "rule", "ip", "link", "arriving", "iif", device(at), "meta", "l4proto", "udp",
			"numgen", "inc", "mod", "160", "<", "8", "drop")
	}
}

// limit bounds what a side sends to kbit/s; a queue holds 300 ms of it.
func (l link) limit(from side, kbit int) {
	l.t.Helper()
	run(l.t, from, "tc", "qdisc", "replace", "dev", device(from), "root", "tbf", "rate", fmt.Sprintf("%dkbit", kbit),
		"burst", "6kb", "latency", "300ms")
}

// delayMedia makes the media of the far side pass a relay at relayAddress, which a server announces instead of its own
// address. Those of the near side go there directly.
func (l link) delayMedia(port int) *testpeer.UDPRelay {
	l.t.Helper()
	run(l.t, near, "nft", "add", "table", "ip", "direct")
	l.t.Cleanup(func() { run(l.t, near, "nft", "delete", "table", "ip", "direct") })
	run(l.t, near, "nft", "add", "chain", "ip", "direct", "out", "{ type nat hook output priority -100; }")
	run(l.t, near, "nft", "add", "rule", "ip", "direct", "out", "ip", "daddr", relayAddress, "dnat", "to", nearAddress)
	at := func(address string) netip.AddrPort {
		return netip.AddrPortFrom(netip.MustParseAddr(address), uint16(port))
	}
	return testpeer.NewUDPRelay(l.t, at(relayAddress), at(nearAddress), 1)
}

// openChromium opens a browser on a side. Its pages may use devices on the pages of origin.
func openChromium(t testing.TB, at side, origin string) *testbrowser.Browser {
	t.Helper()
	flags := []testbrowser.Flag{testbrowser.Camera(30), testbrowser.Allow, testbrowser.Secure(origin)}
	if at == far {
		path, err := exec.LookPath("chromium")
		require.NoError(t, err)
		script := filepath.Join(t.TempDir(), "chromium")
		lines := fmt.Sprintf("#!/bin/sh\nexec nsenter --target %s --net %s \"$@\"\n", os.Getenv(farSide), path)
		require.NoError(t, os.WriteFile(script, []byte(lines), 0o755))
		flags = append(flags, testbrowser.At(script))
	}
	return testbrowser.Open(t, flags...)
}
