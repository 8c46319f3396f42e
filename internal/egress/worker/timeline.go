package worker

import "time"

// timeline tells when a moment of a stream happened on our clock. RTP time says how the pictures of one stream lie to
// each other, but not where; the arrival of a packet says where, but late by what it waited on the way. The packet
// that waited least in the last seconds gives the place. internal/mix does the same with sound, so picture and sound
// that left a participant together are shown together.
type timeline struct {
	rate  int           // of the codec's RTP clock, in Hz
	began time.Time     // zero of the stream's media time, on our clock
	rtp   uint32        // of the last frame
	media time.Duration // of the last frame, since began: RTP time, unwrapped
	last  time.Time     // of the last frame, as at gave it
	least [3]transit    // of this second and the two before, the newest first
}

// where gives the time of a moment near the last frame.
func (t *timeline) where(rtpTime uint32) time.Time {
	return t.last.Add(t.length(rtpTime))
}

// length is from the last frame to that RTP time.
func (t *timeline) length(rtpTime uint32) time.Duration {
	return time.Duration(int32(rtpTime-t.rtp)) * time.Second / time.Duration(t.rate) //nolint:gosec // wraps as RTP times do
}

// transit is the shortest time from media time to arrival since some moment.
type transit struct {
	since time.Time // zero: none
	least time.Duration
}

const (
	// The RTP clocks of every video codec (RFC 3551, section 5) and of Opus (RFC 7587, section 4.1), in Hz.
	videoRate = 90000
	opusRate  = 48000

	// leap is a step of RTP time that no running camera makes: the sender has begun anew.
	leap = 10 * time.Second
)

// at gives the time of the frame of that RTP time, which arrived at now.
func (t *timeline) at(rtpTime uint32, now time.Time) time.Time {
	step := t.length(rtpTime)
	if t.began.IsZero() || step > leap || step < -leap {
		*t, step = timeline{rate: t.rate, began: now}, 0
	}
	t.rtp = rtpTime
	t.media += step
	waited := now.Sub(t.began.Add(t.media))
	if newest := &t.least[0]; !newest.since.IsZero() && now.Sub(newest.since) < time.Second {
		newest.least = min(newest.least, waited)
	} else {
		t.least = [3]transit{{now, waited}, t.least[0], t.least[1]}
	}
	least := waited
	for _, l := range t.least {
		if !l.since.IsZero() {
			least = min(least, l.least)
		}
	}
	t.last = t.began.Add(t.media + least)
	return t.last
}
