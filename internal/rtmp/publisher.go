package rtmp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/guard"
)

// Chunk streams. 2 is for control messages (7.1), the others are ours to choose.
const (
	controlChunks = 2
	commandChunks = 3
	audioChunks   = 4
	dataChunks    = 5
	videoChunks   = 6
)

// unpublishTimeout is how long Close waits for the server to hang up, so that what we sent last is not lost in a reset.
const unpublishTimeout = 2 * time.Second

// Publisher is a connection that publishes. Its methods are for one goroutine; a second one inside reads what
// the server sends, answers it, and ends with the connection. (mutex: see mu)
type Publisher struct {
	attempt *attempt
	conn    net.Conn
	chunks  *chunkReader // begin, then the reading goroutine
	stream  uint32       // message stream of the publication
	live    time.Time    // when publishing began

	mu sync.Mutex // guards writing: one message at a time, each with its deadline
	// buffer is reused for every message
	buffer []byte

	window     uint32 // of acknowledgement, 5.4.4; 0: none asked for
	acked      uint32
	done       chan struct{} // closed when the reading goroutine has ended
	failOnce   sync.Once
	failure    error         // set before failed is closed
	failed     chan struct{} // closed at the first failure
	closing    chan struct{} // closed by Close
	closeOnce  sync.Once
	connCloser sync.Once
}

func newPublisher(a *attempt, conn net.Conn, reader *bufio.Reader) *Publisher {
	return &Publisher{
		attempt: a, conn: conn, chunks: newChunkReader(reader),
		done: make(chan struct{}), failed: make(chan struct{}), closing: make(chan struct{}),
	}
}

// begin sends the commands up to the start of publishing (7.2.1.1, 7.2.1.3, 7.2.2.6) and starts reading.
func (p *Publisher) begin() error {
	t := p.attempt.target
	if err := p.send(controlChunks, message{kind: typeSetChunkSize, payload: binary.BigEndian.AppendUint32(nil, ourChunkSize)}); err != nil {
		return p.stepFailed(ConnectRejected, err)
	}
	const connect, release, prepare, create = 1.0, 2.0, 3.0, 4.0
	app := p.attempt.app()
	answer, err := p.call(ConnectRejected, connect, "connect", object{
		{"app", app},
		{"type", "nonprivate"},
		{"flashVer", "FMLE/3.0 (compatible; Klatch)"}, // servers look for FMLE to tell a publisher
		{"tcUrl", t.String() + "/" + app},
	})
	if err != nil {
		return p.attempt.refused(answer, err)
	}
	// releaseStream and FCPublish are not in the specification; servers of Adobe's family want them, others
	// ignore them or answer with an error that means nothing.
	for _, c := range []struct {
		id   float64
		name string
	}{{release, "releaseStream"}, {prepare, "FCPublish"}} {
		if err := p.command(0, c.name, c.id, nil, t.key); err != nil {
			return p.stepFailed(PublishRejected, err)
		}
	}
	values, err := p.call(PublishRejected, create, "createStream", nil)
	if err != nil {
		return err
	}
	id, ok := at(values, 3).(float64)
	if !ok || id < 0 || id >= 1<<32 {
		return p.attempt.fail(NotRTMP, "createStream gave no stream", nil)
	}
	p.stream = uint32(id)
	if err := p.command(p.stream, "publish", 5.0, nil, t.key, "live"); err != nil {
		return p.stepFailed(PublishRejected, err)
	}
	if err := p.awaitStart(); err != nil {
		return err
	}
	_ = p.conn.SetDeadline(time.Time{})
	p.live = time.Now()
	go func() {
		defer close(p.done)
		if err := guard.Do("the reading of an RTMP server", p.read); err != nil {
			_ = p.broken(err)
		}
	}()
	return nil
}

// call sends a command and waits for its result; the command's refusal has the given cause, and is given with it.
func (p *Publisher) call(refused Cause, id float64, name string, argument any) ([]any, error) {
	_ = p.conn.SetReadDeadline(p.attempt.deadline())
	var arguments []any
	if o, ok := argument.(object); ok {
		arguments = []any{o}
	} else {
		arguments = []any{nil}
	}
	if err := p.command(0, name, id, arguments...); err != nil {
		return nil, p.stepFailed(refused, err)
	}
	for {
		values, err := p.nextCommand()
		if err != nil {
			return nil, p.stepFailed(refused, err)
		}
		if got, ok := at(values, 1).(float64); !ok || got != id {
			continue // of releaseStream and FCPublish, or bandwidth tests of old servers
		}
		switch at(values, 0) {
		case "_result":
			return values, nil
		case "_error":
			return values, p.attempt.fail(refused, status(values), nil)
		}
	}
}

func (p *Publisher) awaitStart() error {
	_ = p.conn.SetReadDeadline(p.attempt.deadline())
	for {
		values, err := p.nextCommand()
		if err != nil {
			return p.stepFailed(PublishRejected, err)
		}
		if at(values, 0) != "onStatus" {
			continue
		}
		info, _ := at(values, 3).(object)
		switch {
		case info.text("level") == "error":
			return p.attempt.fail(PublishRejected, status(values), nil)
		case info.text("code") == "NetStream.Publish.Start":
			return nil
		}
	}
}

// stepFailed judges a failure below a step that the server could still refuse.
func (p *Publisher) stepFailed(refused Cause, err error) error {
	switch {
	case isTimeout(err):
		return p.attempt.fail(HandshakeTimeout, "", err)
	case errors.Is(err, errProtocol), errors.Is(err, errAMF):
		return p.attempt.fail(NotRTMP, "", err)
	}
	// Many servers, nginx among them, refuse by hanging up.
	return p.attempt.fail(refused, "hung up", err)
}

// nextCommand returns the next command of the server and answers what comes between.
func (p *Publisher) nextCommand() ([]any, error) {
	for {
		m, err := p.chunks.next()
		if err != nil {
			return nil, err
		}
		if err := p.answer(m); err != nil {
			return nil, err
		}
		if m.kind == typeCommandAMF3 && len(m.payload) > 0 && m.payload[0] == 0 {
			m.kind, m.payload = typeCommandAMF0, m.payload[1:] // AMF0 inside, 7.1.1
		}
		if m.kind == typeCommandAMF0 {
			return parseAMF(m.payload)
		}
	}
}

// answer does what the protocol asks for after each message: acknowledgements (5.4.3), pings (7.1.7).
func (p *Publisher) answer(m message) error {
	switch m.kind {
	case typeWindowAckSize:
		if len(m.payload) >= 4 {
			p.window = binary.BigEndian.Uint32(m.payload)
		}
	case typeSetPeerBandwidth: // 5.4.5: answered with a window of our own
		if len(m.payload) >= 4 {
			if err := p.send(controlChunks, message{kind: typeWindowAckSize, payload: m.payload[:4]}); err != nil {
				return err
			}
		}
	case typeUserControl:
		const pingRequest, pingResponse = 6, 7
		if len(m.payload) >= 6 && binary.BigEndian.Uint16(m.payload) == pingRequest {
			pong := append([]byte{0, pingResponse}, m.payload[2:6]...)
			if err := p.send(controlChunks, message{kind: typeUserControl, payload: pong}); err != nil {
				return err
			}
		}
	}
	if p.window > 0 && p.chunks.read-p.acked >= p.window {
		p.acked = p.chunks.read
		return p.send(controlChunks, message{kind: typeAcknowledgement, payload: binary.BigEndian.AppendUint32(nil, p.acked)})
	}
	return nil
}

// read is the second goroutine.
func (p *Publisher) read() {
	for {
		values, err := p.nextCommand()
		if errors.Is(err, errAMF) {
			continue // a command that we need not understand any more
		}
		if err != nil {
			select {
			case <-p.closing: // the server hung up after our goodbye, or did not in time
			default:
				_ = p.broken(err)
			}
			return
		}
		info, _ := at(values, 3).(object)
		if at(values, 0) == "onStatus" && info.text("level") == "error" {
			_ = p.fail(ConnectionLost, status(values), nil)
			return
		}
	}
}

// broken judges what ended a publication from below.
func (p *Publisher) broken(err error) error {
	switch {
	case isTimeout(err):
		return p.fail(WriteStalled, "", err)
	case errors.Is(err, io.EOF):
		return p.fail(ConnectionLost, "hung up", err)
	}
	return p.fail(ConnectionLost, "", err)
}

// fail keeps the first failure and ends the connection.
func (p *Publisher) fail(cause Cause, words string, err error) error {
	p.failOnce.Do(func() {
		p.failure = &Error{
			Cause: cause, Address: p.attempt.address(), Secure: p.attempt.target.secure, Status: clean(p.attempt.target, words),
			After: time.Since(p.live), Err: err,
		}
		close(p.failed)
	})
	p.closeConn()
	return p.failure
}

func (p *Publisher) closeConn() { p.connCloser.Do(func() { _ = p.conn.Close() }) }

// abort ends the connection without a word; the channel is closed when nothing of it runs any more.
func (p *Publisher) abort() <-chan struct{} {
	p.closeOnce.Do(func() { close(p.closing) })
	p.closeConn()
	return p.done
}

// Failed is closed when the connection has failed; Err then says why.
func (p *Publisher) Failed() <-chan struct{} { return p.failed }

// Err is the *Error that ended the connection, nil while there is none.
func (p *Publisher) Err() error {
	select {
	case <-p.failed:
		return p.failure
	default:
		return nil
	}
}

// WriteInit sends the metadata and the codec configurations. at is the time of the sample that comes next.
func (p *Publisher) WriteInit(init *fmp4.Init, at time.Duration) error {
	timestamp := milliseconds(at)
	if err := p.media(dataChunks, typeDataAMF0, timestamp, appendAMF(nil, "@setDataFrame", "onMetaData", metadata(init))); err != nil {
		return err
	}
	if init.Video != nil {
		if err := p.media(videoChunks, typeVideo, timestamp, videoTag(nil, avcHeader, true, 0, init.Video.AVCC)); err != nil {
			return err
		}
	}
	if init.Audio != nil {
		return p.media(audioChunks, typeAudio, timestamp, audioTag(nil, aacHeader, init.Audio.ASC))
	}
	return nil
}

// WriteSample sends one sample. It may wait for the server up to WriteTimeout. Errors are the *Error that
// ended the connection, or ErrClosed.
func (p *Publisher) WriteSample(s fmp4.Sample) error {
	if s.Video {
		return p.media(videoChunks, typeVideo, milliseconds(s.DTS), videoTag(nil, avcUnit, s.Key, s.PTS-s.DTS, s.Data))
	}
	return p.media(audioChunks, typeAudio, milliseconds(s.DTS), audioTag(nil, aacRaw, s.Data))
}

func (p *Publisher) media(chunkStream, kind uint8, timestamp uint32, payload []byte) error {
	select {
	case <-p.failed:
		return p.failure
	case <-p.closing:
		return ErrClosed
	default:
	}
	if err := p.send(chunkStream, message{kind: kind, stream: p.stream, timestamp: timestamp, payload: payload}); err != nil {
		select {
		case <-p.closing: // under us
			return ErrClosed
		default:
			return p.broken(err)
		}
	}
	return nil
}

// command sends a command message (7.1.1).
func (p *Publisher) command(stream uint32, name string, id float64, arguments ...any) error {
	payload := appendAMF(nil, name, id)
	return p.send(commandChunks, message{kind: typeCommandAMF0, stream: stream, payload: appendAMF(payload, arguments...)})
}

// send writes one message. It is what both goroutines do to the connection.
func (p *Publisher) send(chunkStream uint8, m message) error {
	size := ourChunkSize
	if m.kind == typeSetChunkSize {
		size = defaultChunkSize
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.buffer = appendMessage(p.buffer[:0], size, chunkStream, m)
	_ = p.conn.SetWriteDeadline(time.Now().Add(p.attempt.options.WriteTimeout))
	if _, err := p.conn.Write(p.buffer); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// Close ends the publication in an orderly way, waits for the server to have read everything, and ends
// the connection. It returns the failure when there was one before or on the way.
func (p *Publisher) Close() error {
	if err := p.Err(); err != nil {
		<-p.abort()
		return err
	}
	var err error
	p.closeOnce.Do(func() {
		close(p.closing)
		err = p.unpublish()
	})
	<-p.abort()
	if failure := p.Err(); failure != nil {
		return failure
	}
	return err
}

func (p *Publisher) unpublish() error {
	t := p.attempt.target
	if err := p.command(0, "FCUnpublish", 6.0, nil, t.key); err != nil {
		return p.broken(err)
	}
	if err := p.command(0, "deleteStream", 7.0, nil, float64(p.stream)); err != nil { // 7.2.2.3
		return p.broken(err)
	}
	_ = p.conn.SetReadDeadline(time.Now().Add(unpublishTimeout))
	if half, ok := p.conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		<-p.done
	}
	return nil
}

func at(values []any, i int) any {
	if i < len(values) {
		return values[i]
	}
	return nil
}

// status is code and description of an answer.
func status(values []any) string {
	info := information(values)
	code, description := info.text("code"), info.text("description")
	if code != "" && description != "" {
		return code + ": " + description
	}
	return code + description
}
