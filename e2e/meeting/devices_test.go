package meeting

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// twoSides puts the first camera on the front of the device and the others on its back, as phones tell it. Chromium's
// made-up cameras are on no side.
const twoSides = `(() => {
	const { enumerateDevices } = MediaDevices.prototype, { getSettings } = MediaStreamTrack.prototype;
	const sides = new Map();
	MediaDevices.prototype.enumerateDevices = async function () {
		const devices = await enumerateDevices.call(this);
		for (const [i, d] of devices.filter((d) => d.kind === "videoinput").entries()) {
			const side = i === 0 ? "user" : "environment";
			sides.set(d.deviceId, side);
			d.getCapabilities = () => ({ facingMode: [side] });
		}
		return devices;
	};
	MediaStreamTrack.prototype.getSettings = function () {
		const settings = getSettings.call(this);
		return this.kind === "video" ? { ...settings, facingMode: sides.get(settings.deviceId) } : settings;
	};
})()`

// A phone goes on with the camera on its other side, in the preview and in the meeting, by button and by menu. Only
// one's own face is shown as in a mirror.
func TestCameraFlip(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.Cameras(3), testbrowser.Allow)
	address := h.URL + "/meet/" + room + "?webcamEnabled=true#name=Ann&token=" + token
	p := browser.Page(t, address, twoSides)
	p.Look(390, 844, false, true)
	shows := func(within, side string) {
		t.Helper()
		p.Until("it shows the camera of the side "+side, fmt.Sprintf(`(() => {
			const video = document.querySelector(%q + " video");
			const track = video?.srcObject?.getVideoTracks()[0];
			return video?.videoWidth > 0 && track?.readyState === "live" && track.getSettings().facingMode === %q &&
				video.classList.contains("mirrored") === (%q === "user");
		})()`, within, side, side))
	}
	shows(".preview", "user")
	p.Click(testbrowser.TestID("flip-button"))
	shows(".preview", "environment")
	p.RequireReach(t, "preview-flip")
	p.Look(390, 844, false, true)
	p.Click(testbrowser.TestID("join-button"))
	p.Until("it is in", at("meeting-view"))
	shows(`[data-local="true"]`, "environment")
	p.Click(testbrowser.TestID("more-button"))
	p.Until("the menu is open", at("more-flip"))
	p.Screenshot("more-flip")
	p.Click(testbrowser.TestID("more-flip"))
	shows(`[data-local="true"]`, "user")
	p.Eval(`document.querySelector('[data-testid="tile-flip"]').click()`, nil)
	shows(`[data-local="true"]`, "environment")
	p.Screenshot("flipped")
	p.Click(testbrowser.TestID("cam-button"))
	p.Until("a camera that is off has no other side", "!"+at("tile-flip"))

	desk := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow).Page(t, address, twoSides)
	desk.Until("the preview is there", `document.querySelector(".preview video")?.videoWidth > 0 && `+at("speaker-test"))
	var there bool
	desk.Eval(at("flip-button"), &there)
	require.False(t, there, "one camera has no other one")
}

// The speaker test plays on the chosen output, in preview and settings, and says where the speaker is chosen.
func TestSpeakerTest(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	address := h.URL + "/meet/" + room + "#name=Ann&token=" + token
	const outputs = `window.outputs = []; window.loud = 0;
		const { play } = HTMLMediaElement.prototype;
		HTMLMediaElement.prototype.play = async function () {
			await play.call(this);
			if (!(this instanceof HTMLAudioElement) || this.isConnected) return;
			window.outputs.push(this.sinkId ?? "");
			const context = new AudioContext(), analyser = context.createAnalyser(), samples = new Float32Array(2048);
			context.createMediaStreamSource(this.srcObject).connect(analyser);
			const timer = setInterval(() => {
				analyser.getFloatTimeDomainData(samples);
				window.loud = Math.max(window.loud, ...samples);
			}, 50);
			setTimeout(() => { clearInterval(timer); void context.close(); }, 3000);
		};`
	p := browser.Page(t, address, outputs)
	says := func(p *testbrowser.Page, text string) {
		t.Helper()
		p.Until("it says: "+text,
			fmt.Sprintf(`document.querySelector('[data-testid="speaker-test-said"]')?.innerText.startsWith(%q)`, text))
	}
	p.Click(testbrowser.TestID("speaker-test"))
	says(p, "You should hear a sound now.")
	p.Until("it is heard", "window.loud > 0.1")
	says(p, "If you heard nothing")
	looks(p, "speaker-test-preview")
	p.RequireReach(t, "speaker-test-preview")
	p.Look(1280, 720, false, false)

	p.Click(testbrowser.TestID("join-button"))
	p.Until("it is in", at("meeting-view"))
	p.Click(testbrowser.TestID("more-button"))
	p.Click(testbrowser.TestID("more-settings"))
	var chosen string
	p.Until("there is another output", `document.querySelectorAll('[data-testid="speaker-select"] option').length > 1`)
	p.Eval(`(() => {
		const select = document.querySelector('[data-testid="speaker-select"]');
		select.value = select.options[1].value;
		select.dispatchEvent(new Event("change", { bubbles: true }));
		return select.value;
	})()`, &chosen)
	require.NotEmpty(t, chosen)
	p.Click(testbrowser.TestID("speaker-test"))
	says(p, "You should hear a sound now.")
	p.Until("it plays there", fmt.Sprintf(`window.outputs.length === 2 && window.outputs.at(-1) === %q`, chosen))
	looks(p, "speaker-test-settings")
	says(p, "If you heard nothing")

	// An output that is gone is told, and the default one plays.
	p.Eval(`void (HTMLMediaElement.prototype.setSinkId = async () => {
		throw new DOMException("gone", "NotFoundError");
	})`, nil)
	p.Click(testbrowser.TestID("speaker-test"))
	says(p, "This speaker does not answer.")

	without := browser.Page(t, address, "delete HTMLMediaElement.prototype.setSinkId;"+outputs)
	without.Until("it says where the speaker is chosen", `document.querySelector('[data-testid="speaker-note"]')
		?.innerText.includes("in the settings of your device")`)
	without.Click(testbrowser.TestID("speaker-test"))
	says(without, "You should hear a sound now.")
	without.Until("it is heard", "window.loud > 0.1")
}
