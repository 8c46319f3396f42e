package worker

import (
	"bufio"
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
	spec   order.Spec
	stop   chan struct{} // closed: finish in good order
	orphan chan struct{} // closed: the server has died, finish at once
}

// readOrders reads the Spec and then listens for commands until in ends; that goroutine ends with the process.
func readOrders(in io.Reader) (*orders, error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxOrder)
	if !lines.Scan() {
		return nil, fmt.Errorf("no job on stdin: %w", errors.Join(lines.Err(), io.ErrUnexpectedEOF))
	}
	o := &orders{stop: make(chan struct{}), orphan: make(chan struct{})}
	if err := json.Unmarshal(lines.Bytes(), &o.spec); err != nil {
		return nil, errors.New("the job on stdin is not JSON of the right shape") // its text could repeat a secret
	}
	go o.listen(lines)
	return o, nil
}

func (o *orders) listen(lines *bufio.Scanner) {
	stopped := false
	for lines.Scan() {
		var c order.Command
		if json.Unmarshal(lines.Bytes(), &c) == nil && c.Command == order.CommandStop && !stopped {
			stopped = true
			close(o.stop)
		}
	}
	if !stopped {
		close(o.orphan)
	}
}
