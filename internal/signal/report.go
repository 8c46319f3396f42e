package signal

import (
	"context"

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
func report(ctx context.Context, s *session, req wire.Request) (any, error) {
	var params wire.ReportParams
	if f := decodeParams(req, &params, []string{"fault"}); f != nil {
		return nil, f
	}
	if !s.reports.Allow() {
		return nil, fault.RateLimitedMessages(reportBurst, reportBurst*1000/reportsPerSecond)
	}
	f, err := fault.Rebuild(params.Fault)
	if err != nil {
		return nil, fault.InvalidMessageBadParams(req.Method, "fault", err.Error())
	}
	if entry, _ := f.Entry(); entry.Origin == "server" {
		return nil, fault.InvalidMessageBadParams(req.Method, "fault.reason", entry.Key()+" is found by the server, not by a device")
	}
	s.server.opts.Reporter.Report(ctx, s.withIDs(f))
	return empty{}, nil
}
