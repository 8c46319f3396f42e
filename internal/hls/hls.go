// Package hls writes a live stream as HLS (RFC 8216) into a directory and serves such directories, with low latency to
// players that know how (draft-pantos-hls-rfc8216bis, "the draft" below).
//
// A Writer makes, from the encoder's fragments, init.mp4, segments of about two seconds that begin with a key frame
// (seg00000.m4s), and two playlists: live.m3u8 with the last few segments, and index.m3u8 with all of them, which is an
// EVENT while it grows and a VOD after Close. Nothing is listed before it is there whole, and playlists are replaced in
// one step, so that a player never sees half of anything and a crash leaves what is listed playable; Finish then ends
// what the crash left open. Where the pictures change their size init1.mp4 follows init.mp4, behind a discontinuity.
//
// With Options.LowLatency each fragment is listed as a partial segment as soon as it is written: seg00007.2.m4s is the
// third fragment of the eighth segment. On the disk a part is nothing of its own, but a piece of the segment's file,
// which is called seg00007.m4s.part until it is whole; the Handler cuts it out. So nothing is written twice and nothing
// is left to clean up, while on the wire a part is a file that never changes, which every cache understands (a growing
// file is not).
//
// The egress worker writes; the server serves with NewHandler, which looks in a storage (Archive) for what has left the
// directories, and makes the multivariant playlists that lead players to the others. Where the directories lie, who may
// have them and when they are deleted is the egress manager's.
package hls

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Names of the files in a directory.
const (
	LivePlaylist = "live.m3u8"
	FullPlaylist = "index.m3u8"
	InitSegment  = "init.mp4"
)

const partial = ".part" // ends the name of what is still being written

// initName returns the name of an initialization segment: pictures of another size have another one.
func initName(n int) string {
	if n == 0 {
		return InitSegment
	}
	return fmt.Sprintf("init%d.mp4", n)
}

// initNumber is the inverse of initName. It reports false for another name.
func initNumber(name string) (n int, ok bool) {
	if name == InitSegment {
		return 0, true
	}
	digits, ok := strings.CutSuffix(strings.TrimPrefix(name, "init"), ".mp4")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && initName(n) == name
}

func segmentName(n int) string { return fmt.Sprintf("seg%05d.m4s", n) }

func partName(n, part int) string { return fmt.Sprintf("seg%05d.%d.m4s", n, part) }

// replace puts a whole file in place of an older one in one step.
func replace(path string, data []byte) error {
	if err := os.WriteFile(path+partial, data, 0o644); err != nil {
		return err
	}
	return os.Rename(path+partial, path)
}
