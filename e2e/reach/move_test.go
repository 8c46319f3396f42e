package reach

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testnet"
)

// moved is how long media may stand still when the network of a participant changes.
const moved = 3 * time.Second

// movedFirefox is the same for the picture of Firefox, which goes on with its smallest size: the server waits for a
// second whether the others come as well, and asks for a key frame. Mostly that is 2 to 4.5 s, and more where the
// machine is too busy to make one.
const movedFirefox = 8 * time.Second

// settled is how long a test looks at what follows a change, or longer where the picture may take longer.
const settled = 5 * time.Second

// changes are the ways in which a network changes under a call.
var changes = []struct {
	name   string
	before func(h *testnet.Host) // the call begins
	change func(h *testnet.Host)
}{
	{"to an interface that comes up", func(*testnet.Host) {}, func(h *testnet.Host) {
		h.Down("wifi")
		h.Up("cable")
	}},
	{"to an interface that is up", func(h *testnet.Host) { h.Up("cable") }, func(h *testnet.Host) { h.Down("wifi") }},
	{"to another address", func(*testnet.Host) {}, func(h *testnet.Host) {
		h.Readdress("wifi", h.Addr("wifi", 4).Next().String()+"/24")
	}},
}

// A participant's network changes during a call: it goes on over the other one, and nobody sees anybody leave.
func TestMove(t *testing.T) {
	p := newPlace(t, nil)
	observer := p.startBot(t, newClient(t), "observer", func(o *options) { o.Publish = true })
	observer.await(20*time.Second, "meeting-joined", nil)
	t.Run("Go", func(t *testing.T) {
		for _, c := range changes {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				h := newMover(t)
				c.before(h)
				id := identifier("go " + c.name)
				mover := p.startBot(t, h, id, func(o *options) { o.Publish = true })
				start := observer.seesMove(t, id, moved, func() {
					for _, kind := range streams {
						mover.awaitMedia(20*time.Second, "observer "+kind)
					}
				}, func() { c.change(h) })
				for _, kind := range streams {
					gap := mover.gap("observer "+kind, start)
					t.Logf("%s received again after %v", kind, gap)
					require.Less(t, gap, moved)
				}
				require.Empty(t, mover.all("error"))
				require.Empty(t, mover.all("meeting-left"))
			})
		}
	})
	for name, open := range map[string]func(testing.TB, *testnet.Host) *testbrowser.Browser{
		"chromium": p.openChromium,
		"firefox":  func(t testing.TB, h *testnet.Host) *testbrowser.Browser { return p.openFirefox(t, h) },
	} {
		t.Run(name, func(t *testing.T) {
			// Of an address that changes within a moment browsers tell nothing: see docs/network.md.
			for _, c := range changes[:2] {
				t.Run(c.name, func(t *testing.T) {
					h := newMover(t)
					c.before(h)
					id := identifier(name + " " + c.name)
					page := p.enter(t, open(t, h), id, true, "")
					var before, since int
					picture := moved
					if name == "firefox" {
						picture = movedFirefox
					}
					observer.seesMove(t, id, picture, func() {
						page.Until("media of the observer", flowing(2))
						page.Eval(watchMedia, nil)
						page.Eval("window.events.length", &before)
					}, func() { c.change(h) })
					page.Eval("window.longest", &since)
					t.Logf("received again after %d ms", since)
					if since >= 3000 || testing.Verbose() {
						var log string
						page.Eval("JSON.stringify([window.began, window.states, window.events.slice("+
							"-20).map(([at, name, data]) => [at, name, data.state, data.detail])])", &log)
						t.Log(log)
					}
					require.Less(t, since, int(moved.Milliseconds()))
					page.Until("no fault, nobody left",
						`!window.events.some(([, name]) => ["error", "participant-left", "meeting-left"].includes(name))`)
				})
			}
		})
	}
}

// streams of a bot that publishes.
var streams = []string{"audio", "video"}

// identifier makes an id of a name.
func identifier(name string) string {
	id := []byte(name)
	for i, c := range id {
		if c == ' ' {
			id[i] = '-'
		}
	}
	return string(id)
}

// seesMove lets the network of a participant change, once everything flows, and judges what the bot sees of it: sound
// again within moved, and pictures within picture.
func (b *bot) seesMove(t *testing.T, id string, picture time.Duration, ready, change func()) (start time.Time) {
	t.Helper()
	for _, kind := range streams {
		b.awaitMedia(20*time.Second, id+" "+kind)
	}
	ready()
	enabled := len(b.about("stream-enabled", id))
	start = time.Now()
	change()
	for time.Since(start) < max(settled, picture) {
		time.Sleep(tick) // the observation itself
	}
	for _, kind := range streams {
		gap := b.gap(id+" "+kind, start)
		t.Logf("%s seen again after %v", kind, gap)
		if kind == "video" {
			assert.Less(t, gap, picture)
		} else {
			assert.Less(t, gap, moved)
		}
	}
	assert.Empty(t, b.about("participant-left", id))
	assert.Empty(t, b.about("stream-disabled", id))
	assert.Len(t, b.about("stream-enabled", id), enabled)
	return start
}

// watchMedia notes for how long at most the page has received no packet: window.longest, in milliseconds.
const watchMedia = `(() => {
  window.longest = 0;
  window.states = [];
  const began = Date.now();
  window.began = began;
  for (const pc of connections()) {
    for (const event of ["connectionstatechange", "iceconnectionstatechange", "signalingstatechange"])
      pc.addEventListener(event, () => window.states.push([Date.now(), pc.connectionState, pc.iceConnectionState, pc.signalingState]));
  }
  for (const event of ["online", "offline"]) addEventListener(event, () => window.states.push([Date.now(), event]));
  navigator.connection?.addEventListener("change", () => window.states.push([Date.now(), "connection", navigator.connection.type]));
  let count = 0, last = Date.now();
  setInterval(async () => {
    const now = (await received()).reduce((sum, { packets }) => sum + packets, 0);
    if (now !== count) last = Date.now();
    count = now;
    window.longest = Math.max(window.longest, Date.now() - last);
  }, 50);
})()`
