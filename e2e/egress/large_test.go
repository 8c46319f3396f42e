package egress

import (
	"image"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/mediatest"
	"github.com/klatch/klatch/sdk"
)

// A sender whose key frames claim 8192x8192 costs the recording that one tile, and is named; the recording goes on.
func TestPictureThatIsTooLarge(t *testing.T) {
	t.Parallel()
	s := open(t)
	clip := mediatest.Encode(t, mediatest.Clip{Codec: "VP8", Width: 320, Height: 180, FPS: 30, Frames: 30, GOP: 30})
	for _, frame := range clip {
		if frame[0]&1 == 0 { // a key frame, whose size stands behind its start code (RFC 6386, section 9.1)
			copy(frame[6:], []byte{0, 0x20, 0, 0x20})
		}
	}
	s.join(t, "ann", clipSource{codecName: "VP8", frames: clip}, nil)
	s.join(t, "bob", card("bob"), sdk.TestTone("bob"))
	path := file(t, "large.mp4")
	w := s.startWorker(t, order.Spec{Kind: job.Recording, File: path, Config: job.Config{Quality: job.Low}})
	told := w.await("fault", func(r order.Report) bool {
		return r.Report == order.ReportFault && strings.Contains(r.Fault.Detail, "8192x8192")
	})
	require.Equal(t, "MEDIA_LOST", told.Fault.Reason)
	require.False(t, told.Final)
	require.Equal(t, "TOO_LARGE", told.Fault.Details["seen"])
	require.Equal(t, "ann", told.Fault.Details["participant"])
	w.waitRecorded(4 * time.Second)
	require.Len(t, w.stop(), 1)
	mediaprobe.RequireShows(t, mediaprobe.Frame(t, path, 3*time.Second), image.Rect(429, 121, 852, 359), "bob")
}
