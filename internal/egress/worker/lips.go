package worker

import (
	"sync"
	"sync/atomic"
	"time"

	klatch "github.com/klatch/klatch/sdk"
)

// lips keep the picture of a participant with its sound. Both are placed by when they arrive, but they need not take equally
// long: a camera and its encoder are slower than a microphone. RTCP sender reports tell when something happened on the
// sender's own clock, so they tell how much later than the sound the picture comes. *mutex*: each stream tells from its
// own goroutine.
type lips struct {
	mu      sync.Mutex    // guards everything below
	sound   time.Duration // from the sender's clock to ours, with the way; 0: not known yet
	picture time.Duration
}

// lead is by how much the picture must be shown earlier than its arrival says. It is bounded by what the delay can give.
func (l *lips) lead() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sound == 0 || l.picture == 0 {
		return 0
	}
	return min(max(l.picture-l.sound, -behind/2), behind/2)
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
}

// ntpEpoch is 1900 (RFC 3550, section 4).
var ntpEpoch = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

func (r *reported) hear(ntp uint64, rtpTime uint32) {
	seconds := time.Duration(ntp>>32) * time.Second                       //nolint:gosec // 32 bits
	parts := time.Duration(ntp & (1<<32 - 1) * uint64(time.Second) >> 32) //nolint:gosec // less than a second
	r.last.Store(&report{ntpEpoch.Add(seconds).Add(parts), rtpTime})
}

// take gives how far our clock is from the sender's by a report that came since the last call.
func (r *reported) take(times *timeline) (offset time.Duration, ok bool) {
	last := r.last.Swap(nil)
	if last == nil {
		return 0, false
	}
	return times.where(last.rtpTime).Sub(last.at), true
}
