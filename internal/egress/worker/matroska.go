package worker

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/mix"
)

// matroska writes blocks as Matroska (RFC 9559): WebM for people, or what ffmpeg reads from a pipe. A file gets an
// index at its end that leads to each key frame, however many there are; one whose writer is killed plays to its last
// block.
type matroska struct {
	out   *errWriter
	sound bool
	codec string // of the video; "" for none
	index bool   // out is a file: an index and the duration are put in at the end

	opened   bool
	segment  int64 // where the body of the segment begins
	seekHead int64 // what is put in at the end
	duration int64
	info     int64 // positions of the parts, in the segment
	tracks   int64
	cues     []cue

	begun   bool
	base    time.Duration // of the first block
	cluster int64         // where the open one begins; 0: none
	start   int64         // its time, ms
	last    time.Duration // of the last picture
	end     time.Duration // of the last block
}

// cue leads to a block that players can begin with.
type cue struct {
	ms      int64
	cluster int64 // its position in the segment
}

const (
	soundTrack   = 1
	pictureTrack = 2

	trackVideo = 1 // TrackType, RFC 9559, section 5.1.4.1.3
	trackAudio = 2

	// clusterMs is the longest cluster, and how much a reader must have before it can begin.
	clusterMs = 2000

	opusPreRoll = 80 * time.Millisecond // RFC 7845, section 4.6
)

// The elements that are written (RFC 9559, section 5.1).
const (
	idEBML        = 0x1A45DFA3
	idDocType     = 0x4282
	idVoid        = 0xEC
	idSegment     = 0x18538067
	idSeekHead    = 0x114D9B74
	idSeek        = 0x4DBB
	idSeekID      = 0x53AB
	idSeekPlace   = 0x53AC
	idInfo        = 0x1549A966
	idScale       = 0x2AD7B1
	idDuration    = 0x4489
	idMuxingApp   = 0x4D80
	idWritingApp  = 0x5741
	idTracks      = 0x1654AE6B
	idTrack       = 0xAE
	idNumber      = 0xD7
	idUID         = 0x73C5
	idType        = 0x83
	idLacing      = 0x9C
	idCodec       = 0x86
	idPrivate     = 0x63A2
	idPreRoll     = 0x56BB
	idVideo       = 0xE0
	idWidth       = 0xB0
	idHeight      = 0xBA
	idAudio       = 0xE1
	idRate        = 0xB5
	idChannels    = 0x9F
	idCluster     = 0x1F43B675
	idTimestamp   = 0xE7
	idSimpleBlock = 0xA3
	idCues        = 0x1C53BB6B
	idCuePoint    = 0xBB
	idCueTime     = 0xB3
	idCuePlaces   = 0xB7
	idCueTrack    = 0xF7
	idCueCluster  = 0xF1

	seekHeadSize = 68 // three entries
	durationSize = 11
)

// unknownSize is what an element has whose end is not known yet (RFC 8794, section 6.2), in the eight bytes that its
// size will have.
var unknownSize = []byte{0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

func sizeBytes(n int64) []byte {
	return binary.BigEndian.AppendUint64(nil, 1<<56|uint64(n)) // a file is shorter
}

func appendID(to []byte, id uint32) []byte {
	for shift := 24; shift >= 0; shift -= 8 {
		if id>>shift != 0 {
			to = append(to, byte(id>>shift))
		}
	}
	return to
}

// element is one with what is in it.
func element(id uint32, parts ...[]byte) []byte {
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	out := appendID(nil, id)
	if size < 0x7f {
		out = append(out, 0x80|byte(size))
	} else {
		out = append(out, sizeBytes(int64(size))...)
	}
	for _, part := range parts {
		out = append(out, part...)
	}
	return out
}

func number(id uint32, n uint64) []byte {
	b := binary.BigEndian.AppendUint64(nil, n)
	for len(b) > 1 && b[0] == 0 {
		b = b[1:]
	}
	return element(id, b)
}

func float(id uint32, f float64) []byte {
	return element(id, binary.BigEndian.AppendUint64(nil, math.Float64bits(f)))
}

func void(size int) []byte { return element(idVoid, make([]byte, size-2)) }

var codecIDs = map[string]string{"VP8": "V_VP8", "VP9": "V_VP9", "AV1": "V_AV1", "H264": "V_MPEG4/ISO/AVC"}

// opusHead is the codec's header (RFC 7845, section 5.1): version 1, two channels, nothing to skip, 48 kHz.
var opusHead = []byte{'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0}

func (m *matroska) open(first *block) error {
	var private []byte
	if first != nil {
		switch m.codec {
		case "H264":
			if private = avcC(first.data); private == nil {
				return errors.New("the first H264 picture has no parameter sets")
			}
		case "AV1":
			private = depacket.AV1Config(first.data)
		}
	}
	m.opened = true
	docType := "webm"
	if m.codec == "H264" {
		docType = "matroska"
	}
	// EBMLVersion, EBMLReadVersion, EBMLMaxIDLength, EBMLMaxSizeLength; DocTypeVersion, DocTypeReadVersion
	m.put(
		element(
			idEBML,
			number(0x4286, 1),
			number(0x42F7, 1),
			number(0x42F2, 4),
			number(0x42F3, 8),
			element(idDocType, []byte(docType)),
			number(0x4287, 4),
			number(0x4285, 2),
		),
	)
	m.put(append(appendID(nil, idSegment), unknownSize...))
	m.segment = m.out.written()
	if m.index {
		m.seekHead = m.out.written()
		m.put(void(seekHeadSize))
	}
	m.info = m.out.written() - m.segment
	about := [][]byte{
		number(idScale, uint64(time.Millisecond)),
		element(idMuxingApp, []byte("klatch")),
		element(idWritingApp, []byte("klatch")),
	}
	if m.index {
		about = append(about, void(durationSize))
	}
	m.put(element(idInfo, about...))
	m.duration = m.out.written() - durationSize
	m.tracks = m.out.written() - m.segment
	var tracks [][]byte
	if m.sound {
		tracks = append(
			tracks,
			element(
				idTrack,
				number(idNumber, soundTrack),
				number(idUID, soundTrack),
				number(idType, trackAudio),
				number(
					idLacing,
					0,
				),
				element(idCodec, []byte("A_OPUS")),
				element(idPrivate, opusHead),
				number(idPreRoll, uint64(opusPreRoll)),
				element(idAudio, float(idRate, opusRate), number(idChannels, 2)),
			),
		)
	}
	if first != nil {
		entry := [][]byte{
			number(idNumber, pictureTrack),
			number(idUID, pictureTrack),
			number(idType, trackVideo),
			number(idLacing, 0),
			element(idCodec, []byte(codecIDs[m.codec])),
		}
		if private != nil {
			entry = append(entry, element(idPrivate, private))
		}
		// bounded by depacket
		size := element(idVideo, number(idWidth, uint64(first.width)), number(idHeight, uint64(first.height)))
		tracks = append(tracks, element(idTrack, append(entry, size)...))
	} else {
		m.codec = ""
	}
	m.put(element(idTracks, tracks...))
	return m.out.failure()
}

func (m *matroska) put(b []byte) { _, _ = m.out.Write(b) } // out keeps its error

func (m *matroska) write(b block) error {
	track, data := byte(soundTrack), b.data
	if b.video {
		track = pictureTrack
		switch m.codec {
		case "H264":
			data = lengthPrefixed(data)
		case "AV1":
			data = bytes.TrimPrefix(data, []byte{0x12, 0}) // temporal delimiters stay outside (AV1 in Matroska, section 3.4)
		}
	}
	if !m.begun {
		m.begun, m.base = true, b.at
	}
	at := max(0, b.at-m.base)
	ms := at.Milliseconds()
	begin := b.video && b.key
	switch relative := ms - m.start; {
	case begin, m.cluster == 0, relative >= clusterMs, relative < math.MinInt16:
		m.endCluster()
		m.cluster, m.start = m.out.written(), ms
		if begin || m.codec == "" {
			m.cues = append(m.cues, cue{ms, m.cluster - m.segment})
		}
		m.put(append(append(appendID(nil, idCluster), unknownSize...), number(idTimestamp, uint64(ms))...)) // not negative
	}
	flags := byte(0)
	if b.key || !b.video {
		flags = 0x80
	}
	relative := uint16(ms - m.start) // within 16 bits, with a sign
	m.put(element(idSimpleBlock, []byte{0x80 | track, byte(relative >> 8), byte(relative), flags}, data))
	if b.video {
		m.end = max(m.end, at+max(0, at-m.last))
		m.last = at
	} else {
		m.end = max(m.end, at+cmp.Or(b.length, mix.PacketDuration(b.data)))
	}
	return m.out.failure()
}

// endCluster writes the size of the open cluster.
func (m *matroska) endCluster() {
	if m.cluster != 0 && m.index {
		const head = 12 // id and size
		_, _ = m.out.WriteAt(sizeBytes(m.out.written()-m.cluster-head), m.cluster+4)
	}
}

func (m *matroska) close(context.Context) error {
	if m.opened && m.index {
		m.endCluster()
		m.writeIndex()
	}
	return m.out.Close()
}

// writeIndex puts in what is known at the end only.
func (m *matroska) writeIndex() {
	main := uint64(soundTrack)
	if m.codec != "" {
		main = pictureTrack
	}
	place := m.out.written() - m.segment
	var points []byte
	for _, c := range m.cues {
		// never negative
		points = append(points, element(idCuePoint, number(idCueTime, uint64(c.ms)),
			element(idCuePlaces, number(idCueTrack, main), number(idCueCluster, uint64(c.cluster))))...)
	}
	if len(points) > 0 {
		m.put(element(idCues, points))
	} else {
		place = m.tracks // there must be three entries
	}
	var seeks []byte
	for _, entry := range []struct {
		id uint32
		at int64
	}{{idInfo, m.info}, {idTracks, m.tracks}, {map[bool]uint32{true: idCues, false: idTracks}[len(points) > 0], place}} {
		position := binary.BigEndian.AppendUint64(nil, uint64(entry.at)) // never negative
		seeks = append(seeks, element(idSeek, element(idSeekID, appendID(nil, entry.id)), element(idSeekPlace, position))...)
	}
	_, _ = m.out.WriteAt(element(idSeekHead, seeks), m.seekHead)
	_, _ = m.out.WriteAt(float(idDuration, float64(m.end)/float64(time.Millisecond)), m.duration)
	_, _ = m.out.WriteAt(sizeBytes(m.out.written()-m.segment), m.segment-int64(len(unknownSize)))
}

// errWriter keeps the first error of a file or pipe, so that the Matroska writer asks for it once. *mutex*
type errWriter struct {
	to interface {
		io.WriteCloser
		io.WriterAt
	}

	mu     sync.Mutex // guards everything below
	err    error
	size   int64
	closed bool
}

func (k *errWriter) Write(p []byte) (int, error) {
	if k.failure() == nil {
		n, err := k.to.Write(p)
		k.fail(err)
		k.mu.Lock()
		k.size += int64(n)
		k.mu.Unlock()
	}
	return len(p), nil
}

func (k *errWriter) WriteAt(p []byte, at int64) (int, error) {
	if k.failure() == nil {
		_, err := k.to.WriteAt(p, at)
		k.fail(err)
	}
	return len(p), nil
}

func (k *errWriter) Close() error {
	k.mu.Lock()
	again := k.closed
	k.closed = true
	k.mu.Unlock()
	if !again {
		k.fail(k.to.Close())
	}
	return k.failure()
}

func (k *errWriter) fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err == nil {
		k.err = err
	}
}

func (k *errWriter) failure() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

func (k *errWriter) written() int64 {
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
		out = binary.BigEndian.AppendUint32(out, uint32(len(unit))) // bounded by depacket
		out = append(out, unit...)
	}
	return out
}

// avcC is the decoder configuration of a key frame (ISO/IEC 14496-15, section 5.3.3.1); nil without parameter sets.
func avcC(annexB []byte) []byte {
	var sps, pps [][]byte
	for _, unit := range units(annexB) {
		switch {
		case unit[0]&0x1f == 7 && len(unit) >= 4 && len(sps) < 31:
			sps = append(sps, unit)
		case unit[0]&0x1f == 8 && len(pps) < 255:
			pps = append(pps, unit)
		}
	}
	if len(sps) == 0 || len(pps) == 0 {
		return nil
	}
	last := sps[len(sps)-1]
	out := []byte{1, last[1], last[2], last[3], 0xff, 0xe0 | byte(len(sps))}
	for _, unit := range sps {
		out = binary.BigEndian.AppendUint16(out, uint16(len(unit))) // bounded by depacket
		out = append(out, unit...)
	}
	out = append(out, byte(len(pps)))
	for _, unit := range pps {
		out = binary.BigEndian.AppendUint16(out, uint16(len(unit))) // bounded by depacket
		out = append(out, unit...)
	}
	return out
}
