package worker

import (
	"bufio"
	"bytes"
	"context"
	"log/slog"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/sdk"
)

// encoded returns the tags of an FLV stream that ffmpeg makes of a moving picture and a tone.
func encoded(t *testing.T, args ...string) (tags []tagAt) {
	t.Helper()
	args = append([]string{
		"-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=3", "-f", "lavfi", "-i", "sine=f=440:r=44100:d=3",
	}, args...)
	command := exec.Command("ffmpeg", append(args, "-c:a", "aac", "-f", "flv", "-")...)
	var words bytes.Buffer
	command.Stderr = &words
	out, err := command.Output()
	require.NoError(t, err, words.String())
	r := bufio.NewReader(bytes.NewReader(out[13:]))
	for {
		kind, at, body, err := readTag(r)
		if err != nil {
			return tags
		}
		tags = append(tags, tagAt{kind, at, body})
	}
}

type tagAt struct {
	kind byte
	at   time.Duration
	body []byte
}

// collect keeps what a track is given.
func collect(t *testing.T, kind sdk.Kind) (*track, func() []unit) {
	out := newTrack(kind, &clock{})
	out.queue = make(chan unit, 1000)
	out.clock.begin(time.Now())
	return out, func() (got []unit) {
		for len(out.queue) > 0 {
			got = append(got, <-out.queue)
		}
		return got
	}
}

// feed passes tags at the speed at which an encoder sends them.
func feed(t *testing.T, tags []tagAt, kind byte, take func(time.Duration, []byte) error) {
	began := time.Now()
	for _, tag := range tags {
		if tag.kind == kind {
			time.Sleep(time.Until(began.Add(tag.at)))
			require.NoError(t, take(tag.at, tag.body))
		}
	}
}

func TestSoundBecomesOpus(t *testing.T) {
	t.Parallel()
	tags := encoded(t, "-c:v", "libx264", "-preset", "ultrafast")
	out, got := collect(t, sdk.Audio)
	s := &sound{program: "ffmpeg", log: slog.New(slog.DiscardHandler), track: out, ctx: context.Background()}
	began := time.Now()
	var first time.Duration
	feed(t, tags, tagAudio, func(at time.Duration, body []byte) error {
		if first == 0 && len(out.queue) > 0 {
			first = time.Since(began)
		}
		return s.take(at, body)
	})
	require.Eventually(t, func() bool { return len(out.queue) > 140 }, 30*time.Second, 10*time.Millisecond)
	s.reset()
	packets := got()
	require.InDelta(t, 150, len(packets), 9)
	for n, p := range packets {
		require.Equal(t, packets[0].at+time.Duration(n)*packetTime, p.at)
	}
	require.Less(t, packets[50].level, sdk.AudioLevel(30), "a tone is loud")
	t.Log("first packet after", first)
}

func TestPicturesWithoutBFramesPass(t *testing.T) {
	t.Parallel()
	tags := encoded(t, "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "30")
	out, got := collect(t, sdk.Video)
	p := &pictures{program: "ffmpeg", log: slog.New(slog.DiscardHandler), track: out, ctx: context.Background()}
	for _, tag := range tags {
		if tag.kind == tagVideo {
			require.NoError(t, p.take(tag.at, tag.body))
		}
	}
	pictures := got()
	require.Len(t, pictures, 90)
	require.Empty(t, p.why)
	for n, u := range pictures {
		require.Equal(t, n%30 == 0, u.key)
		require.Equal(t, u.key, bytes.HasPrefix(u.data, []byte{0, 0, 0, 1, 0x67}), "parameter sets before each key frame")
		require.InDelta(t, float64(n)*1000/30, (u.at - pictures[0].at).Milliseconds(), 1)
	}
}

func TestPicturesWithBFramesAreEncodedAnew(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"B-frames": {"-c:v", "libx264", "-preset", "veryfast", "-g", "60"},
		"profile":  {"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tags := encoded(t, args...)
			out, got := collect(t, sdk.Video)
			p := &pictures{program: "ffmpeg", log: slog.New(slog.DiscardHandler), track: out, ctx: context.Background()}
			began := time.Now()
			var first time.Duration
			feed(t, tags, tagVideo, func(at time.Duration, body []byte) error {
				if first == 0 && len(out.queue) > 0 {
					first = time.Since(began)
				}
				return p.take(at, body)
			})
			require.NotEmpty(t, p.why)
			require.Eventually(t, func() bool { return len(out.queue) > 80 }, 30*time.Second, 10*time.Millisecond)
			p.reset()
			pictures := got()
			require.True(t, pictures[0].key)
			for n, u := range pictures {
				if n > 0 {
					require.Greater(t, u.at, pictures[n-1].at)
				}
			}
			t.Log("first picture after", first, "first at", pictures[0].at, "last at", pictures[len(pictures)-1].at)
		})
	}
}
