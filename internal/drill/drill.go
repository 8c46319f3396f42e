// Package drill makes faults happen on purpose, for their real causes: an expired token, a full meeting, an encoder
// that is killed, an RTMP server that does not exist. A drill joins, calls and records as an app does, over signaling and
// REST of its own server and with the Go SDK. What it changes on the server, Causes holds while it lasts.
//
// A Runner makes drills, a bounded number at once, and ends them. internal/server builds it and asks Causes where a
// cause counts; REST starts drills.
package drill

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/record"
)

// drill makes one fault happen.
type drill struct {
	key   string // CODE.REASON
	how   string // what it does, in a sentence for people
	run   func(ctx context.Context, e *environment) error
	place record.DrillPlace // "": in a meeting
	takes time.Duration     // about how long the fault takes to come; 0: at once
	// snippet of a program with which the fault occurs; {server}, {token} and {meeting} stand for values. "": what run
	// leaves, or a join.
	snippet string
}

func (d drill) kind() record.DrillKind {
	place := d.place
	if place == "" {
		place = record.DrillInMeeting
	}
	return record.DrillKind{Key: d.key, How: d.how, Place: place, Takes: d.takes}
}

// drills are all of them, in the order of their codes.
var drills = slices.SortedStableFunc(
	slices.Values(slices.Concat(clientDrills, joinDrills, egressDrills, ruleDrills, serverDrills)),
	func(a, b drill) int { return strings.Compare(a.key[:4], b.key[:4]) },
)

// Kinds returns the drills in the order of their codes.
func Kinds() []record.DrillKind {
	kinds := make([]record.DrillKind, 0, len(drills))
	for _, d := range drills {
		kinds = append(kinds, d.kind())
	}
	return kinds
}

// find returns the drill of a CODE.REASON, or the first one of a code.
func find(key string) (drill, bool) {
	key = strings.ToUpper(key)
	for _, d := range drills {
		if code, _, _ := strings.Cut(d.key, "."); d.key == key || code == key {
			return d, true
		}
	}
	return drill{}, false
}

// Find returns the drill of a CODE.REASON, or the first one of a code.
func Find(key string) (record.DrillKind, bool) {
	d, ok := find(key)
	if !ok {
		return record.DrillKind{}, false
	}
	return d.kind(), true
}
