package server

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"
)

// alpnTURN is the protocol that a TURN client may name in its TLS handshake (RFC 7443). Browsers name none.
const alpnTURN = "stun.turn"

// sharedPort speaks TLS for two protocols on the public port. What a connection is for is told by the protocol that was
// agreed in the handshake or, without one, by its first byte: a STUN message begins with two zero bits (RFC 8489,
// section 5), an HTTP request with a letter. Until then it waits in the listener below, under that one's limits. Accept
// returns the connections of HTTP.
type sharedPort struct {
	*listener
	config   *tls.Config
	turn     func(net.Conn) // takes over a connection of TURN
	log      *slog.Logger
	timeout  time.Duration // of the handshake, and then of the first byte
	accepted chan net.Conn
	done     chan struct{}
	close    sync.Once
	wg       sync.WaitGroup
}

// newSharedPort begins to accept. The configuration gets the protocols that are spoken.
func newSharedPort(
	inner *listener, config *tls.Config, timeout time.Duration, turn func(net.Conn), log *slog.Logger,
) *sharedPort {
	config.NextProtos = withProtocols(config.NextProtos)
	p := &sharedPort{
		listener: inner, config: config, turn: turn, log: log, timeout: timeout,
		accepted: make(chan net.Conn), done: make(chan struct{}),
	}
	p.wg.Go(p.run)
	return p
}

// withProtocols adds to what a certificate needs what the port speaks.
func withProtocols(protocols []string) []string {
	protocols = slices.Clone(protocols)
	for _, name := range []string{"h2", "http/1.1", alpnTURN} {
		if !slices.Contains(protocols, name) {
			protocols = append(protocols, name)
		}
	}
	return protocols
}

func (p *sharedPort) run() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			_ = p.Close()
			return
		}
		p.wg.Go(func() { p.open(conn.(*clientConn)) })
	}
}

// open makes the handshake and hands the connection on.
func (p *sharedPort) open(raw *clientConn) {
	conn := tls.Server(raw, p.config)
	_ = raw.SetDeadline(time.Now().Add(p.timeout)) // a connection that is closed
	if err := conn.HandshakeContext(context.Background()); err != nil {
		p.refusePlain(err)
		_ = raw.Close()
		return
	}
	var handed net.Conn = conn
	protocol := conn.ConnectionState().NegotiatedProtocol
	isTURN := protocol == alpnTURN
	if protocol == "" {
		_ = raw.SetDeadline(time.Now().Add(p.timeout))
		begun := &begunConn{Conn: conn}
		if _, err := io.ReadFull(conn, begun.first[:]); err != nil {
			p.log.Debug("a connection ended before its first byte", "err", err)
			_ = conn.Close()
			return
		}
		handed, isTURN = begun, begun.first[0]>>6 == 0
	}
	_ = raw.SetDeadline(time.Time{})
	if isTURN {
		p.listener.leave(raw)
		p.turn(handed)
		return
	}
	select {
	case p.accepted <- handed:
	case <-p.done:
		_ = raw.Close()
	}
}

// refusePlain answers a client that speaks HTTP without TLS, as net/http does.
func (p *sharedPort) refusePlain(err error) {
	record, ok := errors.AsType[tls.RecordHeaderError](err)
	if ok && record.Conn != nil && looksLikeHTTP(record.RecordHeader) {
		_, _ = io.WriteString(record.Conn,
			"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n") // it may be gone
	}
	p.log.Debug("TLS handshake", "err", err)
}

func looksLikeHTTP(header [5]byte) bool {
	return slices.Contains([]string{"GET /", "HEAD ", "POST ", "PUT /", "OPTIO", "DELET", "PATCH"}, string(header[:]))
}

// Accept implements net.Listener.
func (p *sharedPort) Accept() (net.Conn, error) {
	select {
	case conn := <-p.accepted:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener. Connections whose handshake is on the way are the listener's, which closes them.
func (p *sharedPort) Close() error {
	var err error
	p.close.Do(func() {
		close(p.done)
		err = p.listener.Close()
	})
	return err
}

// begunConn is a connection whose first byte was read.
type begunConn struct {
	*tls.Conn
	first [1]byte
	given bool // only the one goroutine that reads knows it
}

// Read implements net.Conn.
func (c *begunConn) Read(b []byte) (int, error) {
	if c.given || len(b) == 0 {
		return c.Conn.Read(b)
	}
	c.given = true
	return copy(b, c.first[:]), nil
}

// leave takes a connection out of the queues of HTTP.
func (l *listener) leave(c *clientConn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.moveLocked(c, nil)
}

// serveTLS serves HTTPS and, where there is a TURN server, TURN over TLS on the same port.
func (s *Server) serveTLS(public *listener) error {
	if s.turn == nil {
		return s.http.ServeTLS(public, "", "")
	}
	config := s.http.TLSConfig.Clone()
	s.http.TLSConfig.NextProtos = withProtocols(s.http.TLSConfig.NextProtos) // net/http serves HTTP/2 where they name it
	port := newSharedPort(public, config, s.http.ReadHeaderTimeout, s.turn.Serve, s.log)
	err := s.http.Serve(port)
	port.wg.Wait()
	return err
}
