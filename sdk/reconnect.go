package sdk

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/coder/websocket"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// reconnect resumes on a new socket. Where the session is lost, as after a restart of the server, it joins anew: at
// once when lost is that fault, else when a resume was refused with one. Each of the two has the time that the server
// keeps a place. It returns nil without a fault when the participation was ended meanwhile.
func (l *link) reconnect(lost *fault.Error) (*websocket.Conn, *fault.Error) {
	l.mu.Lock()
	cutAt := l.cutAt
	l.mu.Unlock()
	try := &attempts{link: l, cutAt: cutAt, deadline: cutAt.Add(l.window)}
	if lost != nil {
		try.joinAnew(lost)
	}
	for try.wait() {
		ws, err := try.once()
		if err == nil {
			return ws, nil
		}
		try.last = err
		f, ok := errors.AsType[*fault.Error](err)
		if !ok {
			continue
		}
		if here := f.WithFatal(false); f.Code == fault.CodeSignalingUnreachable && here.Lasts() {
			try.unreachable = here
			if time.Since(cutAt) >= here.ShowAfter() {
				l.hooks.unreachable(here, cutAt)
			}
		}
		switch recovery := f.OnResume(); {
		case recovery == fault.Retry, recovery == fault.Rejoin && try.cause != nil:
		case recovery == fault.Rejoin && l.joinParams != nil && time.Now().Before(try.deadline):
			try.joinAnew(f)
		default:
			if try.cause != nil && f.CauseID == "" {
				f = f.CausedBy(try.cause.ID)
			}
			return nil, f
		}
	}
	if l.ctx.Err() != nil {
		return nil, nil
	}
	if try.unreachable != nil { // in a window too short for its ShowAfter, nobody knows of it yet
		l.hooks.unreachable(try.unreachable, cutAt)
	}
	f := fault.ReconnectFailedGaveUp(try.count, time.Since(cutAt))
	if try.cause != nil {
		f = f.CausedBy(try.cause.ID)
	}
	return nil, f.Because(try.last)
}

// attempts are those of one way back.
type attempts struct {
	link     *link
	cutAt    time.Time
	deadline time.Time
	cause    *fault.Error // of a new join; nil: resume
	step     int          // of the backoff
	count    int
	last     error

	unreachable *fault.Error // why the last attempt that reached no server did not
}

// joinAnew goes over from resuming to joining.
func (a *attempts) joinAnew(cause *fault.Error) {
	a.link.abandon(func(string) bool { return true })
	a.link.hooks.rejoining(cause)
	a.cause, a.last, a.step = cause, cause, 1 // not at once: everybody comes back after a restart
	a.deadline = time.Now().Add(a.link.window)
}

// wait returns false when the time is over.
func (a *attempts) wait() bool {
	ctx, cancel := context.WithDeadline(a.link.ctx, a.deadline)
	defer cancel()
	delay := backoff(a.step)
	if a.cause == nil && time.Since(a.cutAt) < findFor {
		delay = findBackoff(a.step)
	}
	if f, ok := errors.AsType[*fault.Error](a.last); ok && a.count > 0 {
		delay = max(delay, time.Duration(f.RetryAfterMs)*time.Millisecond)
	}
	a.step++
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-a.link.awake:
		a.step = 1
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

func (a *attempts) once() (*websocket.Conn, error) {
	ctx, cancel := context.WithDeadline(a.link.ctx, a.deadline)
	defer cancel()
	a.count++
	if a.cause == nil {
		a.link.setAbort(cancel)
		defer a.link.setAbort(nil)
		return a.link.resume(ctx, a.count)
	}
	ws, result, err := a.link.rejoin(ctx, a.count)
	if err == nil {
		a.link.hooks.rejoined(result)
	}
	return ws, err
}

func (l *link) setAbort(abort context.CancelFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.abort = abort
}

// once has the requests that are not sent again to a node that has not seen them. Some would be carried out twice, or
// refused although they were carried out; the others belong to connections for media that are gone.
var once = map[string]bool{
	wire.MethodPublishMessage: true, wire.MethodRespondEntry: true, wire.MethodRemoveParticipant: true,
	wire.MethodStartRecording: true, wire.MethodStopRecording: true, wire.MethodStartLivestream: true,
	wire.MethodStopLivestream: true, wire.MethodStartHLS: true, wire.MethodStopHLS: true,
	wire.MethodPublish: true, wire.MethodSetStream: true, wire.MethodAnswer: true, wire.MethodRestartSubscribe: true,
	wire.MethodOpenData: true, wire.MethodPrefer: true,
}

// abandon answers the requests under way of these methods with 3079: their answers are lost.
func (l *link) abandon(lost func(method string) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, waiting := range l.pending {
		if !lost(waiting.method) {
			continue
		}
		f := fault.OperationTimedOutNoAnswer(waiting.name, time.Since(waiting.began))
		// capacity 1, and each is answered once
		waiting.reply <- wire.Response{Error: &wire.Error{Code: f.Code, Message: f.Message, Data: f}}
		delete(l.pending, id)
	}
}

// rejoin dials and joins anew.
func (l *link) rejoin(ctx context.Context, attempt int) (*websocket.Conn, wire.JoinResult, error) {
	var result wire.JoinResult
	ws, err := l.dialer.dial(ctx, attempt)
	if err != nil {
		return nil, result, err
	}
	params, err := l.joinParams(ctx)
	if err != nil {
		_ = ws.CloseNow()
		return nil, result, err
	}
	if err := l.first(ctx, ws, wire.MethodJoin, params, &result); err != nil {
		_ = ws.CloseNow()
		return nil, result, err
	}
	l.adopt(ws, result)
	return ws, result, nil
}

func (l *link) resume(ctx context.Context, attempt int) (*websocket.Conn, error) {
	ws, err := l.dialer.dial(ctx, attempt)
	if err != nil {
		return nil, err
	}
	select { // no other request may go out before the old ones went again
	case l.send <- struct{}{}:
	case <-ctx.Done():
		_ = ws.CloseNow()
		return nil, ctx.Err()
	}
	defer func() { <-l.send }()
	l.mu.Lock()
	params := l.session
	params.LastSeq = l.lastSeq
	l.mu.Unlock()
	var result wire.ResumeResult
	if err := l.first(ctx, ws, wire.MethodResume, params, &result); err != nil {
		_ = ws.CloseNow()
		return nil, err
	}
	l.mu.Lock()
	l.session.Secret = result.Secret
	l.ws = ws
	another := result.Welcome != nil || result.Seq < l.lastSeq
	l.lastSeq = min(l.lastSeq, result.Seq) // of another node, which counts anew
	l.mu.Unlock()
	l.hooks.restored(result.Welcome)
	if another { // after the hook: whoever is answered finds its connection gone
		l.abandon(func(method string) bool { return once[method] })
	}
	l.mu.Lock()
	ids := make([]int64, 0, len(l.pending))
	for id := range l.pending {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	again := make([][]byte, len(ids))
	for i, id := range ids {
		again[i] = l.pending[id].frame
	}
	l.mu.Unlock()
	for _, frame := range again {
		l.write(ws, frame)
	}
	return ws, nil
}

// findFor is how long after a cut the pauses between two attempts are short: where the node is lost, another one goes
// on with the session within 3 s.
const findFor = 5 * time.Second

// findBackoff is the pause before an attempt to resume in that time: up to 50, 150, 300, 600 ms, then up to 1 s. The
// first one is not 0, for everybody in the meeting has lost the node at the same moment.
func findBackoff(attempt int) time.Duration {
	ceiling := 50 * time.Millisecond
	if attempt > 0 {
		ceiling = min(150*time.Millisecond<<min(attempt-1, 3), time.Second)
	}
	return ceiling/2 + rand.N(ceiling/2)
}

// backoff is exponential with full jitter: at once, then up to 0.25, 0.5, 1, 2, 4, 5, 5 ... s.
func backoff(attempt int) time.Duration {
	if attempt == 0 {
		return 0
	}
	ceiling := min(250*time.Millisecond<<min(attempt-1, 8), 5*time.Second)
	return ceiling/4 + rand.N(ceiling*3/4)
}

// pause waits; it returns false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	if ctx.Err() != nil {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
