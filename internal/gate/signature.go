package gate

import (
	"encoding/base64"
	"encoding/hex"

	"github.com/golang-jwt/jwt/v5"

	"github.com/klatch/klatch/fault"
)

// verify compares the signature with the one that the secret makes, in constant time.
func (t *token) verify(apiKey, secret string) error {
	if t.signedWith([]byte(secret)) {
		return nil
	}
	for _, mistake := range commonMistakes(apiKey, secret) {
		if t.signedWith(mistake.secret) {
			return fault.InvalidTokenSecretAltered(apiKey, mistake.name)
		}
	}
	return fault.InvalidTokenSignatureMismatch(apiKey, algorithm)
}

func (t *token) signedWith(secret []byte) bool {
	return jwt.SigningMethodHS256.Verify(t.signed, t.signature, secret) == nil
}

// mistake is what integrators sign with by accident. To name it says nothing to somebody who does not hold the
// secret: who can make such a signature knows what went into it.
type mistake struct {
	name   string
	secret []byte
}

func commonMistakes(apiKey, secret string) []mistake {
	all := []mistake{
		{"the API key itself", []byte(apiKey)},
		{"an empty secret", nil},
	}
	for _, around := range [][2]string{{"", " "}, {"", "\n"}, {"", "\r\n"}, {"", "\t"}, {" ", ""}} {
		all = append(all, mistake{"the secret and white space around it", []byte(around[0] + secret + around[1])})
	}
	for _, quote := range []string{`"`, `'`} {
		all = append(all, mistake{"the secret in quotes", []byte(quote + secret + quote)})
	}
	if decoded, err := hex.DecodeString(secret); err == nil {
		all = append(all, mistake{"the secret decoded from hexadecimal", decoded})
	}
	for _, end := range []string{"", "\n"} { // as the Secrets of Kubernetes show it; echo adds the line break
		encoded := base64.StdEncoding.EncodeToString([]byte(secret + end))
		all = append(all, mistake{"the secret encoded in base64", []byte(encoded)})
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
		if decoded, err := encoding.DecodeString(secret); err == nil {
			all = append(all, mistake{"the secret decoded from base64", decoded})
		}
	}
	return all
}
