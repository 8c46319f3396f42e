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
