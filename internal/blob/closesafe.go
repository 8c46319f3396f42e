package blob

import (
	"io"
	"io/fs"
	"net/http"
	"sync"
)

// closeSafeTransport is a transport under which the body of a request is not read any more once it is closed. A server
// that answers before it has taken the whole body makes net/http close the body while another goroutine of its own may
// still read it (http.RoundTripper allows that), and the signing reader of minio-go panics when it is read then, in a
// goroutine that nobody can recover.
type closeSafeTransport struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (o closeSafeTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.Body != http.NoBody {
		changed := *r
		changed.Body = &closeSafeBody{body: r.Body}
		r = &changed
	}
	return o.RoundTripper.RoundTrip(r)
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
