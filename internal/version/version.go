// Package version holds the version of Klatch: the one place where it is written by hand. Server, command line, SDKs,
// npm packages and the OpenAPI document have the same one; `go test ./internal/version -update` writes it there.
package version

import (
	"runtime/debug"
	"strings"
)

// Number is the version that is being worked on or, at its tag, released. See CONTRIBUTING.md for how it is raised.
const Number = "0.1.0"

// release is set by the linker in what is released: -X github.com/klatch/klatch/internal/version.release=0.1.0.
var release string

// String returns the version of this binary: 0.1.0 for what was released, and 0.1.0-dev+1a2b3c4d5e6f with the revision
// for what was built from source.
func String() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return Number + "-dev"
	}
	if info.Main.Version == "v"+Number { // go install github.com/klatch/klatch/cmd/klatch@v0.1.0
		return Number
	}
	revision, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = ".dirty"
		}
	}
	return strings.TrimSuffix(Number+"-dev+"+revision+changed, "+")
}
