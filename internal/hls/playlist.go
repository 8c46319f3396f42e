package hls

import (
	"bytes"
	"fmt"
	"time"
)

// Tags, RFC 8216, 4.3, and the draft, 4.4.
const (
	tagHead        = "#EXTM3U\n"
	tagTarget      = "#EXT-X-TARGETDURATION:"
	tagControl     = "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK="
	tagPartTarget  = "#EXT-X-PART-INF:PART-TARGET="
	tagSequence    = "#EXT-X-MEDIA-SEQUENCE:"
	tagEvent       = "#EXT-X-PLAYLIST-TYPE:EVENT\n"
	tagVOD         = "#EXT-X-PLAYLIST-TYPE:VOD\n"
	tagIndependent = "#EXT-X-INDEPENDENT-SEGMENTS\n"
	tagJump        = "#EXT-X-DISCONTINUITY\n"
	tagJumps       = "#EXT-X-DISCONTINUITY-SEQUENCE:"
	tagMap         = "#EXT-X-MAP:URI="
	tagTime        = "#EXT-X-PROGRAM-DATE-TIME:"
	tagSkip        = "#EXT-X-SKIP:SKIPPED-SEGMENTS="
	tagPart        = "#EXT-X-PART:DURATION="
	tagSegment     = "#EXTINF:"
	tagHint        = "#EXT-X-PRELOAD-HINT:TYPE=PART,URI="
	tagEnd         = "#EXT-X-ENDLIST\n"
	tagVariant     = "#EXT-X-STREAM-INF:"
)

const (
	// EXT-X-MAP needs 6, EXT-X-SKIP needs 9 (the draft, 8). The tags of low latency need none, and a player leaves a
	// playlist alone that says more than it knows: so the playlists stay at what they were, and only a delta, for which it
	// has to be asked, says 9.
	tagVersion      = "#EXT-X-VERSION:7\n"
	tagVersionDelta = "#EXT-X-VERSION:9\n"

	timeFormat = "2006-01-02T15:04:05.000Z07:00"
)

// Factors of the draft.
const (
	partHoldBack  = 3 // parts that a player should stay behind the end, 4.4.3.8
	partsListed   = 3 // target durations from the end in which parts are listed, 6.2.2
	skipBoundary  = 6 // target durations at the end that a delta has at least, 4.4.3.8
	longestWait   = 3 // target durations that a request may wait, 6.2.5.2
	blockedUseful = 6 // target durations for which the answer to a request that waited may be cached, B.1
)

// segment is what a playlist says of one.
type segment struct {
	start, duration time.Duration
	init            int    // number of its initialization segment
	parts           []part // nil when they are not listed
}

// part is what a playlist says of a partial segment.
type part struct {
	duration    time.Duration
	independent bool // it begins with a key frame
}

// playlist is one as a Writer makes it and a Handler reads it.
type playlist struct {
	kind       string    // tagEvent, tagVOD or nothing
	first      int       // number of the first segment
	jumps      int       // discontinuities before the first segment, and of it (4.3.3.3)
	at         time.Time // of day, when the first segment begins
	target     time.Duration
	partTarget time.Duration // 0: no parts
	skip       bool          // deltas are offered
	segments   []segment
	open       []part // of the segment that is being written
	hint       string // the next part
	ended      bool
}

// render writes a playlist. One that has ended says nothing of parts.
func (p *playlist) render() []byte {
	var b bytes.Buffer
	b.WriteString(tagHead + tagVersion)
	fmt.Fprintf(&b, tagTarget+"%d\n", int(p.target/time.Second))
	parts := p.partTarget > 0 && !p.ended
	if parts {
		fmt.Fprintf(&b, tagControl+"%.3f", (partHoldBack * p.partTarget).Seconds())
		if p.skip {
			fmt.Fprintf(&b, ",CAN-SKIP-UNTIL=%.1f", (skipBoundary * p.target).Seconds())
		}
		fmt.Fprintf(&b, "\n"+tagPartTarget+"%.3f\n", p.partTarget.Seconds())
	}
	fmt.Fprintf(&b, tagSequence+"%d\n", p.first)
	if p.jumps > 0 {
		fmt.Fprintf(&b, tagJumps+"%d\n", p.jumps)
	}
	init := 0
	if len(p.segments) > 0 {
		init = p.segments[0].init
	}
	fmt.Fprintf(&b, p.kind+tagIndependent+tagMap+"%q\n", initName(init))
	b.WriteString(tagTime + p.at.UTC().Format(timeFormat) + "\n") // the rest follows from the durations, 4.3.2.6
	for i, s := range p.segments {
		if s.init != init { // of another size
			init = s.init
			fmt.Fprintf(&b, tagJump+tagMap+"%q\n", initName(init))
		}
		if parts {
			renderParts(&b, p.first+i, s.parts)
		}
		fmt.Fprintf(&b, tagSegment+"%.5f,\n%s\n", s.duration.Seconds(), segmentName(p.first+i))
	}
	if parts {
		renderParts(&b, p.first+len(p.segments), p.open)
		fmt.Fprintf(&b, tagHint+"%q\n", p.hint)
	}
	if p.ended {
		b.WriteString(tagEnd)
	}
	return b.Bytes()
}

// jumpsTo returns how many discontinuities there are up to the beginning of a segment.
func jumpsTo(segments []segment, n int) (jumps int) {
	for i := 1; i <= n && i < len(segments); i++ {
		if segments[i].init != segments[i-1].init {
			jumps++
		}
	}
	return jumps
}

func renderParts(b *bytes.Buffer, number int, parts []part) {
	for i, p := range parts {
		fmt.Fprintf(b, tagPart+"%.5f,URI=%q", p.duration.Seconds(), partName(number, i))
		if p.independent {
			b.WriteString(",INDEPENDENT=YES")
		}
		b.WriteByte('\n')
	}
}
