package alert

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/record"
)

// RecentWindow is the time of which participants are counted.
const RecentWindow = recent

// Series returns the values of a metric of an account in a time that ends now, oldest first, and the time of one. Of
// what is measured and present an hour is kept, since the start of the server; what is measured is that of all nodes.
func (a *Alerts) Series(
	ctx context.Context, accountID string, m Metric, over time.Duration, now time.Time,
) ([]Point, time.Duration, error) {
	switch {
	case m.Name == Conditions:
		lasting := selected(a.opts.Lasting(ctx), record.AlertRule{AccountID: accountID})
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
	from := now.Add(-over)
	steps := a.measured.steps(accountID, m.Name, from, now)
	if m.Kind == Measured {
		steps = merge(append(steps, a.elsewhere(ctx, []StepsQuery{{accountID, m.Name, from, now}})[0]...))
	}
	return pointsOf(steps, m.TimeAggregations()[0]), Step, nil
}

// maxSteps bounds the values of one series.
const maxSteps = 240

// Measured counts the participants whose quality was measured in the last RecentWindow, on all nodes. One whose meeting
// has moved counts once.
func (a *Alerts) Measured(ctx context.Context, accountID string, now time.Time) int {
	ids := a.measured.people(accountID, now)
	if a.opts.Nodes != nil {
		ids = append(ids, a.opts.Nodes.People(ctx, accountID)...)
	}
	slices.Sort(ids)
	return len(slices.Compact(ids))
}

func newIncidentID() string { return "inc_" + strings.ToLower(rand.Text()[:20]) }

// isSettled reports whether an incident is gone, or resolved already.
func isSettled(err error) bool {
	_, gone := errors.AsType[*record.NotFoundError](err)
	_, resolved := errors.AsType[*record.ConflictError](err)
	return gone || resolved
}

func errorsAsPanic(err error) (*guard.PanicError, bool) { return errors.AsType[*guard.PanicError](err) }
