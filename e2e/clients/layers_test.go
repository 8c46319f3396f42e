package clients

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
)

// joinWithCamera joins with the browser SDK, switches the camera on, and shows the pictures of one other participant in
// a video element, whose size decides what is received.
const joinWithCamera = `(async (token, meetingId, name, other) => {
  const { VideoSDK } = await import("/sdk/klatch.mjs");
  VideoSDK.config(token, { serverUrl: location.origin });
  const meeting = window.meeting = VideoSDK.initMeeting({ meetingId, name, participantId: name, multiStream: true });
  window.faults = [];
  meeting.on("error", (f) => window.faults.push(String(f)));
  const video = window.video = Object.assign(document.createElement("video"), { muted: true, autoplay: true });
  document.body.append(video);
  window.shows = (width, height) => {
    video.style = "position:fixed;left:0;top:0;width:" + width + "px;height:" + height + "px";
  };
  window.shows(1280, 720);
  window.told = [];
  meeting.on("participant-joined", (p) => {
    if (p.id !== other) return;
    const show = (s) => { if (s.kind === "video") video.srcObject = new MediaStream([s.track]); };
    p.on("stream-enabled", show);
    for (const event of ["stream-paused", "stream-resumed"])
      p.on(event, ({ kind, reason }) => window.told.push(event + " " + kind + " " + reason));
    for (const s of p.streams.values()) show(s);
  });
  await meeting.join();
  await meeting.enableAdaptiveSubscription();
  await meeting.enableWebcam(await VideoSDK.createCameraVideoTrack({ multiStream: true }));
  return true;
})`

// A camera is published in three sizes, and each browser receives that of the other which fits its element: none when
// the element is out of sight.
func TestSizeFollowsTheElement(t *testing.T) {
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	firefox := testbrowser.OpenFirefox(t)
	chromium := testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow)
	pages := map[string]*testbrowser.Page{
		"firefox": firefox.Page(t, h.URL+"/"), "chromium": chromium.Page(t, h.URL+"/"),
	}
	others := map[string]string{"firefox": "chromium", "chromium": "firefox"}
	for name, page := range pages {
		page.Eval(fmt.Sprintf("%s(%q, %q, %q, %q)", joinWithCamera, token, room, name, others[name]), nil)
	}
	for name, page := range pages {
		var full int
		pages[others[name]].Eval(`meeting.localParticipant.stream("video").track.getSettings().width`, &full)
		require.GreaterOrEqual(t, full, 640, "the camera of %s", others[name])
		for _, size := range [][2]int{{full, full * 9 / 16}, {160, 90}, {full, full * 9 / 16}} {
			want := full
			if size[0] < full {
				want = full / 4
				if full < 960 {
					want = full / 2 // such a picture is sent in two sizes
				}
			}
			page.Eval(fmt.Sprintf("shows(%d, %d)", size[0], size[1]), nil)
			page.UntilIn(40*time.Second, fmt.Sprintf("%s receives %d", name, want),
				fmt.Sprintf(`video.videoWidth === %d`, want))
		}
		page.Eval(`video.style.left = "20000px"`, nil)
		page.Until(name+" is told of the pause", `told.includes("stream-paused video visibility")`)
		page.Eval(`video.style.left = "0"`, nil)
		page.Until(name+" is told that it goes on", `told.at(-1) === "stream-resumed video visibility"`)
		var faults []string
		page.Eval("faults", &faults)
		require.Empty(t, faults, name)
	}
}
