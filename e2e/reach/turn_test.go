package reach

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testserver"
)

// authority signs the certificates of servers. The programs that this test starts trust it, and it does itself.
var authority = sync.OnceValues(func() (*x509.Certificate, *ecdsa.PrivateKey) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Klatch test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	ca.Raw, err = x509.CreateCertificate(rand.Reader, ca, ca, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return ca, key
})

// certify makes a certificate for an address and turnName.
func certify(t *testing.T, address netip.Addr) (certFile, keyFile string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
		return path
	}
	ca, caKey := authority()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Klatch test server"},
		NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		IPAddresses: []net.IP{address.AsSlice()}, DNSNames: []string{turnName},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	// Go reads the file once, when it checks the first certificate; the programs of this test get its name.
	require.NoError(t, os.Setenv("SSL_CERT_FILE", write("authority.pem", "CERTIFICATE", ca.Raw)))
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", keyDER)
}

// onlyRelay makes the connections of a page use relays alone, and of the TURN addresses those that match an expression.
func onlyRelay(of string) string {
	return fmt.Sprintf(`
  const relayed = (config) => ({
    ...config,
    iceTransportPolicy: "relay",
    iceServers: config.iceServers.map((s) => ({ ...s, urls: s.urls.filter((url) => %s.test(url)) })).filter((s) => s.urls.length),
  });
  const Real = RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(config) { super(relayed(config)); }
    setConfiguration(config) { super.setConfiguration(relayed(config)); }
  };
`, of)
}

// decoded is an expression: pictures and sound have arrived and were decoded.
const decoded = `(async () => {
  let frames = 0, samples = 0;
  for (const pc of connections())
    for (const r of (await pc.getStats()).values())
      if (r.type === "inbound-rtp") { frames += r.framesDecoded ?? 0; samples += r.totalSamplesReceived ?? r.packetsReceived; }
  return frames > 10 && samples > 10;
})()`

// relays is an expression: the ways of the pairs that the connections use, in relayed words: "udp", "tcp" or "tls".
const relays = `Promise.all(connections().map(async (pc) => {
  const local = (await pair(pc))?.local;
  return local?.candidateType === "relay" ? local.relayProtocol : local?.candidateType + " " + local?.protocol;
}))`

// turnName is the name of the server in certificates and TURN addresses: Firefox takes no IP address for TURN over TLS.
const turnName = "meet.example.com"

// newTURNPlace starts a server that speaks HTTPS and TURN. Where it is named, clients are told turnName.
func newTURNPlace(t *testing.T, named bool) (p *place, port string) {
	t.Helper()
	host := newClient(t)
	address := host.Addr("eth0", 4)
	certFile, keyFile := certify(t, address)
	port = "4443"
	settings := map[string]string{
		"http.address": net.JoinHostPort(address.String(), port), "http.certFile": certFile, "http.keyFile": keyFile,
		"media.udpAddress": address.String() + ":0", "media.tcpAddress": address.String() + ":0",
		"turn.enabled": "true", "turn.address": address.String() + ":0", "turn.host": address.String(),
	}
	if named {
		settings["http.publicUrl"] = "https://" + net.JoinHostPort(turnName, port)
	}
	srv := testserver.Spawn(t, host.Program(testserver.Program(t)), settings)
	srv.URL = "https://" + net.JoinHostPort(address.String(), port)
	account := srv.Account(t, nil)
	return &place{Server: srv, host: host, account: account, meeting: account.Meeting(t, nil)}, port
}

// secureBrowser opens a browser on a host, which finds the server by its name and takes its certificate.
func (p *place) secureBrowser(t *testing.T, name string, h *testnet.Host) *testbrowser.Browser {
	if name == "firefox" {
		return p.openFirefox(t, h,
			testbrowser.Pref{Name: "network.dns.forceResolve", Value: p.host.Addr("eth0", 4).String()})
	}
	return testbrowser.Open(t, testbrowser.Camera(30), testbrowser.Allow, testbrowser.At(h.Program("chromium")),
		chromedp.Flag("ignore-certificate-errors", true))
}

// Browsers that use relays alone send and receive over each way to the TURN server.
func TestRelayOnly(t *testing.T) {
	for _, name := range []string{"chromium", "firefox"} {
		t.Run(name, func(t *testing.T) {
			p, _ := newTURNPlace(t, name == "firefox")
			outside := p.startBot(t, newClient(t), "outside", func(o *options) { o.Publish = true })
			browser := p.secureBrowser(t, name, newClient(t))
			outside.await(20*time.Second, "meeting-joined", nil)
			for way, of := range map[string]string{"udp": "/^turn:.*=udp/", "tcp": "/^turn:.*=tcp/", "tls": "/^turns:/"} {
				id := name + "-" + way
				page := p.enterWith(t, browser, id, true, "", onlyRelay(of))
				for _, kind := range []string{"audio", "video"} {
					outside.awaitMedia(20*time.Second, id+" "+kind)
				}
				page.Until("media from outside over "+way, decoded)
				page.Until("relays over "+way, fmt.Sprintf("%s.then((all) => all.every((w) => w === %q))", relays, way))
				page.Until("no fault", `window.events.every(([, name]) => name !== "error")`)
				page.Close()
			}
		})
	}
}

// A network that lets only connections to the port of HTTPS out: media flow over TURN on that port.
func TestOnlyTheHTTPSPort(t *testing.T) {
	blocked := func(t *testing.T, port string) *testnet.Host {
		h := newClient(t)
		h.Block("meta l4proto != tcp")
		// One rule for each way: nft compares both ports as one number in "sport != A dport != B".
		testnet.Rule(t, "forward", fmt.Sprintf("iifname %q tcp dport != %s drop", h.RouterDevice("eth0"), port))
		testnet.Rule(t, "forward", fmt.Sprintf("oifname %q tcp sport != %s drop", h.RouterDevice("eth0"), port))
		return h
	}
	for _, name := range []string{"chromium", "firefox", "go"} {
		t.Run(name, func(t *testing.T) {
			p, port := newTURNPlace(t, name == "firefox")
			outside := p.startBot(t, newClient(t), "outside", func(o *options) { o.Publish = true })
			outside.await(20*time.Second, "meeting-joined", nil)
			if name == "go" {
				start := time.Now()
				b := p.startBot(t, blocked(t, port), name, func(o *options) { o.Publish = true })
				b.await(joined, "meeting-joined", nil)
				for _, kind := range []string{"audio", "video"} {
					b.awaitMedia(joined-time.Since(start), "outside "+kind)
					outside.awaitMedia(joined-time.Since(start), name+" "+kind)
				}
				t.Log("media after", time.Since(start))
				require.Empty(t, b.all("error"))
				return
			}
			browser := p.secureBrowser(t, name, blocked(t, port))
			browser.Page(t, p.URL+"/").Close() // its start is not measured
			start := time.Now()
			page := p.enter(t, browser, name, true, "")
			for _, kind := range []string{"audio", "video"} {
				outside.awaitMedia(joined-time.Since(start), name+" "+kind)
			}
			page.UntilIn(joined-time.Since(start), "media from outside", decoded)
			t.Log("media after", time.Since(start))
			page.Until("relays", relays+`.then((all) => all.every((w) => w === "tls"))`)
			page.Until("no fault", `window.events.every(([, name]) => name !== "error")`)
		})
	}
}

// startCoturn runs coturn on a host, as an operator does, with the secret of which credentials are made. It returns its
// address, for UDP and TCP.
func startCoturn(t *testing.T, host *testnet.Host, secret string) (address string) {
	t.Helper()
	const port = "3478"
	at, dir := host.Addr("eth0", 4).String(), t.TempDir()
	command := host.Command("turnserver", "-n", "--listening-ip="+at, "--relay-ip="+at, "--listening-port="+port,
		"--use-auth-secret", "--static-auth-secret="+secret, "--realm=example.com", "--no-tls", "--no-dtls", "--no-cli",
		"--log-file="+filepath.Join(dir, "log"), "--pidfile="+filepath.Join(dir, "pid"), "--userdb="+filepath.Join(dir, "db"))
	command.Dir = dir
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait() // killed
	})
	return net.JoinHostPort(at, port)
}

// Browsers use the relays of an operator's own TURN server, and those of the server itself beside it.
func TestOperatorsTURN(t *testing.T) {
	t.Parallel()
	coturn := startCoturn(t, newClient(t), "north-wind")
	host := newClient(t)
	own := host.Addr("eth0", 4).String()
	p := placeAt(t, host, map[string]string{
		"http.address": own + ":0", "media.udpAddress": own + ":0", "media.tcpAddress": own + ":0",
		"turn.enabled": "true", "turn.address": own + ":0", "turn.host": own,
		"turn.externalUrls":   fmt.Sprintf("turn:%s?transport=udp,turn:%s?transport=tcp", coturn, coturn),
		"turn.externalSecret": "north-wind",
	})
	outside := p.startBot(t, newClient(t), "outside", func(o *options) { o.Publish = true })
	outside.await(20*time.Second, "meeting-joined", nil)
	for name, browser := range map[string]*testbrowser.Browser{
		"chromium": p.openChromium(t, newClient(t)), "firefox": p.openFirefox(t, newClient(t)),
	} {
		for way, c := range map[string]struct{ urls, relay string }{
			"coturn over udp": {fmt.Sprintf("/^turn:%s.*=udp/", coturn), coturn},
			"coturn over tcp": {fmt.Sprintf("/^turn:%s.*=tcp/", coturn), coturn},
			"the server":      {fmt.Sprintf("/^turn:%s:.*=udp/", own), own},
		} {
			id := identifier(name + " " + way)
			page := p.enterWith(t, browser, id, true, "", onlyRelay(c.urls))
			for _, kind := range []string{"audio", "video"} {
				outside.awaitMedia(20*time.Second, id+" "+kind)
			}
			page.Until("media from outside by "+way, decoded)
			relay, _, _ := strings.Cut(c.relay, ":")
			page.Until("relays of "+way, fmt.Sprintf(`Promise.all(connections().map(async (pc) => (await pair(pc))?.local))
				.then((all) => all.every((c) => c?.candidateType === "relay" && (c.address ?? c.ip) === %q))`, relay))
			page.Until("no fault", `window.events.every(([, name]) => name !== "error")`)
			page.Close()
		}
	}
}
