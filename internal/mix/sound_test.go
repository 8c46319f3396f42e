package mix

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"
)

// The sounds of the tests are made by libopus in ffmpeg.

// encode makes Opus packets of a filter graph's sound; args are further encoder options.
func encode(t testing.TB, source string, channels int, args ...string) [][]byte {
	t.Helper()
	all := append([]string{"-v", "error", "-f", "lavfi", "-i", source, "-ac", fmt.Sprint(channels), "-ar", "48000",
		"-c:a", "libopus"}, args...)
	ffmpeg := exec.Command("ffmpeg", append(all, "-f", "ogg", "-")...)
	var complaint bytes.Buffer
	ffmpeg.Stderr = &complaint
	file, err := ffmpeg.Output()
	require.NoError(t, err, complaint.String())
	packets := unpack(file)
	require.Greater(t, len(packets), 2)
	return packets[2:] // OpusHead and OpusTags
}

func tone(t testing.TB, hz int, amplitude float64, length time.Duration, args ...string) [][]byte {
	return encode(
		t,
		fmt.Sprintf("sine=frequency=%d:sample_rate=48000:duration=%f,volume=%f", hz, length.Seconds(), amplitude*8),
		1,
		append([]string{"-b:a", "64k"}, args...)...) // ffmpeg's sine has an amplitude of 1/8
}

// unpack takes the packets out of Ogg pages (RFC 3533, section 6).
func unpack(file []byte) (packets [][]byte) {
	var partial []byte
	for len(file) >= 27 {
		lacing := file[27 : 27+int(file[26])]
		data := file[27+len(lacing):]
		for _, n := range lacing {
			partial = append(partial, data[:n]...)
			data = data[n:]
			if n < 255 {
				packets = append(packets, partial)
				partial = nil
			}
		}
		file = data
	}
	return packets
}

// sender sends one sound's packets over a simulated network.
type sender struct {
	id      string
	sound   [][]byte
	start   time.Duration // when the first packet is sent
	ppm     float64       // how much its clock is fast
	rtpTime uint32
	seq     uint16
	ssrc    uint32

	path func(n int) (delay time.Duration, lost bool)
}

type arrival struct {
	at     time.Duration
	id     string
	packet *rtp.Packet
}

func (s sender) arrivals() (all []arrival) {
	var media int64
	for n, payload := range s.sound {
		sent := s.start + time.Duration(float64(media)/Rate*1e9/(1+s.ppm/1e6))
		delay, lost := time.Duration(0), false
		if s.path != nil {
			delay, lost = s.path(n)
		}
		if !lost {
			all = append(all, arrival{at: sent + delay, id: s.id, packet: &rtp.Packet{
				Header: rtp.Header{
					Version:        2,
					SSRC:           s.ssrc,
					SequenceNumber: s.seq + uint16(n),
					Timestamp:      s.rtpTime + uint32(media),
				},
				Payload: payload,
			}})
		}
		media += max(duration(payload), 0)
	}
	return all
}

// simulate runs a mixer against senders for that long and returns all it says, one value per frame: the left channel.
func simulate(m *Mixer, length time.Duration, senders ...sender) []float64 {
	var coming []arrival
	for _, s := range senders {
		coming = append(coming, s.arrivals()...)
	}
	sortByTime(coming)
	var said []float64
	run(m, length, coming, func(out []int16) {
		for i := 0; i < len(out); i += 2 {
			said = append(said, float64(out[i])/math.MaxInt16)
		}
	})
	return said
}

var epoch = time.Unix(1_800_000_000, 0)

func run(m *Mixer, length time.Duration, coming []arrival, tick func([]int16)) {
	out := make([]int16, TickSamples)
	for now := time.Duration(0); now < length; now += TickDuration {
		for len(coming) > 0 && coming[0].at <= now {
			m.Push(coming[0].id, coming[0].packet, epoch.Add(coming[0].at))
			coming = coming[1:]
		}
		m.Tick(epoch.Add(now), out)
		tick(out)
	}
}

// goertzel is the amplitude of a frequency in the sound.
func goertzel(sound []float64, hz float64) float64 {
	coefficient := 2 * math.Cos(2*math.Pi*hz/Rate)
	var a, b float64
	for _, v := range sound {
		a, b = v+coefficient*a-b, a
	}
	power := a*a + b*b - coefficient*a*b
	return 2 * math.Sqrt(max(power, 0)) / float64(len(sound))
}

func rms(sound []float64) float64 {
	var power float64
	for _, v := range sound {
		power += v * v
	}
	return math.Sqrt(power / float64(len(sound)))
}

// maxStep is the largest step between neighbors.
func maxStep(sound []float64) (step float64) {
	for i := 1; i < len(sound); i++ {
		step = max(step, math.Abs(sound[i]-sound[i-1]))
	}
	return step
}

// onset is when the sound first is louder than that.
func onset(sound []float64, loud float64) time.Duration {
	for i, v := range sound {
		if math.Abs(v) > loud {
			return time.Duration(i) * time.Second / Rate
		}
	}
	return -1
}

func between(sound []float64, from, to time.Duration) []float64 {
	return sound[samples(from):samples(to)]
}

func sortByTime(all []arrival) {
	slices.SortStableFunc(all, func(a, b arrival) int { return cmp.Compare(a.at, b.at) })
}
