package published

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// recordViolations keeps what the Content-Security-Policy of a page refused.
const recordViolations = `window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective + " " + e.blockedURI));`

// The page of the API calls the server that serves it with the token that is typed into it, and keeps that to itself.
func init() {
	topics["api"] = func(t *testing.T, v visit) {
		token := v.account.Token(t)
		page := v.browser.Page(t, v.server.URL+"/api#/Rooms/list-rooms", recordViolations)
		page.Type("#token", token)
		page.Click("#operations-Rooms-list-rooms button.execute")
		page.Until("the rooms of the account are shown", fmt.Sprintf(
			`document.querySelector("#operations-Rooms-list-rooms .live-responses-table")?.innerText.includes(%q)`, v.meeting))
		page.Screenshot("api-call-" + v.name)

		var seen struct {
			Address, Page, Storage string
			Violations, Loaded     []string
			Status                 string
		}
		page.Eval(`({
			Address: location.href, Page: document.documentElement.outerHTML,
			Storage: JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie]), Violations: violations,
			Loaded: performance.getEntriesByType("resource").map((e) => e.name),
			Status: document.querySelector("#operations-Rooms-list-rooms .live-responses-table .response td").innerText,
		})`, &seen)
		require.Contains(t, seen.Status, "200")
		require.Empty(t, seen.Violations)
		require.NotEmpty(t, seen.Loaded)
		for _, address := range seen.Loaded {
			require.Regexp(t, "^("+v.server.URL+"/|data:|blob:)", address, "the page loads nothing from elsewhere")
			require.NotContains(t, address, token)
		}
		for place, text := range map[string]string{
			"the address": seen.Address, "the page": seen.Page, "a storage": seen.Storage, "the console": page.Console(),
		} {
			require.NotContains(t, text, token, place)
		}
		require.False(t, v.server.Logged(token))
		require.Contains(t, seen.Page, "Authorization: TOKEN", "the example of curl has the place of the token")
	}
}
