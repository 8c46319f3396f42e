package published

import "testing"

func init() {
	topics["data"] = func(t *testing.T, v visit) { t.Log(v.finish(t, v.open(t, "data")), "ms, round trips") }
}
