package sfu

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// page lets Chromium publish its fake camera and microphone, and receive what is offered. It speaks to call,
// which stands for signaling.
const page = `<!doctype html><link rel=icon href=data:,><video id=v autoplay playsinline muted></video><script>
const call = (what, body) => fetch("/" + what, {method: "POST", body: JSON.stringify(body ?? {})}).then(r => r.json());
let up, down = new RTCPeerConnection(), stream, share;
async function publish(codec) {
  stream = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 640, height: 480}});
  up = new RTCPeerConnection();
  const kinds = {};
  for (const track of stream.getTracks()) {
    const t = up.addTransceiver(track, {direction: "sendonly", streams: [stream]});
    if (track.kind === "video") {
      const codecs = RTCRtpSender.getCapabilities("video").codecs;
      const first = codecs.filter(c => c.mimeType.toLowerCase() === "video/" + codec);
      t.setCodecPreferences(first.concat(codecs.filter(c => !first.includes(c))));
    }
    kinds[track.kind] = t;
  }
  await up.setLocalDescription();
  const answer = await call("publish", {sdp: up.localDescription.sdp, streams: Object.entries(kinds).map(([kind, t]) =>
    ({mid: t.mid, kind, enabled: true}))});
  await up.setRemoteDescription({type: "answer", sdp: answer.sdp});
  return answer.streams;
}
async function receive() {
  for (;;) {
    const offer = await call("offer");
    if (!offer.sdp) continue;
    await down.setRemoteDescription({type: "offer", sdp: offer.sdp});
    await down.setLocalDescription();
    await call("answer", {offerId: offer.offerId, sdp: down.localDescription.sdp});
    v.srcObject = new MediaStream(down.getReceivers().map(r => r.track));
  }
}
receive();
async function stats(pc, type, kind) {
  for (const s of (await pc.getStats()).values()) if (s.type === type && s.kind === kind) return s;
  return {};
}
async function state() {
  const video = await stats(down, "inbound-rtp", "video"), audio = await stats(down, "inbound-rtp", "audio");
  const out = up ? await stats(up, "outbound-rtp", "video") : {};
  const transport = [...(await (up ?? down).getStats()).values()].find(s => s.type === "transport") ?? {};
  return JSON.stringify({frames: video.framesDecoded ?? 0, audio: audio.packetsReceived ?? 0, freezes: video.freezeCount ?? 0,
    lost: video.packetsLost ?? 0, keys: video.keyFramesDecoded ?? 0, sent: out.framesEncoded ?? 0, plis: out.pliCount ?? 0,
    srtp: transport.srtpCipher ?? "", dtls: transport.dtlsRole ?? "", width: video.frameWidth ?? 0,
    estimated: video.estimatedPlayoutTimestamp ?? 0});
}
</script>`

type chromiumState struct {
	Frames, Audio, Lost, Keys, Sent, PLIs, Width int
	SRTP, DTLS                                   string
	Estimated                                    float64
}

// Two pages of a real browser see and hear each other. Needs Chromium; it takes a core for some seconds.
func TestChromium(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium in PATH")
	}
	if os.Getenv("TEST_CHROMIUM") == "" {
		t.Skip("TEST_CHROMIUM=1 runs this in Chromium; e2e runs the whole server in it")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox,
		chromedp.Flag("use-fake-ui-for-media-stream", true), chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"), chromedp.Flag("disable-quic", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	defer stop()
	tab, closeTab := chromedp.NewContext(allocator)
	defer closeTab()
	_, err = chromedp.Run(tab, chromedp.Navigate("about:blank"))
	require.NoError(t, err)

	for _, codec := range []string{"vp8", "h264", "vp9", "av1"} {
		t.Run(codec, func(t *testing.T) {
			h := newHub(t)
			server := httptest.NewServer(pages(h))
			defer server.Close()
			var tabs []context.Context
			for _, name := range []string{"ann", "bob"} {
				ctx, cancel := chromedp.NewContext(tab)
				defer cancel()
				_, err := chromedp.Run(ctx, chromedp.Navigate(server.URL+"/"+name))
				require.NoError(t, err)
				tabs = append(tabs, ctx)
			}
			h.sfu.Subscribe(wire.Peer{SessionID: "s", ParticipantID: "ann"}, []wire.StreamRef{camera("bob"), mic("bob")})
			h.sfu.Subscribe(wire.Peer{SessionID: "s", ParticipantID: "bob"}, []wire.StreamRef{camera("ann"), mic("ann")})
			for _, ctx := range tabs {
				streams, err := chromedp.Run(
					ctx,
					chromedp.Evaluate[[]wire.Stream]("publish('"+codec+"')", chromedp.EvalAwaitPromise),
				)
				require.NoError(t, err)
				require.Len(t, streams, 2)
			}
			var states [2]chromiumState
			require.Eventually(t, func() bool {
				for i, ctx := range tabs {
					text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("state()", chromedp.EvalAwaitPromise))
					require.NoError(t, err)
					require.NoError(t, json.Unmarshal([]byte(text), &states[i]))
				}
				return states[0].Frames > 40 && states[1].Frames > 40 && states[0].Audio > 50 && states[1].Audio > 50
			}, 20*time.Second, 200*time.Millisecond)
			t.Logf("%+v", states)
			t.Logf("%+v", h.sfu.Stats())
			for _, s := range states {
				require.Equal(t, 640, s.Width)
				require.Contains(t, s.SRTP, "GCM")
			}
			eventually(t, "a speaker: the fake microphone beeps", func() bool { return h.lastSpeaker() != "" })
		})
	}
}

// pages serves the page under the participant's name and carries its signaling.
func pages(h *hub) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{name}", func(w http.ResponseWriter, r *http.Request) {
		c := &client{t: h.t, hub: h, peer: wire.Peer{SessionID: "s", ParticipantID: r.PathValue("name")},
			offers: make(chan wire.SubscribeOffer, 16), lost: make(chan struct{}, 16)}
		c.ctx, c.cancel = context.WithCancel(context.Background())
		h.mu.Lock()
		h.clients[c.peer] = c
		h.mu.Unlock()
		_ = h.sfu.Attach(r.Context(), c.peer)
		_, _ = w.Write([]byte(page))
	})
	peerOf := func(r *http.Request) *client {
		name := r.Referer()[len("http://"+r.Host+"/"):]
		return h.client(wire.Peer{SessionID: "s", ParticipantID: name})
	}
	reply := func(w http.ResponseWriter, v any, err error) {
		if err != nil {
			h.t.Error(err)
		}
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("POST /publish", func(w http.ResponseWriter, r *http.Request) {
		var params wire.PublishParams
		_ = json.NewDecoder(r.Body).Decode(&params)
		result, err := h.sfu.Publish(r.Context(), peerOf(r).peer, params)
		reply(w, result, err)
	})
	mux.HandleFunc("POST /offer", func(w http.ResponseWriter, r *http.Request) {
		select {
		case offer := <-peerOf(r).offers:
			reply(w, offer, nil)
		case <-time.After(500 * time.Millisecond):
			reply(w, struct{}{}, nil)
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("POST /answer", func(w http.ResponseWriter, r *http.Request) {
		var answer wire.AnswerParams
		_ = json.NewDecoder(r.Body).Decode(&answer)
		reply(w, struct{}{}, h.sfu.Answer(r.Context(), peerOf(r).peer, answer))
	})
	return mux
}
