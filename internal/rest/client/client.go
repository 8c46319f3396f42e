// Package client calls the admin API for `klatch admin`. Whatever goes wrong, on the way or on the server, is a
// *fault.Error: the server's own, or 3102 with the stage that failed.
package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/tlsalert"
)

// timeout of one call.
const timeout = 30 * time.Second

// maxAnswer bounds what is read of an answer; a page of 100 entries stays far below.
const maxAnswer = 16 << 20

// Client calls one server. It is safe for concurrent use.
type Client struct {
	base  *url.URL
	token string
	http  *http.Client
}

// New takes the address of the server, as `klatch dev` prints it, and its admin token.
func New(address, token string) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(address, "/"))
	switch {
	case err != nil:
		return nil, fault.SignalingUnreachableBadURL(address, "it is not a URL")
	case base.Scheme != "http" && base.Scheme != "https":
		return nil, fault.SignalingUnreachableBadURL(address, "it needs http:// or https:// in front")
	case base.Host == "":
		return nil, fault.SignalingUnreachableBadURL(address, "it has no host")
	}
	return &Client{base: base, token: token, http: &http.Client{Timeout: timeout}}, nil
}

// Call sends one request and reads its answer into out. body nil sends none; out nil reads none.
func (c *Client) Call(ctx context.Context, method, path string, query url.Values, body, out any) error {
	address := *c.base
	address.Path, address.RawPath = "", ""
	target := address.String() + c.base.EscapedPath() + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, reader)
	if err != nil {
		return fault.SignalingUnreachableBadURL(target, "it is not a URL").Because(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return c.unreachable(err)
	}
	defer resp.Body.Close()
	return c.read(resp, out)
}

func (c *Client) read(resp *http.Response, out any) error {
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return c.unreachable(err)
	}
	if resp.StatusCode >= 300 {
		var f fault.Error
		if json.Unmarshal(text, &f) != nil || f.Code == 0 {
			return fault.SignalingUnreachableNotKlatch(c.base.String(), resp.StatusCode)
		}
		return &f
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fault.SignalingUnreachableNotKlatch(c.base.String(), resp.StatusCode).Because(err)
	}
	return nil
}

// unreachable names the stage at which a call ended.
func (c *Client) unreachable(err error) error {
	if errors.Is(err, context.Canceled) {
		return fault.OperationAbortedCancelled("the admin call").Because(err)
	}
	address := c.base.Host
	if c.base.Port() == "" {
		port := 80
		if c.base.Scheme == "https" {
			port = 443
		}
		address = net.JoinHostPort(c.base.Hostname(), strconv.Itoa(port))
	}
	_, unresolved := errors.AsType[*net.DNSError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	notTLS := errors.Is(err, http.ErrSchemeMismatch)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	alert := tlsalert.Problem(err)
	timedOut, isNet := errors.AsType[net.Error](err)
	var f *fault.Error
	switch {
	case unresolved:
		f = fault.SignalingUnreachableDNS(c.base.Hostname(), 1)
	case untrusted, unknown:
		f = fault.SignalingUnreachableTLS(address, innermost(err).Error())
	case alert != "":
		f = fault.SignalingUnreachableTLS(address, alert)
	case notTLS:
		f = fault.SignalingUnreachableTLS(address, "the server does not speak TLS; use http")
	case errors.Is(err, syscall.ECONNREFUSED):
		f = fault.SignalingUnreachableRefused(address, 1)
	case isNet && timedOut.Timeout():
		f = fault.SignalingUnreachableConnectTimeout(address, timeout, 1)
	default: // it answered, but not in HTTP, or not to the end
		f = fault.SignalingUnreachableNotKlatch(c.base.String(), 0)
	}
	return f.Because(err)
}

func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
