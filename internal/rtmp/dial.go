package rtmp

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/klatch/klatch/internal/publicnet"
)

// Options of Dial. The zero value is what a livestream uses.
type Options struct {
	TLS              *tls.Config   // for rtmps; nil: the roots of the system
	AllowPrivate     bool          // targets in private networks are allowed
	ConnectTimeout   time.Duration // name and TCP; 0: 10 s
	HandshakeTimeout time.Duration // each of TLS, RTMP handshake, connect, publish; 0: 10 s
	WriteTimeout     time.Duration // one message; 0: 10 s
}

const defaultTimeout = 10 * time.Second

// attempt is a connection on its way to a Publisher.
type attempt struct {
	target  Target
	options Options
	began   time.Time
}

// Dial connects, agrees on the application and starts to publish under the stream key. ctx is for that only.
// Errors are *Error, or the error of ctx when that ended.
func Dial(ctx context.Context, target Target, options Options) (*Publisher, error) {
	options.ConnectTimeout = cmp.Or(options.ConnectTimeout, defaultTimeout)
	options.HandshakeTimeout = cmp.Or(options.HandshakeTimeout, defaultTimeout)
	options.WriteTimeout = cmp.Or(options.WriteTimeout, defaultTimeout)
	a := &attempt{target: target, options: options, began: time.Now()}
	conn, err := a.connect(ctx)
	if err != nil {
		return nil, orContext(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	p, err := a.publish(conn)
	if !stop() && err == nil {
		err = context.Cause(ctx) // closed under us
		<-p.abort()
	}
	if err != nil {
		_ = conn.Close()
		return nil, orContext(ctx, err)
	}
	return p, nil
}

func orContext(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (a *attempt) fail(cause Cause, status string, err error) error {
	return &Error{Cause: cause, Address: a.target.Address(), Status: clean(a.target, status), After: time.Since(a.began), Err: err}
}

func (a *attempt) connect(ctx context.Context) (net.Conn, error) {
	dialer := net.Dialer{Timeout: a.options.ConnectTimeout}
	if !a.options.AllowPrivate {
		dialer.Control = publicnet.Control
	}
	conn, err := dialer.DialContext(ctx, "tcp", a.target.Address())
	if err != nil {
		return nil, a.fail(connectCause(err), "", err)
	}
	return conn, nil
}

func connectCause(err error) Cause {
	var dns *net.DNSError
	var private *publicnet.PrivateError
	switch {
	case errors.As(err, &private):
		return PrivateAddress
	case errors.As(err, &dns):
		return DNS
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused
	case isTimeout(err):
		return ConnectTimeout
	}
	return Unreachable
}

func isTimeout(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, syscall.ETIMEDOUT)
}

// publish speaks TLS and RTMP up to the server's word that publishing has begun.
func (a *attempt) publish(conn net.Conn) (*Publisher, error) {
	if a.target.secure {
		secured, err := a.secure(conn)
		if err != nil {
			return nil, err
		}
		conn = secured
	}
	reader := bufio.NewReader(conn)
	if err := a.handshake(conn, reader); err != nil {
		return nil, err
	}
	p := newPublisher(a, conn, reader)
	if err := p.begin(); err != nil {
		return nil, err
	}
	return p, nil
}

func (a *attempt) secure(conn net.Conn) (net.Conn, error) {
	config := &tls.Config{}
	if a.options.TLS != nil {
		config = a.options.TLS.Clone()
	}
	config.ServerName = cmp.Or(config.ServerName, a.target.host)
	secured := tls.Client(conn, config)
	_ = conn.SetDeadline(time.Now().Add(a.options.HandshakeTimeout))
	if err := secured.Handshake(); err != nil {
		return nil, a.fail(tlsCause(err), "", err)
	}
	return secured, nil
}

func tlsCause(err error) Cause {
	var (
		invalid x509.CertificateInvalidError
		name    x509.HostnameError
		verify  *tls.CertificateVerificationError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return TLSExpired
	case errors.As(err, &name):
		return TLSName
	case errors.As(err, &verify):
		return TLSUntrusted
	case errors.As(err, &record):
		return NotTLS
	case isTimeout(err):
		return HandshakeTimeout
	}
	return TLSFailed
}

const (
	version       = 3
	handshakeSize = 1536
)

// handshake is the simple handshake of 5.2. The server's echo is not compared: servers that answer with a
// digest instead of an echo are common.
func (a *attempt) handshake(conn net.Conn, reader *bufio.Reader) error {
	_ = conn.SetDeadline(time.Now().Add(a.options.HandshakeTimeout))
	hello := make([]byte, 1+handshakeSize)
	hello[0] = version
	_, _ = rand.Read(hello[9:]) // after the time and the four zeros; never fails
	// To a server that reads lines the random bytes end here, so that it answers and can be named.
	copy(hello[len(hello)-4:], "\r\n\r\n")
	if _, err := conn.Write(hello); err != nil {
		return a.handshakeFailed(reader, err)
	}
	first, err := reader.Peek(1)
	if err != nil {
		return a.handshakeFailed(reader, err)
	}
	if first[0] != version {
		return a.fail(NotRTMP, firstWords(reader), nil)
	}
	answer := make([]byte, 1+2*handshakeSize)
	if _, err := io.ReadFull(reader, answer[:1+handshakeSize]); err != nil {
		return a.handshakeFailed(reader, err)
	}
	if _, err := conn.Write(answer[1 : 1+handshakeSize]); err != nil {
		return a.handshakeFailed(reader, err)
	}
	if _, err := io.ReadFull(reader, answer[1+handshakeSize:]); err != nil {
		return a.handshakeFailed(reader, err)
	}
	return nil
}

func (a *attempt) handshakeFailed(reader *bufio.Reader, err error) error {
	if isTimeout(err) {
		return a.fail(HandshakeTimeout, "", err)
	}
	return a.fail(NotRTMP, "hung up during the handshake", err)
}

// firstWords is the line with which a server that is not RTMP answered.
func firstWords(reader *bufio.Reader) string {
	have, _ := reader.Peek(min(reader.Buffered(), 80))
	line, _, _ := strings.Cut(string(have), "\n")
	return line
}

// clean makes words of a server fit for an error: one short line, without our secrets.
func clean(t Target, s string) string {
	const longest = 200
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != unicode.ReplacementChar {
			return r
		}
		return -1
	}, t.redact(s))
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "")
	}
	return strings.TrimSpace(s)
}
