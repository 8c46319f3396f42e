package certificate

import (
	"crypto/tls"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/mholt/acmez/v3/acme"

	"github.com/klatch/klatch/fault"
)

// classify returns the fault of an error with which a certificate was not obtained: what the authority reported
// (RFC 8555, section 6.7), a connection to it that failed, or a directory that takes no files.
func (a *ACME) classify(domain string, err error) *fault.Error {
	authority := a.issuer.CA
	if u, parseErr := url.Parse(authority); parseErr == nil {
		authority = u.Host
	}
	if problem, ok := errors.AsType[acme.Problem](err); ok {
		return classifyProblem(domain, authority, problem).Because(err)
	}
	if text, ok := connectionProblem(err); ok {
		return fault.CertificateFailedAuthorityUnreachable(authority, text).Because(err)
	}
	if isFileError(err) {
		return fault.CertificateFailedStorage(a.opts.Dir, lastError(err)).Because(err)
	}
	return fault.CertificateFailedAuthorityFailed(domain, authority, "no problem document", err.Error()).Because(err)
}

// classifyProblem returns the fault of what an authority reported.
func classifyProblem(domain, authority string, problem acme.Problem) *fault.Error {
	text := problem.Detail
	for _, sub := range problem.Subproblems {
		text += "; " + sub.Detail
	}
	text = strings.TrimSuffix(strings.TrimSpace(text), ".")
	challenge := failedChallenge(problem)
	kind := strings.TrimPrefix(problem.Type, acme.ProblemTypeNamespace)
	switch {
	case kind == "dns", challenge != "" && saysNoAddress(text):
		return fault.CertificateFailedDNS(domain, authority, text)
	case challenge != "" && (kind == "connection" || saysNoConnection(text)):
		return fault.CertificateFailedUnreachable(domain, authority, challenge, text)
	case challenge != "" && slices.Contains([]string{"unauthorized", "tls", "incorrectResponse"}, kind):
		return fault.CertificateFailedChallengeRefused(domain, authority, challenge, text)
	}
	switch kind {
	case "caa":
		return fault.CertificateFailedCAA(domain, authority, text)
	case "rateLimited":
		return fault.CertificateFailedRateLimited(domain, authority, text)
	case "rejectedIdentifier", "unsupportedIdentifier":
		return fault.CertificateFailedDomainRefused(domain, authority, text)
	case "externalAccountRequired", "invalidContact", "unsupportedContact", "userActionRequired":
		return fault.CertificateFailedAccountRefused(authority, text)
	}
	return fault.CertificateFailedAuthorityFailed(domain, authority, kind, text)
}

// failedChallenge returns the type of the challenge that a problem is about; "" when it is about none.
func failedChallenge(problem acme.Problem) string {
	authorization, ok := problem.Resource.(acme.Authorization)
	if !ok {
		return ""
	}
	i := slices.IndexFunc(authorization.Challenges, func(c acme.Challenge) bool { return c.Error != nil })
	if i < 0 {
		return "unknown"
	}
	return authorization.Challenges[i].Type
}

// saysNoAddress reports whether the authority could not look up a name. There is a type for that, "dns"; Pebble uses
// others and says it in words.
func saysNoAddress(text string) bool {
	return containsAny(text, "no such host", "server misbehaving", "could not resolve", "dns problem")
}

// saysNoConnection is saysNoAddress for "connection".
func saysNoConnection(text string) bool {
	return containsAny(text, "failed to connect", "dial tcp", "connection refused", "no route to host", "timed out",
		"timeout")
}

func containsAny(text string, words ...string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}

// connectionProblem returns why an authority could not be reached: its name, its port, its certificate, or what it
// answered, which is not ACME.
func connectionProblem(err error) (text string, ok bool) {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return "the name " + dns.Name + " was not found: " + dns.Err, true
	}
	if certificate, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "its certificate is not trusted: " + certificate.Err.Error(), true
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Error(), true
	}
	if request, ok := errors.AsType[*url.Error](err); ok {
		return request.Err.Error(), true
	}
	return "", false
}

func isFileError(err error) bool {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return true
	}
	_, link := errors.AsType[*os.LinkError](err)
	_, number := errors.AsType[syscall.Errno](err)
	return link || number || strings.Contains(err.Error(), "failed storage check") // which the library does not wrap
}

// lastError returns the text of the innermost error.
func lastError(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}
