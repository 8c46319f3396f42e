package egress

import (
	"cmp"
	"context"
	"crypto/rand"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// run is a job that is not over.
//
// Shape: loop. supervise owns the lifecycle, the worker and the timers. The record of the job is changed by it under the
// manager's mutex, so that others may read it.
type run struct {
	m        *Manager
	slot     slot
	ticket   string
	request  job.Request // with its secrets, for the worker and for a restart
	restarts int

	job record.Job // guarded by m.mu

	ledger ledger // of the goroutine that supervises

	stopOnce sync.Once
	stopped  chan struct{} // closed when it is to stop

	freed   chan struct{} // closed when the end was told and the slot is free
	outcome chan struct{} // closed when the start has succeeded or failed
	mu      sync.Mutex    // guards everything below
	failed  *fault.Error  // of the start; valid when outcome is closed
	claimed claim         // who hears of a failed start
}

// claim says whether a call of Start waits for the outcome.
type claim int

const (
	awaited   claim = iota // a call waits, or will
	abandoned              // nobody waits, or the call has given up: the fault is to be reported
)

func newRun(m *Manager, j record.Job, q job.Request, restarts int, who claim) *run {
	return &run{
		claimed: who, ledger: ledger{m: m},
		m: m, slot: slotOf(j.MeetingID, j.Kind, j.ID, j.Sources), ticket: strings.ToLower(rand.Text()),
		request: q, restarts: restarts, job: j, stopped: make(chan struct{}), freed: make(chan struct{}), outcome: make(chan struct{}),
	}
}

func (r *run) askStop() { r.stopOnce.Do(func() { close(r.stopped) }) }

// await waits for the outcome of the start.
func (r *run) await(ctx context.Context) (record.Job, error) {
	select {
	case <-r.outcome:
	case <-ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.outcome:
	default:
		r.claimed = abandoned
		return record.Job{}, fault.OperationAbortedCancelled(r.request.Method).Because(ctx.Err())
	}
	if r.failed != nil {
		return record.Job{}, r.failed
	}
	return r.record(), nil
}

// decide ends the waiting for the start; f is nil when it has succeeded. It says whether a call returns f.
func (r *run) decide(f *fault.Error) (returned bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.outcome:
		return false
	default:
	}
	r.failed = f
	close(r.outcome)
	return r.claimed == awaited
}

func (r *run) record() record.Job {
	r.m.mu.Lock()
	defer r.m.mu.Unlock()
	return r.job
}

func (r *run) change(f func(*record.Job)) record.Job {
	r.m.mu.Lock()
	defer r.m.mu.Unlock()
	f(&r.job)
	r.job.UpdatedAt = now()
	return r.job
}

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// watch is when the supervisor must do something although nothing happens.
type watch struct {
	start, stall, limit, patience time.Time // zero: not set
	write                         time.Time // of what waits for the store
}

func (w watch) next() time.Time {
	var next time.Time
	for _, t := range []time.Time{w.start, w.stall, w.limit, w.patience, w.write} {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next
}

// targetTime is how much longer a livestream may take to start: what the slowness of a target means is known after 20 s
// (rtmp.Options), and clients wait for 30.
const targetTime = 15 * time.Second

// startTime is how long the job may take to start.
func (r *run) startTime() time.Duration {
	if r.slot.kind == job.Livestream {
		return r.m.opts.StartTimeout + targetTime
	}
	return r.m.opts.StartTimeout
}

// killAgain is when a worker that was killed is killed again; the kernel needs no second word, an exec that was racing may.
const killAgain = 2 * time.Second

// supervise runs the job from its start to its end.
func (r *run) supervise() {
	defer func() {
		r.m.free(r)
		r.m.running.Go(func() { r.m.guarded("the ledger of a job", r.ledger.settle) }) // the manager's wait group holds this goroutine
		r.m.guarded("the restart of a job", r.restart)
	}()
	life := newLifecycle(r.job.Kind)
	var w worker
	err := guard.Do("the supervision of a job", func() { r.watch(life, &w) })
	if err == nil {
		return
	}
	// A bug of ours: the worker goes, and the job ends with what is there.
	if w != nil {
		w.kill()
		go func() { // until its last word, which nobody needs
			for said := range w.words() {
				if said.exit != nil {
					return
				}
			}
		}()
	}
	life.began = life.began && r.decided() // else who waits for the start hears that it failed
	died := r.faults().StartWorkerDied
	if life.began {
		died = r.faults().WorkerDied
	}
	f := r.in(died("", -1, "the server failed while it watched over it; its log has the cause").Because(err))
	r.m.opts.Logger.Error("a job ended by a panic", "job", r.job.ID, "fault", f.ID, "err", err)
	r.m.guarded("the end of a job", func() { r.act(life, nil, life.on(workerExited, f)) })
	r.decide(f)
}

// guarded runs what belongs to no job any more.
func (m *Manager) guarded(what string, f func()) {
	if err := guard.Do(what, f); err != nil {
		m.opts.Report(context.WithoutCancel(m.life), fault.From(err))
	}
}

// decided reports whether the outcome of the start is known.
func (r *run) decided() bool {
	select {
	case <-r.outcome:
		return true
	default:
		return false
	}
}

// watch starts the worker and does what it, users and time ask for, until the job is over.
func (r *run) watch(life *lifecycle, started *worker) {
	r.tell(life)
	w, err := r.m.spawn(r.spec())
	if err != nil {
		r.act(life, nil, life.on(workerExited, r.faults().StartWorkerDied("", -1, "it could not be started").Because(err)))
		return
	}
	*started = w
	opts := r.m.opts
	began := time.Now()
	times := watch{start: began.Add(r.startTime()), stall: began.Add(opts.StallTimeout), limit: began.Add(opts.MaxDuration)}
	timer := time.NewTimer(time.Until(times.next()))
	defer timer.Stop()
	stopped, aborted := r.stopped, r.m.life.Done()
	for !life.state.Over() {
		var do action
		select {
		case said := <-w.words():
			if said.exit != nil {
				do = life.on(workerExited, r.explain(life, said.exit))
				break
			}
			times.stall = time.Now().Add(opts.StallTimeout)
			do = r.hear(life, said.report)
		case <-stopped:
			stopped = nil
			do = life.on(stopAsked, nil)
		case <-aborted:
			aborted = nil
			do = life.on(patienceOver, nil)
		case at := <-timer.C:
			do = r.due(life, &times, at)
		}
		r.act(life, w, do)
		times.write = r.ledger.next
		switch {
		case life.state == job.Stopping || life.fault != nil:
			if times.patience.IsZero() {
				times = watch{patience: time.Now().Add(opts.StopTimeout), write: times.write}
				if life.fault != nil {
					times.patience = time.Now().Add(min(opts.StopTimeout, afterFault))
				}
			}
		case life.began:
			times.start = time.Time{}
		}
		if next := times.next(); !next.IsZero() {
			timer.Reset(max(0, time.Until(next)))
		}
	}
}

// afterFault is how long a worker may finalize when it is the one that failed.
const afterFault = 10 * time.Second

// hear takes a report of the worker.
func (r *run) hear(life *lifecycle, report order.Report) action {
	switch report.Report {
	case order.ReportStarted:
		if life.state == job.Starting {
			r.change(func(j *record.Job) { j.StartedAt = now() })
		}
		return life.on(workerStarted, nil)
	case order.ReportPlayable:
		return life.on(workerPlayable, nil)
	case order.ReportFault:
		f := r.rebuild(report.Fault)
		if report.Final {
			if !life.began && f.OfServer() { // the words of a running job, before it ran
				f = r.in(r.faults().StartWorkerDied("", 1, f.Detail).Because(f))
			}
			return life.on(judged, f)
		}
		r.announce(f)
	case order.ReportOutput:
		j := r.change(func(j *record.Job) {
			if report.Index >= 0 && report.Index < len(j.Targets) {
				targets := append([]job.Target(nil), j.Targets...)
				targets[report.Index].State = report.State
				j.Targets = targets
			}
		})
		r.note(entry{job: j})
	case order.ReportDone:
		r.change(func(j *record.Job) { j.Files = r.ours(report.Files) })
		return life.on(workerDone, nil)
	}
	return 0
}

// rebuild takes a worker's fault by its code, reason and details; the words are the catalogue's.
func (r *run) rebuild(f *fault.Error) *fault.Error {
	if f == nil {
		f = &fault.Error{}
	}
	own, err := fault.Rebuild(*f)
	if err != nil {
		own = fault.From(err)
	}
	return own.Of(r.job.AccountID).In(r.job.MeetingID, r.job.SessionID, "")
}

// ours leaves out files that are not in the storage directory.
func (r *run) ours(files []job.File) []job.File {
	var in []job.File
	for _, f := range files {
		if path, err := filepath.Rel(r.m.opts.Dir, f.Path); err == nil && filepath.IsLocal(path) {
			f.Path = path
			in = append(in, f)
		}
	}
	return in
}

// due does what time asks for.
func (r *run) due(life *lifecycle, times *watch, at time.Time) action {
	passed := func(t time.Time) bool { return !t.IsZero() && !at.Before(t) }
	opts, faults := r.m.opts, r.faults()
	if passed(times.write) {
		r.ledger.flush()
	}
	switch {
	case passed(times.patience):
		times.patience = at.Add(killAgain)
		f := faults.WorkerStalled(opts.StopTimeout)
		if !life.began {
			f = faults.StartTimeout(opts.StopTimeout)
		}
		return life.on(judged, r.in(f)) | kill
	case passed(times.limit):
		times.limit = time.Time{}
		f := r.in(faults.DurationLimit(opts.MaxDuration))
		r.change(func(j *record.Job) { j.Fault = f })
		r.announce(f)
		return life.on(stopAsked, nil)
	case passed(times.start):
		times.start = time.Time{}
		return life.on(judged, r.in(faults.StartTimeout(r.startTime()))) | kill
	case passed(times.stall):
		times.stall = time.Time{}
		f := faults.WorkerStalled(opts.StallTimeout)
		if !life.began {
			f = faults.StartTimeout(opts.StallTimeout)
		}
		return life.on(judged, r.in(f)) | kill
	}
	return 0
}

func (r *run) faults() job.Faults { return r.job.Kind.Faults() }

func (r *run) in(f *fault.Error) *fault.Error {
	return f.Of(r.job.AccountID).In(r.job.MeetingID, r.job.SessionID, "")
}

// explain makes the fault of an exit that nothing else explains.
func (r *run) explain(life *lifecycle, e *exit) *fault.Error {
	died := r.faults().StartWorkerDied
	if life.began {
		died = r.faults().WorkerDied
	}
	return r.in(died(e.signal, e.code, cmp.Or(e.lastWords, "it said nothing")))
}

// act carries out what the lifecycle asks for.
func (r *run) act(life *lifecycle, w worker, do action) {
	if do&tell != 0 {
		r.tell(life)
	}
	if do&stop != 0 && w != nil {
		w.stop()
	}
	if do&kill != 0 && w != nil {
		w.kill()
	}
	if do&settle != 0 {
		r.settle()
		life.on(settled, nil)
		r.tell(life)
	}
}

// settle brings the files to where they stay. What a worker that died has left is found on the disk.
func (r *run) settle() {
	j := r.record()
	if j.Files == nil {
		j.Files = r.m.salvage(j)
	}
	if r.m.opts.Storage != nil && len(j.Files) > 0 {
		kept, err := r.m.opts.Storage.Keep(r.m.life, j)
		if err != nil {
			r.announce(r.in(fault.From(err)))
		} else {
			j.Files = kept
		}
	}
	r.change(func(to *record.Job) { to.Files = j.Files })
}

// tell takes the state of the lifecycle over and tells it: to the store first, then to the meeting and the watcher.
func (r *run) tell(life *lifecycle) {
	j := r.change(func(j *record.Job) {
		j.State = life.state
		switch {
		case life.state.Over():
			j.EndedAt = now()
			if life.fault != nil {
				j.Fault = life.fault
			}
		}
		if life.state != job.Starting && life.state != job.Started && life.state != job.Playable && j.StoppedAt.IsZero() {
			j.StoppedAt = now()
		}
	})
	r.note(entry{job: j, state: true, known: j.State == job.Starting}) // that one is in the store from the beginning
	m := r.m
	if event := eventOf(j, m.opts.PublicURL); event != nil {
		m.opts.Meetings.EgressChanged(m.life, j.SessionID, event)
	}
	switch {
	case j.State == job.Failed && !life.began:
		to := audience(j.Fault)
		if r.decide(j.Fault) {
			to.Except = r.request.By.ParticipantID
		} else {
			m.opts.Report(m.life, j.Fault)
		}
		m.opts.Meetings.EgressFault(m.life, j.SessionID, j.Fault, to)
	case j.State == job.Failed:
		r.announce(j.Fault)
	case j.State == job.Started, j.State.Over(): // over: stopped before it had started
		r.decide(nil)
	}
}

// announce reports a fault and tells it to the meeting.
func (r *run) announce(f *fault.Error) {
	r.m.opts.Report(r.m.life, f)
	r.m.opts.Meetings.EgressFault(r.m.life, r.job.SessionID, f, audience(f))
}

// note writes the record. That it cannot be written is told once, and the job goes on.
func (r *run) note(e entry) {
	if f := r.ledger.add(e); f != nil {
		r.m.opts.Report(context.WithoutCancel(r.m.life), r.in(f))
	}
}

// eventOf is the published event of a state; nil for kinds that have none.
func eventOf(j record.Job, publicURL string) wire.Event {
	status := j.Kind.Published(j.State)
	switch j.Kind {
	case job.Recording:
		return wire.RecordingState{Status: status}
	case job.Livestream:
		return wire.LivestreamState{Status: status}
	case job.HLS:
		event := wire.HLSState{Status: status}
		if j.State != job.Starting && !j.State.Over() && !j.StartedAt.IsZero() {
			event.PlaybackHLSURL, event.LivestreamURL = HLSAddresses(publicURL, j.ID)
			event.DownstreamURL = event.PlaybackHLSURL
		}
		return event
	}
	return nil
}

// HLSPath is where the server serves the directory Options.Dir/hls.
const HLSPath = "/hls/"

// HLSAddresses gives where an HLS job can be played, from its start and at the live edge.
func HLSAddresses(publicURL, jobID string) (playback, live string) {
	base := publicURL + HLSPath + jobID + "/"
	return base + "index.m3u8", base + "live.m3u8"
}

// audience is who in a meeting is told a fault.
func audience(f *fault.Error) meeting.Audience {
	var to meeting.Audience
	entry, _ := f.Entry()
	for _, who := range entry.Tells {
		switch who {
		case "meeting":
			to.Everybody = true
		case "moderators":
			to.Moderators = true
		}
	}
	return to
}

func (r *run) spec() order.Spec {
	opts, j := r.m.opts, r.record()
	s := order.Spec{
		JobID: j.ID, Kind: j.Kind, ServerURL: opts.ServerURL, MediaAddr: opts.MediaAddr, Ticket: order.TicketPrefix + r.ticket, MeetingID: j.MeetingID,
		Config: j.Config, Sources: j.Sources, Format: j.Format, Outputs: r.request.Outputs,
		MaxDurationMs: (opts.MaxDuration + time.Minute).Milliseconds(), FFmpeg: opts.FFmpeg, AllowPrivateTargets: opts.AllowPrivateTargets,
		RetryTargetsMs: opts.RetryTargetsFor.Milliseconds(),
	}
	switch path := filepath.Join(opts.Dir, j.Path); {
	case j.Path == "":
	case j.Kind == job.HLS:
		s.HLSDir = path
		if j.Config.Recording != nil && j.Config.Recording.Enabled {
			s.File = besideHLS(path)
		}
	case j.Format == job.M3U8:
		s.HLSDir = filepath.Dir(path)
	default:
		s.File = path
	}
	return s
}

// Restarts of a job with onFailure restart: so many, each after a longer pause.
const (
	maxRestarts  = 3
	restartPause = time.Second
)

// restart starts the job anew when it has died and onFailure asks for it. The manager's wait group holds the caller.
func (r *run) restart() {
	j := r.record()
	if j.State != job.Failed || j.StartedAt.IsZero() || j.OnFailure != job.RestartOnFailure || r.restarts >= maxRestarts {
		return
	}
	select {
	case <-time.After(restartPause << r.restarts):
	case <-r.stopped:
		return
	case <-r.m.life.Done():
		return
	}
	q := r.request
	q.SessionID = j.SessionID
	r.m.startAlone(q, r.restarts+1)
}
