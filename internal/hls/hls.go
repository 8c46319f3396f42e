// Package hls writes a live stream as HLS (RFC 8216) into a directory and serves such directories.
//
// A Writer makes, from the encoder's fragments, init.mp4, segments of about two seconds that begin with a key
// frame (seg00000.m4s), and two playlists: live.m3u8 with the last few segments, and index.m3u8 with all of
// them, which is an EVENT while it grows and a VOD after Close. Nothing is listed before it is there whole,
// and playlists are replaced in one step, so that a player never sees half of anything and a crash leaves
// what is listed playable; Finish then ends what the crash left open.
//
// The egress worker writes; the server serves with NewHandler, which looks in a storage (Kept) for what has left
// the directories. Where they lie, who may have them and when they are deleted is the egress manager's.
package hls

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Names of the files in a directory.
const (
	LivePlaylist = "live.m3u8"
	FullPlaylist = "index.m3u8"
	InitSegment  = "init.mp4"
)

const partial = ".part" // ends the name of what is still being written

func segmentName(n int) string { return fmt.Sprintf("seg%05d.m4s", n) }

// segment is what a playlist says of one.
type segment struct {
	start, duration time.Duration
}

// Tags, RFC 8216, 4.3.
const (
	tagEnd   = "#EXT-X-ENDLIST\n"
	tagEvent = "#EXT-X-PLAYLIST-TYPE:EVENT\n"
	tagVOD   = "#EXT-X-PLAYLIST-TYPE:VOD\n"
)

// playlist renders segments, the first of which has the number first.
func playlist(kind string, segments []segment, first int, target time.Duration, epoch time.Time, ended bool) []byte {
	var b bytes.Buffer
	b.WriteString("#EXTM3U\n#EXT-X-VERSION:7\n")
	fmt.Fprintf(&b, "#EXT-X-TARGETDURATION:%d\n", int(target/time.Second))
	fmt.Fprintf(&b, "#EXT-X-MEDIA-SEQUENCE:%d\n", first)
	b.WriteString(kind)
	b.WriteString("#EXT-X-INDEPENDENT-SEGMENTS\n")
	fmt.Fprintf(&b, "#EXT-X-MAP:URI=\"%s\"\n", InitSegment)
	for i, s := range segments {
		if i == 0 { // the rest follows from the durations, 4.3.2.6
			at := epoch.Add(s.start).UTC()
			fmt.Fprintf(&b, "#EXT-X-PROGRAM-DATE-TIME:%s\n", at.Format("2006-01-02T15:04:05.000Z07:00"))
		}
		fmt.Fprintf(&b, "#EXTINF:%.5f,\n%s\n", s.duration.Seconds(), segmentName(first+i))
	}
	if ended {
		b.WriteString(tagEnd)
	}
	return b.Bytes()
}

// replace puts a whole file in place of an older one in one step.
func replace(path string, data []byte) error {
	if err := os.WriteFile(path+partial, data, 0o644); err != nil {
		return err
	}
	return os.Rename(path+partial, path)
}

// Finish ends the playlists in a directory whose Writer died without Close: what is listed becomes the VOD.
// A directory that is finished already, or has no playlist yet, is left as it is.
func Finish(dir string) error {
	leftovers, err := filepath.Glob(filepath.Join(dir, "*"+partial))
	if err != nil {
		return fmt.Errorf("hls: finish: %w", err)
	}
	for _, path := range leftovers {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("hls: finish: %w", err)
		}
	}
	for _, name := range []string{LivePlaylist, FullPlaylist} {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("hls: finish: %w", err)
		}
		if bytes.HasSuffix(text, []byte(tagEnd)) {
			continue
		}
		ended := strings.Replace(string(text), tagEvent, tagVOD, 1) + tagEnd
		if err := replace(path, []byte(ended)); err != nil {
			return fmt.Errorf("hls: finish: %w", err)
		}
	}
	return nil
}
