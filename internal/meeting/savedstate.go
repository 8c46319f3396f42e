package meeting

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// What a server writes of a running session, so that another one can go on with it: the admission of each participant
// with its join, and the state of the session when something of it changes that its records do not say.

// admission is what a join was let in with, beside what every record of it says. It holds no secret.
type admission struct {
	AutoConsume bool   `json:"autoConsume,omitempty"`
	TokenSum    string `json:"tokenSum,omitempty"` // SHA-256, base64
	Place       string `json:"place,omitempty"`
	MayJoin     bool   `json:"mayJoin,omitempty"`
	MayModerate bool   `json:"mayModerate,omitempty"`
	MayEnd      bool   `json:"mayEnd,omitempty"`
	MayEgress   bool   `json:"mayEgress,omitempty"`
	Direct      bool   `json:"direct,omitempty"`

	Limits    Limits    `json:"limits"`
	AutoClose AutoClose `json:"autoClose"`
}

// admission returns what is written of a join; nil where no other server goes on with the session.
func (p *Participant) admission() json.RawMessage {
	if !p.room.owned() {
		return nil
	}
	q := p.req
	return encode(admission{
		AutoConsume: q.AutoConsume, TokenSum: base64.StdEncoding.EncodeToString(q.TokenSum[:]),
		Place: q.Place, MayJoin: q.MayJoin, MayModerate: q.MayModerate, MayEnd: q.MayEnd, MayEgress: q.MayEgress,
		Direct: q.Direct, Limits: q.Limits, AutoClose: q.AutoClose,
	})
}

// savedState is the state of a session. Each part is bounded by what the meeting bounds; together they are cut to
// maxSavedState, in the order of the fields.
type savedState struct {
	AutoClose AutoClose   `json:"autoClose"`
	Data      bool        `json:"data,omitempty"`
	Egress    wire.Egress `json:"egress"`
	Locked    *time.Time  `json:"locked,omitempty"` // since when; nil: not locked
	Left      []leaver    `json:"left,omitempty"`   // of a locked session, newest first
	// What participants may not do, with who took it.
	Restricted restrictions      `json:"restricted,omitempty"`
	Shares     []string          `json:"shares,omitempty"` // who shares, in the order of their start
	Pins       []wire.PinChanged `json:"pins,omitempty"`
	Removed    []savedRemoval    `json:"removed,omitempty"` // newest first
	Answers    []savedAnswer     `json:"answers,omitempty"` // newest first
	Values     []savedValue      `json:"values,omitempty"`  // in the order of their keys
}

type savedRemoval struct {
	ParticipantID string       `json:"participantId"`
	TokenSum      string       `json:"tokenSum,omitempty"`
	Fault         *fault.Error `json:"fault"`
}

type savedAnswer struct {
	wire.EntryResponded
	Name   string `json:"name"`
	ByName string `json:"byName"`
}

type savedValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	By    string `json:"by"`
}

// maxSavedState bounds the state of one session, in bytes of JSON.
const maxSavedState = 64 << 10

// saveInterval is how often the state of a session is written at most.
const saveInterval = time.Second

// saving is when the state of a session is written.
type saving struct {
	due     time.Time   // zero: nothing has changed
	last    time.Time   // when it was queued
	pending atomic.Bool // it waits to be written
	failed  atomic.Bool // the last write failed
}

// changed notes that the state of the session is not what was written.
func (r *room) changed() {
	if !r.owned() || !r.session.running() || !r.saving.due.IsZero() {
		return
	}
	at := time.Now()
	if next := r.saving.last.Add(saveInterval); at.Before(next) {
		at = next
	}
	r.saving.due = at
}

// save queues the state, unless the one before waits still.
func (r *room) save(at time.Time) {
	s := &r.saving
	s.due = time.Time{}
	if !r.session.running() {
		return
	}
	s.last = at
	if !s.pending.CompareAndSwap(false, true) {
		r.changed()
		return
	}
	id, state := r.session.id, r.savedState()
	r.records.push(write{
		what: "the state of a session",
		do:   func(ctx context.Context, to Records) error { return to.SessionSaved(ctx, id, state) },
		then: func(err error) {
			s.pending.Store(false)
			if err != nil {
				s.failed.Store(true)
				r.wakeLoop()
			}
		},
	})
}

// saveAgain has a state written again that could not be written.
func (r *room) saveAgain() {
	if r.saving.failed.CompareAndSwap(true, false) {
		r.changed()
	}
}

// saveNow writes the state after all that waits, and returns when that is done or has failed.
func (r *room) saveNow() error {
	id, state := r.session.id, r.savedState()
	return r.records.wait("the state of a session", func(ctx context.Context, to Records) error {
		return to.SessionSaved(ctx, id, state)
	})
}

// savedState encodes what is kept of the session. What does not fit is left out: from the last part on, and within a
// part from its end.
func (r *room) savedState() json.RawMessage {
	s := &r.session
	state := savedState{AutoClose: s.autoClose, Data: s.data, Egress: s.egress, Restricted: s.restrictions}
	if s.lock.locked() {
		state.Locked = &s.lock.since
	}
	left := maxSavedState - len(encode(state)) - 256 // names and brackets of the parts
	if s.lock.locked() {
		for _, one := range slices.Backward(s.lock.left) {
			state.Left = appendFitting(state.Left, one, &left)
		}
	}
	for _, p := range s.shares {
		state.Shares = appendFitting(state.Shares, p.id, &left)
	}
	for _, id := range s.sharedBefore { // they may be on their way
		if p := r.people.get(id); p != nil && p.away {
			state.Shares = appendFitting(state.Shares, id, &left)
		}
	}
	for _, p := range r.people.order {
		if pin, pinned := s.pins[p.id]; pinned {
			state.Pins = appendFitting(state.Pins, pin, &left)
		}
	}
	for _, one := range slices.Backward(s.removed) {
		saved := savedRemoval{ParticipantID: one.participantID, Fault: one.fault}
		if one.token != [sha256.Size]byte{} {
			saved.TokenSum = base64.StdEncoding.EncodeToString(one.token[:])
		}
		state.Removed = appendFitting(state.Removed, saved, &left)
	}
	for _, a := range slices.Backward(s.answers) {
		state.Answers = appendFitting(state.Answers, savedAnswer{a.EntryResponded, a.name, a.byName}, &left)
	}
	for _, key := range slices.Sorted(maps.Keys(s.values.stored)) {
		v := s.values.stored[key]
		state.Values = appendFitting(state.Values, savedValue{key, v.value, v.by}, &left)
	}
	return encode(state)
}

// appendFitting appends what still fits. After the first that does not, nothing fits any more.
func appendFitting[T any](list []T, one T, left *int) []T {
	n := len(encode(one)) + 1
	if n > *left {
		*left = 0
		return list
	}
	*left -= n
	return append(list, one)
}

// encode encodes plain values, which always succeeds.
func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("{}")
	}
	return raw
}
