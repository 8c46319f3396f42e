package hls

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// Place is where a moment of a stream lies.
type Place struct {
	Segment string        // its name
	Init    string        // the name of its initialization segment
	Start   time.Duration // of the segment, from the start of the stream
	Length  time.Duration // of the segment
	Offset  time.Duration // of the moment, from the start of the segment
}

// ErrEmpty is a playlist that lists nothing yet.
var ErrEmpty = errors.New("hls: the playlist lists no segment")

// BeyondError is returned when a stream is shorter than the moment that was asked for.
type BeyondError struct{ Length time.Duration }

func (e *BeyondError) Error() string { return fmt.Sprintf("hls: the stream has %v", e.Length) }

// maxPlaylist bounds what is read: ten days of segments of two seconds, with their parts, are less.
const maxPlaylist = 128 << 20

// Seek finds a moment in a playlist from the start (FullPlaylist), in seconds of the stream; a negative one is the end.
// It fails with ErrEmpty or *BeyondError. Of the tags it reads EXTINF and EXT-X-MAP (RFC 8216, 4.3.2), and holds one
// line at a time.
func Seek(playlist io.Reader, at time.Duration) (Place, error) {
	lines := bufio.NewScanner(io.LimitReader(playlist, maxPlaylist))
	var last Place
	var end, length time.Duration
	init := InitSegment
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if text, ok := strings.CutPrefix(line, "#EXTINF:"); ok {
			text, _, _ = strings.Cut(text, ",")
			seconds, err := strconv.ParseFloat(text, 64)
			if err != nil || !(seconds >= 0) || seconds > 3600 {
				return Place{}, fmt.Errorf("hls: a segment of %q seconds", text)
			}
			length = time.Duration(math.Round(seconds * float64(time.Second)))
			continue
		}
		if name, ok := strings.CutPrefix(line, tagMap); ok {
			init = strings.Trim(name, `"`)
			if _, known := initNumber(init); !known {
				return Place{}, fmt.Errorf("hls: an initialization segment %q", init)
			}
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		last = Place{Segment: line, Init: init, Start: end, Length: length, Offset: length}
		end += length
		if at >= 0 && at < end {
			last.Offset = at - last.Start
			return last, nil
		}
	}
	switch {
	case lines.Err() != nil:
		return Place{}, fmt.Errorf("hls: %w", lines.Err())
	case last.Segment == "":
		return Place{}, ErrEmpty
	case at > end:
		return Place{}, &BeyondError{end}
	}
	return last, nil
}
