package rtmp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// AMF0, Adobe's Action Message Format (2006): what command messages are made of. Values are float64, bool,
// string, object, array and nil.

type property struct {
	key   string
	value any
}

// object keeps the order in which properties are written.
type object []property

// ecmaArray is written as an associative array, as onMetaData wants it.
type ecmaArray object

var errAMF = errors.New("rtmp: malformed AMF0")

// Markers, AMF0 section 2.1.
const (
	amfNumber      = 0x00
	amfBoolean     = 0x01
	amfString      = 0x02
	amfObject      = 0x03
	amfNull        = 0x05
	amfUndefined   = 0x06
	amfECMAArray   = 0x08
	amfObjectEnd   = 0x09
	amfStrictArray = 0x0a
	amfDate        = 0x0b
	amfLongString  = 0x0c
)

const (
	amfMaxDepth  = 8
	amfMaxValues = 1024
)

func appendAMF(b []byte, values ...any) []byte {
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			b = append(b, amfNull)
		case float64:
			b = append(b, amfNumber)
			b = binary.BigEndian.AppendUint64(b, math.Float64bits(v))
		case bool:
			b = append(b, amfBoolean, 0)
			if v {
				b[len(b)-1] = 1
			}
		case string:
			// Ours are at most MaxURL+MaxKey long, so the short form always does.
			b = append(b, amfString)
			b = appendKey(b, v)
		case object:
			b = append(b, amfObject)
			b = appendProperties(b, v)
		case ecmaArray:
			b = append(b, amfECMAArray)
			b = binary.BigEndian.AppendUint32(b, uint32(len(v)))
			b = appendProperties(b, object(v))
		default:
			panic(fmt.Sprintf("rtmp: %T has no AMF0 form", v)) // our own constants only
		}
	}
	return b
}

func appendProperties(b []byte, o object) []byte {
	for _, p := range o {
		b = appendKey(b, p.key)
		b = appendAMF(b, p.value)
	}
	return append(b, 0, 0, amfObjectEnd)
}

func appendKey(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
	return append(b, s...)
}

// amfReader decodes what a server sends.
type amfReader struct {
	left   []byte
	values int
}

// parseAMF decodes all values of a message.
func parseAMF(b []byte) ([]any, error) {
	r := &amfReader{left: b}
	var out []any
	for len(r.left) > 0 {
		v, err := r.value(0)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (r *amfReader) take(n int) ([]byte, error) {
	if n > len(r.left) {
		return nil, errAMF
	}
	out := r.left[:n]
	r.left = r.left[n:]
	return out, nil
}

func (r *amfReader) u16() (int, error) {
	b, err := r.take(2)
	if err != nil {
		return 0, err
	}
	return int(binary.BigEndian.Uint16(b)), nil
}

func (r *amfReader) u32() (uint32, error) {
	b, err := r.take(4)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(b), nil
}

func (r *amfReader) value(depth int) (any, error) {
	r.values++
	if depth > amfMaxDepth || r.values > amfMaxValues {
		return nil, errAMF
	}
	marker, err := r.take(1)
	if err != nil {
		return nil, err
	}
	switch marker[0] {
	case amfNumber:
		b, err := r.take(8)
		if err != nil {
			return nil, err
		}
		return math.Float64frombits(binary.BigEndian.Uint64(b)), nil
	case amfBoolean:
		b, err := r.take(1)
		if err != nil {
			return nil, err
		}
		return b[0] != 0, nil
	case amfString:
		return r.text()
	case amfLongString:
		n, err := r.u32()
		if err != nil {
			return nil, err
		}
		b, err := r.take(int(min(n, math.MaxInt32)))
		return string(b), err
	case amfObject:
		return r.object(depth)
	case amfECMAArray:
		if _, err := r.u32(); err != nil { // a hint of the length: the end is marked
			return nil, err
		}
		return r.object(depth)
	case amfStrictArray:
		n, err := r.u32()
		if err != nil {
			return nil, err
		}
		var out []any
		for range n {
			v, err := r.value(depth + 1)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	case amfDate:
		_, err := r.take(10)
		return nil, err // no command has one that matters
	case amfNull, amfUndefined:
		return nil, nil
	}
	return nil, fmt.Errorf("%w: marker %#x", errAMF, marker[0])
}

func (r *amfReader) text() (string, error) {
	n, err := r.u16()
	if err != nil {
		return "", err
	}
	b, err := r.take(n)
	return string(b), err
}

func (r *amfReader) object(depth int) (object, error) {
	out := object{}
	for {
		key, err := r.text()
		if err != nil {
			return nil, err
		}
		if key == "" && len(r.left) > 0 && r.left[0] == amfObjectEnd {
			r.left = r.left[1:]
			return out, nil
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, property{key, v})
	}
}

func (o object) text(key string) string {
	for _, p := range o {
		if p.key == key {
			s, _ := p.value.(string)
			return s
		}
	}
	return ""
}
