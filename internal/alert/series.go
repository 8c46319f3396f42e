package alert

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/record"
)

// RecentWindow is the time of which participants are counted.
const RecentWindow = recent

// Series returns the values of a metric of an account in a time that ends now, oldest first, and the time of one. Of
// what is measured and present an hour is kept, since the start of the server.
func (a *Alerts) Series(
	ctx context.Context, accountID string, m Metric, over time.Duration, now time.Time,
) ([]Point, time.Duration, error) {
	switch {
	case m.Name == Conditions:
		lasting := a.lastingOf(&watched{WatchedRule: record.WatchedRule{AlertRule: record.AlertRule{AccountID: accountID}}})
		return []Point{{now.UTC().Truncate(time.Millisecond), float64(len(lasting))}}, Step, nil
	case m.Kind == Counted:
		size := Step
		for over/size > maxSteps {
			size *= 2
		}
		points, err := a.counted(ctx, record.FaultSteps{
			AccountID: accountID, Codes: m.Codes, From: now.Add(-over), To: now, Step: size,
		})
		return points, size, err
	}
	return a.measured.points(accountID, m.Name, m.TimeAggregations()[0], now.Add(-over), now), Step, nil
}

// maxSteps bounds the values of one series.
const maxSteps = 240

// Measured counts the participants whose quality was measured in the last RecentWindow.
func (a *Alerts) Measured(accountID string, now time.Time) int {
	return a.measured.people(accountID, now)
}

func newIncidentID() string { return "inc_" + strings.ToLower(rand.Text()[:20]) }

// isSettled reports whether an incident is gone, or resolved already.
func isSettled(err error) bool {
	_, gone := errors.AsType[*record.NotFoundError](err)
	_, resolved := errors.AsType[*record.ConflictError](err)
	return gone || resolved
}

func errorsAsPanic(err error) (*guard.PanicError, bool) { return errors.AsType[*guard.PanicError](err) }
