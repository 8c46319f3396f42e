package version

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write Number to the files that state the version")

// npmVersion is how package.json and its lock file state the version of a package of ours.
const npmVersion = `"name": "(?:klatch-web|@klatch/[a-z-]+)",\s*"version": "([^"]*)"`

// stated returns the files that state the version, with the expressions whose first group is it.
func stated(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{
		"web/package.json":                    npmVersion,
		"web/package-lock.json":               npmVersion,
		"web/sdk/src/version.ts":              `VERSION = "([^"]*)"`,
		"internal/rest/testdata/openapi.json": `"title": "Klatch",\s*"version": "([^"]*)"`,
	}
	var root struct{ Workspaces []string }
	raw, err := os.ReadFile("../../web/package.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &root))
	require.NotEmpty(t, root.Workspaces)
	for _, workspace := range root.Workspaces {
		files["web/"+workspace+"/package.json"] = npmVersion
	}
	return files
}

// TestOneVersion fails for each place that states another version than Number. The Go SDK and the OpenAPI document take
// it from here.
func TestOneVersion(t *testing.T) {
	for name, expression := range stated(t) {
		path := filepath.Join("..", "..", filepath.FromSlash(name))
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		places := regexp.MustCompile(expression).FindAllSubmatchIndex(raw, -1)
		require.NotEmpty(t, places, "%s does not state a version as %s", name, expression)
		for i := len(places) - 1; i >= 0; i-- {
			from, to := places[i][2], places[i][3]
			if *update {
				raw = append(raw[:from:from], append([]byte(Number), raw[to:]...)...)
				continue
			}
			require.Equal(t, Number, string(raw[from:to]), "%s: run go test ./internal/version -update", name)
		}
		if *update {
			require.NoError(t, os.WriteFile(path, raw, 0o644))
		}
	}
}

// The changelog has a section for the version that is worked on.
func TestChangelogHasTheVersion(t *testing.T) {
	raw, err := os.ReadFile("../../CHANGELOG.md")
	require.NoError(t, err)
	first := regexp.MustCompile(`(?m)^## (\S+)`).FindSubmatch(raw)
	require.NotNil(t, first)
	require.Equal(t, Number, string(first[1]), "the first section of CHANGELOG.md is not that of this version")
}

func TestString(t *testing.T) {
	require.Regexp(t, `^`+regexp.QuoteMeta(Number)+`-dev(\+[0-9a-f]{12}(\.dirty)?)?$`, String())
	release = "0.2.0-SNAPSHOT-abc"
	defer func() { release = "" }()
	require.Equal(t, "0.2.0-SNAPSHOT-abc", String())
}
