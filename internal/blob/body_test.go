package blob_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob"
)

// A server that refuses before it has taken the file, as one does whose bucket is gone, ends the upload and nothing
// else.
func TestAnswerBeforeTheFile(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var serving sync.WaitGroup
	defer serving.Wait()
	defer func() { require.NoError(t, listener.Close()) }()
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1)) // the rest is never read
			_, _ = conn.Write([]byte("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
			_ = conn.Close()
		}
	})
	s, err := blob.NewS3(blob.S3Options{
		Endpoint: "http://" + listener.Addr().String(), Bucket: "bucket", AccessKey: "access", SecretKey: "secret",
	})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "video.mp4")
	require.NoError(t, os.WriteFile(file, []byte("video"), 0o600))
	var putting sync.WaitGroup
	for range 8 {
		putting.Go(func() {
			for range 20 {
				var failed *blob.Error
				assert.ErrorAs(t, s.Put(t.Context(), "kept/video.mp4", file), &failed)
			}
		})
	}
	putting.Wait()
}

// A server that sends a client somewhere else before it has taken the file, as Amazon does whose bucket is in another
// region, ends the upload and nothing else: http.Client closes the body of what it sends then, while it is still sent.
func TestRedirectBeforeTheFile(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var serving sync.WaitGroup
	defer serving.Wait()
	defer func() { require.NoError(t, listener.Close()) }()
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				_, _ = conn.Read(make([]byte, 1))
				_, _ = conn.Write([]byte(
					"HTTP/1.1 301 Moved Permanently\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
				))
				_, _ = io.CopyN(io.Discard, conn, 1<<20) // of what is still under way
				_ = conn.Close()
			})
		}
	})
	s, err := blob.NewS3(blob.S3Options{
		Endpoint: "http://" + listener.Addr().String(), Bucket: "bucket", AccessKey: "access", SecretKey: "secret",
	})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "video.mp4")
	require.NoError(t, os.WriteFile(file, make([]byte, 4<<20), 0o600))
	var putting sync.WaitGroup
	for range 4 {
		putting.Go(func() {
			for range 12 {
				var failed *blob.Error
				assert.ErrorAs(t, s.Put(t.Context(), "kept/video.mp4", file), &failed)
			}
		})
	}
	putting.Wait()
}
