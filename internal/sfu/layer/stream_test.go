package layer_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/sfu/layer"
)

// change is a target that a sink gets at a time of a recording.
type change struct {
	at     time.Duration
	target layer.Layer
}

// sentPicture is a picture that a sink was sent, as a recorder would write it.
type sentPicture struct {
	layer layer.Layer // spatial: of the highest frame in it
	time  uint32      // of the source
	frame depacket.Frame
	md5   string
}

// forward sends a recording to a sink whose target changes, and returns the pictures that come out.
func forward(t *testing.T, name, codec string, descriptor bool, changes ...change) (pictures []sentPicture) {
	t.Helper()
	var parsers [layer.MaxEncodings]*payload.Parser
	encodings := 1
	packets := recording(t, name)
	for _, p := range packets {
		encodings = max(encodings, int(p.Encoding)+1)
	}
	for e := range parsers {
		parsers[e] = payload.NewParser(payload.CodecOf(codec))
	}
	var clocks layer.Clocks
	selector := layer.NewSelector(encodings)
	rewriter := layer.NewRewriter(layer.Config{ClockRate: 90000, History: 512, Clocks: &clocks})
	var frames []depacket.Frame
	d, err := depacket.New(codec, func(f depacket.Frame) { frames = append(frames, f) }, nil)
	require.NoError(t, err)

	begin := packets[0].At
	for _, p := range packets {
		if !p.Report {
			begin = p.At
			break
		}
	}
	sources := map[uint32]sentPicture{} // by outgoing timestamp
	var next uint16
	started, switches := false, 0
	push := func(n uint16, time uint32, marker bool, data []byte) {
		if started {
			require.Equal(t, next, n, "a gap")
		}
		started, next = true, n+1
		d.Push(jitter.Packet{Packet: &rtp.Packet{
			Header: rtp.Header{SequenceNumber: n, Timestamp: time, Marker: marker}, Payload: data,
		}}, start)
	}
	for _, p := range packets {
		o := layer.Origin{Encoding: p.Encoding}
		if p.Report {
			clocks.Report(o, p.NTP, p.Timestamp)
			continue
		}
		for len(changes) > 0 && p.At-begin >= changes[0].at {
			selector.SetTarget(changes[0].target)
			changes = changes[1:]
		}
		var extension []byte
		if descriptor {
			extension = p.Descriptor
		}
		f := parsers[p.Encoding].Parse(p.Timestamp, p.Marker, p.Payload, extension)
		d := selector.Select(o, &f)
		if d.Switch {
			switches++
		}
		out, ok := rewriter.Map(o, p.Number, &f, d, start.Add(p.At))
		if !ok {
			continue
		}
		if out.Sets != nil {
			push(out.SequenceNumber-1, out.Timestamp, false, out.Sets)
		}
		data := bytes.Clone(p.Payload)
		if out.RewritePayload {
			out.Payload(data, &f)
		}
		push(out.SequenceNumber, out.Timestamp, out.Marker, data)
		source := sources[out.Timestamp]
		source.time = p.Timestamp
		source.layer = layer.Layer{Spatial: max(source.layer.Spatial, int8(f.Spatial)), Temporal: int8(f.Temporal)}
		if encodings > 1 {
			source.layer.Spatial = p.Encoding
		}
		sources[out.Timestamp] = source
	}
	cut := 0 // a switch to another encoding may cut the picture that is being sent
	if encodings > 1 {
		cut = switches
	}
	require.LessOrEqual(t, int(d.Dropped()), cut, "a picture was not whole: its marker or a part was missing")
	var last uint32
	for i, f := range frames {
		if i > 0 {
			require.Positive(t, int32(f.RTPTime-last))
			require.Less(t, f.RTPTime-last, uint32(90000), "timestamps go on")
		}
		last = f.RTPTime
		p := sources[f.RTPTime]
		p.frame = f
		pictures = append(pictures, p)
	}
	for i, sum := range decode(t, codec, frames) {
		pictures[i].md5 = sum
	}
	return pictures
}

// decode decodes frames with ffmpeg, which must find nothing wrong, and returns the checksums of the pictures.
func decode(t *testing.T, codec string, frames []depacket.Frame) (sums []string) {
	t.Helper()
	var in bytes.Buffer
	args := []string{"-f", "ivf"}
	if codec == "H264" {
		args = []string{"-f", "h264"}
		for _, f := range frames {
			in.Write(f.Data)
		}
	} else {
		header := make([]byte, 32)
		copy(header, "DKIF")
		header[6] = 32
		copy(header[8:], map[string]string{"VP8": "VP80", "VP9": "VP90", "AV1": "AV01"}[codec])
		binary.LittleEndian.PutUint16(header[12:], uint16(frames[0].Width))
		binary.LittleEndian.PutUint16(header[14:], uint16(frames[0].Height))
		binary.LittleEndian.PutUint32(header[16:], 30)
		binary.LittleEndian.PutUint32(header[20:], 1)
		in.Write(header)
		for i, f := range frames {
			in.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(f.Data))))
			in.Write(binary.LittleEndian.AppendUint64(nil, uint64(i)))
			in.Write(f.Data)
		}
	}
	if codec == "VP9" {
		args = append([]string{"-c:v", "libvpx-vp9"}, args...) // which shows the highest of several layers
	}
	args = append(append([]string{"-hide_banner", "-loglevel", "warning", "-nostdin", "-threads", "1"}, args...),
		"-i", "-", "-fps_mode", "passthrough", "-autoscale", "0", "-f", "framemd5", "-")
	ffmpeg := exec.Command("ffmpeg", args...)
	ffmpeg.Stdin = &in
	var stderr bytes.Buffer
	ffmpeg.Stderr = &stderr
	out, err := ffmpeg.Output()
	require.NoError(t, err, stderr.String())
	for line := range strings.Lines(string(out)) {
		if fields := strings.Split(line, ","); !strings.HasPrefix(line, "#") && len(fields) == 6 {
			sums = append(sums, strings.TrimSpace(fields[4])+" bytes "+strings.TrimSpace(fields[5]))
		}
	}
	require.Len(t, sums, len(frames), stderr.String())
	return sums
}

// What a sink is sent while its target changes decodes to the same pictures as an encoding or layer that is sent from
// beginning to end: nothing that a picture refers to is missing.
func TestRealStreams(t *testing.T) {
	for _, c := range []struct {
		recording, codec string
		descriptor       bool
		top              int8
		temporal         int8
	}{
		{"vp8-simulcast", "VP8", false, 2, 2},
		{"h264-simulcast", "H264", false, 1, 0},
		{"vp9-l3t3", "VP9", false, 2, 2},
		{"vp9-l3t3key", "VP9", false, 2, 2},
		{"vp9-l3t3key", "VP9", true, 2, 2},
		{"av1-l1t3", "AV1", true, 0, 2},
		{"av1-l3t3key", "AV1", true, 2, 2},
	} {
		t.Run(fmt.Sprintf("%s descriptor %v", c.recording, c.descriptor), func(t *testing.T) {
			t.Parallel()
			type key struct {
				spatial int8
				time    uint32
			}
			want := map[key]string{}
			for spatial := range c.top + 1 {
				target := layer.Layer{Spatial: spatial, Temporal: c.temporal}
				for _, p := range forward(t, c.recording, c.codec, c.descriptor, change{0, target}) {
					want[key{p.layer.Spatial, p.time}] = p.md5
					require.Equal(t, spatial, p.layer.Spatial)
					if p.frame.Key && c.codec != "AV1" { // which says the size of the highest layer
						require.Equal(t, 960>>(c.top-spatial), p.frame.Width)
					}
				}
			}
			at := func(ms int, spatial, temporal int8) change {
				target := layer.Layer{Spatial: min(spatial, c.top), Temporal: min(temporal, c.temporal)}
				return change{time.Duration(ms) * time.Millisecond, target}
			}
			for _, changes := range [][]change{
				{at(0, 0, 0), at(400, 2, 2), at(1400, 0, 2), at(1600, 0, 0)},
				{at(0, 2, 2), at(300, 0, 0), at(500, 0, 2), at(700, 2, 1), at(1300, 1, 1), at(1500, 1, 2)},
				{at(0, 2, 2), at(600, 0, 2)},
			} {
				seen := map[int8]int{}
				last := int8(-1)
				for _, p := range forward(t, c.recording, c.codec, c.descriptor, changes...) {
					seen[p.layer.Spatial]++
					if strings.HasSuffix(c.recording, "l3t3key") && p.layer.Spatial < last {
						require.True(t, p.frame.Key, "the frames of lower layers were left out, so it goes down at a key picture")
					}
					last = p.layer.Spatial
					sum, ok := want[key{p.layer.Spatial, p.time}]
					require.True(t, ok)
					require.Equal(t, sum, p.md5, "%v at %d", p.layer, p.time)
				}
				if strings.HasSuffix(c.recording, "l3t3") { // it goes down at once
					require.Positive(t, seen[0])
				}
				if len(changes) == 2 {
					require.Zero(t, last)
				}
				require.Positive(t, seen[c.top])
			}
		})
	}
}
