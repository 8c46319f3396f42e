package serversdk

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
)

// All calls of alertRules and incidents with their effects: real faults open incidents, which channels are told of.
func TestVendorServerSDKAlerts(t *testing.T) {
	node, err := exec.LookPath("node")
	require.NoError(t, err, "this test runs the vendor's SDK: install node 18 or later")
	install(t)
	h := testserver.Start(t, func(c *conf.Config) {
		c.Alerts.Interval = 100 * time.Millisecond
		c.Webhook.AllowPrivateTargets = true
	})
	account, other := h.Account(t, nil), h.Account(t, nil)
	hook := testnet.FreePort(t)
	room := account.Meeting(t, map[string]any{
		"webhook": map[string]any{"endPoint": fmt.Sprintf("http://127.0.0.1:%d/room", hook), "events": []string{"*"}},
	})
	cmd := testprocess.CommandContext(t.Context(), node, "--test", "--test-reporter=spec", "alerts.test.mjs")
	cmd.Env = append(os.Environ(), "TEST_URL="+h.URL, "TEST_API_KEY="+account.Key, "TEST_SECRET="+account.Secret,
		"TEST_ROOM="+room, "TEST_TOKEN="+account.Token(t), fmt.Sprintf("TEST_HOOK_PORT=%d", hook),
		"TEST_OTHER_API_KEY="+other.Key, "TEST_OTHER_SECRET="+other.Secret,
		fmt.Sprintf("TEST_CLOSED_PORT=%d", testnet.FreePort(t)))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	t.Logf("%s", out)
}
