package clients

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
)

// joinWithPicture joins with the browser SDK. The camera and the screen of the page are a picture of four colors, with
// a bar that moves, in the size that was set last. The pictures of others are shown, each in an element of its own.
const joinWithPicture = `(async (token, meetingId, name) => {
  const { VideoSDK } = await import("/sdk/klatch.mjs");
  VideoSDK.config(token, { serverUrl: location.origin });
  window.VideoSDK = VideoSDK;
  const canvas = window.canvas = document.createElement("canvas"), draw = canvas.getContext("2d");
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
  const meeting = window.meeting = VideoSDK.initMeeting({ meetingId, name, participantId: name, codecSwitchEnabled: false });
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
    const [red, green, blue, gray] = [[208, 32, 32], [32, 192, 32], [32, 32, 208], [208, 208, 208]];
    const want = window.turned ? [blue, red, gray, green] : [red, green, blue, gray];
    const colors = [at(4, 2), at(12, 2), at(4, 7), at(12, 7)];
    const right = colors.every((color, i) => color.every((v, c) => Math.abs(v - want[i][c]) < 60));
    return { codec: stats.codec, width: video.videoWidth, height: video.videoHeight, moves: shown.get(video) > before, right, colors };
  };
  window.next = async (id, kind) => { await new Promise((done) => setTimeout(done, 100)); return received(id, kind); };
  window.publish = async (options) => {
    if (meeting.localParticipant.stream("video")) await meeting.disableWebcam();
    await meeting.enableWebcam(await VideoSDK.createCameraVideoTrack(options));
  };
  return true;
})`

// receives waits until a page receives pictures of somebody with that codec and of that size, and they are right. It
// reports what came instead.
func receives(t *testing.T, page *testbrowser.Page, who, kind, codec string, width, height int) {
	t.Helper()
	var got struct {
		Codec         string
		Width, Height int
		Moves, Right  bool
		Colors        [][]int
	}
	for deadline := time.Now().Add(45 * time.Second); time.Now().Before(deadline); {
		page.Eval(fmt.Sprintf("next(%q, %q)", who, kind), &got)
		even := got.Height == height || got.Height == height+1 // encoders like even sizes
		if got.Codec == codec && got.Width == width && even && got.Moves && got.Right {
			return
		}
	}
	assert.Fail(t, "other pictures came", "want %s of %s in %s, %dx%d; got %+v", kind, who, codec, width, height, got)
}

// prefers makes a call for a participant, once its stream is there.
func prefers(page *testbrowser.Page, who, call string) {
	page.Until(call, fmt.Sprintf("meeting.participants.get(%q).%s.then(() => true, () => false)", who, call))
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
		receives(t, pages["chromium"], "firefox", "video", sent, 320, 180)
		if slices.Contains(can["firefox"].Decodes, codec) {
			receives(t, pages["firefox"], "chromium", "video", codec, 320, 180)
		} else {
			told(pages["firefox"], "3104 CODEC_NOT_RECEIVED")
			receives(t, pages["viewer"], "chromium", "video", codec, 320, 180)
		}
		step("%s", codec)
	}

	sizes := func(viewer, publisher, codec string) {
		t.Helper()
		for _, want := range []struct {
			calls []string
			width int
		}{
			{[]string{`setQuality("low")`}, 240},
			{[]string{"setViewPort(960, 540)", `setQuality("high")`}, 960},
			{[]string{"setViewPort(400, 225)"}, 480},
		} {
			since := time.Now()
			for _, call := range want.calls {
				prefers(pages[viewer], publisher, call)
			}
			receives(t, pages[viewer], publisher, "video", codec, want.width, want.width*9/16)
			step("%s has %d of %s in %s after %v", viewer, want.width, publisher, codec, time.Since(since))
		}
	}
	resize := func(width, height int) {
		for _, page := range pages {
			page.Eval(fmt.Sprintf("size = [%d, %d]", width, height), nil)
			page.Until("the picture has its size", fmt.Sprintf("canvas.width === %d", width))
		}
	}
	resize(960, 540)
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
	pages["chromium"].Eval("meeting.disableWebcam()", nil)

	// A screen is sent in two sizes, or in two layers, and its text is kept sharp.
	resize(1280, 720)
	for _, c := range []struct{ publisher, viewer, codec string }{
		{"firefox", "chromium", "VP8"}, {"chromium", "firefox", "VP8"}, {"chromium", "viewer", "AV1"},
	} {
		var hint string
		pages[c.publisher].Eval(fmt.Sprintf(`(async () => {
      await meeting.enableScreenShare(await VideoSDK.createScreenShareVideoTrack({ codec: %q, multiStream: true }));
      return meeting.localParticipant.stream("share").track.contentHint;
    })()`, c.codec), &hint)
		assert.Equal(t, "text", hint)
		for _, want := range []struct {
			call  string
			width int
		}{
			{`setScreenShareQuality("low")`, 640},
			{`setViewPort(1280, 720, "share")`, 640},
			{`setScreenShareQuality("high")`, 1280},
		} {
			prefers(pages[c.viewer], c.publisher, want.call)
			receives(t, pages[c.viewer], c.publisher, "share", c.codec, want.width, want.width*9/16)
			step("%s has the share of %s in %s, %d wide", c.viewer, c.publisher, c.codec, want.width)
		}
		pages[c.publisher].Eval("meeting.disableScreenShare()", nil)
	}

	// Chromium encodes no spatial layers of text in VP9: it is sent in one size, and tells so.
	pages["chromium"].Eval(
		`VideoSDK.createScreenShareVideoTrack({ codec: "VP9" }).then((t) => meeting.enableScreenShare(t))`, nil)
	told(pages["chromium"], "3046 CODEC")
	receives(t, pages["viewer"], "chromium", "share", "VP9", 1280, 720)
	pages["chromium"].Eval("meeting.disableScreenShare()", nil)
	for name, page := range pages {
		var faults []string
		page.Eval(`faults.filter((f) => !f.startsWith("3068 NOT_RECEIVED"))`, &faults) // of prefers, that came early
		require.Empty(t, faults, name)
	}
}
