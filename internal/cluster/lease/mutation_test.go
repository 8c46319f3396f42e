package lease_test

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var mutations = flag.Bool("mutations", false, "also test that TestSimulation finds broken rules (minutes)")

// Each rule of this package, broken in its source, is something that TestSimulation finds: else it would prove nothing.
func TestSimulationFindsBrokenRules(t *testing.T) {
	if !*mutations {
		t.Skip("make simulate runs it, with -mutations")
	}
	for _, m := range []struct{ name, file, rule, broken string }{
		{"a lease holds longer than it is observed", "lease.go", "Hold = 2400 *", "Hold = 3400 *"},
		{"clocks may not differ", "lease.go", "Hold = 2400 *", "Hold = 2950 *"},
		{
			"fenced in SQL alone", "observer.go",
			"	for p := range i.at {\n		if !i.at[p].fenced {",
			"	for p := range i.at[:Bus] {\n		if !i.at[p].fenced {",
		},
		{
			"unchanged in SQL alone", "observer.go",
			"	for p := range i.at {\n		s := &i.at[p]\n		if !s.seen || !s.fenced",
			"	for p := range i.at[:Bus] {\n		s := &i.at[p]\n		if !s.seen || !s.fenced",
		},
		{
			"a fence without effect counts as done", "observer.go",
			"	if !ok {\n		s.since = now\n		return\n	}\n", "",
		},
		{
			"what is listed counts from when it was asked for", "observer.go",
			"version, info, now, sent", "version, info, sent, sent",
		},
		{"an acknowledgment counts from when it came", "holder.go", "max(h.until, sent+Hold)", "max(h.until, now+Hold)"},
		{
			"a lease that was lost holds again", "holder.go",
			"	if h.held && now >= h.until {\n		h.lost = true\n	}\n	return h.lost\n",
			"	return h.lost\n",
		},
	} {
		t.Run(m.name, func(t *testing.T) {
			path, err := filepath.Abs(m.file)
			require.NoError(t, err)
			source, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, 1, strings.Count(string(source), m.rule), "the rule as %s has it", m.file)
			changed := filepath.Join(t.TempDir(), m.file)
			broken := strings.Replace(string(source), m.rule, m.broken, 1)
			require.NoError(t, os.WriteFile(changed, []byte(broken), 0o600))
			overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{path: changed}})
			require.NoError(t, err)
			list := filepath.Join(t.TempDir(), "overlay.json")
			require.NoError(t, os.WriteFile(list, overlay, 0o600))
			out, err := exec.Command("go", "test", "-vet=off", "-overlay", list, "-run", "^TestSimulation$", ".",
				"-schedules=10000").CombinedOutput()
			require.Error(t, err, "%s", out)
			require.Regexp(t, "seed .* (while .* acts|act for .* at once)", string(out))
			found, _, _ := strings.Cut(string(out)[strings.Index(string(out), "seed "):], "\n")
			t.Log(found)
		})
	}
}
