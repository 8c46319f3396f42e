package worker

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/job"
)

// webmFile is an encoding of VP9 and Opus as a WebM file. Players can seek in it once it is finished; a worker that is
// killed leaves one that plays to its last cluster.
type webmFile struct {
	matroska
	made job.File
}

func newWebMFile(path string) (sink, error) {
	file, err := newFile(path)
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	return webMFileOn(file, path), nil
}

func webMFileOn(file *os.File, path string) *webmFile {
	return &webmFile{
		matroska: matroska{out: &errWriter{to: file}, index: true},
		made:     job.File{Path: path, Format: job.WebM},
	}
}

func (f *webmFile) begin(init *fmp4.Init, _ time.Time) error {
	f.sound = init.Audio != nil
	var first *block
	if init.Video != nil {
		f.codec = "VP9"
		f.made.Width, f.made.Height = init.Video.Width, init.Video.Height
		first = &block{width: f.made.Width, height: f.made.Height}
	}
	return f.open(first)
}

func (f *webmFile) write(fragment *fmp4.Fragment) error {
	samples, err := fragment.Samples()
	if err != nil {
		return err
	}
	for _, s := range samples {
		if err := f.matroska.write(block{at: s.PTS, video: s.Video, key: s.Key, data: s.Data}); err != nil {
			return fmt.Errorf("recording: %w", err)
		}
	}
	f.made.DurationMs = max(f.made.DurationMs, (fragment.Start + fragment.Duration).Milliseconds())
	return nil
}

// finish writes the index and closes the file, and takes it away when nothing came.
func (f *webmFile) finish(ctx context.Context) error {
	err := f.matroska.close(ctx)
	if f.made.DurationMs == 0 {
		_ = os.Remove(f.made.Path) // what did not get a beginning is of no use
	}
	if info, sized := os.Stat(f.made.Path); sized == nil {
		f.made.Size = info.Size()
	}
	if err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	return nil
}

func (f *webmFile) files() []job.File {
	if f.made.DurationMs == 0 {
		return nil
	}
	return []job.File{f.made}
}
