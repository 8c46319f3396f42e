package signal

import (
	"context"
	"time"

	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// A device reports a handful of faults in a call; past this somebody fills our log.
const (
	reportsPerSecond = 1
	reportBurst      = 20
)

func newReportLimit() *rate.Limiter { return rate.NewLimiter(reportsPerSecond, reportBurst) }

// report takes a fault that an SDK found on its device, for the console and the log. The words are made anew
// from the catalogue: of what the client sends only code, reason, details and id are used.
func report(ctx context.Context, s *session, _ int64, params wire.ReportParams) (any, error) {
	if !s.reports.Allow() {
		return nil, fault.RateLimitedMessages(reportBurst, reportBurst*time.Second/reportsPerSecond)
	}
	f, err := fault.Rebuild(params.Fault)
	if err != nil {
		return nil, err // it is an error of the server's: Check has rebuilt it
	}
	s.server.opts.Reporter.Report(ctx, s.withIDs(f))
	return empty{}, nil
}
