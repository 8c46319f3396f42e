package klatch

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/coder/websocket"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// dialer reaches the signaling endpoint of one server.
type dialer struct {
	base    *url.URL
	client  *http.Client
	timeout time.Duration // for one attempt
}

func newDialer(base *url.URL, config *tls.Config, timeout time.Duration) *dialer {
	return &dialer{base: base, timeout: timeout, client: &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: config, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// dial opens a WebSocket. An error is 3102 with the stage that failed, or ctx's.
func (d *dialer) dial(ctx context.Context) (*websocket.Conn, error) {
	attempt, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	address := d.base.JoinPath("v1", "signal").String()
	ws, res, err := websocket.Dial(attempt, address, &websocket.DialOptions{HTTPClient: d.client})
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, d.classify(ctx, address, res, err)
	}
	ws.SetReadLimit(16 << 20) // a welcome of a large meeting; the server is trusted further than a client
	return ws, nil
}

// classify is the one place where a failure to reach the server becomes a stage of 3102.
func (d *dialer) classify(ctx context.Context, address string, res *http.Response, err error) *fault.Error {
	hostPort := net.JoinHostPort(d.base.Hostname(), d.port())
	if res != nil {
		if wantsTLS(res) {
			return fault.SignalingUnreachableTLS(hostPort, "the server speaks TLS; use https").Because(err)
		}
		return d.notUpgraded(ctx, address, res.StatusCode).Because(err)
	}
	var (
		dns      *net.DNSError
		verify   *tls.CertificateVerificationError
		unknown  x509.UnknownAuthorityError
		name     x509.HostnameError
		invalid  x509.CertificateInvalidError
		alert    tls.AlertError
		record   tls.RecordHeaderError
		timedOut net.Error
	)
	if proxy := proxyOf(err); proxy != "" {
		hostPort = "the proxy " + proxy
	}
	switch {
	case errors.As(err, &dns):
		return fault.SignalingUnreachableDNS(d.base.Hostname()).Because(err)
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
	case errors.As(err, &alert):
		return fault.SignalingUnreachableTLS(hostPort, alert.Error()).Because(err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fault.SignalingUnreachableRefused(hostPort).Because(err)
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EADDRNOTAVAIL):
		return fault.SignalingUnreachableNoRoute(hostPort, errnoText(err)).Because(err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timedOut) && timedOut.Timeout():
		return fault.SignalingUnreachableConnectTimeout(hostPort, d.timeout.Milliseconds()).Because(err)
	}
	return fault.SignalingUnreachableNotHttp(hostPort).Because(err)
}

// wantsTLS recognises how Go's server and nginx answer http on a port for https.
func wantsTLS(res *http.Response) bool {
	if res.StatusCode != http.StatusBadRequest {
		return false
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, 1024)) // as much as the WebSocket library keeps
	return err == nil && (bytes.Contains(body, []byte("HTTPS server")) || bytes.Contains(body, []byte("HTTPS port")))
}

// proxyOf gives the address of the proxy that could not be reached, where one stands in between (HTTP_PROXY).
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

// notUpgraded tells a server that is not Klatch from a proxy that removes the upgrade, by asking /healthz.
func (d *dialer) notUpgraded(ctx context.Context, address string, status int) *fault.Error {
	if d.isKlatch(ctx) {
		return fault.SignalingUnreachableUpgradeStripped(address, int64(status))
	}
	return fault.SignalingUnreachableNotKlatch(address, int64(status))
}

func (d *dialer) isKlatch(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base.JoinPath("healthz").String(), nil)
	if err != nil {
		return false
	}
	res, err := d.client.Do(req)
	if err != nil {
		return false
	}
	defer func() { _ = res.Body.Close() }() // read-only
	var health struct {
		Service string `json:"service"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, wire.MaxFrameBytes)).Decode(&health); err != nil {
		return false
	}
	return health.Service == "klatch"
}

// mayPass says whether another attempt can help: the server may just be starting.
func mayPass(err error) bool {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Code != 3102 {
		return false
	}
	switch f.Reason {
	case "DNS", "REFUSED", "CONNECT_TIMEOUT", "NO_ROUTE":
		return true
	}
	return false
}
