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
	State   string // same, differs or missing
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
	require.Empty(t, added, "differences that %s does not list", golden)
	require.Empty(t, gone, "lines of %s that are no difference anymore: write it anew with -update", golden)
}

// TestCount prints how many of the published names are there, by what they belong to.
func TestCount(t *testing.T) {
	t.Parallel()
	c, err := compared()
	require.NoError(t, err)
	type row struct{ same, differs, missing int }
	rows := map[string]*row{}
	for _, n := range c.Names {
		key := n.Package + " | " + n.Surface
		if rows[key] == nil {
			rows[key] = &row{}
		}
		switch n.State {
		case "same":
			rows[key].same++
		case "differs":
			rows[key].differs++
		default:
			rows[key].missing++
		}
	}
	var lines []string
	var total row
	for key, r := range rows {
		lines = append(lines, fmt.Sprintf("| %s | %d | %d | %d |", key, r.same, r.differs, r.missing))
		total.same, total.differs, total.missing = total.same+r.same, total.differs+r.differs, total.missing+r.missing
	}
	slices.Sort(lines)
	t.Logf("\n| package | names | same | differs | missing |\n| --- | --- | --- | --- | --- |\n%s\n| all | | %d | %d | %d |",
		strings.Join(lines, "\n"), total.same, total.differs, total.missing)
}
