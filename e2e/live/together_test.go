package live

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/sdk"
)

// A meeting whose autoStartConfig records and shows it is also pushed to a target. All three end with the session, each
// as it should.
func TestAllKindsTogether(t *testing.T) {
	config := map[string]any{"config": map[string]any{"quality": "low"}}
	s := open(t, map[string]any{"autoStartConfig": map[string]any{"recording": config, "hls": config}})
	ann, told := s.join(t, "ann")
	bob, _ := s.join(t, "bob")
	target := startNginx(t, strconv.Itoa(testnet.FreePort(t)))
	require.NoError(
		t,
		bob.StartLivestream(
			t.Context(),
			[]sdk.LivestreamOutput{{URL: target.url(), StreamKey: "key"}},
			sdk.LivestreamOptions{Config: &low},
		),
	)
	told.requireStates(t, job.Livestream, "STARTING", "STARTED")
	told.requireStates(t, job.HLS, "STARTING", "STARTED", "PLAYABLE")
	told.requireStates(t, job.Recording, "STARTING", "STARTED")
	urls := ann.HLSURLs()
	cid, late := s.join(t, "cid")
	require.Equal(
		t,
		[3]string{"RECORDING_STARTED", "LIVESTREAM_STARTED", "HLS_PLAYABLE"},
		[3]string{cid.RecordingState(), cid.LivestreamState(), cid.HLSState()},
	)
	require.Equal(t, urls, cid.HLSURLs())
	require.Empty(t, late.statesOf(job.HLS), "what is so already is no event")

	require.NoError(t, ann.End(t.Context()))
	for _, kind := range []job.Kind{job.Recording, job.HLS, job.Livestream} {
		require.Eventually(
			t,
			func() bool { return s.jobs(t, kind)[0].State.Over() },
			waitLimit,
			20*time.Millisecond,
			"%s",
			kind,
		)
		made := s.jobs(t, kind)
		require.Len(t, made, 1, "%s", kind)
		require.Equal(t, job.Stopped, made[0].State, "%s", kind)
		require.Nil(t, made[0].Fault)
		require.Equal(t, kind != job.Livestream, made[0].StartedBy.AutoStart)
		if kind == job.Livestream {
			require.Empty(t, made[0].Files)
			require.Equal(t, job.OutputDone, made[0].Targets[0].State)
			continue
		}
		require.Len(t, made[0].Files, 1)
		path := urls.PlaybackHLSURL
		if kind == job.Recording {
			path = filepath.Join(s.server.Dir, "files", made[0].Files[0].Key)
		}
		s.requireBoth(t, path)
		require.InDelta(t, float64(made[0].Files[0].DurationMs)/1000, mediaprobe.Probe(t, path).Seconds(t), 0.2, "%s", kind)
	}
	s.requireBoth(t, target.record("key"))
	require.False(t, s.server.Logged(`"level":"ERROR"`))
}

// requireBoth sees that a file shows and sounds like the two people.
func (s *fixture) requireBoth(t *testing.T, path string) {
	t.Helper()
	require.ElementsMatch(t, []string{"h264", "aac"}, mediaprobe.Probe(t, path).Codecs(), path)
	picture := mediaprobe.Frame(t, path, 3*time.Second)
	mediaprobe.RequireShows(t, picture, annsBox, "ann")
	mediaprobe.RequireShows(t, picture, bobsBox, "bob")
	mediaprobe.RequireTones(t, mediaprobe.Sound(t, path), 3*time.Second, 4*time.Second, "ann", "bob")
}
