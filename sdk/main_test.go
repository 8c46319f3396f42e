package sdk

import (
	"testing"

	"go.uber.org/goleak"
)

// Nothing that a meeting starts outlives it, however it ended.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
