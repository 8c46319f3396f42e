package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// SecretKeySize is the length of the server key in bytes: AES-256.
const SecretKeySize = 32

// SecretKeyError is the reason why the key that protects API secrets cannot be used: 5105 SECRET_KEY. It never holds
// the key.
type SecretKeyError struct {
	Problem string
	err     error
}

func (e *SecretKeyError) Error() string { return "secret key: " + e.Problem }

// Unwrap returns the error of the file, where there was one.
func (e *SecretKeyError) Unwrap() error { return e.err }

// LoadSecretKey reads the key file, 64 hexadecimal digits; an absent file is made with a new key and mode 0600.
func LoadSecretKey(path string) ([]byte, error) {
	key, err := readSecretKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := makeSecretKey(path); err != nil {
		return nil, &SecretKeyError{Problem: fmt.Sprintf("cannot make the key file: %v", err), err: err}
	}
	return readSecretKey(path)
}

func readSecretKey(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &SecretKeyError{Problem: fmt.Sprintf("cannot read the key file: %v", err), err: err}
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != SecretKeySize {
		// err is left out: hex names a byte of the file.
		return nil, &SecretKeyError{
			Problem: fmt.Sprintf("the key file %s does not hold %d hexadecimal digits", path, 2*SecretKeySize),
		}
	}
	return key, nil
}

// makeSecretKey puts a whole file in place or none: of two servers that start together one wins, and both
// read the winner's.
func makeSecretKey(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	key := make([]byte, SecretKeySize)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".secret-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.WriteString(hex.EncodeToString(key) + "\n")
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// sealer encrypts with AES-256-GCM and a random nonce in front. What the text belongs to is authenticated
// with it, so that a sealed text is worthless in another row.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (*sealer, error) {
	if len(key) != SecretKeySize {
		return nil, &SecretKeyError{Problem: fmt.Sprintf("the key has %d bytes; it takes %d", len(key), SecretKeySize)}
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, &SecretKeyError{Problem: "the key cannot be used", err: err}
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, &SecretKeyError{Problem: "the key cannot be used", err: err}
	}
	return &sealer{aead}, nil
}

func (s *sealer) seal(text, owner string) []byte {
	return s.aead.Seal(nil, nil, []byte(text), []byte(owner))
}

func (s *sealer) open(sealed []byte, owner string) (string, error) {
	text, err := s.aead.Open(nil, nil, sealed, []byte(owner))
	return string(text), err
}

// The check value is sealed with the key the database was made with.
const (
	checkName = "secret-key-check"
	checkText = "klatch"
)

// SharedSecret returns a secret that all nodes of a cluster have: the one that is kept under that name, or, where none
// is, proposed, which is kept encrypted.
func (s *Store) SharedSecret(ctx context.Context, name string, proposed []byte) ([]byte, error) {
	const op = "a secret that nodes share"
	if _, err := s.exec(ctx, s.write, `INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING`, name,
		s.sealer.seal(string(proposed), name)); err != nil {
		return nil, opError(op, err)
	}
	var sealed []byte
	if err := s.row(ctx, s.write, `SELECT value FROM meta WHERE name = ?`, name).Scan(&sealed); err != nil {
		return nil, opError(op, err)
	}
	text, err := s.sealer.open(sealed, name)
	return []byte(text), opError(op, err)
}

func (s *Store) checkSecretKey(ctx context.Context) error {
	_, err := s.exec(ctx, s.write, `INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING`,
		checkName, s.sealer.seal(checkText, checkName))
	if err != nil {
		return &OpenError{Problem: "cannot write", err: err}
	}
	var sealed []byte
	err = s.row(ctx, s.write, `SELECT value FROM meta WHERE name = ?`, checkName).Scan(&sealed)
	if err != nil {
		return &OpenError{Problem: "cannot read", err: err}
	}
	if text, err := s.sealer.open(sealed, checkName); err != nil || text != checkText {
		return &SecretKeyError{Problem: "it is not the key this database was made with"}
	}
	return nil
}
