package worker

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/rtmp"
)

// targets sends an encoding to RTMP servers, to each for itself: what one does no other feels. The job ends when the
// last one is lost. *mutex*: the relays call changed from goroutines of their own.
type targets struct {
	*worker
	outputs *outputs
	parsed  []rtmp.Target
	init    *fmp4.Init // of a stream that is held: its targets are not reached yet
	relays  []*rtmp.Relay

	mu     sync.Mutex // guards everything below
	states []targetState
}

type targetState struct {
	over      bool          // lost or done
	liveSince time.Time     // zero: not live
	liveFor   time.Duration // the last time it was live
	retrying  *fault.Error  // lasts
}

func newTargets(w *worker, o *outputs) (*targets, error) {
	t := &targets{worker: w, outputs: o, states: make([]targetState, len(w.spec.Outputs))}
	for i, out := range w.spec.Outputs {
		parsed, err := rtmp.ParseTarget(out.URL, out.StreamKey)
		if err != nil {
			return nil, outputFault(i, err)
		}
		t.parsed = append(t.parsed, parsed)
	}
	if len(t.parsed) == 0 {
		return nil, fault.InvalidLivestreamConfigEmpty()
	}
	return t, nil
}

// heldAttempts is how often a target is tried at first that another worker has published to until now: servers take a
// moment to let the key go.
const heldAttempts = 5

func (t *targets) begin(init *fmp4.Init, _ time.Time) error {
	if t.spec.Hold {
		t.init = init
		t.reports.send(order.Report{Report: order.ReportReady})
		return nil
	}
	t.dial(init, 1)
	return nil
}

func (t *targets) dial(init *fmp4.Init, attempts int) {
	for i, target := range t.parsed {
		t.relays = append(t.relays, rtmp.NewRelay(init, target, rtmp.RelayOptions{
			FirstAttempts: attempts,
			GiveUp:        time.Duration(t.spec.RetryTargetsMs) * time.Millisecond,
			Dial:          rtmp.Options{AllowPrivate: t.spec.AllowPrivateTargets},
			OnChange:      func(c rtmp.Change) { t.changed(i, c) },
		}))
	}
}

func (t *targets) write(f *fmp4.Fragment) error {
	if t.init != nil {
		select {
		case <-t.orders.publish:
			t.dial(t.init, heldAttempts)
			t.init = nil
		default:
			return nil
		}
	}
	for _, r := range t.relays {
		r.Write(f)
	}
	return nil
}

var outputStates = map[rtmp.State]job.OutputState{
	rtmp.Live: job.OutputLive, rtmp.Retrying: job.OutputRetrying, rtmp.Lost: job.OutputLost, rtmp.Done: job.OutputDone,
}

// changed is told by a relay.
func (t *targets) changed(i int, c rtmp.Change) {
	t.mu.Lock()
	state := &t.states[i]
	switch {
	case c.State == rtmp.Live:
		state.liveSince = time.Now()
	case !state.liveSince.IsZero():
		state.liveFor, state.liveSince = time.Since(state.liveSince), time.Time{}
	}
	live, retrying := state.liveFor, state.retrying
	if c.State == rtmp.Retrying {
		if retrying == nil {
			state.retrying = outputRetrying(i, c).WithMeeting(t.spec.MeetingID, "", "")
		}
	} else {
		state.retrying = nil
	}
	began := state.retrying
	state.over = c.State == rtmp.Lost || c.State == rtmp.Done
	remaining := 0
	for _, s := range t.states {
		if !s.over {
			remaining++
		}
	}
	t.mu.Unlock()

	t.reports.send(order.Report{Report: order.ReportOutput, Index: i, State: outputStates[c.State]})
	switch {
	case began != nil && retrying == nil:
		t.reports.fault(began)
	case began == nil && retrying != nil:
		t.reports.cleared(retrying)
	}
	switch c.State {
	case rtmp.Live:
		t.outputs.start()
	case rtmp.Lost:
		f := outputFault(i, c.Err)
		if c.WasLive {
			f = outputLost(i, c, live, remaining)
		}
		if retrying != nil && f.CauseID == "" {
			f = f.CausedBy(retrying.ID)
		}
		f = f.WithMeeting(t.spec.MeetingID, "", "")
		if remaining > 0 {
			t.reports.fault(f)
			return
		}
		t.outputs.lastErr = f
		close(t.outputs.lost)
	}
}

// outputLost is what is said of a target that was live once.
func outputLost(index int, c rtmp.Change, live time.Duration, remaining int) *fault.Error {
	address, problem := targetProblem(c.Err)
	return fault.LivestreamFailedOutputLost(index, address, problem, live, max(0, c.Attempt-1), remaining).Because(c.Err)
}

// outputRetrying is what is said of a target that was live and is tried again.
func outputRetrying(index int, c rtmp.Change) *fault.Error {
	address, problem := targetProblem(c.Err)
	return fault.LivestreamFailedOutputRetrying(index, address, problem, c.Attempt, c.Wait).Because(c.Err)
}

// targetProblem returns which target an error is of, and what is wrong with it.
func targetProblem(err error) (address, problem string) {
	e, ok := errors.AsType[*rtmp.Error](err)
	if !ok {
		return "the target", "the connection ended"
	}
	switch e.Cause {
	case rtmp.ConnectionLost:
		problem = "the target closed the connection"
		if e.Status == "hung up" { // that is what it says
			return e.Address, problem
		}
	case rtmp.WriteStalled:
		problem = "the target takes no more data"
	default:
		problem = strings.ReplaceAll(strings.ToLower(e.Cause.String()), "_", " ")
	}
	if e.Status != "" {
		problem += ": " + e.Status
	}
	return e.Address, problem
}

func (t *targets) finish(ctx context.Context) error {
	var closing sync.WaitGroup
	for _, r := range t.relays {
		closing.Go(func() {
			defer guard.Recover("the end of an RTMP target", t.fail)
			r.Close(ctx)
		})
	}
	closing.Wait()
	return nil
}

func (*targets) files() []job.File { return nil }
