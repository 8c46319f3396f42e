// Package certificate provides the server's TLS certificates: from files, which it loads again when they change, or
// from an ACME authority (RFC 8555), which it asks for new ones in time. What keeps a certificate from being obtained,
// renewed or loaded is a condition: a fault 5106 that lasts until it is over.
package certificate

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
)

// Source provides the certificate of each handshake. It is safe for concurrent use.
type Source interface {
	// TLSConfig returns a configuration that asks the source for each new connection.
	TLSConfig() *tls.Config
	// Run loads or renews certificates until ctx is done.
	Run(ctx context.Context)
	// Reload makes Run look at once for new files, or ask the authority at once for what is missing.
	Reload()
	// Status returns what is known at the moment.
	Status(now time.Time) Status
	// Close ends what a source holds that is never run.
	Close()
}

// Status is what is known about the certificates of a Source.
type Status struct {
	Names    []string  // of the certificate, or those that are wanted
	NotAfter time.Time // of the one that expires first; zero where one is missing
	// Failure is why none could be loaded or obtained lately; nil when the last attempt succeeded.
	Failure *fault.Error
}

// Usable reports whether every name has a certificate that has not expired.
func (s Status) Usable(now time.Time) bool { return now.Before(s.NotAfter) }

const (
	soonest = 14 * 24 * time.Hour // before it expires, a certificate that was not renewed is a condition
	part    = 6                   // of the lifetime, where that is shorter: authorities issue certificates of six days
)

// expirySoon reports whether a certificate that is still valid should have been renewed.
func expirySoon(leaf *x509.Certificate, now time.Time) bool {
	near := min(soonest, leaf.NotAfter.Sub(leaf.NotBefore)/part)
	return now.After(leaf.NotAfter.Add(-near))
}

// Expiry returns the condition of a certificate that has expired or expires soon; nil for others.
func Expiry(leaf *x509.Certificate, now time.Time) *fault.Error {
	names, until := strings.Join(namesOf(leaf), ", "), stamp(leaf.NotAfter)
	switch {
	case !now.Before(leaf.NotAfter):
		return fault.CertificateFailedCertificateExpired(names, until)
	case expirySoon(leaf, now):
		return fault.CertificateFailedExpiresSoon(names, until)
	}
	return nil
}

func namesOf(leaf *x509.Certificate) []string {
	names := append([]string(nil), leaf.DNSNames...)
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		names = append(names, leaf.Subject.String())
	}
	return names
}

func stamp(t time.Time) string { return fault.InstantOf(t).String() }

// condition is a fault that lasts. The first report of an incident keeps its id until it is over; another reason is
// another incident. Shape: mutex.
type condition struct {
	mu   sync.Mutex // guards everything below
	last *fault.Error
}

// set makes f the condition, unless one with the same reason lasts already. It reports whether f is new.
func (c *condition) set(f *fault.Error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last != nil && c.last.Reason == f.Reason {
		return false
	}
	c.last = f
	return true
}

// begin makes f the condition, unless one with the same reason lasts already: it reports the end of another reason, and
// that f begins.
func (c *condition) begin(f *fault.Error, report func(), cleared func(*fault.Error)) {
	was := c.get()
	if !c.set(f) {
		return
	}
	if was != nil {
		cleared(was)
	}
	report()
}

// clear ends the condition and returns what it was; nil when there was none.
func (c *condition) clear() *fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.last
	c.last = nil
	return was
}

func (c *condition) get() *fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}
