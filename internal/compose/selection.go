package compose

import "slices"

// selection chooses who is seen: at most one on the main, which is the large place, and the others
// in the others. Nobody changes place because of who speaks, but for the one
// who must make room and, in SIDEBAR, the one who is large.
type selection struct {
	share bool // on the main
	main  *Person
	tiles []*Person
}

// Selector chooses who of a scene has a place on the canvas. It remembers who spoke last, so give it every scene in
// turn. Not safe for concurrent use.
type Selector struct {
	config  Config
	speaker string
}

// NewSelector returns a selector to which nobody has spoken yet.
func NewSelector(c Config) *Selector {
	if c.GridSize <= 0 || c.GridSize > MaxGridSize {
		c.GridSize = MaxGridSize
	}
	if c.Priority != Pin {
		c.Priority = Speaker
	}
	return &Selector{config: c}
}

// Select lists whose pictures a compositor shows of that scene. How large, it says itself, when it draws.
func (c *Selector) Select(scene Scene) (list []Shown) {
	seen := c.selectPeople(scene)
	if seen.share {
		list = append(list, Shown{ID: scene.Share.ID, Share: true})
	}
	if seen.main != nil {
		list = append(list, Shown{ID: seen.main.ID})
	}
	for _, p := range seen.tiles {
		list = append(list, Shown{ID: p.ID})
	}
	return list
}

func (c *Selector) selectPeople(scene Scene) selection {
	scene.Speaker = c.lastSpeaker(scene)
	return selectPeople(c.config, scene)
}

// lastSpeaker is who speaks, or spoke last and is still here: a pause must not move anybody.
func (c *Selector) lastSpeaker(scene Scene) string {
	here := func(id string) bool {
		return id != "" && slices.ContainsFunc(scene.People, func(p Person) bool { return p.ID == id })
	}
	if here(scene.Speaker) {
		c.speaker = scene.Speaker
	} else if !here(c.speaker) {
		c.speaker = ""
	}
	return c.speaker
}

func selectPeople(c Config, scene Scene) selection {
	var pinned, others []*Person
	var speaker *Person
	for i := range scene.People {
		p := &scene.People[i]
		if p.Pinned {
			pinned = append(pinned, p)
		} else {
			others = append(others, p)
		}
		if p.ID == scene.Speaker {
			speaker = p
		}
	}
	share := scene.Share != nil

	switch c.Layout {
	case Spotlight:
		if share {
			return selection{share: true}
		}
		if len(pinned) == 0 {
			if speaker == nil && len(others) > 0 {
				speaker = others[0]
			}
			return selection{tiles: c.limitPeople(nil, speaker)}
		}
		if c.Priority == Pin {
			speaker = nil
		}
		return selection{tiles: c.limitPeople(pinned, speaker)}

	case Sidebar:
		people := pinned
		if len(people) == 0 {
			people = others
		} else if c.Priority == Pin {
			speaker = nil
		}
		if share {
			return selection{share: true, tiles: c.limitPeople(people, speaker)}
		}
		people = c.limitPeople(people, speaker)
		if len(people) == 0 {
			return selection{}
		}
		large := max(0, slices.Index(people, speaker))
		main := people[large]
		return selection{main: main, tiles: slices.Delete(people, large, large+1)}

	default:
		return selection{share: share, tiles: c.limitPeople(append(pinned, others...), speaker)}
	}
}

// limitPeople is the people who have a place, in their order, the speaker among them: in a place left
// over, or in that of the last one whom the speaker outranks.
func (c Config) limitPeople(people []*Person, speaker *Person) []*Person {
	seen := slices.Clone(people[:min(len(people), c.GridSize)])
	if speaker == nil || slices.Contains(seen, speaker) {
		return seen
	}
	if len(seen) < c.GridSize {
		return append(seen, speaker)
	}
	if last := seen[len(seen)-1]; c.Priority == Speaker || !last.Pinned {
		seen[len(seen)-1] = speaker
	}
	return seen
}
