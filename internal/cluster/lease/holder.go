package lease

import (
	"errors"
	"time"

	"github.com/klatch/klatch/internal/record"
)

// maxRenewals is how many renewals may be on their way to one place. More are of no use: the oldest was sent Hold ago.
const maxRenewals = int(Hold/Renew) + 1

// Holder is the lease of one incarnation, as its own node sees it: which renewals are due, and until when it holds.
// It begins without holding and holds from the first acknowledgment on.
//
// Once it has not held for a moment, it never holds again, whatever is acknowledged later: others may have taken over
// in the meantime, and a place that lost its data would not know that it had fenced this incarnation. The node goes on
// under a new incarnation.
type Holder struct {
	id     record.NodeID
	places [places]renewals
	until  time.Duration // it holds before that; 0: it has never held
	held   bool
	lost   bool
}

// renewals are those of one place.
type renewals struct {
	next    time.Duration // when the next one is due
	waiting int           // how many have no answer yet
}

// NewHolder returns the lease of an incarnation that nobody has used before.
func NewHolder(id record.NodeID, now time.Duration) *Holder {
	h := &Holder{id: id}
	for p := range h.places {
		h.places[p].next = now
	}
	return h
}

// ID returns the incarnation.
func (h *Holder) ID() record.NodeID { return h.id }

// Due returns the places to which a renewal must be sent now, and counts them as sent at now. A renewal that gets no
// answer does not delay the next one: it may be lost.
func (h *Holder) Due(now time.Duration) []Place {
	if h.Lost(now) {
		return nil
	}
	var due []Place
	for p := range h.places {
		r := &h.places[p]
		if now < r.next || r.waiting == maxRenewals {
			continue
		}
		r.next = now + Renew
		r.waiting++
		due = append(due, Place(p))
	}
	return due
}

// Answered takes the end of a renewal that was sent at sent.
//
// An acknowledgment counts from sent, however late it comes: the others may have seen the renewal from then on. One
// that comes Hold later is worth nothing.
//
// After an error the next renewal is due sooner. The one that failed may have been written: others then believe in this
// incarnation longer than it holds, which only delays them.
//
// An error that wraps ErrFenced ends the incarnation at once, even where the other place would still acknowledge: it
// could never again do without that one, and others are about to take over.
func (h *Holder) Answered(p Place, sent, now time.Duration, err error) {
	r := &h.places[p]
	r.waiting--
	switch {
	case errors.Is(err, ErrFenced):
		h.lost = true
	case err != nil:
		r.next = min(r.next, now+Retry)
	case !h.Lost(now) && now < sent+Hold:
		h.until = max(h.until, sent+Hold)
		h.held = true
	}
}

// Holds reports whether the incarnation may act at now.
func (h *Holder) Holds(now time.Duration) bool { return !h.Lost(now) && h.held }

// Lost reports whether the incarnation held, or was fenced, and will never hold again.
func (h *Holder) Lost(now time.Duration) bool {
	if h.held && now >= h.until {
		h.lost = true
	}
	return h.lost
}

// Lose ends the incarnation.
func (h *Holder) Lose() { h.lost = true }

// Until returns when the incarnation stops to hold if nothing more is acknowledged, and 0 while it does not hold.
func (h *Holder) Until(now time.Duration) time.Duration {
	if !h.Holds(now) {
		return 0
	}
	return h.until
}

// Next returns when Due or Lost may have something new to return, if no answer comes before.
func (h *Holder) Next(now time.Duration) time.Duration {
	if h.Lost(now) {
		return now
	}
	next := now + Renew
	for p := range h.places {
		if h.places[p].waiting < maxRenewals {
			next = min(next, h.places[p].next)
		}
	}
	if h.held {
		next = min(next, h.until)
	}
	return next
}
