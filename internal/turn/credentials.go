package turn

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Realm of the long-term credentials (RFC 8489, section 9.2). It is not secret, and clients do not show it.
const Realm = "klatch"

// Identity is whose credentials are used.
type Identity struct {
	AccountID     string
	MeetingID     string
	SessionID     string
	ParticipantID string
}

// Credentials makes and checks the credentials of participants. They have the form of TURN REST
// (draft-uberti-behave-turn-rest): the username begins with the Unix time at which they expire. What follows names the
// participant, and is encrypted: a username travels in the clear. Nothing is kept for them, and no two are the same.
// It is safe for concurrent use.
type Credentials struct {
	life     time.Duration
	identity cipher.AEAD
	password []byte // key of the passwords
}

// NewCredentials derives keys of its own from the secret key of the server.
func NewCredentials(secretKey []byte, life time.Duration) (*Credentials, error) {
	block, err := aes.NewCipher(derive(secretKey, "klatch turn identity"))
	if err != nil {
		return nil, err
	}
	identity, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Credentials{life: life, identity: identity, password: derive(secretKey, "klatch turn password")}, nil
}

func derive(key []byte, purpose string) []byte {
	sum := hmac.New(sha256.New, key)
	_, _ = sum.Write([]byte(purpose)) // a hash takes everything
	return sum.Sum(nil)
}

// Make returns credentials for a participant, good from now for as long as NewCredentials was told.
func (c *Credentials) Make(of Identity, now time.Time) (username, password string) {
	expiry := strconv.FormatInt(now.Add(c.life).Unix(), 10)
	plain := strings.Join([]string{of.AccountID, of.MeetingID, of.SessionID, of.ParticipantID}, "\x00")
	nonce := make([]byte, c.identity.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	sealed := c.identity.Seal(nonce, nonce, []byte(plain), []byte(expiry))
	username = expiry + ":" + base64.RawURLEncoding.EncodeToString(sealed)
	return username, c.passwordOf(username)
}

func (c *Credentials) passwordOf(username string) string {
	return base64.RawStdEncoding.EncodeToString(derive(c.password, username))
}

// Why credentials are refused.
var (
	errUnknown = errors.New("the username is not one that this server has made")
	errExpired = errors.New("the credentials have expired")
)

// identify returns whose a username is, and errUnknown or errExpired. With errExpired the identity is known.
func (c *Credentials) identify(username string, now time.Time) (Identity, error) {
	expiry, text, _ := strings.Cut(username, ":")
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(sealed) < c.identity.NonceSize() {
		return Identity{}, errUnknown
	}
	nonce, rest := sealed[:c.identity.NonceSize()], sealed[c.identity.NonceSize():]
	plain, err := c.identity.Open(nil, nonce, rest, []byte(expiry))
	if err != nil {
		return Identity{}, errUnknown
	}
	at, err := strconv.ParseInt(expiry, 10, 64)
	fields := strings.Split(string(plain), "\x00")
	if err != nil || len(fields) != 4 {
		return Identity{}, errUnknown
	}
	of := Identity{AccountID: fields[0], MeetingID: fields[1], SessionID: fields[2], ParticipantID: fields[3]}
	if !now.Before(time.Unix(at, 0)) {
		return of, errExpired
	}
	return of, nil
}

// key returns the key of the long-term credentials (RFC 8489, section 9.2.2).
func (c *Credentials) key(username, realm string) []byte {
	sum := md5.Sum([]byte(username + ":" + realm + ":" + c.passwordOf(username)))
	return sum[:]
}

// Shared returns credentials for a TURN server that has the same secret, good for life from now, as coturn checks them
// (static-auth-secret): the password is the HMAC-SHA1 of the username.
func Shared(secret string, life time.Duration, now time.Time) (username, password string) {
	name := make([]byte, 9)
	_, _ = rand.Read(name) // never fails
	username = strconv.FormatInt(now.Add(life).Unix(), 10) + ":" + base64.RawURLEncoding.EncodeToString(name)
	sum := hmac.New(sha1.New, []byte(secret))
	_, _ = sum.Write([]byte(username)) // a hash takes everything
	return username, base64.StdEncoding.EncodeToString(sum.Sum(nil))
}
