package worker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// ntp is a time on a sender's clock as RTCP has it.
func ntp(at time.Time) uint64 {
	since := at.Sub(ntpEpoch)
	return uint64(since/time.Second)<<32 | uint64(since%time.Second)<<32/uint64(time.Second) //nolint:gosec // in range
}

// A picture takes 90 ms longer to get here than the sound of its moment.
func TestLipsShowASlowPictureEarlier(t *testing.T) {
	captured := time.Date(2029, 6, 1, 12, 0, 0, 345_678_000, time.UTC) // on a clock of its own
	voice, camera := timeline{rate: opusRate}, timeline{rate: videoRate}
	var heard, seen reported
	both := &lips{}
	for n := range 100 {
		passed := time.Duration(n) * 20 * time.Millisecond
		soundTime, pictureTime := uint32(n)*960, uint32(7000+n*1800)
		voice.at(soundTime, epoch.Add(passed+15*time.Millisecond))
		camera.at(pictureTime, epoch.Add(passed+105*time.Millisecond))
		if n%40 == 10 {
			heard.hear(ntp(captured.Add(passed)), soundTime)
			seen.hear(ntp(captured.Add(passed)), pictureTime)
		}
		if offset, ok := heard.take(&voice); ok {
			both.heard(offset)
		}
		if offset, ok := seen.take(&camera); ok {
			both.saw(offset)
		}
	}
	require.InDelta(t, 90, float64(both.lead())/float64(time.Millisecond), 0.1)
	both.saw(both.sound + time.Hour)
	require.Equal(t, behind/2, both.lead(), "no clock that makes no sense moves a picture far")
	both.saw(both.sound - time.Hour)
	require.Equal(t, -behind/2, both.lead())
}
