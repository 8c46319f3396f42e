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
	"sync"
	"syscall"
	"time"
	"unicode"

	"github.com/klatch/klatch/internal/publicnet"
	"github.com/klatch/klatch/internal/tlsalert"
)

// Options of Dial. The zero value is what a livestream uses.
type Options struct {
	TLS              *tls.Config   // for rtmps; nil: the roots of the system
	AllowPrivate     bool          // targets in private networks are allowed
	ConnectTimeout   time.Duration // name and TCP; 0: 10 s
	HandshakeTimeout time.Duration // each of TLS, RTMP handshake, connect, publish; 0: 10 s
	Within           time.Duration // all of that, with redirects and authentication; 0: 20 s
	WriteTimeout     time.Duration // one message; 0: 10 s
}

const (
	defaultTimeout = 10 * time.Second
	defaultWithin  = 20 * time.Second
)

// attempt is on its way to a Publisher, over several connections where the server redirects or asks who we are.
type attempt struct {
	target  Target
	options Options
	began   time.Time
	step    time.Time // when the server was asked last
	via     []string  // servers that redirected, in their order

	auth     string // parameters that say who we are, behind the application
	named    bool   // the user name was sent
	answered bool   // the challenge was answered
}

// errRetry reports that the server wants another connection, for which the attempt is ready.
var errRetry = errors.New("rtmp: again")

// maxConnections are made in one attempt: three redirects, and two for the authentication at each.
const maxConnections = 12

// Dial connects, agrees on the application and starts to publish under the stream key. ctx is for that only.
// Errors are *Error, or the error of ctx when that ended.
func Dial(ctx context.Context, target Target, options Options) (*Publisher, error) {
	options.ConnectTimeout = cmp.Or(options.ConnectTimeout, defaultTimeout)
	options.HandshakeTimeout = cmp.Or(options.HandshakeTimeout, defaultTimeout)
	options.WriteTimeout = cmp.Or(options.WriteTimeout, defaultTimeout)
	options.Within = cmp.Or(options.Within, defaultWithin)
	a := &attempt{target: target, options: options, began: time.Now()}
	for range maxConnections {
		p, err := a.dial(ctx)
		if !errors.Is(err, errRetry) {
			return p, err
		}
	}
	return nil, a.fail(ConnectRejected, "asks again and again for another connection", nil)
}

// dial makes one connection. Its error is errAgain where another one may do better.
func (a *attempt) dial(ctx context.Context) (*Publisher, error) {
	conn, err := a.connect(ctx)
	if err != nil {
		return nil, orContext(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	p, err := a.publish(ctx, conn)
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
	since := a.began
	if cause == HandshakeTimeout {
		since = a.step
	}
	return &Error{
		Cause:   cause,
		Address: a.address(),
		Secure:  a.target.secure,
		Status:  clean(a.target, status),
		After:   time.Since(since),
		Err:     err,
	}
}

// address is where the attempt is, and how it came there.
func (a *attempt) address() string {
	if len(a.via) == 0 {
		return a.target.Address()
	}
	return a.target.Address() + " (to which " + strings.Join(a.via, ", then ") + " redirects)"
}

// deadline of the step that begins.
func (a *attempt) deadline() time.Time {
	a.step = time.Now()
	at := a.step.Add(a.options.HandshakeTimeout)
	if last := a.began.Add(a.options.Within); last.Before(at) {
		return last
	}
	return at
}

func (a *attempt) connect(ctx context.Context) (net.Conn, error) {
	dialer := net.Dialer{
		Timeout: min(a.options.ConnectTimeout, max(time.Until(a.began.Add(a.options.Within)), time.Millisecond)),
	}
	if !a.options.AllowPrivate {
		dialer.Control = publicnet.Control
	}
	conn, err := dialer.DialContext(ctx, "tcp", a.target.Address())
	if err != nil {
		return nil, a.fail(connectCause(err), "", err)
	}
	return conn, nil
}

// probeTime bounds a look at what a port speaks.
const probeTime = 2 * time.Second

// probe opens another connection to the server, to see what it speaks.
func (a *attempt) probe(ctx context.Context, look func(net.Conn) bool) bool {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	conn, err := a.connect(ctx)
	if err != nil {
		return false
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	return look(conn)
}

// speaksRTMP reports whether the port answers the handshake of RTMP without TLS.
func (a *attempt) speaksRTMP(ctx context.Context) bool {
	return a.probe(ctx, func(conn net.Conn) bool {
		if _, err := conn.Write(hello()); err != nil {
			return false
		}
		var first [1]byte
		_, err := io.ReadFull(conn, first[:])
		return err == nil && first[0] == version
	})
}

// speaksTLS reports whether the port answers the handshake of TLS, with whatever certificate.
func (a *attempt) speaksTLS(ctx context.Context) bool {
	return a.probe(ctx, func(conn net.Conn) bool {
		// nothing is sent
		err := tls.Client(conn, &tls.Config{ServerName: a.target.host, InsecureSkipVerify: true}).Handshake()
		return err == nil || tlsalert.Problem(err) != ""
	})
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
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, syscall.ETIMEDOUT)
}

// publish speaks TLS and RTMP up to the server's word that publishing has begun.
func (a *attempt) publish(ctx context.Context, conn net.Conn) (*Publisher, error) {
	if a.target.secure {
		secured, err := a.secure(ctx, conn)
		if err != nil {
			return nil, err
		}
		conn = secured
	}
	reader := bufio.NewReader(conn)
	if err := a.handshake(conn, reader); err != nil {
		if failed, ok := errors.AsType[*Error](err); ok && failed.Cause == NotRTMP && !a.target.secure &&
			a.speaksTLS(ctx) {
			failed.Cause, failed.Status = WrongScheme, ""
		}
		return nil, err
	}
	p := newPublisher(a, conn, reader)
	if err := p.begin(); err != nil {
		return nil, err
	}
	return p, nil
}

// secure speaks TLS. A server that waits for the rest of what it takes for an RTMP handshake is silent as one that
// hangs is; so while it is silent, and when it hangs up, it is asked for plain RTMP.
func (a *attempt) secure(ctx context.Context, conn net.Conn) (net.Conn, error) {
	config := &tls.Config{}
	if a.options.TLS != nil {
		config = a.options.TLS.Clone()
	}
	config.ServerName = cmp.Or(config.ServerName, a.target.host)
	secured := tls.Client(conn, config)
	_ = conn.SetDeadline(a.deadline())
	asked, cancel := context.WithCancel(ctx)
	plain := sync.OnceValue(func() bool { return a.speaksRTMP(asked) })
	early := time.AfterFunc(a.options.HandshakeTimeout/5, func() {
		if plain() {
			_ = conn.SetDeadline(time.Now())
		}
	})
	err := secured.Handshake()
	speaks := err != nil && (isTimeout(err) || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET)) && plain()
	cancel()
	if !early.Stop() {
		plain() // which ends now
	}
	if speaks {
		return nil, a.fail(WrongScheme, "", err)
	}
	if err != nil {
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

// hello is C0 and C1 (5.2.2, 5.2.3).
func hello() []byte {
	b := make([]byte, 1+handshakeSize)
	b[0] = version
	_, _ = rand.Read(b[9:]) // after the time and the four zeros; never fails
	// To a server that reads lines the random bytes end here, so that it answers and can be named.
	copy(b[len(b)-4:], "\r\n\r\n")
	return b
}

// handshake is the simple handshake of 5.2. The server's echo is not compared: servers that answer with a
// digest instead of an echo are common.
func (a *attempt) handshake(conn net.Conn, reader *bufio.Reader) error {
	_ = conn.SetDeadline(a.deadline())
	if _, err := conn.Write(hello()); err != nil {
		return a.handshakeFailed(reader, err)
	}
	first, err := reader.Peek(1)
	if err != nil {
		return a.handshakeFailed(reader, err)
	}
	if first[0] != version {
		return a.fail(NotRTMP, firstBytes(reader), nil)
	}
	answer := make([]byte, 1+2*handshakeSize)
	if _, err := io.ReadFull(reader, answer[:1+handshakeSize]); err != nil {
		return a.handshakeFailed(reader, err)
	}
	_ = conn.SetDeadline(a.deadline()) // it spoke
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

// firstBytes is the line with which a server that is not RTMP answered.
func firstBytes(reader *bufio.Reader) string {
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
	s = strings.TrimRight(s, ". ") // it stands inside of a sentence
	return strings.TrimSpace(s)
}
