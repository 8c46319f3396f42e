package worker

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/sdk"
)

// avSync keep the picture of a participant with its sound. Both are placed by when they arrive, but they need not take
// equally long: a camera and its encoder are slower than a microphone. RTCP sender reports state when something
// happened on the sender's own clock, so they state how much later than the sound the picture comes. *mutex*: each
// stream sets its offset from its own goroutine.
type avSync struct {
	mu          sync.Mutex    // guards everything below
	audioOffset time.Duration // from the sender's clock to ours, with the way; 0: not known yet
	videoOffset time.Duration
}

// maxLead is more than picture and sound of one moment can lie apart: beyond it the sender's clocks make no sense.
const maxLead = 2 * time.Second

// lead is by how much the picture must be shown earlier than its arrival says, at most limit.
func (l *avSync) lead(limit time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	lead := l.videoOffset - l.audioOffset
	if l.audioOffset == 0 || l.videoOffset == 0 || lead > maxLead || lead < -maxLead {
		return 0
	}
	return min(max(lead, -limit), limit)
}

func (l *avSync) setAudioOffset(offset time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.audioOffset = offset
}

func (l *avSync) setVideoOffset(offset time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.videoOffset = offset
}

// slew follows a value that jumps without a jump of its own, so that what it moves never stands still and never skips.
type slew struct {
	value time.Duration
	last  time.Time
}

// slewDivisor is the part of the time passed by which a slew moves: pictures are slower or faster by that much, which
// nobody sees.
const slewDivisor = 8

// toward returns the value at now on its way to target. The first is target itself.
func (s *slew) toward(target time.Duration, now time.Time) time.Duration {
	if s.last.IsZero() {
		s.value = target
	} else {
		most := max(0, now.Sub(s.last)) / slewDivisor
		s.value += min(max(target-s.value, -most), most)
	}
	s.last = now
	return s.value
}

// syncGroups finds the avSync of a stream: microphone and camera are a group, and so are a shared screen and its sound.
type syncGroups struct {
	mu     sync.Mutex // guards everything below
	groups map[syncKey]*avSync
}

type syncKey struct {
	participant *sdk.Participant
	screen      bool
}

func (p *syncGroups) groupOf(s *sdk.Stream) *avSync {
	key := syncKey{s.Participant(), s.Kind() == sdk.Share || s.Kind() == sdk.ShareAudio}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.groups == nil {
		p.groups = map[syncKey]*avSync{}
	}
	if p.groups[key] == nil {
		p.groups[key] = &avSync{}
	}
	return p.groups[key]
}

// reportSlot holds the last sender report of a stream until its own goroutine takes it.
type reportSlot struct{ last atomic.Pointer[senderReport] }

type senderReport struct {
	at         time.Time // on the sender's clock
	rtpTime    uint32
	receivedAt time.Time
}

// ntpEpoch is 1900 (RFC 3550, section 4).
var ntpEpoch = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

func (r *reportSlot) store(ntp uint64, rtpTime uint32) { r.storeAt(ntp, rtpTime, time.Now()) }

func (r *reportSlot) storeAt(ntp uint64, rtpTime uint32, now time.Time) {
	seconds := time.Duration(ntp>>32) * time.Second                       // 32 bits
	parts := time.Duration(ntp & (1<<32 - 1) * uint64(time.Second) >> 32) // less than a second
	r.last.Store(&senderReport{ntpEpoch.Add(seconds).Add(parts), rtpTime, now})
}

// takeOffset returns how far our clock is from the sender's by a report that came since the last call. One from before
// the timeline found its place says nothing.
func (r *reportSlot) takeOffset(times *timeline) (offset time.Duration, ok bool) {
	last := r.last.Swap(nil)
	if last == nil || last.receivedAt.Before(times.anchored) {
		return 0, false
	}
	return times.timeOf(last.rtpTime).Sub(last.at), true
}
