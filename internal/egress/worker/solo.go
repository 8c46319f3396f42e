package worker

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mix"
	klatch "github.com/klatch/klatch/sdk"
)

// solo is the maker of recordings of one participant, or of one of its streams: what was sent goes into files as it
// is, where the format takes it. A participant has one continuous file, with silence and black where nothing was
// sent; another begins only when its camera comes with another codec, or is turned: no file has pictures of two
// shapes, which players would stretch. A track has a file for each time it was on.
type solo struct {
	*worker
	room  *room
	black *darkroom
	pairs pairs
	lost  chan struct{} // closed when why is set

	watches *watches

	life    context.Context // of files; ends when finish has no more time for them
	cut     context.CancelFunc
	closing sync.WaitGroup // files that are brought to their end

	mu      sync.Mutex // guards everything below; not held while files are written
	why     error
	take    *take         // the file that is written now; nil: none
	count   int           // of files
	earlier time.Duration // what the files before it last
	done    map[int]job.File
}

// take is one file on its way.
type take struct {
	n     int
	reel  *reel
	sound bool
	codec string
	made  func() job.File
}

const (
	// maxFiles of a job, and how long each lasts at least: a sender that turns its camera all the time gets no more.
	maxFiles     = 200
	leastForFile = time.Second
	// shapes is by how much two pictures of one shape may differ: encoders round the sides of what they scale down.
	shapes = 0.03
	// refreshEvery is how often a key frame is wanted, so that players need not decode minutes of a file to seek in it.
	refreshEvery = 10 * time.Second
)

// holds reports whether a frame of that codec goes into the file. What is not known yet does.
func (t *take) holds(codec string, f depacket.Frame) bool {
	if t.codec != codec {
		return false
	}
	first := t.reel.size.Load()
	if first == nil || !f.Key {
		return true
	}
	was, is := float64(first.width)/float64(first.height), float64(f.Width)/float64(f.Height)
	return math.Abs(was-is) <= shapes*was && (f.Layers > 1) == (first.layers > 1)
}

func newSolo(ctx context.Context, w *worker, meeting *klatch.Meeting) (*solo, error) {
	s := &solo{worker: w, black: newDarkroom(w.spec.FFmpeg), lost: make(chan struct{}), watches: newWatches(w.missing), done: map[int]job.File{}}
	s.life, s.cut = context.WithCancel(context.Background())
	if w.spec.Format == "" {
		w.spec.Format = job.WebM
	}
	source := w.spec.Sources[0]
	if w.spec.Kind == job.Participant {
		codec, off := "VP8", true
		if p := meeting.Participant(source.ParticipantID); p != nil && p.Stream(klatch.Video) != nil {
			codec, off = p.Stream(klatch.Video).Codec(), false
		}
		if err := s.begin(ctx, true, codec, off); err != nil {
			return nil, err
		}
	}
	s.room = follow(meeting, w.spec.Sources, 0, s.open, nil)
	s.reports.send(order.Report{Report: order.ReportStarted}) // also of a track that is off: its file comes with it
	return s, nil
}

// path of the n-th file: the first as ordered, the second with -2 before its extension.
func (s *solo) path(n int) string {
	if n == 1 {
		return s.spec.File
	}
	extension := filepath.Ext(s.spec.File)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(s.spec.File, extension), n, extension)
}

// dirOf gives each playlist a directory of its own: the first the ordered one, the others one beneath it.
func (s *solo) dirOf(n int) (string, error) {
	if n == 1 {
		return s.spec.HLSDir, nil
	}
	dir := filepath.Join(s.spec.HLSDir, strconv.Itoa(n))
	return dir, os.Mkdir(dir, 0o750)
}

// begin starts the next file. The one before must have been retired.
func (s *solo) begin(ctx context.Context, sound bool, codec string, off bool) error {
	s.mu.Lock()
	s.count++
	n := s.count
	s.mu.Unlock()
	into, made, err := s.container(ctx, n, sound, codec)
	if err != nil {
		return err
	}
	t := &take{n: n, sound: sound, codec: codec, made: made, reel: newReel(sound, codec, off, s.black.black, into)}
	go func() {
		select {
		case <-t.reel.failed:
			s.fail(t.reel.err)
		case <-t.reel.done:
		}
	}()
	s.mu.Lock()
	s.take = t
	s.mu.Unlock()
	return nil
}

// container makes the n-th file, and says how to describe it when it is done.
func (s *solo) container(ctx context.Context, n int, sound bool, codec string) (container, func() job.File, error) {
	format := s.spec.Format
	if format == job.M3U8 {
		dir, err := s.dirOf(n)
		if err != nil {
			return nil, nil, err
		}
		list, err := newPlaylist(dir, func() { s.reports.send(order.Report{Report: order.ReportPlayable}) })
		if err != nil {
			return nil, nil, err
		}
		c, err := newConversion(ctx, s.spec.FFmpeg, format, sound, codec, list, nil)
		return c, only(list.files), err
	}
	path := s.path(n)
	if format == job.MP4 {
		file, err := newRecording(path)
		if err != nil {
			return nil, nil, err
		}
		c, err := newConversion(ctx, s.spec.FFmpeg, format, sound, codec, file, nil)
		return c, only(file.files), err
	}
	file, err := newFile(path)
	if err != nil {
		return nil, nil, err
	}
	describe := &measured{job.File{Path: path, Format: format}}
	convert := func(ctx context.Context) (container, func() job.File, error) {
		film := filmOn(file, path)
		c, err := newConversion(ctx, s.spec.FFmpeg, format, sound, codec, film, nil)
		return c, only(film.files), err
	}
	var c container
	made := describe.file
	switch {
	case format != job.WebM:
		if c, err = newConversion(ctx, s.spec.FFmpeg, format, sound, codec, nil, file); err == nil {
			c = describe.around(c)
		}
	case codec == "H264":
		c, made, err = convert(ctx)
	default:
		m := &matroska{out: &keeper{to: file}, sound: sound, codec: codec, index: true}
		flat := &unlessLayered{container: describe.around(m), made: describe.file, layered: convert}
		c, made = flat, func() job.File { return flat.made() }
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close(), os.Remove(path))
	}
	return c, made, nil
}

// unlessLayered is a container of pictures as they come, unless they come in several layers, which some players show
// all of.
type unlessLayered struct {
	container
	made    func() job.File
	layered func(context.Context) (container, func() job.File, error)
}

func (u *unlessLayered) open(first *block) error {
	if first != nil && first.layers > 1 {
		ctx, cancel := context.WithTimeout(context.Background(), finishTime)
		defer cancel()
		c, made, err := u.layered(ctx)
		if err != nil {
			return err
		}
		u.container, u.made = c, made
	}
	return u.container.open(first)
}

func only(files func() []job.File) func() job.File {
	return func() job.File {
		if list := files(); len(list) > 0 {
			return list[0]
		}
		return job.File{}
	}
}

// measured notes what goes into a container.
type measured struct{ made job.File }

func (m *measured) around(c container) container { return &measuring{container: c, to: m} }

func (m *measured) file() job.File {
	if info, err := os.Stat(m.made.Path); err == nil {
		m.made.Size = info.Size()
	}
	return m.made
}

type measuring struct {
	container
	to    *measured
	begun bool
	first time.Duration
}

func (m *measuring) open(first *block) error {
	if first != nil {
		m.to.made.Width, m.to.made.Height = first.width, first.height
	}
	return m.container.open(first)
}

func (m *measuring) write(b block) error {
	if !m.begun {
		m.begun, m.first = true, b.at // files count from their first block
	}
	m.to.made.DurationMs = max(m.to.made.DurationMs, (b.at + b.length - m.first).Milliseconds())
	return m.container.write(b)
}

// retire brings the present file to its end, while the next one may begin already: a machine that is busy has not
// coded the old one yet.
func (s *solo) retire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.take; t != nil {
		s.take = nil
		s.earlier += time.Since(t.reel.began)
		s.closing.Go(func() { s.fail(s.end(t)) })
	}
}

// end closes a file; what it made is known when closing is done.
func (s *solo) end(t *take) error {
	ctx, cancel := context.WithTimeout(s.life, finishTime)
	defer cancel()
	err := t.reel.close(ctx)
	made := t.made()
	if made.DurationMs > 0 {
		s.mu.Lock()
		s.done[t.n] = made
		s.mu.Unlock()
	} else if made.Path != "" {
		err = errors.Join(err, os.Remove(made.Path)) // nothing came
	}
	return err
}

func (s *solo) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why == nil && err != nil {
		s.why = err
		close(s.lost)
	}
}

// present is the file of this moment.
func (s *solo) present() *take {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.take
}

// open takes up a stream; the room calls it, one at a time.
func (s *solo) open(stream *klatch.Stream) track {
	kind := stream.Kind()
	if s.spec.Kind == job.Participant && kind != klatch.Audio && kind != klatch.Video {
		return unheard{}
	}
	sound, codec := kind == klatch.Audio || kind == klatch.ShareAudio, stream.Codec()
	ctx, cancel := context.WithTimeout(context.Background(), finishTime)
	defer cancel()
	switch {
	case s.spec.Kind == job.Track && sound:
		s.fail(s.begin(ctx, true, "", false))
	case s.spec.Kind == job.Track:
		s.fail(s.begin(ctx, false, codec, false))
	}
	f := &feed{solo: s, stream: stream, times: timeline{rate: opusRate}, lips: s.pairs.of(stream), watch: s.watches.add(stream)}
	if !sound {
		f.times.rate = videoRate
		f.frames = newPictures(stream, f.watch, f.picture)
	}
	f.undo = stream.OnSenderReport(f.report.hear)
	f.intake = openIntake(stream, f)
	return f
}

// feed brings one stream to the present file.
type feed struct {
	solo   *solo
	stream *klatch.Stream
	intake *intake
	watch  *watch
	report reported
	undo   func()

	// The intake's own.
	lips     *lips
	frames   *pictures // nil: sound
	times    timeline
	unsure   []placing // of which the timeline is not sure yet
	now      time.Time
	refresh  time.Time // when a key frame was last asked for, or came
	wantsKey bool      // frames were passed over
}

// placing waits for its place.
type placing struct {
	rtpTime uint32
	put     func(at time.Time)
}

// maxUnsure bounds what waits; the timeline is sure long before.
const maxUnsure = 256

// place gives the time of what has that RTP time to put, at once or with what comes next.
func (f *feed) place(rtpTime uint32, offset func(time.Duration), put func(at time.Time)) {
	f.unsure = append(f.unsure, placing{rtpTime, put})
	if _, sure := f.times.at(rtpTime, f.now); !sure && len(f.unsure) < maxUnsure {
		return
	}
	if d, ok := f.report.take(&f.times); ok {
		offset(d)
	}
	f.settle()
}

func (f *feed) settle() {
	for _, p := range f.unsure {
		p.put(f.times.where(p.rtpTime))
	}
	clear(f.unsure)
	f.unsure = f.unsure[:0]
}

func (f *feed) take(p jitter.Packet, now time.Time) {
	f.now = now
	if f.frames != nil {
		f.frames.push(p, now)
		return
	}
	if length := mix.PacketDuration(p.Payload); length > 0 {
		f.watch.good()
		f.place(p.Timestamp, f.lips.heard, func(at time.Time) {
			if t := f.solo.present(); t != nil && t.sound {
				t.reel.addSound(at, length, p.Payload)
			}
		})
	}
}

func (f *feed) picture(frame depacket.Frame) {
	if frame.Key {
		f.refresh = f.now
	}
	codec := f.frames.codec
	f.place(frame.RTPTime, f.lips.saw, func(at time.Time) { f.put(codec, frame, at) })
}

// put gives a frame to the file that holds it, which may have to be begun.
func (f *feed) put(codec string, frame depacket.Frame, at time.Time) {
	t := f.solo.present()
	if f.wantsKey && !frame.Key || t == nil {
		return
	}
	f.wantsKey = false
	if !t.holds(codec, frame) {
		if t = f.solo.another(t, codec, frame.Key); t == nil {
			f.passOver()
			return
		}
	}
	if !t.reel.addPicture(at, f.lips.lead(mostLead), frame) {
		f.passOver()
	}
}

// passOver drops the frames up to the next key frame, and asks for that.
func (f *feed) passOver() {
	f.wantsKey = true
	if f.now.Sub(f.refresh) > askAgain {
		f.refresh = f.now
		f.stream.RequestKeyFrame()
	}
}

// another begins the next file for pictures that the present one does not hold; nil when that cannot be now.
func (s *solo) another(t *take, codec string, key bool) *take {
	s.mu.Lock()
	full := s.count >= maxFiles
	s.mu.Unlock()
	empty := t.reel.size.Load() == nil
	switch {
	case !key:
		return nil
	case full && t.codec == codec:
		return t
	case full || !empty && time.Since(t.reel.began) < leastForFile:
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), finishTime)
	defer cancel()
	s.retire()
	if err := s.begin(ctx, t.sound, codec, false); err != nil {
		s.fail(err)
		return nil
	}
	return s.present()
}

// idle asks for key frames where they are needed and do not come by themselves.
func (f *feed) idle(now time.Time) time.Time {
	every := refreshEvery
	if f.solo.spec.Format == job.M3U8 {
		every = segment
	}
	if f.frames == nil || now.Sub(f.refresh) < every {
		return time.Time{}
	}
	f.refresh = now
	f.stream.RequestKeyFrame()
	return time.Time{}
}

// segment is how often a playlist wants a key frame.
const segment = 2 * time.Second

func (f *feed) close() {
	f.undo()
	f.intake.close()
	f.watch.close()
	f.settle()
	if f.solo.spec.Kind == job.Track {
		f.solo.retire()
		return
	}
	if t := f.solo.present(); t != nil && f.frames != nil {
		t.reel.switchOff()
	}
}

// run waits: the streams come by themselves.
func (s *solo) run(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-s.lost:
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.why
	}
}

func (s *solo) finish(ctx context.Context) error {
	defer s.cut()
	defer context.AfterFunc(ctx, s.cut)()
	s.room.close()
	s.retire()
	s.closing.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.why
}

func (s *solo) made() (started bool, saved time.Duration, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	saved = s.earlier
	if s.take != nil {
		saved += time.Since(s.take.reel.began)
	}
	for _, f := range s.done {
		bytes += f.Size
	}
	return true, saved, bytes
}

func (s *solo) files() []job.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []job.File
	for _, n := range slices.Sorted(maps.Keys(s.done)) {
		list = append(list, s.done[n])
	}
	return list
}
