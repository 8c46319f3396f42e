package signal

import (
	"context"
	"slices"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/trace"
	"github.com/klatch/klatch/internal/wire"
)

// The part of a session that carries out requests.

// queueFull reports whether the socket must wait before it hands over another request.
func (s *session) queueFull() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.jobs) >= maxJobs || s.jobBytes >= maxJobBytes
}

// submit queues a request. Requests of one participant run one after another, in the order they came.
func (s *session) submit(req wire.Request, from *conn) {
	s.mu.Lock()
	s.jobs = append(s.jobs, job{req: req, from: from})
	s.jobBytes += len(req.Params)
	s.leaving = s.leaving || req.Method == wire.MethodLeave
	start := !s.running
	s.running = true
	s.mu.Unlock()
	if start {
		s.server.workers.Go(s.work)
	}
}

// work runs requests until none waits.
func (s *session) work() {
	for {
		s.mu.Lock()
		if len(s.jobs) == 0 {
			s.running = false
			s.mu.Unlock()
			return
		}
		next := s.jobs[0]
		s.jobs = slices.Delete(s.jobs, 0, 1) // which lets go of its params, too
		s.jobBytes -= len(next.req.Params)
		s.mu.Unlock()
		if err := guard.Do("a request of a session", func() { s.execute(next) }); err != nil {
			frame, _ := s.frameOf(next.req.ID, nil, err)
			s.answer(next, frame, true)
		}
		next.from.requestFinished()
	}
}

// execute answers one request: from memory when it was carried out before on an earlier socket.
func (s *session) execute(j job) {
	s.mu.Lock()
	i := slices.IndexFunc(s.answers, func(a answer) bool { return a.id == j.req.ID })
	if i >= 0 && s.answers[i].from != j.from {
		var full *conn
		if s.answers[i].from = j.from; s.answers[i].to != s.conn {
			s.answers[i].to = s.conn
			full = s.pushLocked(message{answer: s.answers[i].frame})
		}
		s.mu.Unlock()
		s.server.closeSlowReader(full)
		return
	}
	// It was sent again on a newer socket, which gets the answer.
	if from, runs := s.background[j.req.ID]; runs && from != j.from {
		s.background[j.req.ID] = j.from
		s.mu.Unlock()
		return
	}
	reused := j.req.ID <= s.lastID
	last := s.lastID
	s.lastID = max(last, j.req.ID)
	now := s.state
	m, known := methods[j.req.Method]
	if !reused && slow[j.req.Method] && now < stateClosed && len(s.background) < maxBackground {
		if s.background == nil {
			s.background = map[int64]*conn{}
		}
		s.background[j.req.ID] = j.from
		s.mu.Unlock()
		s.server.workers.Go(func() { s.runInBackground(j, m) })
		return
	}
	s.answering = true
	s.mu.Unlock()

	var result any
	var err error
	switch {
	case reused:
		err = fault.InvalidMessageIDReused(j.req.ID, last)
	case !known:
		err = fault.InvalidMessageUnknownMethod(j.req.Method)
	case now >= stateClosed:
		err = fault.InvalidMessageWrongOrder(j.req.Method, now.String())
	default:
		result, err = s.call(m, j.req)
	}
	frame, f := s.frameOf(j.req.ID, result, err)
	s.answer(j, frame, reused)
	if f != nil && f.Fatal && j.from != nil {
		j.from.out.close(closeFrameOf(f))
	}
}

// frameOf makes the response of an outcome; a fault is reported.
func (s *session) frameOf(id int64, result any, err error) ([]byte, *fault.Error) {
	if err == nil {
		return s.server.encodeResult(id, result), nil
	}
	f := s.withIDs(fault.From(err))
	s.server.report(f)
	return s.server.encodeFault(id, f), f
}

// slow are the methods that wait for a process to start, for seconds: they run beside the queue, so that whoever
// starts a recording can still mute or leave.
var slow = map[string]bool{wire.MethodStartRecording: true, wire.MethodStartLivestream: true, wire.MethodStartHLS: true}

// maxBackground requests of a session run beside its queue; further ones take their turn in it.
const maxBackground = 4

// runInBackground answers a request beside the queue, on the socket that there is when it is done.
func (s *session) runInBackground(j job, m method[*session]) {
	result, err := s.call(m, j.req)
	frame, _ := s.frameOf(j.req.ID, result, err)
	s.mu.Lock()
	j.from = s.background[j.req.ID]
	delete(s.background, j.req.ID)
	full := s.respondLocked(j, frame)
	s.mu.Unlock()
	s.server.closeSlowReader(full)
}

// respondLocked keeps and sends a response; it returns the socket that must be closed because it is full.
func (s *session) respondLocked(j job, frame []byte) (full *conn) {
	if s.state < stateClosed {
		if len(s.answers) == maxAnswers {
			s.answers = slices.Delete(s.answers, 0, 1)
		}
		s.answers = append(s.answers, answer{id: j.req.ID, frame: frame, from: j.from, to: s.conn})
	}
	return s.pushLocked(message{answer: frame})
}

// answer remembers and sends a response, and then closes the socket if the request was the last one.
func (s *session) answer(j job, frame []byte, forgettable bool) {
	s.mu.Lock()
	var full *conn
	if forgettable {
		full = s.pushLocked(message{answer: frame})
	} else {
		full = s.respondLocked(j, frame)
	}
	s.answering = false
	closing, conn := s.closeFrame, s.conn
	if !s.pending {
		conn = nil
	} else {
		s.conn = nil
	}
	s.pending = false
	s.mu.Unlock()
	s.server.closeSlowReader(full)
	if conn != nil {
		conn.out.close(closing)
	}
}

// call runs a handler; a panic in it is 5101 INTERNAL for this request and harms nothing else.
func (s *session) call(m method[*session], req wire.Request) (result any, err error) {
	defer guard.Recover(req.Method, func(failure error) { err = failure })
	ctx, cancel := context.WithTimeout(s.server.ctx, s.server.opts.RequestTimeout)
	defer cancel()
	if !traced[req.Method] || s.trace == nil {
		return m.run(ctx, s, req)
	}
	ctx, span := trace.StartServer(trace.Extract(trace.Detached(ctx, s.trace), req.Traceparent), req.Method)
	defer func() {
		if err != nil {
			err = fault.From(err) // it has its id from here on
		}
		span.End(err)
	}()
	return m.run(ctx, s, req)
}

// traced are the methods of which spans are made: those that begin something.
var traced = map[string]bool{
	wire.MethodPublish: true, wire.MethodAnswer: true, wire.MethodStartRecording: true, wire.MethodStartLivestream: true,
	wire.MethodStartHLS: true,
}
