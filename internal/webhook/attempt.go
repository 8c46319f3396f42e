package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/publicnet"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/tlsalert"
)

// SignatureHeader is the published header of the signature.
const SignatureHeader = "videosdk-signature"

const (
	maxAnswer   = 4 << 10         // read so that the connection can be used again
	bodyTimeout = 2 * time.Second // the status is the answer: later events do not wait for a text that trickles
	dialTimeout = 5 * time.Second
)

// statusError is an answer other than 2xx.
type statusError struct{ status int }

func (e *statusError) Error() string { return fmt.Sprintf("status %d", e.status) }

// statusOf is the status of the answer behind an error; 0 where there was none.
func statusOf(err error) int {
	if answer, ok := errors.AsType[*statusError](err); ok {
		return answer.status
	}
	return 0
}

func newClient(allowPrivate bool, timeout time.Duration) *http.Client {
	dialer := &net.Dialer{Timeout: min(dialTimeout, timeout)}
	if !allowPrivate {
		dialer.Control = publicnet.Control
	}
	return &http.Client{
		Timeout: timeout,
		// A redirect would move what was meant for one host to another one.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{ // no proxy: the address that is judged is the one that is dialed
			DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTimeout, MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConnsPerHost: maxPerEndpoint, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
		},
	}
}

// attempt sends a delivery once; nil when it was taken. Its error does not hold the address, which may hold a secret.
func (d *Deliverer) attempt(ctx context.Context, delivery record.Delivery) (answer, error) {
	guard.PanicPoint("webhook", delivery.EndPoint)
	signature, err := d.opts.Signer.Sign(delivery.Body)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, delivery.EndPoint, bytes.NewReader(delivery.Body))
	if err != nil {
		return answer{}, withoutURL(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Klatch-Webhook")
	req.Header.Set(SignatureHeader, signature)
	res, err := d.client.Do(req)
	if err != nil {
		return answer{}, withoutURL(err)
	}
	defer time.AfterFunc(bodyTimeout, cancel).Stop()
	content, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer)) // it was taken or not, whatever follows the status
	_ = res.Body.Close()
	got := answer{res.StatusCode, withoutSecrets(content, delivery.EndPoint, signature)}
	if res.StatusCode/100 != 2 {
		return got, &statusError{res.StatusCode}
	}
	return got, nil
}

// diagnose returns the fault of a failed attempt. unreachable means that the endpoint would take no other event either.
func (d *Deliverer) diagnose(delivery record.Delivery, err error) (f *fault.Error, unreachable bool) {
	endpoint, event := Origin(delivery.EndPoint), delivery.Event
	problem := innermost(err)
	if _, ok := errors.AsType[*guard.PanicError](err); ok {
		return fault.From(err), false
	}
	if answer, ok := errors.AsType[*statusError](err); ok {
		if answer.status/100 == 3 {
			return fault.WebhookDeliveryFailedRedirect(endpoint, event, answer.status), false
		}
		return fault.WebhookDeliveryFailedStatus(endpoint, event, answer.status), false
	}
	if private, ok := errors.AsType[*publicnet.PrivateError](err); ok {
		return fault.WebhookDeliveryFailedPrivateAddress(endpoint, event, private.Addr.String()), true
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return fault.WebhookDeliveryFailedDNS(endpoint, event, problem), true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fault.WebhookDeliveryFailedTLS(endpoint, event, problem), true
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return fault.WebhookDeliveryFailedConnect(endpoint, event, problem), true
	}
	if isTimeout(err) {
		return fault.WebhookDeliveryFailedTimeout(endpoint, event, d.opts.Timeout), true
	}
	if alert := tlsalert.Problem(err); alert != "" {
		return fault.WebhookDeliveryFailedTLS(endpoint, event, alert), true
	}
	return fault.WebhookDeliveryFailedNotHTTP(endpoint, event, problem), true
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// innermost is what went wrong, in few words.
func innermost(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.Err
	}
	return fmt.Sprintf("%.200s", err.Error())
}

// Origin is the part of an address that may be shown: scheme, host and port.
func Origin(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return "the endpoint"
	}
	return u.Scheme + "://" + u.Host
}
