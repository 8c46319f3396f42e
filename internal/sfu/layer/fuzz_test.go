package layer_test

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/sfu/layer"
)

// Whatever a publisher sends: no panic, no number for two packets, and a decision that is one.
func FuzzSink(f *testing.F) {
	f.Add(byte(payload.VP8), []byte{0, 0x0f, 0, 1, 0, 0, 10, 0, 1, 0x0f, 0, 2, 1, 0, 20, 3, 2, 0x0e, 0, 3, 1, 0, 30, 3})
	f.Add(byte(payload.VP9), []byte{0, 0x0f, 0, 1, 0, 0, 9, 0, 64, 0x0e, 0, 2, 1, 0, 20, 3, 0xff, 2, 0xff, 3, 1, 0, 30, 3})
	f.Add(byte(payload.AV1), []byte{0, 0x1f, 0, 1, 0, 0, 10, 0, 1, 0x1f, 0, 2, 1, 0, 20, 3, 0x80, 0x1e, 0, 3, 1, 0, 30, 3})
	structure := &payload.Structure{Targets: []payload.Target{{}, {Temporal: 2}, {Spatial: 1}, {Spatial: 3, Temporal: 1}}}
	f.Fuzz(func(t *testing.T, codec byte, steps []byte) {
		s := newSink(3, layer.Layer{Spatial: 1, Temporal: 1})
		used := map[uint16]int{}
		for i := 0; len(steps) >= 8; i, steps = i+1, steps[8:] {
			b := steps[:8]
			switch {
			case b[0] == 0xff:
				s.SetTarget(layer.Layer{Spatial: int8(b[1]) % 4, Temporal: int8(b[2]) % 4})
				continue
			case b[0] == 0xfe:
				s.SetEncodings(int(b[1] % 5))
				continue
			case b[0] == 0xfd:
				s.Ended(int(int8(b[1])))
				continue
			case b[0] == 0xfc:
				s.Restart()
				continue
			case b[0] == 0xfb:
				if out, ok := s.Pad(); ok {
					used[out.SequenceNumber] = i
				}
				continue
			}
			facts := payload.Facts{
				Codec: payload.Codec(codec % 6), RTPTime: uint32(b[4])<<24 | uint32(b[6])*3000,
				KeyFrame: b[1]&1 != 0, FrameStart: b[1]&2 != 0, FrameEnd: b[1]&4 != 0, Marker: b[1]&8 != 0,
				SwitchUp: b[1]&32 != 0, InterPicture: b[1]&64 != 0, Padding: b[1]&128 != 0,
				Spatial: b[7] & 7, HasSpatial: true, Temporal: b[7] >> 3 & 7, HasTemporal: true,
				PictureID: uint16(b[6]), PictureIDBits: 7 * (b[7] >> 6 & 1), PictureIDAt: 1,
			}
			if b[1]&16 != 0 {
				facts.Dependency = payload.Dependency{
					Structure: structure, Number: uint16(b[5])<<8 | uint16(b[6]), Present: uint32(b[7]), Switch: uint32(b[6]),
					DiffCount: b[3] % 9, Diffs: [payload.MaxDiffs]uint16{uint16(b[3]), 1, 2, 300, 0xffff, 0, 7, 8},
				}
			}
			o := layer.Origin{Encoding: int8(b[0]&7) - 1, Epoch: uint32(b[0] >> 6)}
			s.now = s.now.Add(time.Duration(b[2]) * time.Millisecond)
			d := s.Select(o, &facts)
			if d.KeyFrame < layer.None || d.KeyFrame >= layer.MaxEncodings || d.Switch && !d.Forward {
				t.Fatalf("%+v", d)
			}
			out, ok := s.Map(o, binary.BigEndian.Uint16(b[2:]), &facts, d, s.now)
			if !ok {
				continue
			}
			// A number comes again only after a whole round of all of them.
			if before, twice := used[out.SequenceNumber]; twice && i-before < 3 {
				t.Fatalf("%d twice", out.SequenceNumber)
			}
			used[out.SequenceNumber] = i
			if source, ok := s.Source(out.SequenceNumber); !ok || source.Origin != o {
				t.Fatalf("%d: %+v", out.SequenceNumber, source)
			}
			var buf [8]byte
			out.Payload(buf[:b[7]%8], &facts)
			out.Descriptor(nil, buf[:b[6]%8], &facts)
		}
		s.Current()
	})
}
