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

// maxLasting of the faults that a client has reported last at a time; more are kept as faults that do not.
const maxLasting = 16

// report takes a fault that an SDK found on its device, for the console and the log. The words are made anew
// from the catalogue: of what the client sends only code, reason, details, id, cause and age are used.
func report(ctx context.Context, s *session, _ int64, params wire.ReportParams) (any, error) {
	if !s.reports.Allow() {
		return nil, fault.RateLimitedMessages(reportBurst, reportBurst*time.Second/reportsPerSecond)
	}
	f, err := fault.Rebuild(params.Fault)
	if err != nil {
		return nil, err // it is an error of the server's: Check has rebuilt it
	}
	f.At = fault.InstantOf(reportedAt(params.AgoMs))
	f = s.withIDs(f)
	if !f.Lasts() || !s.raise(f) {
		s.server.opts.Reporter.Report(ctx, f)
	}
	return empty{}, nil
}

// reportCleared takes the end of a fault that was reported. One that is over already, or of which the server does not
// know that it lasts, is none.
func reportCleared(_ context.Context, s *session, _ int64, params wire.ReportClearedParams) (any, error) {
	if !s.ends.Allow() {
		return nil, fault.RateLimitedMessages(reportBurst, reportBurst*time.Second/reportsPerSecond)
	}
	s.mu.Lock()
	key, lasts := s.lasting[params.ID]
	delete(s.lasting, params.ID)
	s.mu.Unlock()
	if lasts {
		s.server.opts.Conditions.ClearAt(key, reportedAt(params.AgoMs))
	}
	return empty{}, nil
}

func reportedAt(agoMs int64) time.Time {
	return time.Now().Add(-time.Duration(agoMs) * time.Millisecond).UTC().Truncate(time.Millisecond)
}

// raise begins a condition of this client, which ends with its participation at the latest. It returns false where the
// fault is to be reported as one that does not last.
func (s *session) raise(f *fault.Error) bool {
	if s.server.opts.Conditions == nil {
		return false
	}
	key := "participant " + f.SessionID + " " + f.ParticipantID + " " + f.ID
	s.mu.Lock()
	_, lasts := s.lasting[f.ID]
	take := !lasts && s.lasting != nil && len(s.lasting) < maxLasting
	if take {
		s.lasting[f.ID] = key
	}
	s.mu.Unlock()
	if lasts || !take {
		return lasts
	}
	lasts = s.server.opts.Conditions.RaiseReported(key, f)
	s.mu.Lock()
	out := s.lasting == nil // Closed came between, and may have been before this began
	if !lasts {
		delete(s.lasting, f.ID)
	}
	s.mu.Unlock()
	if out {
		s.server.opts.Conditions.ClearAt(key, time.Now())
	}
	return true
}
