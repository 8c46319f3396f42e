package server

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/certificate"
)

// openRedirect takes the port of http.redirectAddress; nil without that setting.
func (s *Server) openRedirect(ctx context.Context) (net.Listener, error) {
	address := s.conf.HTTP.RedirectAddress
	if address == "" {
		return nil, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, listenFault(err, address, "http.redirectAddress")
	}
	return listener, nil
}

// prepareRedirect makes the server of http.redirectAddress. Its connections and requests have the limits of the public
// port; the listener is replaced by the one that holds them.
func (s *Server) prepareRedirect(at *net.Listener, refuse func(http.ResponseWriter, *http.Request, error)) error {
	limited, err := s.limitListener(*at, refuse)
	if err != nil {
		return err
	}
	*at = limited
	s.redirect = &http.Server{
		Handler:           s.limited(http.HandlerFunc(s.redirectToHTTPS), refuse),
		ReadHeaderTimeout: 10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       10 * time.Second,
		MaxHeaderBytes:    maxHeader,
		ConnState:         limited.stateChanged,
		ConnContext:       withConn,
		ErrorLog:          s.http.ErrorLog,
	}
	return nil
}

// redirectToHTTPS answers plain HTTP with the same address under https; 308 keeps the method and the body. It also
// answers the challenge http-01 of an ACME authority.
func (s *Server) redirectToHTTPS(w http.ResponseWriter, r *http.Request) {
	if acme, ok := s.certificates.(*certificate.ACME); ok && acme.HandleChallenge(w, r) {
		return
	}
	target := url.URL{Scheme: "https", Host: s.secureHost(r.Host), Path: r.URL.Path, RawPath: r.URL.RawPath,
		RawQuery: r.URL.RawQuery}
	w.Header().Set("Connection", "close")
	http.Redirect(w, r, target.String(), http.StatusPermanentRedirect)
}

// hostName is a host without a port, as it may stand in an address: a name, or an IPv6 address in brackets.
var hostName = regexp.MustCompile(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$`)

// secureHost returns the host and port to which a request for the host asked is redirected: the same host, where the
// certificate is for it, else that of http.publicUrl. So a host that a client made up leads nowhere else.
func (s *Server) secureHost(asked string) string {
	name := asked
	if host, _, err := net.SplitHostPort(asked); err == nil {
		if name = host; strings.Contains(host, ":") {
			name = "[" + host + "]"
		}
	}
	public, err := url.Parse(s.url)
	if err != nil {
		return asked // it was checked when it was set
	}
	if !hostName.MatchString(name) || !covers(s.certificates.Status(time.Now()).Names, name) {
		return public.Host
	}
	if port := public.Port(); port != "" {
		return name + ":" + port
	}
	return name
}

// covers reports whether a certificate with these names is for a host.
func covers(names []string, host string) bool {
	host = strings.Trim(strings.ToLower(host), "[]")
	_, domain, _ := strings.Cut(host, ".")
	return slices.ContainsFunc(names, func(name string) bool {
		return strings.EqualFold(name, host) || domain != "" && strings.EqualFold(name, "*."+domain)
	})
}
