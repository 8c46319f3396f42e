package published

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/differences.txt and the table of docs/videosdk.md anew")

// comparison is what compare.mjs prints.
type comparison struct {
	Names       []publishedName
	Differences []string // "js Meeting.send: missing"
}

type publishedName struct {
	Package string // js or react
	Surface string // "Meeting methods", "exports", …
	Path    string // "js Meeting.send"
	State   string // same, refused (it is there and says that Klatch does not offer it), differs or missing
}

var compared = sync.OnceValues(func() (c comparison, err error) {
	cmd := exec.Command("node", "compare.mjs")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return c, fmt.Errorf("compare.mjs: %w: %s", err, out)
	}
	return c, json.Unmarshal(out, &c)
})

const golden = "testdata/differences.txt"

const goldenHead = `# What the type declarations of the published SDKs have and ours do not, or have otherwise: each line with its reason
# after the mark. Compared by compare.mjs; written anew, with the reasons that stand here, by
# go test -run TestTypes ./e2e/published -update
`

// Every published name is compared with ours. What differs is listed in testdata/differences.txt with the reason.
func TestTypes(t *testing.T) {
	t.Parallel()
	c, err := compared()
	require.NoError(t, err)
	require.Greater(t, len(c.Names), 700, "the published declarations have more names than were found")
	raw, err := os.ReadFile(golden)
	if !*update {
		require.NoError(t, err)
	}
	reasons := map[string]string{}
	var listed []string
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		difference, reason, _ := strings.Cut(line, " # ")
		listed = append(listed, difference)
		reasons[difference] = reason
	}
	if *update {
		var out strings.Builder
		out.WriteString(goldenHead)
		for _, difference := range c.Differences {
			out.WriteString(difference)
			if reason := reasons[difference]; reason != "" {
				out.WriteString(" # " + reason)
			}
			out.WriteString("\n")
		}
		require.NoError(t, os.WriteFile(golden, []byte(out.String()), 0o644))
		return
	}
	var added, gone []string
	for _, d := range c.Differences {
		if !slices.Contains(listed, d) {
			added = append(added, d)
		}
	}
	for _, d := range listed {
		if !slices.Contains(c.Differences, d) {
			gone = append(gone, d)
		}
	}
	for _, d := range listed {
		require.NotEmpty(t, reasons[d], "%s states no reason for: %s", golden, d)
	}
	require.Empty(t, added, "differences that %s does not list", golden)
	require.Empty(t, gone, "lines of %s that are no difference anymore: write it anew with -update", golden)
}

// TestCount counts the published names by what they belong to, and holds the lists of docs/videosdk.md.
func TestCount(t *testing.T) {
	t.Parallel()
	c, err := compared()
	require.NoError(t, err)
	page, err := os.ReadFile(guide)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(page), begin)
	require.True(t, found, begin)
	listed, after, found := strings.Cut(rest, end)
	require.True(t, found, end)
	want := lists(c)
	if *update {
		require.NoError(t, os.WriteFile(guide, []byte(before+begin+want+end+after), 0o644))
		return
	}
	table, _, _ := strings.Cut(want, "\n### ")
	t.Log(table)
	require.Equal(t, want, listed, "write %s anew: go test -run TestCount ./e2e/published -update", guide)
}

const (
	guide = "../../docs/videosdk.md"
	begin = "<!-- names: written by e2e/published -->\n"
	end   = "<!-- end of names -->\n"
)

// lists returns the table of counts and, below it, every name by what it belongs to.
func lists(c comparison) string {
	states := []struct{ state, label string }{
		{"same", "works"}, {"refused", "not offered"}, {"differs", "differs"}, {"missing", "missing"},
	}
	titles := map[string]string{"js": "JavaScript", "react": "React"}
	byKind := map[string]map[string][]string{}
	var kinds []string
	for _, n := range c.Names {
		kind := titles[n.Package] + ": " + n.Surface
		if byKind[kind] == nil {
			byKind[kind] = map[string][]string{}
			kinds = append(kinds, kind)
		}
		byKind[kind][n.State] = append(byKind[kind][n.State], n.Path[len(n.Package)+1:])
	}
	slices.Sort(kinds)
	var table, text strings.Builder
	table.WriteString("\n| names | works | not offered | differs | missing |\n| --- | --- | --- | --- | --- |\n")
	sum := map[string]int{}
	for _, kind := range kinds {
		fmt.Fprintf(&table, "| %s |", kind)
		fmt.Fprintf(&text, "\n### %s\n", kind)
		for _, s := range states {
			found := byKind[kind][s.state]
			fmt.Fprintf(&table, " %d |", len(found))
			sum[s.state] += len(found)
			if len(found) == 0 {
				continue
			}
			slices.Sort(found)
			line := s.label + ":"
			text.WriteString("\n")
			for i, name := range found {
				word := " `" + name + "`"
				if i < len(found)-1 {
					word += ","
				}
				if len(line)+len(word) > 118 {
					text.WriteString(line + "\n")
					line, word = "", word[1:]
				}
				line += word
			}
			text.WriteString(line + "\n")
		}
		table.WriteString("\n")
	}
	table.WriteString("| all |")
	for _, s := range states {
		fmt.Fprintf(&table, " %d |", sum[s.state])
	}
	return table.String() + "\n" + text.String() + "\n"
}

// The apps compile against the published declarations and against ours.
func TestAppsCompile(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "node", "apps.mjs").Output()
	require.NoError(t, err)
	var said []string
	require.NoError(t, json.Unmarshal(out, &said), string(out))
	require.Empty(t, said)
}
