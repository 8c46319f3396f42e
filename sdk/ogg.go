package klatch

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/pion/opus"
)

// ogg takes Opus packets out of an Ogg file (RFC 3533, RFC 7845).
type ogg struct {
	in      io.Reader
	packets [][]byte // complete ones of the page read last
	partial []byte   // of a packet that goes on in the next page
	level   *levelMeter
}

func newOgg(in io.Reader) (*ogg, error) {
	d := &ogg{in: in}
	head, err := d.packet()
	if err != nil || !bytes.HasPrefix(head, []byte("OpusHead")) || len(head) < 19 {
		return nil, &FormatError{Got: "Ogg without Opus", Want: "Opus in Ogg"}
	}
	if _, err := d.packet(); err != nil { // OpusTags
		return nil, &FormatError{Got: "an Ogg file that is cut off", Want: "a whole one"}
	}
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
		if duration := opusDuration(packet); duration > 0 {
			return Frame{Data: packet, Duration: duration, Level: d.level.of(packet)}, nil
		}
	}
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

// page reads one page (RFC 3533, section 6): a header of 27 bytes, the lacing values, the data.
func (d *ogg) page() error {
	var head [27]byte
	if _, err := io.ReadFull(d.in, head[:]); err != nil {
		return ending(err)
	}
	if !bytes.HasPrefix(head[:], []byte("OggS")) {
		return fmt.Errorf("%w: no Ogg page where one must begin", ErrUnreadable)
	}
	lacing := make([]byte, head[26])
	if _, err := io.ReadFull(d.in, lacing); err != nil {
		return ending(err)
	}
	for _, size := range lacing {
		segment := make([]byte, size)
		if _, err := io.ReadFull(d.in, segment); err != nil {
			return ending(err)
		}
		d.partial = append(d.partial, segment...)
		if len(d.partial) > maxFrame {
			return fmt.Errorf("%w: a packet of more than %d bytes", ErrUnreadable, maxFrame)
		}
		if size < 255 {
			d.packets = append(d.packets, d.partial)
			d.partial = nil
		}
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

// of gives the level of a packet; one that does not decode counts as silence.
func (m *levelMeter) of(packet []byte) AudioLevel {
	n, err := m.decoder.DecodeToFloat32(packet, m.pcm)
	if err != nil {
		return Silence
	}
	return level(m.pcm[:n])
}
