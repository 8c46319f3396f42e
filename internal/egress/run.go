package egress

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/trace"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/internal/workerprocess"
)

// run is the supervision of a job that is not over.
//
// Shape: loop. supervise owns the lifecycle, the worker and the timers. The record of the job is changed by it under
// the manager's mutex, so that others may read it.
type run struct {
	m        *Manager
	slot     slot
	ticket   string      // nonce of the ticket that its worker may join with; guarded by m.mu
	request  job.Request // with its secrets, for the worker and for a restart
	restarts int
	follows  string          // as startOrder.Follows
	since    time.Time       // as startOrder.Since
	trace    context.Context // of the start, for its spans

	job record.Job // guarded by m.mu

	writer  jobWriter         // of the goroutine that supervises, as is lasting
	first   trace.Span        // until the worker has written something; of the same goroutine
	lasting map[string]string // keys of the conditions that last, by the id of their fault
	grower  *grower           // of the same goroutine; nil before the worker runs

	stopOnce sync.Once
	stopped  chan struct{} // closed when it is to stop

	abandonOnce sync.Once
	abandoning  chan struct{} // closed when another node ends the job
	lost        atomic.Bool   // set before that: nothing of the job is written or told any more

	moved    atomic.Bool // another node goes on with its work
	asked    bool        // somebody has asked to stop it; guarded by m.mu
	whyStays string      // why it could not be moved last; guarded by m.mu
	moveAt   time.Time   // when that is tried again; guarded by m.mu
	moves    int         // so many times it was tried; guarded by m.mu

	workerGone chan struct{} // closed when its process has ended: nothing of it holds a target any more
	slotFree   chan struct{} // closed when the end has been published and the slot is free
	startDone  chan struct{} // closed when the start has succeeded or failed
	mu         sync.Mutex    // guards everything below
	worker     worker        // nil before its process runs
	startFault *fault.Error  // of the start; valid when startDone is closed
	abandoned  bool          // the call of Start has given up waiting: the fault is to be reported
}

func newRun(m *Manager, j record.Job, o startOrder, several bool) *run {
	return &run{
		writer: jobWriter{m: m},
		m:      m, slot: slotOf(j.MeetingID, j.Kind, j.ID, j.Sources, several),
		request: o.Request, restarts: o.Restarts, follows: o.Follows, since: o.Since,
		trace: context.Background(), job: j,
		stopped: make(chan struct{}), abandoning: make(chan struct{}), slotFree: make(chan struct{}),
		workerGone: make(chan struct{}),
		startDone:  make(chan struct{}),
	}
}

func (r *run) requestStop() { r.stopOnce.Do(func() { close(r.stopped) }) }

// awaitStart waits for the outcome of the start.
func (r *run) awaitStart(ctx context.Context) (record.Job, error) {
	select {
	case <-r.startDone:
	case <-ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.startDone:
	default:
		r.abandoned = true
		return record.Job{}, fault.OperationAbortedCancelled(r.request.Method).Because(ctx.Err())
	}
	if r.startFault != nil {
		return record.Job{}, r.startFault
	}
	return r.record(), nil
}

// settleStart ends the waiting for the start; f is nil when it has succeeded. It reports whether a call returns f.
func (r *run) settleStart(f *fault.Error) (returned bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.startDone:
		return false
	default:
	}
	r.startFault = f
	close(r.startDone)
	return !r.abandoned
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

// deadlines are the times at which the supervisor acts although nothing happens; zero: not set.
type deadlines struct {
	start, stall, limit, exit time.Time // zero: not set
	write                     time.Time // of what waits for the store
}

func (w deadlines) next() time.Time {
	var next time.Time
	for _, t := range []time.Time{w.start, w.stall, w.limit, w.exit, w.write} {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next
}

// livestreamStartExtra is how much longer a livestream may take to start: what the slowness of a target means is known
// after 20 s (rtmp.Options), and clients wait for 30.
const livestreamStartExtra = 15 * time.Second

// startTimeout is how long the job may take to start.
func (r *run) startTimeout() time.Duration {
	if r.slot.kind == job.Livestream {
		return r.m.opts.StartTimeout + livestreamStartExtra
	}
	return r.m.opts.StartTimeout
}

// killRetry is when a worker that was killed is killed again: an exec that raced with the first signal may have escaped
// it.
const killRetry = 2 * time.Second

// supervise runs the job from its start to its end.
func (r *run) supervise() {
	defer func() {
		r.m.release(r)
		// the manager's wait group holds this goroutine
		r.m.running.Go(func() { r.m.guarded("the pending records of a job", r.writer.drain) })
		r.m.guarded("what follows the failure of a job", r.afterFailure)
	}()
	life := newLifecycle(r.job.Kind)
	var w worker
	err := guard.Do("the supervision of a job", func() { r.watchWorker(life, &w) })
	if err == nil {
		return
	}
	// A bug of ours: the worker is killed, and the job ends with the files that exist.
	if w != nil {
		w.kill()
		go func() { // until it has exited; nobody needs its reports
			for said := range w.messages() {
				if said.Exit != nil {
					return
				}
			}
		}()
	}
	life.started = life.started && r.startSettled() // else the caller of Start learns that it failed
	failed := r.faults().StartSupervisionFailed
	if life.started {
		failed = r.faults().SupervisionFailed
	}
	f := r.locate(failed().Because(fault.ServerUnavailableInternal().Because(err)))
	r.m.opts.Logger.Error("a job ended by a panic", "job", r.job.ID, "fault", f.ID, "err", err)
	r.m.guarded("the end of a job", func() { r.perform(life, nil, life.on(workerExited, f)) })
	r.settleStart(f)
}

// guarded runs what no longer belongs to a job; a panic is reported.
func (m *Manager) guarded(what string, f func()) {
	if err := guard.Do(what, f); err != nil {
		m.opts.Report(context.WithoutCancel(m.life), fault.From(err))
	}
}

// startSettled reports whether the outcome of the start is known.
func (r *run) startSettled() bool {
	select {
	case <-r.startDone:
		return true
	default:
		return false
	}
}

// watchWorker starts the worker and handles its reports, stop requests and deadlines until the job is over.
func (r *run) watchWorker(life *lifecycle, started *worker) {
	r.publishState(life)
	_, span := trace.Start(r.trace, "start the worker")
	spec, err := r.spec()
	var w worker
	if err == nil {
		w, err = r.m.spawn(spec)
	}
	if err != nil {
		span.End(nil)
		r.perform(life, nil, life.on(workerExited, r.locate(r.faults().WorkerNotStarted(err.Error()).Because(err))))
		return
	}
	*started = w
	span.End(nil)
	_, r.first = trace.Start(r.trace, "wait for the first frame")
	defer func() { r.first.End(nil) }() // where the job ended before; ending it twice has no effect
	r.setWorker(w)
	r.grower = r.startGrowing()
	defer r.grower.stop()
	opts := r.m.opts
	began := time.Now()
	times := deadlines{
		start: began.Add(r.startTimeout()),
		stall: began.Add(opts.StallTimeout),
		limit: began.Add(r.remaining()),
	}
	timer := time.NewTimer(time.Until(times.next()))
	defer timer.Stop()
	stopped, aborted, abandoning := r.stopped, r.m.life.Done(), r.abandoning
	for !life.state.Over() {
		var do action
		select {
		case said := <-w.messages():
			guard.PanicPoint("supervision", r.job.MeetingID)
			if said.Exit != nil {
				close(r.workerGone)
				do = life.on(workerExited, r.exitFault(life, said.Exit))
				break
			}
			times.stall = time.Now().Add(opts.StallTimeout)
			do = r.handleReport(life, said.Report)
		case <-stopped:
			stopped = nil
			do = life.on(stopRequested, nil)
		case <-aborted:
			aborted = nil
			do = life.on(stopTimedOut, nil)
		case <-abandoning:
			abandoning = nil
			do = life.on(stopTimedOut, nil)
		case at := <-timer.C:
			do = r.handleDeadline(life, &times, at)
		}
		r.perform(life, w, do)
		times.write = r.writer.next
		switch {
		case life.state == job.Stopping || life.fault != nil:
			if times.exit.IsZero() {
				times = deadlines{exit: time.Now().Add(opts.StopTimeout), write: times.write}
				if life.fault != nil {
					times.exit = time.Now().Add(min(opts.StopTimeout, finishAfterFault))
				}
			}
		case life.started:
			times.start = time.Time{}
		}
		if next := times.next(); !next.IsZero() {
			timer.Reset(max(0, time.Until(next)))
		}
	}
}

// finishAfterFault is how long a worker that failed may take to finish its files.
const finishAfterFault = 10 * time.Second

// handleReport handles a report of the worker.
func (r *run) handleReport(life *lifecycle, report order.Report) action {
	switch report.Report {
	case order.ReportStarted:
		if life.state == job.Starting {
			r.change(func(j *record.Job) { j.StartedAt = now() })
		}
		r.first.End(nil)
		return life.on(workerStarted, nil)
	case order.ReportReady: // whoever moves the job has it publish as soon as the one before it does not
		r.settleStart(nil)
		time.AfterFunc(holdLimit, r.currentWorker().publish)
	case order.ReportPlayable:
		return life.on(workerPlayable, nil)
	case order.ReportFault:
		f := r.rebuildFault(report.Fault)
		if report.Final {
			if !life.started && f.OfServer() { // the words of a running job, before it ran
				f = r.locate(r.faults().WorkerFailed(f.Detail).Because(f))
			}
			return life.on(faulted, f)
		}
		if f.Lasts() {
			r.raise(f)
		} else {
			r.reportFault(f)
		}
	case order.ReportCleared:
		r.clear(report.FaultID)
	case order.ReportOutput:
		j := r.change(func(j *record.Job) {
			if report.Index >= 0 && report.Index < len(j.Targets) {
				targets := append([]job.Target(nil), j.Targets...)
				targets[report.Index].State = report.State
				j.Targets = targets
			}
		})
		r.writeRecord(jobUpdate{job: j})
	case order.ReportTicket:
		if ticket, err := r.newTicket(); err == nil { // else it asks again
			r.currentWorker().admit(ticket)
		}
	case order.ReportDone:
		r.change(func(j *record.Job) { j.Files = r.ownFiles(report.Files) })
		return life.on(workerDone, nil)
	}
	return 0
}

// rebuildFault builds a worker's fault anew from its code, reason and details, with the texts of the catalogue.
func (r *run) rebuildFault(f *fault.Error) *fault.Error {
	if f == nil {
		f = &fault.Error{}
	}
	own, err := fault.Rebuild(*f)
	if err != nil {
		own = fault.From(err)
	}
	return own.WithAccount(r.job.AccountID).WithMeeting(r.job.MeetingID, r.job.SessionID, "")
}

// ownFiles returns those files that are in the directory of the server.
func (r *run) ownFiles(files []job.File) []job.File {
	var in []job.File
	for _, f := range files {
		if path, err := filepath.Rel(r.m.opts.Dir, f.Path); err == nil && filepath.IsLocal(path) {
			f.Path = path
			in = append(in, f)
		}
	}
	return in
}

// handleDeadline handles the deadlines that have passed.
func (r *run) handleDeadline(life *lifecycle, times *deadlines, at time.Time) action {
	passed := func(t time.Time) bool { return !t.IsZero() && !at.Before(t) }
	opts, faults := r.m.opts, r.faults()
	if passed(times.write) {
		r.writer.flush()
	}
	switch {
	case passed(times.exit):
		times.exit = at.Add(killRetry)
		f := faults.WorkerStalled(opts.StopTimeout)
		if !life.started {
			f = faults.StartTimeout(opts.StopTimeout)
		}
		return life.on(faulted, r.locate(f)) | killWorker
	case passed(times.limit):
		times.limit = time.Time{}
		f := r.locate(faults.DurationLimit(opts.MaxDuration))
		r.change(func(j *record.Job) { j.Fault = f })
		r.reportFault(f)
		return life.on(stopRequested, nil)
	case passed(times.start):
		times.start = time.Time{}
		return life.on(faulted, r.locate(faults.StartTimeout(r.startTimeout()))) | killWorker
	case passed(times.stall):
		times.stall = time.Time{}
		f := faults.WorkerStalled(opts.StallTimeout)
		if !life.started {
			f = faults.StartTimeout(opts.StallTimeout)
		}
		return life.on(faulted, r.locate(f)) | killWorker
	}
	return 0
}

func (r *run) faults() job.Faults { return r.job.Kind.Faults() }

func (r *run) locate(f *fault.Error) *fault.Error {
	return f.WithAccount(r.job.AccountID).WithMeeting(r.job.MeetingID, r.job.SessionID, "")
}

// exitFault returns the fault for an exit that nothing else explains.
func (r *run) exitFault(life *lifecycle, e *workerprocess.Exit) *fault.Error {
	died := r.faults().StartWorkerDied
	if life.started {
		died = r.faults().WorkerDied
	}
	return r.locate(died(e.Signal, e.Code, e.Stderr))
}

// perform carries out the actions of the lifecycle.
func (r *run) perform(life *lifecycle, w worker, do action) {
	if do&publish != 0 {
		r.publishState(life)
	}
	if do&stopWorker != 0 && w != nil {
		w.stop()
	}
	if do&killWorker != 0 && w != nil {
		w.kill()
	}
	if do&storeFiles != 0 {
		r.storeFiles()
		life.on(filesStored, nil)
		r.publishState(life)
	}
}

// storeFiles moves the files to where they stay. The files of a worker that died are found on the disk.
func (r *run) storeFiles() {
	if r.grower != nil {
		r.grower.stop()
	}
	if r.lost.Load() {
		return
	}
	j := r.record()
	if j.Files == nil {
		j.Files = r.m.recoverFiles(j)
	}
	if r.m.opts.Storage != nil && len(j.Files) > 0 {
		kept, err := r.m.opts.Storage.Keep(r.m.life, j)
		if err != nil {
			r.reportFault(r.locate(fault.From(err)))
		} else {
			j.Files = kept
		}
	}
	r.change(func(to *record.Job) { to.Files = j.Files })
}

// publishState puts the state of the lifecycle into the record, and publishes it: to the store first, then to the
// watcher and the meeting.
func (r *run) publishState(life *lifecycle) {
	j := r.change(func(j *record.Job) {
		j.State = life.state
		switch {
		case life.state.Over():
			for id := range r.lasting {
				r.clear(id)
			}
			j.EndedAt = now()
			if life.fault != nil {
				j.Fault = life.fault
			}
		}
		if life.state != job.Starting && life.state != job.Started && life.state != job.Playable &&
			j.StoppedAt.IsZero() {
			j.StoppedAt = now()
		}
	})
	if r.lost.Load() {
		if j.State.Over() {
			r.settleStart(r.locate(fault.ServerUnavailableNodeLost(j.Node.Name)))
		}
		return
	}
	// that one is in the store from the beginning
	r.writeRecord(jobUpdate{job: j, changed: true, stored: j.State == job.Starting})
	m := r.m
	m.tellState(j)
	switch {
	case j.State == job.Failed && !life.started:
		to := audience(j.Fault)
		if r.settleStart(j.Fault) {
			if !r.order().isUnattended() {
				to.Except = r.request.By.ParticipantID
			}
		} else {
			m.opts.Report(m.life, j.Fault)
		}
		if !r.order().isQuiet() {
			m.tellFault(j, j.Fault, to)
		}
	case j.State == job.Failed:
		r.reportFault(j.Fault)
	case j.State == job.Started, j.State.Over(): // over: stopped before it had started
		r.settleStart(nil)
	}
}

// reportFault reports a fault and sends it to the meeting.
func (r *run) reportFault(f *fault.Error) {
	if r.lost.Load() {
		return
	}
	r.m.opts.Report(r.m.life, f)
	r.m.tellFault(r.job, f, audience(f))
}

// maxLasting bounds the conditions of a job: a worker reports one for each stream and output.
const maxLasting = 200

// raise begins a condition of the job. The meeting is told of it and of its end as of other faults.
func (r *run) raise(f *fault.Error) {
	if len(r.lasting) >= maxLasting {
		return
	}
	if r.lasting == nil {
		r.lasting = map[string]string{}
	}
	m, j, to := r.m, r.job, audience(f)
	key := "job " + r.job.ID + " " + f.ID
	r.lasting[f.ID] = key
	m.opts.Raise(key, f,
		func(f *fault.Error) { m.tellFault(j, f, to) },
		func(over record.Cleared) {
			m.tell(notice{AccountID: j.AccountID, MeetingID: j.MeetingID, SessionID: j.SessionID, Cleared: &over, To: to})
		})
}

// clear ends a condition of the job.
func (r *run) clear(faultID string) {
	if key, lasts := r.lasting[faultID]; lasts {
		delete(r.lasting, faultID)
		r.m.opts.Clear(key)
	}
}

// writeRecord writes the record. A failure to write is reported once, and the job goes on.
func (r *run) writeRecord(e jobUpdate) {
	if f := r.writer.add(e); f != nil {
		r.m.opts.Report(context.WithoutCancel(r.m.life), r.locate(f))
	}
}

// eventOf returns the published event of a state, or nil for kinds that have none.
func eventOf(j record.Job, publicURL string) wire.Event {
	status := j.Kind.Published(j.State)
	switch j.Kind {
	case job.Recording:
		event := wire.RecordingState{Status: status}
		if j.State == job.Stopped && len(j.Files) > 0 {
			event.FilePath, event.FileKey = j.Files[0].Path, j.Files[0].Key
		}
		return event
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

// HLSAddresses returns where an HLS job can be played, from its start and at the live edge.
func HLSAddresses(publicURL, jobID string) (playback, live string) {
	base := publicURL + HLSPath + jobID + "/"
	return base + hls.FullVariant, base + hls.LiveVariant
}

// audience returns who in a meeting is told a fault.
func audience(f *fault.Error) job.Audience {
	var to job.Audience
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

func (r *run) spec() (order.Spec, error) {
	opts, j := r.m.opts, r.record()
	ticket, err := r.newTicket()
	if err != nil {
		return order.Spec{}, err
	}
	s := order.Spec{
		JobID: j.ID, Kind: j.Kind, ServerURL: opts.ServerURL, MediaAddr: opts.MediaAddr,
		Ticket: ticket, Rejoin: opts.Nodes != nil, MeetingID: j.MeetingID,
		Config: j.Config, Sources: j.Sources, Format: j.Format, Outputs: r.request.Outputs,
		MaxDurationMs: (r.remaining() + time.Minute).Milliseconds(), FFmpeg: opts.FFmpeg,
		FFmpegBuild:         ffmpeg.Known(opts.FFmpeg),
		AllowPrivateTargets: r.m.allMayBePrivate(r.request.Outputs),
		RetryTargetsMs:      opts.RetryTargetsFor.Milliseconds(),
		Watermarks:          watermarksOf(r.request),
		Hold:                r.follows != "" && isExclusive(j.Kind),
	}
	switch path := filepath.Join(opts.Dir, j.Path); {
	case j.Path == "":
	case j.Kind == job.HLS:
		s.HLSDir = path
		if j.Config.Recording != nil && j.Config.Recording.Enabled {
			s.File = hlsRecordingPath(path)
		}
	case j.Format == job.M3U8:
		s.HLSDir = filepath.Dir(path)
	default:
		s.File = path
	}
	return s, nil
}

// Restarts of a job with onFailure restart: so many, each after a longer pause.
const (
	maxRestarts  = 3
	restartPause = time.Second
)

// afterFailure does what onFailure asks for when the job has failed. The manager's wait group holds the caller.
func (r *run) afterFailure() {
	j := r.record()
	if j.State != job.Failed || r.lost.Load() || r.moved.Load() || r.order().isQuiet() && j.StartedAt.IsZero() {
		return
	}
	if wait, asked := j.OnFailure.CloseRoom(); asked && (r.hasRun(j) || r.order().isUnattended()) {
		r.m.closeRoom(r.request, j.Fault, wait)
		return
	}
	if !r.hasRun(j) || j.OnFailure != job.RestartOnFailure || r.restarts >= maxRestarts {
		return
	}
	select {
	case <-time.After(restartPause << r.restarts):
	case <-r.stopped:
		return
	case <-r.m.life.Done():
		return
	}
	if r.moved.Load() {
		return
	}
	q := r.request
	q.SessionID = j.SessionID
	r.m.startUnattended(q, r.restarts+1)
}
