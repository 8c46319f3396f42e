package faults

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/chromedp/cdproto/browser"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// pageScenarios maps keys to what a page does.
type pageScenarios map[string]func(*tab)

// browserGroup is the scenarios that one browser can produce. Where they share devices, they run one after the other.
type browserGroup struct {
	name      string
	flags     func(*testing.T) []string
	scenarios pageScenarios
	serial    bool
}

var browserGroups = []browserGroup{
	// It takes longest, and mostly waits.
	{"that has little of the processor", flags("use-fake-device-for-media-stream", "use-fake-ui-for-media-stream"),
		slowScenarios, true},
	{
		"without devices",
		flags("disable-blink-features=GetDisplayMedia"),
		withPreCall(withLayers(deviceLessScenarios)),
		false,
	},
	{"with a camera and a microphone", cameraFlags, deviceScenarios, true},
	{"with a microphone of the system", systemFlags, systemScenarios, true},
	{"whose user refuses", flags("use-fake-device-for-media-stream", "use-fake-ui-for-media-stream=deny"),
		refusingScenarios, true},
	{"without a screen", flags("use-fake-ui-for-media-stream", "enable-features=GetDisplayMediaRequiresUserActivation"),
		screenScenarios, true},
	{"that plays nothing before a click", autoplayFlags, diagnosisScenarios, false},
}

func flags(list ...string) func(*testing.T) []string {
	return func(*testing.T) []string { return list }
}

func TestBrowserScenarios(t *testing.T) {
	t.Parallel()
	shared := testserver.Start(t, func(c *conf.Config) {
		c.Webhook.AllowPrivateTargets = true
		c.Quality.Interval = time.Second
	})
	for _, group := range browserGroups {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			b := startChromium(t, shared, maxTabs, group.flags(t)...)
			for _, key := range slices.Sorted(maps.Keys(group.scenarios)) {
				t.Run(key, func(t *testing.T) {
					if !group.serial {
						t.Parallel()
					}
					found := fault.Find(key)
					require.Len(t, found, 1, "not in the catalogue")
					p := b.open(&T{T: t, Server: shared, Entry: found[0]})
					p.begin()
					group.scenarios[key](p)
					require.Positive(t, p.reads, "the scenario read no fault")
					if p.Entry.Origin != "server" { // else TestScenarios checks its audiences
						p.checkAudiences()
					}
				})
			}
		})
	}
}

const (
	granted = browser.PermissionSettingGranted
	denied  = browser.PermissionSettingDenied

	webcam = "await VideoSDK.createCameraVideoTrack()"
	mic    = "await VideoSDK.createMicrophoneAudioTrack()"
	share  = "await VideoSDK.createScreenShareVideoTrack()"
)

// refusedJoin joins in a page, which must be refused with the server's fault.
func refusedJoin(token func(*tab) string) func(*tab) {
	return func(p *tab) {
		p.navigate("/")
		p.make(token(p), p.Meeting(), "ann")
		p.checkEvent(p.fails("await meeting.join()"))
	}
}

// removed joins in a page and then does something because of which the page's participant is removed.
func removed(act func(*tab)) func(*tab) {
	return func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		act(p)
		p.awaitEvent()
		p.until(func() bool {
			var state string
			p.run("Promise.resolve(meeting.state)", &state)
			return state == "DISCONNECTED"
		}, "the meeting is not disconnected")
	}
}

// Streams that a page makes itself.
const (
	drawn = `(() => {
		const canvas = document.createElement("canvas");
		const pen = canvas.getContext("2d");
		setInterval(() => { pen.fillStyle = "#" + Math.floor(Math.random() * 4096).toString(16).padStart(3, "0"); pen.fillRect(0, 0, 300, 150); }, 50);
		return canvas.captureStream(20);
	})()`
	tone = `(() => {
		const context = new AudioContext(), hum = context.createOscillator(), out = context.createMediaStreamDestination();
		hum.connect(out);
		hum.start();
		return out.stream;
	})()`
	suspended = `(() => {
		const context = new AudioContext(), out = context.createMediaStreamDestination();
		context.createOscillator().connect(out);
		return context.suspend().then(() => out.stream);
	})()`
)

// publishes switches a stream on, from a stream that the page makes.
func (p *tab) publishes(method, stream string) {
	p.Helper()
	p.run("(async () => { globalThis.made = await "+stream+"; await meeting."+method+"(made); return true; })()", nil)
}

// stopsTrack publishes a track of the page's own, which it then stops: the stream is off, here and for others.
func (p *tab) stopsTrack(method, stream, property string, kind sdk.Kind) {
	p.navigate("/")
	p.joins("ann")
	bob := p.client(p.Server.URL, p.Account().Token(p), p.meeting, nil)
	require.NoError(p, bob.Join(p.Context()))
	p.publishes(method, stream)
	seen := func() bool { a := bob.Participant("ann"); return a != nil && a.Stream(kind) != nil }
	require.Eventually(p, seen, testserver.Timeout, 5*time.Millisecond)
	p.run("made.getTracks().forEach((t) => t.stop()); Promise.resolve(true)", nil)
	p.checkEvent(p.awaitEvent())
	var on bool
	p.run("Promise.resolve(meeting.localParticipant."+property+")", &on)
	require.False(p, on)
	require.Eventually(p, func() bool {
		return !seen()
	}, testserver.Timeout, 5*time.Millisecond, "others see the stream on")
}

var deviceLessScenarios = pageScenarios{
	"3021.NO_DEVICE": func(p *tab) {
		p.navigate("/")
		p.fails(webcam)
		p.joins("ann")
		p.checkEvent(p.fails("await meeting.enableWebcam()"))
	},
	"3022.NO_DEVICE": func(p *tab) {
		p.navigate("/")
		p.fails(mic)
		p.joins("ann")
		p.checkEvent(p.fails("await meeting.unmuteMic()"))
	},
	"3011.NO_MEDIA_SENT": func(p *tab) { // a canvas that is never drawn
		p.navigate("/")
		p.joins("ann")
		p.publishes("enableWebcam", `document.createElement("canvas").captureStream(30)`)
		p.waits()
		require.Contains(p, p.awaitEvent().Details["trackState"], "live")
	},
	"3012.NO_MEDIA_SENT": func(p *tab) { // an AudioContext that is suspended, as it is in a page that nobody clicked
		p.navigate("/")
		p.joins("ann")
		p.publishes("unmuteMic", suspended)
		p.waits()
		f := p.awaitEvent()
		require.Equal(p, "audio", f.Details["kind"])
		// A moderator mutes it: it does not come on by itself any more.
		mod := p.client(p.Server.URL, p.Account().Token(p), p.meeting, nil)
		require.NoError(p, mod.Join(p.Context()))
		p.clears(f, func() { require.NoError(p, mod.Participant("ann").DisableMic(p.Context())) })
	},
	"3027.TRACK_ENDED": func(p *tab) { p.stopsTrack("enableWebcam", drawn, "webcamOn", sdk.Video) },
	"3028.TRACK_ENDED": func(p *tab) { p.stopsTrack("unmuteMic", tone, "micOn", sdk.Audio) },
	"3013.TRACK_ENDED": func(p *tab) { p.stopsTrack("enableScreenShare", drawn, "screenShareOn", sdk.Share) },

	"3073.UNKNOWN_EVENT": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		f := p.fails(`meeting.on("mic-requestedd", () => {})`)
		require.Equal(p, "mic-requested", f.Details["nearest"])
		f = p.fails(`meeting.localParticipant.once("stream-enable", () => {})`)
		require.Equal(p, "stream-enabled", f.Details["nearest"])
	},
	"3073.UNKNOWN_OPTION": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.checkEvent(p.fails(`await meeting.startHls({themes: "DARK"})`))
		f := p.fails(`VideoSDK.initMeeting({meetingId: "m", micEnable: true})`)
		require.Equal(p, "micEnabled", f.Details["nearest"])
	},
	"3073.OWN_STREAM": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.checkEvent(p.fails("await meeting.localParticipant.consumeWebcamStreams()"))
	},
	"3073.TRACK_NOT_LIVE": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.checkEvent(p.fails("const made = " + drawn + "; made.getTracks()[0].stop(); await meeting.enableScreenShare(made)"))
	},
	"3029.NO_TRACK": func(p *tab) { p.refusesTrack("enableWebcam(await " + tone + ")") },
	"3030.NO_TRACK": func(p *tab) { p.refusesTrack("unmuteMic(" + drawn + ")") },
	"3031.TRACK_NOT_LIVE": func(p *tab) {
		p.refusesTrack("enableWebcam(stopped(" + drawn + "))")
	},
	"3032.TRACK_NOT_LIVE": func(p *tab) { p.refusesTrack("unmuteMic(stopped(await " + tone + "))") },
	"3071.NOT_ALLOWED": func(p *tab) {
		p.navigate("/")
		p.fails(`await VideoSDK.createCameraVideoTrack({ encoderConfig: "h4320p" })`)
		p.fails(`await VideoSDK.createMicrophoneAudioTrack({ encoderConfig: "loud" })`)
		require.Equal(p, "codec", p.fails(`await VideoSDK.createScreenShareVideoTrack({ codec: "H261" })`).Param)
	},
	"3071.CONFLICT": func(p *tab) {
		p.navigate("/")
		p.fails(`await VideoSDK.createCameraVideoTrack({ multiStream: false, maxLayer: 3 })`)
	},
	"4076.JOIN_FAILED": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.run(`globalThis.reasons = []; meeting.on("meeting-left", (r) => reasons.push(r.code)); Promise.resolve(true)`, nil)
		other := p.Meeting()
		var state []any
		p.run(`meeting.switchTo({ meetingId: "`+other+`" }).then(() => [reasons.join(), meeting.id, meeting.state])`, &state)
		require.Equal(p, []any{"1005", other, "CONNECTED"}, state)
		f := p.fails(`await meeting.switchTo({ meetingId: "aaaa-bbbb-cccc" })`)
		require.NotEmpty(p, f.CauseID)
		p.checkEvent(f)
		p.run(`Promise.resolve([reasons.join(), meeting.id, meeting.state])`, &state)
		require.Equal(p, []any{"1005,1005,1104", "aaaa-bbbb-cccc", "FAILED"}, state)
	},
	"3057.END_REFUSED": func(p *tab) {
		p.navigate("/")
		p.meeting = p.Meeting()
		p.make(p.Account().Token(p, "allow_join"), p.meeting, "ann")
		p.run("meeting.join().then(() => true)", nil)
		f := p.fails("await meeting.end()")
		require.NotEmpty(p, f.CauseID)
		p.checkEvent(f)
	},
	"3105.NOT_OFFERED": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.checkEvent(p.fails(`await meeting.startWhiteboard()`))
		f := p.fails(`VideoSDK.setKeyProvider(new Klatch.ExternalE2EEKeyProvider())`)
		require.Equal(p, "setKeyProvider", f.Details["method"])
	},
	"3101.DTLS_FAILED": func(p *tab) {
		proxy := p.Server.Proxy(p)
		proxy.Edit(func(down bool, frame string) (string, bool) { // what stands between has another certificate in mind
			if down {
				frame = otherFingerprint(frame)
			}
			return frame, true
		})
		f := p.publishesWithoutPath(proxy.URL)
		p.clears(f, func() { proxy.Edit(func(_ bool, frame string) (string, bool) { return frame, true }) })
	},
	"3101.MEDIA_NOT_ARRIVING": func(p *tab) {
		h, media := p.behindRelay()
		relay := startRelay(p.T, media)
		relay.Drop(isMedia)
		p.Server = h
		p.navigate("/")
		p.joins("ann")
		p.publishes("enableWebcam", drawn)
		p.waits()
		f := p.awaitEvent()
		require.Equal(p, "video", f.Details["kind"])
		p.clears(f, func() { relay.Drop(func([]byte) bool { return false }) })
	},
	"3101.SERVER_PRIVATE_ADDRESS": func(p *tab) {
		p.Server = testserver.Start(p, func(c *conf.Config) { c.Media.PublicIPs = []string{"10.99.99.9"} })
		f := p.publishesWithoutPath(strings.Replace(p.Server.URL, "127.0.0.1", insecureHost, 1))
		require.Contains(p, f.Details["signaling"], insecureHost)
	},
	"3101.TURN_AUTH_FAILED": func(p *tab) {
		p.Server = p.withForeignTURN()
		f := p.publishesWithoutPath(p.Server.URL)
		require.EqualValues(p, 401, f.Details["status"])
	},
	"3102.NO_CONNECTION": func(p *tab) {
		p.navigate("/")
		p.unreachable("http://" + closedPort(p))
		p.waits()
		began := time.Now()
		p.unreachable("http://" + silentPort(p))
		require.Less(p, time.Since(began), 15*time.Second)
	},
	"3102.ORIGIN_REFUSED": func(p *tab) {
		p.Server = testserver.Start(p, func(c *conf.Config) { c.HTTP.Origins = []string{"https://app.example.com"} })
		token := p.Account().Token(p)
		p.navigate("/")
		p.make(token, p.Meeting(), "ann")
		f := p.failsBy("await meeting.join()", true)
		require.Equal(p, p.browser.pages.URL, f.Details["origin"])
		p.checkEvent(f)
		p.run(`fetch("`+p.Server.URL+`/v2/rooms", { headers: { Authorization: "`+token+
			`" } }).then((answer) => answer.json())`, &f)
		require.Equal(p, "ORIGIN_REFUSED", f.Reason, "the page can read why REST refuses it")
	},
	"3102.ANSWER_HIDDEN": func(p *tab) {
		p.navigate("/")
		began := time.Now()
		f := p.unreachable(startNginx(p, `location / { proxy_pass http://`+closedPort(p)+`; }`))
		require.Equal(p, 3.0, f.Details["attempts"])
		require.Less(p, time.Since(began), 15*time.Second)
		p.unreachable(startNginx(p, `return 301 `+p.browser.pages.URL+`$request_uri;`))
	},
	"3102.GATEWAY_DOWN": func(p *tab) { // on the page's own origin the page may read the answer
		own := p.ownNginx(`location /v1/ { proxy_pass http://` + closedPort(p) + `; }`)
		f := p.unreachable(own)
		require.Equal(p, 502.0, f.Details["status"])
		require.Equal(p, 3.0, f.Details["attempts"])
	},
	"3102.FORBIDDEN": func(p *tab) { p.unreachable(p.ownNginx(`location /v1/ { deny all; }`)) },
	"3102.REDIRECTED": func(p *tab) {
		f := p.unreachable(p.ownNginx(`location /v1/ { return 302 ` + p.Server.URL + `$request_uri; }`))
		require.Equal(p, p.Server.URL, f.Details["suggested"])
	},
	"3102.WRONG_PATH": func(p *tab) {
		p.navigate("/")
		f := p.unreachable(p.Server.URL + "/wrong/path")
		require.Equal(p, p.Server.URL, f.Details["suggested"])
	},
	"3102.PREFIX_KEPT": func(p *tab) {
		p.navigate("/")
		p.unreachable(startNginx(p, `location /klatch/ { proxy_pass `+p.Server.URL+`; }`) + "/klatch")
	},
	"3102.UPGRADE_STRIPPED": func(p *tab) {
		p.navigate("/")
		p.unreachable(startNginx(p, `location / { proxy_pass `+p.Server.URL+`; }`))
	},
	"3102.NOT_KLATCH": func(p *tab) { p.unreachable(p.ownNginx(`location /v1/ { return 404; }`)) },
	"3102.CSP_BLOCKED": func(p *tab) {
		p.navigate("/csp")
		f := p.unreachable(p.Server.URL)
		require.Equal(p, "connect-src", f.Details["directive"])
	},
	"3102.MIXED_CONTENT": func(p *tab) {
		p.navigate(p.browser.secure.URL + "/")
		p.unreachable("http://" + insecureHost + ":4000")
	},
	"3033.INSECURE_CONTEXT": func(p *tab) { p.insecure(webcam, "await meeting.enableWebcam()") },
	"3034.INSECURE_CONTEXT": func(p *tab) { p.insecure(mic, "await meeting.unmuteMic()") },
	"3104.INSECURE_CONTEXT": func(p *tab) {
		p.insecure("await VideoSDK.getCameras()", "await meeting.enableScreenShare()")
	},
	"3104.NO_WEBRTC": func(p *tab) { // a worker is an environment without WebRTC that every browser has
		p.navigate("/")
		var f fault.Error
		p.run(`new Promise((done, failed) => {
			const code = 'import(location.origin + "/sdk/klatch.mjs").then((k) => k.VideoSDK.createCameraVideoTrack()).catch((e) => postMessage(JSON.stringify(e)))';
			const worker = new Worker(URL.createObjectURL(new Blob([code.replace('location.origin', JSON.stringify(location.origin))])));
			worker.onmessage = (e) => done(JSON.parse(e.data));
			worker.onerror = (e) => failed(e.message);
		})`, &f)
		p.recordAnswer(&f)
		testserver.DeliveriesIn(p).Received(f.ID, "who calls") // there is no meeting without WebRTC
		p.take(&f)
	},
	"3104.NO_STATS": func(p *tab) {
		p.navigate("/")
		p.run(`(() => {
			RTCRtpSender.prototype.getStats = () => Promise.reject(new Error("blocked by an extension"));
			return Promise.resolve(true);
		})()`, nil)
		p.joins("ann")
		p.publishes("enableWebcam", drawn)
		p.waits()
		f := p.awaitEvent()
		require.Contains(p, f.Detail, "blocked by an extension")
		p.checkEvent(f)
		var state string
		p.run("Promise.resolve(meeting.state)", &state)
		require.Equal(p, "CONNECTED", state, "the meeting goes on")
	},
	"3013.NO_SCREEN_SHARE": func(p *tab) {
		p.navigate("/")
		p.fails(share)
		p.joins("ann")
		p.checkEvent(p.fails("await meeting.enableScreenShare()"))
	},

	"4001.UNKNOWN_KEY": refusedJoin(func(p *tab) string { return p.tokenWith("apikey", "of-another-server") }),
	"4002.EXPIRED":     refusedJoin(func(p *tab) string { return p.tokenWith("exp", time.Now().Add(-time.Hour).Unix()) }),
	"4002.MALFORMED":   refusedJoin(func(*tab) string { return "undefined" }),
	"4008.CONFLICT": refusedJoin(func(p *tab) string {
		return p.tokenWith("permissions", []string{"ask_join", "allow_join"})
	}),
	"4003.NOT_FOUND": func(p *tab) {
		p.navigate("/")
		p.make(p.Account().Token(p), "aaaa-bbbb-cccc", "ann")
		p.checkEvent(p.fails("await meeting.join()"))
	},
	"4004.WHITESPACE": func(p *tab) {
		p.navigate("/")
		p.make(p.Account().Token(p), p.Meeting(), "ann lee")
		p.checkEvent(p.fails("await meeting.join()"))
	},
	"4005.REPLACED": removed(func(p *tab) {
		p.Join(p.meetingInPage(), "ann")
	}),
	"4006.DEACTIVATED": removed(func(p *tab) {
		p.Server.MustAdmin(p, "POST", "/admin/v1/accounts/"+p.Account().ID+"/deactivate", nil)
	}),
	"4007.DISCONTINUED": removed(func(p *tab) {
		p.Server.MustAdmin(p, "POST", "/admin/v1/accounts/"+p.Account().ID+"/discontinue",
			map[string]any{"message": "Closed since May."})
	}),
	"4009.LIMIT": func(p *tab) {
		p.limited(map[string]any{"participants": 1})
		meeting := p.Meeting()
		p.Join(meeting, "ann")
		p.navigate("/")
		p.make(p.Account().Token(p), meeting, "bob")
		p.checkEvent(p.fails("await meeting.join()"))
	},
}

// publishesWithoutPath publishes a canvas through a server, and reads why it finds no path.
func (p *tab) publishesWithoutPath(server string) *fault.Error {
	p.Helper()
	token := p.Account().Token(p)
	p.secret(token)
	p.navigate("/")
	p.run(fmt.Sprintf(`(async () => {
		globalThis.meeting = make({ server: %q, token: %q, meetingId: %q, participantId: "ann" });
		await meeting.join();
		void meeting.enableWebcam(document.createElement("canvas").captureStream(5).getVideoTracks()[0]).catch(() => undefined);
		return true;
	})()`, server, token, p.Meeting()), nil)
	p.waits()
	return p.awaitEvent()
}

// clears repairs what a fault reports and waits until the page receives the fault-cleared event.
func (p *tab) clears(f *fault.Error, mend func()) {
	p.Helper()
	p.run(`(meeting.on("fault-cleared", ({ id }) => { globalThis.cleared = id; }), Promise.resolve(true))`, nil)
	mend()
	require.Eventually(p, func() bool {
		var id string
		p.run("Promise.resolve(globalThis.cleared ?? '')", &id)
		return id == f.ID
	}, testserver.Timeout, 100*time.Millisecond)
}

// ownNginx opens the page behind an nginx with these directives, and returns its address.
func (p *tab) ownNginx(directives string) string {
	p.Helper()
	own := startNginx(p, directives+` location / { proxy_pass `+p.browser.pages.URL+`; }`)
	p.navigate(own + "/")
	return own
}

// meetingInPage is the id of the meeting that the page is in.
func (p *tab) meetingInPage() string {
	var id string
	p.run("Promise.resolve(meeting.id)", &id)
	return id
}

// cameraFile is what the browser takes for its camera: it can be taken away while the browser runs.
var cameraFile string

// cameraFlags returns flags for a camera that is a file and a microphone that beeps.
func cameraFlags(t *testing.T) []string {
	t.Helper()
	cameraFile = filepath.Join(t.TempDir(), "camera.y4m")
	plugIn(t)
	return []string{"use-fake-device-for-media-stream", "use-file-for-fake-video-capture=" + cameraFile}
}

// plugIn puts the camera's file in its place.
func plugIn(t testing.TB) {
	t.Helper()
	out, err := exec.Command("ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=10",
		"-t", "1", "-pix_fmt", "yuv420p", cameraFile).CombinedOutput()
	require.NoError(t, err, string(out))
}

// unplugAfter takes the camera away when the browser has closed its file for the nth time: it has then seen the
// camera and is about to start it.
func unplugAfter(t testing.TB, n int) (stop func()) {
	t.Helper()
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK)
	require.NoError(t, err)
	_, err = unix.InotifyAddWatch(fd, cameraFile, unix.IN_CLOSE_NOWRITE)
	require.NoError(t, err)
	end := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		defer func() { _ = unix.Close(fd) }() // nothing was written to it
		buf := make([]byte, 4096)
		for seen := 0; ; {
			select {
			case <-end:
				return
			default:
			}
			if ready, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 50); err != nil || ready == 0 {
				continue
			}
			got, err := unix.Read(fd, buf)
			if err != nil {
				continue
			}
			for at := 0; at+unix.SizeofInotifyEvent <= got; seen++ {
				event := (*unix.InotifyEvent)(unsafe.Pointer(&buf[at]))
				at += unix.SizeofInotifyEvent + int(event.Len)
			}
			if seen >= n {
				_ = os.Remove(cameraFile) // it may be gone already
			}
		}
	})
	return func() {
		close(end)
		watching.Wait()
	}
}

var deviceScenarios = pageScenarios{
	"3017.PERMISSION_DENIED": func(p *tab) { p.deniedTo("camera", webcam, "await meeting.enableWebcam()") },
	"3018.PERMISSION_DENIED": func(p *tab) { p.deniedTo("microphone", mic, "await meeting.unmuteMic()") },

	"3014.POLICY_BLOCKED": func(p *tab) { p.navigate("/policy"); p.aloneAndInMeeting(webcam, "enableWebcam()") },
	"3015.POLICY_BLOCKED": func(p *tab) { p.navigate("/policy"); p.aloneAndInMeeting(mic, "unmuteMic()") },
	"3016.POLICY_BLOCKED": func(p *tab) { p.navigate("/policy"); p.aloneAndInMeeting(share, "enableScreenShare()") },

	"3026.START_FAILED": func(p *tab) {
		defer plugIn(p)
		var f fault.Error
		deadline := time.Now().Add(3 * testserver.Timeout)
		// the browser looks a few times before it starts the camera
		for n := 1; f.Reason != p.Entry.Reason && time.Now().Before(deadline); n = n%6 + 1 {
			plugIn(p)
			p.navigate("/")
			p.setPermission(granted, "camera")
			p.joins("ann")
			stop := unplugAfter(p, n)
			p.run(`Promise.race([
				attempt(async () => { await meeting.enableWebcam(); }),
				new Promise((done) => setTimeout(done, 4000, { reason: "the browser says nothing" })),
			])`, &f)
			stop()
		}
		p.recordAnswer(&f)
		p.take(&f)
		p.checkEvent(&f)
	},
	"3012.START_FAILED": func(p *tab) { // Chromium opens a microphone for at most 16 frames at once
		p.navigate("/")
		p.setPermission(granted, "microphone")
		p.run(`(async () => {
			for (let i = 0; i < 16; i++) {
				const frame = document.createElement("iframe");
				frame.allow = "microphone";
				document.body.append(frame);
				frame.stream = await frame.contentWindow.navigator.mediaDevices.getUserMedia({ audio: true });
			}
			return true;
		})()`, nil)
		p.aloneAndInMeeting(mic, "unmuteMic()")
	},

	"3051.DEVICE_UNAVAILABLE": func(p *tab) {
		p.navigate("/")
		p.setPermission(granted, "camera")
		p.fails(`await VideoSDK.createCameraVideoTrack({ cameraId: "unplugged-since" })`)
		p.joins("ann")
		p.checkEvent(p.fails(`await meeting.enableWebcam(); await meeting.changeWebcam("unplugged-since")`))
	},
	"3059.DEVICE_UNAVAILABLE": func(p *tab) {
		p.navigate("/")
		p.setPermission(granted, "microphone")
		p.fails(`await VideoSDK.createMicrophoneAudioTrack({ microphoneId: "unplugged-since" })`)
		p.joins("ann")
		p.checkEvent(p.fails(`await meeting.unmuteMic(); await meeting.changeMic("unplugged-since")`))
	},

	"3011.NO_MEDIA_SENT": func(p *tab) { p.hangingCamera() },

	"3027.DEVICE_LOST": func(p *tab) { p.losesDevice("await meeting.enableWebcam()") },
	"3028.DEVICE_LOST": func(p *tab) { p.losesDevice("await meeting.unmuteMic()") },
}

// aloneAndInMeeting makes a call that needs a device fail, and then the same in a meeting, where others learn of it.
func (p *tab) aloneAndInMeeting(alone, inMeeting string) {
	p.fails(alone)
	p.joins("ann")
	p.refused(inMeeting)
}

// unreachable joins where the page cannot reach a server.
func (p *tab) unreachable(server string) *fault.Error {
	p.Helper()
	f := p.fails(`globalThis.meeting = make({ token: "t", server: "` + server +
		`", meetingId: "abcd-efgh-ijkl" }); await meeting.join()`)
	p.checkEvent(f)
	return f
}

// insecure is a page without media devices, because it came over http.
func (p *tab) insecure(alone, inMeeting string) {
	p.navigate(strings.Replace(p.browser.pages.URL, "127.0.0.1", insecureHost, 1) + "/")
	p.fails(alone)
	p.joins("ann")
	p.checkEvent(p.fails(inMeeting))
}

// refusesTrack passes a track of the page's own that cannot be sent.
func (p *tab) refusesTrack(call string) {
	p.navigate("/")
	p.joins("ann")
	p.checkEvent(p.fails("const stopped = (s) => { for (const t of s.getTracks()) t.stop(); return s; }; await meeting." +
		call))
}

// deniedTo is a page to which the user has denied a device.
func (p *tab) deniedTo(name, alone, inMeeting string) {
	p.navigate("/")
	p.setPermission(denied, name)
	p.fails(alone)
	p.joins("ann")
	p.checkEvent(p.fails(inMeeting))
}

// losesDevice publishes from a device, which the browser then takes away.
func (p *tab) losesDevice(start string) {
	p.navigate("/")
	p.setPermission(granted, "camera", "microphone")
	p.joins("ann")
	p.run("(async () => { "+start+"; return true; })()", nil)
	p.setPermission(denied, "camera", "microphone")
	p.awaitEvent()
}

var refusingScenarios = pageScenarios{
	"3016.USER_CANCELLED": func(p *tab) {
		p.navigate("/")
		p.fails(share)
		p.joins("ann")
		p.checkEvent(p.fails("await meeting.enableScreenShare()"))
	},
}

var screenScenarios = pageScenarios{
	"3013.CAPTURE_FAILED": func(p *tab) { p.navigate("/"); p.aloneAndInMeeting(share, "enableScreenShare()") },
	"3013.NO_USER_GESTURE": func(p *tab) {
		p.navigate("/")
		p.failsBy(share, false)
		p.joins("ann")
		p.until(func() bool { // the gesture with which it joined counts for some seconds
			var active bool
			p.evaluate("Promise.resolve(navigator.userActivation.isActive)", &active, false)
			return !active
		}, "the gesture counts for ever")
		p.checkEvent(p.failsBy("await meeting.enableScreenShare()", false))
	},
}
