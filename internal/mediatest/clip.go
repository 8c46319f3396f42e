// Package mediatest makes real coded video for tests: ffmpeg's test picture, encoded at test time, as frames and as
// the RTP packets that carry them. Only tests import it.
package mediatest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os/exec"
	"strconv"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/stretchr/testify/require"
)

// Clip describes what to encode: ffmpeg's testsrc2, which moves, with a key frame every GOP frames.
type Clip struct {
	Codec         string // VP8, H264, VP9 or AV1
	Width, Height int
	FPS, Frames   int
	GOP           int
	Kbps          int // 0 is 600
	Noise         int // strength of the grain that a camera in a dim room has; 0 is none

	// Source is ffmpeg's description of the pictures, without size and rate; "": testsrc2.
	Source string
	// Refresh makes H264 without IDR pictures but the first: pictures are refreshed bit by bit, with recovery points.
	Refresh bool
}

const (
	// Clock shows the time: each second has a gray of its own, that of Gray.
	Clock = "color=c=black:size=%s,geq=lum='24+12*mod(floor(T),16)':cb=128:cr=128"
	// Flash is white in the first tenth of each second, and else dark with something that moves.
	Flash = "testsrc2=size=%s,eq=brightness=-0.55:contrast=0.3,drawbox=c=white:t=fill:enable='lt(mod(t,1),0.099)'"
)

// Gray is the brightness of a Clock in that second.
func Gray(second int) int { return 24 + 12*(second%16) }

// Encode returns the frames of the clip: what one RTP time carries. A machine without ffmpeg fails the test.
func Encode(t testing.TB, c Clip) [][]byte {
	t.Helper()
	if c.Kbps == 0 {
		c.Kbps = 600
	}
	picture := fmt.Sprintf("testsrc2=size=%dx%d:rate=%d,noise=alls=%d:allf=t", c.Width, c.Height, c.FPS, c.Noise)
	if c.Source != "" {
		picture = fmt.Sprintf(c.Source, fmt.Sprintf("%dx%d:rate=%d", c.Width, c.Height, c.FPS))
	}
	args := []string{
		"-hide_banner", "-loglevel", "error", "-nostdin",
		"-f", "lavfi", "-i", picture,
		"-frames:v", strconv.Itoa(c.Frames), "-pix_fmt", "yuv420p", "-threads", "1",
		"-g", strconv.Itoa(c.GOP), "-b:v", fmt.Sprintf("%dk", c.Kbps),
	}
	format := "ivf"
	switch c.Codec {
	case "VP8":
		args = append(args, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-auto-alt-ref", "0",
			"-lag-in-frames", "0")
	case "VP9":
		args = append(args, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "0",
			"-auto-alt-ref", "0")
	case "AV1":
		args = append(args, "-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-lag-in-frames", "0")
	case "H264":
		format = "h264"
		args = append(args, "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline",
			"-x264-params", fmt.Sprintf("aud=1:sliced-threads=0:keyint=%d:intra-refresh=%d:repeat-headers=1", c.GOP,
				map[bool]int{true: 1}[c.Refresh]))
	default:
		t.Fatalf("no encoder for %q", c.Codec)
	}
	var stderr bytes.Buffer
	cmd := exec.Command("ffmpeg", append(args, "-f", format, "pipe:1")...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	if format == "h264" {
		return accessUnits(out)
	}
	return ivfFrames(t, out)
}

func ivfFrames(t testing.TB, file []byte) [][]byte {
	t.Helper()
	require.GreaterOrEqual(t, len(file), 32)
	var frames [][]byte
	for rest := file[32:]; len(rest) > 0; {
		size := int(binary.LittleEndian.Uint32(rest))
		frames = append(frames, rest[12:12+size])
		rest = rest[12+size:]
	}
	return frames
}

// accessUnits splits an Annex B file at its access unit delimiters, and leaves those out, as WebRTC senders do.
func accessUnits(file []byte) [][]byte {
	var frames [][]byte
	for _, unit := range bytes.Split(file, []byte{0, 0, 0, 1, 9}) {
		if len(unit) > 1 {
			frames = append(frames, unit[1:])
		}
	}
	return frames
}

// Packetizer makes RTP packets of one stream out of its frames.
type Packetizer struct {
	codec     string
	fps       uint32
	payloader rtp.Payloader
	header    rtp.Header
}

// NewPacketizer begins a stream at the given sequence number.
func NewPacketizer(t testing.TB, codec string, fps int, ssrc uint32, seqno uint16) *Packetizer {
	t.Helper()
	p := &Packetizer{
		codec: codec, fps: uint32(fps),
		header: rtp.Header{Version: 2, PayloadType: 96, SSRC: ssrc, SequenceNumber: seqno, Timestamp: 0xfffff000},
	}
	switch codec {
	case "VP8":
		p.payloader = &codecs.VP8Payloader{EnablePictureID: true}
	case "VP9":
		p.payloader = &codecs.VP9Payloader{}
	case "AV1":
		p.payloader = &codecs.AV1Payloader{}
	case "H264":
		p.payloader = &codecs.H264Payloader{}
	default:
		t.Fatalf("no payloader for %q", codec)
	}
	return p
}

// Frame returns the packets of the next frame.
func (p *Packetizer) Frame(frame []byte) []*rtp.Packet {
	payloads := p.payloader.Payload(1100, frame)
	packets := make([]*rtp.Packet, 0, len(payloads))
	for i, payload := range payloads {
		h := p.header
		h.Marker = i == len(payloads)-1
		packets = append(packets, &rtp.Packet{Header: h, Payload: payload})
		p.header.SequenceNumber++
	}
	p.header.Timestamp += 90000 / p.fps
	return packets
}

// Layered returns the packets of n moments of VP9 in two spatial layers of these sizes (RFC 9628, non-flexible mode),
// each a key picture.
func Layered(t testing.TB, n, width, height, upperWidth, upperHeight int) []*rtp.Packet {
	t.Helper()
	var layers [2][][]byte
	for i, size := range [][2]int{{width, height}, {upperWidth, upperHeight}} {
		layers[i] = Encode(t, Clip{Codec: "VP9", Width: size[0], Height: size[1], FPS: 30, Frames: n, GOP: 1})
	}
	var packets []*rtp.Packet
	for moment := range n {
		for _, payload := range LayeredPayloads(layers[0][moment], layers[1][moment]) {
			packets = append(packets, &rtp.Packet{Payload: payload, Header: rtp.Header{
				Version: 2, PayloadType: 98, SequenceNumber: uint16(len(packets)), Timestamp: uint32(moment) * 3000,
			}})
		}
		packets[len(packets)-1].Marker = true
	}
	return packets
}

// LayeredPayloads are those of one key picture of VP9 in spatial layers, the lowest first.
func LayeredPayloads(layers ...[]byte) [][]byte {
	const mtu = 1100
	var payloads [][]byte
	for id, layer := range layers {
		for at := 0; at < len(layer); at += mtu {
			part := layer[at:min(at+mtu, len(layer))]
			flags := byte(0x20) // L
			if at == 0 {
				flags |= 0x08 // B
			}
			if at+mtu >= len(layer) {
				flags |= 0x04 // E
			}
			// TID 0, U 0, SID, D; TL0PICIDX
			payloads = append(payloads, append([]byte{flags, byte(id<<1) | byte(min(id, 1)), 0}, part...))
		}
	}
	return payloads
}

// Beep is a tone in the first tenth of each second: that of Flash.
const Beep = "sine=frequency=1000:sample_rate=48000:samples_per_frame=480,volume='if(lt(mod(t,1),0.1),4,0)':eval=frame"

// Opus returns packets of 20 ms of what ffmpeg makes of that description.
func Opus(t testing.TB, source string, seconds int) (packets [][]byte) {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", source+",aformat=channel_layouts=stereo", "-t",
		strconv.Itoa(seconds),
		"-c:a", "libopus", "-b:a", "64k", "-frame_duration", "20", "-f", "ogg", "pipe:1")
	cmd.Stderr = &stderr
	file, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	var packet []byte
	for len(file) > 27 { // pages (RFC 3533, section 6)
		lacing := file[27 : 27+int(file[26])]
		file = file[27+len(lacing):]
		for _, n := range lacing {
			packet = append(packet, file[:n]...)
			file = file[n:]
			if n < 255 {
				packets, packet = append(packets, packet), nil
			}
		}
	}
	return packets[2:] // behind the two headers
}
