package signal

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/klatch/klatch/internal/wire"
)

// Ticket is what the secret of a session says to every server that has its key: whose place it resumes. It holds ids
// alone. Whoever has the secret can resume the session, once (see secrets).
type Ticket struct {
	AccountID     string `json:"a"`
	MeetingID     string `json:"m"`
	SessionID     string `json:"s"`
	ParticipantID string `json:"p"`
	Place         string `json:"l"`           // of one join: another one of the same id has another place
	Generation    int64  `json:"g"`           // 0: of the join; each resume brings the next one
	Node          string `json:"n,omitempty"` // where it was made; "": on a server that is alone
	Nonce         []byte `json:"r"`
}

// ticketPrefix begins every ticket: what follows are the payload and its HMAC-SHA256, in base64url.
const ticketPrefix = "kt1."

var ticketEncoding = base64.RawURLEncoding.Strict()

// newNonce returns what no other ticket has.
func newNonce() []byte {
	nonce := make([]byte, 16)
	_, _ = rand.Read(nonce) // crypto/rand.Read never fails
	return nonce
}

// seal returns the secret of a ticket.
func (t Ticket) seal(key []byte) string {
	var payload bytes.Buffer
	encoder := json.NewEncoder(&payload)
	encoder.SetEscapeHTML(false) // ids are short in it
	if err := encoder.Encode(t); err != nil {
		panic(err) // strings, bytes and an integer encode
	}
	signed := ticketPrefix + ticketEncoding.EncodeToString(bytes.TrimSpace(payload.Bytes()))
	return signed + "." + ticketEncoding.EncodeToString(sign(key, signed))
}

// openTicket returns what a secret says; false for one that was not made with the key. Nothing of it is read before.
func openTicket(key []byte, secret string) (t Ticket, ok bool) {
	if len(secret) > wire.MaxSecretBytes || !strings.HasPrefix(secret, ticketPrefix) ||
		strings.ContainsAny(secret, "\r\n") { // which base64 would skip: each ticket is one secret
		return Ticket{}, false
	}
	end := strings.LastIndexByte(secret, '.')
	if end < len(ticketPrefix) {
		return Ticket{}, false
	}
	sum, err := ticketEncoding.DecodeString(secret[end+1:])
	if err != nil || !hmac.Equal(sum, sign(key, secret[:end])) {
		return Ticket{}, false
	}
	payload, err := ticketEncoding.DecodeString(secret[len(ticketPrefix):end])
	if err != nil || json.Unmarshal(payload, &t) != nil {
		return Ticket{}, false
	}
	return t, true
}

func sign(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte(text)) // a hash takes everything
	return mac.Sum(nil)
}
