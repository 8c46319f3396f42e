package faults

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

var recording = egressKinds[0]

// storageScenarios are files that cannot be kept, or cannot be given.
var storageScenarios = scenarios{
	"4105.LINK": func(t *T) {
		t.onSharedProcess()
		link := t.finishedRecording().File.FileURL
		status, _ := t.Server.REST(t, "", http.MethodGet, strings.TrimPrefix(link, t.Server.URL), nil)
		require.Equal(t, http.StatusOK, status)
		for _, bad := range []string{
			link + "x", strings.Replace(link, "/kept/", "/local/", 1), strings.Replace(link, "/kept/", "/other/", 1),
			strings.Replace(link, "/files/", "/files/9", 1), t.Server.URL + "/files/",
			t.Server.URL + "/files/1.x/kept/%2e%2e%2fsecret-key",
		} {
			t.rest("", http.MethodGet, strings.TrimPrefix(bad, t.Server.URL), nil)
		}
	},
	"4108.FILE": func(t *T) {
		t.onSharedProcess()
		file := t.finishedRecording().File
		require.NoError(t, os.Remove(filepath.Join(t.Server.Dir, "files", file.Path)))
		t.rest("", http.MethodGet, strings.TrimPrefix(file.FileURL, t.Server.URL), nil)
	},
	"4108.JOB": func(t *T) {
		token := t.Account().Token(t)
		for _, k := range egressKinds {
			t.rest(token, http.MethodGet, k.path+"/nosuch", nil)
			t.rest(token, http.MethodDelete, k.path+"/nosuch", nil)
		}
		t.onSharedProcess()
		t.account = nil
		mine := t.finishedRecording().ID
		t.account = nil // another's
		t.rest(t.Account().Token(t), http.MethodGet, recording.path+"/"+mine, nil)
	},
	"5001.FILE_LOST":     func(t *T) { t.fileLost(recording) },
	"5002.FILE_LOST":     func(t *T) { t.fileLost(livestream) },
	"5003.FILE_LOST":     (*T).streamLost,
	"5001.UPLOAD_FAILED": func(t *T) { t.uploadFailed(recording) },
	"5002.UPLOAD_FAILED": func(t *T) { t.uploadFailed(livestream) },
	"5003.UPLOAD_FAILED": (*T).streamNotUploaded,
	"5101.STORAGE": func(t *T) {
		bucket := t.withBucket()
		r, played := t.finishedRecording(), t.recordedHLS()
		bucket.refuses.Store(true)
		t.rest(t.Account().Token(t), http.MethodDelete, recording.path+"/"+r.ID, nil)
		for _, url := range []string{played.PlaybackHLSURL, played.LivestreamURL, played.file("init.mp4")} {
			t.rest("", http.MethodGet, strings.TrimPrefix(url, t.Server.URL), nil)
		}
		bucket.refuses.Store(false)
		t.checkFiles(played)
		// again, as the remedy says
		status, answer := t.Server.REST(t, t.Account().Token(t), http.MethodDelete, recording.path+"/"+r.ID, nil)
		require.Equal(t, http.StatusOK, status, string(answer))
	},
}

// bucket is an S3 server whose rights can be taken away.
type bucket struct {
	s3test.Bucket
	refuses atomic.Bool
}

// withBucket moves the scenario to a server of its own that keeps files in a bucket.
func (t *T) withBucket() *bucket {
	t.Helper()
	b := &bucket{Bucket: s3test.Start(t)}
	target, err := url.Parse(b.Endpoint)
	require.NoError(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host }}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b.refuses.Load() {
			forbidden(w, r)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	t.onOwnProcess("storage.s3Endpoint", front.URL, "storage.s3Bucket", b.Name, "storage.s3AccessKey", b.AccessKey,
		"storage.s3SecretKey", b.SecretKey)
	t.secret(b.SecretKey)
	return b
}

// uploadFailed makes a file that the bucket does not take: it stays on the server's disk.
func (t *T) uploadFailed(k egressKind) {
	refusing := httptest.NewServer(http.HandlerFunc(forbidden))
	defer refusing.Close()
	t.onOwnProcess("storage.s3Endpoint", refusing.URL, "storage.s3Bucket", "recordings", "storage.s3AccessKey", "nobody",
		"storage.s3SecretKey", "planted-secret-of-nobody")
	t.secret("planted-secret-of-nobody")
	s := t.setUp(k)
	s.start()
	require.Nil(t, s.stop())
	r := s.awaitState("STOPPED")
	require.NotNil(t, r.File, "the file stays on the server's disk")
	status, _ := t.Server.REST(t, "", http.MethodGet, strings.TrimPrefix(r.File.FileURL, t.Server.URL), nil)
	require.Equal(t, http.StatusOK, status)
	f := t.inTimeline()
	s.una.awaitSame(f)
	require.Equal(t, "the bucket recordings at "+refusing.URL, f.Details["place"])
	require.Contains(t, f.Details["path"], filepath.Join(t.Server.Dir, "egress"))
}

// fileLost removes a file from the server's disk before it is in the bucket.
func (t *T) fileLost(k egressKind) {
	bucket := t.withBucket()
	bucket.refuses.Store(true)
	s := t.setUp(k)
	s.start()
	require.Nil(t, s.stop())
	s.awaitState("STOPPED")
	list, err := filepath.Glob(filepath.Join(t.Server.Dir, "egress", "*", "*.mp4"))
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.NoError(t, os.Remove(list[0]))
	bucket.refuses.Store(false)
	f := t.inTimeline()
	require.Equal(t, list[0], f.Details["path"])
	for { // first they receive that the upload fails
		var told wire.Faulted
		s.bob.Event(t, "error", &told)
		if told.Fault.Reason == f.Reason {
			t.sameIncident(f, told.Fault)
			break
		}
	}
	s.una.awaitSame(f)
}

// streamLost does that to a stream.
func (t *T) streamLost() {
	bucket := t.withBucket()
	bucket.refuses.Store(true)
	s := t.recordedHLS()
	require.NoError(t, os.RemoveAll(filepath.Join(t.Server.Dir, "egress", "hls", s.ID)))
	bucket.refuses.Store(false)
	t.setup.una.awaitSame(t.inTimeline())
}

// streamNotUploaded ends HLS while the bucket takes nothing. It plays under its address all the time: from the disk,
// after a crash of the server, and from the bucket when that is corrected; then the disk is not needed any more.
func (t *T) streamNotUploaded() {
	bucket := t.withBucket()
	bucket.refuses.Store(true)
	s := t.recordedHLS()
	t.setup.una.awaitSame(t.inTimeline())
	t.checkFiles(s)
	local := filepath.Join(t.Server.Dir, "egress", "hls", s.ID)
	require.DirExists(t, local)

	port := strings.TrimPrefix(t.Server.URL, "http://")
	t.Server.Kill()
	t.Server.RespawnAt(t, port)
	t.checkFiles(s)
	require.Eventually(t, func() bool {
		return len(t.timeline()) == 2
	}, 2*testserver.Timeout, 50*time.Millisecond, "the next server has the same trouble, and says so once")

	bucket.refuses.Store(false)
	gone := false
	for deadline := time.Now().Add(2 * testserver.Timeout); !gone; {
		t.checkFiles(s) // while it is moved
		_, err := os.Stat(local)
		gone = errors.Is(err, fs.ErrNotExist)
		require.True(t, gone || time.Now().Before(deadline), "it does not come to the bucket")
	}
	t.checkFiles(s)
	t.Server.Kill()
	require.NoError(t, os.RemoveAll(filepath.Join(t.Server.Dir, "egress"))) // a disk that does not outlive its machine
	t.Server.RespawnAt(t, port)
	t.checkFiles(s)
	require.Len(t, t.timeline(), 2)

	token := t.Account().Token(t)
	status, answer := t.Server.REST(t, token, http.MethodDelete, "/v2/hls/"+s.ID, nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	for name := range s.files {
		status, _ := t.Server.REST(t, "", http.MethodGet, strings.TrimPrefix(s.file(name), t.Server.URL), nil)
		require.Equal(t, http.StatusNotFound, status, name)
	}
}

// hlsRecord is HLS as REST shows it, with all that it serves.
type hlsRecord struct {
	jobRecord
	PlaybackHLSURL string  `json:"playbackHlsUrl"`
	LivestreamURL  string  `json:"livestreamUrl"`
	Duration       float64 `json:"duration"`
	files          map[string]string
}

func (r *hlsRecord) file(name string) string {
	return strings.TrimSuffix(r.PlaybackHLSURL, "playback.m3u8") + name
}

// recordedHLS makes HLS that has ended.
func (t *T) recordedHLS() *hlsRecord {
	t.Helper()
	s := t.setUp(egressKinds[2])
	s.start()
	require.Nil(t, s.stop())
	done := s.awaitState("STOPPED")
	status, answer := t.Server.REST(t, s.token, http.MethodGet, "/v2/hls/"+done.ID, nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	r := &hlsRecord{files: map[string]string{}}
	require.NoError(t, json.Unmarshal(answer, r))
	require.Positive(t, r.Duration)
	names := []string{"index.m3u8", "live.m3u8", "init.mp4", "playback.m3u8", "livestream.m3u8"}
	for i := 0; i < len(names); i++ {
		status, content := t.Server.REST(t, "", http.MethodGet, strings.TrimPrefix(r.file(names[i]), t.Server.URL), nil)
		require.Equal(t, http.StatusOK, status, names[i])
		r.files[names[i]] = string(content)
		for line := range strings.Lines(string(content)) {
			if name := strings.TrimSpace(line); i == 0 && strings.HasSuffix(name, ".m4s") {
				names = append(names, name)
			}
		}
	}
	require.Contains(t, r.files["index.m3u8"], "#EXT-X-ENDLIST")
	require.Greater(t, len(r.files), 3, "segments")
	return r
}

// checkFiles checks that every file of a stream is served unchanged, as a player requests it.
func (t *T) checkFiles(r *hlsRecord) {
	t.Helper()
	for name, content := range r.files {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.file(name), nil)
		require.NoError(t, err)
		req.Header.Set("Range", "bytes=1-")
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		got := readAll(t, res.Body)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusPartialContent, res.StatusCode, name)
		require.Equal(t, content[1:], string(got), name)
		require.Equal(t, "*", res.Header.Get("Access-Control-Allow-Origin"))
	}
}

// forbidden answers as S3 does when a key may not.
func forbidden(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(http.StatusForbidden)
	_ = xml.NewEncoder(w).Encode(struct { // the client may be gone
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}{Code: "AccessDenied", Message: "Access Denied"})
}

// finishedRecording makes a recording.
func (t *T) finishedRecording() jobRecord {
	t.Helper()
	s := t.setUp(recording)
	s.start()
	require.Nil(t, s.stop())
	r := s.awaitState("STOPPED")
	require.NotNil(t, r.File)
	return r
}

// timeline returns the faults of this scenario's reason that the admin console shows.
func (t *T) timeline() []*fault.Error {
	t.Helper()
	status, answer := t.Server.Admin(t, http.MethodGet,
		"/admin/v1/faults?code="+strconv.Itoa(t.Entry.Code)+"&reason="+t.Entry.Reason+"&perPage=100", nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	var page struct{ Data []*fault.Error }
	require.NoError(t, json.Unmarshal(answer, &page))
	var found []*fault.Error
	for _, f := range page.Data {
		if f.Code == t.Entry.Code && f.Reason == t.Entry.Reason {
			found = append(found, f)
		}
	}
	return found
}

// inTimeline reads a fault that only the operator receives.
func (t *T) inTimeline() *fault.Error {
	t.Helper()
	var found []*fault.Error
	require.Eventually(t, func() bool {
		found = t.timeline()
		return len(found) > 0
	}, 2*testserver.Timeout, 50*time.Millisecond, "the console does not show %s", t.Entry.Key())
	t.Read(found[0])
	return found[0]
}
