package blob_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob"
)

// Whatever stands in a bucket's place answers, each call comes back with what it promises or an error that can be told.
func FuzzS3Answer(f *testing.F) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(f, err)
	f.Cleanup(func() { _ = listener.Close() })
	answers := make(chan []byte, 1)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				_ = conn.SetDeadline(time.Now().Add(time.Second))
				_, _ = conn.Read(make([]byte, 4096))
				answer := <-answers
				answers <- answer
				_, _ = conn.Write(answer)
			}()
		}
	}()
	s, err := blob.NewS3(
		blob.S3Options{
			Endpoint:  "http://" + listener.Addr().String(),
			Bucket:    "bucket",
			AccessKey: "access",
			SecretKey: "hunter2secret",
		},
	)
	require.NoError(f, err)
	file := filepath.Join(f.TempDir(), "file.mp4")
	require.NoError(f, os.WriteFile(file, []byte("video"), 0o600))

	head := "HTTP/1.1 200 OK\r\nConnection: close\r\nETag: \"x\"\r\nLast-Modified: Mon, 02 Jan 2006 15:04:05 GMT\r\n"
	f.Add([]byte(head + "Content-Length: 4\r\n\r\nfilm"))
	f.Add([]byte(head + "Content-Length: 9999999999999\r\n\r\nfilm"))
	f.Add(
		[]byte(
			head + "\r\n<ListBucketResult><IsTruncated>true</IsTruncated>" +
				"<NextContinuationToken>x</NextContinuationToken></ListBucketResult>",
		),
	)
	f.Add(
		[]byte(
			head + "\r\n<ListBucketResult><Contents><Key>../../etc/passwd</Key><Size>-1</Size></Contents></ListBucketResult>",
		),
	)
	f.Add(
		[]byte(
			"HTTP/1.1 404 x\r\nConnection: close\r\n\r\n<Error><Code>NoSuchBucket</Code><Message>hi</Message></Error>",
		),
	)
	f.Add([]byte("HTTP/1.1 403 x\r\nConnection: close\r\nx-amz-bucket-region: \x7f\r\n\r\n<Error><Code>AccessDenied"))
	f.Add([]byte("HTTP/1.1 301 x\r\nConnection: close\r\nLocation: http://127.0.0.1:1/\r\n\r\n"))
	f.Add([]byte("nonsense"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		select {
		case <-answers:
		default:
		}
		answers <- answer
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Millisecond) // many answers are waited for to the end
		defer cancel()
		judge := func(err error) {
			if err == nil || errors.Is(err, blob.ErrNotExist) || errors.Is(err, context.DeadlineExceeded) {
				return
			}
			told, ok := errors.AsType[*blob.Error](err)
			require.True(t, ok, "%T %v", err, err)
			require.NotEmpty(t, told.Problem)
			require.LessOrEqual(t, len(told.Problem), 400)
			require.NotContains(t, told.Problem, "hunter2secret")
		}
		info, err := s.Stat(ctx, "kept/a/file.mp4")
		judge(err)
		require.GreaterOrEqual(t, info.Size, int64(0))
		body, err := s.Open(ctx, "kept/a/file.mp4", 1, 2)
		judge(err)
		if err == nil {
			_, _ = io.Copy(io.Discard, io.LimitReader(body, 1<<20))
			_ = body.Close()
		}
		found, err := s.List(ctx, "kept/a")
		judge(err)
		for _, one := range found {
			require.True(t, strings.HasPrefix(one.Key, "kept/a/"), one.Key)
			require.GreaterOrEqual(t, one.Size, int64(0))
		}
		judge(s.Put(ctx, "kept/a/file.mp4", file))
		judge(s.Delete(ctx, "kept/a/file.mp4"))
	})
}
