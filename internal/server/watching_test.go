package server_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
)

// The dashboard and the alerts ask for metrics that exist, and the alerts fire when they should.
func TestDashboardAndAlerts(t *testing.T) {
	t.Parallel()
	deploy := filepath.Join("..", "..", "deploy")
	alerts, err := os.ReadFile(filepath.Join(deploy, "prometheus", "klatch-alerts.yaml"))
	require.NoError(t, err)
	raw, err := os.ReadFile(filepath.Join(deploy, "grafana", "klatch.json"))
	require.NoError(t, err)
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal(raw, &dashboard))
	asked := map[string]string{}
	names := regexp.MustCompile(`\b(?:klatch|process|go)_[a-z_]+`)
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			for _, name := range names.FindAllString(target.Expr, -1) {
				asked[name] = p.Title
			}
		}
	}
	require.Greater(t, len(asked), 15)
	for _, name := range names.FindAllString(string(alerts), -1) {
		asked[name] = "alerts"
	}

	h := testserver.Start(t)
	_, served, _ := get(t, h.URL+"/metrics", "Authorization", "Bearer "+h.InProcess.AdminToken())
	sources := namesInSources(t)
	for name, by := range asked {
		if strings.HasPrefix(name, "klatch_") {
			base := regexp.MustCompile(`_(bucket|count|sum)$`).ReplaceAllString(name, "")
			require.Contains(t, sources, base, "%s asks for %s", by, name)
			continue
		}
		require.Contains(t, served, "\n"+name, "%s asks for %s", by, name)
	}
	require.Contains(t, served, `klatch_faults_total{code="5001",name="RECORDING_FAILED",reason="ENCODER_DIED"} 0`,
		"a counter that begins with its first fault would have no increase")

	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("make tools installs promtool")
	}
	for _, args := range [][]string{
		{"check", "rules", "klatch-alerts.yaml"},
		{"test", "rules", "klatch-alerts.test.yaml"},
		{"check", "config", "--syntax-only", "scrape.yaml"},
	} {
		cmd := exec.Command(promtool, args...)
		cmd.Dir = filepath.Join(deploy, "prometheus")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	lint := exec.Command(promtool, "check", "metrics")
	lint.Stdin = strings.NewReader(served)
	out, err := lint.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// namesInSources returns the names of metrics in the sources. Those with labels appear at /metrics only once they have
// counted something.
func namesInSources(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	literal := regexp.MustCompile(`"(klatch_[a-z_]+)"`)
	require.NoError(t, filepath.WalkDir("..", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range literal.FindAllSubmatch(source, -1) {
			found[string(m[1])] = true
		}
		return err
	}))
	return found
}
