// Package tlsalert finds out whether a connection failed in the handshake of TLS for another reason than its
// certificate: what dials asks it, to name the stage that failed. It is a leaf.
package tlsalert

import (
	"crypto/tls"
	"errors"
	"net"
	"strings"
)

// Problem returns why one of the two sides ended a handshake, such as "tls: certificate required" or "tls:
// unrecognized name"; "" for every other failure. Over TCP, crypto/tls has no type of its own for an alert:
// tls.AlertError is of QUIC alone. A certificate that does not verify, and what does not speak TLS, have types.
func Problem(err error) string {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return ""
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return ""
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "remote error" || op.Op == "local error") {
		return op.Err.Error()
	}
	for ; err != nil; err = errors.Unwrap(err) {
		if text := err.Error(); strings.HasPrefix(text, "tls: ") {
			return text
		}
	}
	return ""
}
