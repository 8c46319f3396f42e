package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rsc.io/qr"

	"github.com/klatch/klatch/fault"
)

// lanHost is the value of --host without an address: that of this machine in its local network.
const lanHost = "lan"

// hostAddress returns the address that --host asks for.
func hostAddress(host string) (netip.Addr, error) {
	if host == lanHost {
		address, ok := lanAddress()
		if !ok {
			return address, fault.InvalidParameterMissing("klatch dev", "--host")
		}
		return address, nil
	}
	address, err := netip.ParseAddr(host)
	if err != nil || address.IsUnspecified() || address.IsMulticast() {
		return address, fault.InvalidParameterOutOfRange("klatch dev", "--host", host, "an address of this machine")
	}
	return address, nil
}

// lanAddress returns the address from which this machine would send to others. Nothing is sent.
func lanAddress() (netip.Addr, bool) {
	for _, other := range []string{"192.0.2.1:9", "[2001:db8::1]:9"} { // for documentation (RFC 5737, RFC 3849)
		connection, err := net.Dial("udp", other)
		if err != nil {
			continue
		}
		address := connection.LocalAddr().(*net.UDPAddr).AddrPort().Addr()
		_ = connection.Close()
		return address, true
	}
	return netip.Addr{}, false
}

const (
	selfSignedLife  = 365 * 24 * time.Hour
	selfSignedRenew = 30 * 24 * time.Hour // before its end another is made
)

// selfSigned returns the files of a certificate that this address signs for itself. It is kept in dir, so that a
// browser that was told to trust it need not be told again.
func selfSigned(dir string, address netip.Addr) (certFile, keyFile string, err error) {
	certFile, keyFile = filepath.Join(dir, "dev-cert.pem"), filepath.Join(dir, "dev-key.pem")
	if kept, err := tls.LoadX509KeyPair(certFile, keyFile); err == nil &&
		kept.Leaf.VerifyHostname(address.String()) == nil &&
		time.Until(kept.Leaf.NotAfter) > selfSignedRenew {
		return certFile, keyFile, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return "", "", err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "klatch dev"},
		NotBefore:    time.Now().Add(-time.Hour), // clocks of phones
		NotAfter:     time.Now().Add(selfSignedLife),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses:  []net.IP{address.AsSlice()},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return "", "", err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", "", err
	}
	text := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	return certFile, keyFile, errors.Join(
		os.MkdirAll(dir, 0o700),
		os.WriteFile(keyFile, text("PRIVATE KEY", private), 0o600),
		os.WriteFile(certFile, text("CERTIFICATE", certificate), 0o600),
	)
}

// printQR draws a code for the camera of a phone, two modules to a character, black on white whatever the terminal's
// colors are.
func printQR(w io.Writer, text string) error {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return err
	}
	const margin = 2 // modules; readers want 4, and take 2 (ISO/IEC 18004)
	for y := -margin; y < code.Size+margin; y += 2 {
		var line strings.Builder
		for x := -margin; x < code.Size+margin; x++ { // outside is white
			switch upper, lower := code.Black(x, y), code.Black(x, y+1); {
			case upper && lower:
				line.WriteRune('█')
			case upper:
				line.WriteRune('▀')
			case lower:
				line.WriteRune('▄')
			default:
				line.WriteByte(' ')
			}
		}
		fmt.Fprintf(w, "\x1b[30;107m%s\x1b[0m\n", line.String())
	}
	return nil
}
