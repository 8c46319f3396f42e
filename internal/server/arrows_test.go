package server_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/klatch/klatch/"

// may lists, for each package, the packages of ours it may import; docs/ARCHITECTURE.md draws the same
// arrows. fault, wire and record are leaves that everything may use.
var may = map[string][]string{
	"fault":              {},
	"internal/wire":      {"fault"},
	"internal/record":    {},
	"internal/meeting":   {},
	"internal/gate":      {},
	"internal/sfu":       {},
	"internal/store":     {},
	"internal/conf":      {},
	"internal/incident":  {},
	"internal/errorpage": {},
	"internal/console":   {},
	"internal/doctor":    {"sdk"},
	"internal/signal":    {"internal/meeting", "internal/gate", "internal/store", "internal/sfu"},
	"internal/rest":      {"internal/meeting", "internal/gate", "internal/store", "internal/sfu"},
}

var leaves = []string{"fault", "internal/wire", "internal/record"}

// pion ends at the forwarding part, the SDK, and what plays a client; plain RTP packets may travel further.
var mayUsePion = []string{"internal/sfu", "internal/testpeer", "internal/load", "sdk"}

func TestArrowsGoOneWay(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"...").Output()
	require.NoError(t, err)
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	seen := 0
	for decoder.More() {
		var p struct {
			ImportPath string
			Imports    []string
		}
		require.NoError(t, decoder.Decode(&p))
		name := strings.TrimPrefix(p.ImportPath, module)
		seen++
		for _, imported := range p.Imports {
			if ours, ok := strings.CutPrefix(imported, module); ok {
				require.False(t, strings.HasPrefix(ours, "cmd/"), "%s imports %s: nothing imports a command", name, ours)
				require.True(t, ours != "internal/server" || strings.HasPrefix(name, "cmd/") || strings.HasPrefix(name, "e2e/") || strings.HasPrefix(name, "internal/load"),
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
	}
	require.Greater(t, seen, 10, "go list found the packages")
}
