// Package guard turns a panic into an error, so that it ends one meeting, connection, stream, delivery or job and not
// the process. Each goroutine that serves one of them runs under it; what the error ends, and who is told, is the
// caller's to decide. An error of this package has no fault: fault.From makes it 5101 INTERNAL, whose id leads to the
// stack in the log.
package guard

import (
	"fmt"
	"runtime/debug"
)

// PanicError is a panic that was recovered.
type PanicError struct {
	In    string // what ran, for the log: "the loop of a meeting"
	Value any    // what panic was called with
	Stack []byte // of the goroutine that panicked
}

// Error returns the value and the stack: an error like this is a bug, and its log line is all there is to find it.
func (e *PanicError) Error() string {
	return fmt.Sprintf("panic in %s: %v\n%s", e.In, e.Value, e.Stack)
}

// Unwrap returns the value where it was an error, such as a runtime.Error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Run calls f and returns its error, or a *PanicError when f panicked. Locks that f held by then are still held unless
// f released them in a defer.
func Run(what string, f func() error) (err error) {
	defer Recover(what, func(failure error) { err = failure })
	return f()
}

// Do is Run for a function that returns nothing.
func Do(what string, f func()) error {
	return Run(what, func() error {
		f()
		return nil
	})
}

// Recover must be deferred. It calls failed with a *PanicError when the surrounding function panicked, and the panic
// ends there.
func Recover(what string, failed func(err error)) {
	if value := recover(); value != nil {
		failed(&PanicError{In: what, Value: value, Stack: debug.Stack()})
	}
}
