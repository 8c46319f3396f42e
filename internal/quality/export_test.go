package quality

import (
	"time"

	"github.com/klatch/klatch/internal/wire"
)

// Sample takes one sample at a time.
func (c *Collector) Sample(now time.Time) { c.sample(now, false) }

// AddReport adds what a client has reported.
func (s *Sample) AddReport(p wire.StatsParams) { s.addReport(p) }
