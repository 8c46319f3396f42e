package worker

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
)

// A recording that is stopped when it has hardly begun is no failure, whatever little came.
func TestTranscoderOfNextToNothing(t *testing.T) {
	sound := func(n int) block {
		return block{at: time.Duration(n) * opusPacket, length: opusPacket, key: true, data: silence}
	}
	for _, codec := range []string{"VP8", "VP9", "AV1", "H264"} {
		dark, err := newBlackFrames("ffmpeg").frame(codec, 640, 360)
		require.NoError(t, err)
		picture := block{video: true, key: true, data: dark, width: 640, height: 360}
		for name, blocks := range map[string][]block{
			"a picture": {picture}, "and sound": {sound(0), picture, sound(1)},
		} {
			for _, format := range []job.Format{job.MP4, job.WebM} {
				t.Run(codec+" as "+string(format)+", "+name, func(t *testing.T) {
					t.Parallel()
					path := filepath.Join(t.TempDir(), "file")
					var to sink
					file, err := newFile(path + ".raw")
					require.NoError(t, err)
					if format == job.MP4 {
						to, err = newMP4File(path)
						require.NoError(t, err)
					} else {
						to = webMFileOn(file, path+".raw")
					}
					c, err := newTranscoder(t.Context(), "ffmpeg", format, true, codec, to, file)
					require.NoError(t, err)
					require.NoError(t, c.open(&picture))
					for _, b := range blocks {
						require.NoError(t, c.write(b))
					}
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
					defer cancel()
					require.NoError(t, c.close(ctx))
				})
			}
		}
	}
}
