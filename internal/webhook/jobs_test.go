package webhook_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/webhook"
)

// fakeAnnouncer keeps what is announced.
type fakeAnnouncer struct{ events []record.Event }

func (o *fakeAnnouncer) Announce(_ context.Context, e record.Event) error {
	o.events = append(o.events, e)
	return nil
}

// HLS is played; what can be downloaded is the recording beside it.
func TestHLSEventNamesItsRecording(t *testing.T) {
	var out fakeAnnouncer
	jobs := &webhook.Jobs{
		Outbox: &out,
		URL:    func(_ context.Context, f job.File) (string, error) { return "https://x/" + f.Key, nil },
		HLS:    func(id string) (string, string) { return id + "/index.m3u8", id + "/live.m3u8" },
	}
	j := record.Job{
		ID:        "j1",
		Kind:      job.HLS,
		State:     job.Stopped,
		StartedAt: time.Now(),
		Files:     []job.File{{Key: "s1/j1/index.m3u8", Format: job.M3U8}},
	}
	jobs.JobChanged(t.Context(), j)
	j.Files = append(j.Files, job.File{Key: "s1/j1/j1.mp4", Format: job.MP4})
	jobs.JobChanged(t.Context(), j)
	require.Len(t, out.events, 2)
	require.Equal(t, "hls-stopped", out.events[0].Name)
	require.NotContains(t, out.events[0].Data, "filePath")
	require.Equal(t, "j1/index.m3u8", out.events[1].Data["playbackHlsUrl"])
	require.Equal(t, "s1/j1/j1.mp4", out.events[1].Data["filePath"])
	require.Equal(t, "https://x/s1/j1/j1.mp4", out.events[1].Data["fileUrl"])
	require.Len(t, out.events[1].Data["files"], 1)
}
