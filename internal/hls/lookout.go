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
)

// lookEvery is how often somebody looks whether the worker, another process, has put a new playlist in place. The system could tell
// (inotify), but only Linux, and not of every file system; a look is one system call for a stream that somebody waits for.
const lookEvery = 20 * time.Millisecond

// lookouts are the requests that wait for more of a stream, and the looking for them: one goroutine for each stream that
// somebody waits for. Close ends them all.
type lookouts struct {
	open    func(name string) (*os.File, error)
	stat    func(name string) (os.FileInfo, error)
	life    context.Context
	end     context.CancelFunc
	running sync.WaitGroup
	ended   func() *fault.Error // one for all whom life's end meets

	limit  int // of requests that wait for one stream; one more is refused
	report func(context.Context, *fault.Error)

	mu    sync.Mutex // guards everything below
	byDir map[string]*lookout
}

// lookout looks at the playlists of one stream. Loop: run writes what all who wait read.
type lookout struct {
	dir     string
	callers int           // guarded by lookouts.mu
	waiting int           // of them, for more than the first look; guarded by lookouts.mu
	done    chan struct{} // closed when there are no callers any more
	look    chan struct{} // of one place: there is a playlist more to look at

	mu      sync.Mutex // guards everything below
	asked   map[string]int
	seen    map[string]sight
	changed chan struct{}                           // closed when seen has changed, and replaced
	late    func(waited time.Duration) *fault.Error // that nothing has, one for all who waited since then
}

// sight is how a playlist was found: a list, or why there is none.
type sight struct {
	list *list
	err  error
	info os.FileInfo
}

func newLookouts(open func(string) (*os.File, error), stat func(string) (os.FileInfo, error)) *lookouts {
	l := &lookouts{open: open, stat: stat, limit: defaultWaiting, byDir: map[string]*lookout{}, report: func(context.Context, *fault.Error) {}}
	l.life, l.end = context.WithCancel(context.Background())
	l.ended = sync.OnceValue(func() *fault.Error {
		f := fault.ServerUnavailableDraining()
		l.report(context.Background(), f)
		return f
	})
	return l
}

// drain sends away everybody who waits.
func (l *lookouts) drain() {
	l.mu.Lock() // so that nobody begins to look afterwards
	defer l.mu.Unlock()
	l.end()
}

func (l *lookouts) close() {
	l.drain()
	l.running.Wait()
}

// await gives a playlist as soon as enough says that it has what is asked for, or why it cannot have it. Until then it waits, at most
// three target durations. The error is ctx's, a fault, or that of reading the playlist.
func (l *lookouts) await(ctx context.Context, dir, name string, enough func(*list) (bool, *fault.Error)) (*list, error) {
	o := l.join(dir, name)
	if o == nil {
		return nil, l.ended()
	}
	waits := false
	defer func() { l.leave(o, name, waits) }()
	var patience time.Duration
	var over <-chan time.Time
	for {
		now, changed := o.now(name)
		if now.err != nil {
			return nil, now.err
		}
		if now.list != nil {
			if yes, f := enough(now.list); yes || f != nil {
				return now.list, orNil(f)
			}
			if !waits {
				if waits = l.sit(o); !waits {
					return nil, fault.RateLimitedHLSWaiting(l.limit).RetryAfter(time.Second)
				}
				patience = longestWait * now.list.target
				timer := time.NewTimer(patience)
				defer timer.Stop()
				over = timer.C
			}
		}
		select {
		case <-changed:
		case <-over:
			return nil, l.tooLate(o, patience)
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-l.life.Done():
			return nil, l.ended()
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

// join begins to look for a caller, or goes on to; nil: it is over with that.
func (l *lookouts) join(dir, name string) *lookout {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.life.Err() != nil {
		return nil
	}
	o := l.byDir[dir]
	if o == nil {
		o = &lookout{dir: dir, done: make(chan struct{}), look: make(chan struct{}, 1), asked: map[string]int{}, seen: map[string]sight{}}
		o.renewLocked(l)
		l.byDir[dir] = o
		l.running.Go(func() { o.run(l) })
	}
	o.callers++
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked[name]++
	if o.asked[name] == 1 {
		select {
		case o.look <- struct{}{}:
		default: // it will look anyhow
		}
	}
	return o
}

// sit says whether there is a place left to wait in.
func (l *lookouts) sit(o *lookout) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o.waiting >= l.limit {
		return false
	}
	o.waiting++
	return true
}

func (l *lookouts) leave(o *lookout, name string, waited bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	o.callers--
	if waited {
		o.waiting--
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked[name]--
	if o.asked[name] == 0 {
		delete(o.asked, name)
		delete(o.seen, name) // it would be an old one
	}
	if o.callers == 0 {
		close(o.done)
		delete(l.byDir, o.dir)
	}
}

// tooLate is one fault for all who wait for the same: it has one cause.
func (l *lookouts) tooLate(o *lookout, waited time.Duration) *fault.Error {
	o.mu.Lock()
	late := o.late
	o.mu.Unlock()
	return late(waited)
}

// now gives a playlist as it was seen last, neither list nor error before that; changed is closed when there is something newer.
func (o *lookout) now(name string) (sight, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.seen[name], o.changed
}

// run looks, at once and then again and again, until nobody waits.
func (o *lookout) run(l *lookouts) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		o.lookAround(l)
		select {
		case <-ticker.C:
		case <-o.look:
		case <-o.done:
			return
		case <-l.life.Done():
			return
		}
	}
}

// lookAround reads what has changed of the playlists that somebody waits for, and wakes everybody.
func (o *lookout) lookAround(l *lookouts) {
	o.mu.Lock()
	before := map[string]sight{}
	for name := range o.asked {
		before[name] = o.seen[name]
	}
	o.mu.Unlock()
	after := map[string]sight{}
	for name, old := range before {
		if s, changed := l.see(path.Join(o.dir, name), old); changed {
			after[name] = s
		}
	}
	if len(after) == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for name, s := range after {
		if o.asked[name] > 0 {
			o.seen[name] = s
		}
	}
	close(o.changed)
	o.renewLocked(l)
}

func (o *lookout) renewLocked(l *lookouts) {
	o.changed = make(chan struct{})
	var once sync.Once
	var f *fault.Error
	o.late = func(waited time.Duration) *fault.Error {
		once.Do(func() {
			f = fault.ServerUnavailableHLSLate(o.dir, waited).RetryAfter(time.Second)
			l.report(context.Background(), f)
		})
		return f
	}
}

// see looks at one playlist. A new one is another file.
func (l *lookouts) see(name string, old sight) (sight, bool) {
	info, err := l.stat(name)
	switch {
	case err == nil && old.info != nil && os.SameFile(info, old.info) && info.ModTime().Equal(old.info.ModTime()) && info.Size() == old.info.Size():
		return old, false
	case err != nil:
		return sight{err: err}, old.err == nil
	}
	file, err := l.open(name)
	if err != nil {
		return sight{err: err}, true
	}
	defer func() { _ = file.Close() }() // only read
	s := sight{}
	var text bytes.Buffer
	if s.info, s.err = file.Stat(); s.err == nil {
		_, s.err = io.Copy(&text, file)
	}
	if s.err == nil {
		s.list, s.err = parse(text.Bytes())
	}
	if s.err != nil && !errors.Is(s.err, errNotOurs) {
		s.info = nil // so that it is tried again
	}
	return s, true
}
