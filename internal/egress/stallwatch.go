package egress

import (
	"errors"
	"io"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// stallWatch calls a function when nothing has been written for a time. The function runs once, on a goroutine of its
// own.
type stallWatch struct {
	after   time.Duration
	timer   *time.Timer
	expired atomic.Bool
}

func newStallWatch(after time.Duration, expire func()) *stallWatch {
	w := &stallWatch{after: after}
	w.timer = time.AfterFunc(after, func() {
		w.expired.Store(true)
		expire()
	})
	return w
}

func (w *stallWatch) seen()         { w.timer.Reset(w.after) }
func (w *stallWatch) stop()         { w.timer.Stop() }
func (w *stallWatch) stalled() bool { return w.expired.Load() }

// writer returns a writer whose every write is seen.
func (w *stallWatch) writer(to io.Writer) io.Writer { return watchedWriter{to, w} }

type watchedWriter struct {
	io.Writer
	watch *stallWatch
}

func (w watchedWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if err == nil && !w.watch.stalled() {
		w.watch.seen()
	}
	return n, err
}

// isBrokenPipe reports whether a write failed because nobody reads any more.
func isBrokenPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed)
}
