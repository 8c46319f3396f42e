package rtmp

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func read(t require.TestingT, b []byte) []message {
	c := newChunkReader(bufio.NewReader(bytes.NewReader(b)))
	var out []message
	for {
		m, err := c.next()
		if err != nil {
			require.Equal(t, io.EOF, err)
			return out
		}
		out = append(out, m)
	}
}

func TestMessagesSurviveChunking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 5000).Draw(t, "size")
		wire := appendMessage(nil, defaultChunkSize, controlChunks,
			message{kind: typeSetChunkSize, payload: binary.BigEndian.AppendUint32(nil, uint32(size))})
		var want []message
		for range rapid.IntRange(1, 5).Draw(t, "messages") {
			m := message{
				kind:      rapid.SampledFrom([]uint8{typeAudio, typeVideo, typeCommandAMF0}).Draw(t, "kind"),
				stream:    rapid.Uint32().Draw(t, "stream"),
				timestamp: rapid.Uint32().Draw(t, "timestamp"),
				payload:   rapid.SliceOfN(rapid.Byte(), 1, 12000).Draw(t, "payload"),
			}
			want = append(want, m)
			wire = appendMessage(wire, size, uint8(rapid.IntRange(3, 63).Draw(t, "chunk stream")), m)
		}
		got := read(t, wire)
		require.Len(t, got, len(want))
		for i := range want {
			got[i].timestamp = want[i].timestamp // the reader needs no times of the server
			require.Equal(t, want[i], got[i])
		}
	})
}

func TestExtendedTimestampIsInEveryChunk(t *testing.T) {
	// after 4.7 hours; 5.3.1.3
	wire := appendMessage(
		nil,
		4,
		videoChunks,
		message{kind: typeVideo, stream: 1, timestamp: extended, payload: []byte("abcdefgh")},
	)
	require.Equal(
		t,
		"\x06\xff\xff\xff\x00\x00\x08\x09\x01\x00\x00\x00\x00\xff\xff\xffabcd\xc6\x00\xff\xff\xffefgh",
		string(wire),
	)
	wire = appendMessage(
		nil,
		4,
		videoChunks,
		message{kind: typeVideo, stream: 1, timestamp: extended - 1, payload: []byte("abcdefgh")},
	)
	require.Equal(t, "\x06\xff\xff\xfe\x00\x00\x08\x09\x01\x00\x00\x00abcd\xc6efgh", string(wire))
}

func TestHeadersThatServersCompress(t *testing.T) {
	// types 1, 2 and 3 take what they lack from the message before on their chunk stream; ids above 63 have
	// one or two bytes more
	wire := []byte("\x03\x00\x00\x01\x00\x00\x02\x14\x00\x00\x00\x00ab" + // type 0
		"\x43\x00\x00\x01\x00\x00\x01\x14c" + // type 1
		"\x83\x00\x00\x01d" + // type 2
		"\xc3e" + // type 3
		"\x00\x05\x00\x00\x01\x00\x00\x01\x14\x00\x00\x00\x00f" + // id 69
		"\x01\x05\x01\x00\x00\x01\x00\x00\x01\x14\x00\x00\x00\x00g") // id 325
	var text string
	for _, m := range read(t, wire) {
		require.EqualValues(t, typeCommandAMF0, m.kind)
		text += string(m.payload)
	}
	require.Equal(t, "abcdefg", text)
}

func TestInvalidChunks(t *testing.T) {
	for name, wire := range map[string]string{
		"nothing to take from": "\xc3",
		"chunk size of zero":   "\x02\x00\x00\x00\x00\x00\x04\x01\x00\x00\x00\x00\x00\x00\x00\x00",
		"message without end":  "\x03\x00\x00\x00\xff\xff\xff\x14\x00\x00\x00\x00",
		"message inside a message": "\x03\x00\x00\x00\x00\x01\x00\x14\x00\x00\x00\x00" + string(
			make([]byte, 128),
		) + "\x03\x00\x00\x00\x00\x01\x00\x14\x00\x00\x00\x00",
	} {
		c := newChunkReader(bufio.NewReader(bytes.NewReader([]byte(wire))))
		_, err := c.next()
		require.ErrorIs(t, err, errProtocol, name)
	}
}

func FuzzChunkReader(f *testing.F) {
	f.Add(appendMessage(nil, 128, 3, message{kind: typeCommandAMF0, payload: bytes.Repeat([]byte("x"), 300)}))
	f.Add(
		[]byte(
			"\x02\x00\x00\x00\x00\x00\x04\x01\x00\x00\x00\x00\x00\x00\x01\x00\x03\x00\x00\x01\x00\x00\x02\x14\x00\x00\x00\x00ab\x43\x00\x00\x01\x00\x00\x01\x14c",
		),
	)
	f.Fuzz(func(t *testing.T, data []byte) {
		c := newChunkReader(bufio.NewReader(bytes.NewReader(data)))
		for {
			m, err := c.next()
			if err != nil {
				require.True(
					t,
					errors.Is(err, errProtocol) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF),
					"%v",
					err,
				)
				return
			}
			require.LessOrEqual(t, len(m.payload), len(data))
		}
	})
}

func TestAMF(t *testing.T) {
	wire := appendMessageValues()
	got, err := parseAMF(wire)
	require.NoError(t, err)
	require.Equal(t, []any{
		"connect", 1.5, nil, true, false,
		object{{"app", "live"}, {"inner", object{{"n", -2.0}}}},
		object{{"width", 640.0}},
	}, got)
	require.Equal(t, "live", got[5].(object).text("app"))
	require.Empty(t, got[5].(object).text("none"))
}

func appendMessageValues() []byte {
	return appendAMF(nil, "connect", 1.5, nil, true, false,
		object{{"app", "live"}, {"inner", object{{"n", -2.0}}}}, ecmaArray{{"width", 640.0}})
}

func TestAMFOfServers(t *testing.T) {
	got, err := parseAMF(
		[]byte("\x0a\x00\x00\x00\x02\x06\x0c\x00\x00\x00\x01x\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
	)
	require.NoError(t, err)
	require.Equal(t, []any{[]any{nil, "x"}, nil}, got, "strict array, undefined, long string, date")
}

func FuzzAMF(f *testing.F) {
	f.Add(appendMessageValues())
	f.Add([]byte("\x0a\xff\xff\xff\xff\x05\x05"))
	f.Add(bytes.Repeat([]byte("\x03\x00\x01a"), 20))
	f.Fuzz(func(t *testing.T, data []byte) {
		values, err := parseAMF(data)
		if err != nil {
			require.ErrorIs(t, err, errAMF)
		}
		require.LessOrEqual(t, len(values), amfMaxValues)
		_ = status(values)
	})
}

func TestServerTextIsSanitized(t *testing.T) {
	at, err := ParseTarget("rtmp://host/app?auth=SECRET", "my/SECRET key"[:9])
	require.NoError(t, err)
	got := clean(
		at,
		"no stream my/SECRET (my%2FSECRET) in app?auth=SECRET\r\n\x1b[31m"+string(bytes.Repeat([]byte("é"), 300)),
	)
	require.NotContains(t, got, "SECRET")
	require.NotContains(t, got, "\x1b")
	require.LessOrEqual(t, len(got), 200)
	require.Contains(t, got, "no stream [hidden]")
}
