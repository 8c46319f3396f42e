package hls

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"time"
)

// Archive holds the files of streams that are over and have left the root.
type Archive interface {
	// OpenHLS opens a file of a stream. Its error is fs.ErrNotExist where it has none, or why it cannot be read.
	OpenHLS(ctx context.Context, stream, name string) (content io.ReadSeekCloser, modified time.Time, err error)
}

// archive is where a Handler looks for what is not in the root.
type archive struct {
	source Archive // nil: nowhere
	refuse func(w http.ResponseWriter, r *http.Request, err error)
}

// UseArchive lets the handler look elsewhere for files that are not in its root; refuse answers when they cannot be
// read there. Call it before the first request.
func (h *Handler) UseArchive(to Archive, refuse func(http.ResponseWriter, *http.Request, error)) {
	h.archive = archive{to, refuse}
}

// Open opens a file of a stream, wherever it is: it leaves the root only when it is kept elsewhere. Its error is
// fs.ErrNotExist, or why it cannot be read.
func (h *Handler) Open(
	ctx context.Context,
	stream, name string,
) (content io.ReadSeekCloser, modified time.Time, err error) {
	if !served.MatchString(stream + "/" + name) {
		return nil, time.Time{}, fs.ErrNotExist
	}
	if file, err := h.open(path.Join(stream, name)); err == nil {
		if info, err := file.Stat(); err == nil {
			return file, info.ModTime(), nil
		}
		_ = file.Close() // nothing was written
	}
	if h.source == nil {
		return nil, time.Time{}, fs.ErrNotExist
	}
	return h.source.OpenHLS(ctx, stream, name)
}

// missing answers for a file that could not be opened.
func (h *Handler) missing(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case r.Context().Err() != nil: // nobody is there
	case errors.Is(err, fs.ErrNotExist) || h.archive.refuse == nil:
		h.notFound.ServeHTTP(w, r)
	default:
		h.archive.refuse(w, r, err)
	}
}
