package sdk

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"
)

// annexB splits an H264 byte stream (ITU-T H.264, annex B) into access units: the NAL units of one picture.
type annexB struct {
	in       *bufio.Reader
	duration time.Duration
	unit     []byte // the first NAL unit of the next picture
	err      error
}

func newAnnexB(in *bufio.Reader, duration time.Duration) *annexB {
	return &annexB{in: in, duration: duration}
}

func (d *annexB) codec() string { return "H264" }

// next returns one picture with its parameter sets, each NAL unit behind a start code.
func (d *annexB) next() (Frame, error) {
	var picture []byte
	hasSlice := false
	for {
		unit := d.unit
		d.unit = nil
		if unit == nil {
			unit, d.err = d.nal()
			if d.err != nil {
				if hasSlice && errors.Is(d.err, io.EOF) {
					return Frame{Data: picture, Duration: d.duration}, nil
				}
				return Frame{}, d.err
			}
		}
		kind := unit[0] & 0x1f
		slice := kind >= 1 && kind <= 5
		// Section 7.4.1.2.3: a picture begins with its delimiter, SEI or parameter sets, or with the first slice;
		// first_mb_in_slice is 0 there, which in Exp-Golomb is a leading 1 bit.
		starts := kind >= 6 && kind <= 9 || slice && len(unit) > 1 && unit[1]&0x80 != 0
		if hasSlice && starts {
			d.unit = unit
			return Frame{Data: picture, Duration: d.duration}, nil
		}
		hasSlice = hasSlice || slice
		picture = append(append(picture, 0, 0, 0, 1), unit...)
		if len(picture) > maxFrame {
			return Frame{}, fmt.Errorf("%w: a picture of more than %d bytes", ErrUnreadable, maxFrame)
		}
	}
}

// nal reads one unit that is not empty, without its start code.
func (d *annexB) nal() ([]byte, error) {
	for {
		unit, err := d.untilStartCode()
		if len(unit) > 0 {
			return unit, nil // an error shows again at the next call
		}
		if err != nil {
			return nil, err
		}
	}
}

var startCode = []byte{0, 0, 1}

func (d *annexB) untilStartCode() ([]byte, error) {
	var unit []byte
	for {
		part, err := d.in.ReadSlice(1)
		unit = append(unit, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil:
			return bytes.TrimRight(unit, "\x00"), ending(err)
		case bytes.HasSuffix(unit, startCode):
			return bytes.TrimRight(unit[:len(unit)-len(startCode)], "\x00"), nil
		}
		if len(unit) > maxFrame {
			return nil, fmt.Errorf("%w: no start code within %d bytes", ErrUnreadable, maxFrame)
		}
	}
}
