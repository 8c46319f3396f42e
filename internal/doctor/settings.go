package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/certificate"
)

// TLSSettings are the settings of a server that speaks HTTPS itself. They are checked on the machine of the server.
type TLSSettings struct {
	CertFile, KeyFile        string
	Domains                  []string // of http.acme
	Directory, RootFile      string
	Address, RedirectAddress string
}

// ExamineTLS checks certificate files, or what an ACME authority needs: names that can be looked up, an authority that
// answers, and a port on which it can reach the server. It reports whether all is well.
func (d *Doctor) ExamineTLS(ctx context.Context, s TLSSettings) bool {
	switch {
	case len(s.Domains) > 0:
		well := d.authority(ctx, s)
		for _, domain := range s.Domains {
			well = d.domain(ctx, domain) && well
		}
		return d.challengePorts(s) && well
	case s.CertFile != "":
		return d.files(s)
	}
	return d.tell(Finding{Check: "https", OK: true,
		Detail: "neither http.acme nor http.certFile is set: a proxy in front must speak HTTPS"})
}

func (d *Doctor) files(s TLSSettings) bool {
	files, err := certificate.NewFiles(certificate.FilesOptions{CertFile: s.CertFile, KeyFile: s.KeyFile})
	if err != nil {
		return d.tell(Finding{Check: "certificate", Detail: err.Error()})
	}
	now := time.Now()
	status := files.Status(now)
	detail := fmt.Sprintf("for %s until %s", strings.Join(status.Names, ", "), status.NotAfter.UTC().Format(time.RFC3339))
	return d.tell(Finding{Check: "certificate", OK: status.Failure == nil, Detail: detail, Fault: status.Failure})
}

// domain looks a name up, as the authority will.
func (d *Doctor) domain(ctx context.Context, name string) bool {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil {
		return d.tell(Finding{Check: "dns", Detail: fmt.Sprintf("%s cannot be looked up from here (%v): create an A or AAAA "+
			"record with the public address of this server", name, err)})
	}
	return d.tell(Finding{Check: "dns", OK: true, Detail: name + " leads to " + strings.Join(addresses, ", ")})
}

// challengePorts checks that the authority can find the server, which it looks for at fixed ports.
func (d *Doctor) challengePorts(s TLSSettings) bool {
	_, secure, _ := net.SplitHostPort(s.Address) // was checked when it was loaded
	_, plain, _ := net.SplitHostPort(s.RedirectAddress)
	detail := fmt.Sprintf("the authority connects to port 443, which must lead to %s", s.Address)
	if plain != "" {
		detail += fmt.Sprintf(", or to port 80, which must lead to %s", s.RedirectAddress)
	}
	if secure == "443" || plain == "80" {
		detail = "the authority connects to port 443 or 80: open them in the firewall"
	}
	return d.tell(Finding{Check: "ports", OK: true, Detail: detail})
}

// authority asks for the directory of the ACME authority.
func (d *Doctor) authority(ctx context.Context, s TLSSettings) bool {
	failed := func(problem string) bool {
		return d.tell(Finding{Check: "authority",
			Detail: problem + ": check http.acmeDirectory, http.acmeRootFile and that " +
				"this machine may open HTTPS connections"})
	}
	roots, err := x509.SystemCertPool()
	if s.RootFile != "" {
		var raw []byte
		raw, err = os.ReadFile(s.RootFile)
		roots = x509.NewCertPool()
		if err == nil && !roots.AppendCertsFromPEM(raw) {
			err = fmt.Errorf("%s holds no certificate in PEM", s.RootFile)
		}
	}
	if err != nil {
		return failed(err.Error())
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	address := certificate.DirectoryOf(s.Directory)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return failed(err.Error())
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment,
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return failed(err.Error())
	}
	defer func() { _ = res.Body.Close() }() // read-only
	var directory struct{ NewOrder string }
	if err := json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&directory); err != nil ||
		directory.NewOrder == "" {
		return failed(address + " is no ACME directory (RFC 8555, section 7.1.1)")
	}
	return d.tell(Finding{Check: "authority", OK: true, Detail: address + " answers"})
}

// certificate looks at the certificate that the server shows to a client.
func (d *Doctor) certificate(ctx context.Context) bool {
	u, err := url.Parse(d.URL)
	if err != nil || u.Scheme != "https" {
		return true
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), "443")
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	conn, err := (&tls.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		return d.tell(Finding{Check: "certificate", Detail: err.Error()})
	}
	defer func() { _ = conn.Close() }() // nothing was written
	leaf := conn.(*tls.Conn).ConnectionState().PeerCertificates[0]
	failure := certificate.Expiry(leaf, time.Now())
	return d.tell(Finding{Check: "certificate", OK: failure == nil, Fault: failure,
		Detail: fmt.Sprintf("of %s, until %s", leaf.Issuer.CommonName, leaf.NotAfter.UTC().Format(time.RFC3339))})
}
