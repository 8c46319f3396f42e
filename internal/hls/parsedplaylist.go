package hls

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
)

// parsedPlaylist is a playlist that was read.
type parsedPlaylist struct {
	playlist
	text    []byte
	offsets []int // where in text the lines of each segment begin, and those after the last one

	once      sync.Once // guards short
	deltaText []byte
}

var errForeignPlaylist = errors.New("hls: not a playlist of ours")

// parse reads a playlist that render has written.
func parse(text []byte) (*parsedPlaylist, error) {
	l := &parsedPlaylist{text: text}
	if !bytes.HasPrefix(text, []byte(tagHead)) {
		return nil, errForeignPlaylist
	}
	begin := 0
	var begun time.Duration
	var duration time.Duration
	init := 0
	for at := 0; at < len(text); {
		next := len(text)
		if end := bytes.IndexByte(text[at:], '\n'); end >= 0 {
			next = at + end + 1
		}
		line := string(text[at:next])
		at = next
		var err error
		switch value := ""; {
		case after(line, tagTarget, &value):
			l.target, err = seconds(value)
		case after(line, tagControl, &value):
			l.skip = strings.Contains(value, "CAN-SKIP-UNTIL=")
		case after(line, tagPartTarget, &value):
			l.partTarget, err = seconds(value)
		case after(line, tagSequence, &value):
			l.first, err = strconv.Atoi(value)
		case after(line, tagJumps, &value):
			l.jumps, err = strconv.Atoi(value)
		case after(line, tagMap, &value):
			known := false
			if init, known = initNumber(strings.Trim(value, `"`)); !known {
				err = errors.New("an unknown initialization segment")
			}
		case line == tagEvent, line == tagVOD:
			l.kind = line
		case after(line, tagTime, &value):
			l.at, err = time.Parse(timeFormat, value)
			begin = at
		case after(line, tagPart, &value):
			p := part{independent: strings.HasSuffix(value, ",INDEPENDENT=YES")}
			value, _, _ = strings.Cut(value, ",")
			p.duration, err = seconds(value)
			l.open = append(l.open, p)
		case after(line, tagSegment, &value):
			duration, err = seconds(strings.TrimSuffix(value, ","))
		case !strings.HasPrefix(line, "#"):
			l.offsets = append(l.offsets, begin)
			l.segments = append(l.segments, segment{start: begun, duration: duration, init: init, parts: l.open})
			begin, begun, l.open = at, begun+duration, nil
		case after(line, tagHint, &value):
			l.hint, err = strconv.Unquote(value)
		case line == tagEnd:
			l.ended = true
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errForeignPlaylist, err)
		}
	}
	l.offsets = append(l.offsets, begin)
	if l.first < 0 {
		return nil, errForeignPlaylist
	}
	for _, s := range l.segments {
		l.target = max(l.target, s.duration.Round(time.Second)) // 4.3.3.1, if it says less or nothing
	}
	l.target = max(l.target, time.Second)
	return l, nil
}

// after returns in value what follows a tag in its line.
func after(line, tag string, value *string) bool {
	rest, ok := strings.CutPrefix(line, tag)
	if ok {
		*value = strings.TrimSuffix(rest, "\n")
	}
	return ok
}

// seconds reads a number that is less than a year.
func seconds(text string) (time.Duration, error) {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || !(value >= 0 && value < 365*24*3600) {
		return 0, fmt.Errorf("%q is no duration", text)
	}
	return time.Duration(math.Round(value * float64(time.Second))), nil
}

// lastSegment is the number of the last whole segment; first-1 when there is none.
func (l *parsedPlaylist) lastSegment() int { return l.first + len(l.segments) - 1 }

// canBlock reports whether requests may wait for more of it.
func (l *parsedPlaylist) canBlock() bool { return l.partTarget > 0 && !l.ended }

// delta is the playlist without the segments that a player has which asks for it (the draft, 6.2.5.1): those that end
// further from the end of the last whole one than the boundary.
func (l *parsedPlaylist) delta() []byte {
	if !l.skip || !l.canBlock() {
		return l.text
	}
	l.once.Do(func() {
		kept, length := len(l.segments), time.Duration(0)
		for kept > 0 && length < skipBoundary*l.target {
			kept--
			length += l.segments[kept].duration
		}
		l.deltaText = l.text
		if kept == 0 {
			return
		}
		var b bytes.Buffer
		head, _, _ := bytes.Cut(l.text, []byte(tagMap)) // that and the time go with the first segment
		b.Write(bytes.Replace(head, []byte(tagVersion), []byte(tagVersionDelta), 1))
		fmt.Fprintf(&b, tagSkip+"%d\n", kept)
		b.Write(l.text[l.offsets[kept]:])
		l.deltaText = b.Bytes()
	})
	return l.deltaText
}
