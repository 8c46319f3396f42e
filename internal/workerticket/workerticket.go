// Package workerticket signs what the processes of workers join with instead of a token, so that every node of a
// cluster can judge it. A ticket is the payload and its HMAC-SHA256, both in base64url (RFC 4648, section 5), joined
// by a dot.
package workerticket

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// maxBytes bounds what is looked at of a ticket; ours have some 400 bytes.
const maxBytes = 2048

// Sign returns a ticket with a payload, which is written as JSON. The error is that of encoding/json.
func Sign(key []byte, payload any) (string, error) {
	raw, err := json.Marshal(payload)
	if err != nil {
		return "", err
	}
	body := base64.RawURLEncoding.EncodeToString(raw)
	return body + "." + base64.RawURLEncoding.EncodeToString(sum(key, body)), nil
}

// Open reads the payload of a ticket that was signed with the key, and reports whether it was.
func Open(key []byte, ticket string, payload any) bool {
	body, signature, found := strings.Cut(ticket, ".")
	if !found || len(ticket) > maxBytes {
		return false
	}
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(given, sum(key, body)) {
		return false
	}
	raw, err := base64.RawURLEncoding.DecodeString(body)
	return err == nil && json.Unmarshal(raw, payload) == nil
}

func sum(key []byte, body string) []byte {
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte(body)) // never fails
	return h.Sum(nil)
}
