package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/storetest"
	"github.com/klatch/klatch/internal/wire"
)

func newJob(c *testCall, id string, kind job.Kind, sec int) record.Job {
	return record.Job{
		ID: id, Kind: kind, AccountID: c.account.ID, MeetingID: c.meeting.ID, CustomID: "standup", SessionID: c.session,
		State: job.Starting, Config: job.Config{Layout: job.Layout{Type: job.Sidebar}}.WithDefaults(),
		OnFailure: job.StopOnFailure, WebhookURL: "https://hooks.example.com/x", Dir: "calls/2026",
		StartedBy: job.By{ParticipantID: "ann"},
		Path:      string(kind) + "/" + id + ".mp4", CreatedAt: after(sec), UpdatedAt: after(sec),
	}
}

func TestJobs(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		c := newCall(t, s)
		ctx := t.Context()

		recording := newJob(c, "job-1", job.Recording, 1)
		require.NoError(t, s.CreateJob(ctx, recording))
		got, err := s.Job(ctx, c.account.ID, "job-1")
		require.NoError(t, err)
		require.Equal(t, recording, got)

		track := newJob(c, "job-2", job.Track, 2)
		track.Sources, track.Format = []job.Source{{ParticipantID: "bob", Kind: wire.ShareAudio}}, job.WebM
		track.Targets = []job.Target{{URL: "rtmp://live.example.com/app", State: job.OutputLive}}
		require.NoError(t, s.CreateJob(ctx, track))
		got, err = s.Job(ctx, c.account.ID, "job-2")
		require.NoError(t, err)
		require.Equal(t, track, got)

		over, running := true, false
		list := func(want record.JobFilter) []string {
			page, err := s.Jobs(ctx, c.account.ID, want, record.Page{})
			require.NoError(t, err)
			require.Equal(t, len(page.Items), page.Total)
			ids := []string{}
			for _, j := range page.Items {
				ids = append(ids, j.ID)
			}
			return ids
		}
		require.Equal(t, []string{"job-2", "job-1"}, list(record.JobFilter{}))
		require.Equal(t, []string{"job-1"}, list(record.JobFilter{Kinds: []job.Kind{job.Recording, job.HLS}}))
		require.Equal(
			t,
			[]string{"job-2"},
			list(record.JobFilter{ParticipantID: "bob", SessionID: c.session, MeetingID: c.meeting.ID}),
		)
		require.Empty(t, list(record.JobFilter{Over: &over}))

		recording.State, recording.StartedAt, recording.StoppedAt, recording.EndedAt, recording.UpdatedAt = job.Failed, after(
			2,
		), after(
			9,
		), after(
			10,
		), after(
			10,
		)
		recording.Files = []job.File{
			{
				Path:       "recording/job-1.mp4",
				Size:       5 << 30,
				DurationMs: 7_200_000,
				Width:      1280,
				Height:     720,
				Format:     job.MP4,
			},
		}
		recording.Fault = fault.RecordingFailedWorkerDied("SIGKILL", -1, "it said nothing").
			WithMeeting(c.meeting.ID, c.session, "")
		require.NoError(t, s.UpdateJob(ctx, recording))
		got, err = s.Job(ctx, c.account.ID, "job-1")
		require.NoError(t, err)
		wantFault, _ := json.Marshal(recording.Fault)
		gotFault, _ := json.Marshal(got.Fault)
		require.JSONEq(t, string(wantFault), string(gotFault))
		got.Fault = recording.Fault
		require.Equal(t, recording, got)
		require.Equal(t, []string{"job-1"}, list(record.JobFilter{Over: &over}))
		require.Equal(t, []string{"job-2"}, list(record.JobFilter{Over: &running}))

		again := recording
		again.State, again.EndedAt = job.Started, time.Time{}
		require.ErrorAs(t, s.UpdateJob(ctx, again), new(*record.NotFoundError), "what is over stays over")

		open, err := s.OpenJobs(ctx)
		require.NoError(t, err)
		require.Equal(t, []record.Job{track}, open)

		for _, id := range []string{"none", "job-1"} {
			_, err = s.Job(ctx, "somebody else", id)
			require.ErrorAs(t, err, new(*record.NotFoundError))
		}
		require.ErrorAs(t, s.DeleteJob(ctx, c.account.ID, "job-2"), new(*record.ConflictError))
		require.ErrorAs(t, s.DeleteJob(ctx, "somebody else", "job-1"), new(*record.NotFoundError))
		require.NoError(t, s.DeleteJob(ctx, c.account.ID, "job-1"))
		require.ErrorAs(t, s.DeleteJob(ctx, c.account.ID, "job-1"), new(*record.NotFoundError))
	})
}

func TestLocalJobs(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		c := newCall(t, s)
		var left []record.Job
		for n, kind := range job.Kinds {
			j := newJob(c, "job-"+string(kind), kind, n)
			j.State, j.EndedAt = job.Stopped, after(100)
			j.Files = []job.File{{Path: j.Path, Size: 1}}
			require.NoError(t, s.CreateJob(t.Context(), j))
			left = append(left, j)
		}
		running := newJob(c, "running", job.HLS, 50)
		require.NoError(t, s.CreateJob(t.Context(), running))
		kept := left[0]
		kept.ID, kept.Files = "kept", []job.File{{Key: "s1/kept/kept.mp4", Size: 1}}
		require.NoError(t, s.CreateJob(t.Context(), kept))

		found, err := s.LocalJobs(t.Context())
		require.NoError(t, err)
		require.Equal(t, left, found, "of every kind, oldest first")

		for _, want := range append(left, running, kept) {
			got, err := s.JobByID(t.Context(), want.ID)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
		for _, id := range []string{"", "none", "job-hls\x00", "job-%"} {
			_, err := s.JobByID(t.Context(), id)
			require.ErrorAs(t, err, new(*record.NotFoundError), id)
		}
	})
}

// The jobs of a session that was killed are found after the restart.
func TestOpenJobsOutliveTheServer(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		first, err := store.OpenWith(t.Context(), options(url))
		require.NoError(t, err)
		c := newCall(t, first)
		left := newJob(c, "job-1", job.HLS, 1)
		require.NoError(t, first.CreateJob(t.Context(), left))
		require.NoError(t, first.Close())

		open, err := open(t, url).OpenJobs(t.Context())
		require.NoError(t, err)
		require.Equal(t, []record.Job{left}, open)
	})
}

func TestTranscodingJobs(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		a, m := storetest.Session(t, s, "s1")
		now := time.UnixMilli(1_764_000_000_000).UTC()
		for i, kind := range []job.Kind{job.Merge, job.HLSToMP4, job.CompositeMerge, job.RecordingMerge} {
			j := record.Job{
				ID: string(kind), Kind: kind, AccountID: a.ID, MeetingID: m.ID, SessionID: "s1", State: job.Starting,
				Sources:   []job.Source{{ParticipantID: "ann", RecordingID: "r1", Channel: i + 1}},
				CreatedAt: now, UpdatedAt: now,
			}
			require.NoError(t, s.CreateJob(t.Context(), j))
			j.State, j.EndedAt = job.Cancelled, now
			require.NoError(t, s.UpdateJob(t.Context(), j))
			got, err := s.Job(t.Context(), a.ID, j.ID)
			require.NoError(t, err)
			require.Equal(t, j.Sources, got.Sources)
		}
		want := record.JobFilter{
			Kinds: []job.Kind{job.HLSToMP4}, States: []job.State{job.Cancelled}, SourceID: "r1",
		}
		list, err := s.Jobs(t.Context(), a.ID, want, record.Page{Size: 10})
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
		want.ID = string(job.HLSToMP4)
		list, err = s.Jobs(t.Context(), a.ID, want, record.Page{Size: 10})
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
		want.ID = "another"
		list, err = s.Jobs(t.Context(), a.ID, want, record.Page{Size: 10})
		require.NoError(t, err)
		require.Empty(t, list.Items)
		want.ID, want.States = "", []job.State{job.Stopped}
		list, err = s.Jobs(t.Context(), a.ID, want, record.Page{Size: 10})
		require.NoError(t, err)
		require.Empty(t, list.Items)
	})
}

// Each node ends the jobs of its former runs, and one node those of a node that is lost.
func TestJobsOfNodes(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		c := newCall(t, s)
		create := func(id string, kind job.Kind, node record.NodeID) record.Job {
			j := newJob(c, id, kind, 1)
			j.Node = node
			require.NoError(t, s.CreateJob(ctx, j))
			return j
		}
		former := record.NodeID{Name: "a", Incarnation: "a0"}
		require.NoError(t, s.RenewNode(ctx, nodeB, nil))
		alone := create("alone", job.Recording, record.NodeID{})
		create("other", job.HLS, nodeB)
		left := create("left", job.HLS, former)
		create("own", job.HLS, nodeA)
		waits := create("waits", job.Merge, record.NodeID{})

		as(s, nodeA)
		open, err := s.OpenJobs(ctx)
		require.NoError(t, err)
		require.Equal(t, []record.Job{alone, left, waits}, open)
		open, err = s.OpenJobs(ctx)
		require.NoError(t, err)
		require.Empty(t, open, "they are its own now")
		lost, err := s.LostJobs(ctx)
		require.NoError(t, err)
		require.Empty(t, lost)
		_, err = s.FenceNode(ctx, nodeB, 1)
		require.NoError(t, err)
		lost, err = s.LostJobs(ctx)
		require.NoError(t, err)
		require.Len(t, lost, 1)
		require.Equal(t, nodeB, lost[0].Node)
		lost, err = s.LostJobs(ctx)
		require.NoError(t, err)
		require.Empty(t, lost, "once")
	})
}
