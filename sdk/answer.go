package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	gopath "path"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// What answers over HTTP where a WebSocket should open, and which address would be right.

// lookLimit bounds all requests that look for the right address.
const lookLimit = 2 * time.Second

// answered makes a fault of an answer over HTTP to a WebSocket handshake.
func (d *dialer) answered(ctx context.Context, got answer, attempt int) *fault.Error {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	address, status := d.signal(), got.status
	own := got.fault()
	switch {
	case got.status == http.StatusUpgradeRequired:
		return fault.SignalingUnreachableUpgradeStripped(address, status)
	case fault.Is(own, fault.CodeNotFound):
		if suggested := d.elsewhere(ctx); suggested != "" {
			return fault.SignalingUnreachableWrongPath(address, suggested)
		}
		return fault.SignalingUnreachablePrefixKept(address, status, d.base.Path)
	case own != nil:
		return own
	case got.wantsTLS():
		return fault.SignalingUnreachableSpeaksTLS(d.base.String(), "https"+strings.TrimPrefix(d.base.String(), "http"))
	case got.location(d.base) != nil:
		target := got.location(d.base)
		return fault.SignalingUnreachableRedirected(address, target.String(), suggestion(target))
	case gatewayDown(got.status):
		return fault.SignalingUnreachableGatewayDown(address, status, attempt)
	case refusing(got.status):
		return fault.SignalingUnreachableForbidden(address, status)
	case d.isKlatch(ctx, d.base):
		return fault.SignalingUnreachableNotKlatch(address, status) // of what is beside this address only
	}
	if suggested := d.elsewhere(ctx); suggested != "" {
		return fault.SignalingUnreachableWrongPath(address, suggested)
	}
	return fault.SignalingUnreachableNotKlatch(address, status)
}

// fault returns the fault in an answer that is Klatch's own, else nil.
func (a answer) fault() *fault.Error {
	if !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") {
		return nil
	}
	var f fault.Error
	if json.Unmarshal(a.body, &f) != nil {
		return nil
	}
	if _, known := f.Entry(); !known {
		return nil
	}
	return &f
}

// wantsTLS recognizes how Go's server and nginx answer http on a port for https.
func (a answer) wantsTLS() bool {
	return a.status == http.StatusBadRequest &&
		(bytes.Contains(a.body, []byte("HTTPS server")) || bytes.Contains(a.body, []byte("HTTPS port")))
}

// location is where a redirect leads, without its query; nil where the answer is none.
func (a answer) location(base *url.URL) *url.URL {
	switch a.status {
	case http.StatusMovedPermanently,
		http.StatusFound,
		http.StatusSeeOther,
		http.StatusTemporaryRedirect,
		http.StatusPermanentRedirect:
	default:
		return nil
	}
	to, err := base.JoinPath("v1", "signal").Parse(a.header.Get("Location"))
	if err != nil || to.Host == "" {
		return nil
	}
	return &url.URL{Scheme: to.Scheme, Host: to.Host, Path: to.Path} // a query may hold what is secret
}

// suggestion is the server's address that belongs to a signaling address; what is none stays.
func suggestion(target *url.URL) string {
	base, ok := strings.CutSuffix(strings.TrimSuffix(target.Path, "/"), "/v1/signal")
	if !ok {
		return target.String()
	}
	return (&url.URL{Scheme: target.Scheme, Host: target.Host, Path: base}).String()
}

// gatewayDown returns that a proxy does not reach what is behind it: RFC 9110, section 15.6, and what Cloudflare adds.
func gatewayDown(status int) bool {
	return status >= 502 && status <= 504 || status >= 520 && status <= 527 || status == 530
}

func refusing(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusProxyAuthRequired
}

// elsewhere looks for Klatch at the paths above the given one; "" where it is at none.
func (d *dialer) elsewhere(ctx context.Context) string {
	for at := d.base.Path; strings.Trim(at, "/") != ""; {
		at = gopath.Dir(at)
		base := *d.base
		base.Path = strings.TrimSuffix(at, "/")
		if d.isKlatch(ctx, &base) {
			return base.String()
		}
	}
	return ""
}

func (d *dialer) isKlatch(ctx context.Context, base *url.URL) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base.JoinPath("healthz").String(), nil)
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
