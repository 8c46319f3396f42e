package webhook

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const keyBits = 2048 // as published receivers expect; NIST SP 800-131A has 2048 as the least

// Signer signs bodies, and returns the key they are verified with. It is safe for concurrent use.
type Signer struct {
	key    *rsa.PrivateKey
	public string
}

// LoadSigner reads the key of that file, PKCS #8 in PEM; an absent file is made with a new key and mode 0600.
// A new key makes receivers that pinned the old one refuse what comes, so the file belongs into backups.
func LoadSigner(path string) (*Signer, error) {
	s, err := readSigner(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	if err := makeKey(path); err != nil {
		return nil, fmt.Errorf("make the webhook key: %w", err)
	}
	return readSigner(path)
}

func readSigner(path string) (*Signer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseSigner(text, path)
}

// Share returns the signer that several servers have. keep gets the key of this one, as in its file, and returns that
// of all.
func (s *Signer) Share(keep func(text []byte) ([]byte, error)) (*Signer, error) {
	der, err := x509.MarshalPKCS8PrivateKey(s.key)
	if err != nil {
		return nil, err
	}
	text, err := keep(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if err != nil {
		return nil, err
	}
	return parseSigner(text, "of the cluster")
}

func parseSigner(text []byte, path string) (*Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("the webhook key %s is not PEM", path)
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the webhook key %s is not PKCS #8", path) // err may describe the key
	}
	key, ok := any.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the webhook key %s is not RSA", path)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("the webhook key %s: %w", path, err)
	}
	return &Signer{key: key, public: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}, nil
}

// makeKey puts a whole file in place or none: of two servers that start together one wins.
func makeKey(path string) error {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".webhook-key-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	err = pem.Encode(file, &pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// PublicKey is the key in PEM (SubjectPublicKeyInfo), as GET /v2/public/rsa-public-key shows it.
func (s *Signer) PublicKey() string { return s.public }

// Sign returns the published signature of a body: RSA-SHA256 (RFC 8017, RSASSA-PKCS1-v1_5) in base64.
func (s *Signer) Sign(body []byte) (string, error) {
	sum := sha256.Sum256(body)
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, sum[:])
	return base64.StdEncoding.EncodeToString(signature), err
}
