package testserver

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sync"
	"testing"
)

// Deliveries records who in a test received which fault, by its id: sockets, REST calls and webhook endpoints of
// this package note it by themselves, the SDK clients and pages of a test through Heard and Answered. Safe for
// concurrent use.
type Deliveries struct {
	mu     sync.Mutex // guards faults
	faults map[string]*channels
}

// channels are the ways on which one fault was delivered.
type channels struct {
	answered, refused, posted, printed bool
	receivers                          map[string]bool // of the event
	// by the error event of a raw socket, whose own call it does not answer
	broadcast bool
}

var (
	registryMu   sync.Mutex // guards toldOf and openOf
	deliveriesOf = map[string]*Deliveries{}
	serversOf    = map[string][]*Server{}
	faultID      = regexp.MustCompile(`flt_[0-9A-HJKMNP-TV-Z]{26}`)
)

// DeliveriesIn returns the record of a test.
func DeliveriesIn(t testing.TB) *Deliveries {
	registryMu.Lock()
	defer registryMu.Unlock()
	name := t.Name()
	if deliveriesOf[name] == nil {
		deliveriesOf[name] = &Deliveries{faults: map[string]*channels{}}
		t.Cleanup(func() {
			registryMu.Lock()
			defer registryMu.Unlock()
			delete(deliveriesOf, name)
			delete(serversOf, name)
		})
	}
	return deliveriesOf[name]
}

// StartedBy returns the servers that a test has started.
func StartedBy(t testing.TB) []*Server {
	registryMu.Lock()
	defer registryMu.Unlock()
	return append([]*Server(nil), serversOf[t.Name()]...)
}

// startedBy notes a server as the test's own.
func (srv *Server) startedBy(t testing.TB) {
	DeliveriesIn(t) // forgets it with the test
	registryMu.Lock()
	defer registryMu.Unlock()
	serversOf[t.Name()] = append(serversOf[t.Name()], srv)
}

func (d *Deliveries) note(id string, change func(*channels)) {
	if id == "" {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.faults[id]
	if r == nil {
		r = &channels{receivers: map[string]bool{}}
		d.faults[id] = r
	}
	change(r)
}

// Answered records that a call was answered with a fault.
func (d *Deliveries) Answered(id string) { d.note(id, func(r *channels) { r.answered = true }) }

// Received records that somebody received a fault by an event.
func (d *Deliveries) Received(id, who string) {
	d.note(id, func(r *channels) { r.receivers[who] = true })
}

// PrintedByCommand records that a command has printed a fault, which the operator reads.
func (d *Deliveries) PrintedByCommand(id string) { d.note(id, func(r *channels) { r.printed = true }) }

// Posted records the faults that a webhook carries.
func (d *Deliveries) Posted(body string) {
	for _, id := range faultID.FindAllString(body, -1) {
		d.note(id, func(r *channels) { r.posted = true })
	}
}

// Audience reports whether an audience of the catalogue received a fault. Tests ask the console, the log and the
// metrics themselves.
func (d *Deliveries) Audience(id, audience string) bool {
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
		return len(r.receivers) > 0 || r.refused
	case "meeting":
		return len(r.receivers) > 1
	case "moderators":
		return r.broadcast || len(r.receivers) > 1
	case "webhook":
		return r.posted
	case "operator":
		return r.printed
	}
	return false
}

// RefusedJoin reports whether a fault refused a join or resume.
func (d *Deliveries) RefusedJoin(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.faults[id] != nil && d.faults[id].refused
}

// frame records the faults in a frame to a raw socket.
func (d *Deliveries) frame(s *Socket, frame []byte) {
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
		d.note(id, func(r *channels) {
			r.answered = true
			r.refused = r.refused || !s.joined
		})
		return
	}
	if message.Params.Name == "error" {
		d.note(message.Params.Data.Fault.ID, func(r *channels) { r.broadcast = true })
	}
	d.Received(message.Params.Data.Fault.ID, fmt.Sprintf("socket %p", s))
}
