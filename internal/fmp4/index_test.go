package fmp4_test

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/fmp4/fmp4test"
)

// whole makes the file that a recording becomes.
func whole(t *testing.T, init *fmp4.Init, fragments []*fmp4.Fragment) []byte {
	t.Helper()
	index := fmp4.NewIndex(init)
	file, room := init.Lead()
	for _, f := range fragments {
		index.Add(f, int64(len(file)))
		file = append(file, f.Raw...)
	}
	moov, err := index.Moov()
	require.NoError(t, err)
	copy(file[room:], fmp4.Whole(room, int64(len(file))))
	return append(file, moov...)
}

// The finished file has the same samples at the same times as the fragments, and is none of fragments any more.
func TestIndexOfAFile(t *testing.T) {
	for name, options := range map[string]fmp4test.Options{
		"video and audio": {Video: true, Audio: true, Seconds: 4.3},
		"B-frames":        {Video: true, Audio: true, Seconds: 3, Encoder: []string{"-bf", "3"}},
		"audio only":      {Audio: true, Seconds: 3},
		"VP9 and Opus":    {Video: true, Audio: true, WebM: true, Seconds: 3},
	} {
		t.Run(name, func(t *testing.T) {
			stream := fmp4test.Encode(t, options)
			init, fragments := fmp4test.Split(t, stream)
			for from := range 2 { // also one that begins later
				if from >= len(fragments)-1 {
					continue
				}
				file := whole(t, init, fragments[from:])
				var kinds []string
				for rest := file; len(rest) > 0; {
					size := uint64(binary.BigEndian.Uint32(rest))
					kinds = append(kinds, string(rest[4:8]))
					if size == 1 {
						size = binary.BigEndian.Uint64(rest[8:])
					}
					rest = rest[size:]
				}
				require.Equal(t, []string{"ftyp", "mdat", "moov"}, kinds)
				got := probe(t, file)
				fragmented := append([]byte{}, init.Raw...)
				for _, f := range fragments[from:] {
					fragmented = append(fragmented, f.Raw...)
				}
				want := probe(t, fragmented)
				require.Len(t, got, len(want))
				byKind := func(list []packet, kind string) (of []packet) {
					for _, p := range list {
						if p.CodecType == kind {
							of = append(of, p)
						}
					}
					return of
				}
				for _, kind := range []string{"video", "audio"} {
					was, is := byKind(want, kind), byKind(got, kind)
					require.Len(t, is, len(was))
					for i := range was {
						require.Equal(t, was[i].Size, is[i].Size)
						require.Equal(t, was[i].Flags[:1], is[i].Flags[:1], "%s %d", kind, i)
						require.InDelta(t, seconds(t, was[i].PTS), seconds(t, is[i].PTS), 0.002, "%s %d", kind, i)
					}
				}
			}
		})
	}
}
