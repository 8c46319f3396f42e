package egress

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/wire"
)

// Checking and normalizing return what they find and leave the request as it was given.
func TestRequestIsNotChanged(t *testing.T) {
	t.Parallel()
	m := &Manager{}
	for _, given := range []job.Request{
		{Kind: job.Recording, Method: "start", Format: job.WebM, Dir: "/calls/", Transcription: &job.Transcription{}},
		{Kind: job.Recording, Method: "start", Dir: "../calls", OnFailure: "again"},
		{Kind: job.Composite, Method: "start", Sources: []job.Source{{ParticipantID: "ann", Kind: wire.Audio}}},
		{Kind: job.Track, Method: "start", Sources: []job.Source{{ParticipantID: "ann", Kind: wire.Audio}}},
		{Kind: job.Livestream, Method: "start", Outputs: []job.Output{{URL: "RTMP://example.com/app", StreamKey: "k"}}},
	} {
		q := given
		q.Sources, q.Outputs = slices.Clone(given.Sources), slices.Clone(given.Outputs)
		_ = m.Check(q)
		_ = normalized(q)
		require.Equal(t, given, q)
	}
}

func TestNormalizedRequest(t *testing.T) {
	t.Parallel()
	q := normalized(job.Request{Kind: job.Recording, Format: job.WebM, Dir: "/calls/"})
	require.Equal(t, job.WebM, q.Format)
	require.Equal(t, job.WebM, q.Config.FileFormat, "given beside the config")
	require.Equal(t, "calls", q.Dir)
	require.Equal(t, job.StopOnFailure, q.OnFailure)
	require.Equal(t, job.Grid, q.Config.Layout.Type)
	require.Equal(t, job.WebM, normalized(job.Request{Kind: job.Track}).Format)
	require.Equal(t, q, normalized(q), "a restart normalizes again")
}

// A composite recording of 25 participants may name every stream of theirs.
func TestLargestComposite(t *testing.T) {
	t.Parallel()
	var q job.Request
	q.Kind = job.Composite
	for i := range 26 {
		if i == 25 {
			require.NoError(t, (&Manager{}).Check(q))
		}
		for _, kind := range wire.Kinds {
			q.Sources = append(q.Sources, job.Source{ParticipantID: string(rune('a' + i)), Kind: kind})
		}
	}
	refused(t, "4107.BAD_PARAMS", (&Manager{}).Check(q))
}
