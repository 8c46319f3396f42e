package readme

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
)

// TestPackages installs the npm packages, packed as they are published, into apps that the tools of Vite and Next.js
// made, and joins a meeting with each.
func TestPackages(t *testing.T) {
	if os.Getenv("KLATCH_PACK") == "" {
		t.Skip("takes minutes and hundreds of packages of the registry: run `make pack`")
	}
	dir := t.TempDir()
	pack := exec.CommandContext(t.Context(), "node", "../../web/scripts/pack.mjs", dir)
	out, err := pack.CombinedOutput()
	t.Logf("%s", out)
	require.NoError(t, err)

	h := testserver.Start(t)
	account := h.Account(t, nil)
	meeting, token := account.Meeting(t, nil), account.Token(t)
	watcher := join(t, h, token, meeting)
	query := "/?" + url.Values{"server": {h.URL}, "meeting": {meeting}, "token": {token}}.Encode()
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)

	t.Run("vite", func(t *testing.T) {
		app := httptest.NewServer(http.FileServer(http.Dir(filepath.Join(dir, "vite/dist"))))
		defer app.Close()
		page := browser.Page(t, app.URL+query)
		page.Until("it has joined", `document.querySelector("main").dataset.joined === "true"`)
		seesAndHears(t, watcher, "Vite")
		page.Until("it lists both", `document.querySelectorAll("figure").length === 2`)
		page.Close()

		embedded := browser.Page(t, app.URL+query+"&embedded")
		embedded.Until("the page inside has joined", `document.getElementById("state").textContent === "joined"`)
		seesAndHears(t, watcher, "Embedded")
		embedded.Close()
	})
	t.Run("next", func(t *testing.T) {
		port := testnet.FreePort(t)
		app := testprocess.Command("node", "node_modules/next/dist/bin/next", "start", "--port", fmt.Sprint(port))
		app.Dir = filepath.Join(dir, "next")
		app.Env = append(os.Environ(), "NEXT_TELEMETRY_DISABLED=1")
		defer testprocess.Start(t, app).Kill()
		address := fmt.Sprintf("http://127.0.0.1:%d%s", port, query)
		rendered := ""
		require.Eventually(t, func() bool {
			response, err := http.Get(address)
			if err != nil {
				return false
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			rendered = string(body)
			return err == nil && response.StatusCode == http.StatusOK
		}, testserver.Timeout, 50*time.Millisecond, "the app does not start")
		require.Regexp(t, `INVALID_TOKEN.*function.*true.*undefined`, rendered, "the server has imported all packages")
		require.Regexp(t, `Join .*0.* people`, rendered, "the server renders the hooks with idle values")

		page := browser.Page(t, address)
		page.Until("React runs in the page",
			`Object.keys(document.getElementById("join") ?? {}).some((key) => key.startsWith("__react"))`)
		page.Click("#join")
		page.Until("it has joined", `document.querySelector("section").dataset.joined === "true"`)
		seesAndHears(t, watcher, "Next")
		require.NotContains(t, page.Console(), "Hydration", "server and page render the same")
	})
}
