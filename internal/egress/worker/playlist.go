package worker

import (
	"context"
	"path/filepath"
	"time"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
)

// playlist is an encoding as HLS in a directory.
type playlist struct {
	writer *hls.Writer
	made   job.File
}

// newPlaylist is one that is kept: nobody can play it before it is over.
func newPlaylist(dir string, playable func()) (*playlist, error) {
	return openPlaylist(dir, hls.Options{OnPlayable: playable})
}

// newLivePlaylist is one that the server serves while it grows.
func newLivePlaylist(dir string, playable func()) (*playlist, error) {
	return openPlaylist(dir, hls.Options{OnPlayable: playable, LowLatency: true})
}

func openPlaylist(dir string, options hls.Options) (*playlist, error) {
	writer, err := hls.NewWriter(dir, options)
	if err != nil {
		return nil, err
	}
	return &playlist{writer: writer, made: job.File{Path: filepath.Join(dir, hls.FullPlaylist), Format: job.M3U8}}, nil
}

func (p *playlist) begin(init *fmp4.Init, zero time.Time) error {
	p.writer.SetEpoch(zero)
	if init.Video != nil {
		p.made.Width, p.made.Height = init.Video.Width, init.Video.Height
	}
	return p.writer.WriteInit(init)
}

func (p *playlist) write(f *fmp4.Fragment) error { return p.writer.WriteFragment(f) }

func (p *playlist) finish(context.Context) error { return p.writer.Close() }

// files returns the full playlist, with the length and size of all that it lists.
func (p *playlist) files() []job.File {
	duration := p.writer.Duration().Round(time.Millisecond)
	if duration == 0 {
		return nil
	}
	if width, height := p.writer.Size(); width > 0 {
		p.made.Width, p.made.Height = width, height
	}
	p.made.Size, p.made.DurationMs = p.writer.Bytes(), duration.Milliseconds()
	return []job.File{p.made}
}
