package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/klatch/klatch/fault"
)

// contractFile holds every reason with the keys of its details and their types, one a line:
//
//	4002.EXPIRED exp:int expiredForSec:int leewaySec:int serverTime:int
//
// Clients match on them, so a line changes only by a key that is added.
const contractFile = "testdata/contract.txt"

// contractOf returns the line of an entry without its key: the keys of details and their types, in alphabetical order.
func contractOf(e fault.Entry) map[string]string {
	details := map[string]string{}
	for _, p := range e.Params {
		details[p.Key] = paramTypes[p.Type].wire
	}
	if e.StartingCode != 0 {
		details["startingCode"] = "int"
	}
	return details
}

// parseContract reads the lines of contractFile.
func parseContract(text []byte) (map[string]map[string]string, error) {
	contract := map[string]map[string]string{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		details := map[string]string{}
		for _, field := range fields[1:] {
			key, kind, ok := strings.Cut(field, ":")
			if !ok {
				return nil, fmt.Errorf("%s: %q is not key:type", contractFile, field)
			}
			details[key] = kind
		}
		contract[fields[0]] = details
	}
	return contract, nil
}

// checkContract holds the catalogue against the contract and returns the contract with what is new in it. It refuses
// what would break a client: a reason that is gone, and a key that is gone or has another type. It refuses what is new
// as well, unless update is set.
func checkContract(entries []fault.Entry, text []byte, update bool) ([]byte, error) {
	contract, err := parseContract(text)
	if err != nil {
		return nil, err
	}
	have := map[string]map[string]string{}
	for _, e := range entries {
		have[e.Key()] = contractOf(e)
	}
	for _, key := range slices.Sorted(maps.Keys(contract)) {
		now, there := have[key]
		if !there {
			return nil, fmt.Errorf("the reason %s is missing, and clients may match on it: put it back. "+
				"If no release ever had it, delete its line from fault/%s", key, contractFile)
		}
		for _, detail := range slices.Sorted(maps.Keys(contract[key])) {
			switch kind, was := now[detail], contract[key][detail]; kind {
			case was:
			case "":
				return nil, fmt.Errorf("%s: the key %s of details is missing, and clients may read it: put the param back. "+
					"If no release ever had it, delete it from fault/%s", key, detail, contractFile)
			default:
				return nil, fmt.Errorf("%s: the key %s of details is of type %s and cannot become %s: add a key instead. "+
					"If no release ever had it, change fault/%s", key, detail, was, kind, contractFile)
			}
		}
	}
	var out strings.Builder
	for _, key := range slices.Sorted(maps.Keys(have)) {
		if _, known := contract[key]; !known && !update {
			return nil, fmt.Errorf("the reason %s is new: run `go generate ./fault`, which adds it to fault/%s", key,
				contractFile)
		}
		out.WriteString(key)
		for _, detail := range slices.Sorted(maps.Keys(have[key])) {
			if _, known := contract[key][detail]; !known && !update {
				return nil, fmt.Errorf("%s: the key %s of details is new: run `go generate ./fault`, which adds it to fault/%s",
					key, detail, contractFile)
			}
			fmt.Fprintf(&out, " %s:%s", detail, have[key][detail])
		}
		out.WriteByte('\n')
	}
	return []byte(out.String()), nil
}
