package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// 159 names and numbers are published; not one is ever lost or changed.
func TestTheEnumerationIsWhole(t *testing.T) {
	raw, err := os.ReadFile("../published.yaml")
	require.NoError(t, err)
	list, err := parseEnumeration(raw)
	require.NoError(t, err)
	require.Len(t, list, 159)
	numbers, err := os.ReadFile("../testdata/numbers.txt")
	require.NoError(t, err)
	for _, row := range list {
		require.Regexp(t, `(?m)^\d+ (\w+ )?`+row.Name+`$`, string(numbers))
	}
}

func TestParseEnumerationRefuses(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"no number", "INVALID_API_KEY: no\n", "not NAME: number"},
		{"no name", "4001: 4001\n", "not NAME: number"},
		{"small letters", "invalidKey: 4001\n", "not NAME: number"},
		{"a number twice", "A: 4001\nB: 4001\n", "once each"},
		{"descending", "A: 4002\nB: 4001\n", "once each"},
		{"a name twice", "A: 4001\nA: 4002\n", "already defined"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := parseEnumeration([]byte(tc.text))
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestTheCatalogueKeepsToTheEnumeration(t *testing.T) {
	onPage := strings.Replace(good, "message: text", "message: text\n  published: true", 1)
	for _, tc := range []struct{ name, catalogue, enumeration, want string }{
		{"the same", good, "INVALID_API_KEY: 4001\n", ""},
		{"one of ours", good, "OTHER: 4002\n", ""},
		{"another name", good, "OTHER: 4001\n", "4001 is published as OTHER"},
		{"another number", good, "INVALID_API_KEY: 4002\n", "INVALID_API_KEY is published as 4002"},
		{"the page has another name", onPage, "OTHER: 4001\n", ""},
		{"on the page and not in the enumeration", onPage, "OTHER: 4002\n", "not in published.yaml"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			entries, err := parse([]byte(tc.catalogue))
			require.NoError(t, err)
			list, err := parseEnumeration([]byte(tc.enumeration))
			require.NoError(t, err)
			err = checkEnumeration(entries, list)
			if tc.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tc.want)
			}
		})
	}
}
