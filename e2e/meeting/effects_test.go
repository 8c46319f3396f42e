package meeting

import (
	"fmt"
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

// Others see the background that is chosen, and the camera as it is once that is off again.
func TestBackground(t *testing.T) {
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
	ann.Until("it is the camera itself", sent+` === "MediaStreamTrack"`)
	ann.Until("nothing went wrong", "!"+at("problems-button"))
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

// level is how loud the other one arrives, as the root of the mean square, over half a second.
const level = `(async () => {
	const audio = document.querySelector('audio[data-testid^="audio-"]');
	if (!audio?.srcObject) return -1;
	const context = new AudioContext(), analyser = new AnalyserNode(context, { fftSize: 16384 });
	new MediaStreamAudioSourceNode(context, { mediaStream: audio.srcObject }).connect(analyser);
	await new Promise((done) => setTimeout(done, 600));
	const samples = new Float32Array(16384);
	analyser.getFloatTimeDomainData(samples);
	await context.close();
	return Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
})()`

// Noise goes, and comes back when it is let through again.
func TestNoiseSuppression(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow)
	enter := func(name, options string) *testbrowser.Page {
		p := browser.Page(t, h.URL+"/meet/"+room+"?joinScreen.visible=false&webcamEnabled=false"+options+
			"#name="+name+"&token="+token, whiteNoise)
		p.Until("the meeting is there", at("meeting-view"))
		return p
	}
	bob := enter("Bob", "&micEnabled=false")
	ann := enter("Ann", "&micEnabled=true")
	hears := func(what, condition string) {
		t.Helper()
		bob.UntilIn(time.Minute, "Bob hears "+what, fmt.Sprintf(`(%s).then((level) => %s)`, level, condition))
	}
	const (
		loud  = "level > 0.03"
		quiet = "level >= 0 && level < 0.015" // RNNoise takes seconds to learn white noise
	)
	hears("noise", loud)
	ann.Click(testbrowser.TestID("more-button"))
	ann.Click(testbrowser.TestID("more-settings"))
	ann.Click(testbrowser.TestID("effects"))
	pressControl(ann, "noise-check")
	hears("far less", quiet)
	ann.Until("the cost is told",
		`/takes [\d.]+% of one processor/.test(document.querySelector('[data-testid="effects-cost"]').innerText)`)
	t.Log(ann.Text(testbrowser.TestID("effects-cost")))
	pressControl(ann, "noise-check")
	hears("noise again", loud)

	// Chosen while muted, it holds from the next unmuting on.
	ann.Click(testbrowser.TestID("dialog-close"))
	ann.Click(testbrowser.TestID("mic-button"))
	ann.Click(testbrowser.TestID("more-button"))
	ann.Click(testbrowser.TestID("more-settings"))
	ann.Click(testbrowser.TestID("effects"))
	pressControl(ann, "noise-check")
	ann.Click(testbrowser.TestID("dialog-close"))
	ann.Click(testbrowser.TestID("mic-button"))
	hears("far less", quiet)
	ann.Until("nothing went wrong", "!"+at("problems-button"))
}
