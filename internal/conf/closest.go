package conf

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// closest returns the name with the smallest edit distance to s, ignoring case.
func closest(s string, names []string) string {
	best, bestDistance := "", -1
	for _, name := range names {
		d := levenshtein.ComputeDistance(strings.ToLower(s), strings.ToLower(name))
		if bestDistance < 0 || d < bestDistance || d == bestDistance && name < best {
			best, bestDistance = name, d
		}
	}
	return best
}
