package sdk

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

func TestTakenRIDs(t *testing.T) {
	answer := "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 X 111\r\na=mid:0\r\nm=video 9 X 96\r\na=mid:1\r\n" +
		"a=rid:l recv\r\na=simulcast:recv l;~m;h,q\r\nm=video 9 X 96\r\na=mid:10\r\n"
	require.Equal(t, []string{"l", "h"}, takenRIDs(answer, "1"))
	require.Empty(t, takenRIDs(answer, "0"))
	require.Empty(t, takenRIDs(answer, "10"))
	require.Empty(t, takenRIDs(answer, "2"))
}

// slotOf makes a slot of a test card with encodings of these rids.
func slotOf(t *testing.T, p *publisher, rids ...string) (*slot, *layeredCardReader) {
	t.Helper()
	out, err := newRTPWriters(Video, formats["VP8"], rids)
	require.NoError(t, err)
	reader, err := TestCard(CardOptions{}).Open(Video)
	require.NoError(t, err)
	layered := reader.(*layeredCardReader)
	s := &slot{kind: Video, codec: "VP8", rids: rids, out: out, pump: &pump{reader: layered}}
	p.slots[Video] = s
	return s, layered
}

func sentLayers(t *testing.T, r Reader) (made []bool) {
	t.Helper()
	frame, err := r.Read()
	require.NoError(t, err)
	for _, layer := range frame.Layers {
		made = append(made, len(layer) > 0)
	}
	return made
}

// What nobody takes, what the server refused and what the quality leaves out is not even encoded.
func TestEncodingsThatAreSent(t *testing.T) {
	p := &publisher{slots: map[Kind]*slot{}}
	s, reader := slotOf(t, p, "l", "m", "h")
	require.Equal(t, []bool{true, true, true}, sentLayers(t, reader))
	active := func(l, m, h bool) wire.Encodings {
		return wire.Encodings{Kind: wire.Video, Active: []wire.EncodingActive{
			{RID: "l", Active: l}, {RID: "m", Active: m}, {RID: "h", Active: h}}}
	}
	p.encodings(active(true, true, false))
	require.Equal(t, []bool{true, true, false}, sentLayers(t, reader))
	require.True(t, p.setQuality(QualityLow))
	require.False(t, p.setQuality(QualityLow))
	require.Equal(t, []bool{true, false, false}, sentLayers(t, reader))
	p.encodings(active(true, true, true))
	require.True(t, p.setQuality(QualityHigh))
	s.refused = map[string]bool{"l": true, "m": true}
	p.mu.Lock()
	p.tuneLocked(s)
	p.mu.Unlock()
	require.Equal(t, []bool{false, false, true}, sentLayers(t, reader))

	// Two encodings of a source with three sizes are its largest.
	_, reader = slotOf(t, p, "l", "h")
	p.encodings(wire.Encodings{Kind: wire.Video, Active: []wire.EncodingActive{{RID: "l"}, {RID: "h", Active: true}}})
	require.Equal(t, []bool{false, false, true}, sentLayers(t, reader))
	frame, err := reader.Read()
	require.NoError(t, err)
	packets, some := sendTo(p.slots[Video].out, frame)
	require.Positive(t, packets)
	require.True(t, some)
	p.encodings(wire.Encodings{Kind: wire.Video, Active: []wire.EncodingActive{{RID: "l"}, {RID: "h"}}})
	frame, err = reader.Read()
	require.NoError(t, err)
	packets, some = sendTo(p.slots[Video].out, frame)
	require.Zero(t, packets)
	require.True(t, some, "that nobody takes a picture is no silence of its source")
}

func TestRIDsOfASource(t *testing.T) {
	card := func(o CardOptions) Reader {
		r, err := TestCard(o).Open(Video)
		require.NoError(t, err)
		return r
	}
	of := func(o Options, kind Kind, c CardOptions) []string { return (&Meeting{opts: o}).ridsOf(kind, card(c)) }
	require.Equal(t, []string{"l", "m", "h"}, of(Options{}, Video, CardOptions{}))
	require.Equal(t, []string{"l", "h"}, of(Options{MaxLayer: 2}, Video, CardOptions{}))
	require.Equal(t, []string{"l", "h"}, of(Options{}, Share, CardOptions{}))
	require.Equal(t, []string{"l", "h"}, of(Options{}, Video, CardOptions{Width: 320, Height: 180}))
	require.Empty(t, of(Options{}, Video, CardOptions{Width: 160, Height: 90}))
	require.Empty(t, of(Options{}, Video, CardOptions{Layers: 1}))
	require.Empty(t, of(Options{SingleStream: true}, Video, CardOptions{}))
	_, err := TestCard(CardOptions{Width: 40, Height: 40, Layers: 3}).Open(Video)
	require.Error(t, err)
}
