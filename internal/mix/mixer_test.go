package mix

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"
)

func TestEachToneIsInTheMixAtItsLevel(t *testing.T) {
	m := New(Config{})
	said := simulate(m, 3*time.Second,
		sender{id: "ann", sound: tone(t, 440, 0.2, 3*time.Second), rtpTime: math.MaxUint32 - 20000, seq: math.MaxUint16 - 10},
		sender{id: "bob", sound: tone(t, 1000, 0.1, 3*time.Second), rtpTime: 77},
		sender{id: "cleo", sound: tone(t, 2500, 0.3, 3*time.Second), rtpTime: 1 << 31},
	)
	steady := between(said, time.Second, 2*time.Second)
	for hz, want := range map[float64]float64{440: 0.2, 1000: 0.1, 2500: 0.3} {
		require.InEpsilon(t, want, goertzel(steady, hz), 0.05, "%v Hz", hz)
	}
	require.Less(t, goertzel(steady, 1700), 0.003, "what nobody said")
	for id, s := range m.Stats() {
		require.Zero(t, s.Lost+s.Late+s.Corrupt+s.Dropped+s.Resyncs+s.Skipped+s.Repeated, "%s: %+v", id, s)
	}
}

// Whoever is heard in the middle of what they say is not louder than they are: see Silence.
func TestSoundFromTheMiddleHasNoBurst(t *testing.T) {
	packets := encode(t, "aevalsrc='0.2*sin(400*2*PI*t)+0.4*sin(1600*2*PI*t)*lt(mod(t,1),0.1)':s=48000:d=2", 1,
		"-b:a", "96k")
	for begin := 30; begin < 60; begin++ {
		s := newStream("ann")
		loudest := 0.0
		for _, p := range packets[begin : begin+10] {
			for _, x := range s.decode(p) {
				loudest = max(loudest, math.Abs(float64(x)))
			}
		}
		require.Less(t, loudest, 0.7, "packets from %d on", begin)
	}
}

func TestFrameLengthsAndChannels(t *testing.T) {
	for name, args := range map[string][]string{
		"2.5 ms":           {"-frame_duration", "2.5"},
		"5 ms":             {"-frame_duration", "5"},
		"10 ms":            {"-frame_duration", "10"},
		"20 ms":            {},
		"40 ms":            {"-frame_duration", "40"},
		"60 ms":            {"-frame_duration", "60"},
		"120 ms":           {"-frame_duration", "120", "-b:a", "32k"},
		"voice 16 kbit":    {"-application", "voip", "-b:a", "16k"},
		"voice 60 ms":      {"-application", "voip", "-b:a", "12k", "-frame_duration", "60"},
		"voice with FEC":   {"-application", "voip", "-b:a", "24k", "-fec", "1", "-packet_loss", "10"},
		"low delay, fixed": {"-application", "lowdelay", "-vbr", "off"},
	} {
		t.Run(name, func(t *testing.T) {
			m := New(Config{Delay: 200 * time.Millisecond})
			said := simulate(m, 2*time.Second, sender{id: "a", sound: tone(t, 600, 0.25, 2*time.Second, args...)})
			require.InEpsilon(t, 0.25, goertzel(between(said, time.Second, 3*time.Second/2), 600), 0.1)
			require.Zero(t, m.Stats()["a"].Corrupt)
		})
	}
	t.Run("stereo stays stereo", func(t *testing.T) {
		sound := encode(t, "aevalsrc=0.2*sin(2*PI*400*t)|0.2*sin(2*PI*900*t):s=48000:d=2", 2, "-b:a", "128k")
		var left, right []float64
		run(New(Config{}), 2*time.Second, sender{id: "a", sound: sound}.arrivals(), func(out []int16) {
			for i := 0; i < len(out); i += 2 {
				left = append(left, float64(out[i])/math.MaxInt16)
				right = append(right, float64(out[i+1])/math.MaxInt16)
			}
		})
		left, right = left[Rate:], right[Rate:]
		require.InEpsilon(t, 0.2, goertzel(left, 400), 0.05)
		require.InEpsilon(t, 0.2, goertzel(right, 900), 0.05)
		require.Less(t, goertzel(left, 900)+goertzel(right, 400), 0.01)
	})
}

func TestASoundIsHeardAfterTheDelay(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	jitter := func(int) (time.Duration, bool) { return time.Duration(random.Intn(60)) * time.Millisecond, false }
	// A beep, 1 s into the sound; all packets carry their place on the sender's clock.
	beep := encode(
		t,
		"sine=frequency=1000:sample_rate=48000:duration=2,volume='if(lt(t,1),0,4)':eval=frame",
		1,
		"-b:a",
		"96k",
		"-application",
		"lowdelay",
	)
	reference := onset(simulate(New(Config{}), 3*time.Second, sender{id: "a", sound: beep}), 0.1)
	require.InDelta(
		t,
		1120,
		reference.Milliseconds(),
		25,
		"1 s and the delay of 120 ms; ffmpeg sets the volume per frame of 21 ms",
	)

	for name, s := range map[string]sender{
		"sent later":      {start: 313 * time.Millisecond},
		"with jitter":     {path: jitter},
		"later, jittered": {start: 777 * time.Millisecond, path: jitter},
	} {
		t.Run(name, func(t *testing.T) {
			s.id, s.sound = "a", beep
			heard := onset(simulate(New(Config{}), 3*time.Second, s), 0.1)
			require.InDelta(t, 0, (heard - s.start - reference).Seconds(), 0.005)
		})
	}
}

func TestJoinsLeavesAndGapsDoNotClick(t *testing.T) {
	const amplitude, hz = 0.5, 300.0
	smooth := amplitude * 2 * math.Pi * hz / Rate // the steepest step of the tone itself
	long := tone(t, hz, amplitude, 3*time.Second)
	lossless := func(int) (time.Duration, bool) { return 0, false }
	for name, path := range map[string]func(int) (time.Duration, bool){
		"joins mid-tone and leaves": lossless,
		"one packet lost":           func(n int) (time.Duration, bool) { return 0, n == 50 },
		"a pause of 400 ms":         func(n int) (time.Duration, bool) { return 0, n > 50 && n < 70 },
		"one packet late": func(n int) (time.Duration, bool) {
			return time.Duration(n/40%2*(1-min(n%40, 1))) * 130 * time.Millisecond, false
		},
		"the path becomes longer": func(n int) (time.Duration, bool) {
			return time.Duration(n/50) * 300 * time.Millisecond,
				false
		},
		"the path becomes shorter": func(n int) (time.Duration, bool) {
			return 500*time.Millisecond - time.Duration(n/50)*250*time.Millisecond, false
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := New(Config{})
			said := simulate(m, 5*time.Second, sender{id: "a", sound: long[10:120], path: path})
			require.Less(t, maxStep(said), 2.5*smooth, "%+v", m.Stats()["a"])
			require.InDelta(t, amplitude, goertzel(between(said, 800*time.Millisecond, 900*time.Millisecond), hz), 0.05)
			require.Zero(t, rms(between(said, 4500*time.Millisecond, 5*time.Second)), "silence after the end")
		})
	}
}

func TestLossSoundsContinuous(t *testing.T) {
	random := rand.New(rand.NewSource(7))
	lossy := func(int) (time.Duration, bool) { return 0, random.Float64() < 0.05 }
	m := New(Config{})
	said := simulate(m, 20*time.Second, sender{id: "a", sound: tone(t, 500, 0.4, 20*time.Second), path: lossy})
	require.Greater(t, m.Stats()["a"].Lost, uint64(30))
	quiet, windows := 0, 0
	for at := time.Second; at < 19*time.Second; at += 10 * time.Millisecond {
		windows++
		if rms(between(said, at, at+20*time.Millisecond)) < 0.4/math.Sqrt2/2 { // 6 dB
			quiet++
		}
	}
	require.Less(t, float64(quiet)/float64(windows), 0.02, "windows of 20 ms more than 6 dB down")
	require.InEpsilon(t, 0.4/math.Sqrt2, rms(between(said, time.Second, 19*time.Second)), 0.1)
}

func TestDriftStaysSmall(t *testing.T) {
	// A beep of 200 ms every 5 s shows where the stream lies; between them the sender is silent, so
	// that five simulated minutes take seconds.
	const length, every = 5 * time.Minute, 250
	beep := encode(t, "sine=frequency=1000:sample_rate=48000:duration=0.2,volume=4", 1, "-application", "lowdelay")[:10]
	for name, ppm := range map[string]float64{"fast sender": 100, "slow sender": -100} {
		t.Run(name, func(t *testing.T) {
			var sound [][]byte
			for n := range int(length / TickDuration) {
				if n%every < len(beep) {
					sound = append(sound, beep[n%every])
				} else {
					sound = append(sound, []byte{beep[0][0] &^ 3})
				}
			}
			m := New(Config{})
			random := rand.New(rand.NewSource(3))
			said := simulate(m, length, sender{id: "a", sound: sound, ppm: ppm, path: func(int) (time.Duration, bool) {
				return time.Duration(random.ExpFloat64() * float64(5*time.Millisecond)), false
			}})
			var first, worst time.Duration
			for n := every; n+every < len(sound); n += every {
				sent := time.Duration(float64(n) * float64(TickDuration) / (1 + ppm/1e6))
				from := sent + 60*time.Millisecond
				found := onset(between(said, from, from+500*time.Millisecond), 0.2)
				require.NotEqual(t, time.Duration(-1), found, "beep at %v", sent)
				heard := found + 60*time.Millisecond
				if n == every {
					first = heard
				}
				worst = max(worst, heard-first, first-heard)
			}
			stats := m.Stats()["a"]
			t.Logf("worst %v, %+v", worst, stats)
			require.Less(t, worst, 20*time.Millisecond)
			require.LessOrEqual(t, stats.Resyncs, uint64(1), "finding its place at the start")
			require.InDelta(t, ppm/1e6*length.Seconds()*Rate, int64(stats.Skipped)-int64(stats.Repeated), 300)
		})
	}
}

func TestManyLoudVoicesAreLimited(t *testing.T) {
	m := New(Config{})
	var all []sender
	for _, hz := range []int{300, 410, 530, 670, 790, 910} {
		all = append(all, sender{id: string(rune('a' + len(all))), sound: tone(t, hz, 0.7, 2*time.Second)})
	}
	said := simulate(m, 2*time.Second, all...)
	steady := between(said, time.Second, 3*time.Second/2)
	require.Less(t, maxStep(steady), 0.6, "nothing wrapped around")
	var sum float64
	for _, hz := range []float64{300, 410, 530, 670, 790, 910} {
		each := goertzel(steady, hz)
		require.Greater(t, each, 0.08)
		sum += each * each
	}
	total := rms(steady)
	require.Greater(t, sum/2/(total*total), 0.97, "what is not one of the voices is distortion")
}

func TestSilenceOfDTX(t *testing.T) {
	sound := tone(t, 500, 0.4, 2*time.Second)
	m := New(Config{})
	var coming []arrival
	for n, payload := range sound[:50] { // a second of speech, then a packet every 400 ms (RFC 6716, section 2.1.9)
		coming = append(coming, dtx(n, n, payload))
	}
	coming = append(coming, dtx(50, 50, []byte{sound[0][0] &^ 3}), dtx(51, 70, []byte{sound[0][0] &^ 3}))
	for n, payload := range sound[:40] {
		coming = append(coming, dtx(52+n, 90+n, payload))
	}
	var said []float64
	run(m, 3*time.Second, coming, func(out []int16) {
		for i := 0; i < len(out); i += 2 {
			said = append(said, float64(out[i])/math.MaxInt16)
		}
	})
	require.InEpsilon(t, 0.4, goertzel(between(said, 500*time.Millisecond, time.Second), 500), 0.05)
	require.Zero(t, rms(between(said, 1300*time.Millisecond, 1900*time.Millisecond)))
	require.InEpsilon(t, 0.4, goertzel(between(said, 2100*time.Millisecond, 2500*time.Millisecond), 500), 0.05)
	stats := m.Stats()["a"]
	require.Zero(t, stats.Lost+stats.Corrupt+stats.Resyncs, "%+v", stats)
}

// dtx is packet n, holding the 20 ms numbered at.
func dtx(n, at int, payload []byte) arrival {
	return arrival{id: "a", at: time.Duration(at) * TickDuration, packet: &rtp.Packet{
		Header: rtp.Header{SequenceNumber: uint16(n), Timestamp: uint32(at) * TickFrames}, Payload: payload,
	}}
}

func TestReorderedAndRepeatedPackets(t *testing.T) {
	sound := tone(t, 500, 0.4, 3*time.Second)
	plain := simulate(New(Config{}), 3*time.Second, sender{id: "a", sound: sound})
	m := New(Config{})
	shuffled := sender{id: "a", sound: sound, path: func(n int) (time.Duration, bool) {
		return time.Duration(n*7%4) * 20 * time.Millisecond, false
	}}
	coming := shuffled.arrivals()
	coming = append(coming, shuffled.arrivals()...)
	sortByTime(coming)
	var said []float64
	run(m, 3*time.Second, coming, func(out []int16) {
		for i := 0; i < len(out); i += 2 {
			said = append(said, float64(out[i])/math.MaxInt16)
		}
	})
	require.Equal(t, plain, said)
}

func TestSenderStartsAnew(t *testing.T) {
	sound := tone(t, 500, 0.4, 2*time.Second)
	for name, next := range map[string]sender{
		"with another SSRC":     {ssrc: 9, rtpTime: 123456, seq: 3},
		"at another RTP time":   {rtpTime: 1 << 30, seq: 100},
		"at an RTP time ago":    {rtpTime: 3 << 30, seq: 100},
		"a little earlier":      {rtpTime: 48000, seq: 100},
		"with a little skipped": {rtpTime: 200000, seq: 100},
	} {
		t.Run(name, func(t *testing.T) {
			next.id, next.sound, next.start = "a", sound, 2*time.Second
			m := New(Config{})
			said := simulate(m, 4*time.Second, sender{id: "a", sound: sound[:100]}, next)
			require.InEpsilon(t, 0.4, goertzel(between(said, time.Second, 2*time.Second), 500), 0.05)
			require.InEpsilon(t, 0.4, goertzel(between(said, 3*time.Second, 4*time.Second), 500), 0.05, "%+v", m.Stats()["a"])
			require.Less(t, maxStep(said), 0.1)
		})
	}
}

func TestPushAndTickAtOnce(t *testing.T) {
	sound := tone(t, 500, 0.4, time.Second)
	m := New(Config{})
	var pushing sync.WaitGroup
	for n := range 4 {
		pushing.Go(func() {
			for _, a := range (sender{id: fmt.Sprint(n), sound: sound}).arrivals() {
				m.Push(a.id, a.packet, epoch.Add(a.at))
				m.Stats()
			}
		})
	}
	run(m, 2*time.Second, nil, func([]int16) {})
	pushing.Wait()
	require.NotEmpty(t, m.Stats())
}

// A busy machine may hold up whoever ticks for seconds; what is said meanwhile waits for its turn.
func TestATickThatIsBehindLosesNothing(t *testing.T) {
	voice := sender{id: "a", sound: tone(t, 500, 0.4, 12*time.Second)}
	inStep := simulate(New(Config{}), 12*time.Second, voice)
	m, coming, out := New(Config{}), voice.arrivals(), make([]int16, TickSamples)
	var said []float64
	for now := time.Duration(0); now < 12*time.Second; now += TickDuration {
		from := now
		if now >= time.Second { // the packets are 8 s ahead from here on
			from = now + 8*time.Second
		}
		for len(coming) > 0 && coming[0].at <= from {
			m.Push("a", coming[0].packet, epoch.Add(coming[0].at))
			coming = coming[1:]
		}
		m.Tick(epoch.Add(now), out)
		for i := 0; i < len(out); i += 2 {
			said = append(said, float64(out[i])/math.MaxInt16)
		}
	}
	require.True(t, slices.Equal(inStep, said), "%+v", m.Stats()["a"])
}

func TestQueueIsBounded(t *testing.T) {
	sound := tone(t, 500, 0.4, 25*time.Second)
	m := New(Config{})
	for n, payload := range sound { // all at once
		m.Push("a", dtx(n, n, payload).packet, epoch)
	}
	require.Equal(t, maxQueue, len(m.streams[0].queue))
	require.EqualValues(t, len(sound)-maxQueue, m.Stats()["a"].Dropped)
}

func TestQuietStreamsAreForgotten(t *testing.T) {
	m := New(Config{})
	m.Push("a", dtx(0, 0, []byte{0xfc, 1, 2}).packet, epoch)
	m.Tick(epoch.Add(29*time.Second), make([]int16, TickSamples))
	require.Len(t, m.Stats(), 1)
	m.Tick(epoch.Add(31*time.Second), make([]int16, TickSamples))
	require.Empty(t, m.Stats())
}

func TestLevelOfAStream(t *testing.T) {
	m := New(Config{})
	simulate(
		m,
		time.Second,
		sender{id: "loud", sound: tone(t, 500, 0.5, time.Second)},
		sender{id: "soft", sound: tone(t, 500, 0.05, time.Second)},
	)
	stats := m.Stats()
	require.InDelta(t, 20*math.Log10(0.5/math.Sqrt2), stats["loud"].Level, 1)
	require.InDelta(t, 20*math.Log10(0.05/math.Sqrt2), stats["soft"].Level, 1)
}

// TestTickDoesNotAllocate holds for the mixer's own part; the decoder is not ours.
func TestTickDoesNotAllocate(t *testing.T) {
	m := New(Config{})
	out := make([]int16, TickSamples)
	at := epoch
	for n := range 3 {
		m.Push(string(rune('a'+n)), dtx(0, 0, []byte{0xfc}).packet, at)
	}
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
		m.Tick(at, out)
		at = at.Add(TickDuration)
	}), 0.0)
}

func BenchmarkStream(b *testing.B) {
	for name, sound := range map[string][][]byte{
		"music 64k mono": tone(b, 440, 0.5, 10*time.Second),
		"voice 24k mono": tone(b, 440, 0.5, 10*time.Second, "-application", "voip", "-b:a", "24k"),
		"stereo 128k":    encode(b, "aevalsrc=0.2*sin(2*PI*400*t)|0.2*sin(2*PI*900*t):s=48000:d=10", 2, "-b:a", "128k"),
	} {
		b.Run(name, func(b *testing.B) {
			m := New(Config{})
			out := make([]int16, TickSamples)
			b.ReportAllocs()
			for n := range b.N {
				at := epoch.Add(time.Duration(n) * TickDuration)
				m.Push("a", dtx(n, n, sound[n%len(sound)]).packet, at)
				m.Tick(at, out)
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(TickDuration), "cores")
		})
	}
}
