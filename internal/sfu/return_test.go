package sfu

import (
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// Who returns with another codec while an offer waits for its answer is removed and added in one offer: in sections
// that only send, as all others.
func TestPublisherReturnsBeforeAnAnswer(t *testing.T) {
	h := newHub(t)
	bob := h.join("s", "bob")
	bob.subscribe(camera("ann"), mic("carl"))
	ann := h.join("s", "ann")
	ann.publish(vp8)
	video := bob.got("ann", wire.Video)
	stop := ann.source(wire.Video).run(10 * time.Millisecond)
	eventually(t, "video", func() bool { return video.count() > 20 })
	bob.mu.Lock()
	bob.noAnswer = true
	seen := bob.seen
	bob.mu.Unlock()
	h.join("s", "carl").publish(voice)
	eventually(t, "an offer", func() bool { return bob.offersSeen() > seen })
	stop()
	ann.leave()
	ann = h.join("s", "ann")
	ann.publish(map[wire.Kind]string{wire.Video: webrtc.MimeTypeH264})
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	bob.mu.Lock()
	bob.noAnswer = false
	bob.mu.Unlock()
	before := video.count()
	require.NoError(t, bob.answer(bob.lastOffer()))
	eventually(t, "video as H264", func() bool { return video.count() > before+20 })
	require.NotContains(t, bob.lastOffer().SDP, "a=sendrecv")
	require.NotContains(t, bob.lastOffer().SDP, "a=recvonly")
	require.Len(t, bob.downConn().GetTransceivers(), 3)
}
