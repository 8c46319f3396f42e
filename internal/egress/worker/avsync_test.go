package worker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// ntp is a time on a sender's clock as RTCP has it.
func ntp(at time.Time) uint64 {
	since := at.Sub(ntpEpoch)
	return uint64(since/time.Second)<<32 | uint64(since%time.Second)<<32/uint64(time.Second) // in range
}

// A picture takes 90 ms longer to get here than the sound of its moment.
func TestAVSyncShowASlowPictureEarlier(t *testing.T) {
	captured := time.Date(2029, 6, 1, 12, 0, 0, 345_678_000, time.UTC) // on a clock of its own
	voice, camera := timeline{rate: opusRate}, timeline{rate: videoRate}
	var heard, seen reportSlot
	both := &avSync{}
	for n := range 100 {
		passed := time.Duration(n) * 20 * time.Millisecond
		soundTime, pictureTime := uint32(n)*960, uint32(7000+n*1800)
		voice.place(soundTime, epoch.Add(passed+15*time.Millisecond))
		camera.place(pictureTime, epoch.Add(passed+105*time.Millisecond))
		if n%40 == 10 {
			heard.storeAt(ntp(captured.Add(passed)), soundTime, epoch.Add(passed))
			seen.storeAt(ntp(captured.Add(passed)), pictureTime, epoch.Add(passed))
		}
		if offset, ok := heard.takeOffset(&voice); ok {
			both.setAudioOffset(offset)
		}
		if offset, ok := seen.takeOffset(&camera); ok {
			both.setVideoOffset(offset)
		}
	}
	require.InDelta(t, 90, float64(both.lead(compositionDelay/2))/float64(time.Millisecond), 0.1)
	both.setVideoOffset(both.audioOffset + time.Second)
	require.Equal(t, compositionDelay/2, both.lead(compositionDelay/2), "as far as the delay lets it")
	both.setVideoOffset(both.audioOffset - time.Second)
	require.Equal(t, -compositionDelay/2, both.lead(compositionDelay/2))
	require.Equal(t, -time.Second, both.lead(maxLead))
	both.setVideoOffset(both.audioOffset + time.Hour)
	require.Zero(t, both.lead(maxLead), "a clock that makes no sense moves no picture")
}

// A report from before a capture stalled says nothing of what comes after.
func TestReportsFromBeforeAStall(t *testing.T) {
	line := timeline{rate: videoRate}
	var seen reportSlot
	line.place(0, epoch)
	seen.storeAt(ntp(epoch), 0, epoch.Add(time.Second))
	var sure bool
	for n := range 8 { // RTP time has stood still for four seconds
		_, sure = line.place(uint32(3000*n), epoch.Add(4*time.Second+time.Duration(n)*time.Second/30))
	}
	require.True(t, sure)
	_, ok := seen.takeOffset(&line)
	require.False(t, ok)
	seen.storeAt(ntp(epoch.Add(5*time.Second)), 90000, epoch.Add(5*time.Second))
	offset, ok := seen.takeOffset(&line)
	require.True(t, ok)
	require.InDelta(t, 0, offset.Seconds(), 0.001)
}
