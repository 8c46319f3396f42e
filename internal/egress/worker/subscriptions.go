package worker

import (
	"slices"
	"sync"

	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/sdk"
)

// track takes the packets of one stream from when it is opened until close, which waits for it.
type track interface{ close() }

// subscriptions keeps a track open for every stream that is to be recorded, and reports who is there. It belongs to the
// goroutine that calls the meeting's handlers.
type subscriptions struct {
	meeting   *sdk.Meeting
	sources   []job.Source // whom to take; none: everybody
	maxPeople int          // people taken when sources is empty; 0: all
	openTrack func(*sdk.Stream) track
	changed   func(*view) // called with who is there; may be nil

	mu     sync.Mutex // held for a whole refresh: guards everything below
	tracks map[*sdk.Stream]track
	closed bool
}

// view is who is in the meeting, as of the last event. It is never changed.
type view struct {
	people             []person // in the order of their joining
	speaker, presenter string
}

type person struct {
	id, name string
	pin      sdk.PinState
	tracks   map[sdk.Kind]track
}

// subscribe opens the tracks that are there and goes on with those that come.
func subscribe(
	m *sdk.Meeting,
	fail func(error),
	sources []job.Source,
	most int,
	open func(*sdk.Stream) track,
	changed func(*view),
) *subscriptions {
	r := &subscriptions{
		meeting:   m,
		sources:   sources,
		maxPeople: most,
		openTrack: open,
		changed:   changed,
		tracks:    map[*sdk.Stream]track{},
	}
	m.On(func(e sdk.Event) {
		defer guard.Recover("an event of the meeting", fail)
		switch e.(type) {
		case sdk.Message, sdk.ErrorEvent:
		default:
			r.update()
		}
	})
	r.update()
	return r
}

// update compares what is open with what is there. It goes by the present state, whatever the event was, so no order
// of events can leave a track behind.
func (r *subscriptions) update() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	next := &view{speaker: r.meeting.ActiveSpeakerID(), presenter: r.meeting.ActivePresenterID()}
	wanted := map[*sdk.Stream]bool{}
	var streams [][]*sdk.Stream // of each person
	for _, p := range r.meeting.Participants() {
		if p.Mode() != sdk.SendAndRecv || !r.wants(p.ID(), "") {
			continue // an onlooker has no place in the picture
		}
		if len(r.sources) == 0 && r.maxPeople > 0 && len(next.people) == r.maxPeople {
			break
		}
		next.people = append(
			next.people,
			person{id: p.ID(), name: p.DisplayName(), pin: p.PinState(), tracks: map[sdk.Kind]track{}},
		)
		list := slices.DeleteFunc(p.Streams(), func(s *sdk.Stream) bool { return !r.wants(p.ID(), s.Kind()) })
		for _, s := range list {
			wanted[s] = true
		}
		streams = append(streams, list)
	}
	for s, t := range r.tracks { // first: what ends may make room for what begins
		if !wanted[s] {
			t.close()
			delete(r.tracks, s)
		}
	}
	for i, list := range streams {
		for _, s := range list {
			if r.tracks[s] == nil {
				r.tracks[s] = r.openTrack(s)
			}
			next.people[i].tracks[s.Kind()] = r.tracks[s]
		}
	}
	if r.changed != nil {
		r.changed(next)
	}
}

// wants reports whether a stream is to be recorded; kind "" asks for the participant.
func (r *subscriptions) wants(id string, kind sdk.Kind) bool {
	return len(r.sources) == 0 || slices.ContainsFunc(r.sources, func(s job.Source) bool {
		return s.ParticipantID == id && (kind == "" || s.Kind == "" || sdk.Kind(s.Kind) == kind)
	})
}

// close closes all tracks; none is opened any more.
func (r *subscriptions) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for _, t := range r.tracks {
		t.close()
	}
	r.tracks = nil
}
