package bwe

import "time"

const (
	// baseBuckets of baseBucket each: the smallest delay of 20 to 30 s is taken for that of the empty path. Longer, and
	// the drift of two clocks (up to 0.1 ms/s) looks like a queue; shorter, and a queue that never empties looks like
	// the path.
	baseBuckets = 3
	baseBucket  = 10 * time.Second

	minThreshold = 12 * time.Millisecond // a queue of one or two packets on a slow link is none
	maxThreshold = 200 * time.Millisecond
	noiseFactor  = 3

	// sustained is how long a queue has to be too long before it counts, unless it grows steeply.
	sustained = 80 * time.Millisecond
	steep     = 40 * time.Millisecond
)

// delayDetector finds the standing queue: what of the one-way delay is there even for the luckiest packet of an
// interval (compare CoDel, RFC 8289, section 3). The threshold adapts to the noise of the path, and to a queue that
// others fill.
type delayDetector struct {
	buckets   [baseBuckets]time.Duration
	bucket    int
	bucketEnd time.Duration // by the receiver's clock
	started   bool

	queue    time.Duration // of the last interval
	noise    time.Duration // mean change of the queue from one interval to the next
	tolerate time.Duration // how much of the queue is believed to be that of others
	over     time.Duration // for how long the queue has been too long without shrinking
	samples  int
}

// update judges a closed interval.
func (d *delayDetector) update(i *interval) {
	d.updateBase(i)
	before, first := d.queue, d.samples == 0
	d.queue = i.minDelay - d.base()
	i.queue = d.queue
	d.samples++
	if first {
		return
	}
	change := d.queue - before
	threshold := d.threshold()
	switch {
	case d.queue <= threshold:
		d.over = 0
	case change >= -d.noise:
		d.over += i.length()
		if change > steep {
			d.over = sustained
		}
	}
	// A jump counts for little, so that congestion does not pass for noise.
	d.noise += (min(max(change, -change), 2*d.noise+2*time.Millisecond) - d.noise) / 16
	if d.tolerate > 0 {
		// Forgotten within some ten seconds: then it shows anew whether the queue is ours.
		d.tolerate -= min(d.tolerate, i.length()/100+d.tolerate*time.Duration(i.length()/time.Millisecond)/20000)
	}
}

func (d *delayDetector) updateBase(i *interval) {
	if !d.started {
		d.started = true
		for n := range d.buckets {
			d.buckets[n] = i.minDelay
		}
		d.bucketEnd = i.end + baseBucket
	}
	if i.end > d.bucketEnd {
		d.bucket = (d.bucket + 1) % baseBuckets
		d.buckets[d.bucket] = i.minDelay
		d.bucketEnd = i.end + baseBucket
	}
	d.buckets[d.bucket] = min(d.buckets[d.bucket], i.minDelay)
}

func (d *delayDetector) base() time.Duration { return min(d.buckets[0], d.buckets[1], d.buckets[2]) }

// threshold is how long the standing queue may be.
func (d *delayDetector) threshold() time.Duration {
	return min(minThreshold+noiseFactor*d.noise, maxThreshold) + d.tolerate
}

// overused reports whether the queue has been too long for some time, and does not shrink.
func (d *delayDetector) overused() bool { return d.over >= sustained }

// empty reports whether the queue is as short as it gets.
func (d *delayDetector) empty() bool { return d.queue < d.threshold()/2+d.tolerate/2 }

// tolerateQueue raises the threshold over the present queue, which does not shrink when we send less: others fill
// it, or the path has become longer.
func (d *delayDetector) tolerateQueue(queue time.Duration) {
	d.tolerate = min(max(d.tolerate, queue), 2*time.Second)
	d.over = 0
}

func (d *delayDetector) reset() { *d = delayDetector{} }
