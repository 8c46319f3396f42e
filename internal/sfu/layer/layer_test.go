package layer_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/sfu/layer"
)

var start = time.Unix(1_800_000_000, 0)

// sink is a Selector with its Rewriter.
type sink struct {
	*layer.Selector
	*layer.Rewriter
	asked    []int8
	now      time.Time
	switched bool
}

func newSink(encodings int, target layer.Layer) *sink {
	s := &sink{
		layer.NewSelector(encodings), layer.NewRewriter(layer.Config{ClockRate: 90000, History: 512}), nil, start, false,
	}
	s.SetTarget(target)
	return s
}

func (s *sink) push(o layer.Origin, seqno uint16, f payload.Facts) (layer.Outgoing, bool) {
	d := s.Select(o, &f)
	if d.KeyFrame >= 0 {
		s.asked = append(s.asked, d.KeyFrame)
	}
	s.switched = d.Switch
	return s.Map(o, seqno, &f, d, s.now)
}

func vp8(rtpTime uint32, key bool, picture uint16, level, temporal uint8, sync bool) payload.Facts {
	return payload.Facts{
		Codec: payload.VP8, RTPTime: rtpTime, KeyFrame: key, InterPicture: !key,
		FrameStart: true, FrameEnd: true, Marker: true,
		PictureID: picture, PictureIDBits: 15, PictureIDAt: 2, TL0PICIDX: level, TL0PICIDXAt: 4,
		Temporal: temporal, HasTemporal: true, SwitchUp: sync,
	}
}

// With simulcast the sink goes up at a key frame of the target, which is asked for once, and numbers go on.
func TestSimulcastGoesUpAtAKeyFrame(t *testing.T) {
	s := newSink(2, layer.Layer{Spatial: 0})
	low, high := layer.Origin{Encoding: 0}, layer.Origin{Encoding: 1}
	out, ok := s.push(low, 100, vp8(1000, true, 500, 50, 0, false))
	require.True(t, ok)
	require.Equal(t, uint16(100), out.SequenceNumber)
	require.Equal(t, layer.Layer{}, s.Current())

	s.SetTarget(layer.Layer{Spatial: 1})
	s.now = s.now.Add(time.Second / 30)
	out, ok = s.push(low, 101, vp8(4000, false, 501, 51, 0, false))
	require.True(t, ok)
	require.Equal(t, []int8{1}, s.asked)
	_, ok = s.push(high, 7000, vp8(90000, false, 30000, 7, 0, false))
	require.False(t, ok)
	require.Equal(t, []int8{1}, s.asked)

	s.now = s.now.Add(time.Second / 30)
	out, ok = s.push(high, 7001, vp8(93000, true, 30001, 8, 0, false))
	require.True(t, ok)
	require.Equal(t, uint16(102), out.SequenceNumber)
	require.InDelta(t, 7000, out.Timestamp, 1)
	require.True(t, out.RewritePayload)
	buf := []byte{0x90, 0xe0, 0x80 | 30001>>8, 30001 & 0xff, 8, 0, 0}
	f := vp8(93000, true, 30001, 8, 0, false)
	out.Payload(buf, &f)
	require.Equal(t, []byte{0x90, 0xe0, 0x80 | 502>>8, 502 & 0xff, 52, 0, 0}, buf)
	require.Equal(t, int8(1), s.Current().Spatial)

	source, ok := s.Source(102)
	require.True(t, ok)
	require.Equal(t, high, source.Origin)
	require.Equal(t, uint16(7001), source.SequenceNumber)
	_, ok = s.push(low, 102, vp8(7000, false, 502, 52, 0, false))
	require.False(t, ok)
}

// Packets of temporal layers that are left out leave no gap in sequence numbers and picture ids; a lost packet does,
// and comes late under its own number.
func TestTemporalLayersLeaveNoGap(t *testing.T) {
	s := newSink(1, layer.Layer{Temporal: 0})
	o := layer.Origin{}
	var got []uint16
	for i := range uint16(8) {
		if i == 4 {
			continue // comes late
		}
		out, ok := s.push(o, i, vp8(uint32(i)*3000, i == 0, i, uint8(i/2), uint8(i%2), i%2 == 1))
		require.Equal(t, i%2 == 0, ok, i)
		if ok {
			got = append(got, out.SequenceNumber)
		}
	}
	require.Equal(t, []uint16{0, 1, 3}, got)
	source, ok := s.Source(2)
	require.True(t, ok)
	require.True(t, source.Missed)
	require.Equal(t, uint16(4), source.SequenceNumber)
	out, ok := s.push(o, 4, vp8(4*3000, false, 4, 2, 0, false))
	require.True(t, ok)
	require.Equal(t, uint16(2), out.SequenceNumber)
	_, ok = s.push(o, 4, vp8(4*3000, false, 4, 2, 0, false))
	require.False(t, ok, "twice")

	s.SetTarget(layer.Layer{Temporal: 1})
	_, ok = s.push(o, 8, vp8(8*3000, false, 8, 4, 0, false))
	require.True(t, ok)
	_, ok = s.push(o, 9, vp8(9*3000, false, 9, 4, 1, false))
	require.False(t, ok, "refers to what was left out")
	_, ok = s.push(o, 10, vp8(10*3000, false, 10, 5, 1, true))
	require.True(t, ok)
	require.Empty(t, s.asked)
}

// The parameter sets that a receiver needs before a key frame have a number of their own.
func TestParameterSetsHaveANumber(t *testing.T) {
	s := newSink(2, layer.Layer{Spatial: 0})
	sets := []byte{24, 1, 2, 3}
	f := payload.Facts{Codec: payload.H264, KeyFrame: true, FrameStart: true, Marker: true, Sets: sets}
	out, ok := s.push(layer.Origin{}, 0, f)
	require.True(t, ok)
	require.Equal(t, sets, out.Sets)
	f.RTPTime = 3000
	out, ok = s.push(layer.Origin{}, 1, f)
	require.True(t, ok)
	require.Nil(t, out.Sets, "it has them")
	s.SetTarget(layer.Layer{Spatial: 1})
	out, ok = s.push(layer.Origin{Encoding: 1}, 500, f)
	require.True(t, ok)
	require.Equal(t, sets, out.Sets)
	require.Equal(t, uint16(3), out.SequenceNumber)
	source, ok := s.Source(2)
	require.True(t, ok)
	require.Equal(t, sets, source.Out.Sets)
	require.False(t, source.Out.Marker)

	s.RepeatSets()
	plain := payload.Facts{Codec: payload.H264, FrameStart: true, Marker: true, RTPTime: 6000, InterPicture: true}
	out, ok = s.push(layer.Origin{Encoding: 1}, 501, plain)
	require.True(t, ok)
	require.Nil(t, out.Sets, "no key frame")
	f.RTPTime = 9000
	out, ok = s.push(layer.Origin{Encoding: 1}, 503, f)
	require.True(t, ok)
	require.Equal(t, sets, out.Sets, "it asked for them")
	require.Equal(t, uint16(7), out.SequenceNumber, "behind 4, the place of 502, and the sets")
	source, ok = s.Source(6)
	require.True(t, ok)
	require.Equal(t, sets, source.Out.Sets)
	require.Equal(t, out.Timestamp, source.Out.Timestamp)
	plain.RTPTime = 8000
	out, ok = s.push(layer.Origin{Encoding: 1}, 502, plain)
	require.True(t, ok)
	require.Equal(t, uint16(5), out.SequenceNumber, "it comes late")
	f.RTPTime = 12000
	out, ok = s.push(layer.Origin{Encoding: 1}, 504, f)
	require.True(t, ok)
	require.Nil(t, out.Sets, "it has them")
	require.Equal(t, uint16(8), out.SequenceNumber)
}

// By the sender reports of a source its encodings have one clock: however late the packets of one come, and however
// often the sink changes between them, a picture has the timestamp of the time at which it was taken, but for a tick.
func TestTimestampsFollowSenderReports(t *testing.T) {
	var clocks layer.Clocks
	s := newSink(2, layer.Layer{})
	s.Rewriter = layer.NewRewriter(layer.Config{ClockRate: 90000, History: 512, Clocks: &clocks})
	// Both were taken at second 1000 when the clock of one was at 5000 and that of the other at 700000.
	clocks.Report(layer.Origin{}, 1000<<32, 5000)
	clocks.Report(layer.Origin{Encoding: 1}, 1000<<32, 700000)
	var last uint32
	for n := range uint32(200) {
		e := int8(n / 10 % 2)
		s.SetTarget(layer.Layer{Spatial: e})
		s.now = start.Add(time.Duration(n)*time.Second/30 + time.Duration(e)*70*time.Millisecond)
		rtpTime := 5000 + n*3000
		if e == 1 {
			rtpTime += 695000 - 3000 // taken one picture earlier
		}
		out, ok := s.push(layer.Origin{Encoding: e}, uint16(n), vp8(rtpTime, n%10 == 0, uint16(n), uint8(n), 0, false))
		require.True(t, ok)
		want := 5000 + n*3000 - uint32(e)*3000
		if n > 0 {
			require.Positive(t, int32(out.Timestamp-last), n)
		}
		require.InDelta(t, want, out.Timestamp, 2, n)
		last = out.Timestamp
	}
}

// Padding has a number between pictures, never within one.
func TestPad(t *testing.T) {
	s := newSink(1, layer.Layer{})
	_, ok := s.Pad()
	require.False(t, ok, "nothing was sent")
	f := vp8(0, true, 1, 1, 0, false)
	f.Marker, f.FrameEnd = false, false
	s.push(layer.Origin{}, 10, f)
	_, ok = s.Pad()
	require.False(t, ok, "in the middle of a picture")
	f.Marker, f.KeyFrame, f.FrameStart = true, false, false
	s.push(layer.Origin{}, 11, f)
	out, ok := s.Pad()
	require.True(t, ok)
	require.Equal(t, uint16(12), out.SequenceNumber)
	require.True(t, out.Padding)
	out, ok = s.push(layer.Origin{}, 12, vp8(3000, false, 2, 2, 0, false))
	require.True(t, ok)
	require.Equal(t, uint16(13), out.SequenceNumber)
	source, ok := s.Source(12)
	require.True(t, ok)
	require.True(t, source.Out.Padding)
}

// An encoding that ends is followed by the next best one, at a key frame that is asked for.
func TestEncodingEnds(t *testing.T) {
	s := newSink(3, layer.Layer{Spatial: 2})
	require.Equal(t, int8(2), s.KeyFrame())
	require.Equal(t, int8(layer.None), s.KeyFrame(), "once")
	_, ok := s.push(layer.Origin{Encoding: 2}, 1, vp8(0, true, 1, 1, 0, false))
	require.True(t, ok)
	require.Equal(t, int8(2), s.Current().Spatial)
	s.Ended(2)
	require.Equal(t, layer.Nothing, s.Current())
	require.Equal(t, int8(1), s.KeyFrame())
	// Nothing comes of it either.
	for n := range uint16(40) {
		s.push(layer.Origin{}, n, vp8(uint32(n)*3000, false, n, 0, 0, false))
	}
	require.Equal(t, int8(0), s.asked[0])
	_, ok = s.push(layer.Origin{}, 40, vp8(40*3000, true, 40, 0, 0, false))
	require.True(t, ok)
	require.Equal(t, int8(0), s.Current().Spatial)
	// The target is there again.
	s.push(layer.Origin{Encoding: 2}, 2, vp8(41*3000, false, 2, 2, 0, false))
	require.Equal(t, int8(2), s.asked[len(s.asked)-1])
	_, ok = s.push(layer.Origin{Encoding: 2}, 3, vp8(42*3000, true, 3, 3, 0, false))
	require.True(t, ok)
	require.Equal(t, int8(2), s.Current().Spatial)
}

// An encoding of which nothing comes while others go on is left without anybody saying so, and what does not come is
// not asked for: a key frame of one encoding costs one of each in browsers.
func TestEncodingFallsSilent(t *testing.T) {
	s := newSink(3, layer.Layer{Spatial: 2})
	large, small := layer.Origin{Encoding: 2}, layer.Origin{}
	_, ok := s.push(large, 1, vp8(0, true, 1, 1, 0, false))
	require.True(t, ok)
	for n := uint16(0); s.Current().Spatial == 2; n++ {
		require.Less(t, n, uint16(20), "within 20 pictures")
		s.push(small, n, vp8(uint32(n)*3000, false, n, 0, 0, false))
	}
	require.Equal(t, int8(0), s.asked[len(s.asked)-1])
	require.NotContains(t, s.asked, int8(1))
	_, ok = s.push(small, 40, vp8(40*3000, true, 40, 0, 0, false))
	require.True(t, ok)
	require.Equal(t, int8(0), s.Current().Spatial)
}
