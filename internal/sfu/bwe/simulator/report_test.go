package simulator_test

import (
	"flag"
	"testing"
	"testing/synctest"

	"github.com/klatch/klatch/internal/sfu/bwe/simulator"
)

var report = flag.Bool("report", false, "write the table and the plots of docs/benchmarks.md")

func TestReport(t *testing.T) {
	if !*report {
		t.Skip("-report writes it")
	}
	var sums [2]float64
	for _, s := range append(simulator.RFC8867(), simulator.Links()...) {
		ours := s.Assess(s.Run(simulator.NewEstimator))
		theirs := s.Assess(runPion(t, s))
		print(t, s.Name, "klatch", ours)
		print(t, s.Name, "pion", theirs)
		mark := ""
		if theirs.Score >= ours.Score {
			mark = "WORSE"
		}
		t.Logf("%s", mark)
		sums[0] += ours.Score
		sums[1] += theirs.Score
	}
	t.Log(sums)
}

func runPion(t *testing.T, s simulator.Scenario) (r simulator.Result) {
	synctest.Test(t, func(t *testing.T) {
		var made []*pion
		r = s.Run(func() simulator.Controller {
			c := newPion()
			made = append(made, c.(*pion))
			return c
		})
		for _, p := range made {
			p.Close()
		}
	})
	return r
}

func print(t *testing.T, name, who string, a simulator.Assessment) {
	t.Logf("%-32s %-7s share %.2f jain %.2f loss %4.1f%% audio %4.1f%% q95 %4dms settle %5.1f score %.2f", name, who, a.Share,
		a.Fairness, a.Loss*100, a.Audio*100, a.QueueP95.Milliseconds(), a.Settling.Seconds(), a.Score)
}
