package blob

import (
	"io"
	"io/fs"
	"net/http"
	"sync"
)

// closeSafeTransport is a transport under which the body of a request is not read any more once it is closed, or once
// there is an answer. When a server answers before it has taken the whole body, another goroutine of net/http may still
// read it (http.RoundTripper allows that), while net/http or, after a redirect, http.Client closes it. The signing
// reader of minio-go panics when it is read then, in a goroutine that nobody can recover.
type closeSafeTransport struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (o closeSafeTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return o.RoundTripper.RoundTrip(r)
	}
	body := &closeSafeBody{body: r.Body}
	changed := *r
	changed.Body = body
	defer func() { _ = body.Close() }() // http.Client closes r.Body itself, past the lock of body
	return o.RoundTripper.RoundTrip(&changed)
}

// closeSafeBody is safe for one reader and any number that close it.
type closeSafeBody struct {
	mu     sync.Mutex // guards everything below; held while the body, which is a local file, is read
	body   io.ReadCloser
	closed bool
}

// Read implements io.Reader.
func (b *closeSafeBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, fs.ErrClosed
	}
	return b.body.Read(p)
}

// Close implements io.Closer.
func (b *closeSafeBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil
	}
	b.closed = true
	return b.body.Close()
}
