package reach

import (
	"fmt"
	"testing"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testnet"
)

// openChromium opens a browser on a host.
func (p *place) openChromium(t testing.TB, h *testnet.Host) *testbrowser.Browser {
	t.Helper()
	return testbrowser.Open(t, testbrowser.Camera(30), testbrowser.Allow, testbrowser.Secure(p.URL),
		testbrowser.At(h.Program("chromium")))
}

// openFirefox opens a browser on a host.
func (p *place) openFirefox(t testing.TB, h *testnet.Host, prefs ...testbrowser.Pref) *testbrowser.Browser {
	t.Helper()
	return testbrowser.OpenFirefoxAt(t, h, append([]testbrowser.Pref{
		{Name: "media.devices.insecure.enabled", Value: true}, {Name: "media.getusermedia.insecure.enabled", Value: true},
	}, prefs...)...)
}

// look adds functions to a page: what its connections receive, and which pair of candidates they use.
const look = `
  window.connections = () => window.__connections.filter((pc) => pc.connectionState !== "closed");
  window.received = async () => {
    const all = [];
    for (const pc of connections())
      for (const r of (await pc.getStats()).values())
        if (r.type === "inbound-rtp") all.push({ kind: r.kind, packets: r.packetsReceived });
    return all;
  };
  window.pair = async (pc) => {
    const stats = await pc.getStats();
    for (const r of stats.values()) {
      if (r.type !== "candidate-pair" || r.state !== "succeeded" || !(r.nominated || r.selected)) continue;
      return { local: stats.get(r.localCandidateId), remote: stats.get(r.remoteCandidateId), pair: r };
    }
    return undefined;
  };
  window.protocol = async (pc) => (await pair(pc))?.local.protocol;
`

// enter opens a page on which a participant joins with the browser SDK: window.meeting, window.joined (a promise), and
// window.events, of [time, name, data]. extra are further options of initMeeting, as JavaScript: "multiStream: false".
func (p *place) enter(t testing.TB, b *testbrowser.Browser, id string, publishes bool, extra string) *testbrowser.Page {
	t.Helper()
	return p.enterWith(t, b, id, publishes, extra)
}

// enterWith is enter with scripts that run before those of the page.
func (p *place) enterWith(
	t testing.TB, b *testbrowser.Browser, id string, publishes bool, extra string, scripts ...string,
) *testbrowser.Page {
	t.Helper()
	page := b.Page(t, p.URL+"/", append(scripts, testbrowser.RecordConnections, look)...)
	page.Eval(fmt.Sprintf(`(async () => {
    const { VideoSDK } = await import(%q);
    VideoSDK.config(%q, { serverUrl: %q });
    const meeting = VideoSDK.initMeeting({ meetingId: %q, participantId: %q, name: %q, micEnabled: %t, webcamEnabled: %t, %s });
    window.VideoSDK = VideoSDK;
    window.events = [];
    const note = (name, data) => window.events.push([Date.now(), name, data]);
    meeting.on("error", (f) => { console.log(f.code, f.reason, f.detail); note("error", f); });
    meeting.on("fault-cleared", (c) => note("fault-cleared", c));
    meeting.on("meeting-state-changed", (s) => note("meeting-state-changed", s));
    meeting.on("meeting-left", (s) => note("meeting-left", s));
    meeting.on("participant-left", (p) => note("participant-left", p.id));
    const show = (participant) => participant.on("stream-enabled", (stream) => {
      note("stream-enabled", [participant.id, stream.kind, stream.id]);
      const element = document.createElement(stream.track.kind);
      Object.assign(element, { autoplay: true, muted: true, srcObject: new MediaStream([stream.track]) });
      element.style.cssText = "width: 640px; height: 360px";
      document.body.append(element);
    });
    meeting.on("participant-joined", show);
    window.meeting = meeting;
    await meeting.join();
  })()`, p.URL+"/sdk/klatch.mjs", p.account.Token(t), p.URL, p.meeting, id, id, publishes, publishes, extra), nil)
	return page
}
