package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// rtmpServer is ffmpeg that takes one stream with a key into a file, and ends with it.
func rtmpServer(t *testing.T, key string) (url, path string, ended <-chan struct{}) {
	t.Helper()
	port := testnet.FreePort(t)
	url, path = fmt.Sprintf("rtmp://127.0.0.1:%d/live", port), filepath.Join(t.TempDir(), "taken.flv")
	ended = testprocess.Start(t, testprocess.Command("ffmpeg", "-v", "error", "-listen", "1", "-i", url+"/"+key,
		"-c", "copy", path)).Ended()
	listening := fmt.Sprintf(":%04X 00000000:0000 0A", port) // a connection would be taken for the publisher
	require.Eventually(t, func() bool {
		return exec.Command("grep", "-q", listening, "/proc/net/tcp").Run() == nil
	}, timeout, 20*time.Millisecond)
	return url, path, ended
}

// outputsAre is an expression: the targets of the livestream have these states, in their order.
func outputsAre(states ...string) string {
	return fmt.Sprintf(`JSON.stringify([...document.querySelectorAll("main .output .state")].map((s) => s.textContent))
		=== %s`, js(js(states)))
}

// The buttons of a livestream do what they say, and its targets are shown as they are; a stream key is not.
func TestButtonsOfALivestream(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t, func(c *conf.Config) {
		c.Egress.AllowPrivateTargets, c.Egress.RetryTargetsFor = true, time.Second
	})
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: account.Token(t), MeetingID: room, ParticipantID: "ann", Name: "Ann", MicEnabled: true,
		Mic: sdk.TestTone("ann"), WebcamEnabled: true,
		Webcam: sdk.TestCard(sdk.CardOptions{Width: 320, Height: 180, Name: "ann"}),
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	url, path, ended := rtmpServer(t, "planted-one")
	dead := fmt.Sprintf("rtmp://127.0.0.1:%d/live", testnet.FreePort(t))
	require.NoError(t, bot.StartLivestream(t.Context(), []sdk.LivestreamOutput{
		// two keys of one application
		{URL: url, StreamKey: "planted-one"}, {URL: dead, StreamKey: "planted-two"},
		{URL: dead, StreamKey: "planted-three"},
	}, sdk.LivestreamOptions{Config: &sdk.EgressConfig{Quality: sdk.QualityLow}}))
	job := func() (one struct{ ID, Status string }) {
		t.Helper()
		status, answer := h.REST(t, account.Token(t), http.MethodGet, "/v2/livestreams?roomId="+room, nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		var page struct{ Data []struct{ ID, Status string } }
		require.NoError(t, json.Unmarshal(answer, &page))
		if len(page.Data) > 0 {
			one = page.Data[0]
		}
		return one
	}

	p := operator(t, testbrowser.Open(t), h, "/console/livestreams")
	p.Until("one target has it, two have not", outputsAre("live", "lost", "lost"))
	for _, text := range []string{room, url, dead} {
		require.Contains(t, p.Text("main table"), text)
	}
	id := job().ID
	p.Eval(`(() => {
		const write = navigator.clipboard.writeText.bind(navigator.clipboard);
		navigator.clipboard.writeText = (text) => write(text).then(() => (globalThis.written = text, undefined));
	})()`, nil)
	p.Click(labeled("Copy the id " + id))
	p.Until("it says so", `document.querySelector("main .id [role=status]").textContent === "Copied"`)
	var copied string
	p.Eval("written", &copied)
	require.Equal(t, id, copied)

	p.Click("main .strong-link")
	p.Until("its session is shown", at("session-view")+` && `+has(room))
	open(p, "/console/livestreams", "jobs-view")
	p.Click(labeled("Stop livestream " + id))
	p.Click(testbrowser.TestID("confirm-no"))
	require.Equal(t, "STARTED", job().Status, "who says no stops nothing")
	confirmed(p, labeled("Stop livestream "+id))
	told(p, "The livestream stops.")
	p.Until("the targets have ended", outputsAre("done", "lost", "lost"))
	select {
	case <-ended:
	case <-time.After(timeout):
		require.Fail(t, "the target is not told that the stream is over")
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Greater(t, info.Size(), int64(1000))
	require.NotContains(t, html(p), "planted")

	confirmed(p, labeled("Delete livestream "+id))
	told(p, "The livestream is deleted.")
	p.Until("it is gone", at("empty"))
	require.Empty(t, job().ID)
}
