package worker

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
)

// segment is one file on its way.
type segment struct {
	n           int
	interleaver *interleaver
	sound       bool
	codec       string
	describe    func() job.File

	firstKey *depacket.Frame // which went into it; nil before. Used by the feed of the pictures only.
}

// accepts reports whether a frame of that codec goes into the file: it does unless it has another shape than those
// before it, or is so large that a file of one size would keep little of it. What is not known yet does.
func (t *segment) accepts(codec string, f depacket.Frame) bool {
	if t.codec != codec {
		return false
	}
	if !f.Key {
		return true
	}
	var width, height, layers int
	opened := t.interleaver.firstFrame.Load()
	switch {
	case opened != nil:
		width, height, layers = opened.width, opened.height, opened.layers
	case t.firstKey != nil:
		width, height, layers = t.firstKey.Width, t.firstKey.Height, t.firstKey.Layers
	default:
		return true
	}
	if opened != nil && t.interleaver.fixedSize && float64(f.Width) > maxReduction*float64(width) {
		return false
	}
	was, is := float64(width)/float64(height), float64(f.Width)/float64(f.Height)
	return math.Abs(was-is) <= aspectTolerance*was && (f.Layers > 1) == (layers > 1)
}

// codedAnew reports whether pictures of that codec, if they have one layer, are coded anew for a file of that format,
// which makes them all of one size.
func codedAnew(format job.Format, codec string) bool {
	switch format {
	case job.WebM:
		return codec == "H264"
	case job.MP4, job.M3U8:
		return codec != "" && codec != "H264"
	}
	return false
}

// path of the n-th file: the first as ordered, the second with -2 before its extension.
func (s *passthrough) path(n int) string {
	if n == 1 {
		return s.spec.File
	}
	extension := filepath.Ext(s.spec.File)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(s.spec.File, extension), n, extension)
}

// dirOf returns the directory of the n-th playlist: the first the ordered one, the others one beneath it.
func (s *passthrough) dirOf(n int) (string, error) {
	if n == 1 {
		return s.spec.HLSDir, nil
	}
	dir := filepath.Join(s.spec.HLSDir, strconv.Itoa(n))
	return dir, os.Mkdir(dir, 0o750)
}

// container opens the n-th file, and returns a function that describes it when it is done.
func (s *passthrough) container(
	ctx context.Context,
	n int,
	sound bool,
	codec string,
) (container, func() job.File, error) {
	format := s.spec.Format
	if format == job.M3U8 {
		dir, err := s.dirOf(n)
		if err != nil {
			return nil, nil, err
		}
		list, err := newPlaylist(dir, func() { s.reports.send(order.Report{Report: order.ReportPlayable}) })
		if err != nil {
			return nil, nil, err
		}
		c, err := newTranscoder(ctx, s.spec.FFmpeg, format, sound, codec, list, nil)
		return c, firstFile(list.files), err
	}
	path := s.path(n)
	if format == job.MP4 {
		file, err := newMP4File(path)
		if err != nil {
			return nil, nil, err
		}
		c, err := newTranscoder(ctx, s.spec.FFmpeg, format, sound, codec, file, nil)
		return c, firstFile(file.files), err
	}
	file, err := newFile(path)
	if err != nil {
		return nil, nil, err
	}
	describe := &fileMeter{job.File{Path: path, Format: format}}
	convert := func(ctx context.Context) (container, func() job.File, error) {
		webm := webMFileOn(file, path)
		c, err := newTranscoder(ctx, s.spec.FFmpeg, format, sound, codec, webm, nil)
		return c, firstFile(webm.files), err
	}
	var c container
	made := describe.file
	switch {
	case format != job.WebM:
		if c, err = newTranscoder(ctx, s.spec.FFmpeg, format, sound, codec, nil, file); err == nil {
			c = describe.wrap(c)
		}
	case codec == "H264":
		c, made, err = convert(ctx)
	default:
		m := &matroska{out: &errWriter{to: file}, sound: sound, codec: codec, index: true}
		flat := &layeredSwitch{container: describe.wrap(m), describe: describe.file, layered: convert}
		c, made = flat, func() job.File { return flat.describe() }
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close(), os.Remove(path))
	}
	return c, made, nil
}

// layeredSwitch is a container of pictures as they come, unless they come in several layers, which some players show
// all of.
type layeredSwitch struct {
	container
	describe func() job.File
	layered  func(context.Context) (container, func() job.File, error)
}

func (u *layeredSwitch) open(first *block) error {
	if first != nil && first.layers > 1 {
		ctx, cancel := context.WithTimeout(context.Background(), finishTimeout)
		defer cancel()
		c, made, err := u.layered(ctx)
		if err != nil {
			return err
		}
		u.container, u.describe = c, made
	}
	return u.container.open(first)
}

func firstFile(files func() []job.File) func() job.File {
	return func() job.File {
		if list := files(); len(list) > 0 {
			return list[0]
		}
		return job.File{}
	}
}

// fileMeter notes what goes into a container.
type fileMeter struct{ described job.File }

func (m *fileMeter) wrap(c container) container { return &meteredContainer{container: c, meter: m} }

func (m *fileMeter) file() job.File {
	if info, err := os.Stat(m.described.Path); err == nil {
		m.described.Size = info.Size()
	}
	return m.described
}

type meteredContainer struct {
	container
	meter *fileMeter
	begun bool
	first time.Duration
}

func (m *meteredContainer) open(first *block) error {
	if first != nil {
		m.meter.described.Width, m.meter.described.Height = first.width, first.height
	}
	return m.container.open(first)
}

func (m *meteredContainer) write(b block) error {
	if !m.begun {
		m.begun, m.first = true, b.at // files count from their first block
	}
	m.meter.described.DurationMs = max(m.meter.described.DurationMs, (b.at + b.length - m.first).Milliseconds())
	return m.container.write(b)
}
