package payload_test

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/payload"
)

func TestStartsKeyFrame(t *testing.T) {
	for name, tc := range map[string]struct {
		mime  string
		bytes []byte
		want  bool
	}{
		"VP8 key":                      {"video/vp8", []byte{0x10, 0x00}, true},
		"VP8 inter":                    {"video/vp8", []byte{0x10, 0x01}, false},
		"VP8 second packet of key":     {"video/vp8", []byte{0x00, 0x00}, false},
		"VP8 second partition":         {"video/vp8", []byte{0x11, 0x00}, false},
		"VP8 long picture id, TL, key": {"video/vp8", []byte{0x90, 0xe0, 0x81, 0x02, 0x05, 0x20, 0x00}, true},
		"VP8 cut":                      {"video/vp8", []byte{0x90, 0xe0, 0x81}, false},
		"H264 SPS":                     {"video/h264", []byte{0x67, 1}, true},
		"H264 STAP-A of AUD, SPS":      {"video/h264", []byte{0x78, 0, 2, 0x09, 0x10, 0, 2, 0x67, 1}, true},
		"H264 STAP-A of SEI":           {"video/h264", []byte{0x78, 0, 2, 0x06, 1}, false},
		"H264 STAP-A lying":            {"video/h264", []byte{0x78, 0xff, 0xff, 0x06}, false},
		"H264 IDR without SPS":         {"video/h264", []byte{0x65, 1}, false},
		"H264 FU-A of SPS":             {"video/h264", []byte{0x7c, 0x87, 1}, true},
		"H264 FU-A of SPS, its end":    {"video/h264", []byte{0x7c, 0x47, 1}, false},
		"VP9 key":                      {"video/vp9", []byte{0x88, 0x01, 0xff}, true},
		"VP9 inter":                    {"video/vp9", []byte{0xc8, 0x01}, false},
		"VP9 spatial layer 1":          {"video/vp9", []byte{0xa8, 0x01, 0x02, 0x05, 0x80}, false},
		"VP9 spatial layer 0":          {"video/vp9", []byte{0xa8, 0x01, 0x00, 0x05, 0x80}, true},
		"AV1 new sequence":             {"video/av1", []byte{0x18, 0x0a}, true},
		"AV1 inter":                    {"video/av1", []byte{0x10, 0x32}, false},
		"AV1 continued":                {"video/av1", []byte{0x98, 0x0a}, false},
		"nothing":                      {"video/vp8", nil, false},
		"unknown":                      {"video/x", []byte{0x10, 0}, false},
	} {
		t.Run(name, func(t *testing.T) {
			parser := payload.NewParser(payload.CodecOf(tc.mime))
			require.Equal(t, tc.want, parser.Parse(1, true, tc.bytes, nil).KeyFrame)
		})
	}
}

// FuzzParameterSets holds that the sets that are kept are well formed and within their bound.
func FuzzParameterSets(f *testing.F) {
	f.Add([]byte{0x78, 0, 4, 0x67, 1, 2, 3, 0, 2, 0x68, 0x80}, []byte{0x65, 1})
	f.Add([]byte{0x67, 1, 2, 3}, []byte{0x68, 0x40})
	f.Fuzz(func(t *testing.T, one, two []byte) {
		parser := payload.NewParser(payload.H264)
		for i, bytes := range [][]byte{one, two, one, two} {
			sets := parser.Parse(uint32(i), true, bytes, nil).Sets
			require.LessOrEqual(t, len(sets), 1100)
			for rest := sets[min(1, len(sets)):]; len(rest) > 0; {
				size := int(binary.BigEndian.Uint16(rest))
				require.Positive(t, size)
				rest = rest[2+size:]
			}
		}
	})
}
