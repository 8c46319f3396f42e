package worker

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/at-wat/ebml-go/mkvcore"
	"github.com/at-wat/ebml-go/webm"
)

// matroska writes blocks as Matroska (RFC 9559): WebM for people, or what ffmpeg reads from a pipe.
type matroska struct {
	out   *keeper
	sound bool
	codec string // of the video; "" for none
	index bool   // out is a file: an index and the duration are put in at the end

	audio, video mkvcore.BlockWriteCloser
}

const (
	soundTrack   = 1
	pictureTrack = 2

	trackVideo = 1 // TrackType, RFC 9559, section 5.1.4.1.3
	trackAudio = 2

	// cueRoom is what is kept free for the index: a cue is about 20 bytes, and there is one for each cluster.
	cueRoom = 64 << 10
	// cluster is the longest one, in milliseconds, and how much a reader must have before it can begin.
	cluster = 2000

	opusPreRoll = 80 * time.Millisecond // RFC 7845, section 4.6
)

var codecIDs = map[string]string{"VP8": "V_VP8", "VP9": "V_VP9", "AV1": "V_AV1", "H264": "V_MPEG4/ISO/AVC"}

// opusHead is the codec's header (RFC 7845, section 5.1): version 1, two channels, nothing to skip, 48 kHz.
var opusHead = []byte{'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0}

func (m *matroska) open(first *block) error {
	var tracks []mkvcore.TrackDescription
	if m.sound {
		tracks = append(tracks, mkvcore.TrackDescription{TrackNumber: soundTrack, TrackEntry: webm.TrackEntry{
			Name: "sound", TrackNumber: soundTrack, TrackUID: soundTrack, CodecID: "A_OPUS", TrackType: trackAudio,
			CodecPrivate: opusHead, SeekPreRoll: uint64(opusPreRoll), Audio: &webm.Audio{SamplingFrequency: opusRate, Channels: 2},
		}})
	}
	if first != nil {
		entry := webm.TrackEntry{
			Name: "picture", TrackNumber: pictureTrack, TrackUID: pictureTrack, CodecID: codecIDs[m.codec], TrackType: trackVideo,
			Video: &webm.Video{PixelWidth: uint64(first.width), PixelHeight: uint64(first.height)}, //nolint:gosec // bounded by depacket
		}
		if m.codec == "H264" {
			if entry.CodecPrivate = avcC(first.data); entry.CodecPrivate == nil {
				return errors.New("the first H264 picture has no parameter sets")
			}
		}
		tracks = append(tracks, mkvcore.TrackDescription{TrackNumber: pictureTrack, TrackEntry: entry})
	}
	main := tracks[len(tracks)-1].TrackNumber
	options := []mkvcore.BlockWriterOption{
		mkvcore.WithEBMLHeader(m.header()),
		mkvcore.WithSegmentInfo(&webm.Info{TimecodeScale: uint64(time.Millisecond), MuxingApp: "klatch", WritingApp: "klatch"}),
		mkvcore.WithMinMaxClusterDuration(main, cluster/2, cluster),
		mkvcore.WithOnFatalHandler(m.out.fail),
	}
	if m.index {
		options = append(options, mkvcore.WithSeekHead(true), mkvcore.WithCues(cueRoom))
	}
	writers, err := mkvcore.NewSimpleBlockWriter(m.out, tracks, options...)
	if err != nil {
		return fmt.Errorf("matroska: %w", err)
	}
	if m.sound {
		m.audio, writers = writers[0], writers[1:]
	}
	if first != nil {
		m.video = writers[0]
	}
	return nil
}

func (m *matroska) header() *webm.EBMLHeader {
	header := *webm.DefaultEBMLHeader
	if m.codec == "H264" || m.codec == "AV1" {
		header.DocType = "matroska"
	}
	return &header
}

func (m *matroska) write(b block) error {
	to, data := m.audio, b.data
	if b.video {
		to = m.video
		if m.codec == "H264" {
			data = lengthPrefixed(data)
		}
	}
	if _, err := to.Write(b.key || !b.video, b.at.Milliseconds(), data); err != nil {
		return err
	}
	return m.out.failure()
}

// empty says that it was never opened.
func (m *matroska) empty() bool { return m.audio == nil && m.video == nil }

func (m *matroska) close(context.Context) error {
	if m.empty() {
		return m.out.Close()
	}
	for _, w := range []mkvcore.BlockWriteCloser{m.audio, m.video} {
		if w != nil {
			_ = w.Close() // the last one closes out, which keeps its error
		}
	}
	return m.out.failure()
}

// keeper keeps the first error of a file or pipe to itself, so that the Matroska writer, whose goroutine would end and
// block its callers, never sees one. *mutex*
type keeper struct {
	to interface {
		io.WriteCloser
		io.WriterAt
	}

	mu     sync.Mutex // guards everything below
	err    error
	size   int64
	closed bool
}

func (k *keeper) Write(p []byte) (int, error) {
	if k.failure() == nil {
		n, err := k.to.Write(p)
		k.fail(err)
		k.mu.Lock()
		k.size += int64(n)
		k.mu.Unlock()
	}
	return len(p), nil
}

func (k *keeper) WriteAt(p []byte, at int64) (int, error) {
	if k.failure() == nil {
		_, err := k.to.WriteAt(p, at)
		k.fail(err)
	}
	return len(p), nil
}

func (k *keeper) Close() error {
	k.mu.Lock()
	again := k.closed
	k.closed = true
	k.mu.Unlock()
	if !again {
		k.fail(k.to.Close())
	}
	return k.failure()
}

func (k *keeper) fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err == nil {
		k.err = err
	}
}

func (k *keeper) failure() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

func (k *keeper) written() int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.size
}

var startCode = []byte{0, 0, 1}

// units splits Annex B (ITU-T H.264, annex B) into NAL units.
func units(annexB []byte) (list [][]byte) {
	for {
		begin := bytes.Index(annexB, startCode)
		if begin < 0 {
			return list
		}
		annexB = annexB[begin+len(startCode):]
		unit := annexB
		if end := bytes.Index(annexB, startCode); end >= 0 {
			unit = annexB[:end]
		}
		if unit = bytes.TrimRight(unit, "\x00"); len(unit) > 0 {
			list = append(list, unit)
		}
	}
}

// lengthPrefixed puts the size of each NAL unit before it, in four bytes (ISO/IEC 14496-15, section 5.3.4.2.1).
func lengthPrefixed(annexB []byte) []byte {
	out := make([]byte, 0, len(annexB)+16)
	for _, unit := range units(annexB) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(unit))) //nolint:gosec // bounded by depacket
		out = append(out, unit...)
	}
	return out
}

// avcC is the decoder configuration of a key frame (ISO/IEC 14496-15, section 5.3.3.1); nil without parameter sets.
func avcC(annexB []byte) []byte {
	var sps, pps []byte
	for _, unit := range units(annexB) {
		switch unit[0] & 0x1f {
		case 7:
			sps = unit
		case 8:
			pps = unit
		}
	}
	if len(sps) < 4 || len(pps) == 0 {
		return nil
	}
	out := []byte{1, sps[1], sps[2], sps[3], 0xff, 0xe1}
	out = binary.BigEndian.AppendUint16(out, uint16(len(sps))) //nolint:gosec // bounded by depacket
	out = append(append(out, sps...), 1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(pps))) //nolint:gosec // bounded by depacket
	return append(out, pps...)
}
