package worker

import (
	"sync"
	"time"

	"github.com/klatch/klatch/internal/compose"
	"github.com/klatch/klatch/internal/picture"
)

// history is what the meeting looked like from the moment that is drawn until now. *mutex*: it is added to where the
// meeting is followed, and read where it is drawn.
type history struct {
	selector *compose.Selector // add's own

	mu        sync.Mutex // guards everything below
	snapshots []snapshot // by time
}

// snapshot is a view of the meeting from one moment on.
type snapshot struct {
	*view
	since    time.Time
	selected []compose.Shown // who will be on the canvas, as far as is known
}

func newHistory(c compose.Config) *history {
	p := &history{selector: compose.NewSelector(c)}
	p.add(&view{}, time.Time{})
	return p
}

func (p *history) add(v *view, since time.Time) {
	unseen := func(*videoTrack) (*picture.Picture, uint64) { return nil, 0 }
	s := snapshot{view: v, since: since, selected: p.selector.Select(v.scene(unseen))}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.snapshots = append(p.snapshots, s)
}

// at returns the view of a moment, and the present one. What was before that moment is forgotten.
func (p *history) at(moment time.Time) (then, now snapshot) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for n+1 < len(p.snapshots) && !p.snapshots[n+1].since.After(moment) {
		n++
	}
	p.snapshots = p.snapshots[:copy(p.snapshots, p.snapshots[n:])]
	return p.snapshots[0], p.snapshots[len(p.snapshots)-1]
}
