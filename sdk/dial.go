package sdk

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/coder/websocket"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/tlsalert"
)

// dialer reaches the signaling endpoint of one server.
type dialer struct {
	base    *url.URL
	client  *http.Client
	timeout time.Duration              // for one attempt
	remote  atomic.Pointer[netip.Addr] // where the last socket led; nil: unknown, as through a proxy of the environment
	local   atomic.Pointer[netip.Addr] // from where it did; nil: unknown
	cut     atomic.Pointer[time.Time]  // until when Meeting.Simulate lets nothing be reached; nil: never
}

func newDialer(base *url.URL, config *tls.Config, timeout time.Duration) *dialer {
	d := &dialer{base: base, timeout: timeout}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: config, DisableKeepAlives: true, DialContext: d.connect,
	}
	d.client = &http.Client{
		Transport:     answerRecorder{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return d
}

// connect opens a TCP connection. While the network is cut on purpose it fails as it does without a network.
func (d *dialer) connect(ctx context.Context, network, address string) (net.Conn, error) {
	if until := d.cut.Load(); until != nil && time.Now().Before(*until) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// answer is what came instead of a WebSocket, with the beginning of its body.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// maxAnswer is more than a fault or the page of a proxy that is told apart here.
const maxAnswer = 64 << 10

type answerKey struct{}

// answerRecorder keeps the answer of a request whose context has a place for it: of the body the WebSocket library
// passes on too little.
type answerRecorder struct{ *http.Transport }

func (k answerRecorder) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := k.Transport.RoundTrip(req)
	kept, wanted := req.Context().Value(answerKey{}).(*answer)
	if err != nil || !wanted || res.StatusCode == http.StatusSwitchingProtocols {
		return res, err
	}
	body, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer)) // what came of it tells enough
	_ = res.Body.Close()                                       // read-only
	res.Body = io.NopCloser(bytes.NewReader(body))
	*kept = answer{status: res.StatusCode, header: res.Header, body: body}
	return res, nil
}

// dial opens a WebSocket; attempt counts from 1. An error is 3102 with the stage that failed, the server's own refusal,
// or ctx's.
func (d *dialer) dial(ctx context.Context, attempt int) (*websocket.Conn, error) {
	limited, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	var got answer
	limited = context.WithValue(limited, answerKey{}, &got)
	limited = httptrace.WithClientTrace(
		limited,
		&httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { d.reached(info.Conn) }},
	)
	address := d.signal()
	ws, _, err := websocket.Dial(limited, address, &websocket.DialOptions{HTTPClient: d.client})
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if got.status != 0 {
			return nil, d.answered(ctx, got, attempt).Because(err)
		}
		return nil, d.classify(err, attempt)
	}
	ws.SetReadLimit(16 << 20) // a welcome of a large meeting; the server is trusted further than a client
	return ws, nil
}

func (d *dialer) signal() string { return d.base.JoinPath("v1", "signal").String() }

// reached notes where a socket leads, unless a proxy of the environment stands in between.
func (d *dialer) reached(conn net.Conn) {
	if local, ok := conn.LocalAddr().(*net.TCPAddr); ok {
		address := local.AddrPort().Addr().Unmap()
		d.local.Store(&address)
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: d.base})
	remote, ok := conn.RemoteAddr().(*net.TCPAddr)
	if err != nil || proxy != nil || !ok {
		d.remote.Store(nil)
		return
	}
	address := remote.AddrPort().Addr().Unmap()
	d.remote.Store(&address)
}

// classify is the one place where a failure to reach anything over HTTP becomes a stage of 3102.
func (d *dialer) classify(err error, attempt int) *fault.Error {
	hostPort := net.JoinHostPort(d.base.Hostname(), d.port())
	var (
		dns      *net.DNSError
		verify   *tls.CertificateVerificationError
		unknown  x509.UnknownAuthorityError
		name     x509.HostnameError
		invalid  x509.CertificateInvalidError
		record   tls.RecordHeaderError
		timedOut net.Error
	)
	if proxy := proxyOf(err); proxy != "" {
		hostPort = "the proxy " + proxy
	}
	switch {
	case errors.As(err, &dns):
		return fault.SignalingUnreachableDNS(d.base.Hostname(), attempt).Because(err)
	case errors.Is(err, http.ErrSchemeMismatch):
		return fault.SignalingUnreachableTLS(hostPort, "the server does not speak TLS; use http").Because(err)
	case errors.As(err, &verify):
		return fault.SignalingUnreachableTLS(hostPort, verify.Err.Error()).Because(err)
	case errors.As(err, &unknown):
		return fault.SignalingUnreachableTLS(hostPort, unknown.Error()).Because(err)
	case errors.As(err, &name):
		return fault.SignalingUnreachableTLS(hostPort, name.Error()).Because(err)
	case errors.As(err, &invalid):
		return fault.SignalingUnreachableTLS(hostPort, invalid.Error()).Because(err)
	case errors.As(err, &record):
		return fault.SignalingUnreachableTLS(hostPort, "what answers does not speak TLS").Because(err)
	case tlsalert.Problem(err) != "":
		return fault.SignalingUnreachableTLS(hostPort, tlsalert.Problem(err)).Because(err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fault.SignalingUnreachableRefused(hostPort, attempt).Because(err)
	case errors.Is(err, syscall.ENETUNREACH),
		errors.Is(err, syscall.EHOSTUNREACH),
		errors.Is(err, syscall.EACCES),
		errors.Is(err, syscall.EADDRNOTAVAIL):
		return fault.SignalingUnreachableNoRoute(hostPort, errnoText(err), attempt).Because(err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timedOut) && timedOut.Timeout():
		return fault.SignalingUnreachableConnectTimeout(hostPort, d.timeout, attempt).Because(err)
	}
	return fault.SignalingUnreachableNotHTTP(hostPort).Because(err)
}

// proxyOf returns the address of the proxy that could not be reached, where one stands in between (HTTP_PROXY).
func proxyOf(err error) string {
	outer, ok := errors.AsType[*net.OpError](err)
	if !ok || outer.Op != "proxyconnect" {
		return ""
	}
	if inner, ok := errors.AsType[*net.OpError](outer.Err); ok && inner.Addr != nil {
		return inner.Addr.String()
	}
	return "of the environment"
}

func errnoText(err error) string {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	return err.Error()
}

func (d *dialer) port() string {
	if port := d.base.Port(); port != "" {
		return port
	}
	if d.base.Scheme == "https" {
		return "443"
	}
	return "80"
}
