package watermark

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/klatch/klatch/internal/publicnet"
)

const (
	// Timeout bounds a fetch: from the name of the host to the last byte.
	Timeout = 8 * time.Second

	dialTimeout  = 4 * time.Second
	maxRedirects = 3
	// maxFetches are under way at a time. Each holds MaxBytes at most, and hosts of one account that answer slowly are
	// not to keep others from starting.
	maxFetches = 32
)

// Fetcher fetches images. It is safe for concurrent use.
type Fetcher struct {
	client       *http.Client
	allowPrivate bool
	slots        chan struct{}
}

// NewFetcher returns a fetcher. With allowPrivate it calls addresses of private networks too, and takes http.
func NewFetcher(allowPrivate bool) *Fetcher { return newFetcher(allowPrivate, nil) }

func newFetcher(allowPrivate bool, roots *x509.CertPool) *Fetcher {
	dialer := &net.Dialer{Timeout: dialTimeout}
	if !allowPrivate {
		dialer.Control = publicnet.Control
	}
	f := &Fetcher{allowPrivate: allowPrivate, slots: make(chan struct{}, maxFetches)}
	f.client = &http.Client{
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return &ImageError{fmt.Sprintf("is more than %d redirects away", maxRedirects)}
			}
			if problem := URLProblem(r.URL.String(), f.allowPrivate); problem != "" {
				return &ImageError{"redirects to an address that " + problem}
			}
			return nil
		},
		Transport: &http.Transport{ // no proxy: the address that is judged is the one that is dialed
			DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTimeout, MaxResponseHeaderBytes: 64 << 10,
			DisableKeepAlives: true, DisableCompression: true, ForceAttemptHTTP2: true,
			TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		},
	}
	return f
}

// URLProblem returns what is wrong with the address of an image, or "".
func URLProblem(address string, allowPrivate bool) string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return "is not a URL"
	case u.Scheme != "https" && (u.Scheme != "http" || !allowPrivate):
		return "is not an https address"
	case u.Hostname() == "":
		return "has no host"
	case u.User != nil:
		return "holds a user name or password"
	}
	return ""
}

// Fetch returns the bytes of the image at an address. It ends within Timeout. The error is an *ImageError.
func (f *Fetcher) Fetch(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	case <-ctx.Done():
		return nil, &ImageError{"was not fetched in time: too many others were"}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &ImageError{"has an address that is not a URL"}
	}
	request.Header.Set("Accept", "image/png, image/jpeg, image/webp")
	request.Header.Set("User-Agent", "klatch")
	response, err := f.client.Do(request)
	if err != nil {
		return nil, problemOf(ctx, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, &ImageError{fmt.Sprintf("was answered with the status %d", response.StatusCode)}
	}
	if response.ContentLength > MaxBytes {
		return nil, &ImageError{fmt.Sprintf("has more than %d bytes", MaxBytes)}
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, MaxBytes+1))
	if err != nil {
		return nil, problemOf(ctx, err)
	}
	if len(data) > MaxBytes {
		return nil, &ImageError{fmt.Sprintf("has more than %d bytes", MaxBytes)}
	}
	return data, nil
}

// problemOf returns the failure of a fetch without what only the network of the server knows.
func problemOf(ctx context.Context, err error) *ImageError {
	if own, ok := errors.AsType[*ImageError](err); ok {
		return own
	}
	_, private := errors.AsType[*publicnet.PrivateError](err)
	name, isName := errors.AsType[*net.DNSError](err)
	certificate, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case private:
		return &ImageError{"is at an address that is not of the public internet"}
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &ImageError{fmt.Sprintf("was not there within %s", Timeout)}
	case isName && name.IsNotFound:
		return &ImageError{"is at a host that does not exist"}
	case isName:
		return &ImageError{"is at a host whose name could not be resolved"}
	case isCertificate:
		return &ImageError{"is at a host whose certificate does not hold: " + certificate.Err.Error()}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &ImageError{"is at a host that refused the connection"}
	}
	return &ImageError{"could not be read: the connection to its host broke"}
}
