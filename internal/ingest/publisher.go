package ingest

import (
	"errors"
	"io"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/ingest/order"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rtmp"
	"github.com/klatch/klatch/internal/workerticket"
)

// publisher is what is published with one key: its worker, and the connection of its encoder, which may break and
// come back.
//
// Shape: mutex; run is the goroutine that follows the worker.
type publisher struct {
	server *Server
	key    record.StreamKey
	ticket string     // nonce of the ticket of its worker
	from   netip.Addr // of the encoder that began it
	joined chan struct{}
	ended  chan struct{}
	once   sync.Once // joined is closed

	mu        sync.Mutex // guards everything below
	process   *process   // nil until it has started
	conn      *connection
	since     time.Time // conn is attached
	mediaAt   time.Time // when media came last
	window    *time.Timer
	why       *fault.Error // why it ends; nil in good order
	reported  bool
	over      bool
	sessionID string
}

// silentAfter is when an encoder that sends nothing is replaced by another one with the same key.
const silentAfter = 5 * time.Second

func newPublisher(s *Server, key record.StreamKey, c *connection) *publisher {
	now := time.Now()
	return &publisher{
		server: s, key: key, ticket: newTicket(), from: c.address, joined: make(chan struct{}), ended: make(chan struct{}),
		conn: c, since: now, mediaAt: now,
	}
}

// attach sets the connection of the publisher, in the place of one that broke or is silent.
func (p *publisher) attach(c *connection) *fault.Error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return fault.RTMPIngestRefusedAlreadyPublishing(p.key.ID, c.address.String(), time.Since(p.since)).
			RetryAfter(time.Second)
	}
	if before := p.conn; before != nil {
		if time.Since(p.mediaAt) < silentAfter {
			return fault.RTMPIngestRefusedAlreadyPublishing(p.key.ID, before.address.String(), time.Since(p.since)).
				RetryAfter(silentAfter)
		}
		_ = before.conn.Close()
	}
	if p.window != nil {
		p.window.Stop()
		p.window = nil
	}
	p.conn, p.since, p.mediaAt = c, time.Now(), time.Now()
	c.again = true
	return nil
}

// awaitJoin waits until the worker has joined. False: it has not, and the encoder was told why.
func (p *publisher) awaitJoin(c *connection) bool {
	select {
	case <-p.joined:
		if c.again {
			p.mu.Lock()
			process := p.process
			p.mu.Unlock()
			process.send(order.Frame{Kind: order.Begin})
		}
		return true
	case <-p.ended:
		p.sayWhy(c, badName)
		return false
	}
}

// feed hands media to the worker. It waits while the worker is behind, which holds the encoder back.
func (p *publisher) feed(c *connection, f order.Frame) error {
	p.mu.Lock()
	if p.conn != c || p.over {
		p.mu.Unlock()
		return errReplaced
	}
	p.mediaAt = time.Now()
	process := p.process
	p.mu.Unlock()
	return process.write(f)
}

// errReplaced ends a connection whose place another one has, or whose publisher has ended.
var errReplaced = errors.New("ingest: the connection has lost its publisher")

// detach ends the part of a connection. err is how it ended.
func (p *publisher) detach(c *connection, err error) {
	p.mu.Lock()
	if p.conn != c {
		p.mu.Unlock()
		return
	}
	p.conn = nil
	over, process := p.over, p.process
	p.mu.Unlock()
	opts := p.server.opts
	switch {
	case over:
		<-p.ended
		p.sayWhy(c, streamFailed)
		return
	case errors.Is(err, rtmp.ErrUnpublished):
		p.end(nil, false)
		return
	case errors.Is(err, rtmp.ErrMalformed):
		f := fault.RTMPIngestRefusedMalformed(c.address.String(), rtmp.ProblemOf(err))
		c.tell(p.locate(f), func(description string) error { return c.in.Refuse(streamFailed, description) })
		p.end(nil, false)
		return
	case errors.Is(err, errWorker):
		if errors.Is(err, os.ErrDeadlineExceeded) {
			p.end(fault.RTMPIngestFailedWorkerStalled(writeTimeout), false)
		}
		process.Kill()
		<-p.ended
		p.sayWhy(c, streamFailed)
		return
	case errors.Is(err, os.ErrDeadlineExceeded):
		f := fault.RTMPIngestRefusedStalled(opts.StallTimeout)
		c.tell(p.locate(f), func(description string) error { return c.in.Refuse(connectIdle, description) })
	case err != nil && !errors.Is(err, io.EOF):
		opts.Logger.Debug("the connection of an encoder broke", "key", p.key.ID, "err", err)
	}
	process.send(order.Frame{Kind: order.Cut})
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn == nil && !p.over {
		p.window = time.AfterFunc(opts.ReconnectWindow, p.lost)
	}
}

// lost ends a publisher whose encoder has not come back.
func (p *publisher) lost() {
	p.mu.Lock()
	gone := p.conn == nil && !p.over
	p.mu.Unlock()
	if gone {
		p.end(fault.RTMPIngestRefusedLost(p.server.opts.ReconnectWindow), false)
	}
}

// end stops the worker. f is why, nil in good order; known is whether it was reported.
func (p *publisher) end(f *fault.Error, known bool) {
	p.mu.Lock()
	if p.over {
		p.mu.Unlock()
		return
	}
	p.over, p.why, p.reported = true, f, known
	if p.window != nil {
		p.window.Stop()
	}
	process, c := p.process, p.conn
	p.mu.Unlock()
	if c != nil {
		_ = c.conn.SetReadDeadline(time.Now()) // it comes to detach
	}
	if process != nil {
		process.stop()
	}
}

// sayWhy tells the encoder why the publisher has ended.
func (p *publisher) sayWhy(c *connection, code string) {
	p.mu.Lock()
	f := p.why
	p.mu.Unlock()
	if f == nil {
		return
	}
	if f.Code == fault.CodeServerShutdown {
		code = serverShutdown
	}
	c.say(f, func(description string) error { return c.in.Refuse(code, description) })
}

func (p *publisher) locate(f *fault.Error) *fault.Error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.locateLocked(f)
}

func (p *publisher) locateLocked(f *fault.Error) *fault.Error {
	return f.WithAccount(p.key.AccountID).WithDefaultMeeting(p.key.MeetingID, p.sessionID, p.key.ParticipantID)
}

// run starts the worker and follows it to its end.
func (p *publisher) run() {
	defer close(p.ended)
	defer p.server.forget(p)
	if err := guard.Do("an RTMP publisher", p.carryOut); err != nil {
		p.conclude(fault.From(err))
	}
}

func (p *publisher) carryOut() {
	spec, err := p.spec()
	if err != nil {
		p.conclude(fault.From(err))
		return
	}
	process, err := p.server.startProcess(spec)
	if err != nil {
		p.conclude(fault.RTMPIngestFailedWorkerDied("", -1, err.Error()).Because(err))
		return
	}
	p.mu.Lock()
	p.process = process
	over := p.over
	p.mu.Unlock()
	process.send(order.Frame{Kind: order.Begin})
	if over {
		process.stop()
	}
	p.conclude(p.follow(process))
}

func (p *publisher) spec() (order.Spec, error) {
	o := p.server.opts
	signed, err := workerticket.Sign(o.TicketKey, ticket{
		Nonce: p.ticket, AccountID: p.key.AccountID, KeyID: p.key.ID, From: p.from, Node: o.Node(),
	})
	return order.Spec{
		ServerURL: o.ServerURL, MediaAddr: o.MediaAddr, Ticket: order.TicketPrefix + signed,
		MeetingID: p.key.MeetingID, ParticipantID: p.key.ParticipantID, Name: p.key.Name, FFmpeg: o.FFmpeg,
	}, err
}

// workerSilence is after how long without a report a worker is ended.
const workerSilence = 10 * time.Second

// follow reads the reports of the worker until it has ended. It returns why it failed, nil in good order.
func (p *publisher) follow(process *process) (failure *fault.Error) {
	silence := time.NewTimer(workerSilence)
	defer silence.Stop()
	joining := time.NewTimer(p.server.opts.JoinTimeout)
	defer joining.Stop()
	for {
		select {
		case message := <-process.Messages():
			silence.Reset(workerSilence)
			if message.Exit != nil {
				if failure == nil && message.Exit.Code != 0 {
					failure = fault.RTMPIngestFailedWorkerDied(message.Exit.Signal, message.Exit.Code, message.Exit.Stderr)
				}
				return failure
			}
			if f := p.heard(message.Report, joining); f != nil {
				failure = f
			}
		case <-silence.C:
			if failure == nil {
				failure = fault.RTMPIngestFailedWorkerStalled(workerSilence)
			}
			process.Kill()
		case <-joining.C:
			if failure == nil {
				failure = fault.RTMPIngestFailedWorkerStalled(p.server.opts.JoinTimeout)
			}
			process.Kill()
		}
	}
}

// heard takes a report. It returns the fault with which the worker ends.
func (p *publisher) heard(report order.Report, joining *time.Timer) *fault.Error {
	switch report.Report {
	case order.ReportJoined:
		joining.Stop()
		p.mu.Lock()
		p.sessionID = report.SessionID
		p.mu.Unlock()
		p.once.Do(func() { close(p.joined) })
	case order.ReportFault:
		f := report.Fault
		if f == nil {
			return nil
		}
		if report.Final {
			p.mu.Lock()
			p.reported = p.reported || report.Known
			p.mu.Unlock()
			return f
		}
		if !report.Known {
			p.server.report(p.locate(f))
		}
	}
	return nil
}

// conclude notes how the worker ended, reports it once, and has the encoder told.
func (p *publisher) conclude(failure *fault.Error) {
	p.mu.Lock()
	ours := p.over // we have ended it, and say why
	p.over = true
	if !ours {
		p.why = failure
	}
	if p.window != nil {
		p.window.Stop()
	}
	if p.why != nil {
		p.why = p.locateLocked(p.why)
	}
	f, known, c := p.why, p.reported, p.conn
	p.mu.Unlock()
	if f != nil {
		if !known {
			p.server.report(f)
		}
		p.server.bar(p.key, f)
	}
	if c != nil {
		_ = c.conn.SetReadDeadline(time.Now())
	}
}
