package bwe

import "time"

const (
	// The smallest delay is taken for that of the empty path. It is raised a little all the time, because two clocks
	// drift apart by up to 0.1 ms/s, and paths become longer.
	baseRisePerSecond = 250 * time.Microsecond

	minThreshold = 12 * time.Millisecond // a queue of one or two packets on a slow link is none
	maxThreshold = 200 * time.Millisecond

	noiseFactor = 3                     // of the noise are added to the threshold
	noiseWindow = 16                    // intervals
	firstNoise  = 12 * time.Millisecond // what one change can be in the first of them
	meanTime    = 5 * time.Second
	jitterDecay = 30 * time.Second
	// jitterLimit: a longer queue is a queue, be it ours or not, and no jitter.
	jitterLimit = 80 * time.Millisecond

	// sustained is how long a queue has to be too long before it counts, unless it jumps by more than steep and
	// steepFactor of the noise.
	sustained   = 80 * time.Millisecond
	steep       = 40 * time.Millisecond
	steepFactor = 4

	// competeRetest is after what time it is tried again whether a queue is that of others. Until then the longest
	// queue is tolerated, which is slowly forgotten.
	competeRetest = 15 * time.Second
	tolerateDecay = 20 * time.Second
	tolerateLimit = 2 * time.Second

	longestInterval = 500 * time.Millisecond // a longer one, when nothing was sent, counts for so much
)

// delayDetector finds the standing queue: what of the one-way delay is there even for the luckiest packet of an
// interval (compare CoDel, RFC 8289, section 3). The threshold adapts to the jitter of the path, and to a queue that
// others fill.
type delayDetector struct {
	started bool
	base    time.Duration // the delay of the empty path

	queue  time.Duration // of the last interval
	change time.Duration // since the interval before
	mean   time.Duration // of the queue, over some seconds
	noise  time.Duration // mean of change, without its sign
	judged int           // how many intervals are in it, up to noiseWindow
	jitter time.Duration // by how much the delay falls faster than a queue can; a slowly decaying mean
	fell   bool          // it did so in this interval
	over   time.Duration // for how long the queue has been too long without shrinking

	competing bool          // the queue is filled by others: it did not shrink when we sent less
	tolerate  time.Duration // the queue that they fill
	lowest    time.Duration // the shortest queue since competing began or was tried again
	retest    time.Duration // by the receiver's clock
}

// update judges a closed interval. light: so little was sent that a queue cannot be ours.
func (d *delayDetector) update(i *interval, light bool) {
	if !d.started {
		d.started, d.base = true, i.minDelay
		return
	}
	length := min(i.length(), longestInterval)
	d.base = min(d.base+baseRisePerSecond*length/time.Second, i.minDelay)
	before := d.queue
	d.queue = i.minDelay - d.base
	i.queue = d.queue
	d.change = d.queue - before
	d.updateJitter(length, light)
	if d.competing {
		d.lowest = min(d.lowest, d.queue)
		d.tolerate -= d.tolerate * length / tolerateDecay
		d.tolerate = min(max(d.tolerate, d.queue), tolerateLimit)
	}
	switch {
	case d.queue <= d.threshold():
		d.over = 0
	case d.jumped():
		d.over = sustained
	case d.change >= -d.noise:
		d.over += length
	}
}

func (d *delayDetector) updateJitter(length time.Duration, light bool) {
	if light || d.queue < d.mean {
		d.mean += (min(d.queue, 2*d.mean+minThreshold, jitterLimit) - d.mean) * length / meanTime
	}
	// A jump counts for little, so that congestion does not pass for noise. At first nothing is known, and it counts
	// for more.
	d.judged = min(d.judged+1, noiseWindow)
	most := max(2*d.noise+2*time.Millisecond, firstNoise*time.Duration(noiseWindow-d.judged)/noiseWindow)
	d.noise += (min(max(d.change, -d.change), most) - d.noise) / time.Duration(d.judged)
	d.jitter -= d.jitter * length / jitterDecay
	// A queue shrinks by a second per second when nothing is sent. What falls faster was no queue but jitter.
	impossible := -d.change - length
	d.fell = impossible > 0 && d.queue-d.change < jitterLimit
	if d.fell && !d.competing && impossible > d.jitter {
		d.jitter += (impossible - d.jitter) / 4
	}
}

// own is how long a queue may be that is ours alone.
func (d *delayDetector) own() time.Duration {
	return min(minThreshold+d.mean+max(noiseFactor*d.noise, 2*d.jitter), maxThreshold)
}

// filled reports whether there is a queue, be it ours or not.
func (d *delayDetector) filled() bool {
	return d.competing || d.queue > minThreshold+noiseFactor*d.noise
}

// threshold is how long the queue may be.
func (d *delayDetector) threshold() time.Duration {
	if d.competing {
		return d.own() + d.tolerate
	}
	return d.own()
}

// jumped reports whether the queue grew more in one interval than the jitter of the path explains.
func (d *delayDetector) jumped() bool { return d.change > steep+steepFactor*d.noise }

// overused reports whether the queue has been too long for some time, and does not shrink.
func (d *delayDetector) overused() bool { return d.over >= sustained }

// empty reports whether the queue is as short as it gets. The queue of others has to be gone altogether.
func (d *delayDetector) empty() bool {
	if d.competing {
		return d.queue < minThreshold
	}
	return d.queue < max(d.own()/2, d.mean)
}

// quiet reports whether the queue is none of ours: a probe shows what it fills.
func (d *delayDetector) quiet() bool {
	if d.competing {
		return d.queue <= d.threshold()
	}
	return d.empty()
}

// compete raises the threshold over the present queue, which does not shrink when we send less: others fill it, or
// the path has become longer.
func (d *delayDetector) compete(at time.Duration) {
	if d.competing { // the queue of others would have been gone for a moment by now: the path has become longer
		d.base += d.lowest
		d.queue -= d.lowest
	}
	d.lowest = d.queue
	d.competing, d.tolerate, d.over = true, min(d.queue, tolerateLimit), 0
	d.retest = at + competeRetest
}

// raiseJitter raises the threshold over a queue that is too short to be that of others.
func (d *delayDetector) raiseJitter(queue time.Duration) {
	d.jitter, d.over = max(d.jitter, queue/2), 0
}

// alone ends what compete began.
func (d *delayDetector) alone() { d.competing, d.tolerate = false, 0 }

func (d *delayDetector) reset() { *d = delayDetector{} }
