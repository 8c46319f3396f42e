package simulator_test

import (
	"testing"
	"time"

	"github.com/klatch/klatch/internal/sfu/bwe/simulator"
)

func TestPrint(t *testing.T) {
	for _, s := range append(simulator.RFC8867(), simulator.Links()...) {
		r := s.Run(simulator.NewEstimator)
		for n, f := range append(r.Media, r.TCP[:min(len(r.TCP), 1)]...) {
			t.Logf("%-34s %d: %5.0fk loss %.1f%% a %.1f%% q95 %v", s.Name, n, f.Rate(5*time.Second, s.Duration)/1e3,
				f.Loss()*100, f.AudioLoss()*100, f.QueueP95().Round(time.Millisecond))
		}
	}
}
