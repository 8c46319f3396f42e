package egress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp/codecs"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/mediatest"
	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

const senderFPS = 25

// encodedOnce are clips and sounds that several tests send. Encoding them anew would take the processors from those
// that are recorded at that time.
var encodedOnce struct {
	mu    sync.Mutex // guards everything below
	clips map[string][][]byte
}

// encodeOnce returns what encode has made under that name. It must not be changed.
func encodeOnce(name string, encode func() [][]byte) [][]byte {
	encodedOnce.mu.Lock()
	defer encodedOnce.mu.Unlock()
	if encodedOnce.clips[name] == nil {
		if encodedOnce.clips == nil {
			encodedOnce.clips = map[string][][]byte{}
		}
		encodedOnce.clips[name] = encode()
	}
	return encodedOnce.clips[name]
}

// flashClip is a clip that is white in the first tenth of each second. It must not be changed.
func flashClip(t *testing.T, codec string, width, height int) [][]byte {
	t.Helper()
	return encodeOnce(fmt.Sprintf("%s %dx%d", codec, width, height), func() [][]byte {
		return mediatest.Encode(t, mediatest.Clip{
			Codec: codec, Width: width, Height: height, FPS: senderFPS, Frames: 4 * senderFPS, GOP: senderFPS,
			Source: mediatest.Flash,
		})
	})
}

// frameSequence returns the frames of clips, each for so long, the last for ever.
func frameSequence(each time.Duration, clips ...[][]byte) func(int, bool) []byte {
	return func(n int, _ bool) []byte {
		of := min(n/int(each.Seconds()*senderFPS), len(clips)-1)
		return clips[of][n%len(clips[of])]
	}
}

// beepAudio are those of the moments at which the clips flash.
func beepAudio(t *testing.T) testpeer.SendOptions {
	packets := encodeOnce("beeps", func() [][]byte { return mediatest.Opus(t, mediatest.Beep, 4)[:4*50] })
	return testpeer.SendOptions{
		Every: 20 * time.Millisecond,
		Frame: func(n int, _ bool) []byte { return packets[n%len(packets)] },
	}
}

// senderCase is what the raw publisher does, and what the recording of it must be.
type senderCase struct {
	whole    bool // recorded by make recordings alone
	single   bool // not recorded in every kind: it differs from another in a figure alone
	format   job.Format
	composed bool                // a composed file is made beside it
	edit     func(string) string // of the offer; nil: as it is
	codecs   []string            // offered, in that order
	clip     func(t *testing.T) func(int, bool) []byte
	codec    string // sent; "": the first offered
	manner   func(m *testpeer.SendOptions)
	sound    func(m *testpeer.SendOptions)
	sentFor  time.Duration // how much has been sent when the recording begins
	duration time.Duration
	settled  float64 // s, from which picture and sound are together; for check nil
	// check judges the files, which can be decoded without an error; nil: picture and sound are together.
	check func(t *testing.T, files []job.File)
}

// senderCases are what senders do that are not ours.
func senderCases() map[string]senderCase {
	late := func(d time.Duration) func(*testpeer.SendOptions) {
		return func(m *testpeer.SendOptions) { m.Delay = d }
	}
	stalled := func(m *testpeer.SendOptions) { m.StallAt, m.StallFor = 3*time.Second, 4*time.Second }
	jumped := func(m *testpeer.SendOptions) {
		stalled(m)
		m.Jump = true
	}
	withMID := func(m *testpeer.SendOptions) { m.WithMID = true }
	silent := func(m *testpeer.SendOptions) { m.NoReports = true }
	ahead := func(m *testpeer.SendOptions) { m.ClockAhead = 20 * time.Minute }
	drifting := func(by float64) func(*testpeer.SendOptions) {
		return func(m *testpeer.SendOptions) { m.Drift = by }
	}
	lossy := func(m *testpeer.SendOptions) { m.Drop = func(sequence uint16) bool { return sequence%97 == 0 } }
	lossySound := func(m *testpeer.SendOptions) { // 6 %, and nothing of a beep, which is in the first five of each 50
		m.Drop = func(sequence uint16) bool { return slices.Contains([]uint16{20, 21, 40}, sequence%50) }
	}
	both := func(manners ...func(*testpeer.SendOptions)) func(*testpeer.SendOptions) {
		return func(m *testpeer.SendOptions) {
			for _, manner := range manners {
				manner(m)
			}
		}
	}
	one := func(codec string) func(t *testing.T) func(int, bool) []byte {
		return func(t *testing.T) func(int, bool) []byte {
			return frameSequence(time.Hour, flashClip(t, codec, 320, 180))
		}
	}
	cases := map[string]senderCase{
		"SSRCs that the offer does not name": {
			format: job.WebM, codecs: []string{"VP8"}, clip: one("VP8"), edit: testpeer.WithoutSSRCs,
			manner: both(late(200*time.Millisecond), withMID), sound: withMID, duration: 7 * time.Second, settled: 4,
		},
		"SSRCs that the offer does not name without mid": {
			format: job.MP4, codecs: []string{"H264"}, clip: one("H264"), edit: testpeer.WithoutSSRCs,
			manner: late(200 * time.Millisecond), duration: 7 * time.Second, settled: 4,
		},
		"another SSRC than the offer names": {
			whole: true, format: job.WebM, codecs: []string{"VP8"}, clip: one("VP8"),
			manner: func(m *testpeer.SendOptions) {
				m.Delay, m.WithMID, m.SSRC = 200*time.Millisecond, true, 4711
			},
			duration: 7 * time.Second, settled: 4,
		},
		"no sender reports": {
			format: job.WebM, codecs: []string{"VP8"}, clip: one("VP8"), manner: silent, sound: silent,
			duration: 5 * time.Second, settled: 1,
		},
		"sender reports of a clock that is ahead": {
			format: job.MP4, codecs: []string{"H264"}, clip: one("H264"),
			manner: both(late(200*time.Millisecond), ahead), sound: ahead, duration: 7 * time.Second, settled: 4,
		},
		"a picture whose RTP clock is too fast": { // 140 ms after 7 s
			format: job.WebM, codecs: []string{"VP8"}, clip: one("VP8"), manner: drifting(0.02),
			duration: 7 * time.Second, settled: 4,
		},
		"a picture whose RTP clock is too slow": {
			whole: true, format: job.MP4, codecs: []string{"H264"}, clip: one("H264"), manner: drifting(-0.02),
			duration: 8 * time.Second, settled: 4,
		},
		"a sound whose RTP clock is too fast": { // 120 ms after 12 s
			whole: true, format: job.MP4, codecs: []string{"H264"}, clip: one("H264"), sound: drifting(0.01),
			duration: 12 * time.Second, settled: 8,
		},
		"packets that are lost": {
			whole: true, format: job.WebM, codecs: []string{"VP8"}, clip: one("VP8"), manner: lossy, sound: lossySound,
			duration: 8 * time.Second, settled: 2,
		},
		"H264 parameter sets that are sent once": {
			format: job.MP4, composed: true, codecs: []string{"H264"}, sentFor: 2 * time.Second,
			clip: func(t *testing.T) func(int, bool) []byte {
				clip := slices.Clone(flashClip(t, "H264", 320, 180))
				first := clip[0]
				for i, frame := range clip {
					clip[i] = withoutUnits(frame, payload.NALUSPS, payload.NALUPPS)
				}
				require.Less(t, len(clip[0]), len(first), "the encoder repeats them")
				return func(n int, _ bool) []byte {
					if n == 0 {
						return first
					}
					return clip[n%len(clip)]
				}
			},
			duration: 5 * time.Second, settled: 1,
		},
		"a capture that stalls": {
			format: job.WebM, codecs: []string{"VP8"}, clip: one("VP8"), manner: stalled, sound: stalled,
			duration: 12 * time.Second,
			check:    requireOneStall,
		},
		"a capture that stalls while its RTP time goes on": {
			format: job.WebM, codecs: []string{"VP8"}, clip: one("VP8"), manner: jumped, sound: jumped,
			duration: 12 * time.Second,
			check:    requireOneStall,
		},
		"a capture that stalls while its RTP time goes on as MP4": {
			format: job.MP4, codecs: []string{"H264"}, clip: one("H264"), manner: jumped, sound: jumped,
			duration: 12 * time.Second,
			check:    requireOneStall,
		},
		"a camera that is turned": {format: job.MP4, codecs: []string{"H264"}, duration: 7 * time.Second,
			clip: func(t *testing.T) func(int, bool) []byte {
				return frameSequence(3*time.Second, flashClip(t, "H264", 320, 180), flashClip(t, "H264", 180, 320))
			},
			check: func(t *testing.T, files []job.File) {
				require.Len(t, files, 2)
				for i, size := range [][2]int{{320, 180}, {180, 320}} {
					require.Equal(t, size, [2]int{files[i].Width, files[i].Height})
					p := mediaprobe.Frame(t, files[i].Path, time.Second)
					require.Equal(t, size, [2]int{p.Width, p.Height})
					requireInSync(t, files[i].Path, 0, 1)
				}
			}},
		"another codec than the first": {format: job.MP4, codecs: []string{"VP8", "H264"}, codec: "H264", clip: one("H264"),
			duration: 5 * time.Second,
			check: func(t *testing.T, files []job.File) {
				last := files[len(files)-1].Path
				require.ElementsMatch(t, []string{"aac", "h264"}, mediaprobe.Probe(t, last).Codecs())
				requireInSync(t, last, 0, 2)
			}},
		"no IDR pictures": {format: job.MP4, codecs: []string{"H264"}, duration: 6 * time.Second,
			clip: func(t *testing.T) func(int, bool) []byte {
				clip := mediatest.Encode(t, mediatest.Clip{
					Codec: "H264", Width: 320, Height: 180, FPS: senderFPS, Frames: 16 * senderFPS, GOP: senderFPS,
					Source: mediatest.Flash, Refresh: true,
				})
				return frameSequence(time.Hour, clip[senderFPS/2:]) // the first is an IDR picture
			},
			check: func(t *testing.T, files []job.File) {
				require.Greater(t, len(flashTimes(t, files[0].Path)), 2)
			}},
	}
	for _, ms := range []int{60, 120, 200, 400} {
		settled := 4.0 // reports come once a second, and the picture moves by an eighth of the time that passes
		if ms > 200 {
			settled = 6
		}
		for format, codec := range map[job.Format]string{job.WebM: "VP8", job.MP4: "H264"} {
			always := ms == 200 && format == job.WebM || ms == 400 && format == job.MP4
			cases[fmt.Sprintf("a %s picture %d ms late", codec, ms)] = senderCase{
				whole: !always, single: ms != 200 || codec != "VP8", format: format, codecs: []string{codec}, clip: one(codec),
				manner:   late(time.Duration(ms) * time.Millisecond),
				duration: time.Duration(settled+3) * time.Second, settled: settled,
			}
		}
	}
	return cases
}

// publish lets a participant of that id do what the case says. It returns when so much is sent that the recording may
// begin.
func (c senderCase) publish(t *testing.T, s *fixture, id string) {
	t.Helper()
	frames := c.clip(t)
	raw := testpeer.JoinRaw(t, s.server.URL, s.token, s.meeting, id)
	tracks := raw.Publish(
		c.edit,
		testpeer.RawSection{Kind: wire.Audio},
		testpeer.RawSection{Kind: wire.Video, Codecs: c.codecs},
	)
	var sent atomic.Int64 // pictures
	sound := beepAudio(t)
	began := time.Now()
	sound.Began = began
	if c.sound != nil {
		c.sound(&sound)
	}
	picture := testpeer.SendOptions{
		Codec: c.codec, Began: began, Every: time.Second / senderFPS,
		Frame: func(n int, wanted bool) []byte {
			sent.Store(int64(n))
			return frames(n, wanted)
		},
	}
	if c.manner != nil {
		c.manner(&picture)
	}
	tracks[0].Send(sound)
	tracks[1].Send(picture)
	require.Eventually(t, func() bool {
		return time.Duration(sent.Load())*picture.Every >= c.sentFor
	}, waitLimit, 20*time.Millisecond, "pictures are sent")
}

// requireFiles judges files of the case.
func (c senderCase) requireFiles(t *testing.T, files []job.File) {
	t.Helper()
	require.NotEmpty(t, files)
	for _, f := range files {
		requireDecodes(t, f.Path)
	}
	if c.check != nil {
		c.check(t, files)
		return
	}
	require.Len(t, files, 1)
	requireInSync(t, files[0].Path, c.settled, c.pairs())
}

// pairs is how many flashes and beeps a file of the case has at least after it has settled.
func (c senderCase) pairs() int { return int(c.duration.Seconds()-c.settled) - 1 }

// What senders do that are not ours, and what recordings of it are.
func TestRecordingsOfOtherSenders(t *testing.T) {
	s := open(t)
	count := 0
	for name, c := range senderCases() {
		count++
		id := "sender-" + strconv.Itoa(count)
		t.Run(name, func(t *testing.T) {
			if c.whole {
				wholeMatrixOnly(t)
			}
			t.Parallel()
			s := s
			if c.composed {
				s = openMeeting(t, s.server)
			}
			c.publish(t, s, id)
			workers := []*workerProcess{s.startWorker(t, order.Spec{
				Kind: job.Participant, Format: c.format, File: file(t, "file."+string(c.format)),
				Sources: []job.Source{{ParticipantID: id}},
			})}
			if c.composed {
				workers = append(workers, s.startWorker(t, order.Spec{
					Kind: job.Recording, Format: job.MP4, File: file(t, "composed.mp4"), Config: job.Config{Quality: job.Low},
				}))
			}
			waitRecordedTogether(workers, c.duration)
			for _, w := range workers {
				files := w.stop()
				w.mu.Lock()
				for _, r := range w.reports {
					require.NotEqual(t, order.ReportFault, r.Report, "%+v", r.Fault)
				}
				w.mu.Unlock()
				c.requireFiles(t, files)
			}
		})
	}
}

// These senders in every kind of file that is made of a participant.
func TestRecordingsOfOtherSendersInEveryKind(t *testing.T) {
	wholeMatrixOnly(t)
	server := testserver.Start(t)
	for name, c := range senderCases() {
		if c.single || c.check != nil { // check is of one kind
			continue
		}
		t.Run(name, func(t *testing.T) {
			s := openMeeting(t, server)
			c.publish(t, s, "ann")
			files := s.record(t, t.TempDir(), kindsOfFiles("ann"), c.duration)
			for _, f := range files {
				t.Run(f.name, func(t *testing.T) {
					path := f.file.Path
					requireDecodes(t, path)
					require.ElementsMatch(t, f.codecsOf(c.codecs[0]), mediaprobe.Probe(t, path).Codecs())
					switch {
					case f.spec.Kind != job.Track:
						requireInSync(t, path, c.settled, c.pairs())
					case f.video():
						requireEachSecond(t, flashTimes(t, path), c.settled, c.pairs())
					default:
						requireEachSecond(t, onsets(loudness(t, path), 200), c.settled, c.pairs())
					}
				})
			}
		})
	}
}

// requireEachSecond requires that flashes or beeps follow each other by a second, from that second on, or by several
// where one was lost on the way.
func requireEachSecond(t *testing.T, at []float64, from float64, least int) {
	t.Helper()
	count := 0
	for i := range at {
		if at[i] < from {
			continue
		}
		if count++; count > 1 {
			gap := at[i] - at[i-1]
			require.InDelta(t, max(1, math.Round(gap)), gap, 0.080, "%v", at)
		}
	}
	require.GreaterOrEqual(t, count, least, "%v", at)
}

// nalUnits returns the NAL units of an access unit in Annex B.
func nalUnits(frame []byte) (units [][]byte) {
	for _, unit := range bytes.Split(frame, []byte{0, 0, 1}) {
		if unit = bytes.TrimRight(unit, "\x00"); len(unit) > 0 {
			units = append(units, unit)
		}
	}
	return units
}

// withoutUnits returns a frame without its NAL units of these types.
func withoutUnits(frame []byte, types ...byte) (rest []byte) {
	for _, unit := range nalUnits(frame) {
		if !slices.Contains(types, unit[0]&0x1f) {
			rest = append(append(rest, 0, 0, 0, 1), unit...)
		}
	}
	return rest
}

// requireOneStall requires a file of a sender that has stalled for four seconds, with its picture and sound together.
func requireOneStall(t *testing.T, files []job.File) {
	requireInSync(t, files[0].Path, 0, 6)
	beeps := onsets(loudness(t, files[0].Path), 200)
	longest := 0.0
	for i := range beeps[1:] {
		if gap := beeps[i+1] - beeps[i]; gap > 1.5 {
			require.Zero(t, longest, "one gap: %v", beeps)
			longest = gap
		}
	}
	require.InDelta(t, 5, longest, 0.3, "a second and the four of the stall: %v", beeps)
}

// flashTimes returns when the picture of a file becomes bright.
func flashTimes(t *testing.T, path string) (at []float64) {
	t.Helper()
	dark := false // one that has begun before does not count
	for _, f := range brightness(t, path) {
		if f.gray > 150 && dark {
			at = append(at, f.at)
		}
		dark = f.gray < 150
	}
	return at
}

type brightnessAt struct{ at, gray float64 }

// brightness are the brightness of each picture of a file, decoded one after the other.
func brightness(t *testing.T, path string) (list []brightnessAt) {
	t.Helper()
	lines := mediaprobe.Command(
		t,
		"ffprobe",
		"-v",
		"error",
		"-f",
		"lavfi",
		"-i",
		"movie="+path+",crop=8:8:iw/4:ih/4,signalstats",
		"-show_entries",
		"frame=pts_time:frame_tags=lavfi.signalstats.YAVG",
		"-of",
		"csv=p=0",
	)
	for line := range strings.Lines(string(lines)) {
		var g brightnessAt
		_, err := fmt.Sscanf(strings.ReplaceAll(line, ",", " "), "%f %f", &g.at, &g.gray)
		require.NoError(t, err, line)
		list = append(list, g)
	}
	return list
}

// loudness of each 5 ms.
func loudness(t *testing.T, path string) []float64 {
	t.Helper()
	const window = 240
	pcm := mediaprobe.Sound(t, path)
	level := make([]float64, len(pcm)/window)
	for i := range level {
		for _, v := range pcm[i*window : (i+1)*window] {
			level[i] = math.Max(level[i], math.Abs(v))
		}
	}
	return level
}

// requireInSync compares flashes and beeps from that second on.
func requireInSync(t *testing.T, path string, from float64, least int) {
	t.Helper()
	flashes, beeps := flashTimes(t, path), onsets(loudness(t, path), 200)
	pairs := 0
	var offs []float64
	for _, flash := range flashes {
		off := math.Inf(1)
		for _, beep := range beeps {
			if d := beep - flash; math.Abs(d) < math.Abs(off) {
				off = d
			}
		}
		if flash >= from && math.Abs(off) < 0.5 {
			pairs++
			offs = append(offs, off)
			require.InDelta(t, 0, off, 0.080, "flash at %v: %v and %v", flash, flashes, beeps)
		}
	}
	require.GreaterOrEqual(t, pairs, least, "%v and %v", flashes, beeps)
	t.Logf("the sound is after the picture by %.3f s", offs)
}

// A recording that lacks a picture or a sound says so, by stream, and one that lacks none says nothing.
func TestMissingStreamsAreTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	raw := testpeer.JoinRaw(t, s.server.URL, s.token, s.meeting, "ann")
	tracks := raw.Publish(nil, testpeer.RawSection{Kind: wire.Audio}, testpeer.RawSection{Kind: wire.Video})
	tracks[0].Send(beepAudio(t))
	low := job.Config{Quality: job.Low}
	workers := []*workerProcess{
		s.startWorker(
			t,
			order.Spec{
				Kind:    job.Participant,
				Format:  job.WebM,
				File:    file(t, "ann.webm"),
				Sources: []job.Source{{ParticipantID: "ann"}},
			},
		),
		s.startWorker(t, order.Spec{Kind: job.Recording, File: file(t, "all.mp4"), Config: low}),
	}
	for _, w := range workers {
		w.waitStarted()
		told := w.await("a fault", func(r order.Report) bool { return r.Report == order.ReportFault })
		w.mu.Lock()
		startedAt := w.startedAt
		w.mu.Unlock()
		require.LessOrEqual(t, told.Fault.At.Sub(startedAt), 5*time.Second)
		require.False(t, told.Final)
		require.Equal(t, "MEDIA_LOST", told.Fault.Reason)
		require.Equal(t, "ann", told.Fault.Details["participant"])
		require.Equal(t, "NO_PACKETS", told.Fault.Details["seen"])
		require.Contains(t, told.Fault.Detail, "of the participant ann (ann) is missing")
		w.stop()
		w.mu.Lock()
		faults := 0
		for _, r := range w.reports {
			if r.Report == order.ReportFault {
				faults++
			}
		}
		w.mu.Unlock()
		require.Equal(t, 1, faults, "the sound is there")
	}
}

// Sound that is not Opus, in packets that say so, is told as that, and so is video with which no decoder can begin.
// What the server does not pass on does not reach the recorder, which says that nothing comes, and why that may be: a
// codec that the server has not taken, and video without anything that looks like a key frame.
func TestUnusableStreamsAreTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	const (
		notBegun  = "no picture to begin with: no whole key frame with its parameter sets"
		notPassed = "sends no key frame with its parameter sets, before which nothing is passed on"
	)
	clip := flashClip(t, "H264", 320, 180)
	var sets [][]byte
	for _, unit := range nalUnits(clip[0]) {
		if kind := unit[0] & 0x1f; kind == payload.NALUSPS || kind == payload.NALUPPS {
			sets = append(sets, unit)
		}
	}
	require.Len(t, sets, 2, "an SPS and a PPS")
	// pictures sends the units of these types of each picture, after those sets. The payloader leaves out sets that are
	// not complete, so they are packets of their own.
	pictures := func(raw *testpeer.RawPublisher, types []byte, before ...[]byte) {
		tracks := raw.Publish(nil, testpeer.RawSection{Kind: wire.Video, Codecs: []string{"H264"}})
		tracks[0].Send(testpeer.SendOptions{Every: time.Second / senderFPS, Payloads: func(n int, _ bool) [][]byte {
			var rest []byte
			for _, unit := range nalUnits(clip[n%len(clip)]) {
				if slices.Contains(types, unit[0]&0x1f) {
					rest = append(append(rest, 0, 0, 0, 1), unit...)
				}
			}
			if len(rest) == 0 {
				return nil
			}
			return append(slices.Clone(before), (&codecs.H264Payloader{}).Payload(1150, rest)...)
		}})
	}
	cases := []struct {
		name, id, kind, seen, detail string
		publish                      func(raw *testpeer.RawPublisher)
	}{
		{"not Opus", "ann", "audio", "NO_SOUND", "none of them is Opus", func(raw *testpeer.RawPublisher) {
			tracks := raw.Publish(nil, testpeer.RawSection{Kind: wire.Audio})
			tracks[0].Send(testpeer.SendOptions{Every: 20 * time.Millisecond, Payloads: func(int, bool) [][]byte {
				return [][]byte{{0x03, 0x00}} // code 3, without a frame (RFC 6716, section 3.2.5)
			}})
		}},
		{"not taken", "bob", "video", "NO_PACKETS", notPassed, func(raw *testpeer.RawPublisher) {
			tracks := raw.Publish(nil, testpeer.RawSection{Kind: wire.Video, Codecs: []string{"VP8", "H265"}})
			tracks[0].Send(testpeer.SendOptions{Codec: "H265", Every: time.Second / senderFPS, Payloads: func(
				int, bool,
			) [][]byte {
				return [][]byte{{0x26, 0x01, 0x80}} // a slice of an IDR picture (RFC 7798, section 1.1.4)
			}})
		}},
		{"IDR pictures without a PPS", "cat", "video", "NO_KEY_FRAME", notBegun, func(raw *testpeer.RawPublisher) {
			pictures(raw, []byte{payload.NALUIDR}, sets[0])
		}},
		{"parameter sets without IDR pictures", "dan", "video", "NO_KEY_FRAME", notBegun, func(raw *testpeer.RawPublisher) {
			pictures(raw, []byte{payload.NALUSlice}, sets...)
		}},
		{"IDR pictures without parameter sets", "eve", "video", "NO_PACKETS", notPassed, func(raw *testpeer.RawPublisher) {
			pictures(raw, []byte{payload.NALUIDR, payload.NALUSlice})
		}},
		{"neither", "fay", "video", "NO_PACKETS", notPassed, func(raw *testpeer.RawPublisher) {
			pictures(raw, []byte{payload.NALUSlice})
		}},
	}
	var workers []*workerProcess
	for _, c := range cases { // all at once, since each takes five seconds
		c.publish(testpeer.JoinRaw(t, s.server.URL, s.token, s.meeting, c.id))
		workers = append(workers, s.startWorker(t, order.Spec{
			Kind: job.Participant, Format: job.WebM, File: file(t, "file.webm"), Sources: []job.Source{{ParticipantID: c.id}},
		}))
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			told := workers[i].await("a fault", func(r order.Report) bool { return r.Report == order.ReportFault })
			require.Equal(t, "MEDIA_LOST", told.Fault.Reason)
			require.Equal(t, c.id, told.Fault.Details["participant"])
			require.Equal(t, c.seen, told.Fault.Details["seen"], told.Fault.Detail)
			require.Contains(t, told.Fault.Detail, c.detail)
			require.Contains(t, told.Fault.Detail, "The "+c.kind+" stream")
			require.Contains(t, told.Fault.Detail, "of the participant "+c.id)
			workers[i].stop()
		})
	}
}

// Chromium shows the picture of the time to which it is told to jump, in every kind of file.
func TestChromiumSeeks(t *testing.T) {
	t.Parallel()
	s := open(t)
	var workers []*workerProcess
	const grows = "H264 that grows"
	for id, formats := range map[string][]job.Format{
		"VP8": {job.WebM, job.MP4}, "H264": {job.WebM, job.MP4}, grows: {job.MP4},
	} {
		codec, _, _ := strings.Cut(id, " ")
		clip := mediatest.Encode(t, mediatest.Clip{
			Codec: codec, Width: 160, Height: 90, FPS: senderFPS, Frames: 16 * senderFPS, GOP: 33, Source: mediatest.Clock,
		})
		pictures := frameSequence(time.Hour, clip)
		if id == grows {
			var sizes [][][]byte
			for n := range 2 { // the second begins with a key frame
				sizes = append(sizes, mediatest.Encode(t, mediatest.Clip{
					Codec: codec, Width: 160 * (n + 1), Height: 90 * (n + 1), FPS: senderFPS, Frames: 16 * senderFPS,
					GOP: senderFPS, Source: mediatest.Clock,
				}))
			}
			pictures = frameSequence(4*time.Second, sizes...)
		}
		raw := testpeer.JoinRaw(t, s.server.URL, s.token, s.meeting, strings.ReplaceAll(id, " ", "-"))
		tracks := raw.Publish(
			nil,
			testpeer.RawSection{Kind: wire.Audio},
			testpeer.RawSection{Kind: wire.Video, Codecs: []string{codec}},
		)
		tracks[0].Send(beepAudio(t))
		tracks[1].Send(testpeer.SendOptions{Every: time.Second / senderFPS, Frame: pictures})
		for _, format := range formats {
			workers = append(workers, s.startWorker(t, order.Spec{
				Kind: job.Participant, Format: format, File: file(t, id+"."+string(format)),
				Sources: []job.Source{{ParticipantID: strings.ReplaceAll(id, " ", "-")}},
			}))
		}
	}
	for _, format := range []job.Format{job.WebM, job.MP4} {
		workers = append(workers, s.startWorker(t, order.Spec{
			Kind: job.Composite, Format: format, File: file(t, "composite."+string(format)),
			Config:  job.Config{Quality: job.Low},
			Sources: []job.Source{{ParticipantID: "VP8"}},
		}))
	}
	var files []string
	for _, w := range workers {
		w.waitRecorded(7 * time.Second)
		made := w.stop()
		last := made[len(made)-1]
		files = append(files, last.Path)
		if strings.HasPrefix(filepath.Base(last.Path), grows) {
			require.Len(t, made, 1, "one file has both sizes")
			require.Equal(t, [2]int{320, 180}, [2]int{last.Width, last.Height})
			require.ElementsMatch(t, []string{"160,90", "320,180"}, frameSizes(t, last.Path))
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n, err := strconv.Atoi(r.URL.Query().Get("file")); err == nil {
			http.ServeFile(w, r, files[n])
			return
		}
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(seekPage)) // a page that is gone needs none
	}))
	defer server.Close()
	page := testbrowser.Open(t).Page(t, server.URL)
	for n, path := range files {
		known := brightness(t, path)
		at := func(when float64) (y float64) {
			for _, g := range known {
				if g.at <= when {
					y = g.gray
				}
			}
			return y
		}
		var times, want []float64
		first, last := known[0].at+0.2, known[len(known)-1].at-0.3
		for when := last; when > first && len(times) < 9; when -= 0.37 { // back and forth, as people do
			if at(when-0.1) == at(when+0.1) || math.Abs(at(when-0.1)-at(when+0.1)) < 4 {
				times, want = append(times, when), append(want, (at(when)-16)*255/219)
			}
		}
		require.Greater(t, len(times), 4, path)
		script, err := json.Marshal([]any{times, [][2]float64{{0.27, 0.29}}})
		require.NoError(t, err)
		var got [][]float64
		page.Eval(fmt.Sprintf("seek(%q, ...%s)", "/?file="+strconv.Itoa(n), script), &got)
		for i := range times {
			require.InDelta(t, want[i], got[i][0], 8, "%s at %v s: %v", path, times[i], got)
		}
	}
}
