package house

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sync"
	"testing"
)

// Told records who of a test was told of which fault, by its id: sockets, REST calls and webhook endpoints of this package
// note it by themselves, the SDK clients and pages of a test through Heard and Answered. Safe for concurrent use.
type Told struct {
	mu     sync.Mutex // guards faults
	faults map[string]*roads
}

// roads are the ways on which one fault has come.
type roads struct {
	answered, refused, posted, toldOperator bool
	hearers                                 map[string]bool // of the event
	overheard                               bool            // by the error event of a raw socket, whose own call it does not answer
}

var (
	toldMu  sync.Mutex // guards toldOf and openOf
	toldOf  = map[string]*Told{}
	openOf  = map[string][]*House{}
	faultID = regexp.MustCompile(`flt_[0-9A-HJKMNP-TV-Z]{26}`)
)

// ToldIn returns the record of a test.
func ToldIn(t testing.TB) *Told {
	toldMu.Lock()
	defer toldMu.Unlock()
	name := t.Name()
	if toldOf[name] == nil {
		toldOf[name] = &Told{faults: map[string]*roads{}}
		t.Cleanup(func() {
			toldMu.Lock()
			defer toldMu.Unlock()
			delete(toldOf, name)
			delete(openOf, name)
		})
	}
	return toldOf[name]
}

// OpenedBy returns the servers that a test has started.
func OpenedBy(t testing.TB) []*House {
	toldMu.Lock()
	defer toldMu.Unlock()
	return append([]*House(nil), openOf[t.Name()]...)
}

// openedBy notes a server as the test's own.
func (h *House) openedBy(t testing.TB) {
	ToldIn(t) // forgets it with the test
	toldMu.Lock()
	defer toldMu.Unlock()
	openOf[t.Name()] = append(openOf[t.Name()], h)
}

func (d *Told) note(id string, change func(*roads)) {
	if id == "" {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.faults[id]
	if r == nil {
		r = &roads{hearers: map[string]bool{}}
		d.faults[id] = r
	}
	change(r)
}

// Answered notes that a call was answered with a fault.
func (d *Told) Answered(id string) { d.note(id, func(r *roads) { r.answered = true }) }

// Heard notes that somebody was told of a fault by an event.
func (d *Told) Heard(id, who string) { d.note(id, func(r *roads) { r.hearers[who] = true }) }

// ByCommand notes that a command has printed a fault, which the operator reads.
func (d *Told) ByCommand(id string) { d.note(id, func(r *roads) { r.toldOperator = true }) }

// Posted notes the faults that a webhook tells of.
func (d *Told) Posted(body string) {
	for _, id := range faultID.FindAllString(body, -1) {
		d.note(id, func(r *roads) { r.posted = true })
	}
}

// Audience reports whether an audience of the catalogue was told of a fault. The console is asked by whoever wants to know,
// and so are the log and the metrics that the operator reads.
func (d *Told) Audience(id, audience string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.faults[id]
	if r == nil {
		return false
	}
	switch audience {
	case "caller":
		return r.answered
	case "participant":
		return len(r.hearers) > 0 || r.refused
	case "meeting":
		return len(r.hearers) > 1
	case "moderators":
		return r.overheard || len(r.hearers) > 1
	case "webhook":
		return r.posted
	case "operator":
		return r.toldOperator
	}
	return false
}

// AtTheDoor reports whether a fault refused a join or resume.
func (d *Told) AtTheDoor(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.faults[id] != nil && d.faults[id].refused
}

// frame notes what a frame tells of faults to a raw socket.
func (d *Told) frame(s *Socket, frame []byte) {
	if !faultID.Match(frame) {
		return
	}
	var message struct {
		Method string
		Params struct {
			Name string
			Data struct{ Fault struct{ ID string } }
		}
		Error *struct{ Data struct{ ID string } }
	}
	if json.Unmarshal(frame, &message) != nil {
		return
	}
	if message.Error != nil {
		id := message.Error.Data.ID
		d.note(id, func(r *roads) {
			r.answered = true
			r.refused = r.refused || !s.joined
		})
		return
	}
	if message.Params.Name == "error" {
		d.note(message.Params.Data.Fault.ID, func(r *roads) { r.overheard = true })
	}
	d.Heard(message.Params.Data.Fault.ID, fmt.Sprintf("socket %p", s))
}
