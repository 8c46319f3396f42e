package hls

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/fmp4"
)

// part serves a part, or waits for it when it is the next one (the draft, 6.2.6). Its bytes never change, whether its
// segment is still being written or whole. The numbers are as the name has them.
func (h *Handler) part(w http.ResponseWriter, r *http.Request, dir, name, ofSegment, ofPart string) {
	number, _ := strconv.Atoi(ofSegment) // the pattern bounds both
	part, _ := strconv.Atoi(ofPart)
	w.Header().Set("Cache-Control", "no-store") // of the answers without it
	if partName(number, part) != name {
		h.notFound.ServeHTTP(w, r) // another spelling
		return
	}
	found, err := h.openPart(r.Context(), dir, number, part)
	if err != nil {
		if err = h.awaitPart(r, dir, number, part); err == nil {
			found, err = h.openPart(r.Context(), dir, number, part)
		}
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		h.answerFault(w, r, f)
		return
	}
	if err != nil {
		h.missing(w, r, err)
		return
	}
	defer func() { _ = found.Close() }() // only read
	setFileHeader(w.Header(), name)
	http.ServeContent(w, r, "", time.Time{}, found)
}

// partFile is a part of a file.
type partFile struct {
	*io.SectionReader
	io.Closer // of the file
}

// openPart finds a part in the file of its segment, wherever that is.
func (h *Handler) openPart(ctx context.Context, dir string, number, part int) (*partFile, error) {
	file, err := h.openSegment(ctx, dir, segmentName(number))
	if err != nil {
		return nil, err
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err == nil {
		at, ok := file.(io.ReaderAt)
		if !ok {
			at = seeker{file}
		}
		for from, to := range fmp4.Extents(at, size) {
			if part == 0 {
				return &partFile{io.NewSectionReader(at, from, to-from), file}, nil
			}
			part--
		}
		err = fs.ErrNotExist
	}
	return nil, errors.Join(err, file.Close())
}

// openSegment opens a segment, or what there is of it.
func (h *Handler) openSegment(ctx context.Context, dir, name string) (io.ReadSeekCloser, error) {
	file, err := h.open(path.Join(dir, name))
	if err == nil {
		return file, nil
	}
	if file, err = h.open(path.Join(dir, name+partial)); err == nil {
		return file, nil
	}
	content, _, err := h.Open(ctx, dir, name) // it was renamed between the two looks, or is kept elsewhere
	return content, err
}

// seeker reads at places of what can only seek. Not safe for concurrent use.
type seeker struct{ io.ReadSeeker }

func (s seeker) ReadAt(p []byte, at int64) (int, error) {
	if _, err := s.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	return io.ReadFull(s, p)
}

// awaitPart waits for a part that is the next one, or may be: the first of the segment after the one that is open,
// which ends only when a key frame comes. Others never come, or not soon.
func (h *Handler) awaitPart(r *http.Request, dir string, number, part int) error {
	_, err := h.watchers.await(r.Context(), dir, LivePlaylist, func(l *parsedPlaylist) (bool, *fault.Error) {
		open := l.lastSegment() + 1
		next := number == open && part == len(l.open) || number == open+1 && part == 0
		return !next || !l.canBlock(), nil
	})
	return err
}
