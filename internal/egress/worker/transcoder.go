package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/encoder"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
)

// transcoder is a container that ffmpeg makes of ours: what the format takes is copied, the rest coded anew.
type transcoder struct {
	matroska
	program string
	args    []string
	scales  bool            // pictures, to the size of the first
	process *ffmpeg.Process // nil before open
	sink    sink            // fragmented MP4 goes there
	file    io.WriteCloser  // or the bytes as they come

	lastOutput atomic.Int64  // when the last output came, in ns of Unix time
	outputRead chan struct{} // closed when all output was read
	err        error         // of that, when read is closed
}

// transcodeArgs are ffmpeg's for a format, and the encoders it needs for them.
func transcodeArgs(format job.Format, sound bool, codec string) (args, needs []string) {
	if sound {
		args = append(args, "-map", "0:a:0")
	}
	if codec != "" {
		args = append(args, "-map", "0:v:0")
	}
	video := func(encoder string, options ...string) {
		switch {
		case codec == "":
		case encoder == "":
			args = append(args, "-c:v", "copy")
		default:
			// each frame at its own time: ffmpeg guesses a frame rate, and would round to it or fill up to it
			args = append(args, "-fps_mode", "passthrough", "-enc_time_base", "1:1000", "-c:v", encoder)
			args, needs = append(args, options...), append(needs, encoder)
		}
	}
	switch format {
	case job.MP3:
		return append(args, "-c:a", "libmp3lame", "-b:a", "128k", "-write_xing", "0", "-f", "mp3"), []string{"libmp3lame"}
	case job.WebM: // coded anew where a player would not take it as it is; fragments, which become a file with an index
		video("libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1", "-lag-in-frames", "0", "-b:v", "1500k",
			"-force_key_frames", fmt.Sprintf("expr:gte(t,n_forced*%v)", encoder.KeyFrameInterval.Seconds()))
		if sound {
			args = append(args, "-c:a", "copy")
		}
		return append(args, fragments(format, codec)...), needs
	}
	if codec == "H264" {
		video("")
	} else {
		const frames = 60
		video("libx264", "-preset", "superfast", "-crf", "23", "-bf", "0", "-g", strconv.Itoa(frames), "-pix_fmt", "yuv420p",
			"-force_key_frames", fmt.Sprintf("expr:gte(t,n_forced*%v)", encoder.KeyFrameInterval.Seconds()))
	}
	if sound {
		args, needs = append(args, "-c:a", "aac", "-b:a", "96k"), append(needs, "aac")
	}
	return append(args, fragments(format, codec)...), needs
}

// fragments are ffmpeg's options for what internal/fmp4 reads.
func fragments(format job.Format, codec string) []string {
	flags, longest := "+empty_moov+default_base_moof", fragmentDuration
	if codec != "" {
		flags += "+frag_keyframe"
		if format == job.M3U8 {
			longest = maxSegmentDuration
		}
	}
	return []string{"-f", "mp4", "-movflags", flags, "-frag_duration", strconv.FormatInt(longest.Microseconds(), 10)}
}

const (
	// fragmentDuration is what a worker that is killed loses of a file.
	fragmentDuration = 500 * time.Millisecond
	// maxSegmentDuration is how long a segment of a playlist is whose sender makes no key frames. All others end before a
	// key frame: only where a picture ends a fragment does ffmpeg know how long the one before it stands, and a guess is
	// a hole in the playlist.
	maxSegmentDuration = 20 * time.Second
)

// newTranscoder finds ffmpeg. Its output goes to the sink, or where that is nil to the file.
func newTranscoder(
	ctx context.Context,
	path string,
	format job.Format,
	sound bool,
	codec string,
	to sink,
	file io.WriteCloser,
) (*transcoder, error) {
	build, err := ffmpeg.Probe(ctx, path)
	if err != nil {
		return nil, err
	}
	args, needs := transcodeArgs(format, sound, codec)
	if err := build.Require(needs...); err != nil {
		return nil, err
	}
	return &transcoder{
		matroska: matroska{
			sound: sound,
			codec: codec,
		}, program: build.Path, args: args, scales: format == job.WebM || codedAnew(format, codec), sink: to, file: file,
		outputRead: make(chan struct{}),
	}, nil
}

// open starts ffmpeg for what begins with that picture.
func (c *transcoder) open(first *block) error {
	args := []string{"-probesize", "500000", "-analyzeduration", "500000"}
	if first != nil && first.layers > 1 {
		args = append(args, "-c:v", "libvpx-vp9") // of several layers it returns the largest; ffmpeg's own decoder: all
	}
	args = append(args, "-f", "matroska", "-i", ffmpeg.Pipe(0), "-map_metadata", "-1")
	if c.scales && first != nil {
		// encoders of 4:2:0 take no odd sides
		width, height := first.width+first.width%2, first.height+first.height%2
		args = append(args, "-vf", fmt.Sprintf("scale=%d:%d,setsar=1", width, height))
	}
	args = append(args, c.args...)
	process, err := ffmpeg.Start(c.program, 1, append(args, "-flush_packets", "1", "pipe:1")...)
	if err != nil {
		return err
	}
	c.process, c.out = process, &errWriter{to: process.In[0]}
	go c.readOutput()
	return c.matroska.open(first)
}

// readOutput takes what ffmpeg makes, to its end.
func (c *transcoder) readOutput() {
	defer close(c.outputRead)
	c.err = guard.Run("the output of a transcoder", func() error {
		if c.sink != nil {
			return forward(transcoderOutput{c}, time.Now, c.sink)
		}
		_, err := io.Copy(c.file, transcoderOutput{c})
		return err
	})
	if c.err != nil {
		c.out.fail(c.err) // the interleaver gets it with its next block
	}
	_, _ = io.Copy(io.Discard, c.process.Out)
	<-c.process.Done()
	c.out.fail(c.process.Err())
}

// transcoderOutput is ffmpeg's, with a note of when it came.
type transcoderOutput struct{ of *transcoder }

func (o transcoderOutput) Read(p []byte) (int, error) {
	n, err := o.of.process.Out.Read(p)
	o.of.lastOutput.Store(time.Now().UnixNano())
	return n, err
}

// close ends ffmpeg's input and waits for what it makes of the rest; it is killed when it comes no further, or ctx
// ends first.
func (c *transcoder) close(ctx context.Context) error {
	var err error
	if c.process != nil {
		err = c.end(ctx)
	}
	if c.sink != nil {
		return errors.Join(err, c.sink.finish(ctx))
	}
	return errors.Join(err, c.file.Close())
}

func (c *transcoder) end(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, c.process.Kill)()
	c.lastOutput.Store(time.Now().UnixNano())
	var watch sync.WaitGroup
	watch.Go(func() {
		defer guard.Recover("the watchdog of a transcoder", func(error) { cancel() })
		c.watch(cancel)
	})
	err := c.matroska.close(ctx)
	<-c.outputRead
	watch.Wait()
	c.process.Close()
	if err == nil {
		err = c.out.failure()
	}
	if ctx.Err() != nil { // its death is ours: it did not finish in time
		return &ffmpeg.StalledError{After: time.Since(time.Unix(0, c.lastOutput.Load())).Round(time.Millisecond)}
	}
	if died, ok := errors.AsType[*ffmpeg.DiedError](c.process.Err()); ok {
		return died
	}
	return err
}

// watch gives up on an ffmpeg from which nothing comes any more.
func (c *transcoder) watch(giveUp func()) {
	look := time.NewTicker(stallTimeout / 8)
	defer look.Stop()
	for {
		select {
		case <-c.outputRead:
			return
		case now := <-look.C:
			if now.Sub(time.Unix(0, c.lastOutput.Load())) > stallTimeout {
				giveUp()
			}
		}
	}
}

// newFile makes a file that must not be there yet.
func newFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
}
