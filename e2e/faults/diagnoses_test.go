package faults

import (
	"fmt"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// Groups of browserGroups for diagnoses that need a browser of their own.
var (
	autoplayFlags = flags("autoplay-policy=document-user-activation-required")
	// libwebrtc takes the encoder for overloaded after a second, for an hour (OveruseFrameDetector).
	overuseFlags = flags("force-fieldtrials=WebRTC-ForceSimulatedOveruseIntervalMs/1000-3600000-1000/")
)

// hum is a microphone of the page's own; `volume` is how loud it is, 0 to 1.
const hum = `(() => {
	const context = new AudioContext(), hum = context.createOscillator(), out = context.createMediaStreamDestination();
	const gain = context.createGain();
	gain.gain.value = 0;
	globalThis.volume = (v) => { gain.gain.value = v; };
	hum.connect(gain).connect(out);
	hum.start();
	return out.stream;
})()`

// painted is a camera of the page's own, 960 pixels wide; `paint` is the color of every second picture.
const painted = `(() => {
	const canvas = Object.assign(document.createElement("canvas"), { width: 960, height: 540 }), pen = canvas.getContext("2d");
	globalThis.paint = "black";
	let n = 0;
	setInterval(() => { pen.fillStyle = ++n % 2 ? "black" : paint; pen.fillRect(0, 0, 960, 540); }, 40);
	return canvas.captureStream(25);
})()`

// noisy is a camera whose pictures cannot be compressed.
const noisy = `(() => {
	const canvas = Object.assign(document.createElement("canvas"), { width: 960, height: 540 }), pen = canvas.getContext("2d");
	const noise = new ImageData(960, 540), words = new Uint32Array(noise.data.buffer);
	let state = 1;
	for (let i = 0; i < words.length; i++) words[i] = (state = Math.imul(state, 1664525) + 1013904223) | 0xff000000;
	let n = 0;
	setInterval(() => { pen.putImageData(noise, -(n % 7) * 31, -(n++ % 5) * 17); }, 50);
	return canvas.captureStream(20);
})()`

var diagnosisScenarios = pageScenarios{
	"3012.SILENT_MICROPHONE": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.publishes("unmuteMic", hum)
		p.waits()
		f := p.awaitEvent()
		require.Equal(p, false, f.Details["soundBefore"])
		p.checkEvent(f)
		p.clears(f, func() { p.run("volume(0.5); Promise.resolve(true)", nil) })
	},
	"3011.BLACK_CAMERA": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.publishes("enableWebcam", painted)
		p.waits()
		f := p.awaitEvent()
		require.EqualValues(p, 0, f.Details["brightest"])
		p.checkEvent(f)
		p.clears(f, func() { p.run(`globalThis.paint = "white"; Promise.resolve(true)`, nil) })
	},
	"3106.SPEAKING_WHILE_MUTED": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.publishes("unmuteMic", hum)
		p.run("meeting.muteMic().then(() => true)", nil)
		p.waits()
		speaks := func() {
			p.run("volume(0.5); new Promise((done) => setTimeout(done, 4000, true))", nil)
			p.run("volume(0); Promise.resolve(true)", nil)
		}
		speaks()
		f := p.awaitEvent()
		p.checkEvent(f)
		p.clears(f, func() {})
		speaks() // once until it is unmuted
		var n int
		p.run("Promise.resolve(meeting.heard.length)", &n)
		require.Equal(p, 1, n)
	},
	"3106.TAB_SUSPENDED": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.waits()
		lifecycle := func(state page.SetWebLifecycleStateState) {
			_, err := chromedp.Call(p.ctx, page.SetWebLifecycleState, page.SetWebLifecycleStateParams{State: state})
			require.NoError(p, err)
		}
		lifecycle(page.SetWebLifecycleStateStateFrozen)
		<-time.After(11 * time.Second) // what the browser does to a page in the background
		lifecycle(page.SetWebLifecycleStateStateActive)
		f := p.awaitEvent()
		require.Equal(p, true, f.Details["frozen"])
		require.Greater(p, f.Details["forMs"], 10_000.0)
		p.checkEvent(f)
		p.clears(f, func() {})
	},
	"3106.CLOCK_WRONG": func(p *tab) {
		p.navigate("/")
		p.run(`{ const now = Date.now; globalThis.aheadMs = 90_000; Date.now = () => now() + aheadMs; } Promise.resolve(true)`, nil)
		p.joins("ann")
		p.waits()
		f := p.awaitEvent()
		require.InDelta(p, 90, f.Details["offBySec"], 2)
		require.EqualValues(p, 60, f.Details["leewaySec"])
		p.checkEvent(f)
		p.clears(f, func() { p.run("globalThis.aheadMs = 0; Promise.resolve(true)", nil) })
	},
	"3106.UPLINK_LIMITED": func(p *tab) {
		h, media := p.behindRelay()
		relay := startRelay(p.T, media)
		const bytesPerSecond = 20_000
		budget, at := 0.0, time.Now() // Drop is called by one goroutine of the relay after the other, under its lock
		relay.Drop(func(packet []byte) bool {
			if !isMedia(packet) || packet[1] >= 192 && packet[1] <= 223 { // RTCP: RFC 5761, section 4
				return false
			}
			budget = min(bytesPerSecond/4, budget+time.Since(at).Seconds()*bytesPerSecond)
			at = time.Now()
			if budget < float64(len(packet)) {
				return true
			}
			budget -= float64(len(packet))
			return false
		})
		p.Server = h
		p.navigate("/")
		p.sendsPoorly(noisy)
	},
	"3106.AUTOPLAY_BLOCKED": func(p *tab) {
		p.navigate("/")
		meeting, token := p.Meeting(), p.Account().Token(p)
		p.secret(token)
		bot := p.client(p.Server.URL, token, meeting, nil)
		require.NoError(p, bot.Join(p.Context()))
		require.NoError(p, bot.UnmuteMic(p.Context(), sdk.TestTone("bot")))
		p.evaluate(fmt.Sprintf(`(async () => {
			globalThis.meeting = make({ server: %q, token: %q, meetingId: %q, participantId: "ann" });
			await meeting.join();
			const element = globalThis.element = document.body.appendChild(document.createElement("audio"));
			element.autoplay = true;
			const sound = () => [...meeting.participants.values()].map((p) => p.stream("audio")?.track).find((t) => t);
			while (!sound()) await new Promise((done) => setTimeout(done, 50));
			element.srcObject = new MediaStream([sound()]);
			return true;
		})()`, p.Server.URL, token, meeting), nil, false)
		var told bool
		for deadline := time.Now().Add(testserver.Timeout); !told && time.Now().Before(deadline); {
			// p.run would be a gesture
			p.evaluate(`new Promise((done) => setTimeout(() => done(meeting.heard.length > 0), 200))`, &told, false)
		}
		f := p.awaitEvent()
		require.Equal(p, "audio", f.Details["kind"])
		p.checkEvent(f)
		p.clears(f, func() { p.run("element.play().then(() => true)", nil) })
	},
}

var overuseScenarios = pageScenarios{
	"3106.CPU_LIMITED": func(p *tab) {
		p.navigate("/")
		p.sendsPoorly(noisy)
	},
}

// sendsPoorly publishes a picture that somebody takes, until it is told that it is limited. It is over when the picture is.
func (p *tab) sendsPoorly(camera string) {
	p.Helper()
	p.joins("ann")
	bob := p.client(p.Server.URL, p.Account().Token(p), p.meeting, nil)
	require.NoError(p, bob.Join(p.Context()))
	p.publishes("enableWebcam", camera)
	p.waits()
	var f *fault.Error
	known := fmt.Sprintf(`meeting.heard.some((f) => f.code === %d && f.reason === %q)`, p.Entry.Code, p.Entry.Reason)
	for deadline, told := time.Now().Add(4*testserver.Timeout), false; !told && time.Now().Before(deadline); {
		p.run(`new Promise((done) => setTimeout(() => done(`+known+`), 500))`, &told)
	}
	f = p.awaitEvent()
	require.Equal(p, "video", f.Details["kind"])
	require.EqualValues(p, 540, f.Details["sourceHeight"])
	p.checkEvent(f)
	p.clears(f, func() { p.run("meeting.disableWebcam().then(() => true)", nil) })
}
