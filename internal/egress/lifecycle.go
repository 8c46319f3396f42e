package egress

import (
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
)

// lifecycle is the state machine of a job of any kind. It decides and does nothing: on takes an event and returns
// what must be done.
//
//	STARTING ──► STARTED ──► PLAYABLE (hls)
//	    │           │            │
//	    └───────────┴────────────┴──► STOPPING ──► STOPPED or FAILED
//
// A job is over when its worker has exited and its files are in their place (settled), and only then; a worker that
// dies at its start leads from STARTING to FAILED.
type lifecycle struct {
	kind     job.Kind
	state    job.State
	started  bool         // has been STARTED
	finished bool         // the worker has finished its work
	exited   bool         // the worker has exited
	fault    *fault.Error // the first verdict; the job ends as FAILED
}

func newLifecycle(kind job.Kind) *lifecycle { return &lifecycle{kind: kind, state: job.Starting} }

// event is something that happens to a job.
type event int

const (
	workerStarted event = iota + 1
	workerPlayable
	workerDone
	faulted       // a fault ends the job: the worker's own, or the supervisor's
	stopRequested // by a user, the end of the session, the time limit, the end of the server
	stopTimedOut  // it was asked to stop and did not
	workerExited  // with the fault to report, if there is no other
	filesStored   // the files are in their place
)

// action is what must be done; actions add up.
type action int

const (
	publish    action = 1 << iota // the state has changed
	stopWorker                    // ask the worker to finalize
	killWorker                    // end the worker
	storeFiles                    // bring the files to their place
)

// on takes an event; f comes with judged and workerExited.
func (l *lifecycle) on(e event, f *fault.Error) action {
	if l.state.Over() {
		return 0
	}
	if l.exited { // nothing of the worker matters any more
		if e != filesStored {
			return 0
		}
		l.state = job.Stopped
		if l.fault != nil {
			l.state = job.Failed
		}
		return publish
	}
	switch e {
	case workerStarted:
		if l.state == job.Starting {
			l.state, l.started = job.Started, true
			return publish
		}
	case workerPlayable:
		if l.state == job.Started && l.kind == job.HLS {
			l.state = job.Playable
			return publish
		}
	case workerDone:
		l.finished = true
		return l.stopping()
	case faulted:
		if l.fault == nil && !l.finished {
			l.fault = f
		}
		if l.started {
			return l.stopping()
		}
	case stopRequested:
		if l.fault == nil && !l.finished && l.state != job.Stopping {
			return l.stopping() | stopWorker
		}
	case stopTimedOut:
		return killWorker
	case workerExited:
		l.exited = true
		if l.fault == nil && !l.finished {
			l.fault = f
		}
		if l.started {
			return l.stopping() | storeFiles
		}
		return storeFiles
	}
	return 0
}

func (l *lifecycle) stopping() action {
	if l.state == job.Stopping {
		return 0
	}
	l.state = job.Stopping
	return publish
}
