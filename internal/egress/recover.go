package egress

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klatch/klatch/internal/egress/job"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/record"
)

// Recover ends the jobs that a server which was killed left running: each once, with 5001, 5002 or 5003 SERVER_RESTARTED,
// and with the files it had made. It returns how many there were.
func (m *Manager) Recover(ctx context.Context) (int, error) {
	left, err := m.opts.Store.OpenJobs(ctx)
	if err != nil {
		return 0, err
	}
	for n, j := range left {
		if j.Kind == job.HLS && j.Path != "" { // so that players stop waiting for more
			if err := hls.Finish(filepath.Join(m.opts.Dir, j.Path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				m.opts.Logger.Error("a playlist was left without its end", "job", j.ID, "err", err)
			}
		}
		j.Files = findFiles(m.opts.Dir, j)
		f := m.opts.Dress(j.Kind.Faults().ServerRestarted(stamp(j.CreatedAt)).In(j.MeetingID, j.SessionID, ""))
		j.State, j.Fault, j.EndedAt, j.UpdatedAt = job.Failed, f, now(), now()
		if j.StoppedAt.IsZero() {
			j.StoppedAt = j.EndedAt
		}
		if m.opts.Storage != nil && len(j.Files) > 0 {
			if kept, err := m.opts.Storage.Keep(ctx, j); err != nil {
				m.opts.Logger.Error("the files of a job stay where they are", "job", j.ID, "err", err)
			} else {
				j.Files = kept
			}
		}
		if err := m.opts.Store.UpdateJob(ctx, j); err != nil {
			return n, err
		}
		m.opts.Report(ctx, f)
		if m.opts.Watcher != nil {
			m.opts.Watcher.JobChanged(ctx, j)
		}
	}
	return len(left), nil
}

// findFiles gives what a worker that could not say so has left on the disk: its file with those that continue it, or the
// playlist of HLS. How long it is, is judged by when it was written last; of a track, which may have been off, that says
// nothing. Empty files are no files.
func findFiles(dir string, j record.Job) []job.File {
	if j.Path == "" {
		return nil
	}
	path := filepath.Join(dir, j.Path)
	names := []string{path}
	switch {
	case j.Kind == job.HLS:
		names = []string{filepath.Join(path, "index.m3u8")}
	case j.Kind == job.Track:
		ext := filepath.Ext(path)
		more, _ := filepath.Glob(strings.TrimSuffix(path, ext) + "-*" + ext) // the pattern is ours
		names = append(names, more...)
	}
	width, height := j.Config.Size()
	if !j.Kind.Composed() || j.Config.Mode == job.AudioOnly {
		width, height = 0, 0
	}
	var files []job.File
	for _, name := range names {
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
		files = append(files, job.File{
			Path: relative, Size: info.Size(), DurationMs: duration.Milliseconds(), Width: width, Height: height,
			Format: job.Format(strings.TrimPrefix(filepath.Ext(name), ".")),
		})
	}
	return files
}
