package layer_test

import (
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/sfu/layer"
)

// endless returns packets of a recording again and again, as one stream without end.
type endless struct {
	packets []recorded
	facts   []payload.Facts
	at      int
	numbers [layer.MaxEncodings]uint16
}

func newEndless(t testing.TB, name string, codec payload.Codec) *endless {
	e := &endless{}
	var parsers [layer.MaxEncodings]*payload.Parser
	for i := range parsers {
		parsers[i] = payload.NewParser(codec)
	}
	for _, p := range recording(t, name) {
		if !p.Report && len(p.Payload) > 0 {
			e.packets = append(e.packets, p)
			e.facts = append(e.facts, parsers[p.Encoding].Parse(p.Timestamp, p.Marker, p.Payload, p.Descriptor))
		}
	}
	return e
}

func (e *endless) next() (layer.Origin, uint16, *payload.Facts) {
	p, f := &e.packets[e.at], &e.facts[e.at]
	o := layer.Origin{Encoding: p.Encoding}
	e.numbers[p.Encoding]++
	number := e.numbers[p.Encoding]
	if e.at++; e.at == len(e.packets) {
		e.at = 0
		for i := range e.packets {
			e.facts[i].RTPTime += 300000
			e.facts[i].PictureID = (e.facts[i].PictureID + 30) & 0x7fff
			e.facts[i].Dependency.Number += 90
		}
	}
	return o, number, f
}

var benchmarks = []struct {
	name  string
	codec payload.Codec
}{{"vp8-simulcast", payload.VP8}, {"h264-simulcast", payload.H264}, {"vp9-l3t3", payload.VP9},
	{"av1-l3t3key", payload.AV1}}

func BenchmarkSelectAndMap(b *testing.B) {
	for _, c := range benchmarks {
		b.Run(c.name, func(b *testing.B) {
			stream := newEndless(b, c.name, c.codec)
			s := newSink(3, layer.Layer{Spatial: 1, Temporal: 1})
			if c.codec == payload.VP9 || c.codec == payload.AV1 {
				s.SetEncodings(1)
			}
			b.ReportAllocs()
			before := cpuTime()
			for b.Loop() {
				o, number, f := stream.next()
				d := s.Select(o, f)
				s.Map(o, number, f, d, start)
			}
			b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op") // on a busy machine
		})
	}
}

func cpuTime() int64 {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func BenchmarkParse(b *testing.B) {
	for _, c := range benchmarks {
		b.Run(c.name, func(b *testing.B) {
			stream := newEndless(b, c.name, c.codec)
			parser := payload.NewParser(c.codec)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				p := &stream.packets[i]
				parser.Parse(p.Timestamp, p.Marker, p.Payload, p.Descriptor)
				if i++; i == len(stream.packets) {
					i = 0
				}
			}
		})
	}
}

// Nothing allocates per packet, through switches, loss and reordering.
func TestAllocatesNothing(t *testing.T) {
	for _, c := range benchmarks {
		t.Run(c.name, func(t *testing.T) {
			stream := newEndless(t, c.name, c.codec)
			encodings := 3
			if c.codec == payload.VP9 || c.codec == payload.AV1 {
				encodings = 1
			}
			s := newSink(encodings, layer.Layer{Spatial: 1, Temporal: 1})
			r := rand.New(rand.NewPCG(1, 1))
			step := func() {
				o, number, f := stream.next()
				if r.IntN(10) == 0 {
					return // lost
				}
				if r.IntN(50) == 0 {
					s.SetTarget(layer.Layer{Spatial: int8(r.IntN(3)), Temporal: int8(r.IntN(3))})
				}
				s.Map(o, number, f, s.Select(o, f), start)
				s.Source(number)
			}
			for range 3 * len(stream.packets) {
				step()
			}
			require.Zero(t, testing.AllocsPerRun(5000, step))
		})
	}
}

func TestParseAllocatesNothing(t *testing.T) {
	for _, c := range benchmarks {
		packets := recording(t, c.name)
		var parsers [layer.MaxEncodings]*payload.Parser
		for i := range parsers {
			parsers[i] = payload.NewParser(c.codec)
		}
		all := func() {
			for i := range packets {
				p := &packets[i]
				parsers[p.Encoding].Parse(p.Timestamp, p.Marker, p.Payload, p.Descriptor)
			}
		}
		all()
		require.Zero(t, testing.AllocsPerRun(10, all), c.name)
	}
}
