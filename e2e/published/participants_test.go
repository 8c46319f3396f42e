package published

import "testing"

func init() {
	topics["modes"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "modes")) }
	topics["participants"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "participants")) }
	topics["presets"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "presets")) }
	topics["devices"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "devices")) }
	topics["tracks"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "tracks")) }
}
