package faults

import (
	"fmt"
	"maps"
	"regexp"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/sdk"
)

// withLayers adds the scenarios of layers and preferences to those of a browser.
func withLayers(scenarios pageScenarios) pageScenarios {
	all := maps.Clone(layerScenarios)
	maps.Copy(all, dataPages)
	maps.Copy(all, filePages)
	maps.Copy(all, scenarios)
	return all
}

// canvasCamera makes the page's camera a canvas.
const canvasCamera = `navigator.mediaDevices.getUserMedia = async () => ` + drawn + `; Promise.resolve(true)`

// simulcast matches the lines of a description, as JSON has it, that name encodings.
var simulcast = regexp.MustCompile(`a=(rid|simulcast):[^\\]*\\r\\n`)

// insists joins a meeting with options that ask for several sizes, and switches a camera on.
func (p *tab) insists(before, camera string) {
	p.Helper()
	p.navigate("/")
	p.run(canvasCamera, nil)
	p.run("(() => { "+before+" })(); Promise.resolve(true)", nil)
	p.joins("ann")
	p.run("(async () => { await meeting.enableWebcam("+camera+"); return true; })()", nil)
}

// watches joins a meeting in which a program has switched its camera on, waits for its picture, and returns the
// program.
func (p *tab) watches() *client {
	p.Helper()
	p.navigate("/")
	p.joins("ann")
	bot := p.client(p.Server.URL, p.Account().Token(p), p.meeting, nil)
	require.NoError(p, bot.Join(p.Context()))
	require.NoError(p, bot.EnableWebcam(p.Context(), sdk.TestCard(sdk.CardOptions{})))
	p.until(func() bool {
		var received bool
		p.run(`Promise.resolve(meeting.participants.get("go")?.stream("video") !== undefined)`, &received)
		return received
	}, "the picture does not arrive")
	return bot
}

const theirs = `participants.get("go").`

var layerScenarios = pageScenarios{
	"3045.NOT_ENCODED": func(p *tab) {
		p.insists(`const of = RTCRtpSender.getCapabilities.bind(RTCRtpSender);
			RTCRtpSender.getCapabilities = (kind) => ({ codecs: of(kind).codecs.filter((c) => c.mimeType !== "video/AV1") });`,
			`await VideoSDK.createCameraVideoTrack({ codec: "AV1" })`)
		f := p.awaitEvent()
		require.Equal(p, "AV1", f.Details["codec"])
		require.Contains(p, f.Details["encodes"], "VP8")
	},
	"3046.CODEC": func(p *tab) { // as in Firefox, which does not know the member
		p.insists(`const add = RTCPeerConnection.prototype.addTransceiver;
			RTCPeerConnection.prototype.addTransceiver = function (kind, init) {
				for (const one of init.sendEncodings ?? []) delete one.scalabilityMode;
				return add.call(this, kind, init);
			};`, `await VideoSDK.createCameraVideoTrack({ codec: "VP9" })`)
		require.Equal(p, "L3T3_KEY", p.awaitEvent().Details["scalabilityMode"])
	},
	"3046.BROWSER": func(p *tab) {
		p.insists(`const add = RTCPeerConnection.prototype.addTransceiver;
			RTCPeerConnection.prototype.addTransceiver = function (kind, { direction }) {
				return add.call(this, kind, { direction });
			};`, `await VideoSDK.createCameraVideoTrack({ multiStream: true })`)
		require.Equal(p, 1.0, p.awaitEvent().Details["encodings"])
	},
	"3046.SERVER": func(p *tab) {
		proxy := p.Server.Proxy(p)
		proxy.Edit(func(down bool, frame string) (string, bool) { // a server that takes one encoding
			if down {
				frame = simulcast.ReplaceAllString(frame, "")
			}
			return frame, true
		})
		p.navigate("/")
		p.run(canvasCamera, nil)
		token, meeting := p.Account().Token(p), p.Meeting()
		p.secret(token)
		p.run(fmt.Sprintf(`(async () => {
			globalThis.meeting = make({ server: %q, token: %q, meetingId: %q, participantId: "ann", multiStream: true });
			await meeting.join();
			await meeting.enableWebcam();
			return true;
		})()`, proxy.URL, token, meeting), nil)
		f := p.awaitEvent()
		require.Equal(p, map[string]any{"kind": "video", "layers": 3.0, "taken": 1.0}, f.Details)
	},
	"3062.CAMERA_OFF": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.refused(`setWebcamQuality("low")`)
		f := p.refused("localParticipant.captureImage()")
		require.Contains(p, f.Detail, "ann (page)")
	},
	"3069.NO_FRAME": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.refused(`enableWebcam(document.createElement("canvas").captureStream(0))
			.then(() => meeting.localParticipant.captureImage())`)
	},
	"3069.NOT_DRAWN": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.run(canvasCamera, nil)
		p.run(`HTMLCanvasElement.prototype.toDataURL = () => { throw new DOMException("no", "SecurityError"); };
			meeting.enableWebcam().then(() => true)`, nil)
		f := p.refused("localParticipant.captureImage()")
		require.Equal(p, "SecurityError", f.Details["domName"])
	},
	"3063.ENCODER_REFUSED": func(p *tab) {
		p.insists(``, ``)
		p.run(`RTCRtpSender.prototype.setParameters = async () => { throw new DOMException("no", "OperationError"); };
			Promise.resolve(true)`, nil)
		f := p.refused(`setWebcamQuality("low")`)
		require.Equal(p, map[string]any{"quality": "low", "domName": "OperationError", "domMessage": "no"}, f.Details)
	},
	"3054.ALREADY": func(p *tab) {
		p.watches()
		p.refused(theirs + `stream("video").resume()`)
	},
	"3068.OWN_STREAM": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		for _, call := range []string{`setQuality("low")`, `setScreenShareQuality("low")`, "setViewPort(320, 180)"} {
			p.refused("localParticipant." + call)
		}
	},
	"3068.NOT_RECEIVED": func(p *tab) {
		bot := p.watches()
		p.run("meeting.held = meeting."+theirs+`stream("video"); Promise.resolve(true)`, nil)
		require.NoError(p, bot.DisableWebcam(p.Context()))
		p.until(func() bool {
			var gone bool
			p.run("Promise.resolve(meeting."+theirs+`stream("video") === undefined)`, &gone)
			return gone
		}, "the picture stays")
		p.refused("held.pause()")
	},
	"3073.OUT_OF_RANGE": func(p *tab) {
		p.watches()
		require.Equal(p, "width", p.refused(theirs + "setViewPort(0, 180)").Details["parameter"])
		require.Equal(p, "height", p.refused(theirs + "setViewPort(320, 16385)").Details["parameter"])
		p.refused(theirs + "setViewPort(320, NaN)")
	},
	"3073.CONFLICT": func(p *tab) {
		p.navigate("/")
		p.fails(`VideoSDK.initMeeting({ meetingId: "m", multiStream: false, maxLayer: 2 })`)
	},
	"4047.NO_OBSERVER": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.run("delete window.IntersectionObserver; Promise.resolve(true)", nil)
		require.Equal(p, []any{"IntersectionObserver"}, p.refused("enableAdaptiveSubscription()").Details["missing"])
	},
	"4048.ALREADY_ENABLED": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.run("meeting.enableAdaptiveSubscription().then(() => true)", nil)
		p.refused("enableAdaptiveSubscription()")
		p.run("meeting.disableAdaptiveSubscription().then(() => true)", nil)
	},
	"4049.ALREADY_DISABLED": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.refused("disableAdaptiveSubscription()")
	},
	"4057.ALREADY_PAUSED": func(p *tab) {
		p.watches()
		p.run(`meeting.pauseAllStreams("video").then(() => true)`, nil)
		require.Equal(p, "video", p.refused(`pauseAllStreams("video")`).Details["kind"])
	},
	"4058.NOT_PAUSED": func(p *tab) {
		p.watches()
		require.Equal(p, "all", p.refused("resumeAllStreams()").Details["kind"])
	},
}
