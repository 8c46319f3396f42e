package clients

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

func TestFirefoxAndChromium(t *testing.T) {
	h := open(t, func(c *conf.Config) { c.Quality.Interval = time.Second })
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	firefox, chromium := testbrowser.OpenFirefox(t), testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow)
	ann := joinPage(t, firefox, h.URL, room, token, "Ann")
	bob := joinPage(t, chromium, h.URL, room, token, "Bob")
	for _, page := range []*testbrowser.Page{ann, bob} {
		page.AwaitVideos(1)
		page.AwaitAudio(1)
	}

	// Firefox shares: a canvas, for a headless machine has no screen.
	ann.Eval(`(() => {
    navigator.mediaDevices.getDisplayMedia = async () => {
      const canvas = Object.assign(document.createElement("canvas"), {width: 800, height: 600}), draw = canvas.getContext("2d");
      let n = 0;
      setInterval(() => { draw.fillStyle = "hsl(" + (n++ * 7 % 360) + " 80% 50%)"; draw.fillRect(0, 0, 800, 600); }, 50);
      return canvas.captureStream(20);
    };
  })()`, nil)
	ann.Click(testbrowser.TestID("share-button"))
	bob.Until("Bob sees the share", // of 800x600, or half of that while the machine or the connection is too slow
		`[400, 800].includes(document.querySelector('[data-testid="share-view"] video')?.videoWidth)`)
	bob.AwaitVideos(2)
	ann.Click(testbrowser.TestID("share-button"))
	bob.Until("the share is gone", `!document.querySelector('[data-testid="share-view"]')`)

	// Both offer simulcast, of which the largest layer is taken.
	bot := joinViewer(t, h.URL, room, token)
	requireStats(t, h, token, room, map[string]*testbrowser.Page{"Ann": ann, "Bob": bob}, bot)
	for name, b := range map[string]*testbrowser.Browser{"firefox": firefox, "chromium": chromium} {
		var offered int
		b.Page(t, h.URL+"/").Eval(fmt.Sprintf("%s(%q, %q, %q)", publishLayers, token, room, name), &offered)
		require.Equal(t, 1, offered, "%s offers simulcast", name)
		awaitWidth(t, bot, name, 640)
		readPacket(t, bot, name, sdk.Audio)
	}

	// And a fault is in Firefox what it is elsewhere.
	page := firefox.Page(t, h.URL+"/")
	var refused struct {
		Code   int
		Reason string
		Event  string
	}
	page.Eval(fmt.Sprintf(`(async () => {
    const { VideoSDK } = await import("/sdk/klatch.mjs");
    VideoSDK.config(%q, { serverUrl: location.origin });
    const meeting = VideoSDK.initMeeting({ meetingId: %q, name: "Eve", micEnabled: false, webcamEnabled: false });
    const event = new Promise((done) => meeting.on("error", (f) => done(f.id)));
    const fault = await meeting.join().then(() => ({}), (f) => f);
    return { code: fault.code, reason: fault.reason, event: (await event) === fault.id ? "same" : "another" };
  })()`, token[:len(token)-6]+"AAAAAA", room), &refused)
	require.Equal(t, 4002, refused.Code)
	require.Equal(t, "SIGNATURE_MISMATCH", refused.Reason)
	require.Equal(t, "same", refused.Event)

	// Statistics that are asked for while the connections are being closed are answered too.
	var answered []string
	firefox.Page(t, h.URL+"/").Eval(fmt.Sprintf(askWhileClosing, token, room), &answered)
	require.GreaterOrEqual(t, len(answered), 6)
	for _, answer := range answered {
		require.Equal(t, "answered", answer)
	}
}

// askWhileClosing joins, has two people's statistics asked for just before each connection is closed, leaves, and
// returns how each question ended.
const askWhileClosing = `(async (token, meetingId) => {
  const { VideoSDK } = await import("/sdk/klatch.mjs");
  VideoSDK.config(token, { serverUrl: location.origin });
  const meeting = VideoSDK.initMeeting({ meetingId, name: "Fay", micEnabled: true, webcamEnabled: false });
  await meeting.join();
  const until = async (what) => { while (!await what()) await new Promise((done) => setTimeout(done, 100)); };
  const heard = () => [...meeting.participants.values()].find(({ micOn }) => micOn);
  await until(async () => (await meeting.localParticipant.getAudioStats()).length > 0);
  await until(async () => heard() && (await heard().getAudioStats()).length > 0);
  const asked = [], other = heard(), close = RTCPeerConnection.prototype.close;
  RTCPeerConnection.prototype.close = function () {
    const { localParticipant } = meeting;
    asked.push(localParticipant.getTransportStats(), localParticipant.getAudioStats(), other.getAudioStats());
    close.call(this);
  };
  await meeting.leave();
  const late = new Promise((done) => setTimeout(done, 5000, "never"));
  return Promise.all(asked.map((one) => Promise.race([one.then(() => "answered", String), late])));
})(%q, %q)`

// publishLayers publishes three simulcast layers of a camera with nothing but the API of browsers, and returns how many
// layers the browser still sends once the answer is there.
const publishLayers = `(async (token, meetingId, participantId) => {
  const socket = new WebSocket(location.origin.replace("http", "ws") + "/v1/signal"), waiting = {};
  await new Promise((done) => { socket.onopen = done; });
  socket.onmessage = (e) => { const m = JSON.parse(e.data); waiting[m.id]?.(m); };
  let calls = 0;
  const call = (method, params) => new Promise((done, failed) => {
    const id = ++calls;
    waiting[id] = (m) => m.error ? failed(new Error(JSON.stringify(m.error))) : done(m.result);
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
  });
  await call("join", { protocol: 1, token, meetingId, participantId, name: participantId, client: { sdkType: "page" } });
  const media = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 360 }, audio: true });
  const pc = window.publishing = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  const video = pc.addTransceiver(media.getVideoTracks()[0], { direction: "sendonly", streams: [media], sendEncodings: [
    { rid: "h", scaleResolutionDownBy: 2 }, { rid: "f" }] }); // Chromium makes no more than two of this size
  const audio = pc.addTransceiver(media.getAudioTracks()[0], { direction: "sendonly", streams: [media] });
  await pc.setLocalDescription(await pc.createOffer());
  const offered = (pc.localDescription.sdp.match(/a=simulcast:send/g) ?? []).length;
  const answer = await call("publish", { sdp: pc.localDescription.sdp, streams: [
    { mid: video.mid, kind: "video", enabled: true }, { mid: audio.mid, kind: "audio", enabled: true }] });
  await pc.setRemoteDescription({ type: "answer", sdp: answer.sdp });
  return offered;
})`

// A server that `klatch dev` runs is reached by a Firefox as it comes.
func TestFirefoxReachesADevServer(t *testing.T) {
	program := testserver.Program(t)
	dev := testprocess.CommandContext(t.Context(), program, "dev", "--port", "0", "--data", t.TempDir(), "--json")
	stdout, err := dev.StdoutPipe()
	require.NoError(t, err)
	dev.Stderr, dev.Env = os.Stderr, []string{"PATH=" + os.Getenv("PATH")}
	dev.Cancel = func() error { return dev.Process.Signal(os.Interrupt) }
	dev.WaitDelay = 10 * time.Second
	require.NoError(t, dev.Start())
	t.Cleanup(func() { _ = dev.Wait() }) // interrupted
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	require.NoError(t, err)
	var ready struct{ URL, Token, MeetingID string }
	require.NoError(t, json.Unmarshal(line, &ready))

	bot := joinViewer(t, ready.URL, ready.MeetingID, ready.Token)
	firefox := testbrowser.OpenFirefox(t)
	ann := joinPage(t, firefox, ready.URL, ready.MeetingID, ready.Token, "Ann")
	ann.AwaitVideos(1)
	ann.AwaitAudio(1)
	readPacket(t, bot, "Ann", sdk.Video)
	readPacket(t, bot, "Ann", sdk.Audio)
	requireMutesAreTold(t, firefox, bot, ready.URL, ready.MeetingID, ready.Token)
}

// requireMutesAreTold has Firefox mute the camera and the microphone of a page by its own switches: both are told
// within 10 s, the streams are off for others, and on again once the devices are.
func requireMutesAreTold(t *testing.T, firefox *testbrowser.Browser, bot *sdk.Meeting, url, meetingID, token string) {
	t.Helper()
	page := firefox.Page(t, url+"/")
	page.Eval(fmt.Sprintf(`(async () => {
    const { VideoSDK } = await import("/sdk/klatch.mjs");
    VideoSDK.config(%q, { serverUrl: location.origin });
    const meeting = VideoSDK.initMeeting({ meetingId: %q, name: "Eve", micEnabled: true, webcamEnabled: true });
    window.told = [];
    meeting.on("error", (f) => told.push("error " + f.code + " " + f.reason));
    meeting.on("fault-cleared", (c) => told.push("cleared " + c.code + " " + c.reason));
    await meeting.join();
  })()`, token, meetingID), nil)
	readPacket(t, bot, "Eve", sdk.Video)
	readPacket(t, bot, "Eve", sdk.Audio)
	told := func(what string) string {
		return fmt.Sprintf("told.sort().join() === '%s 3011 MUTED_BY_SYSTEM,%[1]s 3012 MUTED_BY_SYSTEM'", what)
	}
	streams := func() (n int) {
		for _, p := range bot.Participants() {
			if p.DisplayName() == "Eve" {
				n = len(p.Streams())
			}
		}
		return n
	}
	page.MuteDevices(true)
	page.UntilIn(10*time.Second, "both mutes are told", told("error"))
	require.Eventually(t, func() bool { return streams() == 0 }, timeout, 50*time.Millisecond, "others see them as on")
	page.Eval("told.length = 0", nil)
	page.MuteDevices(false)
	page.Until("both mutes are over", told("cleared"))
	require.Eventually(t, func() bool { return streams() == 2 }, timeout, 50*time.Millisecond, "others see them as off")
}
