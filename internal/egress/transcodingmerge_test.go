package egress

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// source is a recording that a test makes.
type source struct {
	id, participant string
	kind            job.Kind
	stream          wire.Kind // of a track recording
	after           time.Duration
	length          time.Duration
	args            []string // of ffmpeg: what it holds
	ext             job.Format
}

// film are the arguments for a picture of one color and a tone.
func film(hue string, width, height int, hz string) []string {
	return []string{
		"-f", "lavfi", "-i", fmt.Sprintf("color=c=%s:s=%dx%d:r=30", hue, width, height),
		"-f", "lavfi", "-i", "sine=frequency=" + hz + ":sample_rate=48000",
	}
}

var (
	h264 = []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"}
	vp8  = []string{"-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"}
	vp9  = []string{"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"}
)

func with(lists ...[]string) (all []string) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// keep makes recordings, puts them into the store, and returns the sources of a job.
func (p *fixture) keep(dir string, began time.Time, list ...source) (sources []job.Source) {
	p.t.Helper()
	for _, s := range list {
		if s.ext == "" {
			s.ext = job.MP4
		}
		if s.length == 0 {
			s.length = 2 * time.Second
		}
		name := s.id + "." + string(s.ext)
		if s.args != nil {
			args := with([]string{"-v", "error", "-y"}, s.args, []string{"-t", seconds(s.length), filepath.Join(dir, name)})
			out, err := exec.CommandContext(p.t.Context(), "ffmpeg", args...).CombinedOutput()
			require.NoError(p.t, err, "%s", out)
		}
		at := began.Add(s.after)
		file := job.File{Key: name, Size: 1000, DurationMs: s.length.Milliseconds(), Format: s.ext}
		if s.kind != job.Recording {
			file.BeganAt = at
		}
		require.NoError(p.t, p.store.CreateJob(p.t.Context(), record.Job{
			ID: s.id, Kind: s.kind, AccountID: p.account.ID, MeetingID: p.meeting.ID, SessionID: p.session,
			State: job.Stopped, Sources: []job.Source{{ParticipantID: s.participant, Kind: s.stream}}, Format: s.ext,
			CreatedAt: at, StartedAt: at, EndedAt: at.Add(s.length), UpdatedAt: at, Files: []job.File{file},
		}))
		sources = append(sources, job.Source{ParticipantID: s.participant, Kind: s.stream, RecordingID: s.id})
	}
	return sources
}

// transcode runs a job, which must succeed, and returns its file.
func (p *fixture) transcode(q job.TranscodingRequest) (record.Job, string) {
	p.t.Helper()
	q.AccountID, q.MeetingID, q.SessionID = p.account.ID, p.meeting.ID, p.session
	j, err := p.m.Transcode(p.t.Context(), q)
	require.NoError(p.t, err)
	require.Eventually(p.t, func() bool {
		j, err = p.store.Job(p.t.Context(), p.account.ID, j.ID)
		return err == nil && j.State.Over()
	}, 3*time.Minute, 20*time.Millisecond)
	require.Equal(p.t, job.Stopped, j.State, "%v", j.Fault)
	file := filepath.Join(p.dir, j.Files[0].Path)
	left, err := os.ReadDir(filepath.Dir(file))
	require.NoError(p.t, err)
	for _, entry := range left {
		require.NotContains(p.t, entry.Name(), inputMark, "copies are gone")
	}
	return j, file
}

// requireTracks checks that a file has a picture of that size and sound, both of that length.
func requireTracks(t *testing.T, file string, size image.Point, length time.Duration) {
	t.Helper()
	probed := mediaprobe.Probe(t, file)
	require.Equal(t, []string{"h264", "aac"}, probed.Codecs())
	require.Equal(t, size, image.Pt(probed.Streams[0].Width, probed.Streams[0].Height))
	for _, stream := range probed.Streams {
		var lasts float64
		_, err := fmt.Sscan(stream.Duration, &lasts)
		require.NoError(t, err)
		require.InDelta(t, length.Seconds(), lasts, 0.15, stream.CodecType)
	}
}

// colorAt is the color of a pixel of a file at a time.
func colorAt(t *testing.T, file string, at time.Duration, x, y int) color.RGBA {
	t.Helper()
	out := mediaprobe.Command(t, "ffmpeg", "-v", "error", "-ss", seconds(at), "-i", file, "-vf",
		fmt.Sprintf("crop=2:2:%d:%d:exact=1,format=rgb24", x&^1, y&^1), "-frames:v", "1", "-f", "rawvideo", "-")
	require.GreaterOrEqual(t, len(out), 3)
	return color.RGBA{out[0], out[1], out[2], 255}
}

func requireColor(t *testing.T, want color.RGBA, got color.RGBA, what string) {
	t.Helper()
	far := func(a, b uint8) float64 { return math.Abs(float64(a) - float64(b)) }
	most := max(far(want.R, got.R), far(want.G, got.G), far(want.B, got.B))
	require.Less(t, most, 24., "%s: %v, wanted %v", what, got, want)
}

var (
	red, blue = color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}
	lime      = color.RGBA{0, 255, 0, 255}
	black     = color.RGBA{0, 0, 0, 255}
	ground    = color.RGBA{0x1c, 0x1c, 0x1c, 255}
)

// loudness is how loud a tone is in a part of a file.
func loudness(t *testing.T, file string, from, to time.Duration, hz float64) float64 {
	t.Helper()
	pcm := mediaprobe.Sound(t, file)
	rate := float64(48000)
	begin, end := int(from.Seconds()*rate), min(int(to.Seconds()*rate), len(pcm))
	require.Less(t, begin, end, "the sound ends before %s", from)
	return mediaprobe.Loudness(pcm[begin:end], hz)
}

func requireTone(t *testing.T, file string, from, to time.Duration, hz, other float64) {
	t.Helper()
	is, not := loudness(t, file, from, to, hz), loudness(t, file, from, to, other)
	require.Greater(t, is, 10*not, "%g Hz between %s and %s: %g, %g Hz: %g", hz, from, to, is, other, not)
}

func TestJoinRecordings(t *testing.T) {
	t.Parallel()
	began := time.Now().UTC().Truncate(time.Second).Add(-time.Hour)
	second := time.Second
	t.Run("of one kind are copied, in the order of time", func(t *testing.T) {
		t.Parallel()
		p, dir := newFixture(t, script{}), t.TempDir()
		p.m.SetSources(dirSources(dir))
		sources := p.keep(dir, began,
			source{id: "late", kind: job.Recording, after: time.Minute, args: with(film("blue", 640, 360, "880"), h264)},
			source{id: "early", kind: job.Recording, args: with(film("red", 640, 360, "440"), h264)})
		done, file := p.transcode(job.TranscodingRequest{Kind: job.RecordingMerge, Sources: sources})
		require.EqualValues(t, 4000, done.Files[0].DurationMs)
		require.Equal(t, image.Pt(640, 360), image.Pt(done.Files[0].Width, done.Files[0].Height))
		requireTracks(t, file, image.Pt(640, 360), 4*second)
		requireColor(t, red, colorAt(t, file, second, 320, 180), "the first")
		requireColor(t, blue, colorAt(t, file, 3*second, 320, 180), "the second")
		requireTone(t, file, second/5, 9*second/5, 440, 880)
		requireTone(t, file, 11*second/5, 19*second/5, 880, 440)
		packets := func(file string) string {
			return string(mediaprobe.Command(t, "ffmpeg", "-v", "error", "-i", file, "-map", "0:v", "-c", "copy",
				"-frames:v", "30", "-f", "md5", "-"))
		}
		require.Equal(t, packets(filepath.Join(dir, "early.mp4")), packets(file), "the picture is not encoded anew")
	})
	t.Run("of other sizes, codecs and tracks are encoded", func(t *testing.T) {
		t.Parallel()
		p, dir := newFixture(t, script{}), t.TempDir()
		p.m.SetSources(dirSources(dir))
		sources := p.keep(dir, began,
			source{id: "mp4", kind: job.Recording, args: with(film("red", 640, 360, "440"), h264)},
			source{id: "webm", kind: job.Recording, after: 10 * second, ext: job.WebM,
				args: with(film("blue", 360, 640, "880"), vp9)},
			source{id: "sound", kind: job.Recording, after: 20 * second,
				args: with([]string{"-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100", "-c:a", "aac"})},
			source{id: "picture", kind: job.Recording, after: 30 * second,
				args: with([]string{"-f", "lavfi", "-i", "color=c=lime:s=320x240:r=15"}, h264)},
			source{id: "last", kind: job.Recording, after: 40 * second, args: with(film("red", 640, 360, "880"), h264)})
		_, file := p.transcode(job.TranscodingRequest{Kind: job.RecordingMerge, Sources: sources})
		requireTracks(t, file, image.Pt(640, 360), 10*second)
		requireColor(t, red, colorAt(t, file, second, 320, 180), "mp4")
		requireColor(t, blue, colorAt(t, file, 3*second, 320, 180), "webm")
		requireColor(t, black, colorAt(t, file, 3*second, 20, 180), "the edge of a tall picture")
		requireColor(t, black, colorAt(t, file, 5*second, 320, 180), "sound alone")
		requireColor(t, lime, colorAt(t, file, 7*second, 320, 180), "a picture alone")
		requireColor(t, red, colorAt(t, file, 9*second, 320, 180), "the last")
		requireTone(t, file, second/5, 9*second/5, 440, 880)
		requireTone(t, file, 11*second/5, 19*second/5, 880, 440)
		requireTone(t, file, 21*second/5, 29*second/5, 440, 880)
		require.Less(t, loudness(t, file, 31*second/5, 39*second/5, 440), 0.001, "a picture alone is silent")
		requireTone(t, file, 41*second/5, 49*second/5, 880, 440)
	})
	t.Run("of sound alone have no picture", func(t *testing.T) {
		t.Parallel()
		p, dir := newFixture(t, script{}), t.TempDir()
		p.m.SetSources(dirSources(dir))
		tone := func(hz string, ext ...string) []string {
			return with([]string{"-f", "lavfi", "-i", "sine=frequency=" + hz + ":sample_rate=48000"}, ext)
		}
		sources := p.keep(dir, began,
			source{id: "a", kind: job.Recording, args: tone("440", "-c:a", "aac")},
			source{id: "b", kind: job.Recording, after: 9 * second, ext: job.WebM, args: tone("880", "-c:a", "libopus")})
		done, file := p.transcode(job.TranscodingRequest{Kind: job.RecordingMerge, Sources: sources})
		require.Zero(t, done.Files[0].Width)
		require.Equal(t, []string{"aac"}, mediaprobe.Probe(t, file).Codecs())
		requireTone(t, file, 11*second/5, 19*second/5, 880, 440)
	})
}

func TestComposeRecordings(t *testing.T) {
	t.Parallel()
	began := time.Now().UTC().Truncate(time.Second).Add(-time.Hour)
	second := time.Second
	p, dir := newFixture(t, script{}), t.TempDir()
	p.m.SetSources(dirSources(dir))
	// Bob's picture changes its size in its middle and his microphone comes a second after his camera; cid has no camera.
	turned := filepath.Join(dir, "turned.h264")
	var stream []byte
	for _, size := range []string{"320x180", "640x360"} {
		stream = append(stream, mediaprobe.Command(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i",
			"color=c=blue:s="+size+":r=30", "-t", "1", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-f", "h264", "-")...)
	}
	require.NoError(t, os.WriteFile(turned, stream, 0o600))
	sources := p.keep(dir, began,
		source{id: "ann", participant: "ann", kind: job.Participant, ext: job.WebM, length: 4 * second,
			args: with(film("red", 640, 360, "440"), vp8)},
		source{id: "bob", participant: "bob", kind: job.Participant, after: 2 * second, args: []string{
			"-r", "30", "-i", turned, "-itsoffset", "1", "-f", "lavfi", "-i", "sine=frequency=880:sample_rate=48000",
			"-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac",
		}},
		source{id: "bob-again", participant: "bob", kind: job.Participant, after: 5 * second, length: second,
			args: with(film("lime", 640, 360, "880"), h264)},
		source{id: "cid", participant: "cid", kind: job.Track, stream: wire.Audio, after: 5 * second, ext: job.MP3,
			length: second, args: []string{"-f", "lavfi", "-i", "sine=frequency=1760:sample_rate=48000"}})
	done, file := p.transcode(job.TranscodingRequest{Kind: job.CompositeMerge, Sources: sources})
	require.EqualValues(t, 6000, done.Files[0].DurationMs)
	requireTracks(t, file, job.MergeSize, 6*second)
	ann, bob := image.Pt(320, 360), image.Pt(960, 360)
	for at, want := range map[time.Duration][2]color.RGBA{
		second:           {red, ground},
		5 * second / 2:   {red, blue},
		7 * second / 2:   {red, blue},
		9 * second / 2:   {ground, ground},
		11 * second / 2:  {ground, lime},
		59 * second / 10: {ground, lime},
	} {
		requireColor(t, want[0], colorAt(t, file, at, ann.X, ann.Y), fmt.Sprintf("ann at %s", at))
		requireColor(t, want[1], colorAt(t, file, at, bob.X, bob.Y), fmt.Sprintf("bob at %s", at))
	}
	requireTone(t, file, second/5, 14*second/5, 440, 880)
	require.Less(t, loudness(t, file, 21*second/10, 29*second/10, 880), 0.002, "bob's microphone is off")
	require.Greater(t, loudness(t, file, 31*second/10, 39*second/10, 880), 0.02, "bob's microphone is on")
	require.Less(t, loudness(t, file, 42*second/10, 49*second/10, 440), 0.002, "nobody speaks")
	require.Greater(t, loudness(t, file, 52*second/10, 58*second/10, 1760), 0.02, "cid speaks")

	// What cannot be read fails and says which recording it is.
	fails := func(want string) string {
		j, err := p.m.Transcode(t.Context(), job.TranscodingRequest{
			Kind: job.CompositeMerge, AccountID: p.account.ID, MeetingID: p.meeting.ID, SessionID: p.session, Sources: sources,
		})
		require.NoError(t, err)
		failed := p.awaitEnd(j.ID)
		require.Equal(t, job.Failed, failed.State)
		return refused(t, want, failed.Fault).Detail
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bob.mp4"), []byte("no media"), 0o600))
	require.Contains(t, fails("5001.ENCODER_DIED"), "the recording bob")
	require.NoError(t, os.Remove(filepath.Join(dir, "bob.mp4")))
	require.Contains(t, fails("4108.FILE"), "bob.mp4 of the recording bob")
	require.NoError(t, p.store.DeleteJob(t.Context(), p.account.ID, "bob"))
	require.Contains(t, fails("4108.JOB"), "bob")
}

// The files of a recording whose worker was killed have no known times: they are measured, and follow each other.
func TestComposeRecoveredFiles(t *testing.T) {
	t.Parallel()
	p, dir := newFixture(t, script{}), t.TempDir()
	p.m.SetSources(dirSources(dir))
	sources := p.keep(dir, time.Now().UTC().Add(-time.Hour),
		source{id: "ann", participant: "ann", kind: job.Participant, ext: job.WebM,
			args: with(film("red", 640, 360, "440"), vp8)},
		source{id: "rest", kind: job.Participant, args: with(film("blue", 640, 360, "880"), h264)})
	stored, err := p.store.Job(t.Context(), p.account.ID, "ann")
	require.NoError(t, err)
	stored.State = job.Failed
	stored.Files = []job.File{{Key: "ann.webm", Format: job.WebM}, {Key: "rest.mp4", Format: job.MP4}}
	require.NoError(t, p.store.DeleteJob(t.Context(), p.account.ID, "ann"))
	require.NoError(t, p.store.CreateJob(t.Context(), stored))
	done, file := p.transcode(job.TranscodingRequest{Kind: job.CompositeMerge, Sources: sources[:1]})
	require.InDelta(t, 4000, done.Files[0].DurationMs, 100)
	requireTracks(t, file, job.MergeSize, 4*time.Second)
	requireColor(t, red, colorAt(t, file, time.Second, 640, 360), "the first file")
	requireColor(t, blue, colorAt(t, file, 3*time.Second, 640, 360), "the second file")
	requireTone(t, file, 11*time.Second/5, 19*time.Second/5, 880, 440)
}

func TestComposeMany(t *testing.T) {
	t.Parallel()
	p, dir := newFixture(t, script{}), t.TempDir()
	p.m.SetSources(dirSources(dir))
	var list []source
	for i := range job.MaxMergedRecordings {
		list = append(list, source{id: fmt.Sprintf("r%d", i), participant: fmt.Sprintf("p%d", i), kind: job.Participant,
			ext: job.WebM, length: time.Second, args: with(film("red", 1280, 720, "440"), vp9)})
	}
	sources := p.keep(dir, time.Now().UTC().Add(-time.Hour), list...)
	_, file := p.transcode(job.TranscodingRequest{Kind: job.CompositeMerge, Sources: sources})
	requireTracks(t, file, job.MergeSize, time.Second)
	for _, at := range []image.Point{{130, 80}, {640, 360}, {1150, 640}} {
		requireColor(t, red, colorAt(t, file, time.Second/2, at.X, at.Y), fmt.Sprint(at))
	}
}

func TestComposeWithWatermark(t *testing.T) {
	t.Parallel()
	p, dir := newFixture(t, script{}), t.TempDir()
	p.m.SetSources(dirSources(dir))
	began := time.Now().UTC().Add(-time.Hour)
	sources := p.keep(dir, began, source{id: "ann", participant: "ann", kind: job.Participant, length: 3 * time.Second,
		args: with(film("red", 640, 360, "440"), h264)})
	var logo bytes.Buffer
	picture := image.NewNRGBA(image.Rect(0, 0, 60, 30))
	for i := range picture.Pix {
		picture.Pix[i] = []byte{0, 0, 255, 255}[i%4]
	}
	require.NoError(t, png.Encode(&logo, picture))
	coded := base64.StdEncoding.EncodeToString(logo.Bytes())
	compose := func(mark job.MergeWatermark) string {
		_, file := p.transcode(job.TranscodingRequest{Kind: job.CompositeMerge, Sources: sources, Watermark: &mark})
		requireTracks(t, file, job.MergeSize, 3*time.Second)
		return file
	}
	file := compose(job.MergeWatermark{
		ImageBase64: "data:image/png;base64," + coded, Position: job.BottomRight, Margin: 20, Width: 120, Opacity: 1,
	})
	requireColor(t, blue, colorAt(t, file, time.Second, 1200, 670), "the logo is 120 x 60, 20 pixels from the edges")
	requireColor(t, blue, colorAt(t, file, 2900*time.Millisecond, 1144, 644), "the logo is there to the end")
	requireColor(t, red, colorAt(t, file, time.Second, 1136, 670), "beside the logo")
	file = compose(job.MergeWatermark{ImageBase64: coded, Position: job.Center, Width: 400, Opacity: 0.5})
	requireColor(t, color.RGBA{128, 0, 128, 255}, colorAt(t, file, time.Second, 640, 360), "half transparent")

	// The text is read from the picture: it is the one that is drawn for the second.
	text := func(file string, at time.Duration) []byte {
		return mediaprobe.Command(t, "ffmpeg", "-v", "error", "-ss", seconds(at), "-i", file, "-vf",
			"crop=600:60:680:0,format=gray", "-frames:v", "1", "-f", "rawvideo", "-")
	}
	differ := func(a, b []byte) (n int) {
		for i := range a {
			if math.Abs(float64(a[i])-float64(b[i])) > 60 {
				n++
			}
		}
		return n
	}
	clock := time.Date(2026, 5, 5, 9, 59, 59, 0, time.UTC)
	file = compose(job.MergeWatermark{Clock: clock, Position: job.TopRight, Margin: 20})
	first, again := text(file, 200*time.Millisecond), text(file, 800*time.Millisecond)
	next := text(file, 1200*time.Millisecond)
	require.Less(t, differ(first, again), 20, "within a second nothing changes")
	require.Greater(t, differ(first, next), 100, "09:59:59 and 10:00:00")
	same := text(compose(job.MergeWatermark{Text: "2026-05-05 10:00:00", Position: job.TopRight, Margin: 20}), time.Second)
	require.Less(t, differ(next, same), 20, "it is the time of the second second")

	for _, c := range []struct {
		mark    job.MergeWatermark
		problem string
	}{
		{job.MergeWatermark{ImageBase64: "%%"}, "neither an https address nor base64"},
		{job.MergeWatermark{ImageBase64: "bm8gaW1hZ2U="}, "neither PNG, JPEG nor WebP"},
		{job.MergeWatermark{ImageURL: "http://example.org/a.png"}, "is not an https address"},
		{job.MergeWatermark{ImageURL: "https://127.0.0.1/a.png"}, "is not an address of the public internet"},
	} {
		f := refused(t, "4107.BAD_PARAMS", errOf(p.m.Transcode(t.Context(), job.TranscodingRequest{
			Kind: job.CompositeMerge, AccountID: p.account.ID, MeetingID: p.meeting.ID, SessionID: p.session,
			Sources: sources, Watermark: &c.mark,
		})))
		require.Equal(t, "watermark.image", f.Param)
		require.Contains(t, f.Detail, c.problem)
	}
}

// The same set of recordings is not merged twice at a time, in whatever order; a cancelled job is not in the way.
func TestMergesOfTheSameRecordings(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{})
	p.m.SetSources(dirSources(t.TempDir()))
	p.m.transcodings.working = true // nobody works
	q := job.TranscodingRequest{
		Kind: job.CompositeMerge, AccountID: p.account.ID, MeetingID: p.meeting.ID, SessionID: p.session,
		Sources: []job.Source{{RecordingID: "a"}, {RecordingID: "b"}},
	}
	first, err := p.m.Transcode(t.Context(), q)
	require.NoError(t, err)
	q.Sources = []job.Source{{RecordingID: "b"}, {RecordingID: "a"}}
	f := refused(t, "4109.SAME_RECORDINGS", errOf(p.m.Transcode(t.Context(), q)))
	require.Equal(t, first.ID, f.Details["requested"])
	require.Equal(t, "pending", f.Details["state"])
	joined := q
	joined.Kind = job.RecordingMerge
	require.NoError(t, errOf(p.m.Transcode(t.Context(), joined)), "it is another job")
	more := q
	more.Sources = append(more.Sources, job.Source{RecordingID: "c"})
	require.NoError(t, errOf(p.m.Transcode(t.Context(), more)), "it is another set")
	canceled, err := p.m.CancelTranscoding(t.Context(), first)
	require.NoError(t, err)
	require.True(t, canceled)
	require.NoError(t, errOf(p.m.Transcode(t.Context(), q)), "the first one is cancelled")
	for {
		p.m.transcodings.mu.Lock()
		open := len(p.m.transcodings.queue)
		for _, other := range p.m.transcodings.queue {
			other.cancel(errCancelled)
		}
		p.m.transcodings.mu.Unlock()
		if open == 0 {
			break
		}
		p.m.workTranscodings()
	}
}

// composing starts a job that goes on until somebody ends it, and returns it when it has begun with its file.
func (p *fixture) composing() (j record.Job, dir string) {
	p.t.Helper()
	files := p.t.TempDir()
	p.m.SetSources(dirSources(files))
	sources := p.keep(files, time.Now().UTC().Add(-2*time.Hour), source{id: "ann", participant: "ann",
		kind: job.Participant, args: with(film("red", 640, 360, "440"), h264)})
	stored, err := p.store.Job(p.t.Context(), p.account.ID, "ann")
	require.NoError(p.t, err)
	stored.Files[0].DurationMs = 3_600_000 // far longer than the file
	require.NoError(p.t, p.store.UpdateJob(p.t.Context(), stored))
	j, err = p.m.Transcode(p.t.Context(), job.TranscodingRequest{
		Kind: job.CompositeMerge, AccountID: p.account.ID, MeetingID: p.meeting.ID, SessionID: p.session, Sources: sources,
		Watermark: &job.MergeWatermark{Text: "12.5, 77.5", Position: job.TopRight, Margin: 20},
	})
	require.NoError(p.t, err)
	part := filepath.Join(p.dir, j.Path+".part")
	require.Eventually(p.t, func() bool {
		info, err := os.Stat(part)
		return err == nil && info.Size() > 0
	}, time.Minute, 20*time.Millisecond, "it runs")
	return j, filepath.Dir(part)
}

// A job that runs is cancelled at once, and leaves nothing.
func TestCancelComposing(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{})
	j, dir := p.composing()
	canceled, err := p.m.CancelTranscoding(t.Context(), j)
	require.NoError(t, err)
	require.True(t, canceled)
	require.Equal(t, job.Cancelled, p.awaitEnd(j.ID).State)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

// A server that stops leaves the job to its next start, which says so once and removes what a killed one has left.
func TestRestartWhileComposing(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{})
	j, dir := p.composing()
	require.NoError(t, p.m.Close(t.Context()))
	stored, err := p.store.Job(t.Context(), p.account.ID, j.ID)
	require.NoError(t, err)
	require.Equal(t, job.Started, stored.State)
	for _, name := range []string{".part", inputMark + "0.mp4", inputMark + "list"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "killed.mp4"+name), []byte("left"), 0o600))
	}
	p.start(script{})
	n, err := p.m.Recover(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	ended := p.awaitEnd(j.ID)
	require.Equal(t, job.Failed, ended.State)
	refused(t, "5001.SERVER_RESTARTED", ended.Fault)
	require.Empty(t, ended.Files)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestTracksOfFiles(t *testing.T) {
	t.Parallel()
	p, dir := newFixture(t, script{}), t.TempDir()
	p.keep(dir, time.Now(), source{id: "a", kind: job.Recording, args: with(film("red", 640, 360, "440"), h264)},
		source{id: "b", kind: job.Recording, args: with(film("blue", 640, 360, "880"), h264)},
		source{id: "c", kind: job.Recording, args: with(film("blue", 642, 360, "880"), h264)})
	var found []tracks
	for _, name := range []string{"a", "b", "c"} {
		of, err := p.m.probe(context.Background(), filepath.Join(dir, name+".mp4"))
		require.NoError(t, err)
		require.True(t, of.video && of.audio)
		found = append(found, of)
	}
	require.Equal(t, 640, found[0].width)
	require.Equal(t, found[0], found[1])
	require.NotEqual(t, found[0].layout, found[2].layout)
	require.True(t, strings.Contains(found[0].layout, "h264"), found[0].layout)
}
