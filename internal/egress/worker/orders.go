package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/klatch/klatch/internal/egress/order"
)

// maxOrder bounds one line from the server: a Spec with 50 outputs has some 200 kB.
const maxOrder = 1 << 20

// orders are the job that the server has sent, and the channels that end it.
type orders struct {
	spec    order.Spec
	stop    chan struct{} // closed: finish in good order
	orphan  chan struct{} // closed: the server has died, finish at once
	publish chan struct{} // closed: reach the outputs of a Spec with Hold
	tickets chan string   // of one place: the newest that was not used
}

// readOrders reads the Spec and then listens for commands until in ends; that goroutine ends with the process.
func readOrders(in io.Reader) (*orders, error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxOrder)
	if !lines.Scan() {
		return nil, fmt.Errorf("no job on stdin: %w", errors.Join(lines.Err(), io.ErrUnexpectedEOF))
	}
	o := &orders{
		stop: make(chan struct{}), orphan: make(chan struct{}), publish: make(chan struct{}), tickets: make(chan string, 1),
	}
	if err := json.Unmarshal(lines.Bytes(), &o.spec); err != nil {
		return nil, errors.New("the job on stdin is not JSON of the right shape") // its text could repeat a secret
	}
	go o.listen(lines)
	return o, nil
}

func (o *orders) listen(lines *bufio.Scanner) {
	stopped, published := false, false
	for lines.Scan() {
		var c order.Command
		if json.Unmarshal(lines.Bytes(), &c) != nil {
			continue
		}
		switch {
		case c.Command == order.CommandStop && !stopped:
			stopped = true
			close(o.stop)
		case c.Command == order.CommandPublish && !published:
			published = true
			close(o.publish)
		case c.Command == order.CommandTicket:
			select {
			case <-o.tickets: // an older one, which is void
			default:
			}
			o.tickets <- c.Ticket
		}
	}
	if !stopped {
		close(o.orphan)
	}
}

// newTicket asks the manager for a ticket for another join.
func (w *worker) newTicket(ctx context.Context) (string, error) {
	w.reports.send(order.Report{Report: order.ReportTicket})
	select {
	case ticket := <-w.orders.tickets:
		return ticket, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}
