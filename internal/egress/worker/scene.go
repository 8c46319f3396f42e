package worker

import (
	"slices"
	"time"

	"github.com/klatch/klatch/internal/compose"
	"github.com/klatch/klatch/internal/picture"
	"github.com/klatch/klatch/sdk"
)

// scene returns what the meeting looks like; show returns the picture of a video track.
func (v *view) scene(show func(*videoTrack) (*picture.Picture, uint64)) compose.Scene {
	s := compose.Scene{People: make([]compose.Person, 0, len(v.people)), Speaker: v.speaker}
	for i := range v.people {
		p := &v.people[i]
		who := compose.Person{
			ID: p.id, Name: p.name, Speaking: v.speaker == p.id,
			MicOn: p.tracks[sdk.Audio] != nil, Pinned: p.pin.Cam || p.pin.Share,
		}
		if c, ok := p.tracks[sdk.Video].(*videoTrack); ok {
			who.CameraOn = true
			who.Picture, who.Frame = show(c)
		}
		s.People = append(s.People, who)
		screen, ok := p.tracks[sdk.Share].(*videoTrack)
		if !ok || s.Share != nil && v.presenter != p.id {
			continue // one screen is shown: the presenter's, or the first that is there
		}
		s.Share = &compose.Share{ID: p.id, Name: p.name}
		s.Share.Picture, s.Share.Frame = show(screen)
	}
	return s
}

// firstPictures reports whether there is a picture of every camera and screen, and from which moment on; that is now
// where none is on.
func (v *view) firstPictures() (first time.Time, all bool) {
	all = true
	for i := range v.people {
		for _, kind := range []sdk.Kind{sdk.Video, sdk.Share} {
			if c, ok := v.people[i].tracks[kind].(*videoTrack); ok {
				at, ready := c.decoder.Next()
				all = all && ready
				if at.After(first) {
					first = at
				}
			}
		}
	}
	if first.IsZero() {
		first = time.Now()
	}
	return first, all
}

// setVisible marks the video tracks that are on the canvas, or will be. Those that are not are not decoded; when they
// come back it takes them a key frame.
func (v *view) setVisible(shown []compose.Shown) {
	on := func(id string, share bool) bool {
		return slices.ContainsFunc(shown, func(s compose.Shown) bool { return s.ID == id && s.Share == share })
	}
	for i := range v.people {
		p := &v.people[i]
		if c, ok := p.tracks[sdk.Video].(*videoTrack); ok {
			c.setVisible(on(p.id, false))
		}
		if c, ok := p.tracks[sdk.Share].(*videoTrack); ok {
			c.setVisible(on(p.id, true))
		}
	}
}
