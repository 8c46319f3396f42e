package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestContract(t *testing.T) {
	const with = "4001.KEY_MISSING claims:strings\n"
	more := strings.Replace(good, "claims strings", "claims strings, waitedMs duration", 1)
	for _, tc := range []struct {
		name, catalogue, contract string
		update                    bool
		want, refused             string
	}{
		{"the same", good, with, false, with, ""},
		{"first", good, "", true, with, ""},
		{"a reason that is new", good, "", false, "", "the reason 4001.KEY_MISSING is new: run `go generate ./fault`"},
		{"a reason that is gone", good, with + "4001.KEY_EMPTY\n", true, "", "the reason 4001.KEY_EMPTY is missing"},
		{"a key that is gone", good, "4001.KEY_MISSING claims:strings since:string\n", true, "",
			"the key since of details is missing"},
		{"a key of another type", good, "4001.KEY_MISSING claims:string\n", true, "",
			"claims of details is of type string and cannot become strings"},
		{"a key that is new", more, with, false, "", "the key waitedMs of details is new"},
		{"a key that is added", more, with, true, "4001.KEY_MISSING claims:strings waitedMs:int\n", ""},
		{"int for a duration", strings.Replace(more, "duration", "int", 1), "4001.KEY_MISSING claims:strings waitedMs:int\n",
			false,
			"4001.KEY_MISSING claims:strings waitedMs:int\n", ""},
		{"no key and type", good, "4001.KEY_MISSING claims\n", false, "", "is not key:type"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			entries, err := parse([]byte(tc.catalogue))
			require.NoError(t, err)
			got, err := checkContract(entries, []byte(tc.contract), tc.update)
			if tc.refused != "" {
				require.ErrorContains(t, err, tc.refused)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.want, string(got))
		})
	}
}

// One more reason adds lines to the generated files and changes none, but for the row of its code in docs/errors.md.
func TestAReasonAddsOnlyItsOwnLines(t *testing.T) {
	const other = `
- code: 4002
  name: INVALID_TOKEN
  message: text
  tells: [caller]
  reasons:
    - {reason: EMPTY, detail: d, remedy: r}
`
	const longer = `
    - reason: A_REASON_WITH_A_LONGER_NAME_THAN_ALL
      params: [claims strings, waitedMs duration]
      detail: "{claims} {waitedMs} ms"
      remedy: again
`
	before, err := parse([]byte(good + other))
	require.NoError(t, err)
	after, err := parse([]byte(strings.TrimSuffix(good, "\n") + longer + other))
	require.NoError(t, err)
	require.Len(t, after, len(before)+1)

	was, err := goSource(before, nil)
	require.NoError(t, err)
	now, err := goSource(after, nil)
	require.NoError(t, err)
	requireOnlyAdded(t, string(was), string(now))
	requireOnlyAdded(t, string(typescript(before)), string(typescript(after)))
	rows := func(text string) string { // without the table of codes
		var kept []string
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "| [4001]") {
				kept = append(kept, line)
			}
		}
		return strings.Join(kept, "")
	}
	requireOnlyAdded(t, rows(string(markdown(before, nil, nil))), rows(string(markdown(after, nil, nil))))
}

// requireOnlyAdded requires that every line of before stands in after, in the same order.
func requireOnlyAdded(t *testing.T, before, after string) {
	t.Helper()
	left := strings.SplitAfter(after, "\n")
	for line := range strings.Lines(before) {
		for len(left) > 0 && left[0] != line {
			left = left[1:]
		}
		require.NotEmpty(t, left, "changed or moved: %s", line)
		left = left[1:]
	}
}
