// Package blob keeps files that Klatch makes: recordings, and what belongs to them. A Store is a place for them, the
// disk of this machine or an S3 bucket; the Archive uploads the files of finished jobs there, makes links to them and
// removes them.
//
// It owns names (keys), uploads with their retries, and signed links with the handler that answers them. What is
// recorded and who may ask is decided elsewhere: egress hands files over, REST asks for links, internal/server mounts
// the handler.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Store keeps files under keys. It is safe for concurrent use. Errors are ErrNotExist, *objectkey.Error, or *Error.
type Store interface {
	// Put keeps a copy of a local file under a key, whole or not at all; what was there is replaced. The local file
	// stays.
	Put(ctx context.Context, key, path string) error
	// Open reads from offset on, length bytes or, with a negative length, to the end.
	Open(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error)
	Stat(ctx context.Context, key string) (Info, error)
	// List returns what is kept under a directory, in the order of the keys.
	List(ctx context.Context, dir string) ([]Info, error)
	// Delete removes a file; one that does not exist is removed already.
	Delete(ctx context.Context, key string) error
	// SignedURL returns a link that downloads the file, without any credential, until it expires.
	SignedURL(ctx context.Context, key string, expires time.Time) (string, error)
}

// Info describes a kept file.
type Info struct {
	Key      string
	Size     int64
	Modified time.Time
}

// ErrNotExist reports that nothing is kept under a key.
var ErrNotExist = errors.New("no such file")

// Error is a failure of a store. It holds no credential.
type Error struct {
	Op        string // put, open, stat, list, delete
	Place     string // which bucket or directory; "" where it is clear
	Problem   string // short: S3's error code, the system's error
	Permanent bool   // trying again at once will not help: somebody must change a right or a setting
	err       error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Op, e.Problem) }

// Unwrap returns the error of the disk or the client, for the log.
func (e *Error) Unwrap() error {
	if errors.Is(e.err, ErrNotExist) { // of something that does exist here
		return nil
	}
	return e.err
}
