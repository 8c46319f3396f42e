package hls

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/klatch/klatch/internal/fmp4"
)

// Finish ends the playlists in a directory whose Writer died without Close: what is listed becomes the VOD, the parts
// of the segment that was open as its last segment. A directory that is finished already, or has no playlist yet, is
// left as it is.
func Finish(dir string) error {
	if err := finish(dir); err != nil {
		return fmt.Errorf("hls: finish: %w", err)
	}
	return nil
}

func finish(dir string) error {
	full, err := readList(filepath.Join(dir, FullPlaylist))
	if errors.Is(err, fs.ErrNotExist) { // it is written first: nothing is listed
		return removePartial(dir)
	}
	if err != nil {
		return err
	}
	next, rest := filepath.Join(dir, segmentName(full.lastSegment()+1)), time.Duration(0)
	if !full.ended {
		rest = keepOpen(next, full.open)
	}
	if err := removePartial(dir); err != nil {
		return err
	}
	err = end(dir, full, rest)
	if err != nil && rest > 0 { // a disk that is full to its last byte gets room by it
		if err := os.Remove(next); err != nil {
			return err
		}
		err = end(dir, full, 0)
	}
	return err
}

// end writes both playlists as those of what full lists, and of a segment after it, if it is longer than nothing. The
// live one may be older than the full one.
func end(dir string, full *parsedPlaylist, rest time.Duration) error {
	segments := full.segments
	if rest > 0 {
		open := segment{duration: rest}
		if n := len(segments); n > 0 {
			open.init = segments[n-1].init
		}
		segments = append(segments[:len(segments):len(segments)], open)
	}
	target := max(full.target, rest.Round(time.Second))
	if !full.ended {
		ended := playlist{kind: tagVOD, first: full.first, at: full.at, target: target, segments: segments, ended: true}
		if err := replace(filepath.Join(dir, FullPlaylist), ended.render()); err != nil {
			return err
		}
	}
	path := filepath.Join(dir, LivePlaylist)
	live, err := readList(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && live.ended {
		return nil
	}
	if err != nil {
		return err
	}
	ended := playlist{first: live.first, jumps: live.jumps, at: live.at, target: target, ended: true}
	ended.segments = segments[min(max(0, live.first-full.first), len(segments)):]
	return replace(path, ended.render())
}

func readList(path string) (*parsedPlaylist, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parse(text)
}

// keepOpen makes the listed parts of the segment that was open the segment whole, and returns how long it is: 0 when
// none of them is there. A part that is not listed, because it is not whole or the list could not be written any more,
// is cut off.
func keepOpen(whole string, parts []part) time.Duration {
	path := whole
	if _, err := os.Stat(path); err != nil { // else only the list is late
		path += partial
	}
	length, err := cutAfter(path, parts)
	if err != nil || length == 0 || os.Rename(path, whole) != nil {
		_ = os.Remove(path) // not listed, and never will be
		return 0
	}
	return length
}

// cutAfter leaves the first fragments of a file, at most one for each part.
func cutAfter(path string, parts []part) (length time.Duration, err error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	var reach int64
	for _, to := range fmp4.Extents(file, info.Size()) {
		if len(parts) == 0 {
			break
		}
		length, reach, parts = length+parts[0].duration, to, parts[1:]
	}
	return length, file.Truncate(reach)
}

// removePartial removes what was not written to its end.
func removePartial(dir string) error {
	left, err := filepath.Glob(filepath.Join(dir, "*"+partial))
	for _, path := range left {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}
