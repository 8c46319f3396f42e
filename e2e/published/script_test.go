package published

import "testing"

func init() {
	topics["script"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "script")) }
}
