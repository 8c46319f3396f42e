package sdk

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

// Nothing that a meeting starts outlives it, however it ended.
func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "4") // they wait most of the time, more of them than there are processors
	goleak.VerifyTestMain(m)
}
