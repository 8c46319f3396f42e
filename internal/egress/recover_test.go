package egress

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

const openPlaylist = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-PLAYLIST-TYPE:EVENT\n#EXTINF:2.0,\nseg00000.m4s\n"

// left makes the record of a job that a killed server left, which had these files: names begin after its id, and are
// older than any worker.
func (p *fixture) left(kind job.Kind, change func(*job.Request), files ...string) string {
	p.t.Helper()
	q := p.request(kind)
	if change != nil {
		change(&q)
	}
	require.NoError(p.t, p.m.Check(q))
	q, _, err := p.m.resolve(p.t.Context(), normalized(q))
	require.NoError(p.t, err)
	j := newJob(q, uuid.NewString(), record.NodeID{})
	j.State, j.StartedAt = job.Started, time.Now().Add(-time.Minute)
	require.NoError(p.t, p.store.CreateJob(p.t.Context(), j))
	for _, name := range files {
		path := filepath.Join(p.dir, string(kind), j.ID+name)
		require.NoError(p.t, os.MkdirAll(filepath.Dir(path), 0o700))
		content := "content of " + name
		if strings.HasSuffix(name, ".m3u8") {
			content = openPlaylist
		}
		require.NoError(p.t, os.WriteFile(path, []byte(content), 0o600))
		past := time.Now().Add(-30 * time.Second)
		require.NoError(p.t, os.Chtimes(path, past, past))
	}
	return j.ID
}

// What a killed server left running ends once, at the next start, with all that it made.
func TestRecover(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true})
	withFile := func(q *job.Request) { q.Config.Recording = &job.Switch{Enabled: true} }
	asList := func(q *job.Request) { q.Format = job.M3U8 }
	for _, tt := range []struct {
		kind   job.Kind
		change func(*job.Request)
		files  []string
		code   string
		want   []string
	}{
		{job.Recording, nil, []string{".mp4"}, "5001", []string{".mp4"}},
		{
			job.HLS, withFile, []string{"/index.m3u8", "/live.m3u8", "/seg00000.m4s", "/seg00001.m4s.part", ".mp4"},
			"5003", []string{"/index.m3u8", ".mp4"},
		},
		{job.HLS, nil, nil, "5003", nil},
		{job.Livestream, nil, nil, "5002", nil},
		{job.Livestream, withFile, []string{".mp4"}, "5002", []string{".mp4"}},
		{
			job.Track, nil,
			[]string{
				".webm", "-2.webm", "-3.webm", "-4.webm", "-5.webm", "-6.webm", "-7.webm", "-8.webm", "-9.webm",
				"-10.webm",
			},
			"5001",
			[]string{
				".webm", "-2.webm", "-3.webm", "-4.webm", "-5.webm", "-6.webm", "-7.webm", "-8.webm", "-9.webm",
				"-10.webm",
			},
		},
		{job.Participant, nil, []string{".webm", "-2.webm"}, "5001", []string{".webm", "-2.webm"}},
		{
			job.Participant, asList, []string{"/index.m3u8", "/live.m3u8", "/2/index.m3u8"}, "5001",
			[]string{"/index.m3u8", "/2/index.m3u8"},
		},
	} {
		id := p.left(tt.kind, tt.change, tt.files...)
		n, err := p.m.Recover(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, n)
		n, err = p.m.Recover(t.Context())
		require.NoError(t, err)
		require.Zero(t, n, "once")
		j := p.awaitEnd(id)
		require.Equal(t, job.Failed, j.State)
		refused(t, tt.code+".SERVER_RESTARTED", j.Fault)
		var got []string
		for _, f := range j.Files {
			got = append(got, strings.TrimPrefix(f.Path, string(tt.kind)+"/"+id))
			require.Equal(t, job.Format(filepath.Ext(f.Path)[1:]), f.Format)
			if f.Format == job.M3U8 {
				require.EqualValues(t, 2000, f.DurationMs, "as it says itself")
				require.Greater(t, f.Size, int64(len(openPlaylist)), "with its segments")
			}
		}
		require.Equal(t, tt.want, got, tt.kind)
		for _, name := range tt.files {
			if strings.HasSuffix(name, ".m3u8") {
				ended, err := os.ReadFile(filepath.Join(p.dir, string(tt.kind), id+name))
				require.NoError(t, err)
				require.Contains(t, string(ended), "#EXT-X-ENDLIST", "players stop waiting")
			}
		}
	}
	require.Len(t, p.reported, 8)
}

// fakeStorage is a storage that reads what it is given, or refuses.
type fakeStorage struct {
	dir   string
	fails error
	hangs bool
	took  map[string]string
}

func (v *fakeStorage) Grow(context.Context, record.Job, []string) error { return nil }

func (v *fakeStorage) Salvage(context.Context, record.Job, func(string) error) ([]job.File, error) {
	return nil, nil
}

func (v *fakeStorage) Keep(ctx context.Context, j record.Job) ([]job.File, error) {
	if v.hangs {
		<-ctx.Done()
		return nil, j.Kind.Faults().
			UploadFailed("it was stopped", 1, "the storage", "x", time.Second).
			Because(ctx.Err())
	}
	if v.fails != nil {
		return nil, v.fails
	}
	var files []job.File
	for _, f := range j.Files {
		content, err := os.ReadFile(filepath.Join(v.dir, f.Path))
		if err != nil {
			return nil, err
		}
		v.took[f.Path] = string(content)
		f.Key, f.Path = f.Path, ""
		files = append(files, f)
	}
	return files, nil
}

func TestRecoverKeepsFiles(t *testing.T) {
	t.Parallel()
	v := &fakeStorage{took: map[string]string{}}
	p := newFixture(t, script{Starts: true}, func(o *Options) { o.Storage, v.dir = v, o.Dir })
	id := p.left(job.HLS, nil, "/index.m3u8", "/seg00000.m4s")
	_, err := p.m.Recover(t.Context())
	require.NoError(t, err)
	require.Equal(t, "hls/"+id+"/index.m3u8", p.awaitEnd(id).Files[0].Key)
	require.Contains(t, v.took["hls/"+id+"/index.m3u8"], "#EXT-X-ENDLIST", "it is ended before it is kept")

	v.fails = fault.HLSFailedUploadFailed("AccessDenied", 2, "the storage", "x", time.Second)
	id = p.left(job.HLS, nil, "/index.m3u8", "/seg00000.m4s")
	_, err = p.m.Recover(t.Context())
	require.NoError(t, err)
	require.Equal(t, "hls/"+id+"/index.m3u8", p.awaitEnd(id).Files[0].Path, "it stays where it is")
	require.Len(t, p.reported, 3)
	f := refused(t, "5003.UPLOAD_FAILED", p.reported[2])
	require.Equal(t, p.meeting.ID, f.MeetingID)
}

// A bucket that is slow does not keep a server from its start.
func TestRecoverDoesNotWaitForTheStorage(t *testing.T) {
	t.Parallel()
	v := &fakeStorage{hangs: true}
	p := newFixture(t, script{Starts: true}, func(o *Options) { o.Storage = v })
	first, second := p.left(job.Recording, nil, ".mp4"), p.left(job.HLS, nil, "/index.m3u8")
	began := time.Now()
	_, err := p.m.Recover(t.Context())
	require.NoError(t, err)
	require.Less(t, time.Since(began), recoverTimeout+orphansTimeout)
	for _, id := range []string{first, second} {
		require.NotEmpty(t, p.awaitEnd(id).Files[0].Path)
	}
	require.Len(t, p.reported, 2, "that it takes long is no failure")
}

// A worker whose server was killed finishes its file; the next server, which came at once, takes all of it.
func TestRecoverWaitsForOrphans(t *testing.T) {
	t.Parallel()
	v := &fakeStorage{took: map[string]string{}}
	p := newFixture(t, script{Starts: true}, func(o *Options) { o.Storage, v.dir = v, o.Dir })
	id := p.left(job.Recording, nil, ".mp4")
	file, err := os.OpenFile(filepath.Join(p.dir, "recording", id+".mp4"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteString("-")
	require.NoError(t, err)
	written := make(chan error, 1)
	go func() {
		for range 6 {
			time.Sleep(200 * time.Millisecond) // the work of a worker
			if _, err := file.WriteString("x"); err != nil {
				written <- err
				return
			}
		}
		written <- errors.Join(file.Close())
	}()
	_, err = p.m.Recover(t.Context())
	require.NoError(t, err)
	require.NoError(t, <-written)
	require.Equal(t, "content of .mp4-xxxxxx", v.took["recording/"+id+".mp4"])
}

// The playlist of a worker that died while the server lives has an end as well.
func TestPlaylistOfADeadWorkerIsEnded(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Fails: "stall"}, func(o *Options) { o.StallTimeout = 2 * time.Second })
	q := p.request(job.HLS)
	q.Config.Recording = &job.Switch{Enabled: true}
	j, err := p.m.Start(t.Context(), q)
	require.NoError(t, err)
	playlist := filepath.Join(p.dir, "hls", j.ID, "index.m3u8")
	require.NoError(t, os.WriteFile(playlist, []byte(openPlaylist), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(p.dir, "hls", j.ID+".mp4"), []byte("x"), 0o600))
	end := p.awaitEnd(j.ID)
	refused(t, "5003.WORKER_STALLED", end.Fault)
	require.Len(t, end.Files, 2)
	ended, err := os.ReadFile(playlist)
	require.NoError(t, err)
	require.Contains(t, string(ended), "#EXT-X-ENDLIST")
}

// What a worker is told to write is what is looked for when it cannot say.
func TestSpecNamesTheFiles(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true})
	for name, tt := range map[string]struct {
		kind      job.Kind
		recording *job.Switch
		format    job.Format
		dir       string
		file      string
	}{
		"recording":        {job.Recording, nil, "", "", "recording/ID.mp4"},
		"hls":              {job.HLS, nil, "", "hls/ID", ""},
		"hls, off":         {job.HLS, &job.Switch{}, "", "hls/ID", ""},
		"hls and file":     {job.HLS, &job.Switch{Enabled: true}, "", "hls/ID", "hls/ID.mp4"},
		"livestream":       {job.Livestream, nil, "", "", ""},
		"livestream, file": {job.Livestream, &job.Switch{Enabled: true}, "", "", "livestream/ID.mp4"},
		"track":            {job.Track, nil, job.WebM, "", "track/ID.webm"},
		"playlist":         {job.Participant, nil, job.M3U8, "participant/ID", ""},
	} {
		t.Run(name, func(t *testing.T) {
			q := p.request(tt.kind)
			q.Config.Recording, q.Format = tt.recording, tt.format
			require.NoError(t, p.m.Check(q))
			q, _, err := p.m.resolve(t.Context(), normalized(q))
			require.NoError(t, err)
			j := newJob(q, uuid.NewString(), record.NodeID{})
			require.Nil(t, p.m.checkStorage(j), "it makes the directories")
			spec, err := newRun(p.m, j, startOrder{Request: q}, false).spec()
			require.NoError(t, err)
			place := func(path string) string {
				if path == "" {
					return ""
				}
				return filepath.Join(p.dir, strings.ReplaceAll(path, "ID", j.ID))
			}
			require.Equal(t, place(tt.dir), spec.HLSDir)
			require.Equal(t, place(tt.file), spec.File)
			if spec.HLSDir != "" {
				require.DirExists(t, spec.HLSDir)
			}
		})
	}
}
