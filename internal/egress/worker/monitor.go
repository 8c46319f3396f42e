package worker

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/sdk"
)

const (
	// mediaTimeout is how long nothing usable may come of a stream that is on; lookEvery is how often that is looked
	// at.
	mediaTimeout  = 4400 * time.Millisecond
	checkInterval = 250 * time.Millisecond
)

// Seen is what came of a stream whose picture or sound is missing; the values are those of the fault's details.
const (
	seenNothing    = "NO_PACKETS"
	seenNoKeyFrame = "NO_KEY_FRAME"
	seenNoSound    = "NO_SOUND"
	seenTooLarge   = "TOO_LARGE"
	seenNobody     = "NOBODY" // of no stream at all
)

// mediaMonitor watches the streams that are recorded, and reports each that has no usable picture or sound. *mutex*
type mediaMonitor struct {
	report  func(w *streamMonitor, seen, problem string) *fault.Error
	cleared func(*fault.Error)
	fail    func(error)

	mu      sync.Mutex // guards everything below
	streams map[*streamMonitor]struct{}
	quit    chan struct{} // nil: nothing is looked at
	done    sync.WaitGroup
}

// streamMonitor looks after one stream. What the goroutine of its packets says is atomic.
type streamMonitor struct {
	monitor *mediaMonitor
	stream  *sdk.Stream
	undo    func()
	opened  time.Time

	packets  atomic.Int64 // since something was usable
	packetAt atomic.Int64 // ns of Unix time; 0: never
	usableAt atomic.Int64

	reported *fault.Error // lasts; guarded by monitor.mu
}

func newMediaMonitor(
	report func(w *streamMonitor, seen, problem string) *fault.Error,
	cleared func(*fault.Error),
	fail func(error),
) *mediaMonitor {
	return &mediaMonitor{report: report, cleared: cleared, fail: fail, streams: map[*streamMonitor]struct{}{}}
}

// add begins to look after a stream.
func (s *mediaMonitor) add(stream *sdk.Stream) *streamMonitor {
	w := &streamMonitor{monitor: s, stream: stream, opened: time.Now()}
	w.undo = stream.OnRTP(func(*rtp.Packet) {
		w.packets.Add(1)
		w.packetAt.Store(time.Now().UnixNano())
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams[w] = struct{}{}
	if s.quit == nil {
		s.quit = make(chan struct{})
		quit := s.quit
		s.done.Go(func() { s.run(quit) })
	}
	return w
}

// usable must be called when a picture or sound came that can be used.
func (w *streamMonitor) usable() {
	w.packets.Store(0)
	w.usableAt.Store(time.Now().UnixNano())
}

// close ends the watch: the stream is off.
func (w *streamMonitor) close() {
	w.undo()
	s := w.monitor
	s.mu.Lock()
	delete(s.streams, w)
	w.over() // it is off, or its participant has left
	quit := s.quit
	if len(s.streams) > 0 {
		quit = nil
	} else {
		s.quit = nil
	}
	s.mu.Unlock()
	if quit != nil {
		close(quit)
		s.done.Wait()
	}
}

// over reports that a stream is no longer missing, if it was. monitor.mu is held.
func (w *streamMonitor) over() {
	if w.reported != nil {
		w.monitor.cleared(w.reported)
		w.reported = nil
	}
}

func (s *mediaMonitor) run(quit chan struct{}) {
	defer guard.Recover("the monitor of the streams", s.fail)
	ticker := time.NewTicker(checkInterval)
	defer ticker.Stop()
	for {
		select {
		case <-quit:
			return
		case now := <-ticker.C:
			s.checkAll(now)
		}
	}
}

func (s *mediaMonitor) checkAll(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for w := range s.streams {
		if seen, problem := w.check(now); seen != "" {
			w.reported = s.report(w, seen, problem)
		}
	}
}

// check returns what is missing, once until it has come again.
func (w *streamMonitor) check(now time.Time) (seen, problem string) {
	packetAt, goodAt := w.packetAt.Load(), w.usableAt.Load()
	since := w.opened
	if goodAt > 0 {
		since = time.Unix(0, goodAt)
	}
	missing := now.Sub(since)
	if missing < mediaTimeout {
		w.over()
		return "", ""
	}
	silent := packetAt == 0 || now.Sub(time.Unix(0, packetAt)) >= mediaTimeout
	shared := w.stream.Kind() == sdk.Share || w.stream.Kind() == sdk.ShareAudio
	if w.reported != nil || silent && shared && (goodAt > 0 || w.stream.Kind() == sdk.ShareAudio) {
		return "", "" // a screen on which nothing moves sends nothing, and one that is silent no sound
	}
	ms := missing.Milliseconds()
	switch {
	case silent:
		cause := "its publisher sends none, or they are lost on the way"
		if k := w.stream.Kind(); k == sdk.Video || k == sdk.Share {
			cause += ", or sends no key frame with its parameter sets, before which nothing is passed on"
		}
		return seenNothing, fmt.Sprintf("It is on, and no packet of it has come for %d ms: %s.", ms, cause)
	case w.stream.Kind() == sdk.Audio || w.stream.Kind() == sdk.ShareAudio:
		return seenNoSound, fmt.Sprintf("%d packets of it came in %d ms, and none of them is Opus.", w.packets.Load(), ms)
	}
	return seenNoKeyFrame, fmt.Sprintf(
		"%d packets of it came in %d ms, and no picture to begin with: no whole key frame with its parameter sets, "+
			"although it was asked for.",
		w.packets.Load(),
		ms,
	)
}
