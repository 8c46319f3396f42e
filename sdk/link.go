package sdk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// link is the signaling of one participation: requests and answers, events in order, and the way back after a cut. It
// outlives sockets. Requests under way when a socket is cut are sent again under their ids after the resume; the server
// carries none out twice. Where another node answers the resume, which has not seen them, only those are sent again
// that may be carried out twice. New requests are refused with 3065 while there is no socket.
//
// Shape: one goroutine (run) owns the socket; mutex for what callers share with it.
type link struct {
	dialer  *dialer
	timeout time.Duration // for one request
	hooks   hooks

	ctx    context.Context // lifetime; ended by stop
	cancel context.CancelFunc
	done   sync.WaitGroup

	// joinParams returns the join of a client whose session the server has lost; nil: that is final
	joinParams func(context.Context) (wire.JoinParams, error)

	session wire.ResumeParams // set by enter and rejoin
	window  time.Duration     // how long the server keeps the place
	ping    time.Duration

	awake chan struct{} // capacity 1: the network has changed, so that the next attempt to resume need not wait

	send chan struct{} // capacity 1: held while a request gets its id and is written, so that ids ascend on the wire

	mu      sync.Mutex // guards everything below
	ws      *websocket.Conn
	cutAt   time.Time // when ws became nil
	lastID  int64
	lastSeq int64
	pending map[int64]*exchange
	ended   bool
	leaving bool // the request to leave is on its way: the server takes none after it
	// abort ends the attempt to resume that is under way; nil for none
	abort context.CancelFunc
}

// hooks are called by the link's goroutine, in order.
type hooks struct {
	event       func(name string, data json.RawMessage)
	cut         func()
	unreachable func(f *fault.Error, since time.Time) // why it lasts; called again until restored or rejoined
	restored    func(*wire.Welcome)                   // not nil: another node goes on with the session, in this state
	rejoining   func(*fault.Error)                    // the session is lost, for this reason; a new join follows
	rejoined    func(wire.JoinResult)                 // it has succeeded
	lost        func(*fault.Error)                    // no way back; nothing follows
	traceparent func(context.Context) string          // of the span of a call; "" for none
}

// exchange is a request under way.
type exchange struct {
	name   string // what the caller called
	method string // on the wire
	began  time.Time
	frame  []byte
	reply  chan wire.Response // capacity 1
}

func newLink(d *dialer, timeout time.Duration, hooks hooks) *link {
	l := &link{
		dialer: d, timeout: timeout, hooks: hooks, send: make(chan struct{}, 1), awake: make(chan struct{}, 1),
		pending: map[int64]*exchange{},
	}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

// enter dials and joins. The error is a *fault.Error or ctx's.
func (l *link) enter(ctx context.Context, params wire.JoinParams, attempts int) (wire.JoinResult, error) {
	began := time.Now()
	for attempt := 1; ; attempt++ {
		ws, err := l.reach(ctx, attempts)
		if err != nil {
			return wire.JoinResult{}, err
		}
		var result wire.JoinResult
		err = l.first(ctx, ws, wire.MethodJoin, params, &result)
		if err == nil {
			l.adopt(ws, result)
			return result, nil
		}
		_ = ws.Close(websocket.StatusNormalClosure, "") // the server has closed it for a fatal fault
		if time.Since(began) > passesWithin || !passes(err) || !pause(ctx, backoff(attempt)) {
			return wire.JoinResult{}, err
		}
	}
}

// passesWithin is how long a join is sent again that is answered by what passes: a node that is being stopped, or a
// meeting that is being moved.
const passesWithin = 5 * time.Second

// passes reports whether a join may be sent again at once that was answered with err.
func passes(err error) bool {
	f, ok := errors.AsType[*fault.Error](err)
	return ok && f.Passes()
}

// adopt takes a socket on which a join has succeeded.
func (l *link) adopt(ws *websocket.Conn, result wire.JoinResult) {
	l.session = wire.ResumeParams{
		Protocol:      wire.Version,
		SessionID:     result.SessionID,
		ParticipantID: result.ParticipantID,
		Secret:        result.Secret,
	}
	l.window = time.Duration(result.ResumeWindowMs) * time.Millisecond
	l.ping = time.Duration(cmp.Or(result.PingIntervalMs, 10_000)) * time.Millisecond
	l.mu.Lock()
	l.ws, l.lastSeq = ws, 0
	l.mu.Unlock()
}

// start begins to deliver events.
func (l *link) start() { l.done.Go(l.run) }

// reach dials until it succeeds, fails for a reason that does not pass, or the attempts are used up.
func (l *link) reach(ctx context.Context, attempts int) (*websocket.Conn, error) {
	for attempt := 1; ; attempt++ {
		ws, err := l.dialer.dial(ctx, attempt)
		if f, ok := errors.AsType[*fault.Error](err); err == nil || attempt >= attempts || !ok ||
			f.OnConnect() != fault.Retry {
			return ws, err
		}
		if !pause(ctx, backoff(attempt)) {
			return nil, err
		}
	}
}

// resumeTimeout is the least time that the answer to a resume gets: a server of a cluster holds it for up to 6 s, until
// it knows which node goes on with the session.
const resumeTimeout = 8 * time.Second

// first sends the first request of a socket and reads its answer, which comes before any event.
func (l *link) first(parent context.Context, ws *websocket.Conn, method string, params, result any) error {
	within := l.timeout
	if method == wire.MethodResume {
		within = max(within, resumeTimeout)
	}
	ctx, cancel := context.WithTimeout(parent, within)
	defer cancel()
	id, frame, err := l.frame(parent, method, params)
	if err != nil {
		return err
	}
	began := time.Now()
	silent := func(err error) error {
		if parent.Err() != nil {
			return fault.OperationAbortedCancelled(method).Because(parent.Err())
		}
		if f := l.closed(err); f != nil {
			return f
		}
		return fault.OperationTimedOutNoAnswer(method, time.Since(began)).Because(err)
	}
	if err := ws.Write(ctx, websocket.MessageText, frame); err != nil {
		return silent(err)
	}
	// A join that was sent is carried out, also when the caller waits no more: it is taken back, for the server would
	// keep the place for the resume window.
	reading, stop := context.WithTimeout(context.WithoutCancel(parent), within)
	defer stop()
	defer context.AfterFunc(parent, func() { l.withdraw(ws, method) })()
	_, answer, err := ws.Read(reading)
	if err != nil {
		return silent(err)
	}
	var res wire.Response
	if err := json.Unmarshal(answer, &res); err != nil || res.JSONRPC != "2.0" || res.ID != nil && *res.ID != id {
		return fault.SignalingUnreachableNotKlatch(l.dialer.base.String(), 101).Because(err)
	}
	return unpack(res, result)
}

// withdrawTimeout bounds how long a server may take to hear that nobody waits for its answer.
const withdrawTimeout = 500 * time.Millisecond

// withdraw ends a socket whose first request nobody waits for any more.
func (l *link) withdraw(ws *websocket.Conn, method string) {
	defer time.AfterFunc(withdrawTimeout, func() { _ = ws.CloseNow() }).Stop()
	ctx, cancel := context.WithTimeout(context.Background(), withdrawTimeout)
	defer cancel()
	if method == wire.MethodJoin {
		if _, frame, err := l.frame(ctx, wire.MethodLeave, struct{}{}); err == nil {
			_ = ws.Write(ctx, websocket.MessageText, frame) // who cannot be told notices by itself
		}
	}
	_ = ws.Close(websocket.StatusNormalClosure, "") // the other end may be gone
}

// frame encodes a request under the next id, with the span of ctx.
func (l *link) frame(ctx context.Context, method string, params any) (int64, []byte, error) {
	raw, err := json.Marshal(params)
	if err != nil {
		return 0, nil, fault.InvalidParameterNotJSON(method, "params", err.Error()).Because(err)
	}
	l.mu.Lock()
	l.lastID++
	id := l.lastID
	l.mu.Unlock()
	frame, err := json.Marshal(wire.Request{
		JSONRPC: "2.0", ID: id, Method: method, Params: raw, Traceparent: l.hooks.traceparent(ctx),
	})
	if err == nil && len(frame) > wire.MaxFrameBytes { // the server would end the socket, and again after each resume
		err = fault.InvalidParameterTooLarge(method, len(frame), wire.MaxFrameBytes)
	}
	return id, frame, err
}

func unpack(res wire.Response, result any) error {
	if res.Error != nil {
		if res.Error.Data == nil {
			return fmt.Errorf("the server answered %d %s without a fault", res.Error.Code, res.Error.Message)
		}
		return res.Error.Data
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(res.Result, result)
}

// call makes a request and waits for its answer: the server's fault, 3065 while reconnecting, 3079 without an answer
// in time, 3056 when ctx or the participation ended first. name is what the caller called, for these faults.
func (l *link) call(ctx context.Context, name, method string, params, result any) error {
	return l.callWithin(ctx, l.timeout, name, method, params, result)
}

// callWithin is call with a time of its own.
func (l *link) callWithin(ctx context.Context, within time.Duration, name, method string, params, result any) error {
	if ctx.Err() != nil {
		return fault.OperationAbortedCancelled(name).Because(ctx.Err())
	}
	timeout, cancel := context.WithTimeout(l.ctx, within)
	defer cancel()
	select {
	case l.send <- struct{}{}:
	case <-ctx.Done():
		return fault.OperationAbortedCancelled(name).Because(ctx.Err())
	case <-timeout.Done():
		return l.notAnswered(name, within)
	}
	id, waiting, err := l.begin(ctx, name, method, params)
	<-l.send
	if err != nil {
		return err
	}
	defer l.drop(id)
	select {
	case res := <-waiting.reply:
		return unpack(res, result)
	case <-ctx.Done():
		return fault.OperationAbortedCancelled(name).Because(ctx.Err())
	case <-timeout.Done():
		return l.notAnswered(name, within)
	}
}

func (l *link) notAnswered(name string, within time.Duration) *fault.Error {
	if l.ctx.Err() != nil {
		return fault.OperationAbortedLeft(name)
	}
	return fault.OperationTimedOutNoAnswer(name, within)
}

// begin assigns an id to the request and writes it; send is held. A socket that breaks meanwhile is no error: the
// request goes out again after the resume.
func (l *link) begin(ctx context.Context, name, method string, params any) (int64, *exchange, error) {
	l.mu.Lock()
	ws, away, ended := l.ws, time.Since(l.cutAt), l.ended || l.leaving
	l.leaving = l.leaving || method == wire.MethodLeave
	l.mu.Unlock()
	switch {
	case ended:
		return 0, nil, fault.OperationAbortedLeft(name)
	case ws == nil:
		return 0, nil, fault.MeetingReconnectingReconnecting(name, away)
	}
	id, frame, err := l.frame(ctx, method, params)
	if err != nil {
		return 0, nil, err
	}
	waiting := &exchange{
		name: name, method: method, began: time.Now(), frame: frame, reply: make(chan wire.Response, 1),
	}
	l.mu.Lock()
	l.pending[id] = waiting
	l.mu.Unlock()
	l.write(ws, frame)
	return id, waiting, nil
}

// write sends a frame, bounded by the link's life and not by a caller's: a cancelled write would cut the socket.
func (l *link) write(ws *websocket.Conn, frame []byte) {
	ctx, cancel := context.WithTimeout(l.ctx, l.timeout)
	defer cancel()
	if err := ws.Write(ctx, websocket.MessageText, frame); err != nil {
		_ = ws.CloseNow() // wakes the reader, which reconnects
	}
}

func (l *link) drop(id int64) {
	l.mu.Lock()
	delete(l.pending, id)
	l.mu.Unlock()
}

// run reads until the participation ends.
func (l *link) run() {
	l.mu.Lock()
	ws := l.ws
	l.mu.Unlock()
	for {
		last, f := l.read(ws)
		_ = ws.CloseNow()
		lost, over := l.judge(f, last != nil)
		l.mu.Lock()
		l.ws, l.cutAt = nil, time.Now()
		l.ended = l.ended || over
		ended := l.ended
		l.mu.Unlock()
		if over && last != nil {
			l.hooks.event(last.Name, last.Data)
		} else if over {
			l.hooks.lost(f)
		}
		if ended || l.ctx.Err() != nil {
			return
		}
		l.hooks.cut()
		if ws, f = l.reconnect(lost); ws == nil {
			if f != nil {
				l.hooks.lost(f)
			}
			return
		}
	}
}

// judge decides what follows when the server has ended a socket, with the fault f or without one. The participation is
// over, or the session is lost and a new join follows, or a resume does.
func (l *link) judge(f *fault.Error, left bool) (lost *fault.Error, over bool) {
	if f == nil {
		return nil, left
	}
	switch recovery := f.OnResume(); {
	case recovery == fault.Rejoin && l.joinParams != nil:
		return f, false
	case recovery == fault.Retry && !left:
		return nil, false
	}
	return nil, true
}

// closed returns the fault of the close frame with which the server ended a socket, or nil.
func (l *link) closed(err error) *fault.Error {
	frame, ok := errors.AsType[websocket.CloseError](err)
	if !ok {
		return nil
	}
	f := fault.OfClose(int(frame.Code), frame.Reason)
	if f == nil {
		return nil
	}
	return fault.Presentation{BaseURL: l.dialer.base.String(), Kept: true}.Of(f)
}

// lastAnswers is how long answers may still follow the last event: to the request that ended the participation.
const lastAnswers = time.Second

// read delivers what comes over one socket until it breaks. It returns the last event when the server has put this
// participant out, and the fault that the event or the close frame carries.
func (l *link) read(ws *websocket.Conn) (last *wire.EventParams, f *fault.Error) {
	ctx, cancel := context.WithCancel(l.ctx)
	var pinger sync.WaitGroup
	pinger.Go(func() { l.keepAlive(ctx, ws) })
	defer pinger.Wait()
	defer cancel()
	reading := ctx
	for {
		_, frame, err := ws.Read(reading)
		if err != nil {
			if last == nil {
				f = l.closed(err)
			}
			return last, f
		}
		event := l.take(frame)
		if event == nil || last != nil {
			continue
		}
		if event.Name == (wire.MeetingLeft{}).EventName() {
			var left wire.MeetingLeft
			if json.Unmarshal(event.Data, &left) == nil {
				f = left.Fault
			}
			last = event
			short, stop := context.WithTimeout(ctx, lastAnswers)
			defer stop()
			reading = short
			continue
		}
		l.hooks.event(event.Name, event.Data)
	}
}

// take returns the next event, or hands an answer to its caller. What is neither is dropped: a newer server may say
// more than we know; so is an event that came before.
func (l *link) take(frame []byte) *wire.EventParams {
	var msg struct {
		wire.Response
		Method string           `json:"method"`
		Params wire.EventParams `json:"params"`
	}
	if json.Unmarshal(frame, &msg) != nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case msg.Method == "event" && msg.Params.Seq == l.lastSeq+1:
		l.lastSeq++
		return &msg.Params
	case msg.Method == "" && msg.ID != nil && l.pending[*msg.ID] != nil:
		l.pending[*msg.ID].reply <- msg.Response // capacity 1, and each is answered once
		delete(l.pending, *msg.ID)
	}
	return nil
}

// keepAlive finds a server that died silently, and keeps proxies awake.
func (l *link) keepAlive(ctx context.Context, ws *websocket.Conn) {
	tick := time.NewTicker(l.ping)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !answers(ctx, ws, pongTimeout) {
			_ = ws.CloseNow()
			return
		}
	}
}

const (
	// pongTimeout is how long a server may take to answer a ping: TCP has made up for a stall of a second by then.
	pongTimeout = 2400 * time.Millisecond
	// busyPongTimeout is the same where this machine has no time itself, which then says nothing of the server.
	busyPongTimeout = 8 * time.Second
	// pongLook is how often the wait for an answer looks whether this machine has time: a look is not later than that.
	pongLook = 100 * time.Millisecond
)

// answers reports whether the server answers a ping in time.
func answers(ctx context.Context, ws *websocket.Conn, within time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, busyPongTimeout)
	defer cancel()
	pong := make(chan error, 1)
	began := time.Now()
	go func() { pong <- ws.Ping(ctx) }() // it ends with ctx
	for busy := false; busy || time.Since(began) < within; {
		looked := time.Now()
		select {
		case err := <-pong:
			return err == nil
		case <-time.After(pongLook):
		}
		busy = busy || time.Since(looked) > 2*pongLook
	}
	return false
}

// checkTimeout is how long a socket may take to answer when something hints that it is dead.
const checkTimeout = time.Second

// check asks the server for a sign of life, and closes the socket when there is none soon.
func (l *link) check(ctx context.Context) {
	l.mu.Lock()
	ws := l.ws
	l.mu.Unlock()
	if ws == nil {
		return
	}
	if !answers(ctx, ws, checkTimeout) && ctx.Err() == nil {
		_ = ws.CloseNow() // wakes the reader, which reconnects
	}
}

// connected reports whether there is a socket.
func (l *link) connected() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ws != nil
}

// networkChanged gives up a socket whose own address is gone, and lets an attempt to resume begin anew: the present one
// may wait for a network that is not there any more.
func (l *link) networkChanged(now addresses) {
	l.mu.Lock()
	ws, abort := l.ws, l.abort
	l.mu.Unlock()
	if local := l.dialer.local.Load(); ws != nil && local != nil && !now.has(*local) {
		_ = ws.CloseNow() // wakes the reader, which reconnects
	}
	if ws == nil {
		select {
		case l.awake <- struct{}{}:
		default:
		}
		if abort != nil {
			abort()
		}
	}
}

// stop ends the participation and waits for the link's goroutines.
func (l *link) stop() {
	l.mu.Lock()
	l.ended = true
	ws := l.ws
	l.mu.Unlock()
	l.cancel()
	if ws != nil {
		_ = ws.CloseNow()
	}
	l.done.Wait()
	l.dialer.client.CloseIdleConnections()
}
