package quality_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/quality"
	"github.com/klatch/klatch/internal/wire"
)

func pointer[T any](v T) *T { return &v }

// report is what a client of a meeting with cameras, a shared screen and sound reports, with values that vary as they
// do.
func report(r *rand.Rand) wire.StatsParams {
	about := func(v float64) float64 { return v * (0.8 + 0.4*r.Float64()) }
	p := wire.StatsParams{
		DurationMs: 10_000, Camera: "usb", Microphone: "headset",
		Path: &wire.PathMeasure{
			Candidate: "srflx", Protocol: "udp", Network: "wifi", RTTMs: pointer(about(43)),
			AvailableBps: pointer(int64(about(2_500_000))),
		},
	}
	for _, direction := range wire.Directions {
		for _, kind := range []wire.Kind{wire.Audio, wire.Video, wire.Share} {
			m := wire.StreamMeasure{
				Direction: direction, Kind: kind, Streams: 1, BitrateBps: int64(about(32_000)), Packets: int64(about(500)),
				PacketsLost: int64(about(3)), JitterMs: pointer(about(5)),
			}
			if kind == wire.Share && direction == wire.Send && r.IntN(5) > 0 {
				continue // one of five shares a screen
			}
			if direction == wire.Send {
				m.RTTMs = pointer(about(43))
			}
			if kind != wire.Audio {
				m.BitrateBps, m.Packets = int64(about(1_200_000)), int64(about(1200))
				m.Width, m.Height, m.FramesPerSecond = 1280, 720, pointer(float64(int(about(25))))
				if direction == wire.Send {
					m.Limitation = wire.Limitations[r.IntN(2)]
				} else {
					m.Streams, m.Freezes, m.FrozenMs = 8, pointer(int64(r.IntN(3))), pointer(int64(r.IntN(500)))
				}
			} else if direction == wire.Recv {
				m.Streams, m.Concealed = 8, pointer(r.Float64()/50)
			}
			p.Streams = append(p.Streams, m)
		}
	}
	return p
}

// media is what the media part measures of the same.
func media(r *rand.Rand) wire.MediaMeasure {
	about := func(v float64) float64 { return v * (0.8 + 0.4*r.Float64()) }
	m := wire.MediaMeasure{EstimateBps: int64(about(3_000_000)), RTT: time.Duration(about(43e6))}
	for _, s := range report(r).Streams {
		one := wire.MediaStreamMeasure{
			Direction: s.Direction, Kind: s.Kind, Streams: int(s.Streams), Packets: uint64(s.Packets),
			Bytes: uint64(s.BitrateBps * 10 / 8), Lost: uint64(s.PacketsLost), Jitter: time.Duration(about(5e6)),
			NACKs: uint64(r.IntN(9)), KeyFrames: uint64(r.IntN(3)), Width: int(s.Width), Height: int(s.Height), Layer: 2,
		}
		m.Streams = append(m.Streams, one)
	}
	return m
}

// fakeMedia has so many participants.
type fakeMedia struct {
	n int
	r *rand.Rand
}

func (m *fakeMedia) Measure(take func(wire.Peer, wire.MediaMeasure)) {
	for i := range m.n {
		take(wire.Peer{SessionID: "session", ParticipantID: fmt.Sprintf("participant-%d", i)}, media(m.r))
	}
}

// memory is a store that can fail.
type memory struct {
	mu   sync.Mutex
	err  error
	rows []quality.Row
}

func (m *memory) SaveQuality(_ context.Context, rows []quality.Row) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.rows = append(m.rows, rows...)
	}
	return m.err
}

func (m *memory) TrimQuality(context.Context, time.Time) (bool, error) { return false, nil }

func (m *memory) set(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

// A minute of a participant who sends and receives everything is less than a kilobyte, with what the store adds: the
// key of the row, once in SQLite and twice in Postgres, and its header.
func TestAMinuteIsSmall(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	db := &memory{}
	c := quality.New(quality.Options{Media: &fakeMedia{n: 20, r: r}, Store: db, Interval: 10 * time.Second})
	start := time.Now()
	for n := range 60 {
		for i := range 20 {
			c.Report("session", fmt.Sprintf("participant-%d", i), report(r))
		}
		c.Sample(start.Add(time.Duration(n) * 10 * time.Second))
	}
	db.rows = c.Recent("session", "")
	bytes := 0
	for _, row := range db.rows {
		bytes += len(row.Packed) + 2*(26+len(row.ParticipantID)+8+4) + 32
	}
	require.Len(t, db.rows, 20*10)
	mean := bytes / len(db.rows)
	t.Logf("a participant-minute is %d bytes in the store", mean)
	require.Less(t, mean, 1000)
}

func TestPackedSamplesAreTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	at := time.UnixMilli(1_800_000_000_123).UTC()
	var samples []quality.Sample
	for i := range 6 {
		e := quality.Entry{Key: quality.KeyOf(wire.Send, wire.Video)}
		e.Set(quality.Width, 1280)
		if i%2 == 0 { // not always measured
			e.Set(quality.Bitrate, float64(r.IntN(5000)))
		}
		path := quality.Entry{Key: quality.PathKey}
		path.Set(quality.PathRTT, 1e18) // more than fits
		s := quality.Sample{At: at.Add(time.Duration(i) * 10 * time.Second), Entries: []quality.Entry{path, e}}
		if i == 3 {
			s.Entries = s.Entries[:1]
		}
		samples = append(samples, s)
	}
	packed := quality.Pack(samples)
	got, err := quality.Unpack(at, packed)
	require.NoError(t, err)
	require.Equal(t, samples, got)
	for n := range packed { // cut anywhere
		_, _ = quality.Unpack(at, packed[:n])
	}
	_, err = quality.Unpack(at, []byte{9, 1})
	require.ErrorIs(t, err, quality.ErrCorrupt)
}

func FuzzUnpack(f *testing.F) {
	r := rand.New(rand.NewPCG(5, 6))
	var s quality.Sample
	s.AddReport(report(r))
	f.Add(quality.Pack([]quality.Sample{s, s}))
	f.Fuzz(func(t *testing.T, packed []byte) {
		if len(packed) > 1<<16 {
			return
		}
		samples, err := quality.Unpack(time.Unix(0, 0), packed)
		if err != nil {
			return
		}
		series := quality.Series{Step: time.Minute}
		series.Add(samples)
		for _, p := range series.Points() {
			for _, mean := range p.Scores {
				if v, ok := mean.Value(); ok && !(v >= 0 && v <= 10) {
					t.Fatalf("a score of %v", v)
				}
			}
		}
	})
}

func TestScore(t *testing.T) {
	for _, tt := range []struct {
		name string
		of   wire.StreamMeasure
		rtt  float64
		want float64
	}{
		{"perfect", wire.StreamMeasure{Packets: 1000}, 20, 10},
		{"5 percent lost", wire.StreamMeasure{Packets: 950, PacketsLost: 50}, 20, 8},
		{"everything lost", wire.StreamMeasure{PacketsLost: 50}, 20, 6},
		{"half a second there and back", wire.StreamMeasure{Packets: 1}, 500, 7},
		{"frozen for a fifth of the time", wire.StreamMeasure{Packets: 1, Streams: 1, FrozenMs: pointer(int64(2000))}, 0, 5},
		{"the same in one picture of four",
			wire.StreamMeasure{Packets: 1, Streams: 4, FrozenMs: pointer(int64(2000))}, 0, 8.75},
		{"ten percent made up", wire.StreamMeasure{Packets: 1, Concealed: pointer(0.1)}, 0, 5},
		{"too slow a machine", wire.StreamMeasure{Packets: 1, Limitation: "cpu"}, 0, 8},
		{"all at once", wire.StreamMeasure{
			Packets: 1, PacketsLost: 99, Streams: 1, FrozenMs: pointer(int64(9000)), Concealed: pointer(1.0), Limitation: "cpu",
		}, 5000, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.of.Direction, tt.of.Kind = wire.Recv, wire.Video
			var s quality.Sample
			s.AddReport(wire.StatsParams{
				Streams: []wire.StreamMeasure{tt.of}, Path: &wire.PathMeasure{RTTMs: &tt.rtt},
			})
			scores := s.Scores()
			require.InDelta(t, tt.want, scores[quality.Video].Value, 0.011)
			require.False(t, scores[quality.Audio].OK, "there was no sound")
		})
	}
}

// A store that does not take rows is one fault; nothing is lost when it takes them again, and a meeting never waits.
func TestAStoreThatFails(t *testing.T) {
	db := &memory{err: errors.New("disk on fire")}
	var mu sync.Mutex
	var faults []*fault.Error
	c := quality.New(quality.Options{
		Media: &fakeMedia{n: 3, r: rand.New(rand.NewPCG(7, 8))}, Store: db, Interval: 20 * time.Millisecond,
		RowTime: 20 * time.Millisecond,
		Report: func(_ context.Context, f *fault.Error) {
			mu.Lock()
			defer mu.Unlock()
			faults = append(faults, f)
		},
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { c.Run(ctx); close(ended) }()
	require.Eventually(t, func() bool { return c.Counts().Failures >= 3 }, 10*time.Second, time.Millisecond)
	require.NotEmpty(t, c.Recent("session", "participant-1"), "readers still see it")
	require.Empty(t, c.Recent("session", "kim"))
	require.Empty(t, c.Recent("another", ""))
	mu.Lock()
	require.Len(t, faults, 1)
	require.Equal(t, "STORE", faults[0].Reason)
	mu.Unlock()
	db.set(nil)
	require.Eventually(t, func() bool { return c.Counts().Rows > 0 }, 10*time.Second, time.Millisecond)
	stop()
	<-ended
	require.NoError(t, c.Flush(t.Context()))
	n := c.Counts()
	require.EqualValues(t, len(db.rows), n.Rows)
	require.Zero(t, n.Dropped)
	require.Empty(t, c.Recent("session", ""))
	samples := 0
	for _, row := range db.rows {
		of, err := quality.Unpack(row.At, row.Packed)
		require.NoError(t, err)
		samples += len(of)
	}
	require.EqualValues(t, n.Samples, samples, "each sample is written once")
}

func TestReportsThatComeTooOftenAreCounted(t *testing.T) {
	c := quality.New(quality.Options{Media: &fakeMedia{r: rand.New(rand.NewPCG(9, 10))}, Store: &memory{}})
	for range 5 {
		c.Report("session", "ann", wire.StatsParams{DurationMs: 10_000, Path: &wire.PathMeasure{}})
	}
	require.EqualValues(t, 5, c.Counts().Reports)
	require.EqualValues(t, 2, c.Counts().Unused)
}

// BenchmarkAMinuteOfAHundred measures all that a minute of 100 participants costs but for the store: their samples,
// their reports, and the packing. Divide by 60 s for the share of a core.
func BenchmarkAMinuteOfAHundred(b *testing.B) {
	r := rand.New(rand.NewPCG(11, 12))
	reports := make([]wire.StatsParams, 100)
	for i := range reports {
		reports[i] = report(r)
	}
	m := &recorded{}
	for range 100 {
		m.of = append(m.of, media(r))
	}
	for b.Loop() {
		c := quality.New(quality.Options{Media: m, Store: &memory{}})
		for range 6 {
			for i, p := range reports {
				c.Report("session", fmt.Sprintf("participant-%d", i), p)
			}
			c.Sample(time.Now())
		}
		if err := c.Flush(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

type recorded struct{ of []wire.MediaMeasure }

func (m *recorded) Measure(take func(wire.Peer, wire.MediaMeasure)) {
	for i, one := range m.of {
		take(wire.Peer{SessionID: "session", ParticipantID: fmt.Sprintf("participant-%d", i)}, one)
	}
}
