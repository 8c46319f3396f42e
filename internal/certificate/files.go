package certificate

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/fault"
)

// FilesOptions are what Files needs.
type FilesOptions struct {
	CertFile, KeyFile string
	Logger            *slog.Logger
	Report            func(ctx context.Context, f *fault.Error)
	Cleared           func(f *fault.Error) // takes the end of what Report took; nil: nobody is told
	Every             time.Duration        // between two looks at the files; 0: 5 s
}

// Files is a certificate in two PEM files. A pair that changes is loaded; while the new one cannot be used, the one
// before stays.
type Files struct {
	opts     FilesOptions
	current  atomic.Pointer[loaded]
	reload   chan struct{}
	failure  condition
	expiring condition
}

// loaded is what was read from the two files.
type loaded struct {
	certPEM, keyPEM []byte
	certificate     tls.Certificate
}

// FileError is an error of one of the two files: which one cannot be used, and why.
type FileError struct {
	Setting string // http.certFile or http.keyFile
	Path    string
	Problem string
	Err     error
}

func (e *FileError) Error() string { return e.Path + ": " + e.Problem }
func (e *FileError) Unwrap() error { return e.Err }

// NewFiles loads the two files. The error is a *FileError.
func NewFiles(opts FilesOptions) (*Files, error) {
	if opts.Every == 0 {
		opts.Every = 5 * time.Second
	}
	if opts.Cleared == nil {
		opts.Cleared = func(*fault.Error) {}
	}
	f := &Files{opts: opts, reload: make(chan struct{}, 1)}
	certPEM, keyPEM, err := f.read()
	if err != nil {
		return nil, err
	}
	pair, err := f.parse(certPEM, keyPEM)
	if err != nil {
		return nil, err
	}
	f.current.Store(pair)
	return f, nil
}

// FilesFault returns an error of NewFiles as the fault that names the setting and the file.
func FilesFault(err error) *fault.Error {
	if wrong, ok := errors.AsType[*FileError](err); ok {
		return fault.StartupFailedCertificate(wrong.Setting, wrong.Path, wrong.Problem).Because(err)
	}
	return fault.From(err)
}

// TLSConfig implements Source.
func (f *Files) TLSConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		return &f.current.Load().certificate, nil
	}}
}

// Reload implements Source.
func (f *Files) Reload() {
	select {
	case f.reload <- struct{}{}:
	default: // one waits already
	}
}

// Close implements Source.
func (*Files) Close() {}

// Status implements Source.
func (f *Files) Status(now time.Time) Status {
	leaf := f.current.Load().certificate.Leaf
	s := Status{Names: namesOf(leaf), NotAfter: leaf.NotAfter, Failure: f.failure.get()}
	if s.Failure == nil {
		s.Failure = Expiry(leaf, now)
	}
	return s
}

// Run implements Source. The contents are compared and not times or names: links that are switched and files that are
// restored count as changes, too.
func (f *Files) Run(ctx context.Context) {
	ticker := time.NewTicker(f.opts.Every)
	defer ticker.Stop()
	var failedBefore bool
	for {
		f.checkExpiry(ctx, time.Now())
		asked := false
		select {
		case <-ticker.C:
		case <-f.reload:
			asked = true
		case <-ctx.Done():
			return
		}
		changed, err := f.load()
		switch {
		case err == nil:
			f.succeeded(changed, asked)
		case failedBefore || asked: // the first time the second file may just not be written yet
			f.failed(ctx, err)
		}
		failedBefore = err != nil
	}
}

// load reads the files and uses them when they have changed.
func (f *Files) load() (changed bool, err error) {
	certPEM, keyPEM, err := f.read()
	if err != nil {
		return false, err
	}
	current := f.current.Load()
	if bytes.Equal(certPEM, current.certPEM) && bytes.Equal(keyPEM, current.keyPEM) {
		return false, nil
	}
	pair, err := f.parse(certPEM, keyPEM)
	if err != nil {
		return false, err
	}
	f.current.Store(pair)
	return true, nil
}

func (f *Files) succeeded(changed, asked bool) {
	leaf := f.current.Load().certificate.Leaf
	if changed || asked {
		f.opts.Logger.Info("certificate loaded", "changed", changed, "names", namesOf(leaf), "until", stamp(leaf.NotAfter))
	}
	if over := f.failure.clear(); over != nil {
		f.opts.Cleared(over)
	}
}

func (f *Files) failed(ctx context.Context, err error) {
	wrong, ok := errors.AsType[*FileError](err)
	if !ok {
		wrong = &FileError{Setting: "http.certFile", Path: f.opts.CertFile, Problem: err.Error(), Err: err}
	}
	until := stamp(f.current.Load().certificate.Leaf.NotAfter)
	fresh := fault.CertificateFailedFile(wrong.Setting, wrong.Path, wrong.Problem, until).Because(err)
	f.failure.begin(fresh, func() { f.opts.Report(ctx, fresh) }, f.opts.Cleared)
}

// checkExpiry reports a certificate that expires soon or has expired.
func (f *Files) checkExpiry(ctx context.Context, now time.Time) {
	found := Expiry(f.current.Load().certificate.Leaf, now)
	if found == nil {
		if over := f.expiring.clear(); over != nil {
			f.opts.Cleared(over)
		}
		return
	}
	f.expiring.begin(found, func() { f.opts.Report(ctx, found) }, f.opts.Cleared)
}

func (f *Files) read() (certPEM, keyPEM []byte, err error) {
	if certPEM, err = os.ReadFile(f.opts.CertFile); err != nil {
		return nil, nil, f.unreadable("http.certFile", f.opts.CertFile, err)
	}
	if keyPEM, err = os.ReadFile(f.opts.KeyFile); err != nil {
		return nil, nil, f.unreadable("http.keyFile", f.opts.KeyFile, err)
	}
	return certPEM, keyPEM, nil
}

func (*Files) unreadable(setting, path string, err error) error {
	problem := err.Error()
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		problem = pathErr.Err.Error()
	}
	return &FileError{Setting: setting, Path: path, Problem: problem, Err: err}
}

// parse reads a pair of PEM texts. What is wrong is attributed to the file that it is in.
func (f *Files) parse(certPEM, keyPEM []byte) (*loaded, error) {
	wrong := func(setting, path, problem string, err error) error {
		return &FileError{Setting: setting, Path: path, Problem: strings.TrimPrefix(problem, "tls: "), Err: err}
	}
	if problem := checkChain(certPEM); problem != "" {
		return nil, wrong("http.certFile", f.opts.CertFile, problem, nil)
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil { // the chain parses, so it is the key or that the two do not belong together
		return nil, wrong("http.keyFile", f.opts.KeyFile, err.Error(), err)
	}
	return &loaded{certPEM: certPEM, keyPEM: keyPEM, certificate: pair}, nil
}

// checkChain returns what is wrong with a PEM text of certificates; "" when it can be used.
func checkChain(text []byte) (problem string) {
	found := 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return err.Error()
		}
		found++
	}
	if found == 0 {
		return "it holds no CERTIFICATE block in PEM"
	}
	return ""
}
