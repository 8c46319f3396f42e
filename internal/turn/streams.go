package turn

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/pion/stun/v4"

	"github.com/klatch/klatch/internal/ratelimit"
)

// proveWithin is how long a connection may have no relay.
const proveWithin = 10 * time.Second

// writeWithin is how long a client may take nothing of what is sent to it.
const writeWithin = 15 * time.Second

// streams are the connections over TCP and TLS, of a listener of our own and of the port of HTTPS. It implements
// net.Listener for pion. A connection without a relay is closed after proveWithin; too many of them close the one that
// has waited longest. Shape: mutex. No connection is closed while mu is held.
type streams struct {
	server   *Server
	accepted chan net.Conn
	address  net.Addr

	mu      sync.Mutex // guards everything below
	closed  bool
	done    chan struct{}
	open    map[*stream]struct{}
	waiting ratelimit.Queue[*stream] // those without a relay
}

func newStreams(s *Server, address net.Addr) *streams {
	return &streams{
		server: s, accepted: make(chan net.Conn), address: address, done: make(chan struct{}), open: map[*stream]struct{}{},
	}
}

// Accept implements net.Listener.
func (l *streams) Accept() (net.Conn, error) {
	select {
	case conn := <-l.accepted:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Addr implements net.Listener.
func (l *streams) Addr() net.Addr { return l.address }

// Close implements net.Listener. It closes all connections.
func (l *streams) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	close(l.done)
	var all []*stream
	for s := range l.open {
		all = append(all, s)
	}
	l.mu.Unlock()
	for _, s := range all {
		_ = s.Close() // nothing of it is kept
	}
	return nil
}

// add takes a connection, whose addresses must be those of TCP.
func (l *streams) add(conn net.Conn) {
	s := &stream{
		Conn: conn, list: l, reader: bufio.NewReaderSize(conn, 4096), tuple: tupleOf(conn.RemoteAddr(), conn.LocalAddr()),
	}
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		_ = conn.Close() // the server stops
		return
	}
	l.open[s] = struct{}{}
	l.mu.Unlock()
	l.server.register(s)
	l.wait(s)
	select {
	case l.accepted <- s:
	case <-l.done:
	}
}

// wait notes that a connection has no relay.
func (l *streams) wait(s *stream) {
	network := ratelimit.Network(s.tuple.client.Addr())
	limits := l.server.quota.limits
	l.mu.Lock()
	if _, open := l.open[s]; !open {
		l.mu.Unlock()
		return
	}
	l.waiting.Add(network, s)
	if s.expiry == nil {
		s.expiry = time.AfterFunc(proveWithin, func() {
			if l.isWaiting(s) {
				_ = s.Close() // it had its time
			}
		})
	} else {
		s.expiry.Reset(proveWithin)
	}
	victim, tooMany := l.waiting.PastBound(network, limits.PendingPerAddress, limits.Pending)
	l.mu.Unlock()
	if tooMany {
		l.server.stats.closedPending.Add(1)
		_ = victim.Close() // nothing was promised to it
	}
}

func (l *streams) isWaiting(s *stream) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, open := l.open[s]
	return open && s.relays == 0
}

// relayChanged notes that a connection has one relay more or less.
func (l *streams) relayChanged(s *stream, by int) {
	l.mu.Lock()
	s.relays += by
	has := s.relays > 0
	if has {
		l.waiting.Remove(s)
	}
	l.mu.Unlock()
	if !has {
		l.wait(s)
	}
}

func (l *streams) remove(s *stream) {
	l.mu.Lock()
	delete(l.open, s)
	l.waiting.Remove(s)
	if s.expiry != nil {
		s.expiry.Stop()
	}
	l.mu.Unlock()
	l.server.unregister(s)
}

// stream is one connection. Each Read returns one message, which the guard has let pass.
type stream struct {
	net.Conn
	list   *streams
	tuple  tuple
	reader *bufio.Reader

	closing sync.Once
	writing sync.Mutex // held by whoever writes: pion, its relay, and the guard

	// Guarded by streams.mu.
	relays int
	expiry *time.Timer
}

var errFrame = errors.New("turn: neither STUN nor ChannelData")

// Read implements net.Conn. b must have room for a message.
func (s *stream) Read(b []byte) (int, error) {
	for {
		n, err := s.readMessage(b)
		if err != nil {
			return 0, err
		}
		server := s.list.server
		v, reply := server.guard.inspect(b[:n], s.tuple.client, server.holder(s.tuple))
		if reply != nil {
			if _, err := s.Write(reply); err != nil {
				return 0, err
			}
		}
		switch v {
		case pass:
			return n, nil
		case flood:
			return 0, errFrame // over TCP, who sends too much is not who shares an address with it
		}
	}
}

// readMessage reads a STUN message, or ChannelData with its padding (RFC 8656, section 12.5).
func (s *stream) readMessage(b []byte) (int, error) {
	const stunHeader, channelHeader = 20, 4
	header := b[:channelHeader]
	if _, err := io.ReadFull(s.reader, header); err != nil {
		return 0, err
	}
	length := int(binary.BigEndian.Uint16(header[2:]))
	size := 0
	switch header[0] >> 6 {
	case 0:
		size = stunHeader + length
		if length%4 != 0 {
			return 0, errFrame
		}
	case 1:
		size = channelHeader + (length+3)/4*4
	default:
		return 0, errFrame
	}
	if size >= len(b) { // pion drops what fills its buffer
		return 0, errFrame
	}
	if _, err := io.ReadFull(s.reader, b[channelHeader:size]); err != nil {
		return 0, err
	}
	if header[0]>>6 == 0 && !stun.IsMessage(b[:size]) {
		return 0, errFrame
	}
	return size, nil
}

// Write implements net.Conn. A client that takes nothing loses its connection.
func (s *stream) Write(b []byte) (int, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	_ = s.Conn.SetWriteDeadline(time.Now().Add(writeWithin)) // a connection that is closed
	n, err := s.Conn.Write(b)
	if err != nil {
		_ = s.Close() // a message that was cut ends the framing
	}
	return n, err
}

// Close implements net.Conn.
func (s *stream) Close() error {
	var err error
	s.closing.Do(func() {
		s.list.remove(s)
		err = s.Conn.Close()
	})
	return err
}
