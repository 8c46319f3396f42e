package worker

import (
	"sync"
	"time"

	"github.com/klatch/klatch/internal/compose"
	"github.com/klatch/klatch/internal/picture"
)

// past is what the meeting looked like from the moment that is drawn until now. *mutex*: it is added to where the meeting is
// followed, and read where it is drawn.
type past struct {
	casting *compose.Casting // add's own

	mu   sync.Mutex // guards everything below
	list []sight    // by time
}

// sight is a view of the meeting from some moment on.
type sight struct {
	*view
	since time.Time
	cast  []compose.Shown // who will be on the canvas, as far as is known
}

func newPast(c compose.Config) *past {
	p := &past{casting: compose.NewCasting(c)}
	p.add(&view{}, time.Time{})
	return p
}

func (p *past) add(v *view, since time.Time) {
	unseen := func(*camera) (*picture.Picture, uint64) { return nil, 0 }
	s := sight{view: v, since: since, cast: p.casting.Choose(v.scene(unseen))}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, s)
}

// at gives the view of a moment, and the present one. What was before that moment is forgotten.
func (p *past) at(moment time.Time) (then, now sight) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for n+1 < len(p.list) && !p.list[n+1].since.After(moment) {
		n++
	}
	p.list = p.list[:copy(p.list, p.list[n:])]
	return p.list[0], p.list[len(p.list)-1]
}
