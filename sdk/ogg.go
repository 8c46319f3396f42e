package sdk

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/pion/opus"
)

// ogg takes Opus packets out of an Ogg file (RFC 3533, RFC 7845). Other streams of the file are skipped; chained Opus
// streams are played one after another.
type ogg struct {
	in      io.Reader
	packets [][]byte // complete ones of the page read last
	partial []byte   // of a packet that goes on in the next page
	level   *levelMeter

	opened   bool   // a header of Opus was read
	begun    bool   // a page behind it as well: those of all streams that play together come before
	serial   uint32 // of the Opus stream
	skip     time.Duration
	position uint64 // granule position at the end of the page read last: samples at 48 kHz, pre-skip included
	left     int64  // samples up to the end that the last page states; -1: no end yet
}

func newOgg(in io.Reader) (*ogg, error) {
	d := &ogg{in: in, left: -1}
	for !d.opened {
		if err := d.page(); err != nil {
			if _, ok := errors.AsType[*FormatError](err); ok {
				return nil, err
			}
			return nil, &FormatError{Got: "Ogg without Opus", Want: "Opus in Ogg"}
		}
	}
	if _, err := d.packet(); err != nil { // OpusTags
		return nil, &FormatError{Got: "an Ogg file that is cut off", Want: "a whole one"}
	}
	var err error
	d.level, err = newLevelMeter()
	return d, err
}

func (d *ogg) codec() string { return "opus" }

func (d *ogg) next() (Frame, error) {
	for {
		packet, err := d.packet()
		if err != nil {
			return Frame{}, err
		}
		duration := opusDuration(packet)
		if duration == 0 {
			continue
		}
		if d.left >= 0 {
			if d.left == 0 {
				continue // behind the end: RFC 7845, section 4.4
			}
			d.left = max(0, d.left-int64(duration*opusRate/time.Second))
		}
		if d.skip >= duration {
			d.skip -= duration
			continue
		}
		d.skip = 0
		return Frame{Data: packet, Duration: duration, Level: d.level.of(packet)}, nil
	}
}

// opusRate is the clock of granule positions and of pre-skip in Hz (RFC 7845, section 4).
const opusRate = 48000

// head reads the header of an Opus stream (RFC 7845, section 5.1). A packet of RTP carries one Opus stream of one or
// two channels (RFC 7587): several streams that are mapped to loudspeakers, or a gain, cannot be sent without decoding.
func (d *ogg) head(packet []byte) error {
	const want = "Opus of one or two channels, in one stream and without output gain"
	if len(packet) < 19 || packet[8]>>4 != 0 {
		return &FormatError{Got: "Ogg Opus with a header that cannot be read", Want: want}
	}
	channels, family := int(packet[9]), packet[18]
	preSkip := binary.LittleEndian.Uint16(packet[10:])
	gain := int16(binary.LittleEndian.Uint16(packet[16:])) // two's complement
	streams, plain := 1, channels == 1 || channels == 2
	if family != 0 {
		if len(packet) < 21+channels {
			return &FormatError{Got: "Ogg Opus with a header that cannot be read", Want: want}
		}
		streams = int(packet[19])
		plain = plain && family == 1 && streams == 1 && int(packet[20]) == channels-1 &&
			slices.Equal(packet[21:21+channels], []byte{0, 1}[:channels])
	}
	switch {
	case !plain:
		return &FormatError{
			Got: fmt.Sprintf(
				"Ogg Opus with %d channels (channel mapping family %d, %d streams)",
				channels,
				family,
				streams,
			),
			Want: want,
		}
	case gain != 0:
		return &FormatError{Got: fmt.Sprintf("Ogg Opus with an output gain of %.1f dB", float64(gain)/256), Want: want}
	}
	// A decoder needs 80 ms to converge (RFC 7845, section 4.6); what is to be skipped before that is not sent.
	d.skip = max(0, time.Duration(preSkip)*time.Second/opusRate-80*time.Millisecond)
	return nil
}

func (d *ogg) packet() ([]byte, error) {
	for len(d.packets) == 0 {
		if err := d.page(); err != nil {
			return nil, err
		}
	}
	packet := d.packets[0]
	d.packets = d.packets[1:]
	return packet, nil
}

// Flags of a page: RFC 3533, section 6.
const (
	pageContinues = 1 << iota // its first packet began in an earlier page
	pageBegins                // of its stream the first
	pageEnds                  // of its stream the last
)

// page reads one page (RFC 3533, section 6): a header of 27 bytes, the lacing values, the data.
func (d *ogg) page() error {
	var head [27]byte
	if _, err := io.ReadFull(d.in, head[:]); err != nil {
		return ending(err)
	}
	if !bytes.HasPrefix(head[:], []byte("OggS\x00")) {
		return fmt.Errorf("%w: no Ogg page where one must begin", ErrUnreadable)
	}
	lacing := make([]byte, head[26])
	if _, err := io.ReadFull(d.in, lacing); err != nil {
		return ending(err)
	}
	size := 0
	for _, n := range lacing {
		size += int(n)
	}
	data := make([]byte, size) // at most 255 * 255
	if _, err := io.ReadFull(d.in, data); err != nil {
		return ending(err)
	}
	flags, granule, serial := head[5], binary.LittleEndian.Uint64(head[6:]), binary.LittleEndian.Uint32(head[14:])
	if flags&pageBegins != 0 {
		return d.begin(serial, data)
	}
	if !d.opened || serial != d.serial {
		return nil // of another stream
	}
	d.begun = true
	if err := d.unlace(flags, lacing, data); err != nil {
		return err
	}
	if flags&pageEnds != 0 && d.position > 0 {
		d.left = max(0, int64(granule-d.position)) // the page ends before it begins: nothing of it is heard
	}
	if len(d.packets) > 0 {
		d.position = granule
	}
	return nil
}

// begin takes the first page of a stream: it holds the header alone.
func (d *ogg) begin(serial uint32, data []byte) error {
	if !bytes.HasPrefix(data, []byte("OpusHead")) || d.opened && !d.begun {
		return nil
	}
	if err := d.head(data); err != nil {
		return err
	}
	chained := d.opened
	d.opened, d.begun, d.serial, d.partial, d.position, d.left = true, false, serial, nil, 0, -1
	if chained {
		_, err := d.packet() // OpusTags
		return err
	}
	return nil
}

// unlace cuts the data of a page into packets; one may begin in an earlier page and end in a later one.
func (d *ogg) unlace(flags byte, lacing, data []byte) error {
	lost := flags&pageContinues != 0 && d.partial == nil // its beginning is not there
	if flags&pageContinues == 0 {
		d.partial = nil // its end is not there
	}
	for _, size := range lacing {
		d.partial = append(d.partial, data[:size]...)
		data = data[size:]
		if len(d.partial) > maxFrame {
			return fmt.Errorf("%w: a packet of more than %d bytes", ErrUnreadable, maxFrame)
		}
		if size == 255 {
			continue
		}
		if !lost {
			d.packets = append(d.packets, d.partial)
		}
		lost, d.partial = false, nil
	}
	return nil
}

// opusDuration reads the length of a packet from its first byte (RFC 6716, section 3.1); 0 for what is none.
func opusDuration(packet []byte) time.Duration {
	if len(packet) == 0 {
		return 0
	}
	config, code := packet[0]>>3, packet[0]&3
	var frame time.Duration
	switch {
	case config < 12: // SILK
		frame = [...]time.Duration{10, 20, 40, 60}[config%4] * time.Millisecond
	case config < 16: // hybrid
		frame = [...]time.Duration{10, 20}[config%2] * time.Millisecond
	default: // CELT
		frame = [...]time.Duration{2500, 5000, 10000, 20000}[config%4] * time.Microsecond
	}
	switch code {
	case 0:
		return frame
	case 1, 2:
		return 2 * frame
	}
	if len(packet) < 2 {
		return 0
	}
	total := time.Duration(packet[1]&0x3f) * frame
	if total > 120*time.Millisecond {
		return 0
	}
	return total
}

// levelMeter decodes Opus to know how loud it is (RFC 6464).
type levelMeter struct {
	decoder opus.Decoder
	pcm     []float32
}

func newLevelMeter() (*levelMeter, error) {
	decoder, err := opus.NewDecoderWithOutput(48000, 1)
	return &levelMeter{decoder: decoder, pcm: make([]float32, 48*120)}, err
}

// of returns the level of a packet; one that does not decode counts as silence.
func (m *levelMeter) of(packet []byte) AudioLevel {
	n, err := m.decoder.DecodeToFloat32(packet, m.pcm)
	if err != nil {
		return Silence
	}
	return level(m.pcm[:n])
}
