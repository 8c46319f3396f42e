package console

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testprocess"
)

// pictured are the views of docs/console.md: the name of the picture, the place in the console, and whose eyes see it.
var pictured = []struct{ name, place, role string }{
	{"sign-in", "", "nobody"}, {"start", "start", ""}, {"overview", "", ""}, {"sessions", "sessions", ""},
	{"session", "sessions/ses_live", ""}, {"session-200", "sessions/ses_big", ""}, {"faults", "faults", ""},
	{"groups", "faults?group=reason", ""}, {"fault", "faults/flt_01JDZ9A7Q8M4T2V6W0X0001", ""},
	{"incidents", "incidents", ""}, {"incident", "incidents/inc_1", ""}, {"alert-rules", "alert-rules", ""},
	{"alert-rule", "alert-rules/alr_1", ""}, {"meetings", "meetings", ""}, {"meeting", "meetings/r8xk-2mvd-90qa", ""},
	{"participants", "participants", ""}, {"participant", "participants/p1", ""}, {"recordings", "recordings", ""},
	{"hls", "hls", ""}, {"livestreams", "livestreams", ""}, {"webhooks", "webhooks", ""}, {"token", "token", ""},
	{"pre-call-tests", "pre-call-tests", ""}, {"pre-call-test", "pre-call-tests/pct_2", ""}, {"keys", "keys", ""},
	{"limits", "limits", ""}, {"audit", "audit", ""}, {"drills", "drills", ""}, {"accounts", "accounts", ""},
	{"node", "node", ""}, {"developer", "faults", "developer"},
}

// Every view on made-up data, on a desktop in light and dark and on a phone, in one picture each for docs/console.md:
// make console-pictures.
func TestPictures(t *testing.T) {
	if os.Getenv("KLATCH_PICTURES") == "" {
		t.Skip("KLATCH_PICTURES is not set: make console-pictures")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := free.Addr().(*net.TCPAddr).Port
	require.NoError(t, free.Close())
	stories := testprocess.Command("../../web/node_modules/.bin/vite", "stories", "--config", "vite.config.ts",
		"--host", "127.0.0.1", "--port", fmt.Sprint(port), "--strictPort")
	stories.Dir = "../../web/console"
	require.NoError(t, stories.Start())
	t.Cleanup(func() {
		_ = stories.Process.Kill()
		_ = stories.Wait() // killed
	})
	root := fmt.Sprintf("http://127.0.0.1:%d/", port)
	require.Eventually(t, func() bool {
		res, err := http.Get(root)
		return err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK
	}, 30*time.Second, 100*time.Millisecond, "the stories are served")

	dir := t.TempDir()
	t.Setenv("TEST_SCREENSHOTS", dir)
	b := testbrowser.Open(t)
	for _, view := range pictured {
		role := view.role
		if role == "" {
			role = "operator"
		}
		var inputs []string
		for n, look := range []struct {
			theme         string
			width, height int64
		}{{"light", 1280, 800}, {"dark", 1280, 800}, {"light", 390, 800}} {
			p := b.Page(t, fmt.Sprintf("%s?theme=%s&role=%s&place=%s", root, look.theme, role, view.place))
			p.Look(look.width, look.height, look.theme == "dark", look.width == 390)
			p.Until(view.name+" is shown",
				`(document.querySelector("h1") || `+at("sign-in-view")+`) && !document.querySelector(".skeleton")`)
			require.Empty(t, p.Text(testbrowser.TestID("view-problem")), "the stories have no data for %s", view.name)
			p.Eval(`new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))`, nil) // curves are drawn
			name := fmt.Sprintf("%s-%d", view.name, n)
			p.Screenshot(name)
			p.Close()
			inputs = append(inputs, "-i", filepath.Join(dir, name+".png"))
		}
		args := append([]string{"-y", "-v", "error"}, inputs...)
		args = append(args, "-filter_complex",
			"[0]scale=-1:500[a];[1]scale=-1:500[b];[2]scale=-1:500[c];[a][b][c]hstack=3", "-c:v", "libwebp", "-quality", "72",
			"-frames:v", "1", "../../docs/images/console-"+view.name+".webp")
		out, err := exec.Command("ffmpeg", args...).CombinedOutput()
		require.NoError(t, err, "%s: %s", view.name, out)
	}
}
