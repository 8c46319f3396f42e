package published

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The app of testdata/apps/react.tsx, with two people in one page, once with each version of React.
func init() {
	for name, want := range map[string]string{"react": `"19.`, "react18": `"18.`} {
		topics[name] = func(t *testing.T, v visit) {
			require.Contains(t, v.finish(t, v.open(t, "apps/"+name)), want)
		}
	}
}

// The app compiles against the published declarations and against ours.
func TestReactAppCompiles(t *testing.T) {
	t.Parallel()
	for name, paths := range map[string]string{
		"published": `{"@videosdk.live/react-sdk": ["./node_modules/@videosdk.live/react-sdk/dist/types/index.d.ts"]}`,
		"ours": `{
			"@videosdk.live/react-sdk": ["../../web/react/src/index.ts"],
			"@klatch/sdk": ["../../web/sdk/src/index.ts"],
			"@klatch/state": ["../../web/state/src/index.ts"]
		}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := os.CreateTemp(".", ".react-*.json")
			require.NoError(t, err)
			t.Cleanup(func() { _ = os.Remove(config.Name()) })
			_, err = config.WriteString(`{
				"compilerOptions": {
					"target": "ES2022", "module": "ESNext", "moduleResolution": "bundler", "jsx": "react-jsx",
					"lib": ["ES2023", "DOM", "DOM.Iterable"], "types": [], "strict": true, "skipLibCheck": true, "noEmit": true,
					"typeRoots": ["./node_modules/@types"],
					"paths": ` + paths + `
				},
				"files": ["testdata/apps/react.tsx"]
			}`)
			require.NoError(t, err)
			require.NoError(t, config.Close())
			cmd := exec.CommandContext(t.Context(), "node", "node_modules/typescript/bin/tsc",
				"-p", filepath.Base(config.Name()))
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
		})
	}
}
