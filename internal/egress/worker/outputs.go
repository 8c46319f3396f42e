package worker

import (
	"context"
	"errors"
	"github.com/klatch/klatch/internal/disk"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/job"
)

// sink takes an encoding. begin, write and finish are called by one goroutine at a time.
type sink interface {
	// begin comes first; zero is the moment of the meeting at which the encoding begins.
	begin(init *fmp4.Init, zero time.Time) error
	write(f *fmp4.Fragment) error
	// finish completes what was begun, until ctx ends. It is called once, also after an error.
	finish(ctx context.Context) error
	files() []job.File
}

// forward writes all fragments of a stream to a sink. zero is called when the stream begins.
func forward(from io.Reader, zero func() time.Time, to sink) error {
	stream := fmp4.NewReader(from)
	init, err := stream.Init()
	if err == nil {
		err = to.begin(init, zero())
	}
	for err == nil {
		f, end := stream.Next()
		if errors.Is(end, io.EOF) {
			return nil
		}
		if err = end; err == nil {
			err = to.write(f)
		}
	}
	return err
}

// outputs are where one encoding goes. The main one makes the job: when it fails the job does. A recording beside a
// livestream or HLS may fail alone.
type outputs struct {
	*worker
	primary, secondary sink

	lost    chan struct{} // closed when the last RTMP target is lost
	lastErr error         // why, when lost is closed

	once    sync.Once
	started atomic.Bool
	saved   atomic.Int64 // nanoseconds of media
	bytes   atomic.Int64
}

func openOutputs(w *worker) (*outputs, error) {
	o := &outputs{worker: w, lost: make(chan struct{})}
	var file sink
	if w.spec.File != "" {
		open := newMP4File
		if w.spec.Format == job.WebM {
			open = newWebMFile
		}
		var err error
		if file, err = open(w.spec.File); err != nil {
			return nil, err
		}
	}
	switch w.spec.Kind {
	case job.HLS:
		p, err := newLivePlaylist(w.spec.HLSDir, func() { w.reports.send(order.Report{Report: order.ReportPlayable}) })
		if err != nil {
			return nil, errors.Join(err, abandon(file))
		}
		o.primary, o.secondary = p, file
	case job.Livestream:
		targets, err := newTargets(w, o)
		if err != nil {
			return nil, errors.Join(err, abandon(file))
		}
		o.primary, o.secondary = targets, file
	default:
		o.primary = file
	}
	if o.primary == nil {
		return nil, errors.New("the order names no file")
	}
	return o, nil
}

// abandon drops outputs that nothing was written to.
func (o *outputs) abandon() { _ = errors.Join(abandon(o.primary), abandon(o.secondary)) }

func abandon(s sink) error {
	if s == nil {
		return nil
	}
	return s.finish(context.Background())
}

func (o *outputs) begin(init *fmp4.Init, zero time.Time) error {
	o.withSecondary(func() error { return o.secondary.begin(init, zero) })
	return o.primary.begin(init, zero)
}

func (o *outputs) write(f *fmp4.Fragment) error {
	o.withSecondary(func() error { return o.secondary.write(f) })
	if err := o.primary.write(f); err != nil {
		return err
	}
	o.saved.Store(int64(f.Start + f.Duration))
	o.bytes.Add(int64(len(f.Raw)))
	if o.spec.Kind != job.Livestream { // that has started when a target took it
		o.start()
	}
	return nil
}

// withSecondary does something with the recording beside, which is given up when it fails.
func (o *outputs) withSecondary(do func() error) {
	if o.secondary == nil {
		return
	}
	if err := do(); err != nil {
		free, _ := disk.Free(o.dir()) // unknown is 0
		at := jobStatus{started: true, saved: time.Duration(o.saved.Load()), free: free}
		o.reports.fault(faultFrom(job.Recording, err, at).WithMeeting(o.spec.MeetingID, "", ""))
		_ = o.secondary.finish(context.Background()) // it has failed already
		o.secondary = &abandonedOutput{o.secondary.files()}
	}
}

// abandonedOutput takes the place of a recording that was given up.
type abandonedOutput struct{ made []job.File }

func (*abandonedOutput) begin(*fmp4.Init, time.Time) error { return nil }
func (*abandonedOutput) write(*fmp4.Fragment) error        { return nil }
func (*abandonedOutput) finish(context.Context) error      { return nil }
func (f *abandonedOutput) files() []job.File               { return f.made }

// start reports once that the job has started.
func (o *outputs) start() {
	o.once.Do(func() {
		o.started.Store(true)
		o.reports.send(order.Report{Report: order.ReportStarted})
	})
}

func (o *outputs) finish(ctx context.Context) error {
	o.withSecondary(func() error { return o.secondary.finish(ctx) })
	return o.primary.finish(ctx)
}

func (o *outputs) status() (started bool, saved time.Duration, bytes int64) {
	return o.started.Load(), time.Duration(o.saved.Load()), o.bytes.Load()
}

func (o *outputs) files() []job.File {
	made := o.primary.files()
	if o.secondary != nil {
		made = append(made, o.secondary.files()...)
	}
	return made
}
