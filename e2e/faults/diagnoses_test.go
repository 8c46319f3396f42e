package faults

import (
	"fmt"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// autoplayFlags are of a browser that plays no sound before the person has acted.
var autoplayFlags = flags("autoplay-policy=document-user-activation-required")

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

// painted is a camera of the page's own, 960 pixels wide; `paint` is the color of its pictures.
const painted = `(() => {
	const canvas = Object.assign(document.createElement("canvas"), { width: 960, height: 540 }), pen = canvas.getContext("2d");
	globalThis.paint = "black";
	setInterval(() => { pen.fillStyle = paint; pen.fillRect(0, 0, 960, 540); }, 40);
	return canvas.captureStream(25);
})()`

// moving is a camera of the page's own, 960 pixels wide, in whose pictures everything moves.
const moving = `(() => {
	const canvas = Object.assign(document.createElement("canvas"), { width: 960, height: 540 }), pen = canvas.getContext("2d");
	let n = 0;
	setInterval(() => {
		n++;
		for (let i = 0; i < 60; i++) {
			pen.fillStyle = "hsl(" + (i * 37 + n * 11) % 360 + " 80% 50%)";
			pen.fillRect((i * 97 + n * 13) % 960, (i * 61 + n * 7) % 540, 48, 48);
		}
	}, 40);
	return canvas.captureStream(25);
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
	"3106.SPEAKING_WHILE_MUTED": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.publishes("unmuteMic", testbrowser.Speech)
		p.run("meeting.muteMic().then(() => true)", nil)
		p.waits()
		f := p.awaitEvent()
		require.Greater(p, f.Details["loudMs"], 999.0)
		p.checkEvent(f)
		p.clears(f, func() { p.run("meeting.unmuteMic().then(() => true)", nil) })
	},
	"3011.BLACK_CAMERA": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.publishes("enableWebcam", painted)
		p.waits()
		f := p.awaitEvent()
		require.EqualValues(p, 0, f.Details["brightest"])
		require.Equal(p, p.Server.URL+"/console/faults/"+f.ID, f.ConsoleURL, "the server is told of it")
		p.checkEvent(f)
		p.clears(f, func() { p.run(`globalThis.paint = "white"; Promise.resolve(true)`, nil) })
	},
	"3106.UPLINK_LIMITED": func(p *tab) {
		h, media := p.behindRelay()
		relay := startRelay(p.T, media)
		p.Server = h
		p.navigate("/")
		p.joins("ann")
		bob := p.client(h.URL, p.Account().Token(p), p.meeting, nil) // what nobody receives is not sent
		require.NoError(p, bob.Join(p.Context()))
		relay.Limit(100_000, 300*time.Millisecond) // a third of what the smallest and the middle size need
		p.publishes("enableWebcam", moving)
		p.waits()
		f := p.awaitLate() // the SDK waits for 20 s, for a picture may be poor for a moment
		require.Equal(p, "video", f.Details["kind"])
		require.EqualValues(p, 540, f.Details["sourceHeight"])
		require.Greater(p, f.Details["forMs"], 19_999.0)
		require.Greater(p, f.Details["availableBps"], 0.0)
		require.Less(p, f.Details["availableBps"], 400_000.0)
		require.Positive(p, relay.Lost())
		p.checkEvent(f)
		p.clears(f, func() {
			relay.Limit(0, 0)
			var over bool
			for deadline := time.Now().Add(time.Minute); !over && time.Now().Before(deadline); { // the rate rises slowly
				p.run(`new Promise((done) => setTimeout(() => done(globalThis.cleared !== undefined), 500))`, &over)
			}
		})
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
		p.run(
			`{ const now = Date.now; globalThis.aheadMs = 90_000; Date.now = () => now() + aheadMs; } Promise.resolve(true)`,
			nil,
		)
		p.joins("ann")
		p.waits()
		f := p.awaitEvent()
		require.InDelta(p, 90, f.Details["offBySec"], 2)
		require.EqualValues(p, 60, f.Details["leewaySec"])
		p.checkEvent(f)
		p.clears(f, func() { p.run("globalThis.aheadMs = 0; Promise.resolve(true)", nil) })
	},
	"3048.NOT_CONNECTED": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.checkEvent(p.fails(`await meeting.simulate("publish-lost")`))
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
