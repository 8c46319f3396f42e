package still

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
)

// codecs are ffmpeg's encoders of pictures, with what they are told.
var codecs = map[job.StillFormat]struct {
	name string
	args []string
}{
	job.JPG:  {"mjpeg", []string{"-q:v", "3"}}, // of 2, the best, to 31
	job.PNG:  {"png", nil},
	job.WebP: {"libwebp", []string{"-quality", "85"}},
}

// frameSpec is what is to be made of the media.
type frameSpec struct {
	offset, length time.Duration // where in the segment, and its length
	width, height  int
	format         job.StillFormat
}

const (
	// A picture stands until the next one comes: what is asked for is the last at or before a moment. ffmpeg takes the
	// first at or after one, so it is asked for half a picture earlier; compositions have 30 a second.
	halfPicture = time.Second / 60
	// lastPicture is how far from the end of a segment there is still a picture to come.
	lastPicture = time.Second / 20
	// maxPicture bounds what ffmpeg may output: PNG of noise, in the largest size, is smaller.
	maxPicture = 64 << 20
)

// errNoPicture is an ffmpeg that ended well and gave nothing.
var errNoPicture = &ffmpeg.DiedError{LastWords: "it gave no picture"}

// extractFrame makes the picture. ffmpeg reads the media from a pipe and writes the picture to one; of the request it
// is told numbers only. It fails as the processes of package ffmpeg do, or with ctx's error.
func extractFrame(ctx context.Context, path string, media []byte, o frameSpec, limit time.Duration) ([]byte, error) {
	offset := max(0, min(o.offset-halfPicture, o.length-lastPicture))
	args := []string{
		"-threads", "1", "-f", "mp4", "-i", ffmpeg.Pipe(0),
		"-map", "0:v:0", "-ss", strconv.FormatFloat(offset.Seconds(), 'f', 3, 64), "-frames:v", "1", "-filter_threads", "1",
		"-vf", fmt.Sprintf("scale=%d:%d", o.width, o.height), "-threads", "1", "-fflags", "+bitexact", "-flags", "+bitexact",
		"-c:v", codecs[o.format].name,
	}
	args = append(args, codecs[o.format].args...)
	process, err := ffmpeg.StartBounded(path, 1, limit, append(args, "-f", "image2pipe", "pipe:1")...)
	if err != nil {
		return nil, err
	}
	var writing sync.WaitGroup
	defer writing.Wait()
	defer process.Close() // ends the writing
	writing.Go(func() {
		defer guard.Recover("the input of a still", func(error) { process.Kill() }) // which is its failure
		_, _ = process.In[0].Write(media)                                           // ffmpeg ends when it has its picture
		_ = process.In[0].Close()
	})
	watched, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	defer context.AfterFunc(watched, process.Kill)()
	picture, err := io.ReadAll(io.LimitReader(process.Out, maxPicture+1))
	if len(picture) > maxPicture {
		process.Kill()
		err = errors.New("ffmpeg writes too much for a picture")
	}
	<-process.Done()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case watched.Err() != nil:
		return nil, &ffmpeg.StalledError{After: limit, LastWords: process.LastWords()}
	case err != nil:
		return nil, fmt.Errorf("still: %w", err)
	case process.Err() != nil:
		return nil, process.Err()
	case len(picture) == 0:
		return nil, errNoPicture
	}
	return picture, nil
}

// sizeOf returns the sides of a still of a stream with these sides: a side that is not asked for follows from the
// other.
func sizeOf(q job.StillRequest, width, height int) (w, h int, err error) {
	follow := func(given, own, other int) int {
		return max(1, int(math.Round(float64(given)*float64(other)/float64(own))))
	}
	w, h = q.Width, q.Height
	switch {
	case w == 0 && h == 0:
		w, h = width, height
	case h == 0:
		if h = follow(w, width, height); h > job.MaxStill {
			return 0, 0, &job.FieldError{Field: "width", Problem: tooLarge(w, "height", h)}
		}
	case w == 0:
		if w = follow(h, height, width); w > job.MaxStill {
			return 0, 0, &job.FieldError{Field: "height", Problem: tooLarge(h, "width", w)}
		}
	}
	return w, h, nil
}

func tooLarge(given int, side string, follows int) string {
	return fmt.Sprintf(
		"is %d, which in this stream's shape makes a %s of %d; the limit is %d",
		given,
		side,
		follows,
		job.MaxStill,
	)
}
