// Package network judges meetings on bad networks: loss, little bandwidth, delay and jitter on one participant's link,
// with real browsers and their own statistics (W3C WebRTC statistics). It also judges what getNetworkStats measures.
//
// Its tests run in a network namespace of their own with a second one behind a pair of virtual interfaces. The server
// and one browser are on the near side (10.77.0.1), the other browser is on the far side (10.77.0.2) of the link that
// the tests spoil. Loss comes from nftables, rate from a token bucket (tc tbf), delay from a relay of testpeer.
package network

import (
	"fmt"
	"os"
	"testing"

	"github.com/klatch/klatch/internal/testnet"
)

const (
	// farSide names the variable with the id of a process on the far side, which reads until the one that made it ends.
	farSide = "NETWORK_TEST_FAR"
	setup   = `
holder=$(mktemp)
unshare --net sh -c 'echo $$ >"$0"; exec cat >/dev/null' $holder <&3 &
while [ ! -s $holder ]; do sleep 0.05; done
far=$(cat $holder)
rm $holder
in_far() { nsenter --target $far --net "$@"; }
ip link set lo up
ip link add near0 type veth peer name far0
ip link set far0 netns $far
ip addr add 10.77.0.1/24 dev near0
ip addr add 10.77.0.3/24 dev near0
ip link set near0 up
in_far ip link set lo up
in_far ip addr add 10.77.0.2/24 dev far0
in_far ip link set far0 up
ip route add default dev near0
in_far ip route add default dev far0
for side in "" in_far; do
  $side nft add table ip link
  $side nft add chain ip link arriving '{ type filter hook input priority 0; }'
done
NETWORK_TEST_FAR=$far exec "$0" "$@"`
)

// held is open in this process alone; the far side ends with it.
var held *os.File

func TestMain(m *testing.M) {
	if testnet.Inside() {
		testnet.MainIn(m, setup)
	}
	hold, end, err := os.Pipe()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	held = end
	testnet.MainIn(m, setup, hold)
}
