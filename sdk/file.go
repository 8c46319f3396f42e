package sdk

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"
)

// FileOptions of FileSource.
type FileOptions struct {
	Loop bool // begin again at the end, until the stream is switched off
	FPS  int  // of H264, which has no times of its own: 1 to 120; 0: 30
}

// FileSource publishes a file: IVF with VP8, VP9 or AV1, H264 as an Annex B byte stream, or Opus in Ogg. What the file
// is follows from its content.
func FileSource(path string, o FileOptions) Source {
	if o.FPS == 0 {
		o.FPS = 30
	}
	return &fileSource{path: path, options: o}
}

type fileSource struct {
	path    string
	options FileOptions
}

func (s *fileSource) Name() string { return s.path }

func (s *fileSource) Open(kind Kind) (Reader, error) {
	if s.options.FPS < 1 || s.options.FPS > 120 {
		return nil, &FormatError{Got: fmt.Sprintf("FileOptions.FPS %d", s.options.FPS), Want: "1 to 120 frames a second"}
	}
	file, err := os.Open(s.path)
	if err != nil {
		return nil, fileError(err)
	}
	r := &fileReader{file: file, kind: kind, options: s.options}
	if err := r.begin(); err != nil {
		_ = file.Close() // read-only
		return nil, err
	}
	return r, nil
}

// fileError returns what the system's error means for a source.
func fileError(err error) error {
	problem := err
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		problem = path.Err // the fault names the path itself
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", ErrAbsent, problem)
	}
	return fmt.Errorf("%w: %w", ErrUnreadable, problem)
}

// demuxer takes frames out of a container. io.EOF is its end; a file that is cut within a frame ends there as well.
type demuxer interface {
	codec() string
	next() (Frame, error)
}

// fileReader reads one file, again and again if it loops.
type fileReader struct {
	kind    Kind
	options FileOptions
	file    *os.File
	demux   demuxer
	frames  int // since the file began

	closing sync.Once
	closed  error
}

func (r *fileReader) Codec() string { return r.demux.codec() }
func (r *fileReader) KeyFrame()     {} // a file has them where it has them

// begin finds out what the file is, from its first bytes.
func (r *fileReader) begin() error {
	in := bufio.NewReaderSize(r.file, 64<<10)
	head, err := in.Peek(32)
	if err != nil && !errors.Is(err, io.EOF) {
		return fileError(err)
	}
	r.frames = 0
	switch {
	case len(head) == 0:
		return &FormatError{Got: "nothing", Want: takes(r.kind)}
	case bytes.HasPrefix(head, []byte("DKIF")):
		r.demux, err = newIVF(in)
	case bytes.HasPrefix(head, []byte("OggS")):
		r.demux, err = newOgg(in)
	case bytes.HasPrefix(head, []byte{0, 0, 1}), bytes.HasPrefix(head, []byte{0, 0, 0, 1}):
		r.demux = newAnnexB(in, time.Second/time.Duration(r.options.FPS))
	default:
		container := " in IVF, or an H264 byte stream"
		if r.kind.carriesAudio() {
			container = " in Ogg"
		}
		return &FormatError{Got: describe(head), Want: takes(r.kind) + container}
	}
	if err != nil {
		return err
	}
	if r.kind.carriesAudio() != (r.demux.codec() == "opus") {
		return &FormatError{Got: r.demux.codec(), Want: takes(r.kind)}
	}
	return nil
}

// describe names what people give instead.
func describe(head []byte) string {
	for _, known := range []struct {
		at   int
		sign string
		name string
	}{
		{4, "ftyp", "an MP4 file"}, {0, "\x1aE\xdf\xa3", "a WebM or Matroska file"}, {0, "RIFF", "a WAV or AVI file"},
		{0, "ID3", "an MP3 file"}, {0, "\x89PNG", "a PNG picture"}, {0, "\xff\xd8\xff", "a JPEG picture"},
		{0, "YUV4MPEG2", "raw video (Y4M)"}, {0, "fLaC", "FLAC sound"},
	} {
		if len(head) >= known.at+len(known.sign) && string(head[known.at:known.at+len(known.sign)]) == known.sign {
			return known.name
		}
	}
	return fmt.Sprintf("data that begins with % x", head[:min(len(head), 8)])
}

func (r *fileReader) Read() (Frame, error) {
	frame, err := r.demux.next()
	if errors.Is(err, io.EOF) && r.options.Loop && r.frames > 0 {
		if _, err := r.file.Seek(0, io.SeekStart); err != nil {
			return Frame{}, fileError(err)
		}
		if err := r.begin(); err != nil {
			return Frame{}, err
		}
		frame, err = r.demux.next()
	}
	if errors.Is(err, io.EOF) && r.frames == 0 {
		return Frame{}, &FormatError{Got: "no frame", Want: takes(r.kind)}
	}
	if err != nil {
		return Frame{}, err
	}
	r.frames++
	return frame, nil
}

func (r *fileReader) Close() error {
	r.closing.Do(func() { r.closed = r.file.Close() })
	return r.closed
}

// maxFrame bounds what a header may claim: a key frame of 4K video is far below.
const maxFrame = 16 << 20

// ivf is the container of libvpx: a header, of 32 bytes or as long as it says, then frames of size, time and data, all
// little endian.
type ivf struct {
	in       io.Reader
	name     string
	tick     float64 // seconds
	head     [12]byte
	pending  *Frame // waits for the next frame's time, which determines its duration
	at       uint64
	duration time.Duration // of the last frame
}

const ivfHeader = 32

func newIVF(in io.Reader) (*ivf, error) {
	var head [ivfHeader]byte
	cut := &FormatError{Got: "an IVF file that is cut off", Want: "a whole one"}
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, cut
	}
	if version := binary.LittleEndian.Uint16(head[4:]); version != 0 {
		return nil, &FormatError{Got: fmt.Sprintf("IVF of version %d", version), Want: "IVF of version 0"}
	}
	length := int64(binary.LittleEndian.Uint16(head[6:]))
	if length < ivfHeader {
		return nil, &FormatError{
			Got:  fmt.Sprintf("IVF with a header of %d bytes", length),
			Want: "one of 32 bytes or more",
		}
	}
	if _, err := io.CopyN(io.Discard, in, length-ivfHeader); err != nil {
		return nil, cut
	}
	names := map[string]string{"VP80": "VP8", "VP90": "VP9", "AV01": "AV1"}
	d := &ivf{in: in, name: names[string(head[8:12])]}
	if d.name == "" {
		return nil, &FormatError{Got: fmt.Sprintf("IVF with %q", head[8:12]), Want: "VP8, VP9 or AV1"}
	}
	rate, scale := binary.LittleEndian.Uint32(head[16:]), binary.LittleEndian.Uint32(head[20:])
	if rate == 0 || scale == 0 {
		return nil, &FormatError{Got: "IVF without a frame rate", Want: "one that says it"}
	}
	d.tick = float64(scale) / float64(rate)
	d.duration = time.Second / 30
	if d.tick >= 1.0/240 { // a frame takes one tick; finer ones are those of a clock
		d.duration = d.ticks(1)
	}
	return d, nil
}

func (d *ivf) codec() string { return d.name }

// ticks returns a time that a frame can take, whatever the file says: no flood and no endless picture.
func (d *ivf) ticks(n uint64) time.Duration {
	seconds := min(max(float64(n)*d.tick, 0.001), 10)
	return time.Duration(seconds * float64(time.Second)).Round(time.Microsecond)
}

func (d *ivf) next() (Frame, error) {
	if d.pending == nil {
		frame, at, err := d.read()
		if err != nil {
			return Frame{}, err
		}
		d.pending, d.at = &frame, at
	}
	current := *d.pending
	following, at, err := d.read()
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return Frame{}, err
	case err != nil: // the last one lasts as long as the one before
		d.pending = nil
		current.Duration = d.duration
		return current, nil
	}
	if at > d.at {
		d.duration = d.ticks(at - d.at)
	}
	current.Duration = d.duration
	d.pending, d.at = &following, at
	return current, nil
}

func (d *ivf) read() (Frame, uint64, error) {
	if _, err := io.ReadFull(d.in, d.head[:]); err != nil {
		return Frame{}, 0, ending(err)
	}
	size := binary.LittleEndian.Uint32(d.head[:])
	if size > maxFrame {
		return Frame{}, 0, fmt.Errorf("%w: a frame claims %d bytes", ErrUnreadable, size)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(d.in, data); err != nil {
		return Frame{}, 0, ending(err)
	}
	return Frame{Data: data}, binary.LittleEndian.Uint64(d.head[4:]), nil
}

// ending makes a cut-off tail an end, and keeps errors of the disk.
func ending(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return io.EOF
	}
	return fileError(err)
}
