package hls

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
)

// pollInterval is how often somebody looks whether the worker, another process, has put a new playlist in place. The
// system could tell (inotify), but only Linux, and not of every file system; a look is one system call for a stream
// that somebody waits for.
const pollInterval = 20 * time.Millisecond

// watchers are the requests that wait for more of a stream, and the polling for them: one goroutine for each stream
// that somebody waits for. Close ends them all.
type watchers struct {
	open       func(name string) (*os.File, error)
	stat       func(name string) (os.FileInfo, error)
	lifetime   context.Context
	cancel     context.CancelFunc
	running    sync.WaitGroup
	drainFault func() *fault.Error // one for all whom life's end meets

	limit  int // of requests that wait for one stream; one more is refused
	report func(context.Context, *fault.Error)

	mu    sync.Mutex // guards everything below
	byDir map[string]*watcher
}

// watcher polls the playlists of one stream. Loop: run writes what all who wait read.
type watcher struct {
	dir     string
	callers int           // guarded by watchers.mu
	waiting int           // of them, for more than the first look; guarded by watchers.mu
	done    chan struct{} // closed when there are no callers any more
	wake    chan struct{} // of one place: there is a playlist more to look at

	mu        sync.Mutex // guards everything below
	requested map[string]int
	states    map[string]playlistState
	failed    *fault.Error                            // run has panicked: all who wait get this
	changed   chan struct{}                           // closed when states has changed, and replaced
	lateFault func(waited time.Duration) *fault.Error // that nothing has, one for all who waited since then
}

// playlistState is how a playlist was found: a list, or why there is none.
type playlistState struct {
	list *parsedPlaylist
	err  error
	info os.FileInfo
}

func newWatchers(open func(string) (*os.File, error), stat func(string) (os.FileInfo, error)) *watchers {
	l := &watchers{
		open:   open,
		stat:   stat,
		limit:  defaultWaiting,
		byDir:  map[string]*watcher{},
		report: func(context.Context, *fault.Error) {},
	}
	l.lifetime, l.cancel = context.WithCancel(context.Background())
	l.drainFault = sync.OnceValue(func() *fault.Error {
		f := fault.ServerUnavailableDraining()
		l.report(context.Background(), f)
		return f
	})
	return l
}

// drain sends away everybody who waits.
func (l *watchers) drain() {
	l.mu.Lock() // so that nobody begins to look afterwards
	defer l.mu.Unlock()
	l.cancel()
}

func (l *watchers) close() {
	l.drain()
	l.running.Wait()
}

// await returns a playlist as soon as enough reports that it has what is asked for, or why it cannot have it. Until
// then it waits, at most three target durations. The error is ctx's, a fault, or that of reading the playlist.
func (l *watchers) await(
	ctx context.Context,
	dir, name string,
	enough func(*parsedPlaylist) (bool, *fault.Error),
) (*parsedPlaylist, error) {
	o := l.acquire(dir, name)
	if o == nil {
		return nil, l.drainFault()
	}
	waits := false
	defer func() { l.release(o, name, waits) }()
	var timeout time.Duration
	var over <-chan time.Time
	for {
		now, changed := o.state(name)
		if now.err != nil {
			return nil, now.err
		}
		if now.list != nil {
			if yes, f := enough(now.list); yes || f != nil {
				return now.list, orNil(f)
			}
			if !waits {
				if waits = l.takeWaitingSlot(o); !waits {
					return nil, fault.RateLimitedHLSWaiting(l.limit).RetryAfter(time.Second)
				}
				timeout = longestWait * now.list.target
				timer := time.NewTimer(timeout)
				defer timer.Stop()
				over = timer.C
			}
		}
		select {
		case <-changed:
		case <-over:
			return nil, l.lateFault(o, timeout)
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-l.lifetime.Done():
			return nil, l.drainFault()
		}
	}
}

// orNil keeps a nil fault a nil error.
func orNil(f *fault.Error) error {
	if f == nil {
		return nil
	}
	return f
}

// acquire begins to look for a caller, or goes on to; nil: it is over with that.
func (l *watchers) acquire(dir, name string) *watcher {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lifetime.Err() != nil {
		return nil
	}
	o := l.byDir[dir]
	if o == nil {
		o = &watcher{
			dir:       dir,
			done:      make(chan struct{}),
			wake:      make(chan struct{}, 1),
			requested: map[string]int{},
			states:    map[string]playlistState{},
		}
		o.resetLocked(l)
		l.byDir[dir] = o
		l.running.Go(func() {
			if err := guard.Do("the watch of a playlist", func() { o.run(l) }); err != nil {
				l.fail(o, err)
			}
		})
	}
	o.callers++
	o.mu.Lock()
	defer o.mu.Unlock()
	o.requested[name]++
	if o.requested[name] == 1 {
		select {
		case o.wake <- struct{}{}:
		default: // it will look anyhow
		}
	}
	return o
}

// takeWaitingSlot takes a place to wait in and reports whether there was one left.
func (l *watchers) takeWaitingSlot(o *watcher) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o.waiting >= l.limit {
		return false
	}
	o.waiting++
	return true
}

func (l *watchers) release(o *watcher, name string, waited bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	o.callers--
	if waited {
		o.waiting--
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.requested[name]--
	if o.requested[name] == 0 {
		delete(o.requested, name)
		delete(o.states, name) // it would be an old one
	}
	if o.callers == 0 {
		close(o.done)
		if l.byDir[o.dir] == o {
			delete(l.byDir, o.dir)
		}
	}
}

// lateFault is one fault for all who wait for the same: it has one cause.
func (l *watchers) lateFault(o *watcher, waited time.Duration) *fault.Error {
	o.mu.Lock()
	late := o.lateFault
	o.mu.Unlock()
	return late(waited)
}

// state returns a playlist as it was read last, neither list nor error before that; changed is closed when there is
// something newer.
func (o *watcher) state(name string) (playlistState, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed != nil {
		return playlistState{err: o.failed}, o.changed
	}
	return o.states[name], o.changed
}

// fail answers everybody who waits for the stream of a watcher that has panicked. Who comes later gets another watcher.
func (l *watchers) fail(o *watcher, err error) {
	f := fault.From(err)
	l.report(context.Background(), f)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byDir[o.dir] == o {
		delete(l.byDir, o.dir)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failed = f
	close(o.changed)
	o.resetLocked(l)
}

// run polls, at once and then at each interval, until nobody waits.
func (o *watcher) run(l *watchers) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		o.poll(l)
		select {
		case <-ticker.C:
		case <-o.wake:
		case <-o.done:
			return
		case <-l.lifetime.Done():
			return
		}
	}
}

// poll reads the playlists that have changed and that somebody waits for, and wakes everybody.
func (o *watcher) poll(l *watchers) {
	o.mu.Lock()
	before := map[string]playlistState{}
	for name := range o.requested {
		before[name] = o.states[name]
	}
	o.mu.Unlock()
	after := map[string]playlistState{}
	for name, old := range before {
		if s, changed := l.readIfChanged(path.Join(o.dir, name), old); changed {
			after[name] = s
		}
	}
	if len(after) == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for name, s := range after {
		if o.requested[name] > 0 {
			o.states[name] = s
		}
	}
	close(o.changed)
	o.resetLocked(l)
}

func (o *watcher) resetLocked(l *watchers) {
	o.changed = make(chan struct{})
	var once sync.Once
	var f *fault.Error
	o.lateFault = func(waited time.Duration) *fault.Error {
		once.Do(func() {
			f = fault.ServerUnavailableHLSLate(o.dir, waited).RetryAfter(time.Second)
			l.report(context.Background(), f)
		})
		return f
	}
}

// readIfChanged reads one playlist if it has been replaced. A new one is another file.
func (l *watchers) readIfChanged(name string, old playlistState) (playlistState, bool) {
	info, err := l.stat(name)
	switch {
	case err == nil && old.info != nil && os.SameFile(info, old.info) && info.ModTime().Equal(old.info.ModTime()) &&
		info.Size() == old.info.Size():
		return old, false
	case err != nil:
		return playlistState{err: err}, old.err == nil
	}
	file, err := l.open(name)
	if err != nil {
		return playlistState{err: err}, true
	}
	defer func() { _ = file.Close() }() // only read
	s := playlistState{}
	var text bytes.Buffer
	if s.info, s.err = file.Stat(); s.err == nil {
		_, s.err = io.Copy(&text, file)
	}
	if s.err == nil {
		s.list, s.err = parse(text.Bytes())
	}
	if s.err != nil && !errors.Is(s.err, errForeignPlaylist) {
		s.info = nil // so that it is tried again
	}
	return s, true
}
