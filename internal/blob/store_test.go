package blob_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/objectkey"
)

// stores are the implementations that the suite is run on.
var stores = map[string]func(t *testing.T) blob.Store{
	"disk": func(t *testing.T) blob.Store { return newDisk(t) },
	"s3":   func(t *testing.T) blob.Store { return newS3(t, s3test.Start(t)) },
}

// newDisk is a disk with the handler of its links.
func newDisk(t *testing.T) blob.Store {
	t.Helper()
	var links *blob.Links
	server := httptest.NewServer(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { links.ServeHTTP(w, r) }),
	)
	t.Cleanup(server.Close)
	links = blob.NewLinks([]byte("0123456789abcdef0123456789abcdef"), func() string { return server.URL }, refuse)
	disk := blob.NewDisk(filepath.Join(t.TempDir(), "files"), links.For("kept"))
	links.Serve("kept", disk)
	return disk
}

func refuse(w http.ResponseWriter, _ *http.Request, err error) {
	http.Error(w, err.Error(), http.StatusTeapot)
}

func newS3(t *testing.T, b s3test.Bucket) *blob.S3 {
	t.Helper()
	s, err := blob.NewS3(
		blob.S3Options{Endpoint: b.Endpoint, Bucket: b.Name, AccessKey: b.AccessKey, SecretKey: b.SecretKey},
	)
	require.NoError(t, err)
	return s
}

func each(t *testing.T, test func(t *testing.T, s blob.Store)) {
	for name, make := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, make(t))
		})
	}
}

func newFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "local")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func read(t *testing.T, s blob.Store, key string, offset, length int64) string {
	t.Helper()
	r, err := s.Open(t.Context(), key, offset, length)
	require.NoError(t, err)
	raw, err := io.ReadAll(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	return string(raw)
}

func TestStoreKeeps(t *testing.T) {
	each(t, func(t *testing.T, s blob.Store) {
		const key = "my dir/sub-ü/s1/j1/file name.mp4"
		local := newFile(t, "0123456789")
		require.NoError(t, s.Put(t.Context(), key, local))
		require.FileExists(t, local, "the local file stays")

		require.Equal(t, "0123456789", read(t, s, key, 0, -1))
		require.Equal(t, "3456", read(t, s, key, 3, 4))
		require.Equal(t, "789", read(t, s, key, 7, -1))
		require.Equal(t, "89", read(t, s, key, 8, 100))
		require.Equal(t, "", read(t, s, key, 10, 1))
		require.Equal(t, "", read(t, s, key, 3, 0))
		info, err := s.Stat(t.Context(), key)
		require.NoError(t, err)
		require.Equal(t, key, info.Key)
		require.EqualValues(t, 10, info.Size)
		require.WithinDuration(t, time.Now(), info.Modified, time.Minute)

		require.NoError(t, s.Put(t.Context(), key, newFile(t, "new")), "replaces")
		require.Equal(t, "new", read(t, s, key, 0, -1))

		require.NoError(t, s.Delete(t.Context(), key))
		require.NoError(t, s.Delete(t.Context(), key), "removed already")
		_, err = s.Stat(t.Context(), key)
		require.ErrorIs(t, err, blob.ErrNotExist)
		_, err = s.Open(t.Context(), key, 0, -1)
		require.ErrorIs(t, err, blob.ErrNotExist)
		_, err = s.Open(t.Context(), key, 0, 0)
		require.ErrorIs(t, err, blob.ErrNotExist)
	})
}

func TestStoreKeepsLargeAndEmptyFiles(t *testing.T) {
	each(t, func(t *testing.T, s blob.Store) {
		large := strings.Repeat("0123456789abcdef", 20<<20/16) // more than one part of a multipart upload
		require.NoError(t, s.Put(t.Context(), "large", newFile(t, large)))
		tail := read(t, s, "large", 17<<20, -1)
		require.True(t, large[17<<20:] == tail, "%d bytes: %.64q", len(tail), tail)
		require.NoError(t, s.Put(t.Context(), "empty", newFile(t, "")))
		require.Equal(t, "", read(t, s, "empty", 0, -1))
	})
}

func TestStoreLists(t *testing.T) {
	each(t, func(t *testing.T, s blob.Store) {
		for _, key := range []string{"a/1", "a/b/2", "a/b/3", "ab/4"} {
			require.NoError(t, s.Put(t.Context(), key, newFile(t, key)))
		}
		list := func(dir string) []string {
			found, err := s.List(t.Context(), dir)
			require.NoError(t, err)
			keys := []string{}
			for _, info := range found {
				keys = append(keys, info.Key)
				require.EqualValues(t, len(info.Key), info.Size)
			}
			return keys
		}
		require.Equal(t, []string{"a/1", "a/b/2", "a/b/3"}, list("a"))
		require.Equal(t, []string{"a/b/2", "a/b/3"}, list("a/b"))
		require.Empty(t, list("none"))
	})
}

func TestStoreGivesLinks(t *testing.T) {
	each(t, func(t *testing.T, s blob.Store) {
		const key = "dir/s1/j1/file name-ü.mp4"
		require.NoError(t, s.Put(t.Context(), key, newFile(t, "0123456789")))
		link, err := s.SignedURL(t.Context(), key, time.Now().Add(time.Minute))
		require.NoError(t, err)
		require.NotContains(t, link, s3test.SecretKey)

		get := func(link, ranges string) (*http.Response, string) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
			require.NoError(t, err)
			if ranges != "" {
				req.Header.Set("Range", ranges)
			}
			res, err := http.DefaultClient.Do(req)
			require.NoError(t, err)
			raw, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			return res, string(raw)
		}
		res, body := get(link, "")
		require.Equal(t, http.StatusOK, res.StatusCode, body)
		require.Equal(t, "0123456789", body)
		res, body = get(link, "bytes=2-4")
		require.Equal(t, http.StatusPartialContent, res.StatusCode)
		require.Equal(t, "234", body)
	})
}

// Files come into a directory while others are its last ones to go. A bucket has no directories.
func TestDiskPutsBesideDeletes(t *testing.T) {
	s, local := newDisk(t), newFile(t, "x")
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := range 25 {
				key := fmt.Sprintf("dir/s1/j%d-%d/a.mp4", i, n)
				if !assert.NoError(t, s.Put(t.Context(), key, local)) ||
					!assert.NoError(t, s.Delete(t.Context(), key)) {
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestStoreTakesOnlyKeys(t *testing.T) {
	each(t, func(t *testing.T, s blob.Store) {
		local := newFile(t, "x")
		for _, key := range []string{
			"", "/", "/etc/passwd", "..", "../x", "a/../../x", "a/./b", "a//b", "a/", `a\b`, "a\x00b", "a\nb",
			"a\u202eb", "\xff", strings.Repeat("a", 256), strings.Repeat("a/", 600) + "a", ".klatch-tmp-1",
		} {
			_, isKey := errors.AsType[*objectkey.Error](s.Put(t.Context(), key, local))
			require.True(t, isKey, "%q", key)
			_, err := s.Open(t.Context(), key, 0, -1)
			_, isKey = errors.AsType[*objectkey.Error](err)
			require.True(t, isKey, "%q", key)
			_, isKey = errors.AsType[*objectkey.Error](s.Delete(t.Context(), key))
			require.True(t, isKey, "%q", key)
		}
	})
}

func TestStorePutEndsWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, s blob.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := s.Put(ctx, "a/b", newFile(t, strings.Repeat("x", 1<<20)))
		if err == nil {
			t.Skip("a link needs no time")
		}
		require.ErrorIs(t, err, context.Canceled)
		_, err = s.Stat(t.Context(), "a/b")
		require.ErrorIs(t, err, blob.ErrNotExist)
	})
}

func TestS3SaysWhatIsWrong(t *testing.T) {
	real := s3test.Start(t)
	other := func(change func(*s3test.Bucket)) *blob.S3 {
		b := real
		change(&b)
		return newS3(t, b)
	}
	forbidden := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, "<Error><Code>AccessDenied</Code><Message>not for %s</Message></Error>", real.AccessKey)
	}))
	t.Cleanup(forbidden.Close)
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "<Error><Code>SlowDown</Code></Error>")
	}))
	t.Cleanup(busy.Close)
	notFound := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(notFound.Close)
	tests := map[string]struct {
		store     *blob.S3
		problem   string
		permanent bool
	}{
		"denied": {other(func(b *s3test.Bucket) { b.Endpoint = forbidden.URL }), "AccessDenied", true},
		"wrong secret": {
			other(func(b *s3test.Bucket) { b.SecretKey = "another planted secret" }),
			"SignatureDoesNotMatch",
			true,
		},
		"no bucket": {other(func(b *s3test.Bucket) { b.Name = "nobody-made-it" }), "NoSuchBucket", true},
		"not found": {other(func(b *s3test.Bucket) { b.Endpoint = notFound.URL }), "HTTP 404", true},
		"busy":      {other(func(b *s3test.Bucket) { b.Endpoint = busy.URL }), "SlowDown", false},
		"nobody listens": {
			other(func(b *s3test.Bucket) { b.Endpoint = "http://127.0.0.1:1" }),
			"connection refused",
			false,
		},
		"name without a host": {
			other(func(b *s3test.Bucket) { b.Endpoint = "http://nobody.invalid" }),
			"nobody.invalid",
			false,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := test.store.Put(t.Context(), "a/b", newFile(t, "x"))
			failed, ok := errors.AsType[*blob.Error](err)
			require.True(t, ok, "%v", err)
			require.Contains(t, failed.Problem, test.problem)
			require.Equal(t, test.permanent, failed.Permanent)
			require.Equal(t, "put", failed.Op)
			require.Contains(t, failed.Place, "at http://")
			for e := error(failed); e != nil; e = errors.Unwrap(e) {
				require.NotContains(t, e.Error(), "secret")
			}
		})
	}
}

// What answers in an S3 server's place, or wrongly, is told as it is, and nothing is taken for stored that is not.
func TestAnswersThatAreNotS3s(t *testing.T) {
	page := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text)
		}
	}
	code := func(status int, code string) http.HandlerFunc {
		return page(status, "<Error><Code>"+code+"</Code><Message>x</Message></Error>")
	}
	elsewhere := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amz-Bucket-Region", "eu-west-3")
			page(status, text)(w, nil)
		}
	}
	for name, tc := range map[string]struct {
		answer    http.HandlerFunc
		problem   string
		permanent bool
	}{
		"a page for everything":    {page(200, "<!doctype html><title>Console</title>"), "no ETag", true},
		"nothing":                  {page(200, ""), "no ETag", true},
		"an error with status 200": {code(200, "InternalError"), "no ETag", true},
		"a redirect to a sign-in": {
			http.RedirectHandler("/login", http.StatusFound).ServeHTTP, "HTTP 302 Found; a redirect", true,
		},
		"another region": {
			elsewhere(301, "<Error><Code>PermanentRedirect</Code></Error>"), "in the region eu-west-3", true,
		},
		"another region, signed": {
			elsewhere(400, "<Error><Code>AuthorizationHeaderMalformed</Code></Error>"), "eu-west-3", true,
		},
		"a clock that is wrong":       {code(403, "RequestTimeTooSkewed"), "the clock", true},
		"a proxy that wants a login":  {page(401, "<html>"), "HTTP 401 Unauthorized", true},
		"an API of another kind":      {page(404, `{"error":"no route"}`), "HTTP 404 Not Found", true},
		"a proxy with a limit":        {page(413, "<html>"), "HTTP 413 Request Entity Too Large", true},
		"a gateway without a backend": {page(502, "<html>"), "HTTP 502 Bad Gateway", false},
		"a client that was slow":      {code(400, "RequestTimeout"), "HTTP 400 RequestTimeout", false},
		"a full storage":              {code(507, "XMinioStorageFull"), "XMinioStorageFull", false},
		"control characters":          {code(403, "Access\x1bDenied"), "HTTP 403", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(tc.answer)
			t.Cleanup(server.Close)
			store := newS3(t, s3test.Bucket{
				Endpoint: server.URL, Name: "recordings", AccessKey: "a", SecretKey: "planted secret",
			})
			err := store.Put(t.Context(), "a/b", newFile(t, "x"))
			failed, ok := errors.AsType[*blob.Error](err)
			require.True(t, ok, "%v", err)
			require.Contains(t, failed.Problem, tc.problem)
			require.Equal(t, tc.permanent, failed.Permanent)
			require.Contains(t, failed.Place, server.URL)
			require.NotContains(t, failed.Problem, "\x1b")
		})
	}
}

func TestNewS3RefusesWhatIsNoEndpoint(t *testing.T) {
	for _, endpoint := range []string{
		"", "s3.example.org", "ftp://s3.example.org", "https://", "https://s3.example.org/bucket", "http://[::1",
	} {
		_, err := blob.NewS3(blob.S3Options{Endpoint: endpoint, Bucket: "recordings", AccessKey: "a", SecretKey: "b"})
		require.Error(t, err, endpoint)
	}
}

func TestNewS3RefusesNamesOfNoBucket(t *testing.T) {
	for _, bucket := range []string{
		"", "ab", "recordings/2026", "My Bucket!", "s3://recordings", strings.Repeat("x", 64),
	} {
		_, err := blob.NewS3(blob.S3Options{Endpoint: "http://127.0.0.1:1", Bucket: bucket, AccessKey: "a", SecretKey: "b"})
		require.ErrorContains(t, err, "storage.s3Bucket", bucket)
	}
}
