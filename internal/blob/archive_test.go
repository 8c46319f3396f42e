package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/storetest"
)

func TestMain(m *testing.M) {
	// minio's own idle connections
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"))
}

// fixture is a real store, the directory of jobs, and an archive between them and a storage.
type fixture struct {
	t       *testing.T
	dir     string
	kept    blob.Store
	links   *blob.Links
	store   *store.Store
	meeting record.Meeting
	archive *blob.Archive
	log     bytes.Buffer

	mu       sync.Mutex // guards reported
	reported []*fault.Error
}

func newFixture(t *testing.T, makeStore func(*blob.Links) blob.Store) *fixture {
	t.Helper()
	d := &fixture{t: t, dir: filepath.Join(t.TempDir(), "egress")}
	d.store = storetest.Open(t)
	_, d.meeting = storetest.Session(t, d.store, "s1")

	server := httptest.NewServer(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.links.ServeHTTP(w, r) }),
	)
	t.Cleanup(server.Close)
	d.links = blob.NewLinks([]byte("0123456789abcdef0123456789abcdef"), func() string { return server.URL }, refuse)
	d.kept = makeStore(d.links)
	d.open()
	return d
}

// open starts the archive, as a server does.
func (d *fixture) open() {
	d.t.Helper()
	var err error
	d.archive, err = blob.NewArchive(
		d.t.Context(),
		blob.ArchiveOptions{Dir: d.dir, Kept: d.kept, Links: d.links, Jobs: d.store,
			Logger: slog.New(
				slog.NewTextHandler(&d.log, nil),
			), FirstRetry: 5 * time.Millisecond, LastRetry: 50 * time.Millisecond,
			Report: func(_ context.Context, f *fault.Error) {
				d.mu.Lock()
				defer d.mu.Unlock()
				d.reported = append(d.reported, f)
			}},
	)
	require.NoError(d.t, err)
	d.t.Cleanup(d.archive.Close)
}

// finished is a job that has written its files: Path among them.
func (d *fixture) finished(id string, kind job.Kind, path string, files map[string]string) record.Job {
	d.t.Helper()
	now := time.Now().UTC().Truncate(time.Millisecond)
	j := record.Job{
		ID:        id,
		Kind:      kind,
		AccountID: d.meeting.AccountID,
		MeetingID: d.meeting.ID,
		SessionID: "s1",
		State:     job.Stopping,
		Dir:       "their dir/2026",
		Path:      path,
		CreatedAt: now,
		UpdatedAt: now,
	}
	require.NoError(d.t, d.store.CreateJob(d.t.Context(), j))
	for name, content := range files {
		require.NoError(d.t, os.MkdirAll(filepath.Dir(filepath.Join(d.dir, name)), 0o700))
		require.NoError(d.t, os.WriteFile(filepath.Join(d.dir, name), []byte(content), 0o600))
		// those belong to a playlist
		if base := filepath.Base(name); base != "init.mp4" && base != "live.m3u8" && filepath.Ext(base) != ".m4s" {
			j.Files = append(j.Files, job.File{Path: name, Size: int64(len(content))})
		}
	}
	return j
}

// end does what egress does: keep the files, write the record, tell the archive.
func (d *fixture) end(j record.Job) (record.Job, error) {
	d.t.Helper()
	kept, err := d.archive.Keep(d.t.Context(), j)
	if err == nil {
		j.Files = kept
	}
	j.State, j.EndedAt = job.Stopped, time.Now().UTC().Truncate(time.Millisecond)
	require.NoError(d.t, d.store.UpdateJob(d.t.Context(), j))
	d.archive.JobChanged(d.t.Context(), j)
	return j, err
}

func (d *fixture) download(f job.File) string {
	d.t.Helper()
	link, err := d.archive.URL(d.t.Context(), f)
	require.NoError(d.t, err)
	return fetch(d.t, link)
}

func fetch(t *testing.T, link string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	raw, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode, string(raw))
	return string(raw)
}

var storages = map[string]func(t *testing.T) func(*blob.Links) blob.Store{
	"disk": func(t *testing.T) func(*blob.Links) blob.Store {
		return func(l *blob.Links) blob.Store {
			return blob.NewDisk(filepath.Join(t.TempDir(), "files"), blob.KeptLinks(l))
		}
	},
	"s3": func(t *testing.T) func(*blob.Links) blob.Store {
		return func(*blob.Links) blob.Store { return newS3(t, s3test.Start(t)) }
	},
}

func TestArchiveKeepsAndRemoves(t *testing.T) {
	for name, storage := range storages {
		t.Run(name, func(t *testing.T) {
			d := newFixture(t, storage(t))
			j := d.finished(
				"j1",
				job.Track,
				"track/j1.webm",
				map[string]string{"track/j1.webm": "first", "track/j1-2.webm": "second"},
			)
			other := filepath.Join(d.dir, "track/j2.webm")
			require.NoError(t, os.WriteFile(other, nil, 0o600))
			j, err := d.end(j)
			require.NoError(t, err)
			contents := []string{}
			for _, f := range j.Files {
				require.Empty(t, f.Path)
				require.True(t, strings.HasPrefix(f.Key, "their dir/2026/s1/j1/j1"), f.Key)
				contents = append(contents, d.download(f))
			}
			require.ElementsMatch(t, []string{"first", "second"}, contents)
			require.NoFileExists(t, filepath.Join(d.dir, "track/j1.webm"))
			require.NoFileExists(t, filepath.Join(d.dir, "track/j1-2.webm"))
			require.FileExists(t, other)
			left, err := d.store.LocalJobs(t.Context())
			require.NoError(t, err)
			require.Empty(t, left)

			require.NoError(t, d.archive.Remove(t.Context(), j))
			for _, f := range j.Files {
				_, err := d.kept.Stat(t.Context(), f.Key)
				require.ErrorIs(t, err, blob.ErrNotExist)
			}
			require.NoError(t, d.archive.Remove(t.Context(), j), "twice")
		})
	}
}

// Another job may be about to write beside the last file that goes.
func TestArchiveLeavesTheDirectoryOfAKind(t *testing.T) {
	d := newFixture(t, storages["disk"](t))
	_, err := d.end(d.finished("j1", job.Recording, "recording/j1.mp4", map[string]string{"recording/j1.mp4": "video"}))
	require.NoError(t, err)
	require.NoFileExists(t, filepath.Join(d.dir, "recording", "j1.mp4"))
	require.DirExists(t, filepath.Join(d.dir, "recording"))
}

func TestArchiveKeepsPlaylistsWithTheirSegments(t *testing.T) {
	for name, storage := range storages {
		t.Run(name, func(t *testing.T) {
			d := newFixture(t, storage(t))
			j, err := d.end(d.finished(
				"j1",
				job.Participant,
				"participant/j1/index.m3u8",
				map[string]string{
					"participant/j1/index.m3u8": "#EXTM3U\nseg0.m4s\n",
					"participant/j1/seg0.m4s":   "segment",
				},
			))
			require.NoError(t, err)
			require.Len(t, j.Files, 1)
			link, err := d.archive.URL(t.Context(), j.Files[0])
			require.NoError(t, err)
			require.Contains(t, fetch(t, link), "seg0.m4s")
			base, err := url.Parse(link)
			require.NoError(t, err)
			segment := base.ResolveReference(&url.URL{Path: "seg0.m4s"})
			require.Equal(t, "segment", fetch(t, segment.String()), "as a player resolves it")
			require.NoDirExists(t, filepath.Join(d.dir, "participant/j1"))
			require.NoError(t, d.archive.Remove(t.Context(), j))
			left, err := d.kept.List(t.Context(), "their dir")
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

// brokenStore panics where it is told to.
type brokenStore struct {
	blob.Store
	panics atomic.Bool
}

func (s *brokenStore) Put(ctx context.Context, key, path string) error {
	if s.panics.Load() {
		panic("planted")
	}
	return s.Store.Put(ctx, key, path)
}

// A panic in an upload fails that upload: it is reported, and tried again like any other.
func TestPanicEndsOneUpload(t *testing.T) {
	kept := &brokenStore{}
	kept.panics.Store(true)
	d := newFixture(t, func(l *blob.Links) blob.Store {
		kept.Store = blob.NewDisk(t.TempDir(), blob.KeptLinks(l))
		return kept
	})
	j, err := d.end(d.finished("j1", job.Recording, "recording/j1.mp4", map[string]string{"recording/j1.mp4": "video"}))
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, "UPLOAD_FAILED", f.Reason)
	require.Contains(t, f.Detail, "its log has the cause")
	require.NotContains(t, f.Detail, "goroutine")
	kept.panics.Store(false)
	require.Eventually(t, func() bool {
		stored, err := d.store.JobByID(t.Context(), j.ID)
		return err == nil && len(stored.Files) == 1 && stored.Files[0].Key != ""
	}, 5*time.Second, 5*time.Millisecond)
}

// gatedStore is an S3 server behind a proxy that can be told to refuse.
type gatedStore struct {
	*httptest.Server
	status   atomic.Int32 // 0: let through
	requests atomic.Int32
	removals atomic.Int32

	mu   sync.Mutex               // guards everything below
	puts map[string]int           // by path, those that were let through
	hold func(*http.Request)      // may be nil: called before a request goes on
	fail func(*http.Request) bool // may be nil: answers 503
}

func newGatedStore(t *testing.T, endpoint string) *gatedStore {
	target, err := url.Parse(endpoint)
	require.NoError(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
		r.Out.Host = r.In.Host // it is signed
	}}
	g := &gatedStore{puts: map[string]int{}}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.requests.Add(1)
		g.mu.Lock()
		hold, fail := g.hold, g.fail
		g.mu.Unlock()
		if hold != nil {
			hold(r)
		}
		if fail != nil && fail(r) {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if r.Method == http.MethodDelete {
			g.removals.Add(1)
		}
		if status := g.status.Load(); status != 0 {
			w.WriteHeader(int(status))
			_, _ = io.WriteString(
				w,
				"<Error><Code>"+map[int32]string{403: "AccessDenied", 503: "SlowDown"}[status]+"</Code></Error>",
			)
			return
		}
		if r.Method == http.MethodPut {
			g.mu.Lock()
			g.puts[r.URL.Path]++
			g.mu.Unlock()
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(g.Close)
	return g
}

// A bucket that answers 404, as a wrong address does, says nothing of the local file: it stays, and is brought when
// that is corrected.
func TestNotFoundIsNotTheLocalFile(t *testing.T) {
	bucket := s3test.Start(t)
	gate := newGatedStore(t, bucket.Endpoint)
	bucket.Endpoint = gate.URL
	gate.status.Store(http.StatusNotFound)
	d := newFixture(t, func(*blob.Links) blob.Store { return newS3(t, bucket) })
	_, err := d.end(
		d.finished("j1", job.Recording, "recording/j1.mp4", map[string]string{"recording/j1.mp4": "the recording"}),
	)
	f, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "UPLOAD_FAILED", f.Reason)
	local := filepath.Join(d.dir, "recording/j1.mp4")
	require.Equal(t, local, f.Details["path"])
	require.Equal(t, "the bucket "+bucket.Name+" at "+gate.URL, f.Details["place"])
	require.Contains(t, f.Details["problem"], "HTTP 404")
	require.Positive(t, f.Details["retryInMs"])
	tried := gate.requests.Load()
	require.Eventually(
		t,
		func() bool { return gate.requests.Load() > tried+2 },
		10*time.Second,
		time.Millisecond,
		"it is tried again",
	)
	require.FileExists(t, local)
	gate.status.Store(0)
	require.Eventually(t, func() bool {
		got, err := d.store.Job(t.Context(), d.meeting.AccountID, "j1")
		return err == nil && got.Files[0].Key != ""
	}, 10*time.Second, 5*time.Millisecond)

	// One whose file is really gone is told as that, and is no reason to try again.
	gate.status.Store(http.StatusNotFound)
	_, err = d.end(d.finished("j2", job.Recording, "recording/j2.mp4", map[string]string{"recording/j2.mp4": "x"}))
	require.Error(t, err)
	require.NoError(t, os.Remove(filepath.Join(d.dir, "recording/j2.mp4")))
	require.Eventually(t, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(d.reported) == 1 && d.reported[0].Reason == "FILE_LOST"
	}, 10*time.Second, 5*time.Millisecond)
}

func TestArchiveThatIsRefusedLosesNothing(t *testing.T) {
	bucket := s3test.Start(t)
	gate := newGatedStore(t, bucket.Endpoint)
	bucket.Endpoint = gate.URL
	gate.status.Store(http.StatusForbidden)
	d := newFixture(t, func(*blob.Links) blob.Store { return newS3(t, bucket) })
	j, err := d.end(
		d.finished("j1", job.Recording, "recording/j1.mp4", map[string]string{"recording/j1.mp4": "the recording"}),
	)
	f, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, 5001, f.Code)
	require.Equal(t, "UPLOAD_FAILED", f.Reason)
	require.Equal(t, "HTTP 403 AccessDenied", f.Details["problem"])
	require.Equal(t, d.meeting.ID, f.MeetingID)
	require.NotContains(t, f.Error(), s3test.SecretKey)
	require.Equal(t, "recording/j1.mp4", j.Files[0].Path, "listed where it is")
	require.Equal(t, "the recording", d.download(j.Files[0]), "and downloadable from there")

	// Still after a restart, which finds it in the records.
	d.archive.Close()
	tried := gate.requests.Load()
	d.open()
	require.Eventually(
		t,
		func() bool { return gate.requests.Load() > tried+2 },
		10*time.Second,
		time.Millisecond,
		"it is tried again and again",
	)
	d.mu.Lock()
	require.Len(t, d.reported, 1, "once in the life of a process: the first one's was Keep's own")
	require.Equal(t, "UPLOAD_FAILED", d.reported[0].Reason)
	d.mu.Unlock()
	require.FileExists(t, filepath.Join(d.dir, "recording/j1.mp4"))

	gate.status.Store(0)
	require.Eventually(t, func() bool {
		got, err := d.store.Job(t.Context(), d.meeting.AccountID, "j1")
		return err == nil && got.Files[0].Key != ""
	}, 10*time.Second, 5*time.Millisecond, "when the right is given it comes to the storage by itself")
	got, err := d.store.Job(t.Context(), d.meeting.AccountID, "j1")
	require.NoError(t, err)
	require.Equal(t, "the recording", d.download(got.Files[0]))
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(d.dir, "recording/j1.mp4"))
		return errors.Is(err, os.ErrNotExist)
	}, 10*time.Second, 5*time.Millisecond, "then the local file goes")
	d.archive.Close()
	require.NotContains(t, d.log.String(), s3test.SecretKey)
}

func TestArchiveTriesAgainWhatMayPass(t *testing.T) {
	bucket := s3test.Start(t)
	gate := newGatedStore(t, bucket.Endpoint)
	bucket.Endpoint = gate.URL
	d := newFixture(t, func(*blob.Links) blob.Store { return newS3(t, bucket) })
	gate.status.Store(http.StatusServiceUnavailable)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { // the second try comes through
		for gate.requests.Load() < 2 && ctx.Err() == nil {
			time.Sleep(time.Millisecond) // until the next look
		}
		gate.status.Store(0)
	}()
	j, err := d.end(d.finished("j1", job.Recording, "recording/j1.mp4", map[string]string{"recording/j1.mp4": "x"}))
	require.NoError(t, err)
	require.NotEmpty(t, j.Files[0].Key)
}

func TestArchiveForgetsWhatWasDeletedMeanwhile(t *testing.T) {
	bucket := s3test.Start(t)
	gate := newGatedStore(t, bucket.Endpoint)
	bucket.Endpoint = gate.URL
	gate.status.Store(http.StatusForbidden)
	d := newFixture(t, func(*blob.Links) blob.Store { return newS3(t, bucket) })
	j, err := d.end(d.finished("j1", job.Recording, "recording/j1.mp4", map[string]string{"recording/j1.mp4": "x"}))
	require.Error(t, err)
	require.NoError(t, d.store.DeleteJob(t.Context(), j.AccountID, j.ID)) // the record first, the file not yet
	gate.status.Store(0)
	require.Eventually(t, func() bool { return gate.removals.Load() > 0 }, 10*time.Second, 5*time.Millisecond)
	require.Eventually(t, func() bool {
		found, err := d.kept.List(t.Context(), j.Dir)
		return err == nil && len(found) == 0
	}, 10*time.Second, 5*time.Millisecond)
}

func TestLinksAreForOneFileAndEnd(t *testing.T) {
	links := blob.NewLinks(
		[]byte("0123456789abcdef0123456789abcdef"),
		func() string { return "http://server" },
		func(w http.ResponseWriter, _ *http.Request, err error) {
			f := fault.From(err)
			w.WriteHeader(f.HTTPStatus())
			_, _ = io.WriteString(w, f.Reason+" "+f.Detail)
		},
	)
	disk := blob.NewDisk(t.TempDir(), blob.KeptLinks(links))
	links.Serve("kept", disk)
	for _, key := range []string{
		"s1/j1/a.mp4", "s1/j1/b.mp4", "s1/j2/index.m3u8", "s1/j2/seg0.m4s", "s1/j2/deep/seg1.m4s",
	} {
		require.NoError(t, disk.Put(t.Context(), key, newFile(t, key)))
	}
	link := func(key string, life time.Duration) string {
		made, err := disk.SignedURL(t.Context(), key, time.Now().Add(life))
		require.NoError(t, err)
		return strings.TrimPrefix(made, "http://server")
	}
	ask := func(method, target string) (int, string, http.Header) {
		w := httptest.NewRecorder()
		links.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, target, nil))
		return w.Code, w.Body.String(), w.Header()
	}
	good := link("s1/j1/a.mp4", time.Minute)
	status, body, header := ask(http.MethodGet, good)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "s1/j1/a.mp4", body)
	require.Equal(t, `attachment; filename=a.mp4`, header.Get("Content-Disposition"))
	require.Equal(t, "video/mp4", header.Get("Content-Type"))
	require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
	status, body, header = ask(http.MethodHead, good)
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, body)
	require.Equal(t, "11", header.Get("Content-Length"))

	playlist := link("s1/j2/index.m3u8", time.Minute)
	status, body, _ = ask(http.MethodGet, strings.Replace(playlist, "index.m3u8", "seg0.m4s", 1))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "s1/j2/seg0.m4s", body)

	for name, bad := range map[string]string{
		"another file":              strings.Replace(good, "a.mp4", "b.mp4", 1),
		"another directory":         strings.Replace(playlist, "j2/index.m3u8", "j1/a.mp4", 1),
		"below the playlist":        strings.Replace(playlist, "index.m3u8", "deep/seg1.m4s", 1),
		"its directory":             strings.TrimSuffix(good, "a.mp4"),
		"out of the directory":      strings.Replace(playlist, "index.m3u8", "../j1/a.mp4", 1),
		"out, escaped":              strings.Replace(playlist, "index.m3u8", "..%2fj1%2fa.mp4", 1),
		"another area":              strings.Replace(good, "/kept/", "/local/", 1),
		"later":                     strings.Replace(good, "/files/", "/files/9", 1),
		"no signature":              "/files/9999999999./kept/s1/j1/a.mp4",
		"nothing":                   "/files/",
		"expired":                   link("s1/j1/a.mp4", -time.Second),
		"an expiry that is no time": "/files/x.y/kept/s1/j1/a.mp4",
	} {
		t.Run(name, func(t *testing.T) {
			status, body, _ := ask(http.MethodGet, bad)
			require.Equal(t, http.StatusForbidden, status, body)
			require.Contains(t, body, "LINK ")
		})
	}
	status, body, _ = ask(http.MethodGet, link("s1/j1/gone.mp4", time.Minute))
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, body, "FILE ")
	status, _, _ = ask(http.MethodPost, good)
	require.Equal(t, http.StatusMethodNotAllowed, status)
	status, _, header = ask(http.MethodOptions, good)
	require.Equal(t, http.StatusNoContent, status)
	require.Equal(t, "*", header.Get("Access-Control-Allow-Origin"))
}
