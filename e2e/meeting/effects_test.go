package meeting

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// look averages the color of the other's picture as it arrives.
const look = `(() => {
	const video = document.querySelector('.tile[data-local="false"] video');
	if (!(video?.videoWidth > 0)) return undefined;
	const canvas = new OffscreenCanvas(160, 90), drawing = canvas.getContext("2d");
	drawing.drawImage(video, 0, 0, 160, 90);
	const { data } = drawing.getImageData(0, 0, 160, 90);
	let red = 0, green = 0, blue = 0;
	for (let i = 0; i < data.length; i += 4) {
		red += data[i]; green += data[i + 1]; blue += data[i + 2];
	}
	const count = data.length / 4;
	return { red: red / count, green: green / count, blue: blue / count };
})()`

// clock lets a page measure time as if it went by so many times as fast: WebGL in software is slow, and that depends on
// the machine.
func clock(rate float64) string {
	return fmt.Sprintf(`(() => {
		const now = performance.now.bind(performance);
		performance.now = () => now() * %f;
	})()`, rate)
}

// pressControl clicks a control, wherever the page has it at the moment: what is loaded meanwhile moves it.
func pressControl(p *testbrowser.Page, id string) {
	p.Until("there is "+id, at(id)+` && document.querySelector(".effects").ariaBusy === "false"`)
	p.Eval(fmt.Sprintf(`document.querySelector(%q).click()`, testbrowser.TestID(id)), nil)
}

// effectsVariable has the test of the background run, which draws with WebGL in software and keeps two processors busy
// for half a minute; `make effects` sets it.
const effectsVariable = "TEST_EFFECTS"

// Others see the background that is chosen, and the camera as it is once that is off again.
func TestBackground(t *testing.T) {
	if os.Getenv(effectsVariable) == "" {
		t.Skip(effectsVariable + " is not set: `make effects` sets it")
	}
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.Camera(15), testbrowser.Allow, testbrowser.SoftwareGraphics)
	enter := func(name string, options string) *testbrowser.Page {
		p := browser.Page(t, h.URL+"/meet/"+room+"?joinScreen.visible=false&micEnabled=false"+options+
			"#name="+name+"&token="+token, clock(0.1))
		p.Until("the meeting is there", at("meeting-view"))
		return p
	}
	bob := enter("Bob", "&webcamEnabled=false")
	ann := enter("Ann", "&webcamEnabled=true&maxResolution=sd")
	sees := func(what, condition string) {
		t.Helper()
		bob.UntilIn(60*time.Second, "Bob sees "+what,
			fmt.Sprintf(`(({ red, green, blue }) => %s)(%s ?? {})`, condition, look))
	}
	const camera = "green > 80 && blue < 40"
	sees("the camera", camera)
	var loaded int
	const models = `performance.getEntriesByType("resource").filter((e) => e.name.includes("/effects/")).length`
	ann.Eval(models, &loaded)
	require.Equal(t, 0, loaded, "nothing is loaded before it is wanted")

	ann.Click(testbrowser.TestID("more-button"))
	ann.Click(testbrowser.TestID("more-settings"))
	ann.Click(testbrowser.TestID("effects"))
	pressControl(ann, "background-picture")
	sees("a blue picture", "blue > 60")
	ann.UntilIn(60*time.Second, "the cost is told",
		`/takes [\d.]+ ms/.test(document.querySelector('[data-testid="effects-cost"]').innerText)`)
	t.Log(ann.Text(testbrowser.TestID("effects-cost")))
	looks(ann, "effects")
	ann.RequireReach(t, "effects")
	ann.Look(1280, 720, false, false)

	pressControl(ann, "background-blur")
	sees("the camera, blurred", camera)
	const sent = `document.querySelector('[data-local="true"] video').srcObject.getVideoTracks()[0].constructor.name`
	ann.Until("it is made of it", sent+` === "MediaStreamTrackGenerator"`)
	pressControl(ann, "background-none")
	sees("the camera again", camera)
	// A device that really is too slow is told so, which is no failure of the background.
	ann.Until("it is the camera itself", sent+` === "MediaStreamTrack"`)
}

// A device that is too slow for it says so, and shows the camera as it is.
func TestBackgroundIsTooMuch(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.Camera(15), testbrowser.Allow, testbrowser.SoftwareGraphics)
	p := browser.Page(t, h.URL+"/meet/"+room+"?joinScreen.visible=false&webcamEnabled=true#name=Ann&token="+token,
		clock(50))
	p.Until("the meeting is there", at("meeting-view"))
	blur := func() {
		p.Click(testbrowser.TestID("more-button"))
		p.Click(testbrowser.TestID("more-settings"))
		p.Click(testbrowser.TestID("effects"))
		pressControl(p, "background-blur")
	}
	blur()
	p.UntilIn(60*time.Second, "it is off again", `document.querySelector('[data-testid="background-none"]').checked`)
	p.Click(testbrowser.TestID("dialog-close"))
	p.Until("it says so", `document.body.innerText.includes("Your device is busy")`)
	p.Click(testbrowser.TestID("problems-button"))
	p.Eval(`document.querySelectorAll(".side details").forEach((d) => (d.open = true))`, nil)
	p.Until("with a code", `document.querySelector(".side").innerText.includes("CPU_LIMITED")`)

	// A browser without WebGL, and a model that does not arrive.
	for name, test := range map[string]struct{ script, problem string }{
		"no WebGL": {
			`OffscreenCanvas.prototype.getContext = ((get) => function (kind, ...rest) {
				return kind === "webgl2" ? null : get.call(this, kind, ...rest);
			})(OffscreenCanvas.prototype.getContext)`, "no WebGL 2",
		},
		"no model": {
			`window.fetch = ((get) => (url, ...rest) => get(String(url).replace(".tflite", ".gone"), ...rest))(window.fetch)`,
			"404",
		},
	} {
		p = browser.Page(t, h.URL+"/meet/"+room+"?joinScreen.visible=false&webcamEnabled=true#name=Ann&token="+token,
			test.script)
		p.Until("the meeting is there", at("meeting-view"))
		blur()
		p.Until(name+": it is off again", `document.querySelector('[data-testid="background-none"]').checked`)
		p.Click(testbrowser.TestID("dialog-close"))
		p.Click(testbrowser.TestID("problems-button"))
		p.Eval(`document.querySelectorAll(".side details").forEach((d) => (d.open = true))`, nil)
		p.Until(name+": it says so, with a code", fmt.Sprintf(`["SCRIPT_NOT_LOADED", %q].every((text) =>
			document.querySelector(".side").innerText.includes(text))`, test.problem))
		p.Until(name+": the camera is on", `document.querySelector('[data-local="true"] video')?.videoWidth > 0`)
	}
}

// whiteNoise makes the microphones of a page pick up noise.
const whiteNoise = `(() => {
	const devices = navigator.mediaDevices, open = devices.getUserMedia.bind(devices);
	devices.getUserMedia = async (wanted) => {
		const opened = await open(wanted);
		if (opened.getAudioTracks().length === 0) return opened;
		const context = new AudioContext(), buffer = new AudioBuffer({ length: 96000, sampleRate: 48000 });
		const samples = buffer.getChannelData(0);
		for (let i = 0; i < samples.length; i++) samples[i] = (Math.random() - 0.5) * 0.2;
		const noise = new AudioBufferSourceNode(context, { buffer, loop: true });
		const out = new MediaStreamAudioDestinationNode(context);
		noise.connect(out);
		noise.start();
		return new MediaStream([...opened.getVideoTracks(), ...out.stream.getAudioTracks()]);
	};
})()`

// suppressed is how loud noise is before and behind the suppressor of the page, as the root of the mean square of the
// last of ten seconds: RNNoise takes some to learn the noise.
const suppressed = `(async (worklet, wasm) => {
	const seconds = 10, rate = 48000, context = new OfflineAudioContext(1, seconds * rate, rate);
	await context.audioWorklet.addModule(worklet);
	const buffer = new AudioBuffer({ length: seconds * rate, sampleRate: rate }), samples = buffer.getChannelData(0);
	let seed = 1, last = 0; // the same noise each time, as of a fan
	for (let i = 0; i < samples.length; i++) {
		seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
		samples[i] = last = 0.95 * last + 0.05 * (seed / 2 ** 32 - 0.5);
	}
	const noise = new AudioBufferSourceNode(context, { buffer });
	const node = new AudioWorkletNode(context, "noise-suppressor", {
		channelCount: 1, channelCountMode: "explicit", outputChannelCount: [1],
		processorOptions: { wasm: await (await fetch(wasm)).arrayBuffer() },
	});
	noise.connect(node).connect(context.destination);
	noise.start();
	const rendered = (await context.startRendering()).getChannelData(0);
	const level = (from) => Math.sqrt(from.slice(-rate).reduce((sum, s) => sum + s * s, 0) / rate);
	return [level(samples), level(rendered)];
})(%q, %q)`

// sent is how loud the microphone is that a page sends, as the root of the mean square over half a second.
const sent = `(async () => {
	const read = async () => {
		for (const pc of window.__connections) {
			if (pc.connectionState !== "connected") continue;
			for (const r of (await pc.getStats()).values())
				if (r.type === "media-source" && r.kind === "audio") return [r.totalAudioEnergy, r.totalSamplesDuration];
		}
		return [0, 0];
	};
	const [energy, seconds] = await read();
	await new Promise((done) => setTimeout(done, 500));
	const [later, end] = await read();
	return end > seconds ? Math.sqrt((later - energy) / (end - seconds)) : -1;
})()`

// asset returns the address of the script or file of the pages whose name begins so.
func asset(t *testing.T, name string) string {
	t.Helper()
	found, err := filepath.Glob("../../internal/console/dist/meet/assets/effects/" + name)
	require.NoError(t, err)
	require.Len(t, found, 1)
	return "/meet/assets/effects/" + filepath.Base(found[0])
}

// Noise goes in the suppressor, which runs in the page while it is on. How well it does is judged without a clock: of a
// page under load noise comes in pieces.
func TestNoiseSuppression(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	p := testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow).Page(t, h.URL+"/meet/"+account.Meeting(t, nil)+
		"?joinScreen.visible=false&webcamEnabled=false&micEnabled=true#name=Ann&token="+account.Token(t), whiteNoise,
		testbrowser.RecordConnections)
	p.Until("the meeting is there", at("meeting-view"))
	var levels []float64
	p.Eval(fmt.Sprintf(suppressed, asset(t, "rnnoise.worklet-*.js"), asset(t, "rnnoise-*.wasm")), &levels)
	t.Logf("noise of %.3f becomes %.4f", levels[0], levels[1])
	require.Greater(t, levels[0], 0.01)
	require.Less(t, levels[1], levels[0]/5)

	settings := func() {
		p.Click(testbrowser.TestID("more-button"))
		p.Click(testbrowser.TestID("more-settings"))
		p.Click(testbrowser.TestID("effects"))
	}
	const cost = `document.querySelector('[data-testid="effects-cost"]').innerText`
	sends := func(what, condition string) {
		t.Helper()
		p.Until("it sends "+what, fmt.Sprintf(`(%s).then((level) => %s)`, sent, condition))
	}
	const loud = "level > 0.03"
	sends("noise", loud)
	settings()
	pressControl(p, "noise-check")
	p.Until("the cost is told", `/takes [\d.]+% of one processor/.test(`+cost+`)`)
	var text string
	p.Eval(cost, &text)
	t.Log(text)
	pressControl(p, "noise-check")
	p.Until("there is no cost", cost+` === ""`)
	sends("noise again", loud)

	// Chosen while muted, it holds from the next unmuting on.
	p.Click(testbrowser.TestID("dialog-close"))
	p.Click(testbrowser.TestID("mic-button"))
	settings()
	pressControl(p, "noise-check")
	p.Click(testbrowser.TestID("dialog-close"))
	p.Click(testbrowser.TestID("mic-button"))
	settings()
	p.Until("the cost is told again", `/takes [\d.]+% of one processor/.test(`+cost+`)`)
	p.Click(testbrowser.TestID("dialog-close"))
	p.Until("nothing went wrong", "!"+at("problems-button"))
}
