package meeting

import "slices"

// roster is a set of participants by id, in the order in which they came.
type roster struct {
	byID  map[string]*Participant
	order []*Participant
}

func (l *roster) get(id string) *Participant { return l.byID[id] }

func (l *roster) len() int { return len(l.order) }

func (l *roster) add(p *Participant) {
	if l.byID == nil {
		l.byID = map[string]*Participant{}
	}
	l.byID[p.id] = p
	l.order = append(l.order, p)
}

// remove takes p out; another participant under the same id stays.
func (l *roster) remove(p *Participant) {
	if l.byID[p.id] != p {
		return
	}
	delete(l.byID, p.id)
	l.order = slices.DeleteFunc(l.order, func(other *Participant) bool { return other == p })
}

// count returns how many fulfill a condition.
func (l *roster) count(is func(*Participant) bool) int {
	n := 0
	for _, p := range l.order {
		if is(p) {
			n++
		}
	}
	return n
}
