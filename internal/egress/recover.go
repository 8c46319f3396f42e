package egress

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// recoverTimeout is how long the files of the last run may delay a start. What is not in its place by then
// is uploaded while the server serves: it can be played and downloaded from where it is.
const recoverTimeout = 5 * time.Second

// Recover ends the jobs that a server which was killed left running: each once, with 5001, 5002 or 5003
// SERVER_RESTARTED, and with the files it had made. In a cluster these are the jobs that an earlier run of this node
// has left, unless another node has ended them (NODE_LOST). It returns how many there were.
func (m *Manager) Recover(ctx context.Context) (int, error) {
	left, err := m.opts.Store.OpenJobs(ctx)
	if err != nil {
		return 0, err
	}
	m.cleanTranscodings()
	m.awaitOrphans(ctx, left)
	soon, cancel := context.WithTimeout(ctx, recoverTimeout)
	defer cancel()
	for n, j := range left {
		if m.opts.Nodes != nil {
			if err := m.endLost(ctx, j, func(context.Context, record.Job) ([]job.File, error) {
				return m.recoverKept(soon, j)
			}); err != nil {
				return n, err
			}
			continue
		}
		j.Files = m.recoverFiles(j)
		f := j.Kind.Faults().ServerRestarted(formatTime(j.CreatedAt)).WithMeeting(j.MeetingID, j.SessionID, "")
		j.State, j.Fault, j.EndedAt, j.UpdatedAt = job.Failed, f, now(), now()
		if j.StoppedAt.IsZero() {
			j.StoppedAt = j.EndedAt
		}
		var unkept *fault.Error
		if m.opts.Storage != nil && len(j.Files) > 0 {
			if kept, err := m.opts.Storage.Keep(soon, j); err == nil {
				j.Files = kept
			} else if soon.Err() == nil {
				unkept = fault.From(err).WithMeeting(j.MeetingID, j.SessionID, "")
			}
		}
		if err := m.opts.Store.UpdateJob(ctx, j); err != nil {
			return n, err
		}
		m.opts.Report(ctx, f)
		if unkept != nil {
			m.opts.Report(ctx, unkept)
		}
		if m.opts.Watcher != nil {
			m.opts.Watcher.JobChanged(ctx, j)
		}
	}
	return len(left), nil
}

// recoverKept brings the files that an earlier run of this node has left on its disk to the storage. What was uploaded
// while they grew is not needed then.
func (m *Manager) recoverKept(ctx context.Context, j record.Job) ([]job.File, error) {
	j.Files = m.recoverFiles(j)
	switch {
	case m.opts.Storage == nil:
		return j.Files, nil
	case len(j.Files) == 0:
		return m.salvage(ctx, j)
	}
	kept, err := m.opts.Storage.Keep(ctx, j)
	if err != nil {
		return j.Files, err
	}
	_, err = m.salvage(ctx, j)
	return kept, err
}

// A worker whose server was killed notices that within a second and then has another one to finish its files. Who
// starts the server again at once waits for them.
const (
	orphansIdle    = 1500 * time.Millisecond // so long nothing was written
	orphansTimeout = 4 * time.Second         // at most
)

// awaitOrphans returns when nobody writes the files of these jobs any more.
func (m *Manager) awaitOrphans(ctx context.Context, left []record.Job) {
	ctx, cancel := context.WithTimeout(ctx, orphansTimeout)
	defer cancel()
	for {
		var newest time.Time
		for _, j := range left {
			for _, name := range filePaths(m.opts.Dir, j) {
				if written := lastWritten(name); written.After(newest) {
					newest = written
				}
			}
		}
		quiet := time.Since(newest)
		if quiet >= orphansIdle {
			return
		}
		select {
		case <-time.After(min(orphansIdle-quiet, orphansIdle)):
		case <-ctx.Done():
			return
		}
	}
}

// lastWritten is when a file was changed, a playlist with what lies beside it; zero when there is nothing.
func lastWritten(name string) (newest time.Time) {
	if filepath.Base(name) != hls.FullPlaylist {
		if info, err := os.Stat(name); err == nil {
			newest = info.ModTime()
		}
		return newest
	}
	entries, _ := os.ReadDir(filepath.Dir(name)) // what cannot be read is not there
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	return newest
}

// recoverFiles finishes the files that a worker left on the disk, and returns them.
func (m *Manager) recoverFiles(j record.Job) []job.File {
	for _, name := range filePaths(m.opts.Dir, j) {
		if filepath.Base(name) == hls.FullPlaylist { // so that players stop waiting for more
			if err := hls.Finish(filepath.Dir(name)); err != nil {
				m.opts.Logger.Error("a playlist was left without its end", "job", j.ID, "err", err)
			}
		}
	}
	return findFiles(m.opts.Dir, j)
}

// filePaths returns where the files of a job are, if there are any: the first one, those that continue it (a track that
// was off, a camera that came with another codec), and the recording beside HLS.
func filePaths(dir string, j record.Job) []string {
	if j.Path == "" {
		return nil
	}
	path := filepath.Join(dir, j.Path)
	if j.Kind == job.HLS {
		return []string{filepath.Join(path, hls.FullPlaylist), hlsRecordingPath(path)}
	}
	names := []string{path}
	if j.Kind.Composed() {
		return names
	}
	playlist := filepath.Base(path) == hls.FullPlaylist
	dir = filepath.Dir(path)
	begin, end := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))+"-", filepath.Ext(path)
	entries, _ := os.ReadDir(dir) // what cannot be read is not there
	var more []string
	for _, entry := range entries {
		switch name := entry.Name(); {
		case playlist && entry.IsDir():
			more = append(more, filepath.Join(dir, name, hls.FullPlaylist))
		case !playlist && strings.HasPrefix(name, begin) && strings.HasSuffix(name, end):
			more = append(more, filepath.Join(dir, name))
		}
	}
	slices.SortFunc(more, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) }) // 10 after 9
	return append(names, more...)
}

// hlsRecordingPath is the file of an HLS job with config.recording, beside the directory of the playlists.
func hlsRecordingPath(dir string) string { return dir + ".mp4" }

// findFiles returns the files that exist. The duration is that of a playlist; for a file it is estimated from its last
// change, which means nothing for a track that may have been off. Empty files are left out.
func findFiles(dir string, j record.Job) []job.File {
	width, height := j.Config.Size()
	if !j.Kind.Composed() || j.Config.Mode == job.AudioOnly {
		width, height = 0, 0
	}
	var files []job.File
	for _, name := range filePaths(dir, j) {
		info, err := os.Stat(name)
		if err != nil || info.Size() == 0 {
			continue
		}
		relative, err := filepath.Rel(dir, name)
		if err != nil {
			continue
		}
		duration := info.ModTime().Sub(j.StartedAt)
		if j.StartedAt.IsZero() || duration < 0 || j.Kind == job.Track {
			duration = 0
		}
		size := info.Size()
		if filepath.Base(name) == hls.FullPlaylist {
			if duration, size, err = playlistExtent(name); err != nil {
				continue // nothing is listed
			}
		}
		files = append(files, job.File{
			Path: relative, Size: size, DurationMs: duration.Milliseconds(), Width: width, Height: height,
			Format: job.Format(strings.TrimPrefix(filepath.Ext(name), ".")),
		})
	}
	return files
}

// playlistExtent returns the length of a playlist, and the size of the files beside it.
func playlistExtent(playlist string) (length time.Duration, size int64, err error) {
	file, err := os.Open(playlist)
	if err != nil {
		return 0, 0, err
	}
	end, err := hls.Seek(file, -1)
	_ = file.Close() // was only read
	if err != nil {
		return 0, 0, err
	}
	entries, err := os.ReadDir(filepath.Dir(playlist))
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
	}
	return end.Start + end.Length, size, err
}
