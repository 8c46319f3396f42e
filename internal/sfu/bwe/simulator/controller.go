package simulator

import (
	"time"

	"github.com/klatch/klatch/internal/sfu/bwe"
	"github.com/pion/rtcp"
)

// zero is when simulations start.
var zero = time.Unix(1_800_000_000, 0)

// estimator is a bwe.Estimator as a Controller.
type estimator struct{ *bwe.Estimator }

// NewEstimator returns a controller with the estimator of this project.
func NewEstimator() Controller {
	return estimator{bwe.New(bwe.Config{Start: startBps})}
}

// startBps is the estimate at which every controller starts.
const startBps = 300_000

func (e estimator) Sent(seq uint16, size int, at time.Duration, probe uint8) {
	e.Estimator.Sent(seq, size, zero.Add(at), bwe.ProbeID(probe))
}

func (e estimator) Feedback(fb *rtcp.TransportLayerCC, now time.Duration) {
	e.Estimator.Feedback(fb, zero.Add(now))
}

func (e estimator) Tick(now time.Duration) { e.Estimator.Tick(zero.Add(now)) }

func (e estimator) Probe(now time.Duration) (uint8, float64, int) {
	p, ok := e.Estimator.Probe(zero.Add(now))
	if !ok {
		return 0, 0, 0
	}
	return uint8(p.ID), float64(p.Bps), p.Bytes
}

func (e estimator) SetDemand(bps float64) { e.Estimator.SetDemand(int64(bps)) }

func (e estimator) Estimate() float64 { return float64(e.Estimator.Estimate()) }
