package published

import "testing"

// Files in base64 that one participant uploads and another one fetches.
func init() {
	topics["files"] = func(t *testing.T, v visit) { v.finish(t, v.open(t, "files")) }
}
