package worker

import (
	"github.com/klatch/klatch/internal/compose"
	klatch "github.com/klatch/klatch/sdk"
)

// scene is what the meeting looks like now.
func (v *view) scene() compose.Scene {
	s := compose.Scene{People: make([]compose.Person, 0, len(v.people)), Speaker: v.speaker}
	for i := range v.people {
		p := &v.people[i]
		who := compose.Person{
			ID: p.id, Name: p.name, Speaking: v.speaker == p.id,
			MicOn: p.tracks[klatch.Audio] != nil, Pinned: p.pin.Cam || p.pin.Share,
		}
		if c, ok := p.tracks[klatch.Video].(*camera); ok {
			who.CameraOn = true
			who.Picture, who.Frame = c.latest()
		}
		s.People = append(s.People, who)
		screen, ok := p.tracks[klatch.Share].(*camera)
		if !ok || s.Share != nil && v.presenter != p.id {
			continue // one screen is shown: the presenter's, or the first that is there
		}
		s.Share = &compose.Share{ID: p.id, Name: p.name}
		s.Share.Picture, s.Share.Frame = screen.latest()
	}
	return s
}
