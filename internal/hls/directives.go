package hls

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
)

// Delivery directives, the draft, 6.2.5. Other parameters are not ours, also those that begin with _HLS_: later
// versions of the draft may have more, and a player asks only for what the playlist offers.
const (
	askSegment = "_HLS_msn"
	askPart    = "_HLS_part"
	askSkip    = "_HLS_skip"
)

// directives is what a request for a playlist asks for in it.
type directives struct {
	any     bool // there are directives
	segment int  // that must be listed, or its part; -1: none
	part    int  // -1: none
	skip    bool
	problem *fault.Error // why it cannot be answered, where directives count
}

// maxNumber replaces every number that no stream reaches.
const maxNumber = 1 << 30

// readDirectives reads the query of a request.
func readDirectives(query string) directives {
	w := directives{segment: -1, part: -1}
	if !strings.Contains(query, "_HLS_") {
		return w // the usual case, whatever a player's own parameters look like
	}
	values, err := url.ParseQuery(query)
	number := func(name string) int {
		given, ok := values[name]
		if !ok {
			return -1
		}
		w.any = true
		n, problem := decimal(given)
		if problem != "" && w.problem == nil {
			w.problem = fault.InvalidMessageHLSDirective(name, problem)
		}
		return n
	}
	w.segment, w.part = number(askSegment), number(askPart)
	if skip, ok := values[askSkip]; ok {
		w.any = true
		w.skip = len(skip) == 1 && (skip[0] == "YES" || skip[0] == "v2")
	}
	switch {
	case w.problem != nil:
	case err != nil:
		w.any, w.problem = true, fault.InvalidMessageHLSDirective("_HLS_", "the query is not encoded as one of a URL")
	case w.part >= 0 && w.segment < 0: // the draft, 6.2.5.2: MUST
		w.problem = fault.InvalidMessageHLSDirective(askPart, "comes without "+askSegment)
	}
	return w
}

// decimal reads a decimal-integer as the draft has it (4.2): up to 20 digits and nothing else. What is more than
// farAway is that.
func decimal(given []string) (n int, problem string) {
	text := given[0]
	switch {
	case len(given) > 1:
		return 0, "is there " + strconv.Itoa(len(given)) + " times"
	case text == "":
		return 0, "has no value"
	case len(text) > 20:
		return 0, "has more than 20 digits"
	case strings.Trim(text, "0123456789") != "":
		return 0, "is " + strconv.QuoteToASCII(text) + ", and no decimal number"
	}
	value, err := strconv.ParseUint(text, 10, 64)
	if err != nil || value > maxNumber {
		return maxNumber, ""
	}
	return int(value), ""
}

// satisfiedBy reports whether a playlist has what is asked for, or returns why it never will by waiting.
func (w directives) satisfiedBy(l *parsedPlaylist) (bool, *fault.Error) {
	switch {
	case !l.canBlock(): // it offers no waiting, or must not (6.2.5.2: MUST ignore)
		return true, nil
	case w.problem != nil:
		return false, w.problem
	case w.segment < 0:
		return true, nil
	case w.segment > l.lastSegment()+2: // SHOULD
		return false, fault.InvalidMessageHLSDirective(
			askSegment,
			strconv.Itoa(w.segment)+" is too far ahead: the last segment is "+strconv.Itoa(l.lastSegment()),
		)
	case w.part < 0:
		return w.segment <= l.lastSegment(), nil
	}
	if l.has(w.segment, w.part) {
		return true, nil
	}
	if w.segment > l.lastSegment() && w.part >= l.partLimit(w.segment) { // SHOULD
		return false, fault.InvalidMessageHLSDirective(
			askPart,
			strconv.Itoa(w.part)+" of segment "+strconv.Itoa(w.segment)+" is too far ahead: the last one is "+
				strconv.Itoa(len(l.open)-1)+" of segment "+strconv.Itoa(l.lastSegment()+1),
		)
	}
	return false, nil
}

// has reports whether a part is there. A number past the last part of a whole segment means the first one of the next
// segment (6.2.5.2: MUST). Of segments whose parts are not listed any more there are later ones.
func (l *parsedPlaylist) has(number, part int) bool {
	if number == l.lastSegment() && len(l.segments) > 0 {
		if parts := l.segments[len(l.segments)-1].parts; part >= len(parts) {
			return len(l.open) > 0
		}
	}
	return number <= l.lastSegment() || number == l.lastSegment()+1 && part < len(l.open)
}

// partLimit is the number of the first part of a segment that is too far ahead: the Advance Part Limit (6.2.5.2) after
// the last one there is, or, in the segment after the one that is open, from its beginning.
func (l *parsedPlaylist) partLimit(number int) int {
	limit := 3
	if l.partTarget < time.Second {
		limit = int(3 * time.Second / l.partTarget)
	}
	if number == l.lastSegment()+1 {
		return len(l.open) + limit
	}
	return limit
}
