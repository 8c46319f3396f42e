package fmp4

import (
	"encoding/binary"
	"io"
	"iter"
)

// Extents walks the fragments of a file that holds nothing but fragments, in the form in which a Reader returns them,
// and may still be written: each is [from, to), and one that is not whole within size ends the walk. It reads the
// headers of the boxes only. A file that cannot be read further ends it as well.
func Extents(file io.ReaderAt, size int64) iter.Seq2[int64, int64] {
	return func(yield func(from, to int64) bool) {
		var head [headerSize]byte
		for from, at := int64(0), int64(0); ; {
			if _, err := file.ReadAt(head[:], at); err != nil {
				return
			}
			length := int64(binary.BigEndian.Uint32(head[:]))
			if length < headerSize || at+length > size {
				return
			}
			at += length
			if string(head[4:]) != "mdat" {
				continue
			}
			if !yield(from, at) {
				return
			}
			from = at
		}
	}
}
