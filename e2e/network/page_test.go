package network

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
)

// enter opens a page on which a participant is in the meeting with the browser SDK. The pictures of others are shown at
// 1280x720.
func enter(t testing.TB, b *testbrowser.Browser, url, meetingID, token, id string, publishes bool) *testbrowser.Page {
	t.Helper()
	p := b.Page(t, url+"/", testbrowser.RecordConnections)
	p.Eval(fmt.Sprintf(`(async () => {
    const { VideoSDK } = await import(%q);
    VideoSDK.config(%q, { serverUrl: %q });
    const meeting = VideoSDK.initMeeting({ meetingId: %q, participantId: %q, name: %q, micEnabled: %t, webcamEnabled: %t });
    window.faults = [];
    meeting.on("error", (f) => { console.log(f.code, f.reason, f.detail); window.faults.push(f.code + " " + f.reason); });
    const show = (participant) => participant.on("stream-enabled", (stream) => {
      const element = document.createElement(stream.track.kind);
      Object.assign(element, { autoplay: true, muted: true, srcObject: new MediaStream([stream.track]) });
      element.style.cssText = "width: 1280px; height: 720px";
      document.body.append(element);
    });
    meeting.on("participant-joined", show);
    window.meeting = meeting;
    await meeting.join();
  })()`, url+"/sdk/klatch.mjs", token, url, meetingID, id, id, publishes, publishes), nil)
	return p
}

// sample is what a viewer's statistics say at one moment.
type sample struct {
	Frames    int     `json:"framesDecoded"`
	Width     int     `json:"frameWidth"`
	Height    int     `json:"frameHeight"`
	Frozen    float64 `json:"totalFreezesDuration"` // s
	Freezes   int     `json:"freezeCount"`
	Bytes     int     `json:"bytesReceived"`
	Buffered  float64 `json:"jitterBufferDelay"` // s, summed over Emitted
	Emitted   int     `json:"jitterBufferEmittedCount"`
	Concealed int     `json:"concealedSamples"`
	Samples   int     `json:"totalSamplesReceived"`
	at        time.Time
}

// take reads the statistics of the stream of each kind that has brought the most.
func take(p *testbrowser.Page) (s sample) {
	p.Eval(`(async () => {
    const most = {};
    for (const pc of window.__connections) {
      if (pc.connectionState === "closed") continue;
      for (const r of (await pc.getStats()).values()) {
        if (r.type === "inbound-rtp" && r.packetsReceived > (most[r.kind]?.packetsReceived ?? 0)) most[r.kind] = r;
      }
    }
    const { concealedSamples, totalSamplesReceived } = most.audio ?? {};
    return { ...most.video, concealedSamples, totalSamplesReceived };
  })()`, &s)
	s.at = time.Now()
	return s
}

// figures are what a person saw and heard between two samples.
type figures struct {
	FPS       float64 // pictures shown a second
	Frozen    float64 // share of the time
	Freezes   int
	Size      string // of the last picture
	Height    int
	Kbit      float64 // kbit/s of picture
	Concealed float64 // share of the sound that the player made up
	DelayMs   float64 // in the jitter buffer
}

func (s sample) since(before sample) figures {
	seconds := s.at.Sub(before.at).Seconds()
	return figures{
		FPS:       float64(s.Frames-before.Frames) / seconds,
		Frozen:    (s.Frozen - before.Frozen) / seconds,
		Freezes:   s.Freezes - before.Freezes,
		Size:      fmt.Sprintf("%dx%d", s.Width, s.Height),
		Height:    s.Height,
		Kbit:      float64(s.Bytes-before.Bytes) * 8 / seconds / 1000,
		Concealed: float64(s.Concealed-before.Concealed) / max(1, float64(s.Samples-before.Samples)),
		DelayMs:   1000 * (s.Buffered - before.Buffered) / max(1, float64(s.Emitted-before.Emitted)),
	}
}

func (f figures) String() string {
	return fmt.Sprintf("%4.1f fps of %s, %4.0f kbit/s, frozen %4.1f %% (%d times), "+
		"%4.1f %% of the sound made up, %3.0f ms buffered",
		f.FPS, f.Size, f.Kbit, 100*f.Frozen, f.Freezes, 100*f.Concealed, f.DelayMs)
}

// watch measures for a time.
func watch(p *testbrowser.Page, d time.Duration) figures {
	before := take(p)
	time.Sleep(d) // the measurement itself
	return take(p).since(before)
}

// waitPicture waits until pictures of a height or more are shown.
func waitPicture(t testing.TB, p *testbrowser.Page, height int) {
	t.Helper()
	before := take(p)
	require.Eventually(t, func() bool {
		last, now := before, take(p)
		before = now
		return now.Frames > last.Frames && now.Height >= height
	}, 30*time.Second, time.Second)
}
