package compose

import "slices"

// cast chooses who is seen: at most one on the stage, which is the large place, and the others
// in the house. Nobody changes place because of who speaks, but for the one
// who must make room and, in SIDEBAR, the one who is large.
type cast struct {
	share bool // on the stage
	stage *Person
	house []*Person
}

// Casting says who of a scene has a place on the canvas. It remembers who spoke last, so give it every scene in turn. Not safe for
// concurrent use.
type Casting struct {
	config  Config
	speaker string
}

// NewCasting returns a casting that nobody spoke in yet.
func NewCasting(c Config) *Casting {
	if c.GridSize <= 0 || c.GridSize > MaxGridSize {
		c.GridSize = MaxGridSize
	}
	if c.Priority != Pin {
		c.Priority = Speaker
	}
	return &Casting{config: c}
}

// Choose lists whose pictures a compositor shows of that scene. How large, it says itself, when it draws.
func (c *Casting) Choose(scene Scene) (list []Shown) {
	seen := c.choose(scene)
	if seen.share {
		list = append(list, Shown{ID: scene.Share.ID, Share: true})
	}
	if seen.stage != nil {
		list = append(list, Shown{ID: seen.stage.ID})
	}
	for _, p := range seen.house {
		list = append(list, Shown{ID: p.ID})
	}
	return list
}

func (c *Casting) choose(scene Scene) cast {
	scene.Speaker = c.lastSpeaker(scene)
	return choose(c.config, scene)
}

// lastSpeaker is who speaks, or spoke last and is still here: a pause must not move anybody.
func (c *Casting) lastSpeaker(scene Scene) string {
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

func choose(c Config, scene Scene) cast {
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
			return cast{share: true}
		}
		if len(pinned) == 0 {
			if speaker == nil && len(others) > 0 {
				speaker = others[0]
			}
			return cast{house: c.admit(nil, speaker)}
		}
		if c.Priority == Pin {
			speaker = nil
		}
		return cast{house: c.admit(pinned, speaker)}

	case Sidebar:
		people := pinned
		if len(people) == 0 {
			people = others
		} else if c.Priority == Pin {
			speaker = nil
		}
		if share {
			return cast{share: true, house: c.admit(people, speaker)}
		}
		people = c.admit(people, speaker)
		if len(people) == 0 {
			return cast{}
		}
		large := max(0, slices.Index(people, speaker))
		stage := people[large]
		return cast{stage: stage, house: slices.Delete(people, large, large+1)}

	default:
		return cast{share: share, house: c.admit(append(pinned, others...), speaker)}
	}
}

// admit is the people who have a place, in their order, the speaker among them: in a place left
// over, or in that of the last one whom the speaker outranks.
func (c Config) admit(people []*Person, speaker *Person) []*Person {
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
