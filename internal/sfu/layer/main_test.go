package layer_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain fixes the seed of random tests, so that a change is judged by its own faults. `make fuzz` looks for others.
func TestMain(m *testing.M) {
	flag.Parse()
	if seed := flag.Lookup("rapid.seed"); seed.Value.String() == seed.DefValue {
		_ = seed.Value.Set("1")
	}
	os.Exit(m.Run())
}
