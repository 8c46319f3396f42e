package layer

import "sync/atomic"

// Clocks ties the RTP clocks of the encodings of a source to its wall clock, by the sender reports of the source. One
// serves all sinks of a stream. It is safe for concurrent use. The zero value knows no clock.
type Clocks struct {
	reports [MaxEncodings]atomic.Pointer[report]
}

type report struct {
	epoch   uint32
	ntp     uint64
	rtpTime uint32
}

// Report takes what a sender report says: NTP time (RFC 3550, section 4) and RTP time of one moment.
func (c *Clocks) Report(o Origin, ntp uint64, rtpTime uint32) {
	if uint8(o.Encoding) < MaxEncodings {
		c.reports[o.Encoding].Store(&report{o.Epoch, ntp, rtpTime})
	}
}

// at returns the wall clock of an RTP time, in seconds from an arbitrary beginning.
func (c *Clocks) at(o Origin, rtpTime uint32, rate float64) (seconds float64, ok bool) {
	if c == nil || uint8(o.Encoding) >= MaxEncodings {
		return 0, false
	}
	r := c.reports[o.Encoding].Load()
	if r == nil || r.epoch != o.Epoch {
		return 0, false
	}
	return float64(r.ntp>>32) + float64(r.ntp&0xffffffff)/(1<<32) + float64(int32(rtpTime-r.rtpTime))/rate, true
}
