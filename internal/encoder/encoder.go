// Package encoder turns the canvas and the mixed sound of an egress job into one fragmented MP4 stream of H264 and AAC,
// or of VP9 and Opus, by one ffmpeg child. The job's clock calls Picture and Sound, which never block; whoever owns the
// outputs reads the stream (see fmp4, which says what it looks like).
package encoder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/picture"
)

const (
	// Rate and Channels are what Sound takes.
	Rate     = 48000
	Channels = 2

	bytesPerSecond = Rate * Channels * 2

	// KeyFrameInterval is how often a player, or an HLS segment, can begin.
	KeyFrameInterval = 2 * time.Second

	// DefaultStall is how long ffmpeg may keep what it was given without giving anything back.
	DefaultStall = 10 * time.Second

	fragmentDuration = 500 * time.Millisecond
	maxQueued        = 4 // pictures; beyond it the last one queued is repeated in place of newer ones
)

// Config is what to encode, and with what.
type Config struct {
	FFmpeg string // path or name of the program
	Codecs Codecs

	// Width, Height and FPS of the video; without a width there is sound only.
	Width, Height, FPS int

	VideoBps int // highest video bitrate; 0 is what VideoBps returns for the size
	AudioBps int // 0 is 128 kbit/s

	Stall time.Duration // 0 is DefaultStall
}

// VideoBps is the highest bitrate for a size: 1 Mbit/s for 854x480, 2.5 for 1280x720, 4.5 for 1920x1080, and between
// them.
func VideoBps(width, height int) int {
	const low, med, high = 854 * 480, 1280 * 720, 1920 * 1080
	switch n := width * height; {
	case n <= low:
		return 1_000_000
	case n <= med:
		return 1_000_000 + (n-low)*1500/(med-low)*1000
	case n <= high:
		return 2_500_000 + (n-med)*2000/(high-med)*1000
	default:
		return 4_500_000
	}
}

// Stats counts since Start.
type Stats struct {
	Pictures uint64 // offered
	Repeated uint64 // shown again in place of a newer one that found no room
}

// Encoder is one running encoding. *mutex*: any goroutine may call any method, but one goroutine reads.
type Encoder struct {
	process *ffmpeg.Process
	stall   time.Duration
	size    int // bytes of a picture
	writers sync.WaitGroup
	endOnce sync.Once
	ended   chan struct{} // closed when the stream was read to its end

	mu      sync.Mutex       // guards everything below
	changed sync.Cond        // the queues grew, or closing or failed was set
	queue   []*queuedPicture // to be written, oldest first; at most maxQueued
	spare   []*queuedPicture
	sound   []byte // to be written; it overflows only when ffmpeg stalls
	stats   Stats
	closing bool
	failed  error         // why this package killed the child
	offered time.Duration // of media since output
	output  time.Time     // when the last bytes came, or reading began after a pause
	reading bool
}

// queuedPicture is a picture to be written so many times in a row.
type queuedPicture struct {
	raw   []byte
	times int
}

// Start probes ffmpeg and runs it. It fails with *ffmpeg.NotFoundError or *ffmpeg.MissingEncoderError.
// The caller reads from the encoder until io.EOF or an error, and calls Close.
func Start(ctx context.Context, config Config) (*Encoder, error) {
	if config.Width < 0 ||
		config.Width > 0 && (config.Height <= 0 || config.FPS <= 0 || config.Width%2 != 0 || config.Height%2 != 0) {
		return nil, fmt.Errorf("encoder: no video of %dx%d at %d fps", config.Width, config.Height, config.FPS)
	}
	build, err := ffmpeg.Probe(ctx, config.FFmpeg)
	if err != nil {
		return nil, err
	}
	needed, inputs := config.Codecs.Encoders(), 2
	if config.Width == 0 {
		needed, inputs = needed[1:], 1
	}
	if err := build.Require(needed...); err != nil {
		return nil, err
	}
	e := &Encoder{stall: config.Stall, ended: make(chan struct{})}
	e.changed.L = &e.mu
	if e.stall <= 0 {
		e.stall = DefaultStall
	}
	if e.process, err = ffmpeg.Start(build.Path, inputs, arguments(config)...); err != nil {
		return nil, err
	}
	e.writers.Go(func() { e.write("sound", e.writeSound, e.process.In[0]) })
	if config.Width > 0 {
		e.size = picture.Size(config.Width, config.Height)
		e.writers.Go(func() { e.write("pictures", e.writePictures, e.process.In[1]) })
	}
	return e, nil
}

// Mark is an argument that the ffmpeg of every encoder has, and no other ffmpeg of a job.
const Mark = "-frag_duration"

// arguments of ffmpeg: the sound is its first input, the pictures its second.
func arguments(c Config) []string {
	audioBps, videoBps, pair := c.AudioBps, c.VideoBps, pairs[c.Codecs]
	if audioBps <= 0 {
		audioBps = 128_000
	}
	if videoBps <= 0 {
		videoBps = VideoBps(c.Width, c.Height)
	}
	args := []string{
		"-probesize", "32", "-analyzeduration", "0", "-thread_queue_size", "64",
		"-f", "s16le", "-sample_rate", strconv.Itoa(Rate), "-ch_layout", "stereo", "-i", ffmpeg.Pipe(0),
	}
	flags := "+empty_moov+default_base_moof"
	if c.Width > 0 {
		args = append(args,
			"-probesize", "32", "-analyzeduration", "0", "-thread_queue_size", "8",
			"-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", fmt.Sprintf("%dx%d", c.Width, c.Height),
			"-framerate", strconv.Itoa(c.FPS), "-i", ffmpeg.Pipe(1),
			"-map", "1:v:0", "-map", "0:a:0")
		flags += "+frag_keyframe"
		gop := strconv.Itoa(c.FPS * int(KeyFrameInterval/time.Second))
		args = append(append(args, "-c:v", pair.video), pair.options(strconv.Itoa(videoBps))...)
		args = append(args,
			"-bufsize", strconv.Itoa(2*videoBps), "-g", gop, "-keyint_min", gop, "-pix_fmt", "yuv420p",
			"-color_range", "tv", "-colorspace", "smpte170m", "-color_primaries", "smpte170m", "-color_trc", "smpte170m")
	}
	return append(args,
		"-c:a", pair.audio, "-b:a", strconv.Itoa(audioBps), "-ar", strconv.Itoa(Rate), "-ac", strconv.Itoa(Channels),
		"-map_metadata", "-1", "-f", "mp4", "-movflags", flags,
		Mark, strconv.FormatInt(fragmentDuration.Microseconds(), 10), "-flush_packets", "1", "pipe:1")
}

// PID is the process id of the child, for whoever accounts its CPU time.
func (e *Encoder) PID() int { return e.process.PID() }

// Done is closed when the child has ended, asked or unasked.
func (e *Encoder) Done() <-chan struct{} { return e.process.Done() }

// Err is why the encoding failed: *ffmpeg.DiedError or *ffmpeg.StalledError; nil while it runs and after a good end.
func (e *Encoder) Err() error {
	e.mu.Lock()
	failed := e.failed
	e.mu.Unlock()
	if failed != nil {
		return failed
	}
	select {
	case <-e.process.Done():
		return e.process.Err()
	default:
		return nil
	}
}

// Stats returns how many pictures were offered and repeated.
func (e *Encoder) Stats() Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stats
}

// Picture queues the next picture, which must be of the configured size and is copied. It is called FPS times for each
// second of sound: the count is the time. It never blocks: when ffmpeg is behind, the last picture that found room is
// repeated, so that video keeps step with the sound.
func (e *Encoder) Picture(p *picture.Picture) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closing || e.size == 0 || picture.Size(p.Width, p.Height) != e.size {
		return
	}
	e.stats.Pictures++
	if len(e.queue) == maxQueued {
		e.stats.Repeated++
		e.queue[maxQueued-1].times++
		return
	}
	var s *queuedPicture
	if n := len(e.spare); n > 0 {
		s, e.spare = e.spare[n-1], e.spare[:n-1]
	} else {
		s = &queuedPicture{raw: make([]byte, 0, e.size)}
	}
	s.raw, s.times = p.Append(s.raw[:0]), 1
	e.queue = append(e.queue, s)
	e.changed.Broadcast()
}

// Sound queues the next samples: signed 16 bit, left and right in turn, 48000 pairs per second. They are copied, and
// never lost while the encoder lives. It never blocks. Here the watchdog looks at its clock.
func (e *Encoder) Sound(samples []int16) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closing || e.failed != nil {
		return
	}
	for _, v := range samples {
		e.sound = append(e.sound, byte(v), byte(v>>8)) // little endian halves
	}
	e.changed.Broadcast()
	e.checkStallLocked(time.Duration(len(samples)/Channels) * time.Second / Rate)
}

// checkStallLocked kills the child when it has been given, and somebody has waited to read, that long without a byte
// coming out. The sound that may pile up is bounded by it.
func (e *Encoder) checkStallLocked(more time.Duration) {
	e.offered += more
	stalled := e.reading && e.offered > e.stall && time.Since(e.output) > e.stall
	overfull := len(e.sound) > int((e.stall+DefaultStall).Seconds()*bytesPerSecond)
	if !stalled && !overfull {
		return
	}
	e.failed = &ffmpeg.StalledError{After: time.Since(e.output).Round(time.Millisecond), LastWords: e.process.LastWords()}
	e.changed.Broadcast()
	e.process.Kill()
}

// write runs one of the writers. One that panics ends the encoding.
func (e *Encoder) write(what string, writer func(*os.File), pipe *os.File) {
	defer guard.Recover("the encoder's "+what, func(err error) {
		e.mu.Lock()
		if e.failed == nil {
			e.failed = err
		}
		e.mu.Unlock()
		e.abandon()
		e.process.Kill()
	})
	writer(pipe)
}

// writeSound is the goroutine that feeds sound to the child.
func (e *Encoder) writeSound(pipe *os.File) {
	defer func() { _ = pipe.Close() }()
	var batch []byte
	for {
		e.mu.Lock()
		for len(e.sound) == 0 && !e.endingLocked() {
			e.changed.Wait()
		}
		batch, e.sound = e.sound, batch[:0]
		e.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		if _, err := pipe.Write(batch); err != nil {
			e.abandon()
			return
		}
	}
}

// writePictures is the goroutine that feeds pictures to the child.
func (e *Encoder) writePictures(pipe *os.File) {
	defer func() { _ = pipe.Close() }()
	for {
		e.mu.Lock()
		for len(e.queue) == 0 && !e.endingLocked() {
			e.changed.Wait()
		}
		if len(e.queue) == 0 {
			e.mu.Unlock()
			return
		}
		s := e.queue[0]
		if s.times == 0 {
			e.queue = append(e.queue[:0], e.queue[1:]...)
			e.spare = append(e.spare, s)
			e.mu.Unlock()
			continue
		}
		s.times--
		e.mu.Unlock()
		if _, err := pipe.Write(s.raw); err != nil { // nobody else changes raw while it is in shots
			e.abandon()
			return
		}
	}
}

func (e *Encoder) endingLocked() bool { return e.closing || e.failed != nil }

// abandon is called by a writer whose pipe broke: the child is gone or going. What is still queued has nowhere to go.
func (e *Encoder) abandon() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closing = true
	e.queue, e.sound = nil, nil
	e.changed.Broadcast()
}

// Read reads the fragmented MP4 stream. It ends with io.EOF after Close, and with *ffmpeg.DiedError or
// *ffmpeg.StalledError when the child ended otherwise; everything it wrote until then is given first.
func (e *Encoder) Read(b []byte) (int, error) {
	e.mu.Lock()
	e.reading = true
	e.output = time.Now()
	e.mu.Unlock()

	n, err := e.process.Out.Read(b)

	e.mu.Lock()
	e.reading = false
	e.output = time.Now()
	if n > 0 {
		e.offered = 0
	}
	e.mu.Unlock()
	if n > 0 || err == nil {
		return n, nil
	}
	e.endOnce.Do(func() { close(e.ended) })
	if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrClosed) {
		return 0, fmt.Errorf("read from ffmpeg: %w", err)
	}
	<-e.process.Done()
	if err := e.Err(); err != nil {
		return 0, err
	}
	return 0, io.EOF
}

// Close ends the stream: what was given is encoded and written, while somebody reads it, and the child ends. When it
// outputs nothing for Config.Stall, or ctx is done first, the child is killed, and Close returns a
// *ffmpeg.StalledError. It returns what Err does; nothing of it runs afterwards. What is left unread can be read no
// more. Call it once.
func (e *Encoder) Close(ctx context.Context) error {
	began := time.Now()
	e.mu.Lock()
	e.closing = true
	e.changed.Broadcast()
	e.mu.Unlock()

	if !e.awaitEnd(ctx, began) {
		e.mu.Lock()
		select {
		case <-e.process.Done():
		default:
			if e.failed == nil {
				e.failed = &ffmpeg.StalledError{After: time.Since(began).Round(time.Millisecond), LastWords: e.process.LastWords()}
			}
		}
		e.mu.Unlock()
		e.process.Kill()
	}
	<-e.process.Done()
	e.abandon()
	e.writers.Wait()
	err := e.Err()
	e.process.Close()
	return err
}

// awaitEnd waits until the stream was read to its end; it returns false when the stream has stalled.
func (e *Encoder) awaitEnd(ctx context.Context, began time.Time) bool {
	look := time.NewTicker(e.stall / 8)
	defer look.Stop()
	for {
		select {
		case <-e.ended:
			return true
		case <-ctx.Done():
			return false
		case now := <-look.C:
			e.mu.Lock()
			last := e.output
			e.mu.Unlock()
			if now.Sub(began) > e.stall && now.Sub(last) > e.stall {
				return false
			}
		}
	}
}
