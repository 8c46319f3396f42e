package sfu

import (
	"encoding/gob"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/wire"
)

// recorded is a packet of the recordings of Chromium that the package layer has.
type recorded struct {
	At         time.Duration
	Report     bool
	Number     uint16
	Timestamp  uint32
	Marker     bool
	Descriptor []byte
	Payload    []byte
}

func recording(t *testing.T, name string) (packets []recorded) {
	t.Helper()
	f, err := os.Open("layer/testdata/" + name + ".rec")
	require.NoError(t, err)
	defer f.Close()
	require.NoError(t, gob.NewDecoder(f).Decode(&packets))
	for len(packets) > 0 && (packets[0].Report || len(packets[0].Descriptor) < 20) { // before the first key picture
		packets = packets[1:]
	}
	return packets
}

// play sends a recording in its own time, from a source of its own. change may replace the descriptor of a packet.
func (b *rawBinding) play(packets []recorded, codec string, ssrc uint32, change func([]byte) []byte) {
	begin, first := time.Now(), packets[0].At
	for _, p := range packets {
		if p.Report {
			continue
		}
		time.Sleep(time.Until(begin.Add(p.At - first))) // the rhythm of the sender
		h := rtp.Header{
			Version: 2, PayloadType: b.types[codec], SSRC: ssrc, SequenceNumber: p.Number, Timestamp: p.Timestamp,
			Marker: p.Marker,
		}
		if len(p.Descriptor) > 0 {
			_ = h.SetExtension(b.descriptor, change(p.Descriptor))
		}
		_ = h.SetExtension(b.midExt, []byte("0"))
		_, _ = b.WriteRTP(&h, p.Payload) // an error means that the connection is being closed
	}
}

func unchanged(b []byte) []byte { return b }

// describedFrame is a frame as a receiver reads it.
type describedFrame struct {
	number uint16
	facts  payload.Facts
	time   uint32
}

// readDescribed reads what came as a receiver does that goes by dependency descriptors alone: each packet but those of
// padding has one that can be read, and each frame refers only to frames that came.
func readDescribed(t *testing.T, codec string, id uint8, packets []rtp.Packet) (frames []describedFrame) {
	t.Helper()
	parser := payload.NewParser(payload.CodecOf(codec))
	had := map[uint16]bool{}
	for _, p := range packets {
		if len(p.Payload) == 0 {
			continue
		}
		f := parser.Parse(p.Timestamp, p.Marker, p.Payload, p.GetExtension(id))
		d := f.Dependency
		require.NotNil(t, d.Structure, "packet %d", p.SequenceNumber)
		if f.FrameStart {
			if len(frames) > 0 {
				require.Positive(t, int16(d.Number-frames[len(frames)-1].number), "numbers of frames ascend")
			}
			for _, diff := range d.Diffs[:d.DiffCount] {
				require.True(t, had[d.Number-diff], "frame %d refers to %d, which was not sent", d.Number, d.Number-diff)
			}
			frames = append(frames, describedFrame{number: d.Number, facts: f, time: p.Timestamp})
		}
		had[d.Number] = true
	}
	return frames
}

func descriptorOf(c *client) (id uint8) {
	for _, r := range c.downConn().GetReceivers() {
		for _, ext := range r.GetParameters().HeaderExtensions {
			if ext.URI == payload.DescriptorURI {
				id = uint8(ext.ID)
			}
		}
	}
	return id
}

// The dependency descriptor is sent to who takes it: it fits what is sent, across sources and layers, and says which
// decode targets are left. Of L3T3_KEY no frame is sent that the layer does not need.
func TestDependencyDescriptorIsSent(t *testing.T) {
	for _, c := range []struct{ codec, recording string }{{"AV1", "av1-l3t3key"}, {"VP9", "vp9-l3t3key"}} {
		t.Run(c.codec, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.describes = true
			ann, bob, cid := h.join("s", "ann"), h.join("s", "bob"), h.join("s", "cid")
			h.describes = false
			dan := h.join("s", "dan")
			cid.editAnswer = func(sdp string) string { // who takes the extension, and no mixed headers
				return strings.ReplaceAll(sdp, "a=extmap-allow-mixed\r\n", "")
			}
			raw := ann.publishRaw()
			require.NotZero(t, raw.descriptor)
			for _, viewer := range []*client{bob, cid, dan} {
				viewer.subscribe(camera("ann"))
			}
			video := bob.got("ann", wire.Video)
			packets := recording(t, c.recording)
			raw.play(packets, c.codec, 7001, unchanged)
			h.sfu.Prefer(bob.peer, []wire.StreamPreference{{ParticipantID: "ann", Kind: wire.Video, Quality: wire.Medium}})
			raw.play(packets, c.codec, 7002, unchanged)
			eventually(t, "everything", func() bool {
				all := video.all()
				return len(all) > 0 && all[len(all)-1].Timestamp-all[0].Timestamp > 2*90000
			})
			id := descriptorOf(bob)
			require.NotZero(t, id)
			all := video.all()
			requireGapless(t, all)
			frames := readDescribed(t, c.codec, id, all)
			tops, structures := map[uint8]int{}, 0
			for i, f := range frames {
				d := f.facts.Dependency
				if d.NewStructure {
					structures++
				}
				if next := i + 1; next == len(frames) || frames[next].time != f.time {
					tops[f.facts.Spatial]++
				} else if d.DiffCount > 0 && !frames[next].facts.Dependency.NewStructure {
					refers := frames[next].facts.Dependency
					require.Contains(t, refers.Diffs[:refers.DiffCount], refers.Number-d.Number,
						"a lower frame that the next one does not need: %+v", f.facts.Dependency)
				}
			}
			require.GreaterOrEqual(t, structures, 3, "with every key picture")
			require.Positive(t, tops[2])
			require.Positive(t, tops[1])
			last := frames[len(frames)-1].facts.Dependency
			require.Equal(t, uint32(0b000111111), last.Active, "no decode target of the layer that is not sent")
			require.Equal(t, uint32(0b111111111), frames[0].facts.Dependency.Active)
			for _, other := range []*client{cid, dan} {
				for _, p := range other.got("ann", wire.Video).all() {
					require.Empty(t, p.GetExtension(id), "not negotiated")
				}
			}
			require.NotEmpty(t, dan.got("ann", wire.Video).all())
		})
	}
}

// Descriptors that cannot be read, or lie, harm nobody: their packets go on without one, or not at all.
func TestHostileDescriptors(t *testing.T) {
	h := newHub(t)
	h.describes = true
	ann, bob, eve := h.join("s", "ann"), h.join("s", "bob"), h.join("s", "eve")
	ann.publish(vp8)
	raw := eve.publishRaw()
	bob.subscribe(camera("ann"), camera("eve"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	video, hers := bob.got("ann", wire.Video), bob.got("eve", wire.Video)
	packets := recording(t, "av1-l3t3key")[:120]
	n := 0
	raw.play(packets, "AV1", 7001, func(b []byte) []byte {
		n++
		broken := append([]byte(nil), b...)
		switch n % 6 {
		case 0:
			broken[n%len(broken)] ^= byte(n * 37)
		case 1:
			broken = broken[:n%len(broken)+1]
		case 2:
			broken = append(broken, 0xff, 0xff, 0xff, 0xff)
		case 3:
			for i := range broken {
				broken[i] = byte(n*i) ^ 0x80
			}
		case 4:
			broken = make([]byte, 255)
		}
		return broken
	})
	id := descriptorOf(bob)
	parser := payload.NewParser(payload.AV1)
	for _, p := range hers.all() {
		parser.Parse(p.Timestamp, p.Marker, p.Payload, p.GetExtension(id))
	}
	before := video.count()
	eventually(t, "ann's video goes on", func() bool { return video.count() > before+30 })
	requireGapless(t, video.all())
}
