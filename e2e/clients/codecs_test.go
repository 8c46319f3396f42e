package clients

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
)

// joinWithPicture joins with the browser SDK. The camera and the screen of the page are a picture of four colors, with
// a bar that moves, in the size that was set last. The pictures of others are shown, each in an element of its own.
const joinWithPicture = `(async (token, meetingId, name) => {
  const { VideoSDK } = await import("/sdk/klatch.mjs");
  VideoSDK.config(token, { serverUrl: location.origin });
  window.VideoSDK = VideoSDK;
  const canvas = document.createElement("canvas"), draw = canvas.getContext("2d");
  window.size = [320, 180];
  let n = 0;
  setInterval(() => {
    const [width, height] = window.size;
    if (canvas.width !== width) Object.assign(canvas, { width, height });
    const colors = ["#d02020", "#20c020", "#2020d0", "#d0d0d0"];
    colors.forEach((color, i) => {
      draw.fillStyle = color;
      draw.fillRect(i % 2 * width / 2, i < 2 ? 0 : height / 2, width / 2, height / 2);
    });
    draw.fillStyle = "#000";
    draw.fillRect(n++ % 20 * width / 20, height * 0.45, width / 20, height * 0.1);
  }, 80);
  const picture = async () => canvas.captureStream(12);
  navigator.mediaDevices.getUserMedia = picture;
  navigator.mediaDevices.getDisplayMedia = picture;
  const meeting = window.meeting = VideoSDK.initMeeting({ meetingId, name, participantId: name });
  window.faults = [];
  meeting.on("error", (f) => window.faults.push(f.code + " " + f.reason + " " + JSON.stringify(f.details)));
  const elements = {}, shown = new Map();
  const watch = (p) => {
    const show = (s) => {
      if (s.kind !== "video" && s.kind !== "share") return;
      const key = p.id + " " + s.kind;
      elements[key] ??= document.body.appendChild(Object.assign(document.createElement("video"), { muted: true, autoplay: true }));
      if (!shown.has(elements[key])) {
        const count = () => { shown.set(elements[key], (shown.get(elements[key]) ?? 0) + 1); elements[key].requestVideoFrameCallback(count); };
        count();
      }
      elements[key].srcObject = new MediaStream([s.track]);
    };
    p.on("stream-enabled", show);
    for (const s of p.streams.values()) show(s);
  };
  meeting.on("participant-joined", watch);
  await meeting.join();
  for (const p of meeting.participants.values()) watch(p);
  const look = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const counted = {};
  // What is received of somebody: the codec, the width, whether frames were decoded since the last look, whether the
  // four colors are in their places.
  window.received = async (id, kind = "video") => {
    const p = meeting.participants.get(id), video = elements[id + " " + kind];
    if (!p || !video) return {};
    const [stats] = await (kind === "video" ? p.getVideoStats() : p.getShareStats());
    if (!stats || !video.videoWidth) return {};
    const before = counted[id + kind] ?? shown.get(video);
    counted[id + kind] = shown.get(video);
    look.drawImage(video, 0, 0, 16, 9);
    const at = (x, y) => [...look.getImageData(x, y, 1, 1).data].slice(0, 3);
    const want = [[208, 32, 32], [32, 192, 32], [32, 32, 208], [208, 208, 208]];
    const colors = [at(4, 2), at(12, 2), at(4, 7), at(12, 7)];
    const right = colors.every((color, i) => color.every((v, c) => Math.abs(v - want[i][c]) < 60));
    return { codec: stats.codec, width: video.videoWidth, height: video.videoHeight, moves: shown.get(video) > before, right, colors };
  };
  window.publish = async (options) => {
    if (meeting.localParticipant.stream("video")) await meeting.disableWebcam();
    await meeting.enableWebcam(await VideoSDK.createCameraVideoTrack(options));
  };
  return true;
})`

// receives waits until a page receives pictures of somebody with that codec and, unless it is 0, of that width.
func receives(page *testbrowser.Page, who, kind, codec string, width int) {
	what := fmt.Sprintf("receives %s of %s in %s, %d wide", kind, who, codec, width)
	page.UntilIn(time.Minute, what, fmt.Sprintf(`received(%q, %q).then((r) => {
    window.last = r;
    return r.codec === %q && (!%d || r.width === %d) && r.moves && r.right;
  })`, who, kind, codec, width, width))
}

type capabilities struct{ Encodes, Decodes []string }

func capabilitiesOf(page *testbrowser.Page) (c capabilities) {
	page.Eval(`(() => {
    const names = (side) => [...new Set(side.getCapabilities("video").codecs.map((c) => c.mimeType.slice(6)))].sort()
      .filter((c) => ["VP8", "H264", "VP9", "AV1"].includes(c));
    return { encodes: names(RTCRtpSender), decodes: names(RTCRtpReceiver) };
  })()`, &c)
	return c
}

// Each codec is published by Firefox and by Chromium and decoded by the other: the pictures are right. Whoever cannot
// encode a codec is told and sends VP8, whoever cannot decode one is told whose picture is missing. Then the layers of
// simulcast and of one encoding are sent as each viewer asks for them.
func TestBothBrowsers(t *testing.T) {
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	firefox := testbrowser.OpenFirefox(t)
	chromium := testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow)
	pages := map[string]*testbrowser.Page{
		"firefox":  firefox.Page(t, h.URL+"/", testbrowser.RecordConnections),
		"chromium": chromium.Page(t, h.URL+"/", testbrowser.RecordConnections),
		"viewer":   chromium.Page(t, h.URL+"/", testbrowser.RecordConnections), // another Chromium
	}
	can := map[string]capabilities{}
	for name, page := range pages {
		page.Eval(fmt.Sprintf("%s(%q, %q, %q)", joinWithPicture, token, room, name), nil)
		can[name] = capabilitiesOf(page)
	}
	all := []string{"AV1", "H264", "VP8", "VP9"}
	require.Equal(t, capabilities{all, all}, can["chromium"])
	for _, codec := range []string{"AV1", "VP8", "VP9"} { // H264 is a plugin that Firefox downloads
		require.Contains(t, can["firefox"].Encodes, codec)
		require.Contains(t, can["firefox"].Decodes, codec)
	}
	begin := time.Now()
	step := func(format string, args ...any) {
		t.Logf("%.1f s: %s", time.Since(begin).Seconds(), fmt.Sprintf(format, args...))
	}
	told := func(page *testbrowser.Page, fault string) {
		t.Helper()
		page.Until("is told "+fault, fmt.Sprintf("faults.some((f) => f.startsWith(%q))", fault))
		page.Eval("faults.length = 0", nil)
	}
	publish := func(name, options string) { pages[name].Eval("publish("+options+")", nil) }
	for _, codec := range all {
		for _, name := range []string{"firefox", "chromium"} {
			publish(name, fmt.Sprintf(`{ codec: %q, multiStream: false, encoderConfig: "h180p_w320p" }`, codec))
		}
		sent := codec
		if !slices.Contains(can["firefox"].Encodes, codec) {
			told(pages["firefox"], "3045 NOT_ENCODED")
			sent = "VP8"
		}
		receives(pages["chromium"], "firefox", "video", sent, 320)
		if slices.Contains(can["firefox"].Decodes, codec) {
			receives(pages["firefox"], "chromium", "video", codec, 320)
		} else {
			told(pages["firefox"], "3104 CODEC_NOT_RECEIVED")
			receives(pages["viewer"], "chromium", "video", codec, 320)
		}
		step("%s", codec)
	}

	sizes := func(viewer, publisher, codec string) {
		t.Helper()
		for _, want := range []struct {
			call  string
			width int
		}{
			{`setQuality("low")`, 240}, {`setQuality("high")`, 960}, {"setViewPort(400, 225)", 480}, {"setViewPort(960, 540)", 960},
		} {
			since := time.Now()
			pages[viewer].Eval(fmt.Sprintf("meeting.participants.get(%q).%s", publisher, want.call), nil)
			receives(pages[viewer], publisher, "video", codec, want.width)
			step("%s has %d of %s in %s after %v", viewer, want.width, publisher, codec, time.Since(since))
		}
	}
	for _, page := range pages {
		page.Eval("size = [960, 540]", nil)
	}
	layers := func(codec string) string {
		return fmt.Sprintf(`{ codec: %q, multiStream: true, encoderConfig: "h540p_w960p" }`, codec)
	}
	publish("firefox", layers("VP8"))
	publish("chromium", layers("VP8"))
	sizes("chromium", "firefox", "VP8")
	sizes("firefox", "chromium", "VP8")
	pages["firefox"].Eval("meeting.disableWebcam()", nil)

	for _, codec := range []string{"VP9", "AV1"} {
		publish("chromium", layers(codec))
		sizes("firefox", "chromium", codec)
		sizes("viewer", "chromium", codec)
	}
	for name, page := range pages {
		var faults []string
		page.Eval("faults", &faults)
		require.Empty(t, faults, name)
	}
}
