package readme

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/testserver"
)

// TestWebhooksPage makes a room with a webhook by the commands of docs/webhooks.md, and verifies what comes with those
// for a shell.
func TestWebhooksPage(t *testing.T) {
	h := testserver.Start(t, func(c *conf.Config) { c.Webhook.AllowPrivateTargets = true })
	account := h.Account(t, nil)
	token := account.Grant(t, gate.Grant{
		Permissions: []string{"allow_join"}, Roles: []string{"crawler"}, ExpiresIn: time.Minute,
	})
	type event struct{ body, signature string }
	events := make(chan event, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			events <- event{string(body), r.Header.Get("videosdk-signature")}
		}
	}))
	defer receiver.Close()

	commands := blocks(t, "webhooks.md", "sh", "")
	require.Len(t, commands, 2)
	dir := t.TempDir()
	shell := func(commands string, environ ...string) error {
		commands = strings.NewReplacer("https://meet.example.com", h.URL, "https://example.com/hooks", receiver.URL).
			Replace(commands)
		shell := exec.CommandContext(t.Context(), "sh", "-eu", "-c", commands)
		shell.Dir, shell.Env = dir, append(os.Environ(), environ...)
		out, err := shell.CombinedOutput()
		t.Logf("%s", out)
		return err
	}
	require.NoError(t, shell(commands[0], "TOKEN="+token))
	select {
	case came := <-events:
		require.Contains(t, came.body, "webhook-test")
		require.NoError(t, os.WriteFile(filepath.Join(dir, "body.json"), []byte(came.body), 0o600))
		require.NoError(t, shell(commands[1], "SIGNATURE="+came.signature))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "body.json"), []byte(came.body+" "), 0o600))
		require.Error(t, shell(commands[1], "SIGNATURE="+came.signature), "another body")
	case <-time.After(testserver.Timeout):
		require.Fail(t, "no event has come")
	}
}
