package egress

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/egress/job"
	klatch "github.com/klatch/klatch/sdk"
	"github.com/klatch/klatch/sdk/testcard"
)

func TestParticipantIsOneFileWithSilenceAndBlack(t *testing.T) {
	s := open(t)
	ann := s.enter(t, "ann", card("ann"), klatch.TestTone("ann"))
	s.enter(t, "bob", card("bob"), klatch.TestTone("bob"))
	path := file(t, "ann.webm")
	w := s.employ(t, job.Spec{Kind: job.Participant, Format: job.WebM, File: path, Sources: []job.Source{{ParticipantID: "ann"}}})
	w.started()
	w.lasts(2 * time.Second)
	require.NoError(t, ann.MuteMic(t.Context()))
	require.NoError(t, ann.DisableWebcam(t.Context()))
	w.lasts(4 * time.Second)
	require.NoError(t, ann.UnmuteMic(t.Context(), nil))
	require.NoError(t, ann.EnableWebcam(t.Context(), nil))
	w.lasts(6 * time.Second)
	made := w.stop()

	require.Len(t, made, 1)
	p := probe(t, path)
	require.Equal(t, []string{"opus", "vp8"}, p.codecs())
	require.InDelta(t, p.seconds(t), float64(made[0].DurationMs)/1000, 0.1)
	require.InDelta(t, 6.5, p.seconds(t), 1)
	require.Equal(t, [2]int{640, 360}, [2]int{made[0].Width, made[0].Height})

	whole := image.Rect(0, 0, 640, 360)
	pcm := sound(t, path)
	for at, on := range map[time.Duration]bool{1500 * time.Millisecond: true, 3500 * time.Millisecond: false, 5700 * time.Millisecond: true} {
		picture := frame(t, path, at)
		if on {
			requireShows(t, picture, whole, "ann")
			requireTones(t, pcm, at-300*time.Millisecond, at+300*time.Millisecond, "ann")
		} else {
			require.True(t, near(color(picture, image.Pt(100, 200)), testcard.Black), "black at %v", at)
			requireTones(t, pcm, at-300*time.Millisecond, at+300*time.Millisecond)
		}
	}
}
