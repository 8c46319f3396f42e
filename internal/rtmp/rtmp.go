// Package rtmp publishes H.264 and AAC to an RTMP or RTMPS server: the livestream outputs of a meeting.
//
// A Publisher is one connection and one attempt. A Relay keeps one output alive over many of them: it has a
// bounded queue, so that a dead or slow output never delays the encoder or another output, and reports what
// becomes of it. Every failure is an *Error with a Cause, chosen here where it is known; the stream key is in
// none of them, in no String and in no log. The egress worker calls it and maps causes to codes.
//
// The protocol is Adobe's RTMP specification 1.0 (https://rtmp.veriskope.com/docs/spec/; sections cited are
// of that), with the FLV tag bodies of Adobe's FLV specification 10.1, annex E.
package rtmp

import (
	"errors"
	"fmt"
	"time"
)

// Cause is what went wrong on the way to a server.
type Cause uint8

// The causes, in the order of the steps in which they happen.
const (
	_                Cause = iota
	DNS                    // the name does not resolve
	PrivateAddress         // the name or address leads into a private network
	Refused                // nobody listens on the port
	Unreachable            // no route to the host
	ConnectTimeout         // no answer to the TCP connect
	TLSUntrusted           // certificate of an authority that is not trusted
	TLSExpired             // certificate not valid now
	TLSName                // certificate of another name
	NotTLS                 // the port of an rtmps URL does not speak TLS, nor RTMP
	WrongScheme            // the port speaks TLS and the URL is rtmp, or RTMP without TLS and the URL is rtmps
	TLSFailed              // TLS failed otherwise
	HandshakeTimeout       // connected, but silent: TLS, the RTMP handshake or a command has no answer
	NotRTMP                // what answers is not RTMP
	Redirect               // the server redirects to where we do not follow
	AuthRequired           // the server wants a user and a password, and the URL has none
	AuthFailed             // the server refuses the user or the password
	ConnectRejected        // the application is refused (wrong path), or the server hung up on it
	PublishRejected        // the stream key is refused, or the server hung up on it
	WriteStalled           // the server stopped reading
	ConnectionLost         // the connection ended while publishing
)

var causes = [...]string{
	DNS: "DNS", PrivateAddress: "PRIVATE_ADDRESS", Refused: "REFUSED", Unreachable: "UNREACHABLE",
	ConnectTimeout: "CONNECT_TIMEOUT", TLSUntrusted: "TLS_UNTRUSTED", TLSExpired: "TLS_EXPIRED", TLSName: "TLS_NAME",
	NotTLS: "NOT_TLS", WrongScheme: "WRONG_SCHEME", TLSFailed: "TLS_FAILED", HandshakeTimeout: "HANDSHAKE_TIMEOUT",
	NotRTMP:  "NOT_RTMP",
	Redirect: "REDIRECT", AuthRequired: "AUTH_REQUIRED", AuthFailed: "AUTH_FAILED",
	ConnectRejected: "CONNECT_REJECTED", PublishRejected: "PUBLISH_REJECTED", WriteStalled: "WRITE_STALLED",
	ConnectionLost: "LOST",
}

func (c Cause) String() string {
	if c == 0 || int(c) >= len(causes) {
		return fmt.Sprintf("Cause(%d)", uint8(c))
	}
	return causes[c]
}

// Error is a failed or ended attempt.
type Error struct {
	Cause   Cause
	Address string // host:port of the target, and of those that redirected there
	Secure  bool   // the target is rtmps
	Status  string // what the server said (its code and description), or the answer that was not RTMP; "" when nothing
	// After is since the attempt began; for HandshakeTimeout since the server spoke last, for ConnectionLost and
	// WriteStalled since publishing began.
	After time.Duration
	Err   error // what lies below, nil when Status is enough
}

func (e *Error) Error() string {
	s := fmt.Sprintf("rtmp: %s: %s", e.Address, e.Cause)
	if e.Status != "" {
		s += fmt.Sprintf(" (%s)", e.Status)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// ErrClosed is returned by a Publisher after Close.
var ErrClosed = errors.New("rtmp: publisher is closed")
