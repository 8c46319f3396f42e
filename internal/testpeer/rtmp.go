package testpeer

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"net"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// RTMPEncoder is an encoder that speaks RTMP as OBS does: librtmp's order of commands, releaseStream and FCPublish,
// chunks of 4096 bytes with compressed headers, the list of FourCCs of Enhanced RTMP in connect, and @setDataFrame
// before the media. It shares no code with the server.
type RTMPEncoder struct {
	conn net.Conn
	sent map[byte]rtmpHeader // by chunk stream

	mu       sync.Mutex // guards everything below
	statuses []string   // "code: description" of each status
	ended    bool
	changed  chan struct{}
}

type rtmpHeader struct {
	timestamp, delta uint32
	length           int
	kind             byte
}

const rtmpChunk = 4096

// DialRTMP connects to an address of the form rtmp://host:port/live and publishes under a key. refusal is the status
// with which the server refused it, "" where it took it.
func DialRTMP(t testing.TB, address, key string) (e *RTMPEncoder, refusal string) {
	t.Helper()
	at, err := url.Parse(address)
	require.NoError(t, err)
	conn, err := net.Dial("tcp", at.Host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() }) // it may be closed
	e = &RTMPEncoder{conn: conn, sent: map[byte]rtmpHeader{}, changed: make(chan struct{}, 1)}
	reader := bufio.NewReader(conn)
	hello := append([]byte{3}, make([]byte, 1536)...)
	_, err = conn.Write(hello)
	require.NoError(t, err)
	answer := make([]byte, 1+2*1536)
	_, err = io.ReadFull(reader, answer)
	require.NoError(t, err)
	require.Equal(t, hello[1:], answer[1+1536:], "S2 is the echo of C1")
	_, err = conn.Write(answer[1 : 1+1536])
	require.NoError(t, err)
	go e.read(reader)

	e.write(2, 1, 0, 0, binary.BigEndian.AppendUint32(nil, rtmpChunk))
	e.command(0, "connect", 1, amfObject{
		{"app", strings.Trim(at.Path, "/")}, {"type", "nonprivate"}, {"flashVer", "FMLE/3.0 (compatible; FMSc/1.0)"},
		{"swfUrl", address}, {"tcUrl", address}, {"fourCcList", amfList{"av01", "hvc1"}},
	})
	if status := e.await("NetConnection.Connect."); !strings.HasPrefix(status, "NetConnection.Connect.Success") {
		return e, status
	}
	e.command(0, "releaseStream", 2, nil, key)
	e.command(0, "FCPublish", 3, nil, key)
	e.command(0, "createStream", 4, nil)
	e.command(1, "publish", 5, nil, key, "live")
	status := e.await("NetStream.")
	if !strings.HasPrefix(status, "NetStream.Publish.Start") {
		return e, status
	}
	e.write(4, 18, 1, 0, amfAppend(nil, "@setDataFrame", "onMetaData", amfObject{
		{"duration", 0.0}, {"width", 1280.0}, {"height", 720.0}, {"videocodecid", "avc1"}, {"videodatarate", 2500.0},
		{"framerate", 30.0}, {"audiocodecid", "mp4a"}, {"stereo", true},
		{"encoder", "obs-output module (libobs version 30.0)"},
	}))
	return e, ""
}

// Video sends the body of a video tag, Audio that of an audio tag. An error of the connection shows in Status.
func (e *RTMPEncoder) Video(timestamp uint32, tag []byte) { e.write(4, 9, 1, timestamp, tag) }

// Audio sends the body of an audio tag.
func (e *RTMPEncoder) Audio(timestamp uint32, tag []byte) { e.write(4, 8, 1, timestamp, tag) }

// Stop unpublishes as OBS does, and closes the connection.
func (e *RTMPEncoder) Stop(key string) {
	e.command(1, "FCUnpublish", 6, nil, key)
	e.command(1, "deleteStream", 7, nil, 1.0)
	e.await("NetStream.Unpublish")
	e.Cut()
}

// Cut closes the connection without a word.
func (e *RTMPEncoder) Cut() { _ = e.conn.Close() }

// Refused waits until the server ends the connection with a status of level error, and returns that.
func (e *RTMPEncoder) Refused() string {
	status := ""
	e.wait(func() bool {
		if n := len(e.statuses); n > 0 {
			status = e.statuses[n-1]
		}
		return e.ended
	})
	return status
}

// FaultID finds the id of a fault in a status.
func FaultID(status string) string { return rtmpFaultID.FindString(status) }

var rtmpFaultID = regexp.MustCompile(`flt_[0-9A-HJKMNP-TV-Z]{26}`)

func (e *RTMPEncoder) await(prefix string) (status string) {
	e.wait(func() bool {
		for _, s := range e.statuses {
			if strings.HasPrefix(s, prefix) {
				status = s
				return true
			}
		}
		if n := len(e.statuses); e.ended && n > 0 {
			status = e.statuses[n-1]
		}
		return e.ended
	})
	return status
}

func (e *RTMPEncoder) wait(ok func() bool) {
	deadline := time.After(40 * time.Second)
	for {
		e.mu.Lock()
		done := ok()
		e.mu.Unlock()
		if done {
			return
		}
		select {
		case <-e.changed:
		case <-deadline:
			return
		}
	}
}

func (e *RTMPEncoder) note(change func()) {
	e.mu.Lock()
	change()
	e.mu.Unlock()
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// command sends a command of AMF0.
func (e *RTMPEncoder) command(stream uint32, name string, id float64, arguments ...any) {
	e.write(3, 20, stream, 0, amfAppend(amfAppend(nil, name, id), arguments...))
}

// write sends a message, with the shortest header that librtmp would take.
func (e *RTMPEncoder) write(chunkStream, kind byte, stream, timestamp uint32, payload []byte) {
	before, again := e.sent[chunkStream]
	delta := timestamp - before.timestamp
	var b []byte
	n := len(payload)
	field := timestamp
	if again && kind >= 8 && kind != 20 {
		field = delta
	}
	short := min(field, 0xffffff)
	switch {
	case !again || kind < 8 || kind == 20:
		b = append(b, chunkStream, byte(short>>16), byte(short>>8), byte(short), byte(n>>16), byte(n>>8), byte(n), kind)
		b = binary.LittleEndian.AppendUint32(b, stream)
	case before.length != n || before.kind != kind:
		b = append(b, 1<<6|chunkStream, byte(short>>16), byte(short>>8), byte(short), byte(n>>16), byte(n>>8), byte(n), kind)
	case before.delta != delta:
		b = append(b, 2<<6|chunkStream, byte(short>>16), byte(short>>8), byte(short))
	default:
		b = append(b, 3<<6|chunkStream)
	}
	if field >= 0xffffff {
		b = binary.BigEndian.AppendUint32(b, field)
	}
	size := rtmpChunk
	if kind == 1 {
		size = 128
	}
	for rest := payload; len(rest) > 0; {
		part := rest[:min(size, len(rest))]
		b = append(b, part...)
		if rest = rest[len(part):]; len(rest) > 0 {
			b = append(b, 3<<6|chunkStream)
			if field >= 0xffffff {
				b = binary.BigEndian.AppendUint32(b, field)
			}
		}
	}
	e.sent[chunkStream] = rtmpHeader{timestamp, delta, n, kind}
	_, _ = e.conn.Write(b) // the server's last words come all the same
}

// read collects the statuses until the connection ends. The server's chunks are of one size after it has set it, and
// its commands are short.
func (e *RTMPEncoder) read(r *bufio.Reader) {
	defer e.note(func() { e.ended = true })
	size := 128
	for {
		var h [12]byte
		if _, err := io.ReadFull(r, h[:]); err != nil {
			return
		}
		if h[0]>>6 != 0 {
			panic("testpeer: the server's headers are whole")
		}
		length := int(h[4])<<16 | int(h[5])<<8 | int(h[6])
		var payload []byte
		for {
			part := make([]byte, min(size, length-len(payload)))
			if _, err := io.ReadFull(r, part); err != nil {
				return
			}
			if payload = append(payload, part...); len(payload) == length {
				break
			}
			if _, err := r.ReadByte(); err != nil {
				return
			}
		}
		switch h[7] {
		case 1:
			size = int(binary.BigEndian.Uint32(payload))
		case 20:
			if status, err := statusIn(payload); err == nil {
				e.note(func() { e.statuses = append(e.statuses, status) })
			}
		}
	}
}

// statusIn finds code and description in a command.
func statusIn(b []byte) (string, error) {
	find := func(key string) string {
		mark := append([]byte{0, byte(len(key))}, key...)
		_, rest, found := strings.Cut(string(b), string(mark)+"\x02")
		if !found || len(rest) < 2 {
			return ""
		}
		n := int(rest[0])<<8 | int(rest[1])
		return rest[2:min(2+n, len(rest))]
	}
	if code := find("code"); code != "" {
		return code + ": " + find("description"), nil
	}
	return "", errors.New("no status")
}

// Values of AMF0.
type (
	amfObject []amfProperty
	amfList   []string
)

type amfProperty struct {
	key   string
	value any
}

func amfAppend(b []byte, values ...any) []byte {
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			b = append(b, 5)
		case bool:
			b = append(b, 1, map[bool]byte{true: 1}[v])
		case int:
			b = amfAppend(b, float64(v))
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, 0), math.Float64bits(v))
		case string:
			b = append(binary.BigEndian.AppendUint16(append(b, 2), uint16(len(v))), v...)
		case amfList:
			b = binary.BigEndian.AppendUint32(append(b, 10), uint32(len(v)))
			for _, item := range v {
				b = amfAppend(b, item)
			}
		case amfObject:
			b = append(b, 3)
			for _, p := range v {
				b = append(binary.BigEndian.AppendUint16(b, uint16(len(p.key))), p.key...)
				b = amfAppend(b, p.value)
			}
			b = append(b, 0, 0, 9)
		}
	}
	return b
}
