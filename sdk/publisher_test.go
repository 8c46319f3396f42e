package sdk

import (
	"net/url"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// TestStreamDisabledStopsOnlyTheSourceOfItsTime tells of a stream that is off when its source was already opened again:
// the new source goes on. In storms of muting a call failed with 3054 otherwise, for the server had the stream on.
func TestStreamDisabledStopsOnlyTheSourceOfItsTime(t *testing.T) {
	m := newMeeting(Options{}, &url.URL{Scheme: "http", Host: "127.0.0.1:1"}, nil)
	defer func() {
		m.finish(Disconnected, LeaveReason{}, nil)
		<-m.gone
	}()
	out, err := newRTPWriters(Audio, formats["opus"], nil)
	require.NoError(t, err)
	open := func() *pump {
		reader, err := TestTone("ann").Open(Audio)
		require.NoError(t, err)
		return startPump(reader, out, true, pumpHooks{ended: func(error) {}})
	}
	before, after := open(), open()
	m.pub.slots[Audio] = &slot{kind: Audio, out: out, pump: before, silence: &condition{meeting: m}}
	m.local.streams[Audio] = newStream(m.local, wire.Stream{ID: "1", Kind: wire.Audio, Codec: "opus"})

	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // a goroutine that starts runs only when this one waits
	require.Len(t, m.streamDisabled(m.local.ID(), Audio, ""), 1)
	m.pub.mu.Lock()
	m.pub.slots[Audio].pump = after
	m.pub.mu.Unlock()
	m.tasks.Wait()
	require.Same(t, after, m.pub.running(Audio))
	select {
	case <-after.done:
		require.Fail(t, "the new source was stopped")
	default:
	}
	select {
	case <-before.done: // it was stopped before the other took its place
	default:
		before.stop()
	}
}
