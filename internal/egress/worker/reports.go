package worker

import (
	"encoding/json"
	"io"
	"sync"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
)

// reports writes the reports of the job to the server. *mutex*: any goroutine may report.
type reports struct {
	mu     sync.Mutex // guards everything below, and one line from the other
	out    io.Writer
	failed bool // a final fault was reported
}

// send writes one line. Without a reader the server is gone, which the end of stdin says too.
func (r *reports) send(report order.Report) {
	line, err := json.Marshal(report)
	if err != nil {
		return // reports are plain values
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = r.out.Write(append(line, '\n'))
}

// fault reports something that went wrong; the job goes on.
func (r *reports) fault(f *fault.Error) { r.send(order.Report{Report: order.ReportFault, Fault: f}) }

// cleared reports that what a fault reported is over.
func (r *reports) cleared(f *fault.Error) {
	r.send(order.Report{Report: order.ReportCleared, FaultID: f.ID})
}

// final reports the fault that the job ends with, once.
func (r *reports) final(f *fault.Error) {
	r.mu.Lock()
	again := r.failed
	r.failed = true
	r.mu.Unlock()
	if !again {
		r.send(order.Report{Report: order.ReportFault, Fault: f, Final: true})
	}
}

func (r *reports) hasFailed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}
