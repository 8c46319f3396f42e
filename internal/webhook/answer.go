package webhook

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// answer is what an endpoint answered.
type answer struct {
	status int // 0: nothing
	text   string
}

// shownAnswer is how many bytes of an answer are kept.
const shownAnswer = 1 << 10

const removed = "[removed]"

var (
	jwt = regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)?`)
	// secretField matches a name that holds secrets with its value, in JSON, headers, forms and queries.
	secretField = regexp.MustCompile(
		`(?i)([\w-]*(?:secret|token|passw(?:or)?d|api[_-]?key|authorization|signature|cookie|credential)` +
			`[\w-]*["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|(?:(?:bearer|basic)\s+)?[^\s"'&,;<>}]+)`,
	)
)

// withoutSecrets returns the first bytes of an answer as text, without what may be a secret: the address of the
// endpoint beyond its host, the signature, tokens, and the values of fields whose names say so. It is for people who
// look for the cause of a refusal.
func withoutSecrets(content []byte, endpoint, signature string) string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) || r == '\n' || r == '\t' {
			return r
		}
		return '\uFFFD'
	}, strings.ToValidUTF8(string(content), "\uFFFD"))
	secrets := []string{signature}
	if u, err := url.Parse(endpoint); err == nil {
		secrets = append(secrets, u.RequestURI(), u.RawQuery, u.EscapedPath())
		for _, values := range u.Query() {
			secrets = append(secrets, values...)
		}
	}
	for _, secret := range secrets {
		if len(secret) >= 4 { // a shorter one would be found in any text
			text = strings.ReplaceAll(text, secret, removed)
		}
	}
	text = jwt.ReplaceAllString(text, removed)
	text = secretField.ReplaceAllString(text, "${1}"+removed)
	if len(text) > shownAnswer {
		text = strings.ToValidUTF8(text[:shownAnswer], "")
	}
	return text
}
