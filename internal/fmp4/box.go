package fmp4

import (
	"encoding/binary"
	"fmt"
)

const (
	headerSize    = 8
	maxChildBoxes = 1024
)

// box is a box inside one that has been read whole.
type box struct {
	kind string
	body []byte
}

// children splits the body of a container.
func children(parent string, body []byte) ([]box, error) {
	var out []box
	for len(body) > 0 {
		if len(body) < headerSize {
			return nil, &FormatError{Box: parent, Reason: "ends inside the header of a child"}
		}
		size := uint64(binary.BigEndian.Uint32(body))
		kind := string(body[4:8])
		if size < headerSize || size > uint64(len(body)) {
			return nil, &FormatError{Box: parent, Reason: fmt.Sprintf("child %q has size %d of %d left", kind, size, len(body))}
		}
		if len(out) == maxChildBoxes {
			return nil, &FormatError{Box: parent, Reason: "too many children"}
		}
		out = append(out, box{kind: kind, body: body[headerSize:size]})
		body = body[size:]
	}
	return out, nil
}

// descend follows a path of first children and returns the body at its end.
func descend(b box, path ...string) (box, error) {
	for _, kind := range path {
		list, err := children(b.kind, b.body)
		if err != nil {
			return box{}, err
		}
		next, ok := first(list, kind)
		if !ok {
			return box{}, &FormatError{Box: b.kind, Reason: "has no " + kind}
		}
		b = next
	}
	return b, nil
}

func first(list []box, kind string) (box, bool) {
	for _, b := range list {
		if b.kind == kind {
			return b, true
		}
	}
	return box{}, false
}

// fields reads the fields of a box in order. Reading past the end returns zeros and is remembered: err is asked
// once at the end.
type fields struct {
	box   string
	left  []byte
	short bool
}

func (b box) fields() *fields { return &fields{box: b.kind, left: b.body} }

func (f *fields) bytes(n int) []byte {
	if n > len(f.left) {
		f.short, f.left = true, nil
		return make([]byte, min(n, 8)) // the callers below take at most 8
	}
	out := f.left[:n]
	f.left = f.left[n:]
	return out
}

func (f *fields) skip(n int) {
	if n > len(f.left) {
		f.short, f.left = true, nil
		return
	}
	f.left = f.left[n:]
}

func (f *fields) u8() uint8   { return f.bytes(1)[0] }
func (f *fields) u16() uint16 { return binary.BigEndian.Uint16(f.bytes(2)) }
func (f *fields) u32() uint32 { return binary.BigEndian.Uint32(f.bytes(4)) }
func (f *fields) u64() uint64 { return binary.BigEndian.Uint64(f.bytes(8)) }

// full reads the version and flags of a full box.
func (f *fields) full() (version uint8, flags uint32) {
	v := f.u32()
	return uint8(v >> 24), v & 0xffffff
}

func (f *fields) err() error {
	if f.short {
		return &FormatError{Box: f.box, Reason: "too short"}
	}
	return nil
}
