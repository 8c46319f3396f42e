package gate

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// algorithm is the only one accepted: a token that chose its own could choose none.
const algorithm = "HS256"

// token is a JSON Web Token in compact form (RFC 7519, RFC 7515 section 3.1) whose shape is right; its
// signature is not judged yet.
type token struct {
	signed    string // header.payload as they came
	signature []byte
	claims    map[string]json.RawMessage
}

// parse looks at the shape, in time linear in at most MaxTokenBytes. The error describes what is wrong with a token and
// never shows it.
func parse(raw string) (*token, error) {
	switch {
	case raw == "":
		return nil, fault.InvalidTokenEmpty()
	case len(raw) > wire.MaxTokenBytes:
		return nil, fault.InvalidTokenTooLarge(len(raw), wire.MaxTokenBytes)
	}
	if problem := findWrapping(raw); problem != "" {
		return nil, fault.InvalidTokenMalformed(problem)
	}
	parts := strings.Split(raw, ".")
	if problem := countParts(len(parts)); problem != "" {
		return nil, fault.InvalidTokenMalformed(problem)
	}
	header, err := decodeObject("header", parts[0])
	if err != nil {
		return nil, err
	}
	if err := checkHeader(header); err != nil {
		return nil, err
	}
	claims, err := decodeObject("payload", parts[1])
	if err != nil {
		return nil, err
	}
	signature, err := decodePart("signature", parts[2])
	if err != nil {
		return nil, err
	}
	return &token{signed: raw[:len(raw)-len(parts[2])-1], signature: signature, claims: claims}, nil
}

// findWrapping finds what people paste around a token.
func findWrapping(raw string) string {
	for _, scheme := range []string{"Bearer", "Basic", "JWT", "Token"} {
		if rest, ok := cutPrefixFold(raw, scheme); ok && (rest == "" || strings.ContainsAny(rest[:1], " :=")) {
			return fmt.Sprintf("it starts with %q; pass the token alone", scheme)
		}
	}
	first, last := raw[0], raw[len(raw)-1]
	switch {
	case strings.ContainsRune("\"'`", rune(first)) || strings.ContainsRune("\"'`", rune(last)):
		return "it has quotes around it"
	case first == '<' || first == '{' || first == '[':
		return fmt.Sprintf("it starts with %q; that is another format or a placeholder", first)
	case strings.TrimSpace(raw) == "":
		return "it is only white space"
	case strings.TrimSpace(raw) != raw:
		return "it has white space at its start or end"
	case raw == "undefined" || raw == "null" || raw == "NaN":
		return fmt.Sprintf("it is the word %q; the program that passed it has no token", raw)
	}
	return ""
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func countParts(n int) string {
	switch n {
	case 3:
		return ""
	case 1:
		return "it has no dots, a token has two; an API key or its secret is not a token"
	case 5:
		return "it has 5 parts between dots, as an encrypted token (JWE) has; a signed one has 3"
	}
	return fmt.Sprintf("it has %d parts between dots, a token has 3", n)
}

// checkHeader: RFC 7515, section 4.1.11, wants a token refused whose crit is not understood.
func checkHeader(header map[string]json.RawMessage) error {
	if _, ok := header["crit"]; ok {
		return fault.InvalidTokenMalformed("its header demands extensions (crit) that this server does not have")
	}
	value, ok := header["alg"]
	if !ok {
		return fault.InvalidTokenMalformed("its header names no alg")
	}
	var alg string
	if err := json.Unmarshal(value, &alg); err != nil || wire.IsNull(value) {
		return fault.InvalidTokenMalformed("the alg in its header is " + wire.TypeOf(value) + ", not a string")
	}
	if alg != algorithm {
		return fault.InvalidTokenAlgNotAllowed(alg, algorithm)
	}
	return nil
}

func decodeObject(name, part string) (map[string]json.RawMessage, error) {
	data, err := decodePart(name, part)
	if err != nil {
		return nil, err
	}
	if !json.Valid(data) {
		return nil, fault.InvalidTokenMalformed("its " + name + " is not JSON")
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil || object == nil {
		return nil, fault.InvalidTokenMalformed("its " + name + " is " + wire.TypeOf(data) + ", not a JSON object")
	}
	if member, problem := wire.JSONProblem(data); problem == wire.GivenTwice { // other texts are judged as claims
		return nil, fault.InvalidTokenMalformed("its " + name + " has the member " + member + " twice")
	}
	return object, nil
}

// decodePart names the first character that base64url (RFC 4648, section 5) does not have; Go's decoder would
// skip line breaks.
func decodePart(name, part string) ([]byte, error) {
	if part == "" {
		return nil, fault.InvalidTokenMalformed("its " + name + " is empty")
	}
	index := 0
	for _, r := range part {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_':
		case r == '+', r == '/', r == '=':
			return nil, fault.InvalidTokenMalformed(
				fmt.Sprintf("its %s is base64, not base64url without padding: %q at character %d", name, r, index),
			)
		case unicode.IsSpace(r):
			return nil, fault.InvalidTokenMalformed(fmt.Sprintf("its %s has white space at character %d", name, index))
		default:
			return nil, fault.InvalidTokenMalformed(
				fmt.Sprintf("its %s has the character %U at character %d, which base64url does not have", name, r, index),
			)
		}
		index++
	}
	data, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return nil, fault.InvalidTokenMalformed("its " + name + " is not base64url, as if it were cut off")
	}
	return data, nil
}

// apiKey returns the claim that names the key.
func (t *token) apiKey() (string, error) {
	value, ok := t.claims["apikey"]
	if !ok {
		return "", fault.InvalidAPIKeyKeyMissing(t.claimNames())
	}
	var apiKey string
	if err := json.Unmarshal(value, &apiKey); err != nil || wire.IsNull(value) {
		return "", fault.InvalidTokenClaimType("apikey", wire.TypeOf(value), "a string")
	}
	if apiKey == "" {
		return "", fault.InvalidAPIKeyKeyEmpty()
	}
	return apiKey, nil
}

func (t *token) claimNames() []string {
	names := make([]string, 0, len(t.claims))
	for name := range t.claims {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
