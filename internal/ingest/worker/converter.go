package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/guard"
)

// converter is an ffmpeg that makes of one stream of the encoder what browsers take. It reads FLV and runs until its
// input ends. A goroutine reads what it writes and ends with it.
type converter struct {
	process *ffmpeg.Process
	media   string // "audio" or "video"
	base    time.Duration
	began   bool
	buffer  []byte
	tag     byte
	done    chan struct{} // closed when all it made was handed on
}

const (
	// convertTimeout is how long ffmpeg may take nothing.
	convertTimeout = 5 * time.Second
	// flushTimeout is what it has for the rest when its input has ended.
	flushTimeout = 500 * time.Millisecond
)

// startConverter starts ffmpeg. read hands on what it makes; its error at the end of the output is dropped.
func startConverter(
	program, media string, tag byte, log *slog.Logger, args []string, read func(c *converter, r *bufio.Reader) error,
) (*converter, error) {
	args = append([]string{
		"-max_pixels", strconv.Itoa(maxPixels),
		// FLV says at once what it holds, and frames are not held back to look for more. The flag nobuffer would drop
		// those that were read until then.
		"-analyzeduration", "0", "-probesize", "64", "-fpsprobesize", "0", "-threads", "1",
		"-f", "flv", "-i", ffmpeg.Pipe(0),
	}, args...)
	process, err := ffmpeg.Start(program, 1, args...)
	if err != nil {
		return nil, fault.RTMPIngestFailedTranscoder(media, err.Error()).Because(err)
	}
	c := &converter{process: process, media: media, tag: tag, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		err := guard.Run("the output of ffmpeg", func() error { return read(c, bufio.NewReaderSize(process.Out, 256<<10)) })
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			log.Debug("the output of ffmpeg has ended", "media", media, "err", err)
		}
		process.Kill()
	}()
	return c, nil
}

// write hands over the body of a tag. Its error is a *fault.Error.
func (c *converter) write(at time.Duration, body []byte) error {
	c.buffer = c.buffer[:0]
	if !c.began {
		c.began, c.base = true, at
		c.buffer = append(c.buffer, flvHeader(c.tag)...)
	}
	c.buffer = appendTag(c.buffer, c.tag, max(at-c.base, 0), body)
	in := c.process.In[0]
	_ = in.SetWriteDeadline(time.Now().Add(convertTimeout)) // a pipe takes deadlines
	if _, err := in.Write(c.buffer); err != nil {
		return fault.RTMPIngestFailedTranscoder(c.media, c.problem(err)).Because(err)
	}
	return nil
}

// problem returns why ffmpeg takes no more.
func (c *converter) problem(err error) string {
	select {
	case <-c.process.Done():
		if died := c.process.Err(); died != nil {
			return died.Error()
		}
		return "ffmpeg ended by itself"
	case <-time.After(flushTimeout): // it may be about to end
	}
	return fmt.Sprintf("ffmpeg takes no more: %v", err)
}

// close ends the input, waits for the rest for a moment, and ends ffmpeg.
func (c *converter) close() {
	_ = c.process.In[0].Close() // it is closed again below
	timer := time.NewTimer(flushTimeout)
	defer timer.Stop()
	select {
	case <-c.done:
	case <-timer.C:
	}
	c.process.Close()
	<-c.done
}

// sound makes Opus of AAC.
type sound struct {
	program   string
	log       *slog.Logger
	track     *track
	ctx       context.Context
	config    []byte // AudioSpecificConfig
	converter *converter
	restarts  int
}

// maxRestarts of an ffmpeg that ended by itself, in one publication.
const maxRestarts = 3

func opusArgs() []string {
	return []string{
		"-vn",
		// gaps are filled with silence, so that packets alone tell the time
		"-af", "aresample=48000:async=1000:first_pts=0", "-ac", "2", "-c:a", "libopus", "-b:a", "128k", "-vbr", "on",
		"-frame_duration", "20", "-application", "audio", "-f", "ogg", "-page_duration", "20000", "-flush_packets", "1",
		"pipe:1",
	}
}

// take takes the body of an audio tag. at is its time. Its error is a *fault.Error or wraps errMedia.
func (s *sound) take(at time.Duration, tag []byte) error {
	body, err := parseAudio(tag)
	if err != nil || len(body.data) == 0 {
		return err
	}
	if body.config {
		if string(body.data) != string(s.config) {
			s.restart()
			s.config = append([]byte(nil), body.data...)
		}
		return nil
	}
	if s.config == nil {
		return nil // it cannot be decoded yet
	}
	if s.converter == nil {
		if s.converter, err = startConverter(s.program, "audio", tagAudio, s.log, opusArgs(), s.read); err != nil {
			return err
		}
		header := append([]byte{tag[0], 0}, s.config...)
		if err := s.converter.write(at, header); err != nil {
			return err
		}
	}
	if err := s.converter.write(at, tag); err != nil {
		s.restart()
		if s.restarts++; s.restarts > maxRestarts {
			return err
		}
		s.log.Warn("ffmpeg is started again", "media", "audio", "err", err)
	}
	return nil
}

// reset begins anew with another connection of the encoder.
func (s *sound) reset() {
	s.restart()
	s.config = nil
}

// restart ends ffmpeg: what comes next does not follow what was.
func (s *sound) restart() {
	if s.converter != nil {
		s.converter.close()
		s.converter = nil
	}
}

// read pushes the packets of an Ogg stream.
func (s *sound) read(c *converter, r *bufio.Reader) error {
	levels, err := newLevelMeter()
	if err != nil {
		return err
	}
	pages := &oggReader{r: r}
	for range 2 { // OpusHead and OpusTags, RFC 7845, section 3
		if _, err := pages.packet(); err != nil {
			return err
		}
	}
	for n := time.Duration(0); ; n++ {
		packet, err := pages.packet()
		if err != nil {
			return err
		}
		s.track.push(s.ctx, unit{data: packet, at: c.base + n*packetTime, level: levels.of(packet)})
	}
}

// pictures makes H264 that browsers decode of what the encoder sends: as it is, where they do.
type pictures struct {
	program string
	log     *slog.Logger
	track   *track
	ctx     context.Context

	config    *avcConfig
	header    []byte // the tag with the parameter sets
	why       string // why it is converted; "" while it is passed on
	converter *converter
	restarts  int
	began     time.Time     // when the first picture of this connection came
	keyAt     time.Duration // of the last key frame
	keys      int
	told      bool // of the interval of key frames
	onSlow    func(interval time.Duration)
}

const (
	// acceptableInterval of key frames: whoever joins waits for one.
	acceptableInterval = 4 * time.Second
	// keyFrameTimeout is how long an encoder may send pictures without one that can be decoded.
	keyFrameTimeout = 12 * time.Second
)

func h264Args(interlaced bool) []string {
	filter := `scale=w='min(1920,iw)':h='min(1080,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2,` +
		`format=yuv420p`
	if interlaced {
		filter = "yadif," + filter
	}
	return []string{
		"-an", "-vf", filter, "-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency",
		"-profile:v", "baseline", "-crf", "23", "-maxrate", "4M", "-bufsize", "2M", "-threads", "2",
		"-force_key_frames", "expr:gte(t,n_forced*2)", "-g", "600", "-f", "flv", "-flvflags", "no_duration_filesize",
		"-flush_packets", "1", "pipe:1",
	}
}

// take takes the body of a video tag, as sound.take does.
func (p *pictures) take(at time.Duration, tag []byte) error {
	body, err := parseVideo(tag)
	if err != nil {
		return err
	}
	if p.began.IsZero() {
		p.began = time.Now()
	}
	if p.keys == 0 && time.Since(p.began) > keyFrameTimeout {
		return fault.RTMPIngestRefusedNoKeyFrame(time.Since(p.began))
	}
	if len(body.data) == 0 {
		return nil
	}
	if body.config {
		return p.configure(tag, body.data)
	}
	if p.config == nil {
		return nil // it cannot be decoded yet
	}
	picture, key, err := p.config.annexB(body.data)
	if err != nil {
		return err
	}
	if key {
		p.keyFrame(at)
	}
	if p.keys == 0 || len(picture) == 0 {
		return nil
	}
	if body.offset != 0 && p.why == "" {
		p.convert("B-frames")
	}
	if p.why == "" {
		p.track.push(p.ctx, unit{data: picture, at: at, key: key})
		return nil
	}
	return p.toConverter(at, tag, key)
}

func (p *pictures) configure(tag, record []byte) error {
	if p.config != nil && string(record) == string(p.config.record) {
		return nil
	}
	config, err := parseAVCConfig(append([]byte(nil), record...))
	if err != nil {
		return err
	}
	p.reset()
	p.config, p.header = &config, append([]byte(nil), tag...)
	p.log.Info("video", "width", config.sps.width, "height", config.sps.height, "profile", config.sps.profile,
		"level", config.sps.level)
	if why := config.sps.foreign(); why != "" {
		p.convert(why)
	}
	return nil
}

func (p *pictures) convert(why string) {
	p.why = why
	p.log.Info("the video is encoded anew, which browsers would not decode", "why", why)
}

func (p *pictures) keyFrame(at time.Duration) {
	if interval := at - p.keyAt; p.keys > 0 && interval > acceptableInterval && !p.told {
		p.told = true
		p.onSlow(interval)
	}
	p.keyAt = at
	p.keys++
}

// toConverter hands a picture to ffmpeg, which begins with a key frame.
func (p *pictures) toConverter(at time.Duration, tag []byte, key bool) error {
	if p.converter == nil {
		if !key {
			return nil
		}
		args := h264Args(p.config.sps.interlaced)
		converter, err := startConverter(p.program, "video", tagVideo, p.log, args, p.read)
		if err != nil {
			return err
		}
		p.converter = converter
		if err := p.converter.write(at, p.header); err != nil {
			return err
		}
	}
	if err := p.converter.write(at, tag); err != nil {
		p.converter.close()
		p.converter = nil
		if p.restarts++; p.restarts > maxRestarts {
			return err
		}
		p.log.Warn("ffmpeg is started again", "media", "video", "err", err)
	}
	return nil
}

// reset begins anew with another connection of the encoder, or other parameter sets.
func (p *pictures) reset() {
	p.restart()
	p.config, p.why, p.keys, p.began = nil, "", 0, time.Time{}
}

// restart ends ffmpeg: what comes next does not follow what was.
func (p *pictures) restart() {
	if p.converter != nil {
		p.converter.close()
		p.converter = nil
	}
}

// read pushes the pictures that ffmpeg has made.
func (p *pictures) read(c *converter, r *bufio.Reader) error {
	if _, err := r.Discard(len(flvHeader(tagVideo))); err != nil {
		return err
	}
	var config avcConfig
	for {
		tag, at, data, err := readTag(r)
		if err != nil {
			return err
		}
		if tag != tagVideo {
			continue // metadata
		}
		body, err := parseVideo(data)
		if err != nil {
			return err
		}
		if body.config {
			if config, err = parseAVCConfig(body.data); err != nil {
				return err
			}
			continue
		}
		picture, key, err := config.annexB(body.data)
		if err != nil {
			return err
		}
		if len(picture) > 0 {
			p.track.push(p.ctx, unit{data: picture, at: c.base + at + body.offset, key: key})
		}
	}
}
