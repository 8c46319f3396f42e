package egress

import (
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/workerprocess"
)

// worker is the process of one job, as its supervisor sees it. messages must be read until the exit; the others may be
// called at any time by its supervisor, also afterwards.
type worker interface {
	messages() <-chan message
	admit(ticket string) // sends it a ticket that it has asked for
	publish()            // has one that holds reach its outputs
	stop()
	kill()
}

// message is a report of the worker or, last, how it ended.
type message = workerprocess.Message[order.Report]

// process is a worker that runs. One goroutine writes its stdin, and ends with it.
type process struct {
	*workerprocess.Process[order.Report]
	in   chan []byte // lines for stdin; closed by nobody
	once sync.Once
}

// workerFiles is how many files a worker may have open: some 20 of its own, and a dozen for each of 25 decoders.
const workerFiles = 1024

// startProcess starts a worker with its Spec. The error is that of the system.
func (m *Manager) startProcess(spec order.Spec) (worker, error) {
	line, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	started, err := workerprocess.Start[order.Report](workerprocess.Options{
		Command: m.opts.Command, Files: workerFiles, MaxReportBytes: order.MaxReportBytes,
		Logger: m.opts.Logger.With("job", spec.JobID, "kind", string(spec.Kind)), Secrets: secretsOf(spec),
	})
	if err != nil {
		return nil, err
	}
	p := &process{Process: started, in: make(chan []byte, 4)}
	go p.write(p.Stdin())
	p.in <- append(line, '\n')
	return p, nil
}

func (p *process) messages() <-chan message { return p.Messages() }

func (p *process) stop() {
	p.once.Do(func() { p.in <- []byte(`{"command":"` + order.CommandStop + "\"}\n") })
}

func (p *process) publish() { p.send(order.Command{Command: order.CommandPublish}) }

func (p *process) admit(ticket string) {
	p.send(order.Command{Command: order.CommandTicket, Ticket: ticket})
}

func (p *process) send(c order.Command) {
	line, err := json.Marshal(c)
	if err != nil {
		return // a command is plain values
	}
	if len(p.in) < cap(p.in)-1 { // else it does not read; a place is left for the stop
		p.in <- append(line, '\n')
	}
}

func (p *process) kill() { p.Kill() }

// write writes stdin; a worker that does not read delays nobody else.
func (p *process) write(stdin *os.File) {
	for {
		select {
		case line := <-p.in:
			if _, err := stdin.Write(line); err != nil {
				return
			}
		case <-p.Gone():
			return
		}
	}
}

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
