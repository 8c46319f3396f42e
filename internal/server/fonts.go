package server

import (
	"fmt"
	"slices"
	"strings"

	"github.com/klatch/klatch/internal/compose"
)

// fonts returns what recordings can write names in.
func fonts() capability {
	var scripts, packages []string
	for _, gap := range compose.Gaps() {
		scripts = append(scripts, gap.Script)
		if !slices.Contains(packages, gap.Package) {
			packages = append(packages, gap.Package)
		}
	}
	if len(scripts) == 0 {
		return capability{Ready: true}
	}
	return capability{
		Detail: fmt.Sprintf("no font for %s: recordings and streams show such names as squares; install %s (Debian)",
			strings.Join(scripts, ", "), strings.Join(packages, " ")),
	}
}
