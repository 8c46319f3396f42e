package doors

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/sdk"
)

// plainPage is a page of another origin that knows WHIP and WHEP from their specifications and nothing of Klatch.
const plainPage = `<!doctype html><title>plain</title><video id="video" autoplay playsinline muted></video><script>
async function exchange(pc, endpoint, token) {
  const early = [];
  pc.onicecandidate = ({ candidate }) => candidate && (window.address ? trickle(pc, candidate) : early.push(candidate));
  await pc.setLocalDescription(await pc.createOffer());
  const answer = await fetch(endpoint, { method: "POST", body: pc.localDescription.sdp,
    headers: { "Content-Type": "application/sdp", Authorization: "Bearer " + token } });
  if (answer.status !== 201) {
    pc.close();
    return await answer.json();
  }
  window.address = new URL(answer.headers.get("Location"), endpoint).href;
  window.etag = answer.headers.get("ETag");
  early.forEach((candidate) => trickle(pc, candidate));
  await pc.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  return { status: 201 };
}
async function trickle(pc, candidate) {
  const value = (name) => pc.localDescription.sdp.match(new RegExp("a=" + name + ":.*"))[0];
  const sent = await fetch(window.address, { method: "PATCH", headers: { "If-Match": window.etag,
    "Content-Type": "application/trickle-ice-sdpfrag" },
    body: value("ice-ufrag") + "\r\n" + value("ice-pwd") + "\r\na=" + candidate.candidate + "\r\n" });
  window.trickled = sent.status;
}
async function publish(endpoint, token) {
  const media = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 360 }, audio: true });
  const pc = window.pc = new RTCPeerConnection();
  pc.addTransceiver(media.getAudioTracks()[0], { direction: "sendonly" });
  pc.addTransceiver(media.getVideoTracks()[0], { direction: "sendonly",
    sendEncodings: [{ rid: "h", scaleResolutionDownBy: 2 }, { rid: "f" }] });
  return exchange(pc, endpoint, token);
}
async function play(endpoint, token) {
  const pc = window.pc = new RTCPeerConnection(), stream = new MediaStream();
  document.getElementById("video").srcObject = stream;
  pc.ontrack = ({ track }) => stream.addTrack(track);
  pc.addTransceiver("audio", { direction: "recvonly" });
  pc.addTransceiver("video", { direction: "recvonly" });
  return exchange(pc, endpoint, token);
}
async function finish() {
  const ended = await fetch(window.address, { method: "DELETE" });
  return ended.status;
}
</script>`

// answerOfPage is what exchange returns.
type answerOfPage struct {
	Status int
	Code   int
	Reason string
}

// Plain pages of another origin publish and play, in Chromium and in Firefox, are seen on the meeting page, and read
// the fault of a refusal.
func TestPlainPages(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(plainPage))
	}))
	defer elsewhere.Close()
	browsers := map[string]*testbrowser.Browser{
		"chromium": testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow), "firefox": testbrowser.OpenFirefox(t),
	}
	bot := join(t, h.URL, room, token, "bot")
	pages := map[string]*testbrowser.Page{}
	call := func(page *testbrowser.Page, function, address, token string) (answer answerOfPage) {
		t.Helper()
		page.Eval(fmt.Sprintf("%s(%q, %q)", function, address, token), &answer)
		return answer
	}
	for name, browser := range browsers {
		pages[name] = browser.Page(t, elsewhere.URL+"/")
		endpoint := h.URL + "/v2/whip?roomId=" + room + "&participantId=" + name + "&displayName=" + name
		refused := call(pages[name], "publish", endpoint, token[:len(token)-6]+"AAAAAA")
		require.Equal(t, answerOfPage{401, 4002, "SIGNATURE_MISMATCH"}, refused, name)
		require.Equal(t, 201, call(pages[name], "publish", endpoint, token).Status, name)
		for range 20 {
			readPacket(t, bot, name, sdk.Video)
			readPacket(t, bot, name, sdk.Audio)
		}
		pages[name].Until("candidates are taken", "window.trickled === 204")
	}
	meet := browsers["chromium"].Page(t, fmt.Sprintf("%s/meet/%s#token=%s&name=Eve", h.URL, room, token),
		testbrowser.RecordConnections)
	meet.Until("the page can join", `document.querySelector('[data-testid="join-button"]')`)
	meet.Click(testbrowser.TestID("join-button"))
	meet.AwaitVideos(2)
	meet.AwaitAudio(2)

	others := map[string]string{"firefox": "chromium", "chromium": "firefox"}
	for name, browser := range browsers {
		player := browser.Page(t, elsewhere.URL+"/", testbrowser.RecordConnections)
		endpoint := h.URL + "/v2/whep?roomId=" + room + "&participantId=tv-" + name + "&remotePeerId=" + others[name]
		require.Equal(t, 201, call(player, "play", endpoint, token).Status, name)
		player.AwaitVideos(1)
		player.Until("it has the picture", `document.getElementById("video").videoWidth > 0`)
		var status int
		player.Eval("finish()", &status)
		require.Equal(t, 200, status)
		player.Until("the connection ends", `["closed", "failed", "disconnected"].includes(pc.connectionState)`)
	}
	for name, page := range pages {
		var status int
		page.Eval("finish()", &status)
		require.Equal(t, 200, status, name)
		eventually(t, name+" is gone", func() bool { return participant(bot, name) == nil })
	}
}

// http.origins applies to WHIP and WHEP, and a page can read why it was refused.
func TestOrigins(t *testing.T) {
	t.Parallel()
	h := open(t, func(c *conf.Config) { c.HTTP.Origins = []string{"https://app.example.com"} })
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	for origin, want := range map[string]string{
		"https://evil.example": "ORIGIN_REFUSED", "https://app.example.com": "BAD_SDP",
	} {
		status, header, answer := testpeer.CallHTTP(t, http.MethodPost, h.URL+"/v2/whip?roomId="+room, token, "",
			"Origin", origin, "Content-Type", "application/sdp")
		require.Equal(t, want, testpeer.Refusal(t, status, answer).Reason)
		require.Equal(t, "*", header.Get("Access-Control-Allow-Origin"))
	}
}
