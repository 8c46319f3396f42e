package rtmp

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/klatch/klatch/internal/publicnet"
)

// Limits of what a user may give.
const (
	MaxURL = 2048
	MaxKey = 1024
)

// Schemes of the URLs of targets.
var Schemes = []string{"rtmp", "rtmps"}

// Problem is what is wrong with the URL or key of an output.
type Problem uint8

// The problems.
const (
	_          Problem = iota
	Empty              // missing
	TooLong            // longer than MaxURL or MaxKey
	BadURL             // not a URL of the form rtmp://host[:port]/app
	BadScheme          // neither rtmp nor rtmps
	BadKey             // control characters or spaces
	PrivateURL         // the host is, or resolves to, an address of a private network
)

var problems = [...]string{
	Empty:      "EMPTY",
	TooLong:    "TOO_LONG",
	BadURL:     "BAD_URL",
	BadScheme:  "SCHEME",
	BadKey:     "BAD_KEY",
	PrivateURL: "PRIVATE_ADDRESS",
}

func (p Problem) String() string {
	if p == 0 || int(p) >= len(problems) {
		return fmt.Sprintf("Problem(%d)", uint8(p))
	}
	return problems[p]
}

// TargetError is an output that cannot be one. Detail quotes nothing that may be secret: neither the key nor
// the path, query or user of the URL.
type TargetError struct {
	Problem Problem
	Field   string // "url" or "streamKey"
	Detail  string
}

func (e *TargetError) Error() string {
	return fmt.Sprintf("rtmp: %s: %s: %s", e.Field, e.Problem, e.Detail)
}

// Target is where to publish. The zero value is none: ParseTarget makes them.
type Target struct {
	secure bool
	user   string // "": none
	pass   string
	host   string // without brackets
	port   string
	app    string // path and query of the URL: some services put a credential there
	key    string
}

// ParseTarget checks what a user gave, without resolving the host. When the key is empty, the last part of a
// path of two or more is taken for it, as in rtmp://host/app/key. Errors are *TargetError.
func ParseTarget(rawURL, streamKey string) (Target, error) {
	none := func(p Problem, field, detail string) (Target, error) {
		return Target{}, &TargetError{Problem: p, Field: field, Detail: detail}
	}
	switch {
	case rawURL == "":
		return none(Empty, "url", "is missing or empty")
	case len(rawURL) > MaxURL:
		return none(TooLong, "url", fmt.Sprintf("has %d bytes, at most %d are allowed", len(rawURL), MaxURL))
	case len(streamKey) > MaxKey:
		return none(TooLong, "streamKey", fmt.Sprintf("has %d bytes, at most %d are allowed", len(streamKey), MaxKey))
	case !printable(rawURL):
		return none(BadURL, "url", "has spaces, control characters or bytes that are not UTF-8")
	case !printable(streamKey):
		return none(BadKey, "streamKey", "has spaces, control characters or bytes that are not UTF-8")
	}
	// url.Parse names the URL in its errors: not for us
	u, err := url.Parse(rawURL)
	if err != nil {
		return none(BadURL, "url", "is not a URL")
	}
	port := ""
	switch u.Scheme {
	case "rtmp":
		port = "1935"
	case "rtmps":
		port = "443"
	case "":
		return none(BadURL, "url", "has no scheme; it must begin with rtmp:// or rtmps://")
	default:
		return none(BadScheme, "url", fmt.Sprintf("has the scheme %.20q; only rtmp and rtmps are supported", u.Scheme))
	}
	host := u.Hostname()
	switch {
	case u.Opaque != "" || host == "":
		return none(BadURL, "url", "has no host")
	case u.User != nil && userProblem(u.User) != "":
		return none(BadURL, "url", userProblem(u.User))
	case u.Fragment != "" || strings.HasSuffix(rawURL, "#"):
		return none(BadURL, "url", "has a fragment (#)")
	case !validHost(host):
		return none(BadURL, "url", "has a host that is neither a name nor an address")
	}
	if u.Port() != "" || strings.HasSuffix(u.Host, ":") {
		if n, err := strconv.ParseUint(u.Port(), 10, 16); err != nil || n == 0 {
			return none(BadURL, "url", "has a port outside 1-65535")
		}
		port = u.Port()
	}
	app := strings.Trim(u.EscapedPath(), "/")
	if streamKey == "" {
		slash := strings.LastIndexByte(app, '/')
		if slash < 0 {
			return none(Empty, "streamKey", "is missing or empty")
		}
		app, streamKey = app[:slash], app[slash+1:]
		if u.RawQuery != "" {
			streamKey += "?" + u.RawQuery
		}
	} else if u.RawQuery != "" {
		app += "?" + u.RawQuery
	}
	if app == "" || app[0] == '?' {
		return none(BadURL, "url", noPath(u.Scheme, u.Host))
	}
	t := Target{secure: u.Scheme == "rtmps", host: host, port: port, app: app, key: streamKey}
	if u.User != nil {
		t.user = u.User.Username()
		t.pass, _ = u.User.Password()
	}
	return t, nil
}

// noPath returns what a URL without a path lacks.
func noPath(scheme, host string) string {
	return fmt.Sprintf(
		"has no path, which names the application; "+
			"where the service gives none, as Kick and Amazon IVS do, write %s://%s/app",
		scheme,
		host,
	)
}

// userProblem returns what is wrong with the user and password of a URL, or "".
func userProblem(u *url.Userinfo) string {
	password, _ := u.Password()
	switch {
	case u.Username() == "" || password == "":
		return "has a user without a password, or a password without a user; write both, as in rtmp://user:password@host/app"
	case !printable(u.Username()) || !printable(password):
		return "has spaces or control characters in its user or password"
	case strings.ContainsAny(u.Username(), "&=?"):
		return "has a user with one of & = ?, which RTMP authentication cannot send"
	}
	return ""
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	})
}

// validHost accepts addresses and names of RFC 1123, with underscores, and dotted in any way that the
// resolver may judge.
func validHost(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Zone() == ""
	}
	if len(host) > 253 || host[0] == '-' || host[0] == '.' {
		return false
	}
	return !strings.ContainsFunc(host, func(r rune) bool {
		return r != '.' && r != '-' && r != '_' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	})
}

// Address is host:port.
func (t Target) Address() string { return net.JoinHostPort(t.host, t.port) }

func (t Target) scheme() string {
	if t.secure {
		return "rtmps"
	}
	return "rtmp"
}

// String is scheme, host and port: path and key may be secret.
func (t Target) String() string { return t.scheme() + "://" + t.Address() }

// GoString keeps the key out of %#v.
func (t Target) GoString() string { return t.String() }

// MarshalText makes JSON and structured logs show String.
func (t Target) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// redact takes the secrets out of text that came from the server or from below.
func (t Target) redact(s string) string {
	for _, secret := range []string{t.key, url.QueryEscape(t.key), t.pass, url.QueryEscape(t.pass), t.app} {
		if len(secret) > 0 && (secret != t.app || strings.ContainsAny(t.app, "?/")) {
			s = strings.ReplaceAll(s, secret, "[hidden]")
		}
	}
	return s
}

// Resolver is *net.Resolver.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// CheckAddress refuses with *TargetError a target none of whose addresses is of the public internet, so that
// the user learns it when asking. Dial checks again what it really connects to. A name that
// does not resolve now is no error here.
func (t Target) CheckAddress(ctx context.Context, resolver Resolver) error {
	addresses, err := resolver.LookupNetIP(ctx, "ip", t.host)
	if err != nil {
		return nil // Dial will say so with its cause
	}
	for _, a := range addresses {
		if publicnet.IsPublic(a) {
			return nil
		}
	}
	return &TargetError{
		Problem: PrivateURL,
		Field:   "url",
		Detail:  fmt.Sprintf("%s leads to a private or reserved address", t.host),
	}
}
