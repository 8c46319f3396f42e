package blob_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// stream is an HLS job that has ended, with so many segments and a recording beside it.
func (d *fixture) stream(id string, segments int) (record.Job, map[string]string) {
	d.t.Helper()
	names := map[string]string{"index.m3u8": "#EXTM3U full", "live.m3u8": "#EXTM3U live", "init.mp4": "init"}
	for n := range segments {
		names[fmt.Sprintf("seg%05d.m4s", n)] = fmt.Sprintf("segment %d", n)
	}
	files := map[string]string{"hls/" + id + ".mp4": "the recording"}
	for name, content := range names {
		files["hls/"+id+"/"+name] = content
	}
	return d.finished(id, job.HLS, "hls/"+id, files), names
}

// opens reads a file of a stream as the handler of /hls/ does.
func (d *fixture) opens(id, name string) (string, error) {
	d.t.Helper()
	content, modified, err := d.archive.OpenHLS(d.t.Context(), id, name)
	if err != nil {
		return "", err
	}
	require.WithinDuration(d.t, time.Now(), modified, time.Minute)
	raw, err := io.ReadAll(content)
	require.NoError(d.t, err)
	require.NoError(d.t, content.Close())
	return string(raw), nil
}

func TestArchiveKeepsHLS(t *testing.T) {
	for name, storage := range storages {
		t.Run(name, func(t *testing.T) {
			d := newFixture(t, storage(t))
			other, _ := d.stream("j2", 1)
			j, names := d.stream("j1", 20)
			_, err := d.opens("j1", "index.m3u8")
			require.ErrorIs(t, err, fs.ErrNotExist, "it is where it was written")

			j, err = d.end(j)
			require.NoError(t, err)
			keys := []string{}
			for _, f := range j.Files {
				require.Empty(t, f.Path)
				keys = append(keys, f.Key)
			}
			require.ElementsMatch(t, []string{"their dir/2026/s1/j1/index.m3u8", "their dir/2026/s1/j1/j1.mp4"}, keys)
			for name, content := range names {
				got, err := d.opens("j1", name)
				require.NoError(t, err, name)
				require.Equal(t, content, got)
			}
			for _, f := range j.Files {
				if strings.HasSuffix(f.Key, ".mp4") {
					require.Equal(t, "the recording", d.download(f))
				}
			}
			require.NoDirExists(t, filepath.Join(d.dir, "hls/j1"))
			require.NoFileExists(t, filepath.Join(d.dir, "hls/j1.mp4"))
			require.FileExists(t, filepath.Join(d.dir, other.Files[0].Path))

			still := newFile(t, "a still")
			require.NoError(t, d.kept.Put(t.Context(), "their dir/2026/s1/j1/still.jpg", still))
			recording, err := d.end(
				d.finished("j3", job.Recording, "recording/j3.mp4", map[string]string{"recording/j3.mp4": "x"}),
			)
			require.NoError(t, err)
			for _, bad := range []string{
				"", ".", "..", "nosuch", "seg00020.m4s", "../j3/j3.mp4", "/j1/index.m3u8", "x/../index.m3u8",
			} {
				_, err := d.opens("j1", bad)
				require.ErrorIs(t, err, fs.ErrNotExist, bad)
			}
			for _, bad := range []string{"", "nobody", "j2", "j3", "../s1/j1", "j1/"} {
				_, err := d.opens(bad, "index.m3u8")
				require.ErrorIs(t, err, fs.ErrNotExist, bad)
			}

			require.NoError(t, d.archive.Remove(t.Context(), j))
			require.NoError(t, d.archive.Remove(t.Context(), j), "twice")
			left, err := d.kept.List(t.Context(), "their dir")
			require.NoError(t, err)
			require.Len(t, left, 1, "all of it goes, with its stills, and nothing else")
			require.Equal(t, recording.Files[0].Key, left[0].Key)
			for name := range names {
				_, err := d.opens("j1", name)
				require.ErrorIs(t, err, fs.ErrNotExist)
			}
		})
	}
}

// A participant whose camera came back with another codec has two playlists, each with an init.mp4 of its own.
func TestArchiveKeepsPlaylistsApart(t *testing.T) {
	d := newFixture(t, storages["disk"](t))
	j, err := d.end(d.finished("j1", job.Participant, "participant/j1/index.m3u8", map[string]string{
		"participant/j1/index.m3u8": "first", "participant/j1/init.mp4": "one", "participant/j1/2/index.m3u8": "second",
		"participant/j1/2/init.mp4": "two"}))
	require.NoError(t, err)
	for key, content := range map[string]string{
		"index.m3u8": "first", "init.mp4": "one", "2/index.m3u8": "second", "2/init.mp4": "two",
	} {
		file, err := d.kept.Open(t.Context(), path.Join("their dir/2026/s1/j1", key), 0, -1)
		require.NoError(t, err, key)
		raw, err := io.ReadAll(file)
		require.NoError(t, err)
		require.NoError(t, file.Close())
		require.Equal(t, content, string(raw))
	}
	require.Len(t, j.Files, 2)
	require.NoDirExists(t, filepath.Join(d.dir, "participant/j1"))
}

func TestUploadFailedHasTheCodeOfItsKind(t *testing.T) {
	bucket := s3test.Start(t)
	gate := newGatedStore(t, bucket.Endpoint)
	bucket.Endpoint = gate.URL
	gate.status.Store(http.StatusForbidden)
	d := newFixture(t, func(*blob.Links) blob.Store { return newS3(t, bucket) })
	hls, names := d.stream("j1", 3)
	for _, c := range []struct {
		job   record.Job
		code  int
		files int64
	}{
		{hls, 5003, int64(len(names)) + 1},
		{d.finished("j2", job.Livestream, "livestream/j2.mp4", map[string]string{"livestream/j2.mp4": "x"}), 5002, 1},
		{d.finished("j3", job.Composite, "composite/j3.mp4", map[string]string{"composite/j3.mp4": "x"}), 5001, 1},
	} {
		_, err := d.end(c.job)
		f, ok := errors.AsType[*fault.Error](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, c.code, f.Code)
		require.Equal(t, "UPLOAD_FAILED", f.Reason)
		require.Equal(t, c.files, f.Details["files"])
	}
	require.FileExists(t, filepath.Join(d.dir, "hls/j1/seg00002.m4s"))
	gate.status.Store(0)
	require.Eventually(
		t,
		func() bool { _, err := d.opens("j1", "seg00002.m4s"); return err == nil },
		10*time.Second,
		5*time.Millisecond,
	)
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(d.dir, "hls/j1"))
		return errors.Is(err, os.ErrNotExist)
	}, 10*time.Second, 5*time.Millisecond)
	d.mu.Lock()
	defer d.mu.Unlock()
	require.Empty(t, d.reported, "who asked has been told")
}

// While any file may fail at any time, thousands arrive only if those that have are not sent again.
func TestUploadGoesOnWhereItBroke(t *testing.T) {
	bucket := s3test.Start(t)
	gate := newGatedStore(t, bucket.Endpoint)
	bucket.Endpoint = gate.URL
	d := newFixture(t, func(*blob.Links) blob.Store { return newS3(t, bucket) })
	n := 0
	gate.fail = func(r *http.Request) bool {
		if r.Method != http.MethodPut {
			return false
		}
		gate.mu.Lock()
		defer gate.mu.Unlock()
		n++
		return n%10 == 0
	}
	j, names := d.stream("j1", 40)
	_, _ = d.end(j) // as far as it comes
	require.Eventually(t, func() bool {
		got, err := d.store.Job(t.Context(), d.meeting.AccountID, "j1")
		return err == nil && got.Files[0].Key != ""
	}, 20*time.Second, 5*time.Millisecond)
	gate.mu.Lock()
	total := 0
	for _, times := range gate.puts {
		total += times
	}
	require.Len(t, gate.puts, len(names)+1)
	gate.mu.Unlock()
	// Keep begins once and the retries once; what is on the way beside a failure is cut off and may be sent again.
	require.Less(t, total, 3*len(names))
	for name, content := range names {
		got, err := d.opens("j1", name)
		require.NoError(t, err)
		require.Equal(t, content, got)
	}
}

func TestArchiveDoesNotTakeALostStreamForKept(t *testing.T) {
	d := newFixture(t, storages["disk"](t))
	j, _ := d.stream("j1", 2)
	require.NoError(t, os.RemoveAll(filepath.Join(d.dir, "hls/j1"))) // a disk that did not outlive the machine
	j, err := d.end(j)
	f, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "FILE_LOST", f.Reason)
	require.NotEmpty(t, j.Files[0].Path)
}

// A database that did not take the record has the job as one that runs: the next start looks for its files.
func TestLocalFilesStayUntilTheRecordIsWritten(t *testing.T) {
	d := newFixture(t, storages["disk"](t))
	j, _ := d.stream("j1", 2)
	kept, err := d.archive.Keep(t.Context(), j)
	require.NoError(t, err)
	ended := j
	ended.Files, ended.State, ended.EndedAt = kept, job.Stopped, time.Now().UTC().Truncate(time.Millisecond)
	d.archive.JobChanged(t.Context(), ended)
	require.FileExists(t, filepath.Join(d.dir, "hls/j1/index.m3u8"))
	require.FileExists(t, filepath.Join(d.dir, "hls/j1.mp4"))

	require.NoError(t, d.store.UpdateJob(t.Context(), ended))
	d.archive.JobChanged(t.Context(), ended)
	require.NoDirExists(t, filepath.Join(d.dir, "hls/j1"))
	require.NoFileExists(t, filepath.Join(d.dir, "hls/j1.mp4"))
}

func TestRemoveEndsTheUpload(t *testing.T) {
	bucket := s3test.Start(t)
	gate := newGatedStore(t, bucket.Endpoint)
	bucket.Endpoint = gate.URL
	d := newFixture(t, func(*blob.Links) blob.Store { return newS3(t, bucket) })
	gate.status.Store(http.StatusForbidden)
	j, _ := d.stream("j1", 30)
	j, err := d.end(j)
	require.Error(t, err)

	reached, release := make(chan struct{}), make(chan struct{})
	gate.mu.Lock()
	gate.hold = func(r *http.Request) {
		// the first ones wait, the others are never sent
		if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "seg00000.m4s") {
			close(reached)
			<-release
		}
	}
	gate.mu.Unlock()
	gate.status.Store(0)
	<-reached
	time.AfterFunc(50*time.Millisecond, func() { close(release) }) // it arrives while the stream is being removed
	require.NoError(t, d.archive.Remove(t.Context(), j))
	gate.mu.Lock()
	require.NotEmpty(t, gate.puts)
	gate.mu.Unlock()
	left, err := d.kept.List(t.Context(), "their dir")
	require.NoError(t, err)
	require.Empty(t, left)
	require.NoDirExists(t, filepath.Join(d.dir, "hls/j1"))
	require.NoError(t, d.store.DeleteJob(t.Context(), j.AccountID, j.ID))
}

func TestStillsGoWithTheirStream(t *testing.T) {
	for name, storage := range storages {
		t.Run(name, func(t *testing.T) {
			d := newFixture(t, storage(t))
			j, _ := d.stream("j1", 1)
			still := newFile(t, "a still")
			f, err := d.archive.KeepBeside(t.Context(), j, "still-1.jpg", still) // while it runs
			require.NoError(t, err)
			require.Equal(t, "their dir/2026/s1/j1/still-1.jpg", f.Key)
			require.Equal(t, "a still", d.download(f))
			j, err = d.end(j)
			require.NoError(t, err)
			_, err = d.archive.KeepBeside(t.Context(), j, "still-2.jpg", still)
			require.NoError(t, err)
			_, err = d.opens("j1", "still-1.jpg")
			require.NoError(t, err, "the handler knows the names that it serves")

			require.NoError(t, d.archive.Remove(t.Context(), j))
			require.NoError(t, d.store.DeleteJob(t.Context(), j.AccountID, j.ID))
			_, err = d.archive.KeepBeside(t.Context(), j, "still-3.jpg", still)
			gone, ok := errors.AsType[*fault.Error](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, 4108, gone.Code)
			left, err := d.kept.List(t.Context(), "their dir")
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}
