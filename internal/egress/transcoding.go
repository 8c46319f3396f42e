package egress

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/disk"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// Sources opens what earlier jobs have made, on the disk or in the storage. Errors are fs.ErrNotExist or *fault.Error.
type Sources interface {
	OpenFile(ctx context.Context, f job.File) (io.ReadCloser, error)
	OpenStream(ctx context.Context, jobID, name string) (io.ReadCloser, error)
}

const (
	// maxTranscodings of an account may wait and run.
	maxTranscodings = 20
	// transcodingPause is the retryAfterMs of a request past that.
	transcodingPause = 10 * time.Second
	// transcodingCPU bounds the processor time of one ffmpeg that transcodes: hours of sound take a minute.
	transcodingCPU = 30 * time.Minute
	// transcodingStall is how long an ffmpeg may give and take nothing.
	transcodingStall = 60 * time.Second
	// transcodingDir holds what is being made, in Options.Dir.
	transcodingDir = "transcoding"
)

// transcodings are the jobs that make a file of files that exist: one at a time, so that meetings and recordings keep
// the processors, and the others wait in their order.
type transcodings struct {
	mu      sync.Mutex // guards everything below
	queue   []*transcoding
	working bool // a goroutine works through the queue
}

// transcoding is one job of the queue. Its record is guarded by the mutex of transcodings.
type transcoding struct {
	job    record.Job
	mark   *job.MergeWatermark // nil for none
	ctx    context.Context     // ends when it is cancelled, or the server stops
	cancel context.CancelCauseFunc
}

var errCancelled = errors.New("cancelled")

// SetSources sets where the files of earlier jobs are. It must be called before the first Transcode.
func (m *Manager) SetSources(s Sources) { m.sources = s }

// Transcode puts a job into the queue and returns its record. The error is a *fault.Error.
func (m *Manager) Transcode(ctx context.Context, q job.TranscodingRequest) (record.Job, error) {
	q, err := m.withMergeImage(ctx, q)
	if err != nil {
		return record.Job{}, err
	}
	if m.opts.Nodes != nil {
		return m.transcodeElsewhere(ctx, q)
	}
	return m.transcodeHere(ctx, q)
}

// transcodeHere is Transcode for the queue of this node.
func (m *Manager) transcodeHere(ctx context.Context, q job.TranscodingRequest) (record.Job, error) {
	at := now()
	j := record.Job{
		ID: uuid.NewString(), Node: m.nodeID(), Kind: q.Kind, AccountID: q.AccountID, MeetingID: q.MeetingID,
		SessionID: q.SessionID, State: job.Starting, Sources: q.Sources, Format: job.MP4, OnFailure: job.StopOnFailure,
		WebhookURL: q.WebhookURL, Dir: q.Dir, CreatedAt: at, UpdatedAt: at,
	}
	j.Path = filepath.Join(transcodingDir, j.ID+"."+string(job.MP4))
	if f := m.checkEncoder(ctx, "transcoding", q.Kind, ""); f != nil {
		return record.Job{}, f.WithMeeting(q.MeetingID, q.SessionID, "")
	}
	if f := m.checkStorage(j); f != nil {
		return record.Job{}, f.WithMeeting(q.MeetingID, q.SessionID, "")
	}
	t := &transcoding{job: j, mark: q.Watermark}
	t.ctx, t.cancel = context.WithCancelCause(m.life)
	m.transcodings.mu.Lock()
	defer m.transcodings.mu.Unlock()
	var open []record.Job
	for _, other := range m.transcodings.queue {
		if other.job.AccountID == q.AccountID && other.ctx.Err() == nil {
			open = append(open, other.job)
		}
	}
	if err := checkTranscodings(j, open); err != nil {
		return record.Job{}, err
	}
	m.mu.Lock()
	draining := m.draining
	m.mu.Unlock()
	if draining {
		return record.Job{}, fault.ServerUnavailableDraining()
	}
	if err := m.placeJob(ctx, j, func(open []record.Job) error {
		return checkTranscodings(j, slices.DeleteFunc(open, func(other record.Job) bool {
			return m.isCancelledLocked(other.ID) || m.Latest(other).State.Over()
		}))
	}); err != nil {
		return record.Job{}, err
	}
	m.transcodings.queue = append(m.transcodings.queue, t)
	if !m.transcodings.working {
		m.transcodings.working = true
		m.background("the transcodings", m.workTranscodings)
	}
	return j, nil
}

// isCancelledLocked reports whether a job of the queue was cancelled and waits for its end.
func (m *Manager) isCancelledLocked(id string) bool {
	return slices.ContainsFunc(m.transcodings.queue, func(t *transcoding) bool {
		return t.job.ID == id && t.ctx.Err() != nil
	})
}

// checkTranscodings returns the fault of a new transcoding of an account beside its open jobs.
func checkTranscodings(j record.Job, open []record.Job) error {
	present := 0
	for _, other := range open {
		if !other.Kind.Transcodes() || other.State.Over() {
			continue
		}
		present++
		if j.Kind.MergesRecordings() && j.Kind == other.Kind && hasSameSources(j, other) {
			return fault.ConflictSameRecordings(string(j.Kind), other.ID, publishedStatus(other.State)).
				WithMeeting(other.MeetingID, other.SessionID, "")
		}
	}
	if present < maxTranscodings {
		return nil
	}
	return fault.RateLimitedTranscodings(present, maxTranscodings).RetryAfter(transcodingPause)
}

// publishedStatus returns the published word for the state of a transcoding that is not over.
func publishedStatus(state job.State) string {
	if state == job.Starting {
		return "pending"
	}
	return "processing"
}

// hasSameSources reports whether two jobs are made of the same recordings, in whatever order they were named.
func hasSameSources(a, b record.Job) bool {
	return slices.Equal(slices.Sorted(slices.Values(a.RecordingIDs())), slices.Sorted(slices.Values(b.RecordingIDs())))
}

// CancelTranscoding ends a job that waits or runs, and reports whether there was one. The error is a *fault.Error.
func (m *Manager) CancelTranscoding(ctx context.Context, j record.Job) (canceled bool, err error) {
	if m.opts.Nodes == nil || j.Node == m.opts.Nodes.ID() {
		return m.cancelHere(j.ID), nil
	}
	err = m.opts.Nodes.Call(ctx, j.Node, topicCancel, j.ID, &canceled)
	return canceled, err
}

// cancelHere is CancelTranscoding for the queue of this node.
func (m *Manager) cancelHere(id string) bool {
	m.transcodings.mu.Lock()
	defer m.transcodings.mu.Unlock()
	for _, t := range m.transcodings.queue {
		if t.job.ID == id {
			t.cancel(errCancelled)
			return true
		}
	}
	return false
}

// workTranscodings runs the queue until it is empty. A job stays in it until it is over.
func (m *Manager) workTranscodings() {
	for {
		m.transcodings.mu.Lock()
		if len(m.transcodings.queue) == 0 || m.life.Err() != nil {
			m.transcodings.working = false
			m.transcodings.mu.Unlock()
			return
		}
		t := m.transcodings.queue[0]
		m.transcodings.mu.Unlock()
		select {
		case <-m.closing: // the next start reports what was left
			t.cancel(context.Canceled)
			m.transcodings.mu.Lock()
			m.transcodings.working = false
			m.transcodings.mu.Unlock()
			return
		default:
		}
		m.guarded("a transcoding", func() { m.runTranscoding(t) })
		m.transcodings.mu.Lock()
		m.transcodings.queue = m.transcodings.queue[1:]
		m.transcodings.mu.Unlock()
		t.cancel(nil)
	}
}

// runTranscoding makes the file of a job and records how it ended.
func (m *Manager) runTranscoding(t *transcoding) {
	writer := jobWriter{m: m}
	change := func(do func(*record.Job)) record.Job {
		m.transcodings.mu.Lock()
		do(&t.job)
		t.job.UpdatedAt = now()
		j := t.job
		m.transcodings.mu.Unlock()
		if f := writer.add(jobUpdate{job: j, changed: true}); f != nil {
			m.opts.Report(context.WithoutCancel(m.life), f.WithMeeting(j.MeetingID, j.SessionID, ""))
		}
		return j
	}
	ctx, stop := context.WithCancelCause(t.ctx)
	defer stop(nil)
	go func() {
		select {
		case <-m.closing:
			stop(context.Canceled)
		case <-ctx.Done():
		}
	}()
	j := t.job
	var file job.File
	err := context.Cause(ctx)
	if err == nil {
		j = change(func(j *record.Job) { j.State, j.StartedAt = job.Started, now() })
		file, err = m.makeFile(ctx, j, t.mark)
	}
	cause := context.Cause(ctx)
	switch {
	case err != nil && cause != nil && !errors.Is(cause, errCancelled): // the server stops: the next start reports it
		return
	case err != nil && cause != nil:
		change(func(j *record.Job) { j.State, j.StoppedAt, j.EndedAt = job.Cancelled, now(), now() })
	case err != nil:
		f := m.transcodingFault(j, err).WithAccount(j.AccountID).WithMeeting(j.MeetingID, j.SessionID, "")
		m.opts.Report(m.life, f)
		change(func(j *record.Job) { j.State, j.StoppedAt, j.EndedAt, j.Fault = job.Failed, now(), now(), f })
	default:
		j.Files = []job.File{file}
		files := j.Files
		if m.opts.Storage != nil {
			kept, err := m.opts.Storage.Keep(m.life, j)
			if err != nil { // the file is listed where it is, and tried again
				m.opts.Report(m.life, fault.From(err).WithAccount(j.AccountID).WithMeeting(j.MeetingID, j.SessionID, ""))
			} else {
				files = kept
			}
		}
		change(func(j *record.Job) { j.State, j.StoppedAt, j.EndedAt, j.Files = job.Stopped, now(), now(), files })
	}
	m.running.Go(func() { m.guarded("the pending records of a job", writer.drain) })
}

// transcodingFault returns the fault of a job whose file could not be made.
func (m *Manager) transcodingFault(j record.Job, err error) *fault.Error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	faults := j.Kind.Faults()
	if died, ok := errors.AsType[*ffmpeg.DiedError](err); ok {
		return faults.EncoderDied(died.Signal, died.Exit, died.LastWords).Because(err)
	}
	if stalled, ok := errors.AsType[*ffmpeg.StalledError](err); ok {
		return faults.EncoderStalled(stalled.After).Because(err)
	}
	if _, missing := errors.AsType[*ffmpeg.NotFoundError](err); missing {
		return faults.EncoderMissing(m.opts.FFmpeg, "ffmpeg").Because(err)
	}
	if disk.IsFull(err) {
		free, _ := disk.Free(m.opts.Dir) // unknown is 0
		return faults.DiskFull(free, 0).Because(err)
	}
	problem := err
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		problem = pathErr.Err
	}
	return fault.ServerUnavailableStorage("the files of a "+string(j.Kind), problem.Error()).Because(err)
}

// madeFile is what is known of a file that a transcoding has made.
type madeFile struct {
	length        time.Duration
	width, height int // 0 without a picture
}

// makeFile makes the file of a job, whole or not at all.
func (m *Manager) makeFile(ctx context.Context, j record.Job, mark *job.MergeWatermark) (job.File, error) {
	path := filepath.Join(m.opts.Dir, j.Path)
	part := path + ".part"
	defer func() { _ = os.Remove(part) }() // what has become the file is not there any more
	var made madeFile
	var err error
	if j.Kind == job.HLSToMP4 {
		made, err = m.streamToFile(ctx, j, part)
	} else {
		made, err = m.recordingsToFile(ctx, j, mark, path, part)
	}
	if err != nil {
		return job.File{}, err
	}
	if err := os.Rename(part, path); err != nil {
		return job.File{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return job.File{}, err
	}
	return job.File{
		Path: j.Path, Size: info.Size(), DurationMs: made.length.Milliseconds(), Width: made.width, Height: made.height,
		Format: job.MP4,
	}, nil
}

// streamToFile writes the segments of an HLS stream that is over into one MP4 file, without encoding anew.
func (m *Manager) streamToFile(ctx context.Context, j record.Job, to string) (made madeFile, err error) {
	stream, err := m.sourceJob(ctx, j.AccountID, j.Sources[0].RecordingID)
	if err != nil {
		return made, err
	}
	for _, f := range stream.Files {
		if f.Format == job.M3U8 {
			made = madeFile{time.Duration(f.DurationMs) * time.Millisecond, f.Width, f.Height}
			if err := m.checkSpace(j, 2*f.Size); err != nil {
				return made, err
			}
		}
	}
	names, err := m.segments(ctx, stream.ID)
	if err != nil {
		return made, err
	}
	from := func(w io.Writer) error {
		for _, name := range names {
			if err := m.copyStream(ctx, w, stream.ID, name); err != nil {
				return err
			}
		}
		return nil
	}
	return made, m.remux(ctx, from, to)
}

// segments returns the names of the files of a stream that make up its media, in their order.
func (m *Manager) segments(ctx context.Context, id string) ([]string, error) {
	playlist, err := m.openStream(ctx, id, hls.FullPlaylist)
	if err != nil {
		return nil, err
	}
	defer playlist.Close()
	names := []string{hls.InitSegment}
	lines := bufio.NewScanner(io.LimitReader(playlist, 16<<20)) // a day of segments has less
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			names = append(names, line)
		}
	}
	return names, lines.Err()
}

func (m *Manager) openStream(ctx context.Context, id, name string) (io.ReadCloser, error) {
	file, err := m.sources.OpenStream(ctx, id, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.NotFoundFile(name).Because(err)
	}
	return file, err
}

func (m *Manager) copyStream(ctx context.Context, w io.Writer, id, name string) error {
	file, err := m.openStream(ctx, id, name)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, contextReader{ctx, file})
	return errors.Join(err, file.Close())
}

// sourceJob returns the job that made what is transcoded.
func (m *Manager) sourceJob(ctx context.Context, accountID, id string) (record.Job, error) {
	j, err := m.opts.Store.Job(ctx, accountID, id)
	if _, gone := errors.AsType[*record.NotFoundError](err); gone {
		return j, fault.NotFoundJob("recording", id).Because(err)
	}
	if err != nil {
		return j, fault.ServerUnavailableStore("the query for a recording").Because(err)
	}
	return j, nil
}

// checkSpace returns the fault for a disk on which so many bytes would leave too little.
func (m *Manager) checkSpace(j record.Job, bytes int64) error {
	free, err := disk.Free(disk.Existing(filepath.Join(m.opts.Dir, transcodingDir)))
	if err == nil && free < bytes+m.opts.MinFree {
		return j.Kind.Faults().StorageFull(free, bytes+m.opts.MinFree)
	}
	return err
}

// remux writes fragmented MP4 that from writes into a file that players seek in at once.
func (m *Manager) remux(ctx context.Context, from func(io.Writer) error, to string) error {
	p, err := ffmpeg.StartBounded(m.opts.FFmpeg, 1, transcodingCPU,
		"-i", ffmpeg.Pipe(0), "-c", "copy", "-movflags", "+faststart", "-f", "mp4", "-y", "file:"+to)
	if err != nil {
		return err
	}
	defer p.Close()
	defer context.AfterFunc(ctx, p.Kill)()
	go func() { _, _ = io.Copy(io.Discard, p.Out) }() // it writes nothing there
	watched := newStallWatch(transcodingStall, p.Kill)
	defer watched.stop()
	err = from(watched.writer(p.In[0]))
	_ = p.In[0].Close()
	if err != nil && ctx.Err() == nil && !isBrokenPipe(err) {
		return err
	}
	watched.seen() // the index is moved to the begin of the file, which takes as long as a copy
	<-p.Done()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case watched.stalled():
		return &ffmpeg.StalledError{After: transcodingStall, LastWords: p.LastWords()}
	case p.Err() != nil:
		return p.Err()
	}
	return err
}

// contextReader reads until a context ends.
type contextReader struct {
	ctx context.Context
	io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := context.Cause(r.ctx); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// cleanTranscodings removes what a killed server has left of files that were being made.
func (m *Manager) cleanTranscodings() {
	dir := filepath.Join(m.opts.Dir, transcodingDir)
	entries, _ := os.ReadDir(dir) // what cannot be read is not there
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".part") || strings.Contains(name, inputMark) {
			_ = os.Remove(filepath.Join(dir, name)) // the next start looks again
		}
	}
}
