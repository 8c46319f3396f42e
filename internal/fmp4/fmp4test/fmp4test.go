// Package fmp4test makes streams for the tests of what reads or sends fragments: with the real ffmpeg and the
// flags that the encoder uses.
package fmp4test

import (
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4"
)

// Options of a stream. The zero value is nothing: say what it has.
type Options struct {
	Video, Audio bool
	WebM         bool // VP9 and Opus
	Seconds      float64
	Size         string   // "320x180" when empty
	Encoder      []string // further options of x264
}

// Encode returns the stream as ffmpeg writes it: 30 frames and a key frame every 2 s, fragments of 500 ms.
func Encode(t testing.TB, o Options) []byte {
	t.Helper()
	if o.Size == "" {
		o.Size = "320x180"
	}
	args := []string{"-hide_banner", "-loglevel", "error"}
	if o.Video {
		args = append(args, "-f", "lavfi", "-i", "testsrc2=rate=30:size="+o.Size)
	}
	if o.Audio {
		args = append(args, "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000")
	}
	args = append(args, "-t", fmt.Sprint(o.Seconds))
	switch {
	case o.Video && o.WebM:
		args = append(
			args,
			"-c:v",
			"libvpx-vp9",
			"-deadline",
			"realtime",
			"-cpu-used",
			"8",
			"-lag-in-frames",
			"0",
			"-g",
			"60",
		)
	case o.Video:
		args = append(
			args,
			"-c:v",
			"libx264",
			"-preset",
			"ultrafast",
			"-pix_fmt",
			"yuv420p",
			"-g",
			"60",
			"-sc_threshold",
			"0",
		)
		args = append(args, o.Encoder...)
	}
	switch {
	case o.Audio && o.WebM:
		args = append(args, "-c:a", "libopus", "-ac", "2")
	case o.Audio:
		args = append(args, "-c:a", "aac", "-ac", "2")
	}
	args = append(args, "-f", "mp4", "-movflags", "+empty_moov+default_base_moof+frag_keyframe",
		"-frag_duration", "500000", "-flush_packets", "1", "pipe:1")
	command := exec.CommandContext(t.Context(), "ffmpeg", args...)
	var out, words bytes.Buffer
	command.Stdout, command.Stderr = &out, &words
	require.NoError(t, command.Run(), words.String())
	return out.Bytes()
}

// Split reads a whole stream.
func Split(t testing.TB, stream []byte) (*fmp4.Init, []*fmp4.Fragment) {
	t.Helper()
	r := fmp4.NewReader(bytes.NewReader(stream))
	init, err := r.Init()
	require.NoError(t, err)
	var out []*fmp4.Fragment
	for {
		fragment, err := r.Next()
		if err != nil {
			require.ErrorIs(t, err, io.EOF)
			require.NotErrorIs(t, err, fmp4.ErrTruncated)
			return init, out
		}
		out = append(out, fragment)
	}
}
