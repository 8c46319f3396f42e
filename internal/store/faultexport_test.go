package store

import "github.com/klatch/klatch/internal/record"

// FaultsQuery returns the query with which Faults lists a page.
func FaultsQuery(s *Store, want record.FaultFilter) (query string, args []any) {
	from, args := s.fromFaults(want, faultColumns+`, f.at, f.id`)
	return `SELECT ` + faultColumns + from + ` ORDER BY f.at DESC, f.id DESC LIMIT 20`, args
}
