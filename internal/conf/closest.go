package conf

import "strings"

// closest gives the name with the smallest edit distance to s, ignoring case.
func closest(s string, names []string) string {
	best, bestDistance := "", -1
	for _, name := range names {
		d := distance(strings.ToLower(s), strings.ToLower(name))
		if bestDistance < 0 || d < bestDistance || d == bestDistance && name < best {
			best, bestDistance = name, d
		}
	}
	return best
}

// distance is Levenshtein's, over bytes: names are ASCII.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
