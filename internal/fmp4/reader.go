package fmp4

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Limits of what is kept in memory. A fragment of half a second at 50 Mbit/s is 3 MB.
const (
	maxMoov    = 1 << 20
	maxMoof    = 1 << 20
	maxMdat    = 64 << 20
	maxTrailer = 64 << 20 // mfra: 40 bytes for each fragment, 1 MB in four hours
	// trusted is how much room a size alone gets before the bytes have come.
	trusted = 1 << 20
)

// Reader reads one stream from its beginning. Not safe for concurrent use.
type Reader struct {
	r       io.Reader
	init    *Init
	trailer []byte
	err     error // what ended the stream
}

// NewReader reads from r, in pieces as large as r returns.
func NewReader(r io.Reader) *Reader { return &Reader{r: r} }

// Init reads up to the end of moov, the first time; it returns the same again. A stream that ends before
// is ErrTruncated, also an empty one.
func (r *Reader) Init() (*Init, error) {
	if r.init != nil || r.err != nil {
		return r.init, r.err
	}
	r.init, r.err = r.readInit()
	if errors.Is(r.err, io.EOF) {
		r.err = ErrTruncated
	}
	return r.init, r.err
}

func (r *Reader) readInit() (*Init, error) {
	var raw bytes.Buffer
	for {
		kind, size, err := r.header(&raw)
		if err != nil {
			return nil, err
		}
		switch kind {
		case "ftyp", "styp", "free", "moov":
		default:
			return nil, &FormatError{Box: kind, Reason: "comes before moov"}
		}
		if raw.Len()+size > maxMoov {
			return nil, fmt.Errorf("%w: %s of %d bytes", ErrTooLarge, kind, size)
		}
		begin := raw.Len()
		if err := r.body(&raw, size); err != nil {
			return nil, err
		}
		if kind == "moov" {
			init, err := parseMoov(raw.Bytes()[begin:])
			if err != nil {
				return nil, err
			}
			init.Raw = raw.Bytes()
			return init, nil
		}
	}
}

// Next returns the next fragment. The end is io.EOF when the stream ends between boxes and ErrTruncated
// inside one; the error stays.
func (r *Reader) Next() (*Fragment, error) {
	if _, err := r.Init(); err != nil {
		return nil, err
	}
	fragment, err := r.next()
	if err != nil {
		r.err = err
		return nil, err
	}
	return fragment, nil
}

func (r *Reader) next() (*Fragment, error) {
	var raw bytes.Buffer
	for {
		raw.Reset()
		kind, size, err := r.header(&raw)
		if err != nil {
			return nil, err
		}
		switch kind {
		case "moof":
			return r.fragment(&raw, size)
		case "mdat":
			return nil, &FormatError{Box: kind, Reason: "has no moof before it"}
		}
		// mfra at the end, or what later versions of the writer may put between fragments
		if len(r.trailer)+size > maxTrailer {
			return nil, fmt.Errorf("%w: %s of %d bytes", ErrTooLarge, kind, size)
		}
		if err := r.body(&raw, size); err != nil {
			return nil, err
		}
		if kind == "mfra" {
			r.trailer = bytes.Clone(raw.Bytes())
		}
	}
}

func (r *Reader) fragment(raw *bytes.Buffer, size int) (*Fragment, error) {
	if size > maxMoof {
		return nil, fmt.Errorf("%w: moof of %d bytes", ErrTooLarge, size)
	}
	if err := r.body(raw, size); err != nil {
		return nil, err
	}
	fragment, reach, err := r.init.parseMoof(raw.Bytes()[headerSize:])
	if err != nil {
		return nil, err
	}
	kind, size, err := r.header(raw)
	if errors.Is(err, io.EOF) {
		err = ErrTruncated
	}
	if err != nil {
		return nil, err
	}
	if kind != "mdat" {
		return nil, &FormatError{Box: kind, Reason: "stands between moof and mdat"}
	}
	if size > maxMdat {
		return nil, fmt.Errorf("%w: mdat of %d bytes", ErrTooLarge, size)
	}
	if reach > raw.Len()+size {
		return nil, &FormatError{Box: "trun", Reason: "data lies outside mdat"}
	}
	if err := r.body(raw, size); err != nil {
		return nil, err
	}
	fragment.Raw = raw.Bytes()
	return fragment, nil
}

// Trailer returns, after Next gave io.EOF, the index (mfra) that ends the file: Init.Raw, every Fragment.Raw
// and Trailer in a row are the stream as it was written. nil when there was none.
func (r *Reader) Trailer() []byte { return r.trailer }

// header reads the header of a box into raw and returns its kind and the size of its body. io.EOF is the end
// between boxes.
func (r *Reader) header(raw *bytes.Buffer) (kind string, size int, err error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(r.r, head[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = ErrTruncated
		}
		return "", 0, err
	}
	raw.Write(head[:])
	total := binary.BigEndian.Uint32(head[:])
	kind = string(head[4:])
	if total < headerSize {
		// 1: 64-bit size, which nothing below our limits needs; 0: up to the end of the file
		return "", 0, &FormatError{Box: kind, Reason: fmt.Sprintf("size %d is not supported", total)}
	}
	return kind, int(total - headerSize), nil
}

func (r *Reader) body(raw *bytes.Buffer, size int) error {
	raw.Grow(min(size, trusted))
	n, err := io.CopyN(raw, r.r, int64(size))
	if errors.Is(err, io.EOF) && n < int64(size) {
		return ErrTruncated
	}
	return err
}
