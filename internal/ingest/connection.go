package ingest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ingest/order"
	"github.com/klatch/klatch/internal/rtmp"
)

// application is what encoders connect to.
const application = "live"

// Codes of status: Adobe's RTMP specification 1.0, section 7.2, and what servers of that family send.
const (
	badName        = "NetStream.Publish.BadName"
	streamFailed   = "NetStream.Failed"
	connectReject  = "NetConnection.Connect.Rejected"
	connectIdle    = "NetConnection.Connect.IdleTimeout"
	serverShutdown = "NetConnection.Connect.AppShutdown"
)

// connection is that of one encoder. serve runs on a goroutine of its own.
type connection struct {
	server  *Server
	conn    net.Conn
	secure  bool
	address netip.Addr
	network netip.Prefix

	in    *rtmp.Incoming // from the begin of serve
	start time.Time
	again bool // its publisher had another connection before; set while it is attached
}

// serve takes the encoder from its first byte to its last.
func (c *connection) serve() {
	s := c.server
	c.start = time.Now()
	_ = c.conn.SetDeadline(c.start.Add(s.opts.HandshakeTimeout)) // a connection that is gone
	c.in = rtmp.NewIncoming(c.conn)
	key, err := c.handshake()
	if err != nil {
		c.failedBefore(err)
		return
	}
	if err := c.publish(key); err != nil {
		c.refuse(err)
	}
}

// handshake returns the key with which the encoder wants to publish.
func (c *connection) handshake() (key string, err error) {
	if secured, ok := c.conn.(*tls.Conn); ok {
		if err := secured.HandshakeContext(c.server.life); err != nil {
			return "", err
		}
	}
	if err := c.in.Handshake(); err != nil {
		return "", err
	}
	app, err := c.in.ReadConnect()
	if err != nil {
		return "", err
	}
	if app != application {
		return "", fault.RTMPIngestRefusedApplication()
	}
	if err := c.in.AcceptConnect(); err != nil {
		return "", err
	}
	return c.in.ReadPublish()
}

// failedBefore judges why a connection came to nothing before its key was known.
func (c *connection) failedBefore(err error) {
	address := c.address.String()
	var f *fault.Error
	var other *rtmp.NotRTMPError
	var mode *rtmp.ModeError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &f):
		c.tell(f, func(description string) error { return c.in.RejectConnect(connectReject, description) })
		return
	case errors.As(err, &mode):
		f = fault.RTMPIngestRefusedNotPublishing(mode.Asked)
	case errors.Is(err, rtmp.ErrMalformed):
		f = fault.RTMPIngestRefusedMalformed(address, rtmp.ProblemOf(err))
	case errors.As(err, &other):
		c.server.report(fault.RTMPIngestRefusedNotRTMP(address, other.Got))
		return
	case errors.As(err, &record):
		c.server.report(fault.RTMPIngestRefusedNotRTMP(address, "data without TLS, on the port of RTMPS"))
		return
	case errors.Is(err, os.ErrDeadlineExceeded):
		step := c.in.Step()
		if secured, ok := c.conn.(*tls.Conn); ok && !secured.ConnectionState().HandshakeComplete {
			step = "the TLS handshake"
		}
		c.server.report(fault.RTMPIngestRefusedHandshakeTimeout(address, step, time.Since(c.start)))
		return
	default: // it hung up, or was closed for others: scanners and health checks do
		c.server.opts.Logger.Debug("an RTMP connection ended before it published", "address", address, "err", err)
		return
	}
	c.refuse(f)
}

// refuse tells the encoder why it may not publish, and reports it.
func (c *connection) refuse(err error) {
	f := fault.From(err)
	code := badName
	if f.OfServer() || f.Code == fault.CodeRateLimited || f.Reason == fault.ReasonMalformed {
		code = streamFailed
	}
	c.tell(f, func(description string) error { return c.in.Refuse(code, description) })
}

// tell reports a fault that the server does not know yet, and sends it by status.
func (c *connection) tell(f *fault.Error, send func(description string) error) {
	c.server.report(f)
	c.say(f, send)
}

// say sends a fault that was reported. Of a flood of connections a sample is told.
func (c *connection) say(f *fault.Error, send func(description string) error) {
	if !c.server.hangups.Allow() {
		return
	}
	_ = send(describe(f)) // it may be gone
	c.linger()
}

// linger lets the encoder read what it was told: what it sends meanwhile would otherwise reset the connection.
func (c *connection) linger() {
	if half, ok := c.conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = c.conn.SetReadDeadline(time.Now().Add(lingerTime))
	buffer := make([]byte, 4<<10)
	for range lingerReads {
		if _, err := c.conn.Read(buffer); err != nil {
			return
		}
	}
}

const (
	lingerTime  = time.Second
	lingerReads = 256
)

// describe is a fault as the description of a status.
func describe(f *fault.Error) string {
	return fmt.Sprintf("%d %s %s: %s %s", f.Code, f.Reason, f.ID, f.Detail, f.Remedy)
}

func (s *Server) report(f *fault.Error) { s.opts.Report(s.life, f) }

// publish judges the key and carries the media to the worker until either ends. Its error refuses the encoder; when
// it published, it was told by then and the error is nil.
func (c *connection) publish(sent string) error {
	s := c.server
	key, err := s.admitKey(c, sent)
	if err != nil {
		return err
	}
	if f := s.barredBy(key); f != nil {
		c.say(f, func(description string) error { return c.in.Refuse(badName, description) })
		return nil
	}
	p, err := s.publisherFor(key, c)
	if err != nil {
		return err
	}
	if !p.awaitJoin(c) {
		return nil // it was told
	}
	s.mu.Lock()
	s.pending.Remove(c)
	s.mu.Unlock()
	if err := c.in.Start(); err != nil {
		p.detach(c, nil)
		return nil
	}
	p.detach(c, c.carry(p))
	return nil
}

// carry hands on media until the connection or the publisher ends. Its error says how; nil where the publisher has
// ended.
func (c *connection) carry(p *publisher) error {
	for {
		_ = c.conn.SetReadDeadline(time.Now().Add(c.server.opts.StallTimeout))
		m, err := c.in.Next()
		if err != nil {
			return err
		}
		kind := order.Audio
		if m.Video {
			kind = order.Video
		}
		if err := p.feed(c, order.Frame{Kind: kind, Timestamp: m.Timestamp, Payload: m.Payload}); err != nil {
			return err
		}
	}
}
