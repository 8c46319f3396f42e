package readme

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testserver"
)

// buildReactExample type checks examples/react and builds it for development, in which StrictMode does what it is for,
// with the packages as their sources are now. It returns the directory of the result.
func buildReactExample(t *testing.T) string {
	t.Helper()
	web, err := filepath.Abs("../../web")
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(examples+"react")))
	require.NoError(t, os.Remove(dir+"/vite.config.ts")) // `make pack` builds with it, and with the published packages
	if _, err := os.Lstat(dir + "/node_modules"); err == nil {
		require.NoError(t, os.RemoveAll(dir+"/node_modules"))
	}
	require.NoError(t, os.Symlink(web+"/node_modules", dir+"/node_modules"))
	paths := map[string]string{
		"@klatch/react": web + "/react/src/index.ts", "@klatch/sdk": web + "/sdk/src/index.ts",
		"@klatch/state": web + "/state/src/index.ts",
	}
	var types, aliases []string
	for name, path := range paths {
		types = append(types, fmt.Sprintf("%q: [%q]", name, path))
		aliases = append(aliases, fmt.Sprintf("%q: %q", name, path))
	}
	for name, text := range map[string]string{
		"vite.config.mjs": fmt.Sprintf(`export default {
	resolve: { alias: { %s }, dedupe: ["react", "react-dom"] },
	build: { minify: false, assetsInlineLimit: 0 },
};`, strings.Join(aliases, ", ")),
		"test.json": fmt.Sprintf(`{"extends": "./tsconfig.json", "compilerOptions": {"paths": {%s}}, "include": ["src"]}`,
			strings.Join(types, ", ")),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	run := func(command string, arguments ...string) {
		cmd := exec.CommandContext(t.Context(), dir+"/node_modules/.bin/"+command, arguments...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "NODE_ENV=development")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	run("tsc", "-p", "test.json")
	run("vite", "build", "--mode", "development", "--logLevel", "warn")
	return dir + "/dist"
}

// TestReactExample has two people meet in examples/react, with tokens of examples/tokens.
func TestReactExample(t *testing.T) {
	t.Parallel()
	dist := buildReactExample(t)
	h := testserver.Start(t)
	account := h.Account(t, map[string]any{"settings": map[string]any{"everyoneMayEgress": true}})
	tokens, err := url.Parse(await(t, example(t, h, account, testnet.FreePort(t), "node", examples+"tokens/server.mjs"),
		"http://127.0.0.1:"))
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/join", httputil.NewSingleHostReverseProxy(tokens)) // as vite does for `npm run dev`
	mux.Handle("/", http.FileServer(http.Dir(dist)))
	app := httptest.NewServer(mux)
	defer app.Close()

	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	enter := func(address, name string) *testbrowser.Page {
		page := browser.Page(t, address)
		page.Type("#name", name)
		page.Click("#enter")
		page.Until(name+" is in", fmt.Sprintf(`document.querySelector('figure[data-name=%q] video') !== null`, name))
		return page
	}
	ann := enter(app.URL, "Ann")
	require.Contains(t, ann.Console(), "React DevTools", "React is the one for development, in which StrictMode works")
	var address string
	ann.Until("the address names the meeting", `location.search.startsWith("?meeting=")`)
	ann.Eval(`location.href`, &address)
	bob := enter(address, "Bob")
	for _, page := range []*testbrowser.Page{ann, bob} {
		page.Until("both are there, once", `document.querySelectorAll("figure").length === 2`)
		page.Until("both have a picture", `(() => { const videos = [...document.querySelectorAll("figure video")];
			return videos.length === 2 && videos.every((video) => video.videoWidth > 0 && video.currentTime > 0); })()`)
	}

	tile := func(name, mark string) string {
		return fmt.Sprintf(`document.querySelector('figure[data-name=%q] [data-mark=%q]') !== null`, name, mark)
	}
	bob.Click("#hand")
	ann.Until("Bob's hand is up", tile("Bob", "hand"))
	bob.Until("the button shows it", `document.getElementById("hand").ariaPressed === "true"`)
	bob.Click("#hand")
	ann.Until("Bob's hand is down", "!"+tile("Bob", "hand"))

	ann.Click("#mic")
	bob.Until("Ann is muted", tile("Ann", "muted"))
	ann.Click("#mic")
	bob.Until("Ann is not muted", "!"+tile("Ann", "muted"))

	ann.Click("#chat")
	ann.Type("#text", "good morning")
	ann.Click("#send")
	bob.Click("#chat")
	bob.Until("the message is there, once", `document.getElementById("messages").innerText.trim() === "Ann good morning"`)

	ann.Click("#devices")
	ann.Until("the devices are listed", `document.querySelectorAll("#mics option").length > 1`)
	const other = `[...document.querySelectorAll("#mics option")].find((option) => !option.selected && option.value).value`
	ann.Eval(`(() => { const list = document.getElementById("mics"); globalThis.chosen = `+other+`;
		Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value").set.call(list, chosen);
		list.dispatchEvent(new Event("change", { bubbles: true })); })()`, nil)
	ann.Until("the other microphone is in use", `document.getElementById("mics").value === chosen`)

	bob.Click("#share")
	ann.Until("the screen is large", `document.querySelector(".share video")?.videoWidth > 0`)
	bob.Click("#share")
	ann.Until("the screen is gone", `document.querySelector(".share") === null`)

	ann.Click("#record")
	bob.Until("everybody sees that it is recorded", `document.getElementById("recording") !== null`)
	ann.Until("it can be stopped", `document.getElementById("record").ariaPressed === "true"`)
	ann.Click("#record")
	ann.Until("the file is there", `document.getElementById("file") !== null`)
	var file string
	ann.Eval(`document.getElementById("file").href`, &file)
	response, err := http.Get(file)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)

	for _, page := range []*testbrowser.Page{ann, bob} {
		var problems string
		page.Eval(`document.getElementById("problems").innerText`, &problems)
		require.Empty(t, problems)
	}
	ann.Screenshot("react-example")
	ann.Click("#leave")
	ann.Until("Ann has left", `document.getElementById("left") !== null`)
	bob.Until("Bob is alone", `document.querySelectorAll("figure").length === 1`)
}
