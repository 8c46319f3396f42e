package egress

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
	"github.com/klatch/klatch/sdk/testcard"
)

// A worker that gets no processor time for a second records what was sent meanwhile: it waits in the socket.
func TestWorkerWithoutProcessorTime(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	whole, sound := []job.Source{{ParticipantID: "ann"}}, []job.Source{{ParticipantID: "ann", Kind: wire.Audio}}
	for name, spec := range map[string]order.Spec{
		"audio track":      {Kind: job.Track, Format: job.WebM, Sources: sound},
		"participant webm": {Kind: job.Participant, Format: job.WebM, Sources: whole},
		"participant mp4":  {Kind: job.Participant, Format: job.MP4, Sources: whole},
		"composed":         {Kind: job.Recording, Format: job.MP4, Config: job.Config{Quality: job.Low}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec.File = file(t, "held."+string(spec.Format))
			w := s.startWorker(t, spec)
			w.waitRecorded(2500 * time.Millisecond)
			require.NoError(t, syscall.Kill(w.cmd.Process.Pid, syscall.SIGSTOP))
			<-time.After(time.Second)
			require.NoError(t, syscall.Kill(w.cmd.Process.Pid, syscall.SIGCONT))
			w.waitRecorded(5 * time.Second)
			require.Len(t, w.stop(), 1)
			_, hz := testcard.Tone("ann")
			missing, _ := missingTone(mediaprobe.Sound(t, spec.File), float64(hz))
			require.Empty(t, missing, "there is no tone at these seconds")
		})
	}
}
