package fault

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Find gives the entries that a reader asks for: by code (4002), by name (INVALID_TOKEN), by reason (EXPIRED),
// or by code and reason (4002.EXPIRED, as Key writes it). Capitals do not matter. It gives none for a word
// that names nothing; Nearest then says what was probably meant.
func Find(query string) []Entry {
	query = strings.ToUpper(strings.TrimSpace(query))
	var found []Entry
	for _, e := range Catalogue() {
		if query == strconv.Itoa(e.Code) || query == e.Name || query == e.Reason || query == e.Key() {
			found = append(found, e)
		}
	}
	return found
}

// maxQueryBytes of a query count in Nearest: no name is longer.
const maxQueryBytes = 64

// Nearest gives up to n words that Find knows, the closest to query first: codes for a number, names and
// reasons for a word.
func Nearest(query string, n int) []string {
	query = strings.ToUpper(strings.TrimSpace(query))
	query = query[:min(len(query), maxQueryBytes)]
	number, err := strconv.Atoi(query)
	far := map[string]int{}
	for _, e := range Catalogue() {
		if err == nil {
			far[strconv.Itoa(e.Code)] = max(e.Code-number, number-e.Code)
			continue
		}
		far[e.Name] = levenshtein.ComputeDistance(query, e.Name)
		far[e.Reason] = levenshtein.ComputeDistance(query, e.Reason)
	}
	words := make([]string, 0, len(far))
	for word := range far {
		words = append(words, word)
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(far[a], far[b]), cmp.Compare(a, b))
	})
	return words[:min(n, len(words))]
}

// ByCode groups entries that stand in catalogue order: one slice per code.
func ByCode(entries []Entry) [][]Entry {
	var groups [][]Entry
	for i, e := range entries {
		if i == 0 || entries[i-1].Code != e.Code {
			groups = append(groups, nil)
		}
		last := &groups[len(groups)-1]
		*last = append(*last, e)
	}
	return groups
}
