package layer_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/testbrowser"
)

// recordings are the streams of Chromium that testdata holds. TEST_RECORD=1 makes them anew.
var recordings = []struct {
	name, codec string
	descriptor  bool // the dependency descriptor is negotiated
	encodings   string
}{
	{"vp8-simulcast", "VP8", false, `[{rid: "l", scaleResolutionDownBy: 4, maxBitrate: 80000, scalabilityMode: "L1T3"},
		{rid: "m", scaleResolutionDownBy: 2, maxBitrate: 200000, scalabilityMode: "L1T3"},
		{rid: "h", maxBitrate: 600000, scalabilityMode: "L1T3"}]`},
	{"h264-simulcast", "H264", false, `[{rid: "l", scaleResolutionDownBy: 2, maxBitrate: 200000},
		{rid: "h", maxBitrate: 400000}]`},
	{"vp9-l3t3", "VP9", false, `[{scalabilityMode: "L3T3", maxBitrate: 900000}]`},
	{"vp9-l3t3key", "VP9", true, `[{scalabilityMode: "L3T3_KEY", maxBitrate: 900000}]`},
	{"av1-l1t3", "AV1", true, `[{scalabilityMode: "L1T3", maxBitrate: 150000}]`},
	{"av1-l3t3key", "AV1", true, `[{scalabilityMode: "L3T3_KEY", maxBitrate: 900000}]`},
}

// recorded is a packet or a sender report of a recording.
type recorded struct {
	At         time.Duration
	Encoding   int8
	Report     bool // NTP and Timestamp are of a sender report
	NTP        uint64
	Number     uint16
	Timestamp  uint32
	Marker     bool
	Descriptor []byte
	Payload    []byte
}

const recordPage = `<!doctype html><script>
async function publish(codec, encodings) {
  // A box that moves over a plain ground: a large picture of few bytes.
  const canvas = Object.assign(document.createElement("canvas"), {width: 960, height: 540});
  const g = canvas.getContext("2d");
  let n = 0;
  setInterval(() => {
    n++;
    g.fillStyle = "#356";
    g.fillRect(0, 0, 960, 540);
    g.fillStyle = "#fd0";
    g.fillRect(n * 7 % 800, 200 + n % 40, 120, 120);
  }, 66);
  const stream = canvas.captureStream(15);
  const pc = window.pc = new RTCPeerConnection();
  const t = pc.addTransceiver(stream.getTracks()[0], {direction: "sendonly", streams: [stream], sendEncodings: encodings});
  const codecs = RTCRtpSender.getCapabilities("video").codecs;
  t.setCodecPreferences(codecs.filter(c => c.mimeType.toLowerCase() === "video/" + codec.toLowerCase()));
  const parameters = t.sender.getParameters();
  parameters.degradationPreference = "maintain-resolution";
  await t.sender.setParameters(parameters);
  await pc.setLocalDescription();
  await new Promise(done => { pc.onicegatheringstatechange = () => pc.iceGatheringState === "complete" && done(); });
  const answer = await fetch("/offer", {method: "POST", body: JSON.stringify(pc.localDescription)});
  await pc.setRemoteDescription(await answer.json());
}
async function sent() {
  return [...(await pc.getStats()).values()].filter(s => s.type === "outbound-rtp").map(s =>
    s.rid + " " + s.frameWidth + "x" + s.frameHeight + " " + s.scalabilityMode + " " + s.framesEncoded).join(", ");
}
</script>`

// TestRecord makes the recordings: Chromium publishes its fake camera to pion.
func TestRecord(t *testing.T) {
	if os.Getenv("TEST_RECORD") == "" {
		t.Skip("TEST_RECORD=1 makes testdata anew, with Chromium")
	}
	for _, c := range recordings {
		if only := os.Getenv("TEST_RECORD"); only != "1" && only != c.name {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			packets := record(t, c.codec, c.encodings, c.descriptor)
			require.NoError(t, os.WriteFile(filepath.Join("testdata", c.name+".rec"), marshal(packets), 0o644))
		})
	}
}

func record(t *testing.T, codec, encodings string, descriptor bool) (packets []recorded) {
	engine := &webrtc.MediaEngine{}
	require.NoError(t, engine.RegisterDefaultCodecs())
	require.NoError(t, webrtc.ConfigureSimulcastExtensionHeaders(engine))
	if descriptor {
		require.NoError(t, engine.RegisterHeaderExtension(
			webrtc.RTPHeaderExtensionCapability{URI: payload.DescriptorURI}, webrtc.RTPCodecTypeVideo))
	}
	registry := newRegistry(t, engine)
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	require.NoError(t, err)
	defer pc.Close()

	var mu sync.Mutex
	var begin time.Time
	rids := map[string]int8{"l": 0, "m": 1, "h": 2, "": 0}
	if codec == "H264" {
		rids["h"] = 1
	}
	keep := func(p recorded) {
		mu.Lock()
		defer mu.Unlock()
		if begin.IsZero() {
			begin = time.Now()
		}
		p.At = time.Since(begin)
		packets = append(packets, p)
	}
	pc.OnTrack(func(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		encoding := rids[track.RID()]
		id := uint8(0)
		for _, x := range receiver.GetParameters().HeaderExtensions {
			if x.URI == payload.DescriptorURI {
				id = uint8(x.ID)
			}
		}
		go func() {
			for {
				var reports []rtcp.Packet
				var err error
				if track.RID() == "" {
					reports, _, err = receiver.ReadRTCP()
				} else {
					reports, _, err = receiver.ReadSimulcastRTCP(track.RID())
				}
				if err != nil {
					return
				}
				for _, r := range reports {
					if sr, ok := r.(*rtcp.SenderReport); ok && sr.SSRC == uint32(track.SSRC()) {
						keep(recorded{Encoding: encoding, Report: true, NTP: sr.NTPTime, Timestamp: sr.RTPTime})
					}
				}
			}
		}()
		for {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			keep(recorded{Encoding: encoding, Number: p.SequenceNumber, Timestamp: p.Timestamp, Marker: p.Marker,
				Descriptor: p.GetExtension(id), Payload: append([]byte(nil), p.Payload...)})
		}
	})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, recordPage) })
	mux.HandleFunc("POST /offer", func(w http.ResponseWriter, r *http.Request) {
		var offer webrtc.SessionDescription
		if json.NewDecoder(r.Body).Decode(&offer) != nil || pc.SetRemoteDescription(offer) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		done := webrtc.GatheringCompletePromise(pc)
		answer, err := pc.CreateAnswer(nil)
		if err == nil {
			err = pc.SetLocalDescription(answer)
		}
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		<-done
		_ = json.NewEncoder(w).Encode(pc.LocalDescription())
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	page := testbrowser.Open(t).Page(t, server.URL+"/")
	page.Eval(fmt.Sprintf("publish(%q, %s)", codec, encodings), nil)
	// Let the sender's bandwidth estimate rise, then keep two seconds with two key pictures and what is between.
	time.Sleep(10 * time.Second) // no event says that the estimate has risen
	mu.Lock()
	from := len(packets)
	mu.Unlock()
	ask := func() {
		for _, tr := range pc.GetTransceivers() {
			for _, track := range tr.Receiver().Tracks() {
				_ = pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(track.SSRC())}})
			}
		}
	}
	ask()
	time.Sleep(time.Second) // what is recorded
	ask()
	time.Sleep(time.Second) // what is recorded
	var sent string
	page.Eval("sent()", &sent)
	t.Log(sent)
	mu.Lock()
	defer mu.Unlock()
	// The last report of each encoding before.
	var out []recorded
	last := map[int8]recorded{}
	for _, p := range packets[:from] {
		if p.Report {
			last[p.Encoding] = p
		}
	}
	for _, p := range last {
		out = append(out, p)
	}
	size := 0
	for _, p := range packets[from:] {
		size += len(p.Payload)
	}
	t.Logf("%d packets, %d bytes", len(packets)-from, size)
	return append(out, packets[from:]...)
}
