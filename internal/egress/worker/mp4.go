package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/job"
)

// mp4File is a file of fragmented MP4. Each fragment is written at once, so that a worker that is killed leaves a
// file that plays to its last half second. A finished one has sample tables at its end, which make an ordinary MP4 of
// it: players seek in it at once.
type mp4File struct {
	file       *os.File
	made       job.File
	index      *fmp4.Index // nil before begin
	headerRoom int64
}

func newMP4File(path string) (sink, error) {
	file, err := newFile(path)
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	return &mp4File{file: file, made: job.File{Path: path, Format: job.MP4}}, nil
}

func (r *mp4File) begin(init *fmp4.Init, _ time.Time) error {
	if init.Video != nil {
		r.made.Width, r.made.Height = init.Video.Width, init.Video.Height
	}
	r.index = fmp4.NewIndex(init)
	lead, room := init.Lead()
	r.headerRoom = room
	return r.append(lead)
}

func (r *mp4File) write(f *fmp4.Fragment) error {
	at := r.made.Size
	if err := r.append(f.Raw); err != nil {
		return err
	}
	r.index.Add(f, at)
	r.made.DurationMs = max(r.made.DurationMs, (f.Start + f.Duration).Milliseconds())
	return nil
}

// append writes whole pieces only: what a full disk took of one would not play.
func (r *mp4File) append(piece []byte) error {
	if _, err := r.file.Write(piece); err != nil {
		return fmt.Errorf("recording: %w", errors.Join(err, r.file.Truncate(r.made.Size)))
	}
	r.made.Size += int64(len(piece))
	return nil
}

// complete puts the tables behind the fragments. Without them, on a disk that is full, the file plays as it is.
func (r *mp4File) complete() error {
	moov, err := r.index.Moov()
	if err != nil {
		return err
	}
	at := r.made.Size
	if err := r.append(moov); err != nil {
		return err
	}
	_, err = r.file.WriteAt(fmp4.Whole(r.headerRoom, at), r.headerRoom)
	return err
}

// finish closes the file, and takes it away when nothing came.
func (r *mp4File) finish(context.Context) error {
	var err error
	if r.made.DurationMs > 0 {
		r.made.Width, r.made.Height = r.index.Size()
		err = r.complete()
	}
	err = errors.Join(err, r.file.Close())
	if r.made.DurationMs == 0 {
		err = errors.Join(err, os.Remove(r.made.Path))
	}
	if err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	return nil
}

func (r *mp4File) files() []job.File {
	if r.made.DurationMs == 0 {
		return nil
	}
	return []job.File{r.made}
}
