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

// reportStats takes what a client has measured of its own media. More than it was asked for is refused: of most of them
// only the newest would be used.
func reportStats(ctx context.Context, s *session, _ int64, params wire.StatsParams) (any, error) {
	every := s.server.opts.StatsInterval
	if every == 0 {
		return empty{}, nil // it was not asked, and nothing is kept
	}
	if !s.measurements.Allow() {
		return nil, fault.RateLimitedMessages(statsBurst, statsBurst*every/2)
	}
	if err := s.participant.InSession(ctx, wire.MethodReportStats); err != nil {
		return nil, err
	}
	s.server.opts.Measurements.Report(s.participant.SessionID(), s.participant.ID(), params)
	return empty{}, nil
}

// statsBurst is how many reports may come at once, after a cut; on average two come in an interval at most.
const statsBurst = 5

func newStatsLimit(every time.Duration) *rate.Limiter {
	return rate.NewLimiter(rate.Every(every/2), statsBurst)
}

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
