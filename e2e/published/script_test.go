package published

import "testing"

func init() {
	topics["script"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "script")) }
}

// An app in TypeScript with every published name of the JavaScript SDK; it compiles against the published declarations.
func init() {
	topics["names"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "apps/names")) }
}

// Every option of initMeeting has an effect, or is refused by name.
func init() {
	topics["options"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "apps/options")) }
}
