package published

import "testing"

func init() {
	topics["participants"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "participants")) }
	topics["presets"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "presets")) }
}
