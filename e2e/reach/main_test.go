// Package reach joins meetings from networks that do not let everything through: firewalls, address translation, IPv6
// alone, and networks that change during a call. Each person and the server are hosts of internal/testnet.
package reach

import (
	"flag"
	"os"
	"testing"

	"github.com/klatch/klatch/internal/testnet"
)

func TestMain(m *testing.M) {
	if options := os.Getenv(botOptions); options != "" {
		os.Exit(runBot(options))
	}
	_ = flag.Set("test.parallel", "6") // the default; most tests wait for timers
	testnet.Main(m)
}
