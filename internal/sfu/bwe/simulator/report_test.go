package simulator_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/klatch/klatch/internal/sfu/bwe/simulator"
	"github.com/stretchr/testify/require"
)

var report = flag.Bool("report", false, "write the table and the plots of docs/benchmarks.md")

const (
	docs        = "../../../../docs"
	reportSeeds = 5
	reportBegin = "## Bandwidth estimation\n"
	klatchColor = "#0a66c2"
	pionColor   = "#e07b00"
)

// TestReport runs all cases with the estimator of this project and with pion's gcc, and writes what came of it to
// docs/benchmarks.md. `make bwe-report` calls it.
func TestReport(t *testing.T) {
	if !*report {
		t.Skip("-report writes docs/benchmarks.md")
	}
	var b strings.Builder
	b.WriteString(reportBegin + reportText)
	better, cases := 0, 0
	for _, g := range []struct {
		file      string
		scenarios []simulator.Scenario
	}{{"bwe-rfc8867.svg", simulator.RFC8867()}, {"bwe-links.svg", simulator.Links()}} {
		var panels []simulator.Panel
		b.WriteString(tableHead)
		for _, s := range g.scenarios {
			var ours, theirs []simulator.Assessment
			for seed := range uint64(reportSeeds) {
				s.Seed = seed
				our, their := s.Run(simulator.NewEstimator), runPion(t, s)
				ours, theirs = append(ours, s.Assess(our)), append(theirs, s.Assess(their))
				if seed == 0 {
					panels = append(panels, simulator.Panel{Scenario: s, Traces: []simulator.Trace{
						{Label: "pion gcc", Color: pionColor, Result: their},
						{Label: "klatch", Color: klatchColor, Result: our}}})
				}
			}
			our, their := simulator.Mean(ours), simulator.Mean(theirs)
			fmt.Fprintf(&b, tableRow, s.Name, our.Score, their.Score, our.Share*100, their.Share*100,
				our.Loss*100, their.Loss*100, our.Audio*100, their.Audio*100,
				our.QueueP95.Milliseconds(), their.QueueP95.Milliseconds(), settling(our), settling(their),
				our.Fairness, their.Fairness)
			t.Logf("%-34s %.2f %.2f", s.Name, our.Score, their.Score)
			cases++
			if our.Score > their.Score {
				better++
			}
		}
		fmt.Fprintf(&b, "\n![what the flows received](images/%s)\n", g.file)
		image := filepath.Join(docs, "images", g.file)
		require.NoError(t, os.WriteFile(image, []byte(simulator.Plot(panels)), 0o644))
	}
	fmt.Fprintf(&b, "\nThe score is better in %d of %d cases. On the narrowest links the two are level: "+
		"looking for more, which gcc does not\ndo, costs a queue from time to time.\n", better, cases)
	writeSection(t, b.String())
}

const reportText = `
` + "`make bwe-report`" + ` repeats this, in simulated time: ` + "`internal/sfu/bwe`" + ` beside pion's ` + "`gcc`" + `
(github.com/pion/interceptor/pkg/gcc) in the same simulator, ` + "`internal/sfu/bwe/simulator`" + `. Each cell has klatch / gcc,
the mean of five seeds. The first table has the test cases of RFC 8867 (a path of 50 ms, jitter up to 30 ms, a drop-tail queue of 300 ms;
sources of 0.15 to 1.5 Mbit/s), the second the links on which meetings suffer (sources up to 2.5 Mbit/s; "layers" are 150, 500 and
2000 kbit/s; rates are made by a token bucket of 6 kB, as tc tbf does). Video is paced at 1.5 times the estimate, feedback
comes every 100 ms, and the source follows the estimate at once. gcc has no probes, which the simulator would send; it
has goroutines, so its figures differ a little from run to run.

- **received**: share of the fair share that the flows received: equal parts of the capacity, TCP flows included, to whoever can use them
- **lost**, **audio lost**: beyond what the path loses at random
- **queue**: 95th percentile of the time at the bottleneck, in ms
- **settled**: the longest time after a change until the flows receive 80 % of their fair share with a queue below 150 ms (without that limit
  where TCP fills the queue); mean of the seeds, what does not settle counts as 30 s and is marked
- **fair**: Jain's index of what the flows received of their fair shares
- **score**: received * (1 - lost)^4 / (1 + queue / 500 ms) / (1 + settled / 30 s)
`

const tableRow = "| %s | **%.2f** / %.2f | %.0f / %.0f %% | %.1f / %.1f %% | %.1f / %.1f %% | %d / %d | %s / %s | " +
	"%.2f / %.2f |\n"

const tableHead = `
| case | score | received | lost | audio lost | queue ms | settled s | fair |
| --- | --- | --- | --- | --- | --- | --- | --- |
`

func settling(a simulator.Assessment) string {
	if a.Unsettled {
		return fmt.Sprintf("%.1f, not always", a.Settling.Seconds())
	}
	return fmt.Sprintf("%.1f", a.Settling.Seconds())
}

// writeSection replaces the section in docs/benchmarks.md, or appends it.
func writeSection(t *testing.T, section string) {
	t.Helper()
	file := filepath.Join(docs, "benchmarks.md")
	page, err := os.ReadFile(file)
	require.NoError(t, err)
	before, after, found := strings.Cut(string(page), reportBegin)
	if found {
		if n := strings.Index(after, "\n## "); n >= 0 {
			section += after[n:]
		}
	} else {
		before += "\n"
	}
	require.NoError(t, os.WriteFile(file, []byte(before+section), 0o644))
}

// runPion runs a scenario with pion's gcc, in a bubble whose clock follows the simulation.
func runPion(t *testing.T, s simulator.Scenario) (r simulator.Result) {
	synctest.Test(t, func(*testing.T) {
		var made []*pion
		r = s.Run(func() simulator.Controller {
			p := newPion()
			made = append(made, p)
			return p
		})
		time.Sleep(time.Second)
		for _, p := range made {
			p.close()
		}
	})
	return r
}
