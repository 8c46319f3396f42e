package decoder

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/picture"
)

// fourCCs are the codecs' names inside IVF, which ffmpeg takes all of them in.
var fourCCs = map[string]string{"VP8": "VP80", "VP9": "VP90", "AV1": "AV01", "H264": "H264"}

const (
	// Frames are numbered by their IVF time, so that pictures can be told apart when some come to nothing. 25 ticks a
	// second, because that is the rate that ffmpeg guesses for H264, which it would otherwise number by itself.
	ticksPerSecond = 25
	msPerTick      = 1000 / ticksPerSecond
)

var (
	errFormat       = errors.New("not the YUV4MPEG2 stream that ffmpeg should write")
	errFrameNumbers = errors.New("not the numbers of pictures that ffmpeg should write")
)

// maxSide is the longest side of a picture that a child may output, as of the frames of depacket.
const maxSide = 8192

// exitTimeout is how long a child may take to end after its pipes have.
const exitTimeout = time.Second

// child is one run of ffmpeg: coded frames in, pictures of one size out. One goroutine reads the pictures; done is
// closed when it has read the last, because the child ended or was killed.
type child struct {
	process   *ffmpeg.Process
	startedAt time.Time
	first     depacket.Frame // the key frame it began with, without data
	buf       []byte
	done      chan struct{}
	broken    error // why the reader stopped, when done is closed; nil at the end of the stream

	mu     sync.Mutex  // guards everything below
	frames uint64      // written
	times  []time.Time // of the last ones, which may still become pictures
}

// newChild starts ffmpeg so that a picture comes out when a frame went in: no probing, no threads that hold frames
// back, no reordering (WebRTC has no B pictures), each picture as it comes. (With -fflags nobuffer it would not: ffmpeg
// 5.1 then holds frames back.) The pictures come as YUV4MPEG2, which says their true size; their numbers come beside, a
// line for each.
func newChild(
	config Config,
	first depacket.Frame,
	show func(*picture.Picture, time.Time) *picture.Picture,
) (*child, error) {
	each := []string{"-map", "0:v:0", "-fps_mode", "passthrough"}
	var args []string
	if first.Layers > 1 {
		args = append(args, "-c:v", "libvpx-vp9") // of a superframe it returns the last picture only; ffmpeg's own: all
	}
	args = append(
		args,
		"-max_pixels",
		strconv.Itoa(MaxPixels),
		"-threads",
		"1",
		"-flags",
		"low_delay",
		"-probesize",
		"32",
		"-analyzeduration",
		"0",
		"-f",
		"ivf",
		"-i",
		ffmpeg.Pipe(0),
	)
	args = append(
		append(args, each...),
		"-filter_threads",
		"1",
		"-pix_fmt",
		"yuv420p",
		"-f",
		"yuv4mpegpipe",
		"-flush_packets",
		"1",
		"pipe:1",
	)
	args = append(
		append(args, each...),
		"-c:v",
		"wrapped_avframe",
		"-f",
		"mkvtimestamp_v2",
		"-flush_packets",
		"1",
		ffmpeg.Pipe(1),
	)
	process, err := ffmpeg.StartBeside(config.FFmpeg, 1, args...)
	if err != nil {
		return nil, err
	}
	c := &child{process: process, startedAt: time.Now(), first: first, done: make(chan struct{})}
	c.first.Data = nil
	go func() {
		defer close(c.done)
		c.broken = guard.Run("the pictures of a decoder", func() error { return c.readPictures(show) })
		if c.broken != nil {
			process.Kill() // otherwise it is ending by itself, and shall say how
		}
	}()
	return c, nil
}

// fits reports whether the child goes on with this key frame.
func (c *child) fits(f depacket.Frame) bool {
	return c != nil && c.first.Codec == f.Codec && c.first.Width == f.Width && c.first.Height == f.Height &&
		(c.first.Layers > 1) == (f.Layers > 1)
}

// write sends the frame of that time to the child. It fails when that takes longer than the limit, or when the child is
// gone.
func (c *child) write(ctx context.Context, f depacket.Frame, at time.Time, limit time.Duration) error {
	pipe := c.process.In[0]
	if err := pipe.SetWriteDeadline(time.Now().Add(limit)); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = pipe.SetWriteDeadline(time.Unix(1, 0)) })
	defer stop()
	c.mu.Lock()
	number := c.frames
	c.frames++
	c.times = append(c.times, at)
	c.mu.Unlock()
	c.buf = c.appendFrame(c.buf[:0], number, f)
	_, err := pipe.Write(c.buf)
	return err
}

// appendFrame puts a frame into IVF.
func (c *child) appendFrame(buf []byte, number uint64, f depacket.Frame) []byte {
	if number == 0 {
		buf = append(buf, "DKIF\x00\x00\x20\x00"...)
		buf = append(buf, fourCCs[c.first.Codec]...)
		buf = binary.LittleEndian.AppendUint16(buf, uint16(c.first.Width))  // depacket bounds it
		buf = binary.LittleEndian.AppendUint16(buf, uint16(c.first.Height)) // depacket bounds it
		buf = binary.LittleEndian.AppendUint32(buf, ticksPerSecond)
		buf = binary.LittleEndian.AppendUint32(buf, 1)
		buf = append(buf, make([]byte, 8)...)
	}
	buf = binary.LittleEndian.AppendUint32(buf, uint32(len(f.Data))) // depacket bounds it
	buf = binary.LittleEndian.AppendUint64(buf, number)
	return append(buf, f.Data...)
}

// timeOf is when the frame of that number belongs. Those before it came to nothing: pictures come in order.
func (c *child) timeOf(number uint64) (at time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	oldest := c.frames - uint64(len(c.times))
	if number < oldest || number >= c.frames {
		return time.Time{}, false
	}
	at = c.times[number-oldest]
	c.times = c.times[:copy(c.times, c.times[number-oldest+1:])]
	return at, true
}

// close kills the child and waits for its reader.
func (c *child) close() {
	c.process.Kill()
	<-c.done
	c.process.Close()
}

// reap closes a child that seems to have ended unasked, and returns how it ended.
func (c *child) reap() error {
	select {
	case <-c.process.Done():
	case <-time.After(exitTimeout):
	}
	c.close()
	if c.broken != nil {
		return fmt.Errorf("decoder: %w", c.broken)
	}
	if err := c.process.Err(); err != nil {
		return err
	}
	return &ffmpeg.DiedError{LastWords: c.process.LastWords()} // nobody asked it to succeed
}

// readPictures reads a YUV4MPEG2 stream, and the numbers beside it, to its end.
func (c *child) readPictures(show func(*picture.Picture, time.Time) *picture.Picture) error {
	in, numbers := bufio.NewReader(c.process.Out), bufio.NewReader(c.process.Beside)
	line, err := in.ReadSlice('\n')
	if err != nil {
		return ended(err)
	}
	width, height, ok := parseHeader(line)
	if !ok {
		return errFormat
	}
	var p *picture.Picture
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return ended(err)
		}
		if !bytes.HasPrefix(line, []byte("FRAME")) {
			return errFormat
		}
		if p == nil || p.Width != width || p.Height != height {
			p = picture.Wrap(width, height, make([]byte, picture.Size(width, height)))
		}
		for _, plane := range [][]byte{p.Y, p.U, p.V} {
			if _, err := io.ReadFull(in, plane); err != nil {
				return ended(err)
			}
		}
		number, err := readNumber(numbers)
		if err != nil {
			return ended(err)
		}
		at, ok := c.timeOf(number)
		if !ok {
			return errFrameNumbers
		}
		p = show(p, at)
	}
}

// readNumber reads a line of Matroska's timecodes, version 2: milliseconds; the first is a comment.
func readNumber(in *bufio.Reader) (uint64, error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if line[0] == '#' {
			continue
		}
		ms, err := strconv.ParseUint(string(bytes.TrimSpace(line)), 10, 64)
		if err != nil {
			return 0, errFrameNumbers
		}
		return ms / msPerTick, nil
	}
}

// ended returns nil for the end of the stream, which the end of the child explains, and err for another failure.
func ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrClosed) {
		return nil
	}
	if errors.Is(err, bufio.ErrBufferFull) {
		return errFormat
	}
	return err
}

// parseHeader reads the size from the first line: "YUV4MPEG2 W640 H360 F30:1 Ip A0:0 C420jpeg".
func parseHeader(line []byte) (width, height int, ok bool) {
	fields := bytes.Fields(line)
	if len(fields) == 0 || string(fields[0]) != "YUV4MPEG2" {
		return 0, 0, false
	}
	for _, f := range fields[1:] {
		n, err := strconv.Atoi(string(f[1:]))
		switch {
		case f[0] == 'W' && err == nil:
			width = n
		case f[0] == 'H' && err == nil:
			height = n
		case f[0] == 'C' && !bytes.HasPrefix(f, []byte("C420")):
			return 0, 0, false
		}
	}
	return width, height, width > 0 && height > 0 && width <= maxSide && height <= maxSide
}
