package worker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const ms = time.Millisecond

// Sound takes longer than pictures: both are sent when the sound is ready.
func TestClockWaitsForTheSlowerStream(t *testing.T) {
	var c clock
	at := time.Now()
	c.begin(at)
	for media := time.Duration(0); media < 5*time.Second; media += 20 * ms {
		c.arrived(indexVideo, media, at.Add(media+5*ms))
		c.arrived(indexAudio, media, at.Add(media+90*ms))
	}
	require.Equal(t, at.Add(3*time.Second+90*ms+evenOut), c.due(3*time.Second))
}

// A relay begins with the pictures of the last two seconds: the clock goes on with those of the present.
func TestClockSkipsTheBeginning(t *testing.T) {
	var c clock
	at := time.Now()
	c.begin(at)
	for media := time.Duration(0); media < 5*time.Second; media += 33 * ms {
		c.arrived(indexVideo, media, at.Add(max(10*ms, media-2*time.Second)))
	}
	require.Equal(t, at.Add(5*time.Second-2*time.Second+evenOut), c.due(5*time.Second))
}

// A clock of the encoder that runs fast or slow is followed, without a jump.
func TestClockFollowsTheEncoder(t *testing.T) {
	for name, speed := range map[string]float64{"fast": 1.0005, "slow": 0.9995} {
		var c clock
		at := time.Now()
		c.begin(at)
		before := time.Time{}
		for media := time.Duration(0); media < 10*time.Minute; media += 33 * ms {
			now := at.Add(time.Duration(float64(media)/speed) + 20*ms)
			c.arrived(indexVideo, media, now)
			due := c.due(media)
			require.Less(t, due.Sub(now).Abs(), 100*ms, "%s at %v", name, media)
			if !before.IsZero() {
				require.Less(t, (due.Sub(before) - 33*ms).Abs(), 30*ms, "%s at %v", name, media)
			}
			before = due
		}
	}
}

// What comes late once, as after a loss on the network, changes nothing.
func TestClockIsNotMovedByOneHiccup(t *testing.T) {
	var c clock
	at := time.Now()
	c.begin(at)
	for media := time.Duration(0); media < 20*time.Second; media += 33 * ms {
		now := at.Add(media + 20*ms)
		if media > 10*time.Second && media < 10*time.Second+500*ms {
			now = at.Add(10*time.Second + 520*ms)
		}
		c.arrived(indexVideo, media, now)
	}
	require.Equal(t, at.Add(15*time.Second+20*ms+evenOut), c.due(15*time.Second))
}

func TestTimeline(t *testing.T) {
	var line timeline
	line.begin(20 * ms)
	at := func(timestamp uint32) time.Duration {
		got, jumped := line.of(timestamp)
		require.False(t, jumped)
		return got
	}
	require.Equal(t, 20*ms, at(1<<32-20))
	require.Equal(t, 40*ms, at(0), "timestamps wrap")
	require.Equal(t, 80*ms, at(40))
	require.Equal(t, 63*ms, at(23), "sound may come after a later picture")
	got, jumped := line.of(3_600_000)
	require.True(t, jumped)
	require.Equal(t, 100*ms, got)
	require.Equal(t, 120*ms, at(3_600_020))
	line.begin(5 * time.Second) // another connection
	require.Equal(t, 5*time.Second, at(77))
	require.Equal(t, 5*time.Second+33*ms, at(110))
}

func FuzzMedia(f *testing.F) {
	f.Add([]byte{0x17, 0, 0, 0, 0, 1, 0x42, 0xc0, 0x0a, 0xff, 0xe1, 0, 4, 0x67, 0x42, 0xc0, 0x0a, 1, 0, 1, 0x68})
	f.Add([]byte{0x17, 1, 0, 0, 0, 0, 0, 0, 1, 0x65})
	f.Add([]byte("\x90hvc1"))
	f.Add([]byte{0xaf, 0, 0x12, 0x10})
	config := avcConfig{lengthSize: 4}
	f.Fuzz(func(t *testing.T, data []byte) {
		if body, err := parseVideo(data); err == nil {
			if body.config {
				parsed, err := parseAVCConfig(body.data)
				require.True(t, err != nil || parsed.sps.profile > 0)
			} else if picture, _, err := config.annexB(body.data); err == nil {
				require.LessOrEqual(t, len(picture), len(data)+4)
			}
		}
		_, _ = parseAudio(data)
		_, _ = parseSPS(append([]byte{0x67}, data...))
	})
}
