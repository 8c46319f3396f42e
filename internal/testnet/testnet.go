// Package testnet makes networks for tests: hosts, each of which is a network namespace of its own, around a router,
// which is the namespace of the test process. Rules of nftables at the router and at the hosts decide what passes.
//
// A package whose tests use it calls Main from its TestMain. Where namespaces cannot be made its tests skip. Packages
// that need another network call MainOneAddress or MainIn, and fail there.
package testnet

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
)

const (
	// inside is set in the process that runs in the namespace of the router: to "yes", or to why there is none.
	inside = "TESTNET_INSIDE"
	yes    = "yes"
)

// setup makes the namespace of the test process a router that forwards both address families. Rules come into the chain
// forward; those of hosts that end are removed with their interfaces.
const setup = `
ip link set lo up
for key in ipv4/ip_forward ipv6/conf/all/forwarding; do echo 1 >/proc/sys/net/$key; done
for key in ipv4/conf/all/rp_filter ipv4/conf/default/rp_filter ipv6/conf/default/accept_dad; do
  echo 0 >/proc/sys/net/$key
done
nft add table inet testnet
nft add chain inet testnet forward '{ type filter hook forward priority 0; }'
nft add chain inet testnet prerouting '{ type nat hook prerouting priority -100; }'
nft add chain inet testnet postrouting '{ type nat hook postrouting priority 100; }'
exec "$0" "$@"`

// Main runs the tests in the namespace of a router, and exits.
func Main(m *testing.M) {
	if os.Getenv(inside) == "" {
		out, err := exec.Command("unshare", "--map-root-user", "--net", "nft", "list", "ruleset").CombinedOutput()
		if err != nil {
			_ = os.Setenv(inside, fmt.Sprintf("%v: %s", err, strings.TrimSpace(string(out)))) // the name is valid
		}
	}
	MainIn(m, setup)
}

// OneAddress is the address of a machine that MainOneAddress makes, besides loopback.
const OneAddress = "198.51.100.7"

// oneAddress makes the namespace of the test process a machine with one address besides loopback.
const oneAddress = `
ip link set lo up
ip link add lan type veth peer name lan-end
ip addr add ` + OneAddress + `/24 dev lan
ip link set lan up
ip link set lan-end up
ip route add default dev lan
exec "$0" "$@"`

// MainOneAddress runs the tests on a machine with the address OneAddress besides loopback, and exits: Firefox uses no
// loopback address for WebRTC. It has no way out.
func MainOneAddress(m *testing.M) { MainIn(m, oneAddress) }

// MainIn runs the tests in a namespace of their own, and exits. The shell script is run there first; it ends with
// exec "$0" "$@". The files are its descriptors from 3 on.
func MainIn(m *testing.M, script string, files ...*os.File) {
	if Inside() {
		os.Exit(m.Run())
	}
	self, err := os.Executable()
	if err == nil {
		cmd := testprocess.Command("unshare",
			append([]string{"--map-root-user", "--net", "sh", "-ec", script, self}, os.Args[1:]...)...)
		cmd.Env = append(os.Environ(), inside+"="+yes)
		cmd.ExtraFiles = files
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		err = testprocess.Run(cmd)
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "network namespaces for the tests:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Inside reports whether this is the process that runs the tests, and not the one that makes their namespace.
func Inside() bool { return os.Getenv(inside) != "" }

// need skips a test where there are no namespaces.
func need(t testing.TB) {
	t.Helper()
	if state := os.Getenv(inside); state != yes {
		t.Skipf("network namespaces cannot be made here (they need root, unshare and nft): %s", state)
	}
}

// Rule adds a rule at the router until the test ends: to the chain forward, prerouting (for dnat) or postrouting (for
// snat), as nft(8) reads it.
func Rule(t testing.TB, chain, rule string) {
	t.Helper()
	remove := AddRule(t, chain, rule)
	t.Cleanup(remove)
}

// AddRule is Rule for a rule that remove removes; a second call of it does nothing.
func AddRule(t testing.TB, chain, rule string) (remove func()) {
	t.Helper()
	need(t)
	out, err := exec.Command("nft", "--echo", "--handle", "add rule inet testnet "+chain+" "+rule).CombinedOutput()
	require.NoError(t, err, "%s: %s", rule, out)
	_, handle, found := strings.Cut(string(out), "# handle ")
	require.True(t, found, "%s", out)
	handle, _, _ = strings.Cut(handle, "\n")
	removed := false
	return func() {
		if !removed {
			removed = true
			_ = exec.Command("nft", "delete", "rule", "inet", "testnet", chain, "handle", handle).Run() // it may be gone
		}
	}
}
