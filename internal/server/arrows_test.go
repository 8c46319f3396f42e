package server_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	module       = "github.com/klatch/klatch/"
	architecture = "../../docs/ARCHITECTURE.md"
)

// libraries lists where a library may be imported, tests aside. The entry of a package holds for those below it.
var libraries = []struct {
	path string
	in   []string
	why  string
}{
	{"github.com/pion/webrtc/", []string{"internal/sfu", "internal/testpeer", "internal/load", "sdk", "examples/recorder"},
		"its types end where media is forwarded and where a client is played; RTP packets may travel further"},
	{
		"net/http",
		[]string{
			"internal/server",
			"internal/signal",
			"internal/whip",
			"internal/rest",
			"internal/signin",
			"internal/console",
			"internal/docs",
			"internal/errorpage",
			"internal/hls",
			"internal/ratelimit",
			"internal/throughput",
			"internal/blob",
			"internal/webhook",
			"internal/watermark",
			"internal/trace",
			"internal/certificate",
			"internal/cluster",
			"internal/doctor",
			"internal/testserver",
			"internal/testbrowser",
			"internal/testpeer",
			"internal/load",
			"sdk",
			"examples/tokens",
			"examples/webhooks",
		},
		"the rest neither serves HTTP nor calls it",
	},
	{"github.com/coder/websocket",
		[]string{"internal/signal", "internal/load", "internal/testbrowser", "internal/testpeer",
			"internal/testserver", "sdk"}, "signaling has one server and its clients"},
	{"database/sql", []string{"internal/store"}, "only the store knows that there is SQL"},
	{"github.com/jackc/pgx/", []string{"internal/store"}, "only the store knows the database"},
	{"modernc.org/sqlite", []string{"internal/store"}, "only the store knows the database"},
	{"github.com/pressly/goose/", []string{"internal/store"}, "only the store knows the database"},
	{"github.com/minio/minio-go/", []string{"internal/blob"}, "only blob knows where files are kept"},
	{"github.com/danielgtaylor/huma/", []string{"internal/rest"}, "only rest describes calls by OpenAPI"},
	{"github.com/golang-jwt/jwt/", []string{"internal/gate"}, "only gate judges tokens"},
	{"github.com/prometheus/", []string{"internal/server", "internal/incident", "internal/webhook", "internal/trace"},
		"the others report to incident or keep counters that server collects"},
	{"go.opentelemetry.io/", []string{"internal/trace", "sdk"},
		"the others begin spans through trace; the SDK makes them in a program's own traces"},
	{"github.com/knadh/koanf/", []string{"internal/conf"}, "only conf reads settings"},
	{"github.com/spf13/cobra", []string{"cmd/klatch"}, "only the command line has commands"},
	{"github.com/nats-io/", []string{"internal/bus"}, "only bus knows NATS"},
	{"github.com/hashicorp/yamux", []string{"internal/cluster"}, "only the link between nodes is multiplexed"},
	{"github.com/caddyserver/certmagic", []string{"internal/certificate"}, "only certificate knows ACME"},
	{"golang.org/x/image/", []string{"internal/compose", "internal/watermark"},
		"compose draws, and watermark makes images small"},
	{"github.com/go-text/typesetting/", []string{"internal/compose"}, "only compose draws"},
	{"github.com/yuin/goldmark", []string{"internal/docs"}, "only docs reads Markdown"},
	{"github.com/yuin/goldmark/", []string{"internal/docs"}, "only docs reads Markdown"},
	{"github.com/chromedp/", []string{"internal/testbrowser"}, "only tests drive a browser"},
	{"os/exec", []string{
		"internal/workerprocess", "internal/ffmpeg", "internal/testserver", "internal/testbrowser", "internal/testnet",
		"internal/mediatest", "internal/mediaprobe", "internal/store/pgtest", "internal/store/storetest",
		"internal/blob/s3test", "internal/testprocess",
		"internal/fmp4/fmp4test", "internal/certificate/pebbletest", "internal/bus/natstest", "sdk/testcard/gen", "e2e"},
		"workers are started by workerprocess, encoders through ffmpeg, and everything else by tests"},
	{"github.com/stretchr/testify/", []string{"internal/testserver", "internal/testbrowser", "internal/testpeer",
		"internal/testprocess", "internal/testnet",
		"internal/mediatest", "internal/mediaprobe", "internal/store/pgtest", "internal/store/storetest",
		"internal/blob/s3test", "internal/fmp4/fmp4test", "internal/certificate/pebbletest",
		"internal/bus/natstest"}, "assertions belong to tests"},
}

// forTests are packages that only tests import.
var forTests = []string{"internal/testserver", "internal/testbrowser", "internal/testpeer", "internal/testprocess",
	"internal/testnet", "internal/mediatest", "internal/mediaprobe", "internal/store/pgtest", "internal/store/storetest",
	"internal/blob/s3test",
	"internal/fmp4/fmp4test",
	"internal/certificate/pebbletest", "internal/bus/natstest", "internal/sfu/bwe/simulator"}

// row is what docs/ARCHITECTURE.md says about a package: what it is, and the packages of ours that it imports.
type row struct {
	leaf    bool
	imports []string
}

var tableRow = regexp.MustCompile("(?m)^\\| `([\\w/]+|\\.)` \\| ([^|]+) \\|([^|]*)\\|$")

func packageTable(t *testing.T) map[string]row {
	t.Helper()
	page, err := os.ReadFile(architecture)
	require.NoError(t, err)
	table := map[string]row{}
	for _, m := range tableRow.FindAllStringSubmatch(string(page), -1) {
		r := row{leaf: strings.TrimSpace(m[3]) == "leaf"}
		for _, name := range regexp.MustCompile("`([\\w/]+)`").FindAllStringSubmatch(m[3], -1) {
			r.imports = append(r.imports, name[1])
		}
		require.NotContains(t, table, m[1], "%s names it twice", architecture)
		table[m[1]] = r
	}
	require.NotEmpty(t, table)
	return table
}

// Every package has a row in the table of docs/ARCHITECTURE.md, and the arrows there are those of the code.
func TestArrowsAreThoseOfTheArchitecture(t *testing.T) {
	table := packageTable(t)
	packages := packagesOfModule(t)
	for name, imported := range packages {
		r, named := table[name]
		require.True(t, named, "%s is not in the table of %s: say what it is and what it imports", name, architecture)
		var drawn []string
		for _, path := range imported {
			ours, isOurs := strings.CutPrefix(path+"/", module)
			ours = strings.TrimSuffix(ours, "/")
			if isOurs && ours == "" {
				ours = "." // the root
			}
			if !isOurs {
				checkLibrary(t, name, path)
				continue
			}
			require.False(t, strings.HasPrefix(ours, "cmd/") || strings.HasPrefix(ours, "e2e/"),
				"%s imports %s: nothing imports a command or a test", name, ours)
			require.False(t, slices.Contains(forTests, ours) && !slices.Contains(forTests, name),
				"%s imports %s, which is for tests", name, ours)
			if table[ours].leaf {
				continue
			}
			require.False(t, r.leaf, "%s is a leaf and imports %s, which is none", name, ours)
			require.Contains(t, r.imports, ours, "%s imports %s: no arrow of %s leads there", name, ours, architecture)
			drawn = append(drawn, ours)
		}
		require.ElementsMatch(t, r.imports, drawn, "%s draws arrows from %s that do not exist", architecture, name)
	}
	for name := range table {
		require.Contains(t, packages, name, "%s names a package that does not exist", architecture)
	}
	for _, l := range libraries {
		for _, name := range l.in {
			_, exists := packages[name]
			require.True(t, exists || name == "e2e", "the rule for %s names %s, which does not exist", l.path, name)
		}
	}
}

func checkLibrary(t *testing.T, name, path string) {
	t.Helper()
	for _, l := range libraries {
		if path != l.path && !(strings.HasSuffix(l.path, "/") && strings.HasPrefix(path, l.path)) {
			continue
		}
		require.True(t, slices.ContainsFunc(l.in, func(place string) bool {
			return name == place || strings.HasPrefix(name, place+"/")
		}), "%s imports %s: %s; it may be imported in %v", name, path, l.why, l.in)
	}
}

// packagesOfModule returns the packages of the product with what they import, tests aside. A package of tests alone
// imports nothing.
func packagesOfModule(t *testing.T) map[string][]string {
	t.Helper()
	packages := map[string][]string{}
	require.NoError(t, filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			other := entry.Name() == "node_modules" || entry.Name() == ".git" || entry.Name() == "testdata"
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil && path != "../.." {
				other = true // a module of its own
			}
			if other {
				return filepath.SkipDir
			}
			return nil
		}
		name := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(path, "../../")))
		if !strings.HasSuffix(path, ".go") || strings.HasPrefix(filepath.Base(filepath.Dir(path)), "program-") {
			return nil
		}
		if packages[name] == nil {
			packages[name] = []string{}
		}
		if strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !slices.Contains(packages[name], imported) {
				packages[name] = append(packages[name], imported)
			}
		}
		return nil
	}))
	return packages
}

// Every package of e2e with tests is in one of the lists of the Makefile, so that `make test` runs it.
func TestMakefileRunsEveryTest(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)
	var listed []string
	for _, m := range regexp.MustCompile(`(?m)^E2E_\w+ +:= \$\(addprefix \./e2e/,([\w\s]+)\)$`).
		FindAllStringSubmatch(strings.ReplaceAll(string(makefile), "\\\n", ""), -1) {
		listed = append(listed, strings.Fields(m[1])...)
	}
	var have []string
	tests, err := filepath.Glob("../../e2e/*/*_test.go")
	require.NoError(t, err)
	for _, path := range tests {
		if name := filepath.Base(filepath.Dir(path)); !slices.Contains(have, name) {
			have = append(have, name)
		}
	}
	require.ElementsMatch(t, have, listed)
}
