// Package simulator runs congestion controllers on simulated paths, in simulated time: the test cases of RFC 8867,
// and links on which meetings are known to suffer. The same scenario with the same seed has the same result. Only
// tests and the report of docs/benchmarks.md use it.
package simulator

import (
	"math/rand/v2"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
)

// Scenario is a path, and the flows on it.
type Scenario struct {
	Name     string
	Duration time.Duration
	Path     Path // there
	Back     Path // and back
	Media    []Media
	TCP      []TCP
	Seed     uint64
}

// Result has the flows in the order of the scenario.
type Result struct {
	Media []*Flow
	TCP   []*Flow
}

// Run plays a scenario. controller makes the controller of each media flow.
func (s Scenario) Run(controller func() Controller) Result {
	c := &clock{}
	there, back := newLink(c, s.Path, s.Seed), newLink(c, s.Back, s.Seed+1)
	var r Result
	for n, m := range s.Media {
		f := &mediaFlow{media: m, id: n, clock: c, control: controller(), out: there, back: back,
			rng: rand.New(rand.NewPCG(s.Seed, uint64(n)+10)), record: twcc.NewRecorder(1), stats: newStats(c)}
		if m.Back {
			f.out, f.back = back, there
		}
		r.Media = append(r.Media, f.stats.flow)
		f.start()
	}
	for n, t := range s.TCP {
		f := &tcpFlow{tcp: t, id: 1000 + n, clock: c, out: there, back: back,
			rng: rand.New(rand.NewPCG(s.Seed, uint64(n)+1000)), stats: newStats(c)}
		r.TCP = append(r.TCP, f.stats.flow)
		f.start()
	}
	c.runUntil(s.Duration)
	return r
}

func newStats(c *clock) *flowStats { return &flowStats{clock: c, flow: &Flow{}} }
