package serversdk

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
)

// The scripts of docs/rest.md, docs/webhooks.md and docs/alerts.md with the vendor's SDK run word for word.
func TestScriptsOfTheDocs(t *testing.T) {
	install(t)
	h := testserver.Start(t, func(c *conf.Config) { c.Webhook.AllowPrivateTargets = true })
	account := h.Account(t, nil)
	hook := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer hook.Close()
	script := func(page string) string {
		text, err := os.ReadFile("../../docs/" + page)
		require.NoError(t, err)
		found := regexp.MustCompile("(?s)\n```js\n(.*?)```").FindStringSubmatch(string(text))
		require.NotNil(t, found, page)
		return strings.NewReplacer("https://meet.example.com", h.URL, "https://example.com", hook.URL).Replace(found[1])
	}
	imports, rest, found := strings.Cut(script("rest.md"), "\n")
	require.True(t, found)
	program := imports + "\nconst apiKey = process.env.KEY, secret = process.env.SECRET;\n" + rest +
		script("webhooks.md") + script("alerts.md") +
		`const rules = await vsdk.alertRules.list(); console.log(room.customRoomId, JSON.stringify(rules));`
	dir, err := os.MkdirTemp(".", "docs-") // inside, so that the package is found
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	file := filepath.Join(dir, "docs.mjs")
	require.NoError(t, os.WriteFile(file, []byte(program), 0o600))
	cmd := exec.CommandContext(t.Context(), "node", file)
	cmd.Env = append(os.Environ(), "KEY="+account.Key, "SECRET="+account.Secret)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s\n%s", program, out)
	require.Contains(t, string(out), "standup")
	require.Contains(t, string(out), "webhook down")
}
