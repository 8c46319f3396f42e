package worker

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/klatch/klatch/internal/ffmpeg"
)

// blackEncoders make a key frame of each codec.
var blackEncoders = map[string]struct {
	name string
	args []string
}{
	"VP8":  {"libvpx", []string{"-auto-alt-ref", "0", "-f", "ivf"}},
	"VP9":  {"libvpx-vp9", []string{"-f", "ivf"}},
	"AV1":  {"libaom-av1", []string{"-usage", "realtime", "-cpu-used", "8", "-f", "ivf"}},
	"H264": {"libx264", []string{"-profile:v", "baseline", "-preset", "ultrafast", "-f", "h264"}},
}

// blackFrames makes black pictures for cameras that are off. It belongs to one goroutine.
type blackFrames struct {
	ffmpeg  string
	encoded map[string][]byte // by codec and size
}

func newBlackFrames(path string) *blackFrames {
	return &blackFrames{ffmpeg: path, encoded: map[string][]byte{}}
}

// frame is a coded key frame without light.
func (d *blackFrames) frame(codec string, width, height int) ([]byte, error) {
	key := fmt.Sprintf("%s %dx%d", codec, width, height)
	if d.encoded[key] == nil {
		frame, err := d.encode(codec, width, height)
		if err != nil {
			return nil, err
		}
		d.encoded[key] = frame
	}
	return d.encoded[key], nil
}

func (d *blackFrames) encode(codec string, width, height int) ([]byte, error) {
	encoder, ok := blackEncoders[codec]
	if !ok {
		return nil, fmt.Errorf("no black picture in %s", codec)
	}
	const limit = 10 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	build, err := ffmpeg.Probe(ctx, d.ffmpeg)
	if err != nil {
		return nil, err
	}
	if err := build.Require(encoder.name); err != nil {
		return nil, err
	}
	args := append([]string{
		"-f", "lavfi", "-i", fmt.Sprintf("color=c=black:size=%dx%d:rate=1", width, height), "-frames:v", "1",
		"-pix_fmt", "yuv420p", "-c:v", encoder.name,
	}, encoder.args...)
	process, err := ffmpeg.StartBounded(build.Path, 0, limit, append(args, "pipe:1")...)
	if err != nil {
		return nil, err
	}
	defer process.Close()
	defer context.AfterFunc(ctx, process.Kill)()
	out, err := io.ReadAll(process.Out)
	if err != nil {
		return nil, fmt.Errorf("black picture: %w", err)
	}
	<-process.Done()
	if err := process.Err(); err != nil {
		return nil, err
	}
	if codec == "H264" {
		return out, nil
	}
	// IVF: a header of 32 bytes, then the size and time of the frame in 12, then the frame
	if len(out) < 44 || len(out) < 44+int(binary.LittleEndian.Uint32(out[32:])) {
		return nil, errors.New("black picture: ffmpeg gave no frame")
	}
	return out[44 : 44+int(binary.LittleEndian.Uint32(out[32:]))], nil
}
