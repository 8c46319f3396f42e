package simulator_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/klatch/klatch/internal/sfu/bwe/simulator"
)

func TestDebug(t *testing.T) {
	name := os.Getenv("CASE")
	if name == "" {
		t.Skip()
	}
	for _, s := range append(simulator.RFC8867(), simulator.Links()...) {
		if !strings.HasPrefix(s.Name, name) {
			continue
		}
		r := s.Run(simulator.NewEstimator)
		fmt.Println(s.Name)
		for i := 4; i < len(r.Media[0].Samples); i += 5 {
			for _, f := range append(r.Media, r.TCP[:min(len(r.TCP), 1)]...) {
				if i >= len(f.Samples) {
					continue
				}
				m := f.Samples[i]
				fmt.Printf(" %5.1f e%6.0f r%6.0f q%4d |", m.At.Seconds(), m.Estimate/1e3, m.Received/1e3, m.Queue/time.Millisecond)
			}
			fmt.Println()
		}
	}
}
