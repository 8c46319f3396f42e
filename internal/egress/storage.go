package egress

import (
	"errors"
	"github.com/klatch/klatch/internal/disk"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// outputPath returns where a job writes, relative to Options.Dir; "" if it writes nothing. The names are ours.
func outputPath(j record.Job) string {
	switch {
	case j.Kind == job.HLS:
		return filepath.Join("hls", j.ID)
	case j.Kind == job.Livestream && (j.Config.Recording == nil || !j.Config.Recording.Enabled):
		return ""
	case j.Format == job.M3U8:
		return filepath.Join(string(j.Kind), j.ID, "index.m3u8")
	}
	format := job.MP4
	if j.Format != "" {
		format = j.Format
	}
	return filepath.Join(string(j.Kind), j.ID+"."+string(format))
}

// checkStorage makes the directory of a job and checks that there is enough space.
func (m *Manager) checkStorage(j record.Job) *fault.Error {
	if j.Path == "" {
		return nil
	}
	dir := filepath.Dir(filepath.Join(m.opts.Dir, j.Path))
	if j.Kind == job.HLS {
		dir = filepath.Join(m.opts.Dir, j.Path)
	}
	needed := m.opts.MinFreeOf(j.MeetingID, m.opts.MinFree)
	free, err := int64(0), os.MkdirAll(dir, 0o700)
	if err == nil {
		err = disk.Probe(dir)
	}
	if err == nil || disk.IsFull(err) {
		var asked error
		if free, asked = disk.Free(disk.Existing(dir)); asked != nil && err == nil {
			err = asked
		}
	}
	switch {
	case disk.IsFull(err) || err == nil && free < needed:
		return j.Kind.Faults().StorageFull(free, needed).Because(err)
	case err != nil:
		problem := err
		if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
			problem = pathErr.Err
		}
		return j.Kind.Faults().StorageUnwritable(problem.Error()).Because(err)
	}
	return nil
}

// FreeStorage returns where jobs write, how many bytes are free there, and how many must be free to start one.
func (m *Manager) FreeStorage() (dir string, free, needed int64, err error) {
	free, err = disk.Free(disk.Existing(m.opts.Dir))
	return m.opts.Dir, free, m.opts.MinFree, err
}
