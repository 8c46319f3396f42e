package egress

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
)

var stateOrder = []job.State{job.Starting, job.Started, job.Playable, job.Stopping, job.Stopped}

func rank(s job.State) int {
	if s == job.Failed {
		s = job.Stopped
	}
	return slices.Index(stateOrder, s)
}

// Whatever happens in whatever order, a job goes forward through its states, is told each once, and ends once: as
// FAILED if and only if there is a fault.
func TestLifecycleUnderRandomEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLifecycle(rapid.SampledFrom(job.Kinds).Draw(t, "kind"))
		stops, ends, settles := 0, 0, 0
		var first *fault.Error
		step := func(e event) {
			f := fault.RecordingFailedWorkerStalled(1)
			was := l.state
			do := l.on(e, f)
			require.Equal(t, was != l.state, do&publish != 0, "a state is told when it changes")
			require.GreaterOrEqual(t, rank(l.state), rank(was))
			if do&stopWorker != 0 {
				stops++
			}
			if do&storeFiles != 0 {
				settles++
			}
			if was != l.state && l.state.Over() {
				ends++
				require.Equal(t, filesStored, e)
			}
			if l.state == job.Playable {
				require.Equal(t, job.HLS, l.kind)
			}
			if first == nil {
				first = l.fault
			}
			require.Same(t, first, l.fault, "the first verdict stands")
		}
		for _, e := range rapid.SliceOf(rapid.SampledFrom([]event{
			workerStarted, workerPlayable, workerDone, faulted, stopRequested, stopTimedOut, workerExited, filesStored,
		})).Draw(t, "events") {
			step(e)
		}
		step(workerExited)
		step(filesStored)
		step(stopRequested)
		require.Equal(t, 1, ends)
		require.Equal(t, 1, settles)
		require.LessOrEqual(t, stops, 1)
		require.Equal(t, l.fault != nil, l.state == job.Failed)
	})
}

func TestLifecycle(t *testing.T) {
	type step struct {
		event event
		want  job.State
		do    action
	}
	for _, tt := range []struct {
		name  string
		kind  job.Kind
		steps []step
	}{
		{"a recording that is stopped", job.Recording, []step{
			{workerStarted, job.Started, publish}, {workerPlayable, job.Started, 0},
			{stopRequested, job.Stopping, publish | stopWorker}, {stopRequested, job.Stopping, 0},
			{workerDone, job.Stopping, 0}, {workerExited, job.Stopping, storeFiles},
			{filesStored, job.Stopped, publish},
		}},
		{"HLS that ends with its meeting", job.HLS, []step{
			{workerStarted, job.Started, publish}, {workerPlayable, job.Playable, publish},
			{workerDone, job.Stopping, publish},
			{workerExited, job.Stopping, storeFiles}, {filesStored, job.Stopped, publish},
		}},
		{"a worker that dies at its start", job.Livestream, []step{
			{workerExited, job.Starting, storeFiles}, {filesStored, job.Failed, publish},
		}},
		{"a worker that dies while it runs", job.Recording, []step{
			{workerStarted, job.Started, publish}, {workerExited, job.Stopping, publish | storeFiles},
			{filesStored, job.Failed, publish},
		}},
		{"stopped before it had started", job.Recording, []step{
			{stopRequested, job.Stopping, publish | stopWorker}, {workerStarted, job.Stopping, 0},
			{workerDone, job.Stopping, 0},
			{workerExited, job.Stopping, storeFiles}, {filesStored, job.Stopped, publish},
		}},
		{"a stop that is not heeded", job.Recording, []step{
			{workerStarted, job.Started, publish}, {stopRequested, job.Stopping, publish | stopWorker},
			{stopTimedOut, job.Stopping, killWorker},
			{workerExited, job.Stopping, storeFiles}, {filesStored, job.Failed, publish},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLifecycle(tt.kind)
			for i, s := range tt.steps {
				do := l.on(s.event, fault.RecordingFailedWorkerStalled(1))
				require.Equal(t, s.want, l.state, "step %d", i)
				require.Equal(t, s.do, do, "step %d", i)
			}
		})
	}
}
