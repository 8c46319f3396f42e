package hls

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strconv"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/fmp4"
)

// part serves a part, or waits for it when it is the next one (the draft, 6.2.6). Its bytes never change, whether its segment is
// still being written or whole. The numbers are as the name has them.
func (h *Handler) part(w http.ResponseWriter, r *http.Request, dir, name, ofSegment, ofPart string) {
	number, _ := strconv.Atoi(ofSegment) // the pattern bounds both
	part, _ := strconv.Atoi(ofPart)
	w.Header().Set("Cache-Control", "no-store") // of the answers without it
	if partName(number, part) != name {
		h.notFound.ServeHTTP(w, r) // another spelling
		return
	}
	file, piece, err := h.openPart(dir, number, part)
	if err != nil {
		if err = h.awaitPart(r, dir, number, part); err == nil {
			file, piece, err = h.openPart(dir, number, part)
		}
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		h.answerFault(w, r, f)
		return
	}
	if err != nil {
		h.notFound.ServeHTTP(w, r)
		return
	}
	defer func() { _ = file.Close() }() // only read
	setFileHeader(w.Header(), name)
	http.ServeContent(w, r, "", time.Time{}, piece)
}

// openPart finds a part in the file of its segment.
func (h *Handler) openPart(dir string, number, part int) (*os.File, *io.SectionReader, error) {
	name := path.Join(dir, segmentName(number))
	file, err := h.open(name)
	if err != nil {
		file, err = h.open(name + partial)
	}
	if err != nil {
		file, err = h.open(name) // it was renamed between the two looks
	}
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil {
		for from, to := range fmp4.Extents(file, info.Size()) {
			if part == 0 {
				return file, io.NewSectionReader(file, from, to-from), nil
			}
			part--
		}
		err = fs.ErrNotExist
	}
	return nil, nil, errors.Join(err, file.Close())
}

// awaitPart waits for a part that is the next one, or may be: the first of the segment after the one that is open, which ends only
// when a key frame comes. Others never come, or not soon.
func (h *Handler) awaitPart(r *http.Request, dir string, number, part int) error {
	_, err := h.lookouts.await(r.Context(), dir, LivePlaylist, func(l *list) (bool, *fault.Error) {
		open := l.last() + 1
		next := number == open && part == len(l.open) || number == open+1 && part == 0
		return !next || !l.blocks(), nil
	})
	return err
}
