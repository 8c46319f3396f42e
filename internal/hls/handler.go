package hls

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"os"
	"path"
	"regexp"
	"time"

	"github.com/klatch/klatch/fault"
)

// served is every path there is: a job's directory and a file of the names above, or a part of one. What does not match
// is not looked for, so no name can lead out of the tree.
var served = regexp.MustCompile(
	`^/?([A-Za-z0-9_-]{1,128})/((?:live|index|livestream|playback)\.m3u8|init[0-9]{0,2}\.mp4|seg([0-9]{5,9})(?:\.([0-9]{1,4}))?\.m4s)$`,
)

var types = map[string]string{
	".m3u8": "application/vnd.apple.mpegurl",
	".mp4":  "video/mp4",
	".m4s":  "video/iso.segment",
}

// Handler serves the directories of Writers below a root, each under its own name: /<name>/live.m3u8. Any
// page may play them (CORS): the unguessable name is the permission. Close releases the root.
type Handler struct {
	root         *os.Root
	notFound     http.Handler
	watchers     *watchers
	presentation fault.Presentation
	archive      // what has left the root; see archive.go
}

// NewHandler serves from an existing directory. Links that lead out of it are not followed. notFound answers
// for what is not there; nil: http.NotFound.
func NewHandler(root string, notFound http.Handler) (*Handler, error) {
	opened, err := os.OpenRoot(root)
	if err != nil {
		return nil, fmt.Errorf("hls: %w", err)
	}
	if notFound == nil {
		notFound = http.HandlerFunc(http.NotFound)
	}
	h := &Handler{root: opened, notFound: notFound}
	h.watchers = newWatchers(h.open, opened.Lstat)
	return h, nil
}

// Close sends away whoever waits and releases the root. Nothing of the handler runs afterwards.
func (h *Handler) Close() error {
	h.watchers.close()
	return h.root.Close()
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions: // a preflight, which Range makes some players send
		header.Set("Access-Control-Allow-Methods", "GET, HEAD")
		header.Set("Access-Control-Allow-Headers", "Range")
		header.Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		header.Set("Allow", "GET, HEAD, OPTIONS")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	match := served.FindStringSubmatch(r.URL.Path)
	if match == nil {
		h.notFound.ServeHTTP(w, r)
		return
	}
	header.Set("Access-Control-Expose-Headers", "Age, Content-Length, Content-Range, Date")
	if variants[match[2]] != "" {
		h.multivariant(w, r, match[1], match[2])
		return
	}
	playlist := path.Ext(match[2]) == ".m3u8"
	if playlist && h.reload(w, r, match[1], match[2]) {
		return
	}
	if match[4] != "" {
		h.part(w, r, match[1], match[2], match[3], match[4])
		return
	}
	content, modified, err := h.Open(r.Context(), match[1], match[2])
	if err != nil {
		h.missing(w, r, err)
		return
	}
	defer func() { _ = content.Close() }() // only read
	if playlist {
		text, err := io.ReadAll(content)
		if err != nil {
			h.missing(w, r, err)
			return
		}
		servePlaylist(w, r, match[2], text, modified, "no-cache")
		return
	}
	setFileHeader(header, match[2])
	http.ServeContent(w, r, "", modified, content)
}

// servePlaylist answers with a playlist. What tells the versions of a growing one apart is what is in it: a time counts
// in seconds, and it changes more often.
func servePlaylist(
	w http.ResponseWriter,
	r *http.Request,
	name string,
	text []byte,
	modified time.Time,
	caching string,
) {
	setFileHeader(w.Header(), name)
	w.Header().Set("Cache-Control", caching)
	sum := fnv.New64a()
	_, _ = sum.Write(text) // never fails
	w.Header().Set("ETag", fmt.Sprintf("\"%x\"", sum.Sum64()))
	if !bytes.HasSuffix(text, []byte(tagEnd)) {
		modified = time.Time{}
	}
	http.ServeContent(w, r, "", modified, bytes.NewReader(text))
}

// setFileHeader is for what never changes.
func setFileHeader(header http.Header, name string) {
	header.Set("Content-Type", types[path.Ext(name)])
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
}

var errNotRegular = errors.New("hls: not a regular file")

// open opens regular files only: a FIFO would hold the request.
func (h *Handler) open(name string) (*os.File, error) {
	info, err := h.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	return h.root.Open(name)
}
