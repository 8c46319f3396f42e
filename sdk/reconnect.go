package klatch

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

// comeBack resumes on a new socket. nil without a fault means that the stay was ended meanwhile.
func (l *link) comeBack() (*websocket.Conn, *fault.Error) {
	l.mu.Lock()
	cutAt := l.cutAt
	l.mu.Unlock()
	ctx, cancel := context.WithDeadline(l.ctx, cutAt.Add(l.window))
	defer cancel()
	var last error
	attempt := 0
	for ; ; attempt++ {
		if !pause(ctx, backoff(attempt)) {
			break
		}
		ws, err := l.resume(ctx)
		if err == nil {
			return ws, nil
		}
		if f, ok := errors.AsType[*fault.Error](err); ok && f.Fatal && f.Code != 3102 && f.Code != 5101 {
			return nil, f
		}
		last = err
	}
	if l.ctx.Err() != nil {
		return nil, nil
	}
	return nil, fault.ReconnectFailedGaveUp(int64(attempt), time.Since(cutAt).Milliseconds()).Because(last)
}

func (l *link) resume(ctx context.Context) (*websocket.Conn, error) {
	ws, err := l.dialer.dial(ctx)
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

// backoff is exponential with full jitter: at once, then up to 0.25, 0.5, 1, 2, 4, 5, 5 ... s.
func backoff(attempt int) time.Duration {
	if attempt == 0 {
		return 0
	}
	ceiling := min(250*time.Millisecond<<min(attempt-1, 8), 5*time.Second)
	return ceiling/4 + rand.N(ceiling*3/4)
}

// pause waits; it gives false when ctx ended first.
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
