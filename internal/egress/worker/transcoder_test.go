package worker

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mix"
)

// A recording that is stopped when it has hardly begun is no failure, whatever little came.
func TestTranscoderOfNextToNothing(t *testing.T) {
	sound := func(n int) block {
		return block{at: time.Duration(n) * mix.SilenceDuration, length: mix.SilenceDuration, key: true, data: mix.Silence}
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

// fragmentSink keeps the fragments that come.
type fragmentSink struct {
	fragments []*fmp4.Fragment
}

func (s *fragmentSink) begin(*fmp4.Init, time.Time) error { return nil }

func (s *fragmentSink) write(f *fmp4.Fragment) error {
	s.fragments = append(s.fragments, f)
	return nil
}

func (s *fragmentSink) finish(context.Context) error { return nil }
func (s *fragmentSink) files() []job.File            { return nil }

// In a playlist each picture stands until the next one, also where a fragment ends: players stop at a hole, or leap
// over it.
func TestPlaylistHasNoHoles(t *testing.T) {
	for _, codec := range []string{"VP8", "H264"} {
		t.Run(codec, func(t *testing.T) {
			t.Parallel()
			key, err := newBlackFrames("ffmpeg").frame(codec, 320, 180)
			require.NoError(t, err)
			to := &fragmentSink{}
			c, err := newTranscoder(t.Context(), "ffmpeg", job.M3U8, true, codec, to, nil)
			require.NoError(t, err)
			picture := block{video: true, key: true, data: key, width: 320, height: 180}
			require.NoError(t, c.open(&picture))
			steps := []time.Duration{40, 140, 33, 450, 67, 250, 900} // ms: a sender that is late now and then
			next, sound := time.Duration(0), time.Duration(0)
			for n := 0; next < 20*time.Second; n++ {
				for ; sound < next; sound += mix.SilenceDuration {
					require.NoError(t, c.write(block{at: sound, length: mix.SilenceDuration, key: true, data: mix.Silence}))
				}
				picture.at = next
				require.NoError(t, c.write(picture))
				next += steps[n%len(steps)] * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			require.NoError(t, c.close(ctx))
			require.Greater(t, len(to.fragments), 5)
			for i, f := range to.fragments[1:] {
				before := to.fragments[i]
				require.InDelta(t, (before.Start + before.Duration).Seconds(), f.Start.Seconds(), 0.002, "fragment %d begins", i+1)
			}
		})
	}
}
