package rtmp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
	"unicode"
)

// Incoming is the connection of an encoder that publishes here: Handshake, ReadConnect, AcceptConnect, ReadPublish
// and Start in this order; then Next returns what it sends. Instead of each step the connection may be refused.
//
// What it reads is bounded by construction: before the encoder publishes 128 KiB of messages that are not complete,
// afterwards 64 KiB more than MaxMedia; 64 chunk streams, 8 levels and 1024 values of AMF0, 32 commands before it
// publishes. Time is bounded by the deadlines that its owner sets on the connection.
//
// One goroutine reads; Start, Refuse and what answers the encoder may be called beside it.
type Incoming struct {
	conn   net.Conn
	reader *bufio.Reader
	chunks *chunkReader
	step   string // what the server waits for

	connectID, publishID float64

	window, acked uint32 // 5.4.3, 5.4.4; window 0: none asked for

	mu     sync.Mutex // guards everything below: one message at a time
	buffer []byte
}

const (
	// MaxMedia is the longest audio or video message: a key frame of 4K video in good quality is far below.
	MaxMedia = 4 << 20
	// maxCommands are answered before the encoder publishes; OBS sends five.
	maxCommands = 32
	// ourWindow is after how many bytes an encoder acknowledges, and has an acknowledgement; what servers use.
	ourWindow = 2_500_000
	// answerTimeout bounds the writing of an answer.
	answerTimeout = 5 * time.Second
	// maxDescription bounds the words of a status.
	maxDescription = 1000
)

// NewIncoming returns the connection of an encoder; nothing was read from it.
func NewIncoming(conn net.Conn) *Incoming {
	reader := bufio.NewReader(conn)
	return &Incoming{conn: conn, reader: reader, chunks: newChunkReader(reader), step: "the RTMP handshake"}
}

// Step is what the server waits for, for a fault: "the RTMP handshake".
func (in *Incoming) Step() string { return in.step }

// Errors of an Incoming, beside those of the connection.
var (
	// ErrUnpublished is returned by Next when the encoder has ended its publication in good order.
	ErrUnpublished = errors.New("rtmp: the encoder unpublished")
	// ErrMalformed is wrapped by what breaks the protocol.
	ErrMalformed = errors.New("rtmp: malformed")
)

// NotRTMPError reports that the peer speaks something else. Got describes it without repeating it.
type NotRTMPError struct{ Got string }

func (e *NotRTMPError) Error() string { return "rtmp: not RTMP: " + e.Got }

// ModeError reports that a client asks for something else than to publish live: "play", "record".
type ModeError struct{ Asked string }

func (e *ModeError) Error() string { return "rtmp: the client asks to " + e.Asked }

// ProblemOf describes an error for whom it concerns, without the words of the package.
func ProblemOf(err error) string {
	text := err.Error()
	for _, prefix := range []string{"rtmp: malformed chunk stream: ", "rtmp: malformed: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return strings.TrimPrefix(text, "rtmp: ")
}

func malformed(err error) error {
	if errors.Is(err, errProtocol) || errors.Is(err, errAMF) {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return err
}

// Handshake is the simple handshake of 5.2. Encoders that offer a digest take it too.
func (in *Incoming) Handshake() error {
	first, err := in.reader.Peek(1)
	if err != nil {
		return err
	}
	if first[0] != version {
		return &NotRTMPError{Got: describe(in.reader)}
	}
	theirs := make([]byte, 1+handshakeSize)
	if _, err := io.ReadFull(in.reader, theirs); err != nil {
		return err
	}
	answer := append(make([]byte, 0, 1+2*handshakeSize), hello()...) // S0 and S1
	clear(answer[1:9])                                               // time and version 0: no digest
	answer = append(answer, theirs[1:]...)                           // S2 is the echo of C1
	if err := in.write(answer); err != nil {
		return err
	}
	if _, err := io.ReadFull(in.reader, theirs[:handshakeSize]); err != nil { // C2
		return err
	}
	in.step = "the command connect"
	return nil
}

// describe names what a peer sends instead of RTMP.
func describe(reader *bufio.Reader) string {
	have, _ := reader.Peek(min(reader.Buffered(), 16))
	switch text := string(have); {
	case have[0] == 0x16:
		return "TLS"
	case have[0] == 6 || have[0] == 8:
		return "encrypted RTMP (RTMPE)"
	case strings.HasPrefix(text, "GET ") || strings.HasPrefix(text, "POST ") || strings.HasPrefix(text, "HEAD ") ||
		strings.HasPrefix(text, "PUT ") || strings.HasPrefix(text, "OPTIONS ") || strings.HasPrefix(text, "PRI * HTTP"):
		return "HTTP"
	case strings.HasPrefix(text, "SSH-"):
		return "SSH"
	}
	return fmt.Sprintf("data that begins with the byte %#02x, where RTMP has 0x03", have[0])
}

// ReadConnect returns the application that the encoder connects to, without a query.
func (in *Incoming) ReadConnect() (app string, err error) {
	values, err := in.command()
	if err != nil {
		return "", err
	}
	if at(values, 0) != "connect" {
		return "", fmt.Errorf("%w: the first command is not connect", ErrMalformed)
	}
	info, ok := at(values, 2).(object)
	if !ok {
		return "", fmt.Errorf("%w: connect without its object", ErrMalformed)
	}
	in.connectID, _ = at(values, 1).(float64)
	app, _, _ = strings.Cut(info.text("app"), "?")
	return strings.Trim(app, "/"), nil
}

// AcceptConnect answers connect (7.2.1.1). The codecs of enhanced RTMP are not offered.
func (in *Incoming) AcceptConnect() error {
	in.step = "the command publish"
	window := binary.BigEndian.AppendUint32(nil, ourWindow)
	for _, m := range []message{
		{kind: typeWindowAckSize, payload: window},
		{kind: typeSetPeerBandwidth, payload: append(window[:4:4], 2)}, // dynamic
		{kind: typeSetChunkSize, payload: binary.BigEndian.AppendUint32(nil, ourChunkSize)},
	} {
		if err := in.send(controlChunks, m); err != nil {
			return err
		}
	}
	return in.reply(0, "_result", in.connectID,
		object{{"fmsVer", "FMS/3,0,1,123"}, {"capabilities", 31.0}},
		object{
			{"level", "status"}, {"code", "NetConnection.Connect.Success"}, {"description", "Connected."},
			{"objectEncoding", 0.0},
		})
}

// RejectConnect refuses connect. code is one of 7.2.1.1, such as NetConnection.Connect.Rejected.
func (in *Incoming) RejectConnect(code, description string) error {
	return in.reply(0, "_error", in.connectID, nil, statusObject("error", code, description))
}

// ReadPublish answers the commands of the encoder until it publishes, and returns the name under which it does: the
// stream key, without a query. A *ModeError is for a client that asks for something else.
func (in *Incoming) ReadPublish() (key string, err error) {
	for range maxCommands {
		values, err := in.command()
		if err != nil {
			return "", err
		}
		id, _ := at(values, 1).(float64)
		switch name := at(values, 0); name {
		case "createStream":
			err = in.reply(0, "_result", id, nil, 1.0)
		case "publish":
			in.publishID = id
			key, _ := at(values, 3).(string)
			mode, given := at(values, 4).(string)
			if given && mode != "live" && mode != "" {
				return "", &ModeError{Asked: word(mode)}
			}
			key, _, _ = strings.Cut(key, "?")
			return key, nil
		case "play", "play2":
			in.publishID = id
			return "", &ModeError{Asked: "play"}
		case "releaseStream", "FCPublish", "_checkbw", "getStreamLength", "FCUnpublish", "deleteStream", "closeStream":
			if id != 0 {
				err = in.reply(0, "_result", id, nil)
			}
		default:
			if id != 0 {
				err = in.reply(0, "_error", id, nil,
					statusObject("error", "NetConnection.Call.Failed", "This server does not know the command."))
			}
		}
		if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("%w: %d commands and no publish", ErrMalformed, maxCommands)
}

// word makes what a client asks fit for a fault.
func word(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
	return s[:min(len(s), 20)]
}

// Start tells the encoder that it publishes (7.2.2.6). From then on messages of media are taken.
func (in *Incoming) Start() error {
	in.chunks.longest = MaxMedia
	in.step = "media"
	begin := append([]byte{0, 0}, binary.BigEndian.AppendUint32(nil, 1)...) // Stream Begin, 7.1.7
	if err := in.send(controlChunks, message{kind: typeUserControl, payload: begin}); err != nil {
		return err
	}
	return in.reply(1, "onStatus", in.publishID, nil,
		statusObject("status", "NetStream.Publish.Start", "The meeting takes the stream."))
}

// Refuse tells the encoder, before or while it publishes, why it may not (7.2.2). The caller closes the connection.
func (in *Incoming) Refuse(code, description string) error {
	return in.reply(1, "onStatus", in.publishID, nil, statusObject("error", code, description))
}

func statusObject(level, code, description string) object {
	if len(description) > maxDescription {
		description = strings.ToValidUTF8(description[:maxDescription], "")
	}
	return object{{"level", level}, {"code", code}, {"description", description}}
}

// Media is a message of an encoder that publishes: the body of an FLV tag.
type Media struct {
	Video     bool
	Timestamp uint32 // in ms; wraps
	Payload   []byte
}

// Next returns the next message of media. Its error is io.EOF or another one of the connection when that ends,
// ErrUnpublished after the encoder's own end, or wraps ErrMalformed. Metadata is not looked at: what the streams hold
// is in their own headers.
func (in *Incoming) Next() (Media, error) {
	for {
		m, err := in.chunks.next()
		if err != nil {
			return Media{}, malformed(err)
		}
		if err := in.control(m); err != nil {
			return Media{}, err
		}
		switch m.kind {
		case typeAudio, typeVideo:
			if len(m.payload) > 0 { // empty ones fill silence
				return Media{Video: m.kind == typeVideo, Timestamp: m.timestamp, Payload: m.payload}, nil
			}
		case typeCommandAMF0, typeCommandAMF3:
			values, err := commandOf(m)
			if err != nil {
				return Media{}, err
			}
			switch at(values, 0) {
			case "FCUnpublish", "deleteStream", "closeStream":
				_ = in.reply(1, "onStatus", 0, nil, // it may have gone
					statusObject("status", "NetStream.Unpublish.Success", "The stream has ended."))
				return Media{}, ErrUnpublished
			case "play", "publish":
				return Media{}, fmt.Errorf("%w: a second publication in one connection", ErrMalformed)
			}
		case typeAggregate:
			return Media{}, fmt.Errorf("%w: aggregate messages are not taken", ErrMalformed)
		}
	}
}

// command returns the next command and answers what comes between.
func (in *Incoming) command() ([]any, error) {
	for range maxCommands {
		m, err := in.chunks.next()
		if err != nil {
			return nil, malformed(err)
		}
		if err := in.control(m); err != nil {
			return nil, err
		}
		switch m.kind {
		case typeCommandAMF0, typeCommandAMF3:
			return commandOf(m)
		case typeAudio, typeVideo:
			return nil, fmt.Errorf("%w: media before the command publish", ErrMalformed)
		}
	}
	return nil, fmt.Errorf("%w: %d messages and no command", ErrMalformed, maxCommands)
}

func commandOf(m message) ([]any, error) {
	if m.kind == typeCommandAMF3 { // AMF0 inside, 7.1.1
		if len(m.payload) == 0 || m.payload[0] != 0 {
			return nil, fmt.Errorf("%w: a command in AMF3", ErrMalformed)
		}
		m.payload = m.payload[1:]
	}
	values, err := parseAMF(m.payload)
	return values, malformed(err)
}

// control answers acknowledgement windows and pings (5.4, 7.1.7), and acknowledges what was read.
func (in *Incoming) control(m message) error {
	switch m.kind {
	case typeWindowAckSize:
		if len(m.payload) >= 4 {
			in.window = binary.BigEndian.Uint32(m.payload)
		}
	case typeUserControl:
		const pingRequest, pingResponse = 6, 7
		if len(m.payload) >= 6 && binary.BigEndian.Uint16(m.payload) == pingRequest {
			pong := append([]byte{0, pingResponse}, m.payload[2:6]...)
			if err := in.send(controlChunks, message{kind: typeUserControl, payload: pong}); err != nil {
				return err
			}
		}
	}
	window := uint32(ourWindow)
	if in.window > 0 {
		window = max(min(window, in.window), maxMessage) // a tiny one would have each message acknowledged
	}
	if in.chunks.read-in.acked >= window {
		in.acked = in.chunks.read
		return in.send(controlChunks,
			message{kind: typeAcknowledgement, payload: binary.BigEndian.AppendUint32(nil, in.acked)})
	}
	return nil
}

func (in *Incoming) reply(stream uint32, name string, id float64, arguments ...any) error {
	payload := appendAMF(appendAMF(nil, name, id), arguments...)
	return in.send(commandChunks, message{kind: typeCommandAMF0, stream: stream, payload: payload})
}

func (in *Incoming) send(chunkStream uint8, m message) error {
	size := ourChunkSize
	if in.step == "the command connect" || m.kind == typeSetChunkSize || m.kind == typeWindowAckSize ||
		m.kind == typeSetPeerBandwidth {
		size = defaultChunkSize
	}
	in.mu.Lock()
	in.buffer = appendMessage(in.buffer[:0], size, chunkStream, m)
	err := in.writeLocked(in.buffer)
	in.mu.Unlock()
	return err
}

func (in *Incoming) write(b []byte) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.writeLocked(b)
}

func (in *Incoming) writeLocked(b []byte) error {
	_ = in.conn.SetWriteDeadline(time.Now().Add(answerTimeout)) // a connection that is gone
	_, err := in.conn.Write(b)
	return err
}
