package readme

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// Keys, as the DevTools protocol of Chromium takes them.
const (
	keyDown   = "\u0301"
	keyUp     = "\u0304"
	keyEscape = "\u001b"
)

// The documentation of a server is read in a browser: it is found from the start page, its search finds pages and
// faults by keyboard, code is copied, and everything is there without the script but the search.
func TestDocumentationInBrowser(t *testing.T) {
	h := testserver.Start(t)
	page := testbrowser.Open(t, testbrowser.Allow).Page(t, h.URL)
	page.Click(`a[href="./docs/"]`)
	page.Until("the documentation is there", `document.querySelector("article h1")`)
	page.Until("the search is there", `document.querySelector(".search input")`)

	results := func(asked string) {
		t.Helper()
		page.Press(keyEscape)
		page.Until("the search is empty", `document.querySelector(".search input").value === ""`)
		page.Eval(`document.activeElement.blur()`, nil)
		page.Press("/")
		page.Until("/ leads to the search", `document.activeElement === document.querySelector(".search input")`)
		page.Press(asked)
		page.Until("something is found", `document.querySelectorAll(".results a").length > 0`)
	}
	first := func() (text string) {
		page.Eval(`document.querySelector(".results a[aria-selected=true]").innerText`, &text)
		return text
	}
	loaded := `performance.getEntriesByType("resource").some((each) => each.name.includes("/docs/search-"))`
	var early bool
	page.Eval(loaded, &early)
	require.False(t, early, "the index is loaded before somebody searches")
	page.Press("/")
	page.Until("the index is loaded", loaded)
	for asked, want := range map[string]string{
		"4009": "4009 LIMIT", "UDP_BLOCKED": "3101 UDP_BLOCKED", "udp_blocked": "3101 UDP_BLOCKED",
		"4002.EXPIRED": "4002 EXPIRED", "webhooks": "Webhooks",
	} {
		results(asked)
		page.Until("the best result of "+asked+" is chosen", fmt.Sprintf(
			`document.querySelector(".results a[aria-selected=true]")?.innerText.startsWith(%q)`, want))
	}
	results("meeting")
	before := first()
	page.Screenshot("docs-search")
	page.Press(keyDown)
	require.NotEqual(t, before, first(), "an arrow chooses the next one")
	page.Press(keyUp)
	require.Equal(t, before, first())
	page.Press(keyEscape)
	page.Until("the list is closed", `document.querySelector(".results").hidden`)

	results("4009")
	page.Press("\r")
	page.Until("Enter opens the page of the fault", `location.pathname === "/errors/4009" && location.hash === "#LIMIT"`)

	docs := testbrowser.Open(t, testbrowser.Allow).Page(t, h.URL+"/docs/tokens")
	docs.Until("code can be copied", `document.querySelector(".code .copy")`)
	docs.Eval(`(() => {
		const write = navigator.clipboard.writeText.bind(navigator.clipboard);
		navigator.clipboard.writeText = (text) => write(text).then(() => (globalThis.written = text, undefined));
		document.querySelector(".code .copy").click();
	})()`, nil)
	docs.Until("the code is copied", `document.querySelector(".code .copy").textContent === "Copied"`)
	var same bool
	docs.Eval(`globalThis.written === document.querySelector(".code pre").textContent`, &same)
	require.True(t, same, "the clipboard has the code")
	docs.Look(390, 844, false, true)
	docs.Click(".menu")
	docs.Until("the menu is open", `document.querySelector("#contents").matches(":popover-open")`)
	docs.Screenshot("docs-menu-phone")
	docs.Click(`#contents a[href="./webhooks"]`)
	docs.Until("the menu leads to a page", `location.pathname === "/docs/webhooks"`)
	require.NotContains(t, docs.Console()+page.Console(), "Content Security Policy")
}

// Every page is accessible and fits its window, on a desktop and on a phone, in light and dark.
func TestDocumentationIsAccessible(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	axe, err := os.ReadFile("../../web/node_modules/axe-core/axe.min.js")
	require.NoError(t, err)
	b := testbrowser.Open(t)
	for _, at := range []string{"/docs/", "/docs/tokens", "/docs/errors", "/docs/configuration", "/docs/console",
		"/docs/benchmarks", "/docs/protocol", "/docs/adr/0004-egress-is-a-client", "/docs/source/examples/tokens",
		"/docs/nothing-here"} {
		page := b.Page(t, h.URL+at)
		page.Until("the page is there", `document.querySelector(".search input")`)
		page.Eval(string(axe)+"; 0", nil) // the policy of the page does not bind the debugger
		// Colors are judged in either theme and widths on either screen: all four together would find no more.
		for _, look := range []struct {
			width, height int64
			phone, dark   bool
		}{{1280, 720, false, false}, {390, 844, true, true}} {
			page.Look(look.width, look.height, look.dark, look.phone)
			var violations string
			for deadline := time.Now().Add(5 * time.Second); ; { // colors change over a moment
				page.Eval(`axe.run().then((r) => r.violations.map((v) => v.id + " " +
					v.nodes.slice(0, 4).map((n) => n.html.slice(0, 200))).join("\n"))`, &violations)
				if violations == "" || time.Now().After(deadline) {
					break
				}
			}
			require.Empty(t, violations, "%s, %+v", at, look)
			var wide bool
			page.Eval(`document.documentElement.scrollWidth > innerWidth`, &wide)
			require.False(t, wide, "%s is wider than the window: %+v", at, look)
			page.Screenshot(fmt.Sprintf("docs-%s-%d-dark-%v", path.Base(at), look.width, look.dark))
		}
		page.Close()
	}
}

// The documentation is on the address of operators as well, to which the console there links.
func TestDocumentationOnAdminAddress(t *testing.T) {
	h := testserver.Start(t, func(c *conf.Config) { c.HTTP.AdminAddress = "127.0.0.1:0" })
	require.NotEqual(t, h.URL, h.AdminURL())
	for _, address := range []string{h.URL, h.AdminURL()} {
		for path, want := range map[string]string{"/docs": "<h1", "/docs/console": "<h1", "/errors/4009": "LIMIT"} {
			response, err := http.Get(address + path)
			require.NoError(t, err)
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			require.Equal(t, http.StatusOK, response.StatusCode, address+path)
			require.True(t, strings.Contains(string(body), want), "%s%s has no %s", address, path, want)
			for _, m := range regexp.MustCompile(`"\./(assets/[^"]+)"`).FindAllStringSubmatch(string(body), -1) {
				asset, err := http.Get(address + "/docs/" + m[1])
				require.NoError(t, err)
				require.NoError(t, asset.Body.Close())
				require.Equal(t, http.StatusOK, asset.StatusCode, address+m[1])
			}
		}
	}
}
