package blob

import (
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// onceClosed panics as the signing reader of minio-go does.
type onceClosed struct {
	strings.Reader
	closed int
}

func (b *onceClosed) Read(p []byte) (int, error) {
	if b.closed > 0 {
		panic("read after close")
	}
	return b.Reader.Read(p)
}

func (b *onceClosed) Close() error {
	b.closed++
	return nil
}

func TestABodyIsNotReadOnceItIsClosed(t *testing.T) {
	body := &onceClosed{Reader: *strings.NewReader("video")}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://s3.example/bucket/video", body)
	require.NoError(t, err)
	transport := closeSafeTransport{roundTrip(func(r *http.Request) (*http.Response, error) {
		n, err := r.Body.Read(make([]byte, 2))
		require.NoError(t, err)
		require.Equal(t, 2, n)
		require.NoError(t, r.Body.Close())
		require.NoError(t, r.Body.Close())
		_, err = r.Body.Read(make([]byte, 2))
		return nil, err
	})}
	_, err = transport.RoundTrip(request)
	require.ErrorIs(t, err, fs.ErrClosed)
	require.Equal(t, 1, body.closed)
	require.Same(t, body, request.Body, "the request is the caller's")
}
