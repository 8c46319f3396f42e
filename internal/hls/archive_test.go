package hls_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/hls"
)

var (
	modified   = time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC)
	errBroken  = errors.New("the storage is broken")
	errRefused = "refused: " + errBroken.Error()
)

// fakeArchive keeps streams by name, and notes what it is asked for.
type fakeArchive struct {
	files  map[string]string
	broken bool
	asked  []string
}

func (s *fakeArchive) OpenHLS(_ context.Context, stream, name string) (io.ReadSeekCloser, time.Time, error) {
	s.asked = append(s.asked, stream+"/"+name)
	content, ok := s.files[stream+"/"+name]
	switch {
	case s.broken:
		return nil, time.Time{}, errBroken
	case !ok:
		return nil, time.Time{}, fs.ErrNotExist
	}
	return struct {
		io.ReadSeeker
		io.Closer
	}{strings.NewReader(content), io.NopCloser(nil)}, modified, nil
}

func openWithArchive(t *testing.T, s *fakeArchive) (http.Handler, string) {
	t.Helper()
	root := t.TempDir()
	h, err := hls.NewHandler(root, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	h.UseArchive(s, func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, "refused: "+err.Error(), http.StatusServiceUnavailable)
	})
	return h, root
}

// Before, during and after the move of a stream to the storage it is served the same way.
func TestHandlerServesWhatWasMoved(t *testing.T) {
	s := &fakeArchive{files: map[string]string{}}
	h, root := openWithArchive(t, s)
	files := map[string]string{
		"index.m3u8":   "#EXTM3U full\n#EXT-X-ENDLIST\n",
		"live.m3u8":    "#EXTM3U live\n#EXT-X-ENDLIST\n",
		"init.mp4":     "init",
		"seg00000.m4s": "0123456789",
	}
	dir := filepath.Join(root, "job_1")
	require.NoError(t, os.Mkdir(dir, 0o755))
	for name, content := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	look := func(name string) (header http.Header) {
		t.Helper()
		w := request(h, http.MethodGet, "/job_1/"+name)
		require.Equal(t, http.StatusOK, w.Code, name)
		require.Equal(t, files[name], w.Body.String())
		header = w.Result().Header
		header.Del("Last-Modified")
		return header
	}
	before := map[string]http.Header{}
	for name := range files {
		before[name] = look(name)
	}
	require.Empty(t, s.asked, "what is here is not looked for elsewhere")
	for name, content := range files {
		s.files["job_1/"+name] = content // first it is there, then it goes here
		look(name)
		require.NoError(t, os.Remove(filepath.Join(dir, name)))
		require.Equal(t, before[name], look(name))
	}
	require.NoError(t, os.Remove(dir))
	require.Len(t, s.asked, len(files), "one look for each request")

	w := request(h, http.MethodGet, "/job_1/seg00000.m4s", "Range", "bytes=2-4")
	require.Equal(t, http.StatusPartialContent, w.Code)
	require.Equal(t, "234", w.Body.String())
	require.Equal(t, "bytes 2-4/10", w.Header().Get("Content-Range"))
	require.Equal(
		t,
		http.StatusRequestedRangeNotSatisfiable,
		request(h, http.MethodGet, "/job_1/seg00000.m4s", "Range", "bytes=10-").Code,
	)
	w = request(h, http.MethodHead, "/job_1/seg00000.m4s")
	require.Equal(t, http.StatusOK, w.Code)
	require.Empty(t, w.Body.String())
	require.Equal(t, "10", w.Header().Get("Content-Length"))
	require.Equal(
		t,
		http.StatusNotModified,
		request(h, http.MethodGet, "/job_1/index.m3u8", "If-Modified-Since", modified.Format(http.TimeFormat)).Code,
	)
}

func TestHandlerAsksTheStorageForNothingElse(t *testing.T) {
	s := &fakeArchive{
		files: map[string]string{
			"job_1/notes.txt": "SECRET",
			"../index.m3u8":   "SECRET",
			"/index.m3u8":     "SECRET",
			"job_1/still.jpg": "SECRET",
		},
	}
	h, _ := openWithArchive(t, s)
	for _, path := range []string{"/job_1/notes.txt", "/job_1/still.jpg", "/../index.m3u8", "//index.m3u8",
		"/job_1/../../index.m3u8", "/job_1/", "/job_1", "/"} {
		w := request(h, http.MethodGet, path)
		require.Equal(t, http.StatusNotFound, w.Code, path)
		require.NotContains(t, w.Body.String(), "SECRET")
	}
	require.Empty(t, s.asked)
	require.Equal(t, http.StatusNotFound, request(h, http.MethodGet, "/job_2/index.m3u8").Code)
	require.Equal(t, []string{"job_2/index.m3u8"}, s.asked)

	opener := h.(*hls.Handler)
	for _, bad := range [][2]string{{"job_1", "notes.txt"}, {"..", "index.m3u8"}, {"job_1/x", "../index.m3u8"}, {"",
		"index.m3u8"}} {
		_, _, err := opener.Open(t.Context(), bad[0], bad[1])
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
	require.Len(t, s.asked, 1)
}

// A storage that cannot be read is no missing file: a player that hears 404 gives up.
func TestHandlerSaysThatTheStorageFails(t *testing.T) {
	h, _ := openWithArchive(t, &fakeArchive{broken: true})
	w := request(h, http.MethodGet, "/job_1/index.m3u8")
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.Contains(t, w.Body.String(), errRefused)
	require.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
	require.Empty(t, w.Header().Get("Cache-Control"))
}
