package certificate

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"
	"github.com/mholt/acmez/v3"
	"github.com/mholt/acmez/v3/acme"

	"github.com/klatch/klatch/fault"
)

// ACMEOptions are what ACME needs.
type ACMEOptions struct {
	Domains   []string
	Email     string // contact; "" for none
	Directory string // of the authority; "" for Let's Encrypt
	RootFile  string // PEM of the root that the authority's own certificate comes from; "" for the system's roots
	Dir       string // where accounts, keys and certificates are kept

	TLSAddress  string // that the HTTPS server listens on
	HTTPAddress string // that HandleChallenge is served on; "": the challenge http-01 is not used

	Logger  *slog.Logger
	Report  func(ctx context.Context, f *fault.Error)
	Cleared func(f *fault.Error) // takes the end of what Report took; nil: nobody is told
}

// ACME obtains a certificate for each domain from an ACME authority, and renews it when a third of its lifetime is
// left. It proves that it has a domain by the challenges tls-alpn-01 (RFC 8737) and, where HTTPAddress is set, http-01.
type ACME struct {
	opts   ACMEOptions
	cache  *certmagic.Cache
	config *certmagic.Config
	issuer *certmagic.ACMEIssuer
	reload chan struct{}
	closed sync.Once

	failures map[string]*condition // by domain; the maps do not change
	expiring map[string]*condition
}

// RootError is returned when the root certificate of the authority cannot be used.
type RootError struct {
	Path    string
	Problem string
}

func (e *RootError) Error() string { return e.Path + ": " + e.Problem }

const (
	renewCheck   = 2 * time.Minute // between two looks at what has to be renewed; the library spaces out attempts
	storageRetry = time.Minute     // between two attempts to write a certificate
)

// NewACME prepares the accounts and certificates in Dir. Nothing is asked of the authority before Run. The error is a
// *RootError, or that of an address that is none.
func NewACME(opts ACMEOptions) (*ACME, error) {
	if opts.Cleared == nil {
		opts.Cleared = func(*fault.Error) {}
	}
	a := &ACME{opts: opts, reload: make(chan struct{}, 1), failures: map[string]*condition{},
		expiring: map[string]*condition{}}
	for _, domain := range opts.Domains {
		a.failures[domain], a.expiring[domain] = &condition{}, &condition{}
	}
	template := certmagic.ACMEIssuer{
		CA: DirectoryOf(opts.Directory), Email: opts.Email, Agreed: true, Logger: zapLogger(opts.Logger),
		DisableHTTPChallenge: opts.HTTPAddress == "",
	}
	if opts.Directory != "" {
		template.TestCA = opts.Directory // Let's Encrypt has one for attempts that may fail
	}
	var err error
	if template.ListenHost, template.AltTLSALPNPort, err = hostPort(opts.TLSAddress); err != nil {
		return nil, err
	}
	if opts.HTTPAddress != "" {
		if _, template.AltHTTPPort, err = hostPort(opts.HTTPAddress); err != nil {
			return nil, err
		}
	}
	if opts.RootFile != "" {
		if template.TrustedRoots, err = readRoots(opts.RootFile); err != nil {
			return nil, err
		}
	}
	a.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert:   func(certmagic.Certificate) (*certmagic.Config, error) { return a.config, nil },
		RenewCheckInterval: renewCheck,
		Logger:             zapLogger(opts.Logger),
	})
	a.config = certmagic.New(a.cache, certmagic.Config{
		Storage: &certmagic.FileStorage{Path: opts.Dir}, Logger: zapLogger(opts.Logger), OnEvent: a.event,
		// of clients that send no name, or an address
		DefaultServerName: opts.Domains[0], FallbackServerName: opts.Domains[0],
	})
	a.issuer = certmagic.NewACMEIssuer(a.config, template)
	a.config.Issuers = []certmagic.Issuer{a.issuer}
	if opts.Email == "" {
		a.config.Issuers[0] = withoutContact{a.issuer}
	}
	return a, nil
}

// withoutContact is an issuer whose account has no contact. It has no PreCheck, in which the library looks for one
// among the accounts of the whole process, and takes the name of a directory for one.
type withoutContact struct{ issuer *certmagic.ACMEIssuer }

// Issue implements certmagic.Issuer.
func (w withoutContact) Issue(ctx context.Context, csr *x509.CertificateRequest) (*certmagic.IssuedCertificate, error) {
	return w.issuer.Issue(ctx, csr)
}

// IssuerKey implements certmagic.Issuer.
func (w withoutContact) IssuerKey() string { return w.issuer.IssuerKey() }

// GetRenewalInfo implements certmagic.RenewalInfoGetter.
func (w withoutContact) GetRenewalInfo(ctx context.Context, c certmagic.Certificate) (acme.RenewalInfo, error) {
	return w.issuer.GetRenewalInfo(ctx, c)
}

// DirectoryOf returns the directory address of an authority; "" is Let's Encrypt.
func DirectoryOf(directory string) string {
	return cmp.Or(directory, certmagic.LetsEncryptProductionCA)
}

func hostPort(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	port, err = strconv.Atoi(text)
	return host, port, err
}

func readRoots(path string) (*x509.CertPool, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		problem := err.Error()
		if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
			problem = pathErr.Err.Error()
		}
		return nil, &RootError{Path: path, Problem: problem}
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(raw) {
		return nil, &RootError{Path: path, Problem: "it holds no certificate in PEM"}
	}
	return roots, nil
}

// TLSConfig implements Source. It also answers the challenge tls-alpn-01.
func (a *ACME) TLSConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: a.config.GetCertificate,
		NextProtos: []string{"h2", "http/1.1", acmez.ACMETLS1Protocol}}
}

// HandleChallenge answers a request of the challenge http-01, and reports whether r is one.
func (a *ACME) HandleChallenge(w http.ResponseWriter, r *http.Request) bool {
	return a.issuer.HandleHTTPChallenge(w, r)
}

// Reload implements Source.
func (a *ACME) Reload() {
	select {
	case a.reload <- struct{}{}:
	default: // one waits already
	}
}

// Close implements Source.
func (a *ACME) Close() { a.closed.Do(a.cache.Stop) }

// Run implements Source. The HTTPS server must accept connections already: the authority connects to it.
func (a *ACME) Run(ctx context.Context) {
	defer a.Close()
	for {
		round, cancel := context.WithCancel(ctx)
		var domains sync.WaitGroup
		for _, domain := range a.opts.Domains {
			domains.Go(func() { a.manage(round, domain) })
		}
		a.watchExpiry(round)
		cancel()
		domains.Wait()
		if ctx.Err() != nil {
			return
		}
		if err := a.cache.RenewManagedCertificates(ctx); err != nil {
			a.opts.Logger.Warn("certificate renewal", "err", err)
		}
	}
}

// watchExpiry reports certificates that expire soon, until ctx is done or Reload is called.
func (a *ACME) watchExpiry(ctx context.Context) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for {
		for domain, leaf := range a.leaves() {
			condition := a.expiring[domain]
			if found := Expiry(leaf, time.Now()); found == nil {
				if over := condition.clear(); over != nil {
					a.opts.Cleared(over)
				}
			} else {
				condition.begin(found, func() { a.opts.Report(ctx, found) }, a.opts.Cleared)
			}
		}
		select {
		case <-ticker.C:
		case <-a.reload:
			return
		case <-ctx.Done():
			return
		}
	}
}

// manage loads the certificate of a domain, or obtains it: the library tries again, at first after a minute and later
// after hours. It returns when there is one, which the library then renews, or when ctx is done.
func (a *ACME) manage(ctx context.Context, domain string) {
	for {
		_, err := a.config.CacheManagedCertificate(ctx, domain)
		if errors.Is(err, fs.ErrNotExist) {
			if err = a.config.ObtainCertAsync(ctx, domain); err == nil {
				_, err = a.config.CacheManagedCertificate(ctx, domain)
			}
		}
		if err == nil {
			a.obtained(domain)
			return
		}
		if ctx.Err() != nil {
			return
		}
		a.failed(ctx, domain, a.classify(domain, err))
		select {
		case <-time.After(storageRetry):
		case <-ctx.Done():
			return
		}
	}
}

// event is called by the library.
func (a *ACME) event(ctx context.Context, event string, data map[string]any) error {
	domain, _ := data["identifier"].(string)
	switch event {
	case "cert_obtained":
		a.obtained(domain)
	case "cert_failed":
		err, _ := data["error"].(error)
		if ctx.Err() == nil && !errors.Is(err, context.Canceled) {
			a.failed(ctx, domain, a.classify(domain, err))
		}
	}
	return nil
}

func (a *ACME) obtained(domain string) {
	if c := a.failures[domain]; c != nil {
		if over := c.clear(); over != nil {
			a.opts.Cleared(over)
		}
	}
	a.opts.Logger.Info("certificate", "domain", domain, "authority", a.issuer.CA)
}

func (a *ACME) failed(ctx context.Context, domain string, f *fault.Error) {
	if c := a.failures[domain]; c != nil {
		c.begin(f, func() { a.opts.Report(ctx, f) }, a.opts.Cleared)
	}
}

// leaves returns the certificate of each domain that has one.
func (a *ACME) leaves() map[string]*x509.Certificate {
	found := map[string]*x509.Certificate{}
	for _, domain := range a.opts.Domains {
		for _, c := range a.cache.AllMatchingCertificates(domain) {
			if best := found[domain]; best == nil || c.Leaf.NotAfter.After(best.NotAfter) {
				found[domain] = c.Leaf
			}
		}
	}
	return found
}

// Status implements Source.
func (a *ACME) Status(now time.Time) Status {
	s := Status{Names: a.opts.Domains}
	leaves := a.leaves()
	for i, domain := range a.opts.Domains {
		leaf := leaves[domain]
		if s.Failure == nil {
			s.Failure = a.failures[domain].get()
		}
		if leaf == nil {
			s.NotAfter = time.Time{}
			break
		}
		if s.Failure == nil {
			s.Failure = Expiry(leaf, now)
		}
		if i == 0 || leaf.NotAfter.Before(s.NotAfter) {
			s.NotAfter = leaf.NotAfter
		}
	}
	return s
}
