// Package bus carries messages between the nodes of a cluster, and keeps the small values that they share: NATS, of the
// operator or inside the nodes. Nothing that must survive may be kept in it alone: a bucket is in memory, and is empty
// again when most servers of NATS have restarted.
package bus

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Bus carries messages. Subjects are words of letters, digits, - and _ with dots between. Its methods are safe for
// concurrent use, and fail at once while NATS is away.
type Bus interface {
	// Publish sends data to all that have subscribed to the subject, this node too. Who is cut off does not get it.
	Publish(ctx context.Context, subject string, data []byte) error

	// Subscribe has f called with what is published to the subject, in order, one call after the other. f does not
	// block: what it has not taken is dropped past maxPending messages. cancel waits for f to return; f does not call it.
	Subscribe(subject string, f func(data []byte)) (cancel func(), err error)

	// Request sends data to one that answers the subject and returns its answer. It returns ErrNoResponders where
	// nobody does, and the error of ctx.
	Request(ctx context.Context, subject string, data []byte) ([]byte, error)

	// Answer has f called for each request, several at once. ctx ends with cancel, which waits for f to return.
	Answer(subject string, f func(ctx context.Context, data []byte) []byte) (cancel func(), err error)

	// Bucket opens a bucket of values that all nodes share, and makes it where there is none. The name holds letters,
	// digits, - and _.
	Bucket(ctx context.Context, name string) (Bucket, error)

	// Close ends what runs and waits for it.
	Close()
}

// Bucket keeps values by key: words of letters, digits, - and _ with dots between. A value that nobody writes for Life
// is gone.
type Bucket interface {
	// Get returns the value of a key, or ErrNotFound. It may be behind the last write.
	Get(ctx context.Context, key string) (Entry, error)

	// Create writes a value where the key has none, and returns its revision; else ErrConflict.
	Create(ctx context.Context, key string, value []byte) (revision uint64, err error)

	// Update writes a value where the present one has the given revision, and returns the new one, which is larger;
	// else ErrConflict.
	Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error)

	// Delete removes a key, if there is one.
	Delete(ctx context.Context, key string) error

	// List returns all values, at most maxEntries, in no order. It may be behind the last write.
	List(ctx context.Context) ([]Entry, error)
}

// Entry is a value of a bucket.
type Entry struct {
	Key      string
	Value    []byte
	Revision uint64 // at least 1
}

// Life is how long a value stays in a bucket after it was written.
const Life = 24 * time.Hour

const (
	maxPending   = 65_536 // messages of a subscription that f has not taken
	maxAnswering = 256    // calls of f at once, of one Answer; further requests wait
	maxEntries   = 1024   // of one bucket: as many as NATS returns at once
)

var (
	// ErrNoResponders means that nobody answers a subject.
	ErrNoResponders = errors.New("bus: nobody answers")
	// ErrConflict means that a value is not what the writer believed.
	ErrConflict = errors.New("bus: the value has changed")
	// ErrNotFound means that a key has no value.
	ErrNotFound = errors.New("bus: no such key")
	// ErrDown means that NATS is not connected.
	ErrDown = errors.New("bus: not connected to NATS")
)

// IsWord reports whether s can be a word of a subject or key.
func IsWord(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}
