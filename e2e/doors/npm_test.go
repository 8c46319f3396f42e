package doors

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/sdk"
)

// bundle returns the script with the clients of the npm registry.
func bundle(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "players.js")
	out, err := exec.CommandContext(t.Context(), esbuild, "testdata/players.mjs",
		"--bundle", "--format=iife", "--outfile="+file).CombinedOutput()
	require.NoError(t, err, "%s", out)
	script, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(script)
}

// A publisher and a player of the npm registry, unmodified.
func TestClientsOfTheRegistry(t *testing.T) {
	t.Parallel()
	script := bundle(t)
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/players.js" {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte(script))
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><title>players</title><body><script src="/players.js"></script>`))
	}))
	defer elsewhere.Close()
	browser := testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow)
	bot := join(t, h.URL, room, token, "bot")
	page := browser.Page(t, elsewhere.URL+"/")
	var address string
	page.Eval(fmt.Sprintf("publish(%q, %q)", h.URL+"/v2/whip?participantId=npm&roomId="+room, token), &address)
	require.Contains(t, address, "/v2/whip/sessions/")
	for range 20 {
		readPacket(t, bot, "npm", sdk.Video)
		readPacket(t, bot, "npm", sdk.Audio)
	}
	player := browser.Page(t, elsewhere.URL+"/", testbrowser.RecordConnections)
	player.Eval(fmt.Sprintf("play(%q, %q)", h.URL+"/v2/whep?participantId=tv&roomId="+room, token), nil)
	player.AwaitVideos(1)
	player.Until("it has the picture", `video.videoWidth > 0`)
	page.Eval("client.destroy()", nil)
	eventually(t, "it has left", func() bool { return participant(bot, "npm") == nil })
}
