package egress

import (
	"encoding/json"
	"image"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/mediatest"
	"github.com/klatch/klatch/internal/picture"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
	"github.com/klatch/klatch/sdk/testcard"
)

func TestCompositeHasItsPeopleOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, name := range four {
		s.join(t, name, card(name), sdk.TestTone(name))
	}
	chosen, first := file(t, "chosen.mp4"), file(t, "first.mp4")
	low := job.Config{Quality: job.Low}
	two := s.startWorker(t, order.Spec{Kind: job.Composite, File: chosen, Config: low, Sources: []job.Source{
		{ParticipantID: "joe"}, {ParticipantID: "bob", Kind: wire.Video}, {ParticipantID: "nobody"},
	}})
	three := s.startWorker(t, order.Spec{Kind: job.Composite, File: first, Config: low})
	two.waitRecorded(4 * time.Second)
	three.waitRecorded(4 * time.Second)
	require.Len(t, two.stop(), 1)
	require.Len(t, three.stop(), 1)

	p := mediaprobe.Frame(t, chosen, 3*time.Second)
	mediaprobe.RequireShows(t, p, image.Rect(2, 121, 425, 359), "bob")
	mediaprobe.RequireShows(t, p, image.Rect(429, 121, 852, 359), "joe")
	mediaprobe.RequireTones(t, mediaprobe.Sound(t, chosen), 2*time.Second, 3*time.Second, "joe")
	p = mediaprobe.Frame(t, first, 3*time.Second)
	mediaprobe.RequireShows(t, p, gridTile(0), "ann")
	mediaprobe.RequireShows(t, p, gridTile(1), "bob")
	mediaprobe.RequireShows(t, p, image.Rect(214, 240, 641, 480), "cid")
	mediaprobe.RequireTones(t, mediaprobe.Sound(t, first), 2*time.Second, 3*time.Second, "ann", "bob", "cid")
}

// A recording as WebM: coded for it, with an index, and playable to its last cluster when the worker was killed.
func TestRecordingAsWebM(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, name := range four[:2] {
		s.join(t, name, card(name), sdk.TestTone(name))
	}
	path, cut := file(t, "whole.webm"), file(t, "cut.webm")
	low := job.Config{Quality: job.Low}
	whole := s.startWorker(t, order.Spec{Kind: job.Recording, Format: job.WebM, File: path, Config: low})
	killed := s.startWorker(t, order.Spec{Kind: job.Composite, Format: job.WebM, File: cut, Config: low})
	whole.waitRecorded(5 * time.Second)
	killed.waitRecorded(5 * time.Second)
	require.NoError(t, killed.cmd.Process.Kill())
	<-killed.ended
	made := whole.stop()
	require.Len(t, made, 1)
	require.Equal(t, job.WebM, made[0].Format)
	require.Equal(t, [2]int{854, 480}, [2]int{made[0].Width, made[0].Height})
	p := mediaprobe.Probe(t, path)
	require.ElementsMatch(t, []string{"vp9", "opus"}, p.Codecs())
	require.InDelta(t, p.Seconds(t), float64(made[0].DurationMs)/1000, 0.1)
	requirePlayable(t, path, 4500*time.Millisecond)
	require.Greater(t, len(mediaprobe.Sound(t, cut)), 3*48000, "its end was never written, and with it its duration")
	for _, path := range []string{path, cut} {
		picture := mediaprobe.Frame(t, path, 2*time.Second)
		mediaprobe.RequireShows(t, picture, image.Rect(2, 121, 425, 359), "ann")
		mediaprobe.RequireShows(t, picture, image.Rect(429, 121, 852, 359), "bob")
		mediaprobe.RequireTones(t, mediaprobe.Sound(t, path), time.Second, 2*time.Second, "ann", "bob")
	}
}

func TestSoundOnlyAndTheEndOfTheSession(t *testing.T) {
	t.Parallel()
	s := open(t)
	bot := s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	path := file(t, "sound.mp4")
	w := s.startWorker(t, order.Spec{Kind: job.Recording, File: path, Config: job.Config{Mode: job.AudioOnly}})
	w.waitRecorded(3 * time.Second)
	require.NoError(t, bot.End(t.Context()))
	made := w.waitDone(false)
	require.Len(t, made, 1)
	require.Zero(t, made[0].Width)
	p := mediaprobe.Probe(t, path)
	require.Equal(t, []string{"aac"}, p.Codecs())
	require.InDelta(t, p.Seconds(t), float64(made[0].DurationMs)/1000, 0.06)
	mediaprobe.RequireTones(t, mediaprobe.Sound(t, path), 2*time.Second, 3*time.Second, "ann")
}

// A recording that is stopped while it waits for its first picture is no failure, however it is stopped.
func TestStoppedBeforeTheFirstPicture(t *testing.T) {
	t.Parallel()
	s := open(t)
	never := make(chan *rtp.Packet)
	s.join(t, "ann", sdk.PacketSource("VP8", never), nil)
	for name, stop := range map[string]func(*workerProcess){
		"asked": func(w *workerProcess) {
			require.NoError(t, json.NewEncoder(w.stdin).Encode(order.Command{Command: order.CommandStop}))
		},
		"terminated": func(w *workerProcess) { require.NoError(t, w.cmd.Process.Signal(syscall.SIGTERM)) },
	} {
		w := s.startWorker(
			t,
			order.Spec{Kind: job.Recording, File: file(t, name+".mp4"), Config: job.Config{Quality: job.Low}},
		)
		w.await("life", func(r order.Report) bool { return r.Report == order.ReportProgress })
		stop(w)
		w.waitDone(false)
	}
}

func TestPortraitUntilTheWorkerIsTerminated(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.join(t, "ann", card("ann"), nil)
	path := file(t, "portrait.mp4")
	w := s.startWorker(
		t,
		order.Spec{
			Kind:   job.Recording,
			File:   path,
			Config: job.Config{Quality: job.Low, Orientation: job.Portrait, Theme: job.Light},
		},
	)
	w.waitRecorded(2 * time.Second)
	require.NoError(t, w.cmd.Process.Signal(syscall.SIGTERM))
	made := w.waitDone(false)
	require.Len(t, made, 1)
	require.Equal(t, [2]int{480, 854}, [2]int{made[0].Width, made[0].Height})
	requirePlayable(t, path, 2*time.Second)
	require.Greater(
		t,
		mediaprobe.Color(mediaprobe.Frame(t, path, time.Second), image.Pt(240, 20)).Y,
		uint8(200),
		"a light canvas",
	)
}

// What Chromium sends: H264 with parameter sets in each key frame, and sizes that change.
func TestH264IsCopied(t *testing.T) {
	t.Parallel()
	s := open(t)
	clip := mediatest.Encode(t, mediatest.Clip{Codec: "H264", Width: 320, Height: 180, FPS: 30, Frames: 60, GOP: 30})
	bot := s.join(t, "ann", clipSource{codecName: "H264", frames: clip}, sdk.TestTone("ann"))
	asMP4, asWebM := file(t, "ann.mp4"), file(t, "ann.webm")
	source := []job.Source{{ParticipantID: "ann"}}
	mp4 := s.startWorker(t, order.Spec{Kind: job.Participant, Format: job.MP4, File: asMP4, Sources: source})
	webm := s.startWorker(t, order.Spec{Kind: job.Participant, Format: job.WebM, File: asWebM, Sources: source})
	workers := map[string]*workerProcess{asMP4: mp4, asWebM: webm}
	positions := func() map[string]time.Duration {
		return map[string]time.Duration{asMP4: mp4.position(), asWebM: webm.position()}
	}
	waitRecordedTogether([]*workerProcess{mp4, webm}, 2*time.Second)
	on := positions()
	require.NoError(t, bot.DisableWebcam(t.Context()))
	off := positions()
	webm.waitRecorded(off[asWebM] + 3*time.Second)
	stillOff := positions()
	require.NoError(t, bot.EnableWebcam(t.Context(), nil))
	again := positions()
	webm.waitRecorded(again[asWebM] + 3*time.Second)
	for path, w := range workers {
		made := w.stop()
		require.Len(t, made, 1)
		want := map[string][]string{asMP4: {"aac", "h264"}, asWebM: {"opus", "vp9"}}[path]
		require.ElementsMatch(t, want, mediaprobe.Probe(t, path).Codecs())
		mediaprobe.RequireTones(t, mediaprobe.Sound(t, path), 2*time.Second, 3*time.Second, "ann")
		dark := func(at time.Duration) bool { // testsrc2 has a bright bar at its left
			p := mediaprobe.Frame(t, path, at)
			brightest := uint8(0)
			for _, y := range p.Y {
				brightest = max(brightest, y)
			}
			return brightest < 40
		}
		require.False(t, dark(on[path]-time.Second), path)
		require.True(t, dark((off[path]+stillOff[path])/2), path)
		require.False(t, dark(again[path]+2*time.Second), path)
	}
}

// differences returns how many points of a part differ much between two pictures, of one in sixteen that are looked at.
func differences(a, b *picture.Picture, part image.Rectangle) (n int) {
	for y := part.Min.Y; y < part.Max.Y; y += 4 {
		for x := part.Min.X; x < part.Max.X; x += 4 {
			if d := int(a.Y[y*a.StrideY+x]) - int(b.Y[y*b.StrideY+x]); d > 40 || d < -40 {
				n++
			}
		}
	}
	return n
}

func TestTwoBrowsersAndTwoBots(t *testing.T) {
	s := open(t)
	for _, name := range four[:2] {
		s.join(t, name, card(name), sdk.TestTone(name))
	}
	chromium := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	var pages []*testbrowser.Page
	for _, name := range []string{"Una", "Vic"} {
		p := chromium.Page(t, s.server.URL+"/meet/"+s.meeting+"#token="+s.token+"&name="+name, testbrowser.RecordConnections)
		for _, device := range []string{"mic-button", "cam-button"} {
			p.Until("the page has "+device, `document.querySelector('`+testbrowser.TestID(device)+`')`)
			p.Eval(
				`(() => { const b = document.querySelector('`+testbrowser.TestID(
					device,
				)+`'); if (b.getAttribute("aria-pressed") !== "true") b.click(); })()`,
				nil,
			)
		}
		p.Click(testbrowser.TestID("join-button"))
		p.Until(name+" is in the meeting", `document.querySelector('[data-testid="meeting-view"]')`)
		pages = append(pages, p)
	}
	for _, p := range pages {
		p.AwaitVideos(3)
	}
	path := file(t, "browsers.mp4")
	w := s.startWorker(t, order.Spec{Kind: job.Recording, File: path, Config: job.Config{Quality: job.Med}})
	const recorded = 12 * time.Second // on a busy machine pictures come late
	w.waitRecorded(recorded)
	require.Len(t, w.stop(), 1)
	requirePlayable(t, path, recorded)
	// Two browsers that encode take what a busy machine has, and pictures come late: each is looked for four times.
	var looks []*picture.Picture
	for at := 5 * time.Second; at < recorded; at += 2 * time.Second {
		looks = append(looks, mediaprobe.Frame(t, path, at))
	}
	for i, name := range four[:2] {
		tile := image.Rect(640*i, 0, 640*(i+1), 360)
		require.True(t, slices.ContainsFunc(looks, func(p *picture.Picture) bool {
			return mediaprobe.Shows(t, p, tile, name)
		}), "%s is in %v", name, tile)
	}
	for _, tile := range []image.Rectangle{image.Rect(0, 360, 640, 720), image.Rect(640, 360, 1280, 720)} {
		// Chromium's device: a moving shape on green
		last, moved := looks[len(looks)-1], 0
		middle := tile.Min.Add(image.Pt(560, 60))
		c := mediaprobe.Color(last, middle)
		require.True(t, c.U < 110 && c.V < 110, "green at %v: %v", middle, c)
		for _, p := range looks[:len(looks)-1] {
			moved = max(moved, differences(p, last, tile.Inset(60)))
		}
		require.Greater(t, moved, 20, "the picture in %v moves", tile)
	}
	for _, name := range four[:2] { // beside the browsers' beeps
		_, hz := testcard.Tone(name)
		require.Greater(t, mediaprobe.Loudness(mediaprobe.Sound(t, path)[10*48000:11*48000], float64(hz)), 0.03, name)
	}
}
