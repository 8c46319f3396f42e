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
	refusal *turnRefusal // by a TURN server, the last one
}

// NewLogger implements logging.LoggerFactory.
func (l *transportLog) NewLogger(string) logging.LeveledLogger { return transportLogger{l} }

// why returns the error with which the transport did not start. Pion writes it a moment after the state has changed.
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

type transportLogger struct{ log *transportLog }

func (transportLogger) Trace(string)          {}
func (transportLogger) Tracef(string, ...any) {}
func (transportLogger) Debug(string)          {}
func (transportLogger) Debugf(string, ...any) {}
func (transportLogger) Info(string)           {}
func (transportLogger) Infof(string, ...any)  {}
func (transportLogger) Warn(string)           {}
func (transportLogger) Error(string)          {}
func (transportLogger) Errorf(string, ...any) {}

func (q transportLogger) Warnf(format string, args ...any) {
	if refusal := turnRefusalOf(format, args); refusal != nil {
		q.log.mu.Lock()
		q.log.refusal = refusal
		q.log.mu.Unlock()
		return
	}
	if !strings.HasPrefix(format, "Failed to start manager") || len(args) == 0 {
		return
	}
	if err, ok := args[0].(error); ok {
		q.log.mu.Lock()
		q.log.failure = err
		q.log.mu.Unlock()
	}
}
