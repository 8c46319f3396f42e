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
	"os"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/certificate"
)

// https checks certificate files, or what an ACME authority needs: names that can be looked up, an authority that
// answers, and a port on which it can reach the server.
func (m *Machine) https(ctx context.Context) bool {
	h := m.Config.HTTP
	switch {
	case len(h.ACME) > 0:
		well := m.authority(ctx)
		for _, domain := range h.ACME {
			well = m.domain(ctx, domain) && well
		}
		return m.challengePorts() && well
	case h.CertFile != "":
		return m.certificateFiles()
	}
	return m.Tell.ok("https", "neither http.acme nor http.certFile is set: a proxy in front must speak HTTPS")
}

func (m *Machine) certificateFiles() bool {
	const check = "certificate"
	h := m.Config.HTTP
	files, err := certificate.NewFiles(certificate.FilesOptions{CertFile: h.CertFile, KeyFile: h.KeyFile})
	if err != nil {
		return m.Tell.failed(check, certificate.FilesFault(err))
	}
	status := files.Status(time.Now())
	return m.Tell.judge(check, fmt.Sprintf("for %s until %s", strings.Join(status.Names, ", "),
		fault.InstantOf(status.NotAfter).String()), status.Failure)
}

// domain looks a name up, as the authority will.
func (m *Machine) domain(ctx context.Context, name string) bool {
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil {
		return m.Tell.failed("dns", fault.ServerCheckFailedDNS(name, lookupProblem(err)).Because(err))
	}
	return m.Tell.ok("dns", name+" leads to "+strings.Join(addresses, ", "))
}

// challengePorts names where the authority looks for the server: at fixed ports.
func (m *Machine) challengePorts() bool {
	h := m.Config.HTTP
	_, secure, _ := net.SplitHostPort(h.Address) // was checked when it was loaded
	_, plain, _ := net.SplitHostPort(h.RedirectAddress)
	detail := fmt.Sprintf("the authority connects to port 443, which must lead to %s", h.Address)
	if plain != "" {
		detail += fmt.Sprintf(", or to port 80, which must lead to %s", h.RedirectAddress)
	}
	if secure == "443" || plain == "80" {
		detail = "the authority connects to port 443 or 80: open them in the firewall"
	}
	return m.Tell.ok("ports", detail)
}

// authority asks for the directory of the ACME authority.
func (m *Machine) authority(ctx context.Context) bool {
	const check = "authority"
	h := m.Config.HTTP
	address := certificate.DirectoryOf(h.ACMEDirectory)
	failed := func(problem string, err error) bool {
		return m.Tell.failed(check, fault.ServerCheckFailedAuthority(address, problem).Because(err))
	}
	roots, err := x509.SystemCertPool()
	if h.ACMERootFile != "" {
		var raw []byte
		raw, err = os.ReadFile(h.ACMERootFile)
		roots = x509.NewCertPool()
		if err == nil && !roots.AppendCertsFromPEM(raw) {
			err = fmt.Errorf("%s holds no certificate in PEM", h.ACMERootFile)
		}
	}
	if err != nil {
		return failed(err.Error(), err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return failed("it is not an address", err)
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment,
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return failed(err.Error(), err)
	}
	defer func() { _ = res.Body.Close() }() // read-only
	var directory struct{ NewOrder string }
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(&directory); err != nil ||
		directory.NewOrder == "" {
		return failed("it is no ACME directory (RFC 8555, section 7.1.1)", err)
	}
	return m.Tell.ok(check, address+" answers")
}
