package server_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/klatch/klatch/"

// may lists, for each package, the packages of ours it may import; docs/ARCHITECTURE.md draws the same
// arrows. Everything may use the leaves.
var may = map[string][]string{
	"fault":                {},
	"internal/wire":        {"fault"},
	"internal/job":         {},
	"internal/record":      {},
	"internal/meeting":     {},
	"internal/gate":        {},
	"internal/sfu":         {},
	"internal/store":       {},
	"internal/conf":        {},
	"internal/certificate": {},
	"internal/incident":    {},
	"internal/errorpage":   {},
	"internal/console":     {},
	"internal/doctor":      {"sdk"},
	"internal/egress":      {"internal/encoder", "internal/ffmpeg", "internal/hls", "internal/publicnet", "internal/rtmp"},
	"internal/picture":     {},
	"internal/jitter":      {},
	"internal/depacket":    {"internal/jitter"},
	"internal/fmp4":        {},
	"internal/publicnet":   {},
	"internal/rtmp":        {"internal/fmp4", "internal/publicnet"},
	"internal/hls":         {"internal/fmp4"},
	"internal/still":       {"internal/ffmpeg", "internal/fmp4", "internal/hls"},
	"internal/mix":         {},
	"internal/compose":     {"internal/picture"},
	"internal/signal":      {"internal/meeting", "internal/gate", "internal/store", "internal/sfu"},
	"internal/rest":        {"internal/meeting", "internal/gate", "internal/store", "internal/sfu", "internal/egress", "internal/blob"},
	"internal/blob":        {},
	"internal/webhook":     {"internal/publicnet"},
	"internal/guard":       {},
	"internal/ident":       {},
	"internal/ratelimit":   {},
	"internal/sandbox":     {},
	"internal/objectkey":   {},
}

var leaves = []string{"fault", "internal/wire", "internal/record", "internal/job", "internal/guard", "internal/ident", "internal/ratelimit", "internal/sandbox", "internal/objectkey", "internal/version"}

// pion ends at the forwarding part, the SDK, and what plays a client; plain RTP packets may travel further.
var mayUsePion = []string{"internal/sfu", "internal/testpeer", "internal/load", "sdk"}

func TestArrowsGoOneWay(t *testing.T) {
	seen := map[string]bool{}
	require.NoError(t, filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") { // a file in a worktree: it would skip what follows
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(path, "../../")))
		seen[name] = true
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checkArrow(t, name, imported)
		}
		return nil
	}))
	for name := range may {
		require.True(t, seen[name], "%s has a rule and does not exist", name)
	}
}

func checkArrow(t *testing.T, name, imported string) {
	if ours, ok := strings.CutPrefix(imported, module); ok {
		require.False(t, strings.HasPrefix(ours, "cmd/"), "%s imports %s: nothing imports a command", name, ours)
		require.True(t, ours != "internal/server" || strings.HasPrefix(name, "cmd/") || strings.HasPrefix(name, "e2e/") || name == "internal/testserver",
			"%s imports the server: only commands and tests start it", name)
		if allowed, ruled := may[name]; ruled {
			require.True(t, slices.Contains(allowed, ours) || slices.Contains(leaves, ours) || strings.HasPrefix(ours, name+"/"),
				"%s must not import %s: arrows go cmd, server, {rest signal console}, {meeting gate sfu store}, leaves", name, ours)
		}
	}
	if strings.HasPrefix(imported, "github.com/pion/webrtc/") {
		require.True(t, slices.ContainsFunc(mayUsePion, func(place string) bool { return name == place || strings.HasPrefix(name, place+"/") }),
			"%s imports pion/webrtc: its types end at %v", name, mayUsePion)
	}
}
