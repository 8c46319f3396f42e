package sfu

import (
	"strings"
	"sync/atomic"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/ciphersuite"
	"github.com/pion/dtls/v3/pkg/crypto/prf"
	"github.com/pion/dtls/v3/pkg/protocol/recordlayer"
)

// applicationData is what a client sends over DTLS itself: SCTP. A connection without data channels takes none, for
// nobody reads it. What connections with data channels get is decrypted once more than pion does it, so that sctpGuard
// sees it first. Guarded by receiving of its rtpTransport, but for guard.
type applicationData struct {
	guard  atomic.Pointer[sctpGuard] // nil: no data channels
	opener recordOpener              // nil: no keys yet
	early  int                       // records that were taken before there were keys
	plain  []byte                    // scratch space
}

// recordOpener decrypts records of the client in place, and returns them with their header.
type recordOpener interface {
	Decrypt(header recordlayer.Header, record []byte) ([]byte, error)
}

const (
	dtlsFirst           = 20 // content types of DTLS are 20 to 63 (RFC 7983, section 7)
	dtlsLast            = 63
	dtlsApplicationData = 23

	// Before the server has its keys, a client that has them may begin: as many records, large enough for INIT and
	// COOKIE-ECHO.
	maxEarlyRecords    = 8
	maxEarlyRecordSize = 320
)

// admits reports whether pion may take a packet of DTLS.
func (t *rtpTransport) admits(packet []byte) bool {
	records, err := recordlayer.UnpackDatagram(packet)
	if err != nil {
		return true // of another kind than application data, or pion drops it too
	}
	for _, record := range records {
		if record[0] == dtlsApplicationData && !t.admitsRecord(record) {
			return false
		}
	}
	return true
}

func (t *rtpTransport) admitsRecord(record []byte) bool {
	guard := t.application.guard.Load()
	if guard == nil {
		return false
	}
	var header recordlayer.Header
	if header.Unmarshal(record) != nil {
		return false
	}
	t.receiving.Lock()
	a := &t.application
	if a.opener == nil {
		a.early++
		admitted := a.early <= maxEarlyRecords && len(record) <= maxEarlyRecordSize
		t.receiving.Unlock()
		return admitted
	}
	a.plain = append(a.plain[:0], record...)
	opened, err := a.opener.Decrypt(header, a.plain)
	admitted, exceeded := false, false
	if err == nil {
		admitted, exceeded = guard.admits(opened[header.Size():], time.Now())
	}
	t.receiving.Unlock()
	if exceeded {
		guard.exceeded()
	}
	return admitted
}

// newRecordOpener makes what decrypts records of the client with the keys of a connection (RFC 5246, section 6.3); nil
// for a cipher suite that no browser prefers to those of AEAD: then no application data is taken.
func newRecordOpener(h *serverHello, master, client []byte) recordOpener {
	name := dtls.CipherSuiteName(h.suite)
	keySize, ivSize := 16, 4
	chacha := strings.Contains(name, "CHACHA20_POLY1305")
	switch {
	case chacha:
		keySize, ivSize = 32, 12
	case strings.Contains(name, "AES_256_GCM"):
		keySize = 32
	case !strings.Contains(name, "AES_128_GCM"):
		return nil
	}
	keys, err := prf.GenerateEncryptionKeys(master, client, h.random[:], 0, keySize, ivSize, h.hash)
	if err != nil {
		return nil
	}
	remoteKey, remoteIV := keys.ClientWriteKey, keys.ClientWriteIV
	localKey, localIV := keys.ServerWriteKey, keys.ServerWriteIV
	if !h.ours { // the server is the DTLS client
		remoteKey, remoteIV, localKey, localIV = localKey, localIV, remoteKey, remoteIV
	}
	if chacha {
		if opener, err := ciphersuite.NewChaCha20Poly1305(localKey, localIV, remoteKey, remoteIV); err == nil {
			return opener
		}
		return nil
	}
	if opener, err := ciphersuite.NewGCM(localKey, localIV, remoteKey, remoteIV); err == nil {
		return opener
	}
	return nil
}
