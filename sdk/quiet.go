package sdk

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/pion/logging"
)

// transportLog keeps pion from writing to the program's standard output: what matters becomes faults. Pion tells only
// its log why a transport does not start; that is kept.
type transportLog struct {
	mu      sync.Mutex // guards everything below
	failure error
}

// NewLogger implements logging.LoggerFactory.
func (l *transportLog) NewLogger(string) logging.LeveledLogger { return quietLogger{l} }

// why gives the error with which the transport did not start. Pion writes it a moment after the state has changed.
func (l *transportLog) why(ctx context.Context) error {
	for range 50 {
		l.mu.Lock()
		failure := l.failure
		l.mu.Unlock()
		if failure != nil || !pause(ctx, 10*time.Millisecond) {
			return failure
		}
	}
	return nil
}

type quietLogger struct{ log *transportLog }

func (quietLogger) Trace(string)          {}
func (quietLogger) Tracef(string, ...any) {}
func (quietLogger) Debug(string)          {}
func (quietLogger) Debugf(string, ...any) {}
func (quietLogger) Info(string)           {}
func (quietLogger) Infof(string, ...any)  {}
func (quietLogger) Warn(string)           {}
func (quietLogger) Error(string)          {}
func (quietLogger) Errorf(string, ...any) {}

func (q quietLogger) Warnf(format string, args ...any) {
	if !strings.HasPrefix(format, "Failed to start manager") || len(args) == 0 {
		return
	}
	if err, ok := args[0].(error); ok {
		q.log.mu.Lock()
		q.log.failure = err
		q.log.mu.Unlock()
	}
}
