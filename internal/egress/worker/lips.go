package worker

import (
	"sync"
	"sync/atomic"
	"time"

	klatch "github.com/klatch/klatch/sdk"
)

// lips keep the picture of a participant with its sound. Both are placed by when they arrive, but they need not take
// equally long: a camera and its encoder are slower than a microphone. RTCP sender reports tell when something
// happened on the sender's own clock, so they tell how much later than the sound the picture comes. *mutex*: each
// stream tells from its own goroutine.
type lips struct {
	mu      sync.Mutex    // guards everything below
	sound   time.Duration // from the sender's clock to ours, with the way; 0: not known yet
	picture time.Duration
}

// mostLead is more than picture and sound of one moment can lie apart: beyond it the sender's clocks make no sense.
const mostLead = 2 * time.Second

// lead is by how much the picture must be shown earlier than its arrival says, at most limit.
func (l *lips) lead(limit time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	lead := l.picture - l.sound
	if l.sound == 0 || l.picture == 0 || lead > mostLead || lead < -mostLead {
		return 0
	}
	return min(max(lead, -limit), limit)
}

func (l *lips) heard(offset time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sound = offset
}

func (l *lips) saw(offset time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.picture = offset
}

// slew follows a value that jumps without a jump of its own, so that what it moves never stands still and never skips.
type slew struct {
	value time.Duration
	last  time.Time
}

// slewing is the part of the time passed by which a slew moves: pictures are slower or faster by that much, which
// nobody sees.
const slewing = 8

// toward gives the value at now on its way to target. The first is target itself.
func (s *slew) toward(target time.Duration, now time.Time) time.Duration {
	if s.last.IsZero() {
		s.value = target
	} else {
		most := max(0, now.Sub(s.last)) / slewing
		s.value += min(max(target-s.value, -most), most)
	}
	s.last = now
	return s.value
}

// pairs finds the lips of a stream: microphone and camera are a pair, and so are a shared screen and its sound.
type pairs struct {
	mu   sync.Mutex // guards everything below
	lips map[pair]*lips
}

type pair struct {
	participant *klatch.Participant
	screen      bool
}

func (p *pairs) of(s *klatch.Stream) *lips {
	key := pair{s.Participant(), s.Kind() == klatch.Share || s.Kind() == klatch.ShareAudio}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lips == nil {
		p.lips = map[pair]*lips{}
	}
	if p.lips[key] == nil {
		p.lips[key] = &lips{}
	}
	return p.lips[key]
}

// reported holds the last sender report of a stream until its own goroutine takes it.
type reported struct{ last atomic.Pointer[report] }

type report struct {
	at      time.Time // on the sender's clock
	rtpTime uint32
	came    time.Time
}

// ntpEpoch is 1900 (RFC 3550, section 4).
var ntpEpoch = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

func (r *reported) hear(ntp uint64, rtpTime uint32) { r.hearAt(ntp, rtpTime, time.Now()) }

func (r *reported) hearAt(ntp uint64, rtpTime uint32, now time.Time) {
	seconds := time.Duration(ntp>>32) * time.Second                       // 32 bits
	parts := time.Duration(ntp & (1<<32 - 1) * uint64(time.Second) >> 32) // less than a second
	r.last.Store(&report{ntpEpoch.Add(seconds).Add(parts), rtpTime, now})
}

// take gives how far our clock is from the sender's by a report that came since the last call. One from before the
// timeline found its place says nothing.
func (r *reported) take(times *timeline) (offset time.Duration, ok bool) {
	last := r.last.Swap(nil)
	if last == nil || last.came.Before(times.anchored) {
		return 0, false
	}
	return times.where(last.rtpTime).Sub(last.at), true
}
