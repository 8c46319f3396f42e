package egress

import (
	"image"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
	"github.com/klatch/klatch/sdk/testcard"
)

func TestParticipantIsOneFileWithSilenceAndBlack(t *testing.T) {
	t.Parallel()
	s := open(t)
	ann := s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	s.join(t, "bob", card("bob"), sdk.TestTone("bob"))
	path := file(t, "ann.webm")
	w := s.startWorker(
		t,
		order.Spec{Kind: job.Participant, Format: job.WebM, File: path, Sources: []job.Source{{ParticipantID: "ann"}}},
	)
	w.waitStarted()
	w.waitRecorded(2 * time.Second)
	on := w.position()
	require.NoError(t, ann.MuteMic(t.Context()))
	require.NoError(t, ann.DisableWebcam(t.Context()))
	off := w.position()
	w.waitRecorded(off + 3*time.Second)
	stillOff := w.position()
	require.NoError(t, ann.UnmuteMic(t.Context(), nil))
	require.NoError(t, ann.EnableWebcam(t.Context(), nil))
	again := w.position()
	w.waitRecorded(again + 3*time.Second)
	made := w.stop()

	require.Len(t, made, 1)
	p := mediaprobe.Probe(t, path)
	require.Equal(t, []string{"opus", "vp8"}, p.Codecs())
	require.InDelta(t, p.Seconds(t), float64(made[0].DurationMs)/1000, 0.1)
	w.requireLength(p.Seconds(t), time.Second)
	require.Equal(t, [2]int{640, 360}, [2]int{made[0].Width, made[0].Height})

	whole := image.Rect(0, 0, 640, 360)
	pcm := mediaprobe.Sound(t, path)
	for at, on := range map[time.Duration]bool{
		on - 500*time.Millisecond: true, (off + stillOff) / 2: false, again + 2*time.Second: true,
	} {
		picture := mediaprobe.Frame(t, path, at)
		if on {
			mediaprobe.RequireShows(t, picture, whole, "ann")
			mediaprobe.RequireTones(t, pcm, at-300*time.Millisecond, at+300*time.Millisecond, "ann")
		} else {
			require.True(t, mediaprobe.Near(mediaprobe.Color(picture, image.Pt(100, 200)), testcard.Black), "black at %v", at)
			mediaprobe.RequireTones(t, pcm, at-300*time.Millisecond, at+300*time.Millisecond)
		}
	}
}

func TestParticipantAsMP4AndAsPlaylist(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	dir, path := t.TempDir(), file(t, "ann.mp4")
	source := []job.Source{{ParticipantID: "ann"}}
	asFile := s.startWorker(t, order.Spec{Kind: job.Participant, Format: job.MP4, File: path, Sources: source})
	asList := s.startWorker(t, order.Spec{Kind: job.Participant, Format: job.M3U8, HLSDir: dir, Sources: source})
	asList.await("playable", func(r order.Report) bool { return r.Report == order.ReportPlayable })
	asFile.waitRecorded(4 * time.Second)
	whole := image.Rect(0, 0, 640, 360)
	for _, made := range [][]job.File{asFile.stop(), asList.stop()} {
		require.Len(t, made, 1)
		p := mediaprobe.Probe(t, made[0].Path)
		require.ElementsMatch(t, []string{"aac", "h264"}, p.Codecs())
		require.InDelta(t, p.Seconds(t), float64(made[0].DurationMs)/1000, 0.1)
		mediaprobe.RequireShows(t, mediaprobe.Frame(t, made[0].Path, 2*time.Second), whole, "ann")
		mediaprobe.RequireTones(t, mediaprobe.Sound(t, made[0].Path), 2*time.Second, 3*time.Second, "ann")
	}
}

func TestATrackIsAFileForEachTimeItIsOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	ann := s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	picture, voice := file(t, "picture.webm"), file(t, "voice.mp3")
	video := s.startWorker(
		t,
		order.Spec{
			Kind:    job.Track,
			Format:  job.WebM,
			File:    picture,
			Sources: []job.Source{{ParticipantID: "ann", Kind: wire.Video}},
		},
	)
	audio := s.startWorker(
		t,
		order.Spec{
			Kind:    job.Track,
			Format:  job.MP3,
			File:    voice,
			Sources: []job.Source{{ParticipantID: "ann", Kind: wire.Audio}},
		},
	)
	video.waitRecorded(2 * time.Second)
	audio.waitRecorded(2 * time.Second)
	require.NoError(t, ann.DisableWebcam(t.Context()))
	require.NoError(t, ann.EnableWebcam(t.Context(), nil))
	video.waitRecorded(4 * time.Second)

	made := audio.stop()
	require.Len(t, made, 1)
	require.Equal(t, []string{"mp3"}, mediaprobe.Probe(t, made[0].Path).Codecs())
	require.InDelta(t, mediaprobe.Probe(t, made[0].Path).Seconds(t), float64(made[0].DurationMs)/1000, 0.3)
	mediaprobe.RequireTones(t, mediaprobe.Sound(t, made[0].Path), time.Second, 2*time.Second, "ann")

	made = video.stop()
	require.Len(t, made, 2)
	for i, f := range made {
		require.Equal(t, []string{"picture.webm", "picture-2.webm"}[i], filepath.Base(f.Path))
		require.Equal(t, []string{"vp8"}, mediaprobe.Probe(t, f.Path).Codecs())
		require.InDelta(t, mediaprobe.Probe(t, f.Path).Seconds(t), float64(f.DurationMs)/1000, 0.1)
		mediaprobe.RequireShows(t, mediaprobe.Frame(t, f.Path, time.Second), image.Rect(0, 0, 640, 360), "ann")
	}
}

// A sender that changes its codec while it sends begins another file, and another playlist.
func TestAnotherCodecIsAnotherFile(t *testing.T) {
	t.Parallel()
	s := open(t)
	first, second := flashClip(t, "VP8", 320, 180), flashClip(t, "H264", 320, 180)
	raw := testpeer.JoinRaw(t, s.server.URL, s.token, s.meeting, "ann")
	tracks := raw.Publish(
		nil,
		testpeer.RawSection{Kind: wire.Audio},
		testpeer.RawSection{Kind: wire.Video, Codecs: []string{"VP8", "H264"}},
	)
	path, dir := file(t, "ann.mp4"), t.TempDir()
	source := []job.Source{{ParticipantID: "ann"}}
	asFile := s.startWorker(t, order.Spec{Kind: job.Participant, Format: job.MP4, File: path, Sources: source})
	asList := s.startWorker(t, order.Spec{Kind: job.Participant, Format: job.M3U8, HLSDir: dir, Sources: source})
	asFile.waitStarted()
	asList.waitStarted()
	sound, began := beepAudio(t), time.Now()
	sound.Began = began
	tracks[0].Send(sound)
	tracks[1].Send(
		testpeer.SendOptions{
			Began: began,
			Every: time.Second / senderFPS,
			For:   4 * time.Second,
			Frame: frameSequence(time.Hour, first),
		},
	)()
	tracks[1].Send(testpeer.SendOptions{
		Codec: "H264", Began: began.Add(4 * time.Second), RTPTime: 4 * 90000, Every: time.Second / senderFPS,
		Frame: frameSequence(time.Hour, second),
	})
	asList.waitRecorded(8 * time.Second)
	for first, made := range map[string][]job.File{path: asFile.stop(), filepath.Join(dir, "index.m3u8"): asList.stop()} {
		require.Len(t, made, 2)
		require.Equal(t, first, made[0].Path)
		for _, f := range made {
			require.ElementsMatch(t, []string{"aac", "h264"}, mediaprobe.Probe(t, f.Path).Codecs())
			requireInSync(t, f.Path, 0, 1)
		}
	}
}
