package conf

import (
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/idna"

	"github.com/klatch/klatch/internal/reflexive"
)

// value parses one setting. set returns what was wanted, in words, when the text does not fit.
type value interface {
	set(s string) (want string, ok bool)
	String() string
}

type (
	text    struct{ to *string }
	secret  struct{ to *string }
	hidden  struct{ to *string } // a secret that somebody else made
	address struct{ to *string }
	baseURL struct{ to *string }

	optionalAddress struct{ to *string }

	database struct{ to *string }
	ips      struct{ to *[]string }
	networks struct{ to *[]netip.Prefix }
	origins  struct{ to *[]string }
	domains  struct{ to *[]string }

	email     struct{ to *string }
	host      struct{ to *string }
	turnURLs  struct{ to *[]string }
	secureURL struct{ to *string }

	choice struct {
		to   *string
		from []string
	}
	count struct {
		to       *int
		min, max int
	}
	duration struct {
		to       *time.Duration
		min, max time.Duration
	}
	boolean struct{ to *bool }
	level   struct{ to *slog.Level }
)

func (v text) set(s string) (string, bool) { *v.to = s; return "", true }
func (v text) String() string              { return *v.to }

// MinAdminToken is the fewest characters of an admin token.
const MinAdminToken = 16

func (v secret) set(s string) (string, bool) {
	*v.to = s
	want, ok := IsAdminToken(s)
	return want, s == "" || ok
}

// IsAdminToken reports whether s can be an admin token; want describes one. It is sent in an HTTP header.
func IsAdminToken(s string) (want string, ok bool) {
	return fmt.Sprintf(
			"at least %d characters, all of them printable ASCII and no spaces: it is sent in an HTTP header",
			MinAdminToken,
		),
		len(s) >= MinAdminToken &&
			isVisible(s)
}

// isVisible reports whether a text is printable ASCII without spaces.
func isVisible(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}
func (v secret) String() string { return "" }

func (v hidden) set(s string) (string, bool) {
	*v.to = s
	return "printable ASCII without spaces, as it was given out", isVisible(s)
}
func (v hidden) String() string { return "" }

func (v address) set(s string) (string, bool) {
	*v.to = s
	host, port, err := net.SplitHostPort(s)
	n, portErr := strconv.Atoi(port)
	_, ipErr := netip.ParseAddr(host)
	ok := err == nil && portErr == nil && n >= 0 && n <= 65535 && (host == "" || host == "localhost" || ipErr == nil)
	return "host:port with an IP address (or none) and a port from 0 to 65535, such as :4000 or 127.0.0.1:4000", ok
}
func (v address) String() string { return *v.to }

func (v optionalAddress) set(s string) (string, bool) {
	if s == "" {
		*v.to = ""
		return "", true
	}
	return address(v).set(s)
}
func (v optionalAddress) String() string { return *v.to }

func (v baseURL) set(s string) (string, bool) {
	*v.to = strings.TrimRight(s, "/")
	u, err := url.Parse(s)
	ok := s == "" ||
		err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.RawQuery == "" && u.User == nil
	return "an http or https address without query and user", ok
}
func (v baseURL) String() string { return *v.to }

func (v database) set(s string) (string, bool) {
	*v.to = s
	scheme, rest, hasScheme := strings.Cut(s, "://")
	ok := !strings.ContainsFunc(s, unicode.IsControl) &&
		(!hasScheme || slices.Contains([]string{"postgres", "postgresql", "sqlite"}, scheme))
	if ok && hasScheme && scheme != "sqlite" && !isEncoded(rest) {
		return "postgres://user:password@host/name, with / ? # @ and % in the password written as %2F %3F %23 %40 and %25",
			false
	}
	return "postgres://user@host/name, sqlite:///path/file.db or the path of a SQLite file", ok
}

var badPercent = regexp.MustCompile(`%(?:[^0-9A-Fa-f]|.?$|.[^0-9A-Fa-f])`)

// isEncoded reports whether user and password of an address have no character that a URL reserves: it would end them
// there. rest is the address without its scheme.
func isEncoded(rest string) bool {
	end := len(rest)
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		end = i
	}
	path, _, _ := strings.Cut(rest[end:], "?")
	if strings.HasPrefix(rest[end:], "?") {
		path = rest[end:] // a password may have it; without a path, a query has no @
	}
	return strings.Count(rest[:end], "@") <= 1 && !strings.Contains(path, "@") && !badPercent.MatchString(rest[:end])
}

func (v database) String() string { return *v.to }

func (v ips) set(s string) (string, bool) {
	*v.to = nil
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if server, ok := strings.CutPrefix(part, reflexive.Prefix); ok {
			if reflexive.Check(server) != "" {
				return "stun:host:port for a STUN server, with a port from 1 to 65535", false
			}
			if !slices.Contains(*v.to, part) {
				*v.to = append(*v.to, part)
			}
			continue
		}
		addr, err := netip.ParseAddr(part)
		if err != nil || addr.Zone() != "" {
			return "IP addresses without a zone and stun:host:port, separated by commas", false
		}
		addr = addr.Unmap()
		if addr.IsUnspecified() || addr.IsMulticast() || addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
			return "addresses of single machines, to which clients can send: not 0.0.0.0 or ::, a broadcast or a " +
				"multicast address", false
		}
		if !slices.Contains(*v.to, addr.String()) {
			*v.to = append(*v.to, addr.String())
		}
	}
	return "", true
}
func (v ips) String() string { return strings.Join(*v.to, ",") }

func (v networks) set(s string) (string, bool) {
	*v.to = nil
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		network, err := netip.ParsePrefix(part)
		if addr, addrErr := netip.ParseAddr(part); addrErr == nil {
			network, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return "IP addresses and networks separated by commas, such as 10.0.0.7,172.16.0.0/12", false
		}
		*v.to = append(*v.to, network.Masked())
	}
	return "", true
}

func (v networks) String() string {
	list := make([]string, len(*v.to))
	for i, network := range *v.to {
		list[i] = network.String()
	}
	return strings.Join(list, ",")
}

func (v domains) set(s string) (string, bool) {
	*v.to = nil
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		name, ok := domainName(part)
		if !ok {
			return "domain names separated by commas, such as meet.example.com, without https://, a port or a *", false
		}
		if !slices.Contains(*v.to, name) {
			*v.to = append(*v.to, name)
		}
	}
	return "", true
}
func (v domains) String() string { return strings.Join(*v.to, ",") }

// domainName returns a domain name as it stands in a certificate: in lower case and ASCII (RFC 5890).
func domainName(s string) (string, bool) {
	name, err := idna.Lookup.ToASCII(strings.TrimSuffix(s, "."))
	_, notIP := netip.ParseAddr(name)
	ok := err == nil && notIP != nil && name != "" && len(name) <= 253 &&
		!strings.ContainsFunc(name, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.'
		})
	return name, ok
}

func (v email) set(s string) (string, bool) {
	*v.to = s
	parsed, err := mail.ParseAddress(s)
	return "an e-mail address, such as ops@example.com", s == "" || err == nil && parsed.Address == s
}
func (v email) String() string { return *v.to }

func (v host) set(s string) (string, bool) {
	name, ok := hostOf(s)
	*v.to = name
	return "a host name or an IP address without a port, such as turn.example.com or 192.0.2.1", s == "" || ok
}
func (v host) String() string { return *v.to }

// hostOf returns a host name in ASCII, or an IP address without brackets.
func hostOf(s string) (string, bool) {
	if addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")); err == nil {
		return addr.String(), addr.Zone() == "" && !addr.IsUnspecified() && !addr.IsMulticast()
	}
	return domainName(s)
}

// maxTURNURLs is how many addresses of TURN servers clients are given at most: browsers slow down past a few.
const maxTURNURLs = 8

func (v turnURLs) set(s string) (string, bool) {
	*v.to = nil
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		at, ok := turnURL(part)
		if !ok {
			return "TURN addresses separated by commas (RFC 7065): turn: or turns:, a host, and if you like a port from 1 to " +
				"65535 and ?transport=udp or tcp, without credentials, such as turns:turn.example.com:443?transport=tcp", false
		}
		if !slices.Contains(*v.to, at) {
			*v.to = append(*v.to, at)
		}
	}
	return fmt.Sprintf("at most %d TURN addresses", maxTURNURLs), len(*v.to) <= maxTURNURLs
}
func (v turnURLs) String() string { return strings.Join(*v.to, ",") }

// turnURL checks an address of RFC 7065, section 3.1, and returns it with its host in ASCII.
func turnURL(s string) (string, bool) {
	scheme, rest, _ := strings.Cut(s, ":")
	scheme = strings.ToLower(scheme)
	if scheme != "turn" && scheme != "turns" {
		return "", false
	}
	at, query, hasQuery := strings.Cut(rest, "?")
	if hasQuery && query != "transport=tcp" && (query != "transport=udp" || scheme == "turns") {
		return "", false // DTLS, which turns over UDP means, is spoken by no browser
	}
	name, port := at, ""
	if i := strings.LastIndexByte(at, ':'); i > strings.LastIndexByte(at, ']') { // RFC 3986: "[2001:db8::1]:3478"
		name, port = at[:i], at[i+1:]
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return "", false
		}
	}
	if strings.Contains(name, ":") && !strings.HasPrefix(name, "[") {
		return "", false
	}
	name, ok := hostOf(name)
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	if port != "" {
		name += ":" + port
	}
	if hasQuery {
		name += "?" + query
	}
	return scheme + ":" + name, ok
}

func (v secureURL) set(s string) (string, bool) {
	*v.to = s
	u, err := url.Parse(s)
	ok := s == "" || err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
	return "an https address, such as https://acme-v02.api.letsencrypt.org/directory", ok
}
func (v secureURL) String() string { return *v.to }

func (v origins) set(s string) (string, bool) {
	*v.to = nil
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		origin, ok := originOf(part)
		if !ok {
			return "origins separated by commas: http or https, a host (or *. and a domain) and no path, such as " +
				"https://app.example.com", false
		}
		*v.to = append(*v.to, origin)
	}
	return "", true
}
func (v origins) String() string { return strings.Join(*v.to, ",") }

// originOf writes an origin as browsers do (RFC 6454, section 6.1): in lower case and without the scheme's own port.
func originOf(s string) (string, bool) {
	if s == "null" { // of a file or a sandboxed frame
		return s, true
	}
	u, err := url.Parse(strings.ToLower(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil ||
		strings.TrimSuffix(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	domain := strings.TrimPrefix(u.Hostname(), "*.")
	if domain == "" || strings.Contains(domain, "*") {
		return "", false
	}
	if port := u.Port(); port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https" {
		u.Host = strings.TrimSuffix(u.Host, ":"+port)
	}
	return u.Scheme + "://" + u.Host, true
}

func (v choice) set(s string) (string, bool) {
	*v.to = s
	return "one of " + strings.Join(v.from, ", "), slices.Contains(v.from, s)
}
func (v choice) String() string { return *v.to }

func (v count) set(s string) (string, bool) {
	n, err := strconv.Atoi(s)
	*v.to = n
	return fmt.Sprintf("a whole number from %d to %d", v.min, v.max), err == nil && n >= v.min && n <= v.max
}
func (v count) String() string { return strconv.Itoa(*v.to) }

func (v duration) set(s string) (string, bool) {
	d, err := time.ParseDuration(s)
	*v.to = d
	return fmt.Sprintf(
			"a duration from %s to %s, such as 90s or 5m",
			short(v.min),
			short(v.max),
		), err == nil && d >= v.min &&
			d <= v.max
}
func (v duration) String() string { return short(*v.to) }

func (v boolean) set(s string) (string, bool) {
	*v.to = s == "true"
	return "true or false", s == "true" || s == "false"
}
func (v boolean) String() string { return strconv.FormatBool(*v.to) }

func (v level) set(s string) (string, bool) {
	return "debug, info, warn or error", v.to.UnmarshalText([]byte(s)) == nil
}
func (v level) String() string { return strings.ToLower(v.to.String()) }

// short prints 5m0s as 5m.
func short(d time.Duration) string {
	s := d.String()
	for _, tail := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, tail) {
			s = s[:len(s)-2]
		}
	}
	return s
}

// reachable turns a listen address into one that a client on this machine can dial.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
