package worker

import "time"

// timeline maps RTP time to our clock. RTP time says how the pictures of one stream lie to each other, but not where;
// the arrival of a packet says where, but late by what it waited on the way. The packet that waited least in the last
// seconds determines the place. internal/mix does the same with sound, so picture and sound that left a participant
// together are shown together.
type timeline struct {
	rate     int           // of the codec's RTP clock, in Hz
	began    time.Time     // zero of the stream's media time, on our clock
	rtp      uint32        // of the last frame
	media    time.Duration // of the last frame, since began: RTP time, unwrapped
	last     time.Time     // of the last frame, as at gave it
	anchored time.Time     // when the place was last found anew
	minimums [3]transit    // of this second and the two before, the newest first

	lateFrames transit // of the frames that came much later than their place; no since: the last one did not
}

// timeOf returns the time of an RTP time near the last frame.
func (t *timeline) timeOf(rtpTime uint32) time.Time {
	return t.last.Add(t.offsetOf(rtpTime))
}

// offsetOf is from the last frame to that RTP time.
func (t *timeline) offsetOf(rtpTime uint32) time.Duration {
	return time.Duration(int32(rtpTime-t.rtp)) * time.Second / time.Duration(t.rate) // wraps as RTP times do
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

	// maxTimestampStep is a step of RTP time that no running camera makes: the sender has begun anew.
	maxTimestampStep = 10 * time.Second

	// A frame that comes lateness after its place has waited on the way, or its capture has stalled and its RTP time
	// with it. Those that waited come faster than they were captured; when they do not within doubt, the stream has
	// moved for good.
	lateness         = 300 * time.Millisecond
	lateDecisionTime = 150 * time.Millisecond
)

// place returns the time of the frame of that RTP time, which arrived at now. It is not sure while it cannot be known
// whether late frames are the end of a pause on the way or of one of the capture; then timeOf returns the time of this
// frame after the next that is sure.
func (t *timeline) place(rtpTime uint32, now time.Time) (at time.Time, sure bool) {
	step := t.offsetOf(rtpTime)
	if t.began.IsZero() || step > maxTimestampStep || step < -maxTimestampStep {
		*t, step = timeline{rate: t.rate, began: now, anchored: now}, 0
	}
	t.rtp = rtpTime
	t.media += step
	waited := now.Sub(t.began.Add(t.media))
	if least, known := t.shortest(); known && waited-least > lateness {
		sure = t.handleLate(waited, now)
	} else {
		t.lateFrames = transit{}
		t.record(waited, now)
		sure = true
	}
	least, _ := t.shortest()
	t.last = t.began.Add(t.media + least)
	return t.last, sure
}

// handleLate takes a frame that came late, and moves the timeline when the late ones come no sooner.
func (t *timeline) handleLate(waited time.Duration, now time.Time) (sure bool) {
	if t.lateFrames.since.IsZero() {
		t.lateFrames = transit{now, waited}
		return false
	}
	passed := now.Sub(t.lateFrames.since)
	if passed < lateDecisionTime {
		return false
	}
	if t.lateFrames.least-waited > passed/4 { // they catch up
		t.lateFrames = transit{now, waited}
		return true
	}
	t.anchored = t.lateFrames.since
	t.minimums = [3]transit{{now, min(waited, t.lateFrames.least)}}
	t.lateFrames = transit{}
	return true
}

// record keeps the least of the last seconds.
func (t *timeline) record(waited time.Duration, now time.Time) {
	if newest := &t.minimums[0]; !newest.since.IsZero() && now.Sub(newest.since) < time.Second {
		newest.least = min(newest.least, waited)
	} else {
		t.minimums = [3]transit{{now, waited}, t.minimums[0], t.minimums[1]}
	}
}

func (t *timeline) shortest() (least time.Duration, known bool) {
	for _, l := range t.minimums {
		if !l.since.IsZero() && (!known || l.least < least) {
			least, known = l.least, true
		}
	}
	return least, known
}
