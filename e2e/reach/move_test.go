package reach

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testnet"
)

// moved is how long media may stand still when the network of a participant changes.
const moved = 3 * time.Second

// settled is how long a test looks at what follows a change.
const settled = 4 * time.Second

// changes are the ways in which a network changes under a call.
var changes = []struct {
	name   string
	before func(h *testnet.Host) // the call begins
	change func(h *testnet.Host)
}{
	{"the interface goes down and another one comes up", nil, func(h *testnet.Host) {
		h.Down("wifi")
		h.Up("cable")
	}},
	{"the interface goes down and another one is up", func(h *testnet.Host) { h.Up("cable") }, func(h *testnet.Host) {
		h.Down("wifi")
	}},
	{"the interface gets another address", nil, func(h *testnet.Host) {
		h.Readdress("wifi", h.Addr("wifi", 4).Next().String()+"/24")
	}},
}

// A participant's network changes during a call: it goes on over the other one, and nobody sees anybody leave.
func TestMove(t *testing.T) {
	for _, c := range changes {
		t.Run("Go/"+c.name, func(t *testing.T) {
			p := newPlace(t, nil)
			observer := p.startBot(t, newClient(t), "observer", func(o *options) { o.Publish = true })
			observer.await(20*time.Second, "meeting-joined", nil)
			h := newMover(t)
			if c.before != nil {
				c.before(h)
			}
			mover := p.startBot(t, h, "mover", func(o *options) { o.Publish = true })
			streams := []string{"audio", "video"}
			for _, kind := range streams {
				mover.awaitMedia(20*time.Second, "observer "+kind)
				observer.awaitMedia(20*time.Second, "mover "+kind)
			}
			enabled := len(observer.all("stream-enabled"))
			start := time.Now()
			c.change(h)
			for time.Since(start) < settled {
				time.Sleep(tick) // the observation itself
			}
			for _, kind := range streams {
				down, up := mover.gap("observer "+kind, start), observer.gap("mover "+kind, start)
				t.Logf("%s: received again after %v, seen again after %v", kind, down, up)
				require.Less(t, down, moved)
				require.Less(t, up, moved)
			}
			require.Empty(t, observer.all("participant-left"))
			require.Empty(t, observer.all("stream-disabled"))
			require.Len(t, observer.all("stream-enabled"), enabled)
			require.Empty(t, mover.all("error"))
			require.Empty(t, mover.all("meeting-left"))
		})
	}
}
