package mix

// clock finds where a stream lies on the mixer's time. A packet's transit is its arrival
// minus its RTP time, in samples, from an unknown zero. The smallest transit of the last
// seconds belongs to a packet that waited nowhere, so it moves only with the clocks
// themselves, not with the network's jitter.
type clock struct {
	known bool
	rtp   uint32 // of the last packet
	media int64  // the same, unwrapped

	buckets [3]minimum // the newest first

	misplaced        int // packets in a row that were too late, or far ahead
	misplacedSince   int64
	misplacedMinimum int64 // their smallest transit
}

type minimum struct {
	since   int64
	transit int64
	used    bool
}

const (
	bucketLength = Rate     // one second each
	movedAfter   = 5        // so many misplaced packets in a row,
	movedFor     = Rate / 5 // for so long, mean that the sender's clock or the path is another
)

// unwrap continues the 32 bits of RTP time. A step of half the range or more is one back.
func (c *clock) unwrap(rtpTime uint32) int64 {
	if c.known {
		c.media += int64(int32(rtpTime - c.rtp))
	}
	c.known, c.rtp = true, rtpTime
	return c.media
}

// observe notes a packet of media time that arrived at wall. Misplaced means that it is not where
// sound is wanted now. It returns whether the stream has moved to another place for good:
// waiting for the buckets to run out would cost seconds of sound.
func (c *clock) observe(media, wall int64, astray bool) (moved bool) {
	transit := wall - media
	if astray {
		if c.misplaced == 0 {
			c.misplacedSince, c.misplacedMinimum = wall, transit
		}
		c.misplaced++
		c.misplacedMinimum = min(c.misplacedMinimum, transit)
		if c.misplaced < movedAfter || wall-c.misplacedSince < movedFor {
			return false
		}
		c.misplaced = 0
		c.buckets = [3]minimum{{since: wall, transit: c.misplacedMinimum, used: true}}
		return true
	}
	c.misplaced = 0
	if b := &c.buckets[0]; b.used && wall-b.since < bucketLength {
		b.transit = min(b.transit, transit)
	} else {
		c.buckets = [3]minimum{{since: wall, transit: transit, used: true}, c.buckets[0], c.buckets[1]}
	}
	return false
}

// transit is what the clock believes now.
func (c *clock) transit() int64 {
	least := c.buckets[0].transit
	for _, b := range c.buckets[1:] {
		if b.used {
			least = min(least, b.transit)
		}
	}
	return least
}
