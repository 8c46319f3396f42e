package rtmp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4"
)

// accept takes one encoder on loopback, up to its publish.
func accept(t *testing.T) (target Target, accepted <-chan *Incoming) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	target, err = ParseTarget("rtmp://"+l.Addr().String()+"/live", "the-key")
	require.NoError(t, err)
	out := make(chan *Incoming, 1)
	go func() {
		defer close(out)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		t.Cleanup(func() { _ = conn.Close() })
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		in := NewIncoming(conn)
		if err := in.Handshake(); err != nil {
			t.Error(err)
			return
		}
		app, err := in.ReadConnect()
		if err != nil || app != "live" || in.AcceptConnect() != nil {
			t.Errorf("connect: %q, %v", app, err)
			return
		}
		key, err := in.ReadPublish()
		if err != nil || key != "the-key" {
			t.Errorf("publish: %q, %v", key, err)
			return
		}
		out <- in
	}()
	return target, out
}

func TestIncomingTakesAPublisher(t *testing.T) {
	target, accepted := accept(t)
	failed := make(chan error, 1)
	var publisher *Publisher
	go func() {
		var err error
		publisher, err = Dial(t.Context(), target, Options{AllowPrivate: true})
		failed <- err
	}()
	in := <-accepted
	require.NotNil(t, in)
	require.NoError(t, in.Start())
	require.NoError(t, <-failed)
	picture := bytes.Repeat([]byte("picture"), 100_000)
	go func() {
		_ = publisher.WriteSample(fmp4.Sample{
			Video: true, Key: true, DTS: 5 * time.Hour, PTS: 5*time.Hour + 40*time.Millisecond, Data: picture,
		})
		_ = publisher.WriteSample(fmp4.Sample{DTS: 5*time.Hour + 20*time.Millisecond, Data: []byte("sound")})
		_ = publisher.Close()
	}()
	m, err := in.Next()
	require.NoError(t, err)
	require.True(t, m.Video)
	require.EqualValues(t, 5*3600*1000, m.Timestamp, "an extended one")
	require.Equal(t, picture, m.Payload[5:])
	m, err = in.Next()
	require.NoError(t, err)
	require.False(t, m.Video)
	require.EqualValues(t, 5*3600*1000+20, m.Timestamp)
	_, err = in.Next()
	require.ErrorIs(t, err, ErrUnpublished)
}

func TestIncomingRefuses(t *testing.T) {
	target, accepted := accept(t)
	failed := make(chan error, 1)
	go func() {
		_, err := Dial(t.Context(), target, Options{AllowPrivate: true})
		failed <- err
	}()
	in := <-accepted
	require.NotNil(t, in)
	require.NoError(t, in.Refuse("NetStream.Publish.BadName", "4112 UNKNOWN_KEY: no such key"))
	refused, ok := errors.AsType[*Error](<-failed)
	require.True(t, ok)
	require.Equal(t, PublishRejected, refused.Cause)
	require.Equal(t, "NetStream.Publish.BadName: 4112 UNKNOWN_KEY: no such key", refused.Status)
}

// recording is a connection that reads what was recorded and takes whatever is written.
type recording struct {
	net.Conn
	in io.Reader
}

func (s recording) Read(b []byte) (int, error)       { return s.in.Read(b) }
func (s recording) Write(b []byte) (int, error)      { return len(b), nil }
func (s recording) SetWriteDeadline(time.Time) error { return nil }

func recorded(commands ...[]byte) []byte {
	b := append([]byte{version}, make([]byte, 2*handshakeSize)...)
	for _, c := range commands {
		b = appendMessage(b, defaultChunkSize, commandChunks, message{kind: typeCommandAMF0, payload: c})
	}
	return b
}

var (
	connectLive = appendAMF(nil, "connect", 1.0, object{{"app", "live"}})
	publishKey  = appendAMF(nil, "publish", 5.0, nil, "key?token=x", "live")
)

// take runs an Incoming to its end over what a peer sends.
func take(data []byte) (key string, media []Media, err error) {
	in := NewIncoming(recording{in: bytes.NewReader(data)})
	if err := in.Handshake(); err != nil {
		return "", nil, err
	}
	if _, err := in.ReadConnect(); err != nil {
		return "", nil, err
	}
	if err := in.AcceptConnect(); err != nil {
		return "", nil, err
	}
	if key, err = in.ReadPublish(); err != nil {
		return key, nil, err
	}
	if err := in.Start(); err != nil {
		return key, nil, err
	}
	for {
		m, err := in.Next()
		if err != nil {
			return key, media, err
		}
		media = append(media, m)
	}
}

func TestIncomingHostile(t *testing.T) {
	header := func(stream byte, length int, kind byte) []byte {
		return []byte{stream, 0, 0, 0, byte(length >> 16), byte(length >> 8), byte(length), kind, 1, 0, 0, 0}
	}
	large := binary.BigEndian.AppendUint32(nil, 1<<31-1)
	chunks := appendMessage(nil, defaultChunkSize, controlChunks, message{kind: typeSetChunkSize, payload: large})
	many := slices.Repeat([][]byte{appendAMF(nil, "createStream", 2.0, nil)}, 100)
	unpublish := appendAMF(nil, "FCUnpublish", 6.0, nil, "key")
	after := func(a, b []byte) []byte { return slices.Concat(a, b) }
	published := append(recorded(connectLive, publishKey), chunks...)
	begun := append(header(4, 200_000, typeVideo), make([]byte, 130_000)...)
	nested := appendAMF(nil, "connect", 1.0)
	for range 20 {
		nested = append(nested, amfObject, 0, 1, 'a')
	}
	for name, c := range map[string]struct {
		data []byte
		is   error
	}{
		"a message that is too long":   {after(published, header(4, MaxMedia+1, typeVideo)), ErrMalformed},
		"before it publishes":          {after(recorded(connectLive), header(4, maxMessage+1, 20)), ErrMalformed},
		"media before it publishes":    {after(recorded(connectLive), append(header(4, 1, typeVideo), 1)), ErrMalformed},
		"no connect":                   {recorded(publishKey), ErrMalformed},
		"connect without its object":   {recorded(appendAMF(nil, "connect", 1.0)), ErrMalformed},
		"a tower of objects":           {recorded(nested), ErrMalformed},
		"commands without end":         {recorded(append([][]byte{connectLive}, many...)...), ErrMalformed},
		"an aggregate":                 {after(published, append(header(4, 1, typeAggregate), 1)), ErrMalformed},
		"it publishes twice":           {recorded(connectLive, publishKey, publishKey), ErrMalformed},
		"it is cut within a message":   {after(published, begun), io.ErrUnexpectedEOF},
		"it ends":                      {published, io.EOF},
		"it unpublishes":               {recorded(connectLive, publishKey, unpublish), ErrUnpublished},
		"it is cut within a handshake": {[]byte{version, 1, 2}, io.ErrUnexpectedEOF},
	} {
		_, _, err := take(c.data)
		require.ErrorIs(t, err, c.is, name)
	}
	for asks, command := range map[string][]byte{
		"play":   appendAMF(nil, "play", 4.0, nil, "key"),
		"record": appendAMF(nil, "publish", 4.0, nil, "key", "record"),
	} {
		_, _, err := take(recorded(connectLive, command))
		mode, ok := errors.AsType[*ModeError](err)
		require.True(t, ok)
		require.Equal(t, asks, mode.Asked)
	}
	for got, data := range map[string]string{
		"HTTP":                   "GET / HTTP/1.1\r\n\r\n",
		"TLS":                    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		"SSH":                    "SSH-2.0-OpenSSH_9\r\n",
		"encrypted RTMP (RTMPE)": "\x06\x00",
		"data that begins with the byte 0x00, where RTMP has 0x03": "\x00\x00",
	} {
		_, _, err := take([]byte(data))
		other, ok := errors.AsType[*NotRTMPError](err)
		require.True(t, ok, got)
		require.Equal(t, got, other.Got)
	}
}

// Headers that claim much take no memory before their bytes come, and not beyond the limit of all of them together.
func TestIncomingMemory(t *testing.T) {
	data := append(recorded(connectLive, publishKey), appendMessage(nil, defaultChunkSize, controlChunks,
		message{kind: typeSetChunkSize, payload: binary.BigEndian.AppendUint32(nil, 1<<31-1)})...)
	data = append(data, 4, 0, 0, 0, MaxMedia>>16, 0, 0, typeVideo, 1, 0, 0, 0)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := take(data)
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, io.EOF)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))

	// 60 chunk streams each begin a message of which all but the last chunk comes
	data = append(recorded(connectLive, publishKey), appendMessage(nil, defaultChunkSize, controlChunks,
		message{kind: typeSetChunkSize, payload: binary.BigEndian.AppendUint32(nil, 1<<20)})...)
	for stream := byte(3); stream < 63; stream++ {
		data = append(data, stream, 0, 0, 0, MaxMedia>>16, 0, 0, typeVideo, 1, 0, 0, 0)
		data = append(data, make([]byte, 1<<20)...)
	}
	_, _, err = take(data)
	require.ErrorIs(t, err, ErrMalformed)
	require.ErrorContains(t, err, "messages that were begun")
}

// Timestamps of compressed headers follow the message before; those beyond 24 bits are taken with and without their
// repetition in chunks of type 3.
func TestTimestamps(t *testing.T) {
	data := recorded(connectLive, publishKey)
	one := func(b ...byte) { data = append(data, b...) }
	one(4, 0, 0, 100, 0, 0, 1, typeAudio, 1, 0, 0, 0, 'a') // type 0: 100
	one(0x44, 0, 0, 23, 0, 0, 1, typeAudio, 'b')           // type 1: + 23
	one(0x84, 0, 0, 24, 'c')                               // type 2: + 24
	one(0xc4, 'd')                                         // type 3: + 24
	_, media, err := take(data)
	require.ErrorIs(t, err, io.EOF)
	var times []uint32
	for _, m := range media {
		times = append(times, m.Timestamp)
	}
	require.Equal(t, []uint32{100, 123, 147, 171}, times)

	for name, repeated := range map[string]string{"repeated": "\x01\x00\x00\x07", "left out": ""} {
		body := bytes.Repeat([]byte("x"), defaultChunkSize)
		data = append(recorded(connectLive, publishKey),
			4, 0xff, 0xff, 0xff, 0, 0, defaultChunkSize+4, typeVideo, 1, 0, 0, 0, 1, 0, 0, 7)
		data = append(append(append(append(data, body...), 0xc4), repeated...), "tail"...)
		_, media, err = take(data)
		require.ErrorIs(t, err, io.EOF)
		require.Len(t, media, 1, name)
		require.EqualValues(t, 0x01000007, media[0].Timestamp)
		require.Equal(t, string(body)+"tail", string(media[0].Payload), name)
	}
}

func FuzzIncoming(f *testing.F) {
	f.Add(recorded(connectLive, appendAMF(nil, "releaseStream", 2.0, nil, "key"), appendAMF(nil, "createStream", 4.0, nil),
		publishKey))
	f.Add(append(recorded(connectLive, publishKey), 4, 0, 0, 100, 0, 0, 1, typeAudio, 1, 0, 0, 0, 'a', 0xc4, 'b'))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, media, err := take(data)
		require.Error(t, err)
		size := 0
		for _, m := range media {
			size += len(m.Payload)
		}
		require.LessOrEqual(t, size, len(data))
		require.NotEmpty(t, ProblemOf(err))
	})
}
