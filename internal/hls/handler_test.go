package hls_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/hls"
)

// newTestHandler is a root with one job, and a secret beside it.
func newTestHandler(t *testing.T) http.Handler {
	t.Helper()
	outside := t.TempDir()
	root := filepath.Join(outside, "hls")
	job := filepath.Join(root, "job_1")
	require.NoError(t, os.MkdirAll(job, 0o755))
	for name, content := range map[string]string{
		filepath.Join(outside, "index.m3u8"):     "SECRET",
		filepath.Join(root, "index.m3u8"):        "SECRET",
		filepath.Join(job, "index.m3u8"):         "#EXTM3U\n",
		filepath.Join(job, "live.m3u8"):          "#EXTM3U\n#EXT-X-ENDLIST\n",
		filepath.Join(job, "init.mp4"):           "init",
		filepath.Join(job, "seg00000.m4s"):       "0123456789",
		filepath.Join(job, "seg00001.m4s.part"):  "SECRET",
		filepath.Join(job, "notes.txt"):          "SECRET",
		filepath.Join(outside, "seg00002.m4s"):   "SECRET",
		filepath.Join(outside, "away.index.m3u"): "SECRET",
	} {
		require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	}
	require.NoError(t, os.Symlink(filepath.Join(outside, "seg00002.m4s"), filepath.Join(job, "seg00002.m4s")))
	require.NoError(t, os.Symlink(outside, filepath.Join(root, "away")))
	require.NoError(t, os.Mkdir(filepath.Join(job, "seg00003.m4s"), 0o755))
	h, err := hls.NewHandler(root, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "not there", http.StatusNotFound)
	}))
	require.NoError(t, err)
	t.Cleanup(func() { h.Close() })
	return h
}

func request(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://host/", nil)
	r.URL.Path = path // as a router that cleans nothing would pass it
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandlerServes(t *testing.T) {
	h := newTestHandler(t)
	for path, want := range map[string][2]string{
		"/job_1/index.m3u8":   {"application/vnd.apple.mpegurl", "no-cache"},
		"/job_1/live.m3u8":    {"application/vnd.apple.mpegurl", "no-cache"},
		"/job_1/init.mp4":     {"video/mp4", "public, max-age=31536000, immutable"},
		"/job_1/seg00000.m4s": {"video/iso.segment", "public, max-age=31536000, immutable"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := request(h, method, path)
			require.Equal(t, http.StatusOK, w.Code, path)
			require.Equal(t, want[0], w.Header().Get("Content-Type"))
			require.Equal(t, want[1], w.Header().Get("Cache-Control"))
			require.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
			require.Equal(t, method == http.MethodGet, w.Body.Len() > 0)
		}
	}
	w := request(h, http.MethodGet, "/job_1/seg00000.m4s", "Range", "bytes=2-4")
	require.Equal(t, http.StatusPartialContent, w.Code)
	require.Equal(t, "234", w.Body.String())
	w = request(h, http.MethodOptions, "/job_1/index.m3u8", "Origin", "https://page.example")
	require.Equal(t, http.StatusNoContent, w.Code)
	require.Equal(t, "Range", w.Header().Get("Access-Control-Allow-Headers"))
	known := request(h, http.MethodGet, "/job_1/index.m3u8").Header()
	require.Equal(
		t,
		http.StatusNotModified,
		request(h, http.MethodGet, "/job_1/index.m3u8", "If-None-Match", known.Get("ETag")).Code,
	)
	require.Empty(t, known.Get("Last-Modified"), "it counts seconds, in which a playlist changes twice")
	modified := request(h, http.MethodGet, "/job_1/live.m3u8").Header().Get("Last-Modified") // that one has ended
	require.Equal(
		t,
		http.StatusNotModified,
		request(h, http.MethodGet, "/job_1/live.m3u8", "If-Modified-Since", modified).Code,
	)
}

func TestHandlerGivesNothingElse(t *testing.T) {
	h := newTestHandler(t)
	for _, path := range []string{
		"", "/", "/index.m3u8", "/job_1", "/job_1/", "/job_2/index.m3u8", "/job_1/notes.txt", "/job_1/seg00001.m4s",
		"/job_1/seg00001.m4s.part", "/job_1/seg00002.m4s", "/job_1/seg00003.m4s", "/away/index.m3u8", "/../index.m3u8",
		"/job_1/../../index.m3u8", "/job_1/../index.m3u8", "/./index.m3u8", "//index.m3u8", "/job_1//index.m3u8",
		"/job_1/index.m3u8/", "/job_1/index.m3u8\x00", "/job_1/index.m3u8\n", "/job_1\\index.m3u8", "/JOB_1/INDEX.M3U8",
		"/job_1/seg0.m4s", "/job_1/seg0000000000.m4s", "/job_1/init.mp4.part",
	} {
		w := request(h, http.MethodGet, path)
		require.Equal(t, http.StatusNotFound, w.Code, "%q", path)
		require.Equal(t, "not there\n", w.Body.String(), "%q", path)
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, "PROPFIND"} {
		require.Equal(t, http.StatusMethodNotAllowed, request(h, method, "/job_1/index.m3u8").Code)
	}
}
