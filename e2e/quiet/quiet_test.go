// Package quiet checks that an ordinary meeting raises no fault: pages and bots on a network that loses one packet in a
// hundred.
package quiet

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// page is an integrator's page: it joins with camera and microphone, and leaves when it is closed or loaded again.
const page = `<!doctype html><meta charset=utf-8><title>quiet</title><script src="%s/sdk/klatch.js"></script><script>
globalThis.faults = JSON.parse(sessionStorage.getItem("faults") ?? "[]");
const record = (e) => { faults.push(String(e)); sessionStorage.setItem("faults", JSON.stringify(faults)); };
addEventListener("error", (e) => record(e.error ?? e.message));
addEventListener("unhandledrejection", (e) => record(e.reason));
const o = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
VideoSDK.config(o.token, { serverUrl: "%s" });
globalThis.meeting = VideoSDK.initMeeting({ meetingId: o.meeting, participantId: o.id, name: o.id, micEnabled: true, webcamEnabled: true });
meeting.on("error", record);
meeting.on("meeting-state-changed", ({ state }) => state === "RECONNECTING" && record("it reconnects"));
meeting.on("participant-connection-changed", (change) => record(JSON.stringify(change)));
globalThis.joined = meeting.join();
// A screen on which nothing moves. It is drawn, always the same, until its first frames have a taker: a frame that is
// captured before the track is published goes nowhere.
globalThis.still = () => {
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 360;
  const stream = canvas.captureStream();
  const timer = setInterval(() => canvas.getContext("2d").fillRect(0, 0, 640, 360), 100);
  setTimeout(() => clearInterval(timer), 5_000);
  return stream;
};
</script>`

// TestNothingIsToldWhenNothingIsWrong runs for QUIET, such as 90s, which `make quiet` sets; else a short while.
func TestNothingIsToldWhenNothingIsWrong(t *testing.T) {
	length := 15 * time.Second
	if given := os.Getenv("QUIET"); given != "" {
		var err error
		length, err = time.ParseDuration(given)
		require.NoError(t, err)
	} else if testing.Short() {
		t.Skip("a meeting of 20 s: not with -short")
	}
	media := testpeer.FreeUDPAddr(t)
	h := testserver.Start(t, func(c *conf.Config) {
		c.Media.UDPAddress = media.String()
		c.Media.PublicIPs = []string{"127.0.0.2"}
		c.Media.TCPAddress = ""
	})
	front := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), media.Port())
	relay := testpeer.NewUDPRelay(t, front, media, 1)
	relay.Lose(0.01)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, page, h.URL, h.URL) // a browser that is gone needs no answer
	}))
	defer site.Close()

	var mu sync.Mutex
	var told []string
	bots := make([]*sdk.Meeting, 2)
	for i := range bots {
		m, err := sdk.InitMeeting(
			sdk.Options{
				URL:           h.URL,
				Token:         token,
				MeetingID:     room,
				ParticipantID: fmt.Sprintf("bot%d", i),
				MicEnabled:    true,
				WebcamEnabled: true,
			},
		)
		require.NoError(t, err)
		m.OnError(func(f *fault.Error) {
			mu.Lock()
			told = append(told, f.Error())
			mu.Unlock()
		})
		m.OnParticipantConnectionChanged(func(e sdk.ParticipantConnectionChanged) {
			mu.Lock()
			told = append(told, fmt.Sprint(e.Participant.ID(), " ", e.State, " ", e.Lost))
			mu.Unlock()
		})
		require.NoError(t, m.Join(t.Context()))
		bots[i] = m
	}
	chromium := testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow)
	pages := make([]*testbrowser.Page, 2)
	for i := range pages {
		pages[i] = chromium.Page(
			t,
			fmt.Sprintf("%s/#token=%s&meeting=%s&id=page%d", site.URL, token, room, i),
			testbrowser.RecordConnections,
		)
		in(pages[i])
	}
	pages[1].Eval("meeting.enableScreenShare(still())", nil) // it stays on, and nothing on it changes
	sees(t, pages[0])

	for end, round := time.Now().Add(length), 0; time.Now().Before(end); round++ {
		for range 4 { // a storm of mutes
			pages[0].Eval("meeting.muteMic().then(() => meeting.unmuteMic())", nil)
			require.NoError(t, bots[0].MuteMic(t.Context()))
			require.NoError(t, bots[0].UnmuteMic(t.Context(), nil))
		}
		pages[0].Eval("meeting.disableWebcam().then(() => meeting.enableWebcam())", nil)
		require.NoError(t, bots[1].DisableWebcam(t.Context()))
		require.NoError(t, bots[1].EnableWebcam(t.Context(), nil))
		pages[1].Eval(fmt.Sprintf(`meeting.pubSub.publish("CHAT", "message %d")`, round), nil)
		for _, hidden := range []string{"hidden", "visible"} { // another tab in front, and back
			pages[1].Eval(fmt.Sprintf(`(() => {
				Object.defineProperty(document, "visibilityState", { configurable: true, value: %q });
				document.dispatchEvent(new Event("visibilitychange"));
			})()`, hidden), nil)
		}
		if round%3 == 1 {
			pages[0].Reload()
			in(pages[0])
		}
		sees(t, pages[1])
	}

	for i, p := range pages {
		var heard []string
		p.Eval("faults", &heard)
		require.Empty(t, heard, "page %d", i)
		p.Eval("meeting.leave().then(() => undefined)", nil)
	}
	for _, m := range bots {
		ctx, cancel := context.WithTimeout(context.Background(), testserver.Timeout)
		require.NoError(t, m.Leave(ctx))
		cancel()
	}
	mu.Lock()
	require.Empty(t, told, "bots")
	mu.Unlock()
	require.Positive(t, relay.Lost(), "no packet was lost")
	var timeline struct{ Data []fault.Error }
	status, answer := h.Admin(t, http.MethodGet, "/admin/v1/faults", nil)
	require.Equal(t, http.StatusOK, status)
	require.NoError(t, json.Unmarshal(answer, &timeline))
	require.Empty(t, timeline.Data, "the timeline: %s", answer)
	require.False(t, h.Logged(`"msg":"fault"`), "the log has a fault")
}

// in waits until a page has joined and sends.
func in(p *testbrowser.Page) {
	p.Until(
		"the page is in the meeting",
		`joined.then(() => meeting.localParticipant.micOn && meeting.localParticipant.webcamOn)`,
	)
}

// sees waits until three pictures move on a page, those of the cameras. How often a still screen is sent again is the
// browser's matter.
func sees(t *testing.T, p *testbrowser.Page) {
	t.Helper()
	frames := func() (list []int) {
		for _, track := range p.Received() {
			if track.Kind == "video" {
				list = append(list, track.Frames)
			}
		}
		return list
	}
	before := frames()
	for deadline := time.Now().Add(2 * testserver.Timeout); ; time.Sleep(100 * time.Millisecond) { // until the next look
		require.False(t, time.Now().After(deadline), "pictures stand still: %v, then %v", before, frames())
		now, moved := frames(), 0
		changed := len(now) != len(before) // somebody left or came
		for i := range min(len(now), len(before)) {
			if now[i] > before[i] {
				moved++
			}
			changed = changed || now[i] < before[i]
		}
		if moved >= 3 {
			return
		}
		if changed {
			before = now
		}
	}
}
