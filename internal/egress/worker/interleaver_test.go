package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/mediatest"
	"github.com/klatch/klatch/internal/mix"
)

// recordingContainer is a container that keeps what it was given.
type recordingContainer struct {
	first  *block
	blocks []block
	full   error
	closed bool
}

func (s *recordingContainer) open(first *block) error { s.first = first; return nil }

func (s *recordingContainer) write(b block) error {
	if s.full != nil {
		return s.full
	}
	s.blocks = append(s.blocks, b)
	return nil
}

func (s *recordingContainer) close(context.Context) error { s.closed = true; return nil }

func (s *recordingContainer) of(video bool) (list []block) {
	for _, b := range s.blocks {
		if b.video == video {
			list = append(list, b)
		}
	}
	return list
}

func blackFrame(string, int, int) ([]byte, error) { return []byte("black"), nil }

// A picture that is placed later than it came, because the sound is slower, is in the file although that ends before.
func TestInterleaverEndsWithItsLastPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &recordingContainer{}
		r := newInterleaver(true, "VP8", false, blackFrame, s, false)
		time.Sleep(10 * time.Millisecond)
		r.addVideo(
			time.Now().Add(200*time.Millisecond),
			0,
			depacket.Frame{Key: true, Data: []byte("first"), Width: 2, Height: 2},
		)
		require.NoError(t, r.close(t.Context()))
		require.NotNil(t, s.first)
		require.Len(t, s.of(true), 1)
		require.Equal(t, "first", string(s.of(true)[0].data))
	})
}

// addAudioFor adds packets of sound for that long from now on, in real time.
func addAudioFor(r *interleaver, d time.Duration) {
	for began := time.Now(); time.Since(began) < d; time.Sleep(mix.SilenceDuration) {
		r.addAudio(time.Now(), mix.SilenceDuration, []byte("sound"))
	}
}

// A recording begins while somebody is talking: players do not know how loud the packets before it were.
func TestSoundBeginsWithoutABurst(t *testing.T) {
	const loud = "aevalsrc='0.2*sin(400*2*PI*t)+0.4*sin(1600*2*PI*t)*lt(mod(t,1),0.1)':s=48000"
	packets := mediatest.Opus(t, loud, 3)
	for begin := 40; begin < 60; begin++ {
		path := filepath.Join(t.TempDir(), "begins.webm")
		synctest.Test(t, func(t *testing.T) {
			file, err := newFile(path)
			require.NoError(t, err)
			into := &matroska{out: &errWriter{to: file}, sound: true, index: true}
			r := newInterleaver(true, "", false, blackFrame, into, false)
			for _, packet := range packets[begin : begin+25] {
				r.addAudio(time.Now(), mix.SilenceDuration, packet)
				time.Sleep(mix.SilenceDuration)
			}
			require.NoError(t, r.close(t.Context()))
		})
		pcm := mediaprobe.Sound(t, path)
		require.Greater(t, len(pcm), 48000*2/5)
		loudest := 0.0
		for _, x := range pcm {
			loudest = max(loudest, math.Abs(x))
		}
		require.Less(t, loudest, 0.7, "packets from %d on", begin)
		require.Greater(t, mediaprobe.Loudness(pcm[48000/5:], 400), 0.05, "packets from %d on", begin)
	}
}

func TestInterleaverHasNoHoles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &recordingContainer{}
		r := newInterleaver(true, "VP8", true, blackFrame, s, false)
		addAudioFor(r, time.Second)
		time.Sleep(time.Second) // muted
		r.addVideo(time.Now(), 0, depacket.Frame{Data: []byte("delta")})
		r.addVideo(
			time.Now().Add(40*time.Millisecond),
			0,
			depacket.Frame{Data: []byte("key"), Key: true, Width: 320, Height: 180},
		)
		r.addVideo(time.Now().Add(20*time.Millisecond), 0, depacket.Frame{Data: []byte("next")})
		addAudioFor(r, time.Second)
		r.switchCameraOff()
		time.Sleep(2500 * time.Millisecond)
		require.NoError(t, r.close(t.Context()))
		require.True(t, s.closed)

		var end time.Duration
		loud := 0
		for _, b := range s.of(false) {
			require.Equal(t, end, b.at, "each packet begins where the last one ended")
			end += b.length
			if string(b.data) == "sound" {
				loud++
			}
		}
		require.InDelta(t, 5.5, end.Seconds(), 0.1)
		require.Equal(t, 99, loud, "all but the first one")

		pictures := s.of(true)
		require.True(t, slices.IsSortedFunc(pictures, func(a, b block) int { return cmp.Compare(a.at, b.at) }))
		var shown []string
		for _, b := range pictures {
			shown = append(shown, string(b.data))
		}
		require.Equal(
			t,
			[]string{"black", "black", "black", "key", "next", "black", "black", "black"},
			shown,
			"at 0, 1, 2, 2.04, 3, 4 and 5 s",
		)
		require.Equal(t, 320, pictures[5].width, "black as large as the camera was")
	})
}

func TestInterleaverTakesDriftAndLateness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &recordingContainer{}
		r := newInterleaver(true, "", false, blackFrame, s, false)
		for n := range 3000 { // a minute of a clock that is a thousandth too fast, each third packet 800 ms late
			at := time.Now().Add(-time.Duration(n) * 20 * time.Microsecond)
			if n%3 == 0 {
				go func() {
					time.Sleep(800 * time.Millisecond)
					r.addAudio(at, mix.SilenceDuration, []byte("sound"))
				}()
			} else {
				r.addAudio(at, mix.SilenceDuration, []byte("sound"))
			}
			time.Sleep(mix.SilenceDuration)
		}
		time.Sleep(900 * time.Millisecond)
		require.NoError(t, r.close(t.Context()))
		var end time.Duration
		silent := 0
		for _, b := range s.blocks {
			require.Equal(t, end, b.at)
			end += b.length
			if string(b.data) != "sound" {
				silent++
			}
		}
		require.InDelta(t, 60.7, end.Seconds(), 0.3)
		require.Less(t, silent, 60, "the last 0.8 s, and what is off")
		require.Greater(t, len(s.blocks)-silent, 2980)
	})
}

func TestInterleaverWaitsForItsFirstPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &recordingContainer{}
		r := newInterleaver(false, "H264", false, blackFrame, s, false)
		time.Sleep(time.Second)
		require.Nil(t, s.first)
		r.addVideo(time.Now(), 0, depacket.Frame{Data: []byte("key"), Key: true, Width: 1280, Height: 720})
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, "key", string(s.first.data))
		require.NoError(t, r.close(t.Context()))
		require.Len(t, s.blocks, 1)
	})
}

// A file with sound has a picture from its beginning on.
func TestInterleaverBeginsWithAPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &recordingContainer{}
		r := newInterleaver(true, "VP8", false, blackFrame, s, false)
		addAudioFor(r, 600*time.Millisecond)
		r.addVideo(time.Now(), 0, depacket.Frame{Data: []byte("delta")})
		r.addVideo(time.Now(), 0, depacket.Frame{Data: []byte("key"), Key: true, Width: 320, Height: 180})
		addAudioFor(r, time.Second)
		r.addVideo(time.Now(), 0, depacket.Frame{Data: []byte("next")})
		require.NoError(t, r.close(t.Context()))
		pictures := s.of(true)
		require.Len(t, pictures, 2)
		require.Equal(t, "key", string(pictures[0].data))
		require.Zero(t, pictures[0].at)
		require.InDelta(t, 1.6, pictures[1].at.Seconds(), 0.05)
		require.True(t, s.blocks[0].video, "before any sound")
	})
}

func TestInterleaverSaysWhatBroke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("full")
		r := newInterleaver(true, "", false, blackFrame, &recordingContainer{full: full}, false)
		<-r.failed
		addAudioFor(r, time.Second) // nobody takes it, nobody blocks
		require.Equal(t, full, r.close(t.Context()))
	})
}

// Pictures that turn out to be later than their sound keep the order in which they came, which is that of decoding,
// and come nearer to the sound little by little, whatever the reports say from one moment to the next.
func TestInterleaverKeepsTheOrderOfPictures(t *testing.T) {
	for _, lead := range []time.Duration{60, 120, 200, 400, -200} {
		lead *= time.Millisecond
		t.Run(lead.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &recordingContainer{}
				r := newInterleaver(true, "VP8", false, blackFrame, s, false)
				captured := map[string]time.Duration{}
				for n := range 250 { // ten seconds of 25 pictures a second
					at := time.Duration(n) * 40 * time.Millisecond
					time.Sleep(time.Until(r.began.Add(at)))
					r.addAudio(time.Now(), mix.SilenceDuration, []byte("sound"))
					r.addAudio(time.Now().Add(mix.SilenceDuration), mix.SilenceDuration, []byte("sound"))
					known := time.Duration(0)
					if at > time.Second {
						known = lead // since the first reports
					}
					name := fmt.Sprint(n)
					captured[name] = at - lead
					r.addVideo(time.Now(), known, depacket.Frame{Data: []byte(name), Key: n == 0, Width: 320, Height: 180})
				}
				require.NoError(t, r.close(t.Context()))
				pictures := s.of(true)
				require.Len(t, pictures, 250)
				for n, b := range pictures {
					require.Equal(t, fmt.Sprint(n), string(b.data))
					if n > 0 {
						require.InDelta(t, 0.040, (b.at - pictures[n-1].at).Seconds(), 0.006, "picture %d", n)
					}
					if n > 125 {
						require.InDelta(t, captured[string(b.data)].Seconds(), b.at.Seconds(), 0.040, "picture %d, after five seconds", n)
					}
				}
			})
		})
	}
}

// Frames that a full queue does not take are reported to the track's feed: what follows them cannot be decoded.
func TestInterleaverSaysWhenItIsFull(t *testing.T) {
	hold := make(chan struct{})
	r := newInterleaver(
		false,
		"VP8",
		false,
		func(string, int, int) ([]byte, error) { <-hold; return nil, errors.New("dark") },
		&recordingContainer{},
		false,
	)
	r.switchCameraOff()
	f := depacket.Frame{Data: []byte("delta")}
	require.Eventually(t, func() bool { return !r.addVideo(time.Now(), 0, f) }, 10*time.Second, time.Microsecond)
	close(hold)
	_ = r.close(t.Context()) // it has no picture
}

// A file whose pictures have one size begins when the first ones have grown to theirs.
func TestInterleaverWaitsForTheSize(t *testing.T) {
	for name, c := range map[string]struct {
		fixed bool
		sizes []int // the width of a key frame each second
		width int
	}{
		"as it comes":        {fixed: false, sizes: []int{320, 640}, width: 320},
		"grows":              {fixed: true, sizes: []int{320, 640, 960, 960, 960, 960, 960, 960}, width: 960},
		"shrinks":            {fixed: true, sizes: []int{960, 320, 320, 320, 320, 320, 320, 320}, width: 960},
		"grows to the usual": {fixed: true, sizes: []int{320, 1280, 1280, 1280}, width: 1280},
		"ends while small":   {fixed: true, sizes: []int{160, 320}, width: 640},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &recordingContainer{}
				r := newInterleaver(true, "VP8", false, blackFrame, s, c.fixed)
				for _, width := range c.sizes {
					r.addVideo(time.Now(), 0, depacket.Frame{Data: []byte("key"), Key: true, Width: width, Height: width * 9 / 16})
					addAudioFor(r, time.Second)
				}
				require.NoError(t, r.close(t.Context()))
				require.Equal(t, [2]int{c.width, c.width * 9 / 16}, [2]int{s.first.width, s.first.height})
				require.Len(t, s.of(true), len(c.sizes))
			})
		})
	}
}
