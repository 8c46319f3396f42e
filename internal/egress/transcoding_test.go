package egress

import (
	"context"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// dirSources are files in a directory, by the key of each.
type dirSources string

func (d dirSources) OpenFile(_ context.Context, f job.File) (io.ReadCloser, error) {
	return os.Open(filepath.Join(string(d), f.Key))
}

func (d dirSources) OpenStream(_ context.Context, jobID, name string) (io.ReadCloser, error) {
	return nil, fs.ErrNotExist
}

// tone puts a recording of a tone into the store, and its file into a directory.
func (p *fixture) tone(dir, id, participant string, hz string, began time.Time) {
	p.t.Helper()
	made := exec.CommandContext(p.t.Context(), "ffmpeg", "-v", "error", "-f", "lavfi", "-i",
		"sine=frequency="+hz+":duration=2", "-c:a", "libopus", filepath.Join(dir, id+".webm"))
	out, err := made.CombinedOutput()
	require.NoError(p.t, err, "%s", out)
	require.NoError(p.t, p.store.CreateJob(p.t.Context(), record.Job{
		ID: id, Kind: job.Track, AccountID: p.account.ID, MeetingID: p.meeting.ID, SessionID: p.session,
		State: job.Stopped, Sources: []job.Source{{ParticipantID: participant, Kind: wire.Audio}}, Format: job.WebM,
		CreatedAt: began, StartedAt: began, EndedAt: began.Add(2 * time.Second), UpdatedAt: began,
		Files: []job.File{{Key: id + ".webm", Size: 1000, DurationMs: 2000, Format: job.WebM, BeganAt: began}},
	}))
}

func TestMerge(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{})
	dir := t.TempDir()
	p.m.SetSources(dirSources(dir))
	began := time.Now().UTC().Truncate(time.Second)
	p.tone(dir, "left", "ann", "440", began)
	p.tone(dir, "right", "bob", "880", began.Add(time.Second))
	q := job.TranscodingRequest{
		Kind: job.Merge, AccountID: p.account.ID, MeetingID: p.meeting.ID, SessionID: p.session,
		Sources: []job.Source{
			{ParticipantID: "ann", RecordingID: "left", Channel: 1}, {ParticipantID: "bob", RecordingID: "right", Channel: 2},
		},
	}
	j, err := p.m.Transcode(t.Context(), q)
	require.NoError(t, err)
	done := p.awaitEnd(j.ID)
	require.Equal(t, job.Stopped, done.State, "%v", done.Fault)
	require.EqualValues(t, 3000, done.Files[0].DurationMs, "bob began a second later")

	// Ann is heard on the left alone, bob on the right alone, and bob only from the second second on.
	file := filepath.Join(p.dir, done.Files[0].Path)
	loud := func(channel, from string) bool {
		said, err := exec.CommandContext(t.Context(), "ffmpeg", "-hide_banner", "-ss", from, "-t", "0.8", "-i", file, "-af",
			"pan=mono|c0="+channel+",volumedetect", "-f", "null", "-").CombinedOutput()
		require.NoError(t, err, "%s", said)
		return !strings.Contains(string(said), "mean_volume: -9")
	}
	require.True(t, loud("FL", "0.1"))
	require.False(t, loud("FR", "0.1"))
	require.True(t, loud("FR", "2.1"))
	require.False(t, loud("FL", "2.1"))
	left, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	require.Len(t, left, 1, "copies and parts are gone")

	// What cannot be read fails with its fault.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "right.webm"), []byte("no media"), 0o600))
	j, err = p.m.Transcode(t.Context(), q)
	require.NoError(t, err)
	failed := p.awaitEnd(j.ID)
	require.Equal(t, job.Failed, failed.State)
	refused(t, "5001.ENCODER_DIED", failed.Fault)
	require.NoError(t, os.Remove(filepath.Join(dir, "right.webm")))
	j, err = p.m.Transcode(t.Context(), q)
	require.NoError(t, err)
	refused(t, "4108.FILE", p.awaitEnd(j.ID).Fault)
	require.False(t, p.m.cancelHere(j.ID), "it is over")
}

func TestTranscodingsAreBounded(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{})
	p.m.SetSources(dirSources(t.TempDir()))
	p.m.transcodings.working = true // nobody works
	q := job.TranscodingRequest{
		Kind: job.HLSToMP4, AccountID: p.account.ID, MeetingID: p.meeting.ID, SessionID: p.session,
		Sources: []job.Source{{RecordingID: "none"}},
	}
	var first record.Job
	for i := range maxTranscodings {
		j, err := p.m.Transcode(t.Context(), q)
		require.NoError(t, err)
		if i == 0 {
			first = j
		}
	}
	refused(t, "4106.TRANSCODINGS", errOf(p.m.Transcode(t.Context(), q)))
	canceled, err := p.m.CancelTranscoding(t.Context(), first)
	require.NoError(t, err)
	require.True(t, canceled)
	p.m.workTranscodings()
	require.Equal(t, job.Cancelled, p.awaitEnd(first.ID).State)
	require.Empty(t, p.m.transcodings.queue)
}
