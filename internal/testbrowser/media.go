package testbrowser

import (
	"fmt"
	"time"
)

// RecordConnections is a script for Page: it remembers the page's peer connections, so that Received can ask them what
// arrives. It changes nothing of what they do. Firefox never answers getStats on one that is closed meanwhile.
const RecordConnections = `(() => {
  const Real = window.RTCPeerConnection;
  window.__connections = [];
  window.__stats = async (pc) => {
    const nothing = new Promise((resolve) => setTimeout(resolve, 2000, new Map()));
    return [...(await Promise.race([pc.getStats(), nothing])).values()];
  };
  window.RTCPeerConnection = class extends Real {
    constructor(...args) { super(...args); window.__connections.push(this); }
  };
})()`

// received is an expression: the inbound RTP statistics of W3C WebRTC for each track that arrives.
const received = `(async () => {
  const out = [];
  for (const pc of window.__connections) {
    if (pc.connectionState === "closed") continue;
    for (const r of await window.__stats(pc)) {
      if (r.type === "inbound-rtp") out.push({kind: r.kind, frames: r.framesDecoded ?? 0, width: r.frameWidth ?? 0, height: r.frameHeight ?? 0, energy: r.totalAudioEnergy ?? 0, packets: r.packetsReceived, lost: r.packetsLost, bytes: r.bytesReceived});
    }
  }
  return out;
})()`

// Track is what has arrived of one track.
type Track struct {
	Kind    string  `json:"kind"`
	Frames  int     `json:"frames"` // decoded
	Width   int     `json:"width"`
	Height  int     `json:"height"`
	Energy  float64 `json:"energy"` // counts only while the track plays unmuted
	Packets int     `json:"packets"`
	Lost    int     `json:"lost"`
	Bytes   int     `json:"bytes"`
}

// Received returns what has arrived at the page so far.
func (p *Page) Received() []Track {
	p.t.Helper()
	var tracks []Track
	p.Eval(received, &tracks)
	return tracks
}

// AwaitVideo waits until that many videos of that width are being decoded: frames keep coming on each.
func (p *Page) AwaitVideo(count, width int) {
	p.t.Helper()
	p.awaitGrowth(fmt.Sprintf("%d videos of width %d", count, width), count,
		fmt.Sprintf(`(r) => r.kind === "video" && r.width === %d`, width), "frames")
}

// AwaitAudio waits until that many sounds are being played: their energy grows.
func (p *Page) AwaitAudio(count int) {
	p.t.Helper()
	p.awaitGrowth(fmt.Sprintf("%d sounds", count), count, `(r) => r.kind === "audio"`, "energy")
}

// awaitGrowth waits until exactly count tracks that match have grown by themselves within half a second.
func (p *Page) awaitGrowth(what string, count int, match, field string) {
	p.t.Helper()
	defer func() {
		if p.t.Failed() {
			p.t.Logf("received: %+v", p.Received())
		}
	}()
	p.UntilIn(40*time.Second, what, fmt.Sprintf(`(async () => {
    const match = %s, look = () => %s;
    const before = (await look()).filter(match);
    await new Promise((done) => setTimeout(done, 500));
    const after = (await look()).filter(match);
    const grown = after.filter((r, i) => before[i] && r.%s > before[i].%s);
    return grown.length === %d;
  })()`, match, received, field, field, count))
}

// AwaitVideos waits until that many videos of any size are being decoded.
func (p *Page) AwaitVideos(count int) {
	p.t.Helper()
	p.awaitGrowth(fmt.Sprintf("%d videos", count), count, `(r) => r.kind === "video"`, "frames")
}
