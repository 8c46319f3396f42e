package egress

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/encoder"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/objectkey"
	"github.com/klatch/klatch/internal/record"
)

// Start starts a job and returns when it runs; then its error is nil, or the *fault.Error that kept it from running. When
// ctx ends first, the job goes on, and a fault of its start is reported.
func (m *Manager) Start(ctx context.Context, q job.Request) (record.Job, error) {
	r, err := m.launch(ctx, q, 0, awaited)
	if err != nil {
		m.notifyRefusal(ctx, q, err)
		return record.Job{}, err
	}
	return r.awaitStart(ctx)
}

// notifyRefusal lets the moderators hear why somebody's start was refused, where it concerns them: the caller gets it as the
// answer.
func (m *Manager) notifyRefusal(ctx context.Context, q job.Request, err error) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.SessionID == "" {
		return
	}
	to := audience(f)
	to.Except = q.By.ParticipantID
	told := *f // the boundary that answers completes its own
	m.opts.Meetings.EgressFault(ctx, f.SessionID, &told, to)
}

// launch sets a job going that was restarted so many times. Its error is a *fault.Error, and then there is no job.
func (m *Manager) launch(ctx context.Context, q job.Request, restarts int, who claim) (*run, error) {
	j, err := m.judge(ctx, &q)
	if err != nil {
		return nil, err
	}
	r := newRun(m, j, q, restarts, who)
	if err := m.reserve(ctx, r); err != nil {
		return nil, err
	}
	if err := m.opts.Store.CreateJob(ctx, j); err != nil {
		m.release(r)
		m.running.Done()
		return nil, fault.ServerUnavailableStore("the new " + string(q.Kind)).Because(err)
	}
	go func() {
		defer m.running.Done()
		r.supervise()
	}()
	return r, nil
}

// Check judges what a request says, without the meeting that it is for. Its error is a *fault.Error.
func (m *Manager) Check(q job.Request) error {
	_, _, err := m.read(&q)
	return err
}

// read judges the fields of a request and fills in their defaults. Its error is a *fault.Error.
func (m *Manager) read(q *job.Request) (job.Config, []job.Target, error) {
	config, err := job.ParseConfig(q.Kind, q.Config)
	if err != nil {
		return config, nil, badField(q, "config", err)
	}
	if err := job.CheckSources(q.Kind, q.Sources, q.Format); err != nil {
		return config, nil, badField(q, "", err)
	}
	if err := checkTexts(q); err != nil {
		return config, nil, badField(q, "", err)
	}
	if q.Kind != job.Livestream {
		return config, nil, nil
	}
	targets, f := checkOutputs(q.Outputs, m.opts.AllowPrivateTargets)
	if f != nil {
		return config, nil, f
	}
	return config, targets, nil
}

// judge checks a request as far as it can be without taking anything, and makes the record of its job.
func (m *Manager) judge(ctx context.Context, q *job.Request) (record.Job, error) {
	config, targets, err := m.read(q)
	if err != nil {
		return record.Job{}, err
	}
	account, err := m.opts.Store.Account(ctx, q.AccountID)
	if err != nil {
		return record.Job{}, fault.ServerUnavailableStore("the query for an account").Because(err)
	}
	if account.Settings.AddOnsDisabled {
		return record.Job{}, fault.AddOnServicesDisabledDisabled()
	}
	session, people, err := m.opts.Meetings.RunningSession(ctx, q.AccountID, q.MeetingID, q.SessionID)
	if err != nil {
		return record.Job{}, fault.OperationAbortedCancelled(q.Method).Because(err)
	}
	if session == "" {
		return record.Job{}, q.Kind.Faults().NoSession().In(q.MeetingID, "", "")
	}
	if q.Kind == job.Composite && len(q.Sources) == 0 && !q.By.AutoStart { // published: without a list, three people
		for _, id := range people[:min(3, len(people))] {
			q.Sources = append(q.Sources, job.Source{ParticipantID: id})
		}
	}
	for _, s := range q.Sources {
		if !slices.Contains(people, s.ParticipantID) && !q.By.AutoStart { // which begins with the first one who joins: the others follow
			return record.Job{}, q.Kind.Faults().NoSuchParticipant(s.ParticipantID).In(q.MeetingID, session, "")
		}
	}
	switch {
	case q.Kind.Composed():
		q.Format = config.FileFormat
	case q.Format == "":
		q.Format = job.WebM
	}
	if f := m.checkEncoder(ctx, q.Method, q.Kind, q.Format); f != nil {
		return record.Job{}, f.In(q.MeetingID, session, "")
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	j := record.Job{
		ID: uuid.NewString(), Kind: q.Kind, AccountID: q.AccountID, MeetingID: q.MeetingID, SessionID: session,
		State: job.Starting, Config: config, Sources: q.Sources, Format: q.Format, Targets: targets, OnFailure: q.OnFailure,
		WebhookURL: q.WebhookURL, Dir: q.Dir, StartedBy: q.By, CreatedAt: now, UpdatedAt: now,
	}
	j.Path = outputPath(j)
	if f := m.checkStorage(j); f != nil {
		return record.Job{}, f.In(j.MeetingID, j.SessionID, "")
	}
	return j, nil
}

func badField(q *job.Request, under string, err error) error {
	field, ok := errors.AsType[*job.FieldError](err)
	if !ok {
		return fault.From(err)
	}
	name := field.Field
	switch {
	case name == "":
		name = under
	case under != "":
		name = under + "." + name
	}
	return fault.InvalidMessageBadParams(q.Method, q.Under+name, field.Problem)
}

const maxWebhookBytes = 2048

// dirField is the published name of the directory.
func dirField(kind job.Kind) string {
	if kind == job.Recording {
		return "awsDirPath"
	}
	return "bucketDirPath"
}

// checkTexts also puts them into the form in which they are kept.
func checkTexts(q *job.Request) error {
	dir, wrong := objectkey.CleanDir(q.Dir)
	switch {
	case len(q.WebhookURL) > maxWebhookBytes:
		return &job.FieldError{Field: "webhookUrl", Problem: fmt.Sprintf("has %d bytes; the limit is %d", len(q.WebhookURL), maxWebhookBytes)}
	case q.WebhookURL != "" && record.EndPointProblem(q.WebhookURL) != "":
		return &job.FieldError{Field: "webhookUrl", Problem: record.EndPointProblem(q.WebhookURL)}
	case wrong != nil:
		return &job.FieldError{Field: dirField(q.Kind), Problem: wrong.Error()}
	case q.OnFailure != "" && q.OnFailure != job.StopOnFailure && q.OnFailure != job.RestartOnFailure:
		return &job.FieldError{Field: "onFailure", Problem: fmt.Sprintf("is %.40q; it takes stop or restart", string(q.OnFailure))}
	}
	q.Dir, q.OnFailure = dir, cmp.Or(q.OnFailure, job.StopOnFailure)
	return nil
}

// Ready says why composed jobs cannot run at the moment, for readiness; nil when they can. It waits for an ffmpeg that does
// not answer until the deadline of ctx, and five seconds at most.
func (m *Manager) Ready(ctx context.Context) *fault.Error {
	return m.checkEncoder(ctx, "readiness", job.Recording, job.MP4)
}

func (m *Manager) checkEncoder(ctx context.Context, method string, kind job.Kind, format job.Format) *fault.Error {
	build, err := ffmpeg.Probe(ctx, m.opts.FFmpeg)
	if err == nil && kind.Composed() {
		err = build.Require(encoder.CodecsOf(string(format)).Encoders()...)
	}
	if err == nil {
		return nil
	}
	if hangs, ok := errors.AsType[*ffmpeg.UnresponsiveError](err); ok {
		return kind.Faults().EncoderUnresponsive(hangs.Path, hangs.After).Because(err)
	}
	if errors.Is(err, context.Canceled) { // whoever asked has gone: nothing is known of ffmpeg
		return fault.OperationAbortedCancelled(method).Because(err)
	}
	if e, ok := errors.AsType[*ffmpeg.UnusableError](err); ok {
		return kind.Faults().EncoderUnusable(e.Path, e.Problem).Because(err)
	}
	if e, ok := errors.AsType[*ffmpeg.TooOldError](err); ok {
		return kind.Faults().EncoderTooOld(e.Path, e.Version, e.Needed).Because(err)
	}
	missing := "ffmpeg"
	if lacks, ok := errors.AsType[*ffmpeg.MissingEncoderError](err); ok {
		missing = "the encoder " + lacks.Name
	}
	return kind.Faults().EncoderMissing(m.opts.FFmpeg, missing).Because(err)
}

// outputPath is where a job writes, relative to Options.Dir; "" where it writes nothing. The names are ours.
func outputPath(j record.Job) string {
	switch {
	case j.Kind == job.HLS:
		return filepath.Join("hls", j.ID)
	case j.Kind == job.Livestream && (j.Config.Recording == nil || !j.Config.Recording.Enabled):
		return ""
	case j.Format == job.M3U8:
		return filepath.Join(string(j.Kind), j.ID, "index.m3u8")
	}
	format := job.MP4
	if j.Format != "" {
		format = j.Format
	}
	return filepath.Join(string(j.Kind), j.ID+"."+string(format))
}

// checkStorage makes the directory of a job and looks whether there is room.
func (m *Manager) checkStorage(j record.Job) *fault.Error {
	if j.Path == "" {
		return nil
	}
	dir := filepath.Dir(filepath.Join(m.opts.Dir, j.Path))
	if j.Kind == job.HLS {
		dir = filepath.Join(m.opts.Dir, j.Path)
	}
	free, err := int64(0), os.MkdirAll(dir, 0o700)
	if err == nil {
		err = probeWrite(dir)
	}
	if err == nil || isFull(err) {
		var asked error
		if free, asked = freeBytes(existingDir(dir)); asked != nil && err == nil {
			err = asked
		}
	}
	switch {
	case isFull(err) || err == nil && free < m.opts.MinFree:
		return j.Kind.Faults().StorageFull(free, m.opts.MinFree).Because(err)
	case err != nil:
		problem := err
		if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
			problem = pathErr.Err
		}
		return j.Kind.Faults().StorageUnwritable(problem.Error()).Because(err)
	}
	return nil
}

func probeWrite(dir string) error {
	file, err := os.CreateTemp(dir, ".probe")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

func existingDir(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// reserve takes the slot of a job and its place in the account's limits, in one step. While the end of the previous job is
// being told it waits: whoever heard of that may start, and the states of the next one come after it.
func (m *Manager) reserve(ctx context.Context, r *run) error {
	account, err := m.opts.Store.Account(ctx, r.job.AccountID)
	if err != nil {
		return fault.ServerUnavailableStore("the query for an account").Because(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for other := m.slots[r.slot]; other != nil && other.job.State.Over(); other = m.slots[r.slot] {
		m.mu.Unlock()
		select {
		case <-other.slotFree:
		case <-ctx.Done():
		}
		m.mu.Lock()
		if ctx.Err() != nil {
			return fault.OperationAbortedCancelled(r.request.Method).Because(ctx.Err())
		}
	}
	if m.draining {
		return fault.ServerUnavailableDraining()
	}
	faults := r.job.Kind.Faults()
	if other := m.slots[r.slot]; other != nil {
		j := other.job
		if j.StoppedAt.IsZero() {
			return faults.AlreadyRunning(j.StartedBy.String(), formatTime(j.CreatedAt)).In(j.MeetingID, j.SessionID, "")
		}
		return faults.PreviousProcessing(formatTime(j.StoppedAt)).RetryAfter(retryAfter).In(j.MeetingID, j.SessionID, "")
	}
	if limit := limitOf(account.Limits, r.job.Kind); limit > 0 {
		present := 0
		for _, other := range m.slots {
			if !other.job.State.Over() && other.job.AccountID == r.job.AccountID && limitKind(other.job.Kind) == limitKind(r.job.Kind) {
				present++
			}
		}
		if present >= limit {
			return faults.AccountLimit(limit, present).In(r.job.MeetingID, r.job.SessionID, "")
		}
	}
	m.slots[r.slot] = r
	m.tickets[r.ticket] = r
	m.running.Add(1)
	return nil
}

// retryAfter is what a caller is told to wait while a job is being finished, which takes a second or two.
const retryAfter = 3 * time.Second

// limitKind is the kind as limits count it: every file of a meeting is a recording.
func limitKind(kind job.Kind) job.Kind {
	if kind.Shown() {
		return kind
	}
	return job.Recording
}

func limitOf(l record.Limits, kind job.Kind) int {
	switch limitKind(kind) {
	case job.Livestream:
		return l.Livestreams
	case job.HLS:
		return l.HLS
	}
	return l.Recordings
}

func (m *Manager) release(r *run) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.slots, r.slot)
	delete(m.tickets, r.ticket)
	close(r.slotFree)
}

// Stop asks a job to stop and returns when it has been told; its states follow as events. Its error is a *fault.Error.
func (m *Manager) Stop(ctx context.Context, q job.StopRequest) (record.Job, error) {
	at := slotOf(q.MeetingID, q.Kind, q.JobID, []job.Source{q.Source})
	m.mu.Lock()
	r := m.slots[at]
	var j record.Job
	mine, first := false, false
	if r != nil {
		mine = r.job.AccountID == q.AccountID
		if first = mine && r.job.StoppedAt.IsZero(); first {
			r.job.StoppedAt = now() // here and not when its supervisor takes it up, for the next call may come before that
		}
		j = r.job
	}
	m.mu.Unlock()
	if first {
		r.requestStop()
		return j, nil
	}
	last := "there was none"
	if mine {
		last = formatTime(j.StoppedAt)
	} else if ended, err := m.lastEnded(ctx, q); err != nil {
		return record.Job{}, fault.ServerUnavailableStore("the query for the last job").Because(err)
	} else if !ended.IsZero() {
		last = formatTime(ended)
	}
	return record.Job{}, q.Kind.Faults().NotRunning(last).In(q.MeetingID, "", "")
}

func (m *Manager) lastEnded(ctx context.Context, q job.StopRequest) (time.Time, error) {
	over := true
	want := record.JobFilter{Kinds: []job.Kind{q.Kind}, MeetingID: q.MeetingID, ParticipantID: q.Source.ParticipantID, Over: &over}
	jobs, err := m.opts.Store.Jobs(ctx, q.AccountID, want, record.Page{Size: 1})
	if err != nil || len(jobs.Items) == 0 {
		return time.Time{}, err
	}
	return jobs.Items[0].EndedAt, nil
}

func slotOf(meetingID string, kind job.Kind, jobID string, sources []job.Source) slot {
	at := slot{meetingID: meetingID, kind: kind}
	switch {
	case kind == job.Composite:
		at.source = jobID
	case !kind.Composed() && len(sources) > 0:
		at.source = sources[0].ParticipantID
		if kind == job.Track {
			at.source += " " + string(sources[0].Kind) // an id holds no space
		}
	}
	return at
}

func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// secretsOf are the texts that must not leave through a worker's words.
func secretsOf(spec order.Spec) []string {
	secrets := []string{strings.TrimPrefix(spec.Ticket, order.TicketPrefix)}
	for _, o := range spec.Outputs {
		secrets = append(secrets, o.StreamKey)
		if u, err := url.Parse(o.URL); err == nil && u.User != nil {
			password, _ := u.User.Password()
			secrets = append(secrets, password, u.User.String())
		}
	}
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) }) // one may hold another
	return secrets
}
