package meeting

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

// noWebGL is a browser that cannot change the background.
const noWebGL = `OffscreenCanvas.prototype.getContext = ((get) => function (kind, ...rest) {
	return kind === "webgl2" && !window.canDraw ? null : get.call(this, kind, ...rest);
})(OffscreenCanvas.prototype.getContext)`

// noModel is a server that has lost a file of the background.
const noModel = `window.fetch = ((get) => (url, ...rest) =>
	get(String(url).replace(".tflite", ".gone"), ...rest))(window.fetch)`

// slowGraphics is a device whose graphics processor needs four fifths of the time for something else: of the pictures
// of a fast machine and of those of a slow one less than 10 a second are left.
const slowGraphics = `(() => {
	let last = 0;
	for (const name of ["drawArrays", "drawElements", "texImage2D", "texSubImage2D"]) {
		const { prototype } = WebGL2RenderingContext, call = prototype[name];
		prototype[name] = function (...args) {
			if (performance.now() - last > 100) {
				for (const until = performance.now() + 400; performance.now() < until; );
				last = performance.now();
			}
			return call.apply(this, args);
		};
	}
})()`

// onlooker is somebody who sees others, with camera and microphone off.
func onlooker(t *testing.T, b *testbrowser.Browser, url, room, token string) *testbrowser.Page {
	t.Helper()
	const options = "?joinScreen.visible=false&micEnabled=false&webcamEnabled=false#name=Bob&token="
	p := b.Page(t, url+"/meet/"+room+options+token)
	p.Until("the meeting is there", at("meeting-view"))
	return p
}

// isOff checks that nothing of the own camera is shown or sent, and that a fault says why.
func isOff(p *testbrowser.Page, why, problem string) {
	p.UntilIn(60*time.Second, why+": the camera is off", `document.querySelector('[data-local="true"]') !== null &&
		document.querySelector('[data-local="true"] video') === null`)
	p.Until(why+": it says so", `document.querySelector('[data-testid="fault-line"][data-reason="BACKGROUND_FAILED"]')
		?.innerText.includes("Your camera is off, because its background could not be changed.")`)
	p.Click(testbrowser.TestID("problems-button"))
	p.Eval(`document.querySelectorAll(".side details").forEach((d) => (d.open = true))`, nil)
	p.Until(why+": with a code and the cause", fmt.Sprintf(`["3011", "BACKGROUND_FAILED", %q].every((text) =>
		document.querySelector(".side").innerText.includes(text))`, problem))
	p.Click(testbrowser.TestID("problems-button"))
}

const ownCamera = `document.querySelector('[data-local="true"] video')?.videoWidth > 0`

// Nobody is shown as they are who wanted another background: where that fails, the camera is off, and it is for this
// person to say that it may be shown all the same.
func TestBackgroundFails(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.Camera(15), testbrowser.Allow, testbrowser.SoftwareGraphics)
	bob := onlooker(t, browser, h.URL, room, token)
	sees := func(yes bool) {
		t.Helper()
		bob.Until(fmt.Sprintf("Bob sees Ann: %t", yes), fmt.Sprintf(
			`(document.querySelector('.tile[data-local="false"] video')?.videoWidth > 0) === %t`, yes))
	}
	for _, test := range []struct{ why, script, problem string }{
		{"no WebGL", noWebGL, "no WebGL 2"},
		{"no model", noModel, "404"},
		{"too slow", slowGraphics, "pictures a second"},
	} {
		if test.why == "too slow" && os.Getenv(effectsVariable) == "" {
			continue // it draws with WebGL in software, which keeps two processors busy
		}
		p := browser.Page(t, h.URL+"/meet/"+room+
			"?joinScreen.visible=false&webcamEnabled=true&micEnabled=false#name=Ann&token="+token, test.script)
		p.Until("the meeting is there", at("meeting-view")+" && "+ownCamera)
		sees(true)
		p.Click(testbrowser.TestID("more-button"))
		p.Click(testbrowser.TestID("more-settings"))
		p.Click(testbrowser.TestID("effects"))
		pressControl(p, "background-blur")
		p.Click(testbrowser.TestID("dialog-close"))
		isOff(p, test.why, test.problem)
		sees(false)
		if test.why == "no WebGL" {
			p.Click(testbrowser.TestID("cam-button")) // once more, with the same outcome
			isOff(p, "once more", test.problem)
			sees(false)
			looks(p, "background-failed")
			p.RequireReach(t, "background-failed")
			p.Look(1280, 720, false, false)
		}
		p.Click(testbrowser.TestID("without-background"))
		p.Until("the camera is on", ownCamera)
		p.Until("nothing is left to be said", "!"+at("without-background"))
		sees(true)
		p.Close()
	}
}

// What is chosen before joining holds from the preview on. Where a background cannot be, the preview shows nothing
// until it may be shown as it is.
func TestEffectsInPreview(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.Camera(15), testbrowser.Allow, testbrowser.SoftwareGraphics)
	address := h.URL + "/meet/" + room + "#name=Ann&token=" + token
	p := browser.Page(t, address, noWebGL, testbrowser.RecordConnections)
	const preview = `document.querySelector(".preview video")?.videoWidth > 0`
	p.Until("the preview is there", preview)
	p.Click(testbrowser.TestID("effects"))
	pressControl(p, "noise-check")
	const cost = `document.querySelector('[data-testid="effects-cost"]').innerText`
	p.Until("noise is suppressed in the preview", `/takes [\d.]+% of one processor/.test(`+cost+`)`)
	pressControl(p, "background-blur")
	p.Until("it is told", `document.querySelector('[data-testid="fault-panel"][data-code="3011"]') !== null`)
	p.Until("the preview is off", `document.querySelector(".preview video") === null`)
	looks(p, "preview-background-failed")
	p.RequireReach(t, "preview-background-failed")
	p.Look(1280, 720, false, false)

	// Who joins so joins without the camera, and can show it there.
	p.Click(testbrowser.TestID("join-button"))
	p.Until("it is in", at("meeting-view"))
	p.Until("the camera is off", `document.querySelector('[data-local="true"] video') === null`)
	p.Click(testbrowser.TestID("more-button"))
	p.Click(testbrowser.TestID("more-settings"))
	p.Click(testbrowser.TestID("effects"))
	p.Until("noise is suppressed in the meeting", `/takes [\d.]+% of one processor/.test(`+cost+`)`)
	p.Until("both choices are kept", `document.querySelector('[data-testid="noise-check"]').checked &&
		document.querySelector('[data-testid="background-blur"]').checked`)
	p.Click(testbrowser.TestID("dialog-close"))
	p.Click(testbrowser.TestID("leave-button"))
	p.Click(testbrowser.TestID("leave-confirm"))
	p.Click(testbrowser.TestID("back-button"))
	p.Until("it fails in the preview again", at("without-background"))
	p.Click(testbrowser.TestID("without-background"))
	p.Until("the preview shows the camera", preview+` && !`+at("fault-panel"))
	p.Click(testbrowser.TestID("join-button"))
	p.Until("so does the meeting", ownCamera)
}

// The background that is chosen before joining is what others see from the first picture on.
func TestBackgroundInPreview(t *testing.T) {
	if os.Getenv(effectsVariable) == "" {
		t.Skip(effectsVariable + " is not set: `make effects` sets it")
	}
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.Camera(15), testbrowser.Allow, testbrowser.SoftwareGraphics)
	bob := onlooker(t, browser, h.URL, room, token)
	ann := browser.Page(t, h.URL+"/meet/"+room+"?maxResolution=sd#name=Ann&token="+token, clock(0.1))
	ann.Until("the preview is there", `document.querySelector(".preview video")?.videoWidth > 0`)
	ann.Click(testbrowser.TestID("effects"))
	pressControl(ann, "background-picture")
	own := strings.Replace(look, `.tile[data-local="false"]`, ".preview", 1)
	ann.UntilIn(60*time.Second, "the preview has the picture", fmt.Sprintf("(%s)?.blue > 60", own))
	bob.Eval(fmt.Sprintf(`void setInterval(() => {
		const seen = %s;
		if (seen !== undefined) (window.seen ??= []).push(seen.blue);
	}, 50)`, look), nil)
	ann.Click(testbrowser.TestID("join-button"))
	ann.Until("she is in", at("meeting-view"))
	bob.UntilIn(60*time.Second, "Bob sees it", `(window.seen ?? []).length > 20`)
	var least float64
	bob.Eval("Math.min(...window.seen)", &least)
	require.Greater(t, least, 40.0, "Bob has seen the camera as it is")
}

// Who hides its own picture is seen by others as before, and sees itself again when it likes.
func TestHideSelf(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	ann := enter(t, browser, h, room, token, "Ann")
	ann.Until("it takes keys", `document.activeElement.classList.contains("stage")`)
	ann.Press("y")
	ann.Until("alone, one sees oneself all the same", ownCamera)
	bob := enter(t, browser, h, room, token, "Bob")
	bob.AwaitVideos(1)
	ann.Until("Ann sees Bob alone", `document.querySelectorAll(".tile").length === 1 &&
		document.querySelector('.tile[data-local="false"] video')?.videoWidth > 0`)
	bob.AwaitVideos(1)
	ann.Click(testbrowser.TestID("more-button"))
	require.Contains(t, ann.Text(testbrowser.TestID("more-self")), "Show yourself")
	ann.Click(testbrowser.TestID("more-self"))
	ann.Until("Ann sees herself again", `document.querySelectorAll(".tile").length === 2 && `+ownCamera)
	ann.Press("y")
	ann.Until("a key hides it", `document.querySelectorAll(".tile").length === 1`)
	ann.Reload()
	ann.Click(testbrowser.TestID("join-button"))
	ann.Until("the choice is kept", at("meeting-view")+` && document.querySelector('.tile[data-local="false"]') !== null &&
		document.querySelector('[data-local="true"]') === null`)
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
	p := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow).Page(t, h.URL+"/meet/"+account.Meeting(t, nil)+
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
