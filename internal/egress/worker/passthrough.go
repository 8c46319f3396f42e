package worker

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/sdk"
)

// passthrough makes the recordings of one participant, or of one of its streams: what was sent goes into files as
// it is, where the format takes it. A participant has one continuous file, with silence and black where nothing was
// sent; another begins only when its camera comes with another codec, or is turned: no file has pictures of two shapes,
// which players would stretch. Pictures that are coded anew are scaled to one size, the largest of the first seconds;
// another file begins when they become much larger. A track has a file for each time it was on.
type passthrough struct {
	*worker
	subscriptions *subscriptions
	blackFrames   *blackFrames
	syncGroups    syncGroups
	failed        chan struct{} // closed when err is set

	monitor *mediaMonitor

	lifetime       context.Context // of files; ends when finish has no more time for them
	cancelLifetime context.CancelFunc
	closing        sync.WaitGroup // files that are brought to their end
	ending         atomic.Bool    // the job ends: a track that is closed now is not one that was switched off

	mu               sync.Mutex // guards everything below; not held while files are written
	err              error
	current          *segment      // the file that is written now; nil: none
	segmentCount     int           // of files
	finishedDuration time.Duration // what the files before it last
	madeFiles        map[int]job.File
}

const (
	// maxSegments of a job, and how long each lasts at least: a sender that turns its camera all the time gets no more.
	maxSegments        = 200
	minSegmentDuration = time.Second
	// aspectTolerance is by how much two pictures of one shape may differ: encoders round the sides of what they scale
	// down.
	aspectTolerance = 0.03
	// maxReduction is how many times wider than its file a picture may be.
	maxReduction = 1.5
	// keyFrameInterval is how often a key frame is wanted, so that players need not decode minutes of a file to seek in
	// it.
	keyFrameInterval = 10 * time.Second
)

func newPassthrough(ctx context.Context, w *worker, meeting *sdk.Meeting) (*passthrough, error) {
	s := &passthrough{
		worker:      w,
		blackFrames: newBlackFrames(w.spec.FFmpeg),
		failed:      make(chan struct{}),
		monitor:     newMediaMonitor(w.reportMissing, w.reports.cleared, w.fail),
		madeFiles:   map[int]job.File{},
	}
	s.lifetime, s.cancelLifetime = context.WithCancel(context.Background())
	if w.spec.Format == "" {
		w.spec.Format = job.WebM
	}
	source := w.spec.Sources[0]
	if w.spec.Kind == job.Participant {
		codec, off := "VP8", true
		if p := meeting.Participant(source.ParticipantID); p != nil && p.Stream(sdk.Video) != nil {
			codec, off = p.Stream(sdk.Video).Codec(), false
		}
		if err := s.beginSegment(ctx, true, codec, off); err != nil {
			return nil, err
		}
	}
	s.subscriptions = subscribe(meeting, w.fail, w.spec.Sources, 0, s.openTrack, nil)
	s.reports.send(order.Report{Report: order.ReportStarted}) // also of a track that is off: its file comes with it
	return s, nil
}

// openTrack begins to record a stream; subscriptions calls it, one at a time.
func (s *passthrough) openTrack(stream *sdk.Stream) track {
	kind := stream.Kind()
	if s.spec.Kind == job.Participant && kind != sdk.Audio && kind != sdk.Video {
		return unusedTrack{}
	}
	sound, codec := kind == sdk.Audio || kind == sdk.ShareAudio, stream.Codec()
	ctx, cancel := context.WithTimeout(context.Background(), finishTimeout)
	defer cancel()
	switch {
	case s.spec.Kind == job.Track && sound:
		s.fail(s.beginSegment(ctx, true, "", false))
	case s.spec.Kind == job.Track:
		s.fail(s.beginSegment(ctx, false, codec, false))
	}
	f := &trackFeed{
		passthrough: s,
		stream:      stream,
		times:       timeline{rate: opusRate},
		sync:        s.syncGroups.groupOf(stream),
		monitor:     s.monitor.add(stream),
	}
	if !sound {
		f.times.rate = videoRate
		f.assembler = newFrameAssembler(stream, f.monitor, f.handleFrame)
	}
	f.undo = stream.OnSenderReport(f.report.store)
	f.reorderer = startReorderer(stream, f, s.worker.fail)
	return f
}

// beginSegment starts the next file. The one before must have been finished.
func (s *passthrough) beginSegment(ctx context.Context, sound bool, codec string, off bool) error {
	s.mu.Lock()
	s.segmentCount++
	n := s.segmentCount
	s.mu.Unlock()
	into, made, err := s.container(ctx, n, sound, codec)
	if err != nil {
		return err
	}
	t := &segment{
		n:           n,
		sound:       sound,
		codec:       codec,
		describe:    made,
		interleaver: newInterleaver(sound, codec, off, s.blackFrames.frame, into, codedAnew(s.spec.Format, codec)),
	}
	go func() {
		select {
		case <-t.interleaver.failed:
			s.fail(t.interleaver.err)
		case <-t.interleaver.done:
		}
	}()
	s.mu.Lock()
	s.current = t
	s.mu.Unlock()
	return nil
}

// finishSegment brings the present file to its end, while the next one may begin already: a machine that is busy has
// not coded the old one yet.
func (s *passthrough) finishSegment() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.current; t != nil {
		s.current = nil
		s.finishedDuration += time.Since(t.interleaver.began)
		s.closing.Go(func() { s.fail(guard.Run("the end of a file", func() error { return s.closeSegment(t) })) })
	}
}

// closeSegment closes a file; what it made is known when closing is done.
func (s *passthrough) closeSegment(t *segment) error {
	ctx, cancel := context.WithTimeout(s.lifetime, finishTimeout)
	defer cancel()
	err := t.interleaver.close(ctx)
	made := t.describe()
	if made.DurationMs > 0 {
		s.mu.Lock()
		made.BeganAt = t.interleaver.began.UTC()
		s.madeFiles[t.n] = made
		s.mu.Unlock()
	} else if made.Path != "" {
		err = errors.Join(err, os.Remove(made.Path)) // nothing came
	}
	return err
}

func (s *passthrough) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil && err != nil {
		s.err = err
		close(s.failed)
	}
}

// currentSegment is the file of this moment.
func (s *passthrough) currentSegment() *segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

// nextSegment begins the next file for pictures that the present one does not hold; nil when that cannot be now.
func (s *passthrough) nextSegment(t *segment, codec string, key bool) *segment {
	s.mu.Lock()
	full := s.segmentCount >= maxSegments
	s.mu.Unlock()
	empty := t.interleaver.firstFrame.Load() == nil && t.firstKey == nil
	switch {
	case !key:
		return nil
	case full && t.codec == codec:
		return t
	case full || !empty && time.Since(t.interleaver.began) < minSegmentDuration:
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), finishTimeout)
	defer cancel()
	s.finishSegment()
	if err := s.beginSegment(ctx, t.sound, codec, false); err != nil {
		s.fail(err)
		return nil
	}
	return s.currentSegment()
}

// run waits: the streams come by themselves.
func (s *passthrough) run(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-s.failed:
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.err
	}
}

func (s *passthrough) finish(ctx context.Context) error {
	defer s.cancelLifetime()
	defer context.AfterFunc(ctx, s.cancelLifetime)()
	s.ending.Store(true)
	s.subscriptions.close()
	s.finishSegment()
	s.closing.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *passthrough) status() (started bool, saved time.Duration, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	saved = s.finishedDuration
	if s.current != nil {
		saved += time.Since(s.current.interleaver.began)
	}
	for _, f := range s.madeFiles {
		bytes += f.Size
	}
	return true, saved, bytes
}

func (s *passthrough) files() []job.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []job.File
	for _, n := range slices.Sorted(maps.Keys(s.madeFiles)) {
		list = append(list, s.madeFiles[n])
	}
	return list
}
