package egress

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/publicnet"
	"github.com/klatch/klatch/internal/rtmp"
)

// maxTargets is the limit for the outputs of a livestream.
const maxTargets = 10

// checkOutputs returns the fault of the first output of a livestream that cannot be used (4015), or nil. Names are not
// resolved: a name is checked when it is dialed, by the address that it has then.
func checkOutputs(outputs []job.Output, mayBePrivate func(url string) bool) *fault.Error {
	if len(outputs) == 0 {
		return fault.InvalidLivestreamConfigEmpty()
	}
	if len(outputs) > maxTargets {
		return fault.InvalidLivestreamConfigTooMany(len(outputs), maxTargets)
	}
	for n, o := range outputs {
		if f := checkOutput(n, o); f != nil {
			return f
		}
		if address, private := privateHost(o.URL); private && !mayBePrivate(o.URL) {
			return fault.InvalidLivestreamConfigPrivateAddress(n, address)
		}
		if first := slices.Index(outputs[:n], o); first >= 0 {
			return fault.InvalidLivestreamConfigDuplicate(n, first)
		}
	}
	return nil
}

// mayBePrivate reports whether a target may have an address of a private network.
func (m *Manager) mayBePrivate(url string) bool {
	return m.opts.AllowPrivateTargets || m.opts.OwnTarget(url)
}

// allMayBePrivate reports it of all targets of a job: its worker dials them with one rule.
func (m *Manager) allMayBePrivate(outputs []job.Output) bool {
	for _, o := range outputs {
		if !m.mayBePrivate(o.URL) {
			return false
		}
	}
	return len(outputs) > 0
}

func checkOutput(n int, o job.Output) *fault.Error {
	_, err := rtmp.ParseTarget(o.URL, o.StreamKey)
	wrong, _ := errors.AsType[*rtmp.TargetError](err)
	switch {
	case wrong == nil && o.StreamKey == "":
		return fault.InvalidLivestreamConfigBadKey(n, "is missing")
	case wrong == nil:
		return nil
	case wrong.Problem == rtmp.BadScheme:
		return fault.InvalidLivestreamConfigScheme(n, schemeOf(o.URL), rtmp.Schemes)
	case wrong.Field == "streamKey":
		return fault.InvalidLivestreamConfigBadKey(n, wrong.Detail)
	}
	return fault.InvalidLivestreamConfigBadURL(n, wrong.Detail)
}

func schemeOf(address string) string {
	scheme, _, _ := strings.Cut(address, ":")
	return strings.ToLower(scheme)
}

// targetsOf returns outputs that have passed checkOutputs in the form in which they may be shown: without the keys, and
// without the queries and users of the URLs, which may hold secrets.
func targetsOf(outputs []job.Output) []job.Target {
	var targets []job.Target
	for _, o := range outputs {
		shown := &url.URL{}
		if u, err := url.Parse(o.URL); err == nil {
			shown = &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
		}
		targets = append(targets, job.Target{URL: shown.String()})
	}
	return targets
}

// privateHost reports whether the host of a URL is known to be private without asking a name server.
func privateHost(address string) (host string, private bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	host = u.Hostname()
	if name := strings.ToLower(strings.TrimSuffix(host, ".")); name == "localhost" ||
		strings.HasSuffix(name, ".localhost") {
		return host, true // RFC 6761, section 6.3
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return "", false
	}
	return addr.String(), !publicnet.IsPublic(addr)
}
