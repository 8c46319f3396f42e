package live

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/wire"
)

// A recording that starts by itself takes whom the list of the room names, and nobody else, also who comes later.
func TestAutoStartRecordsTheNamedOnly(t *testing.T) {
	t.Parallel()
	s := open(t, map[string]any{"autoStartConfig": map[string]any{"composite": map[string]any{
		"participants": []any{map[string]any{"participantId": "bob", "kind": []any{"audio"}}},
		"config": map[string]any{
			"quality": "low",
		}, "bucketDirPath": "calls", "fileFormat": "webm", "onFailure": "restart",
	}}})
	ann, _ := s.join(t, "ann")
	bob, _ := s.join(t, "bob")
	require.Eventually(t, func() bool {
		list := s.jobs(t, job.Composite)
		return len(list) == 1 && list[0].State == job.Started
	}, waitLimit, 20*time.Millisecond)
	began := time.Now()
	// of sound
	require.Eventually(t, func() bool { return time.Since(began) > 3*time.Second }, waitLimit, 50*time.Millisecond)
	require.NoError(t, bob.Leave(t.Context()))
	require.NoError(t, ann.End(t.Context()))
	require.Eventually(t, func() bool { return s.jobs(t, job.Composite)[0].State.Over() }, waitLimit, 20*time.Millisecond)
	made := s.jobs(t, job.Composite)[0]
	require.Nil(t, made.Fault)
	require.Equal(t, []job.Source{{ParticipantID: "bob", Kind: wire.Audio}}, made.Sources)
	require.Equal(t, [3]any{"calls", job.WebM, job.RestartOnFailure}, [3]any{made.Dir, made.Format, made.OnFailure})
	require.Len(t, made.Files, 1)
	path := filepath.Join(s.server.Dir, "files", made.Files[0].Key)
	mediaprobe.RequireTones(t, mediaprobe.Sound(t, path), 1500*time.Millisecond, 2500*time.Millisecond, "bob")
	picture := mediaprobe.Frame(t, path, 2*time.Second)
	for _, box := range []string{"ann", "bob"} {
		require.False(
			t,
			mediaprobe.Shows(t, picture, annsBox, box) || mediaprobe.Shows(t, picture, bobsBox, box),
			"a camera that is not named",
		)
	}
	require.False(t, s.server.Logged(`"level":"ERROR"`))
}
