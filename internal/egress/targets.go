package egress

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/publicnet"
	"github.com/klatch/klatch/internal/rtmp"
)

// Bounds of the targets of a livestream.
const (
	maxTargets  = 10
	maxURLBytes = 1024
	maxKeyBytes = 1024
)

var schemes = []string{"rtmp", "rtmps"}

// checkOutputs judges the outputs of a livestream (4015) and gives them as they may be shown: without keys. Names are
// judged again when they are dialed, by the address they then have.
func checkOutputs(outputs []job.Output, allowPrivate bool) ([]job.Target, *fault.Error) {
	if len(outputs) == 0 {
		return nil, fault.InvalidLivestreamConfigEmpty()
	}
	if len(outputs) > maxTargets {
		return nil, fault.InvalidLivestreamConfigTooMany(len(outputs), maxTargets)
	}
	targets := make([]job.Target, len(outputs))
	for n, o := range outputs {
		u, f := parseTarget(n, o.URL)
		if f != nil {
			return nil, f
		}
		if !allowPrivate {
			if address, private := privateHost(u.Hostname()); private {
				return nil, fault.InvalidLivestreamConfigPrivateAddress(n, address)
			}
		}
		if problem := keyProblem(o.StreamKey); problem != "" {
			return nil, fault.InvalidLivestreamConfigBadKey(n, problem)
		}
		if first := slices.Index(outputs[:n], o); first >= 0 {
			return nil, fault.InvalidLivestreamConfigDuplicate(n, first)
		}
		// The query may hold a secret; the path names the application.
		targets[n] = job.Target{URL: (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()}
	}
	return targets, nil
}

func parseTarget(n int, raw string) (*url.URL, *fault.Error) {
	bad := func(problem string) (*url.URL, *fault.Error) {
		return nil, fault.InvalidLivestreamConfigBadURL(n, problem)
	}
	switch {
	case raw == "":
		return bad("is missing")
	case len(raw) > maxURLBytes:
		return bad("has " + strconv.Itoa(len(raw)) + " bytes; the limit is " + strconv.Itoa(maxURLBytes))
	case !utf8.ValidString(raw) || strings.ContainsFunc(raw, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }):
		return bad("holds white space or a control character")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return bad("is not a URL") // the error repeats the text
	}
	switch {
	case u.Scheme == "":
		return bad("has no scheme")
	case !slices.Contains(schemes, u.Scheme):
		return nil, fault.InvalidLivestreamConfigScheme(n, u.Scheme, schemes)
	case rtmp.UserProblem(u) != "":
		return bad(rtmp.UserProblem(u))
	case u.Hostname() == "" || strings.HasPrefix(u.Hostname(), "-"):
		return bad("names no host")
	case strings.Trim(u.Path, "/") == "":
		return bad(rtmp.NoPath(u.Scheme, u.Host))
	case u.Fragment != "":
		return bad("has a fragment")
	}
	if port := u.Port(); port != "" {
		if p, err := strconv.Atoi(port); err != nil || p < 1 || p > 65535 {
			return bad("has the port " + port + "; it takes 1 to 65535")
		}
	}
	return u, nil
}

// privateHost says whether a host is known to be private without asking a name service.
func privateHost(host string) (address string, private bool) {
	if name := strings.ToLower(strings.TrimSuffix(host, ".")); name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return host, true // RFC 6761, section 6.3
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return "", false
	}
	return addr.String(), !publicnet.IsPublic(addr)
}

func keyProblem(key string) string {
	switch {
	case key == "":
		return "is missing"
	case len(key) > maxKeyBytes:
		return "has " + strconv.Itoa(len(key)) + " bytes; the limit is " + strconv.Itoa(maxKeyBytes)
	case !utf8.ValidString(key) || strings.ContainsFunc(key, func(r rune) bool { return unicode.IsControl(r) || r == ' ' }):
		return "holds white space or a control character"
	}
	return ""
}
