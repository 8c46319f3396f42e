package server

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/klatch/klatch/fault"
)

// checkOrigin returns 3102 ORIGIN_REFUSED for a request from a page that http.origins does not list; nil for all
// others. A client that is not a page sends no Origin header, and a page of this server may always call.
func (s *Server) checkOrigin(r *http.Request) *fault.Error {
	origin := r.Header.Get("Origin")
	if len(s.conf.HTTP.Origins) == 0 || origin == "" {
		return nil
	}
	lower := strings.ToLower(origin)
	if _, host, ok := strings.Cut(lower, "://"); ok && host == strings.ToLower(r.Host) {
		return nil
	}
	if own, err := url.Parse(s.url); err == nil && lower == own.Scheme+"://"+strings.ToLower(own.Host) {
		return nil
	}
	for _, allowed := range s.conf.HTTP.Origins {
		if originMatches(allowed, lower) {
			return nil
		}
	}
	return fault.SignalingUnreachableOriginRefused(shortened(origin))
}

// originMatches holds an origin against one of the setting, in which *. stands for one label or more.
func originMatches(allowed, origin string) bool {
	scheme, domain, wild := strings.Cut(allowed, "://*.")
	if !wild {
		return allowed == origin
	}
	host, ok := strings.CutPrefix(origin, scheme+"://")
	return ok && strings.HasSuffix(host, "."+domain) && len(host) > len(domain)+1
}

// shortened bounds what a client has written, for a fault.
func shortened(s string) string {
	const longest = 200
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest], "") + "…"
}
