package sdk

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// maxFaultReports wait at a time. Past them no more faults are reported; those that are keep their ends.
const maxFaultReports = 64

// faultReports sends to the server which faults this SDK has found, and which of them are over: in order, and what it
// finds while there is no connection as soon as there is one again.
//
// Shape: mutex; run is a goroutine of the participation.
type faultReports struct {
	meeting *Meeting
	wake    chan struct{} // capacity 1

	mu      sync.Mutex // guards everything below
	waiting []faultReport
}

// faultReport is that a fault began, or with over that it ended.
type faultReport struct {
	fault *fault.Error
	at    time.Time
	over  bool
}

func newFaultReports(m *Meeting) *faultReports {
	return &faultReports{meeting: m, wake: make(chan struct{}, 1)}
}

// began reports a fault, which may have begun before.
func (r *faultReports) began(f *fault.Error, at time.Time) { r.add(faultReport{fault: f, at: at}) }

// ended reports that a fault which lasted is over.
func (r *faultReports) ended(f *fault.Error) {
	r.add(faultReport{fault: f, at: time.Now(), over: true})
}

func (r *faultReports) add(next faultReport) {
	r.mu.Lock()
	if next.over && len(r.waiting) < 2*maxFaultReports || len(r.waiting) < maxFaultReports {
		r.waiting = append(r.waiting, next)
	}
	r.mu.Unlock()
	r.retry()
}

// retry sends what waits: there is a connection.
func (r *faultReports) retry() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (r *faultReports) first() (next faultReport, any bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) == 0 {
		return next, false
	}
	return r.waiting[0], true
}

// run sends until the participation ends.
func (r *faultReports) run() {
	for ctx := r.meeting.ctx; ; {
		next, any := r.first()
		if any && r.meeting.link.connected() {
			if !r.send(ctx, next) {
				continue
			}
			r.mu.Lock()
			r.waiting = r.waiting[1:]
			r.mu.Unlock()
			continue
		}
		select {
		case <-r.wake:
		case <-ctx.Done():
			return
		}
	}
}

// send reports whether the server has judged the report; it is not sent again then, for it only informs.
func (r *faultReports) send(ctx context.Context, next faultReport) (judged bool) {
	method, agoMs := wire.MethodReport, min(max(0, time.Since(next.at)), wire.MaxReportAge).Milliseconds()
	var params any = wire.ReportParams{Fault: *next.fault, AgoMs: agoMs}
	if next.over {
		method, params = wire.MethodReportCleared, wire.ReportClearedParams{ID: next.fault.ID, AgoMs: agoMs}
	}
	err := r.meeting.link.call(ctx, method, method, params, nil)
	f, _ := errors.AsType[*fault.Error](err)
	switch {
	case f == nil || ctx.Err() != nil:
		return true
	case f.Code == fault.CodeMeetingReconnecting: // run waits for the connection
		return false
	case f.Retryable && f.RetryAfterMs > 0: // too many at once
		return !pause(ctx, time.Duration(f.RetryAfterMs)*time.Millisecond)
	}
	return true
}
