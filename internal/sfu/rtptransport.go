package sfu

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/prf"
	"github.com/pion/dtls/v3/pkg/protocol/extension"
	"github.com/pion/dtls/v3/pkg/protocol/handshake"
	"github.com/pion/dtls/v3/pkg/protocol/recordlayer"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/pion/transport/v4/packetio"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/internal/sfu/seal"
	"github.com/klatch/klatch/internal/sfu/socket"
)

// rtpTransport carries the RTP of one connection between the ports of the server and its streams: packets are decrypted
// where they are received and handled on that goroutine, and encrypted in the buffer from which they are sent, to the
// address that ICE has chosen. ICE, DTLS and RTCP stay with pion; on pion's own way a packet changes the goroutine
// twice until it is decrypted, and each one that is sent passes the ICE agent, so that none could wait for others to
// share a system call with.
//
// The keys are those of pion's DTLS connection, made as RFC 5705 and RFC 5764 have it: pion reports the master secret
// as a log of keys, and the rest is in the ServerHello, which is ours or, when the client chose to be the DTLS server,
// has come in the clear. They are not used before pion has proved the fingerprint. A connection whose ServerHello was
// not understood leaves RTP to pion. Shape: mutex; the ports' goroutines receive, and all goroutines send.
type rtpTransport struct {
	ports   *ports
	buffers bufferFactory
	pc      *webrtc.PeerConnection // set by attach, before there is an agent

	state    atomic.Int32
	received atomic.Uint64 // packets from the client, those of ICE included

	path atomic.Pointer[path] // nil: not chosen yet

	checking sync.Mutex                  // guards checked
	checked  map[netip.AddrPort]struct{} // addresses to which a check was sent

	rebinding rebinding

	sending sync.Mutex // guards everything to the next lock
	sealer  *seal.Sealer
	sealed  map[uint32]*seal.Source // by SSRC
	local   *srtp.Context           // with a profile that sealer does not know; else nil
	header  rtp.Header

	receiving sync.Mutex // guards everything below
	hello     serverHello
	master    []byte // the master secret
	client    []byte // the random of the ClientHello
	remote    *srtp.Context
	incoming  rtp.Header
	sources   map[uint32]*rtpSource
	count     uint64 // packets received
	early     []*datagram

	application applicationData
}

// The states of a transport.
const (
	transportPion   = iota // RTP takes pion's way
	transportKeying        // the server's hello is made: RTP will be ours
	transportOpen          // packets are decrypted
	transportClosed
)

// serverHello is what the keys are made from, besides secrets.
type serverHello struct {
	ours    bool
	profile srtp.ProtectionProfile
	suite   dtls.CipherSuiteID
	hash    func() hash.Hash
	random  [handshake.RandomLength]byte
}

// path is where packets are sent to.
type path struct {
	udp *socket.Destination
	tcp *tcpConn
	to  netip.AddrPort // with tcp
}

// rtpSource is an SSRC from which packets have come.
type rtpSource struct {
	to   io.ReadWriteCloser
	last uint64 // number of its last packet
}

const (
	// maxEarly bounds the packets that wait for the end of the handshake. It is over for the client first.
	maxEarly = 64
	// keptSources may be remembered however long they are silent; of more, those are forgotten that were silent while the
	// connection received silentPackets.
	keptSources   = 64
	silentPackets = 10000
)

var errNoPath = errors.New("sfu: the connection has no path yet, or none any more")

// configure makes the connection that is made with these settings carry its RTP over the transport.
func (t *rtpTransport) configure(set *webrtc.SettingEngine, registry *interceptor.Registry) {
	set.SetICEUDPMux(udpPort{t.ports.udpMux, t})
	if t.ports.tcpMux != nil {
		set.SetICETCPMux(tcpPort{t.ports.tcpMux, t})
	}
	set.SetICEBindingRequestHandler(t.rebinding.request)
	set.SetDTLSKeyLogWriter(keyLog{t})
	set.SetDTLSServerHelloMessageHook(t.helloMade)
	registry.Add(t)
}

// udpPort is the UDP port as the agent of a connection uses it.
type udpPort struct {
	*udpMux
	transport *rtpTransport
}

// GetConn returns a handle of the connection of a local ufrag.
func (p udpPort) GetConn(ufrag string, addr net.Addr) (net.PacketConn, error) {
	return p.getConn(ufrag, addr, p.transport)
}

// tcpPort is the TCP port as the agent of a connection uses it.
type tcpPort struct {
	*tcpMux
	transport *rtpTransport
}

// GetConnByUfrag returns a handle of the connection of a local ufrag.
func (p tcpPort) GetConnByUfrag(ufrag string, v6 bool, local net.IP) (net.PacketConn, error) {
	return p.getConn(ufrag, v6, local, p.transport)
}

// attach follows a new connection.
func (t *rtpTransport) attach(pc *webrtc.PeerConnection) {
	t.pc = pc
	dtlsTransport := pc.SCTP().Transport()
	dtlsTransport.OnStateChange(t.stateChanged)
	dtlsTransport.ICETransport().OnSelectedCandidatePairChange(func(pair *webrtc.ICECandidatePair) {
		t.rebinding.selected(pair)
		if chosen := t.pathOf(pair); chosen != nil {
			t.path.Store(chosen)
		}
	})
}

// helloMade takes the hello of ours as DTLS server. The hook is called anew when it is sent again.
func (t *rtpTransport) helloMade(hello handshake.MessageServerHello) handshake.Message {
	t.receiving.Lock()
	defer t.receiving.Unlock()
	t.setHello(&hello, true)
	return &hello
}

// setHello is called with receiving locked.
func (t *rtpTransport) setHello(hello *handshake.MessageServerHello, ours bool) {
	h := serverHello{ours: ours, hash: sha256.New, random: hello.Random.MarshalFixed()}
	if hello.CipherSuiteID != nil {
		h.suite = dtls.CipherSuiteID(*hello.CipherSuiteID)
		if strings.HasSuffix(dtls.CipherSuiteName(h.suite), "SHA384") {
			h.hash = sha512.New384
		}
	}
	for _, ext := range hello.Extensions {
		if use, ok := ext.(*extension.UseSRTP); ok && len(use.ProtectionProfiles) == 1 {
			h.profile = srtp.ProtectionProfile(use.ProtectionProfiles[0])
			t.hello = h
			t.state.CompareAndSwap(transportPion, transportKeying)
		}
	}
}

const (
	dtlsHandshake   = 22
	recordHeader    = recordlayer.FixedHeaderSize
	handshakeHeader = handshake.HeaderLength
)

// readHello looks for the ServerHello of the client in a packet with its first flight as DTLS server. It is not
// encrypted.
func (t *rtpTransport) readHello(packet []byte) {
	records, err := recordlayer.UnpackDatagram(packet)
	if err != nil {
		return
	}
	for _, record := range records {
		epoch := record[3:5]
		if record[0] != dtlsHandshake || epoch[0]|epoch[1] != 0 || len(record) < recordHeader+handshakeHeader {
			continue
		}
		var header handshake.Header
		body := record[recordHeader+handshakeHeader:]
		if header.Unmarshal(record[recordHeader:]) != nil || header.Type != handshake.TypeServerHello ||
			header.FragmentOffset != 0 || header.FragmentLength != header.Length || int(header.Length) > len(body) {
			continue
		}
		var hello handshake.MessageServerHello
		if hello.Unmarshal(body[:header.Length]) == nil {
			t.receiving.Lock()
			if t.state.Load() == transportPion {
				t.setHello(&hello, false)
			}
			t.receiving.Unlock()
		}
	}
}

// keyLog takes the keys of a connection: a line in the format of NSS.
type keyLog struct{ *rtpTransport }

func (l keyLog) Write(line []byte) (int, error) {
	fields := bytes.Fields(line)
	if len(fields) != 3 || string(fields[0]) != "CLIENT_RANDOM" {
		return len(line), nil
	}
	client, err := hex.DecodeString(string(fields[1]))
	if err != nil {
		return 0, err
	}
	master, err := hex.DecodeString(string(fields[2]))
	if err != nil {
		return 0, err
	}
	l.receiving.Lock()
	defer l.receiving.Unlock()
	l.client, l.master = client, master
	return len(line), nil
}

// stateChanged takes a change of the DTLS transport, which is locked meanwhile.
func (t *rtpTransport) stateChanged(state webrtc.DTLSTransportState) {
	switch state {
	case webrtc.DTLSTransportStateConnected:
		if t.state.Load() != transportKeying {
			return
		}
		if err := t.deriveKeys(); err != nil {
			t.close()
			return
		}
		go t.open()
	case webrtc.DTLSTransportStateFailed, webrtc.DTLSTransportStateClosed:
		t.close()
	}
}

// deriveKeys makes the contexts of SRTP (RFC 5764, section 4.2).
func (t *rtpTransport) deriveKeys() error {
	t.receiving.Lock()
	defer t.receiving.Unlock()
	h := &t.hello
	keySize, err := h.profile.KeyLen()
	if err != nil {
		return err
	}
	saltSize, err := h.profile.SaltLen()
	if err != nil {
		return err
	}
	if len(t.master) == 0 {
		return errors.New("sfu: DTLS has reported no master secret")
	}
	seed := append([]byte("EXTRACTOR-dtls_srtp"), t.client...)
	b, err := prf.PHash(t.master, append(seed, h.random[:]...), 2*(keySize+saltSize), h.hash)
	if err != nil {
		return err
	}
	t.application.opener = newRecordOpener(h, t.master, t.client)
	t.master = nil
	clientKey, serverKey := b[:keySize], b[keySize:2*keySize]
	clientSalt, serverSalt := b[2*keySize:2*keySize+saltSize], b[2*keySize+saltSize:]
	if !h.ours { // the server is the DTLS client
		clientKey, serverKey, clientSalt, serverSalt = serverKey, clientKey, serverSalt, clientSalt
	}
	t.remote, err = srtp.CreateContext(clientKey, clientSalt, h.profile, srtp.SRTPReplayProtection(64))
	if err != nil {
		return err
	}
	t.sources = map[uint32]*rtpSource{}
	t.sending.Lock()
	defer t.sending.Unlock()
	switch h.profile {
	case srtp.ProtectionProfileAeadAes128Gcm, srtp.ProtectionProfileAeadAes256Gcm:
		t.sealed = map[uint32]*seal.Source{}
		t.sealer, err = seal.New(serverKey, serverSalt)
	default:
		t.local, err = srtp.CreateContext(serverKey, serverSalt, h.profile)
	}
	return err
}

// open begins to pass packets on, once pion has started RTCP: what they cause may have to be sent.
func (t *rtpTransport) open() {
	t.pc.SCTP().Transport().State() // waits until the change of state is done
	t.receiving.Lock()
	defer t.receiving.Unlock()
	if !t.state.CompareAndSwap(transportKeying, transportOpen) {
		return
	}
	for _, d := range t.early {
		t.decrypt(d.bytes[:d.n])
		d.free()
	}
	t.early = nil
}

func (t *rtpTransport) close() { t.state.Store(transportClosed) }

// isRTP reports whether a packet claims to be RTP (RFC 7983, section 7; RFC 5761, section 4).
func isRTP(b []byte) bool {
	return len(b) >= 12 && b[0]&0xc0 == 0x80 && (b[1] < 192 || b[1] > 223)
}

// receive takes a packet from an address that the agent has proved. It reports false when the packet is the agent's,
// and true for one that is dropped.
func (t *rtpTransport) receive(packet []byte) bool {
	t.received.Add(1)
	if !isRTP(packet) || t.state.Load() == transportPion {
		if len(packet) > 0 && packet[0] == dtlsHandshake && t.state.Load() == transportPion {
			t.readHello(packet)
		}
		return len(packet) > 0 && packet[0] >= dtlsFirst && packet[0] <= dtlsLast && !t.admits(packet)
	}
	t.receiving.Lock()
	defer t.receiving.Unlock()
	switch t.state.Load() {
	case transportOpen:
		t.decrypt(packet)
	case transportKeying:
		if len(t.early) < maxEarly && len(packet) <= maxDatagram {
			d := newDatagram()
			d.n = copy(d.bytes[:], packet)
			t.early = append(t.early, d)
		}
	}
	return true
}

// receiveFromTCP is receive for a packet that did not come over the UDP port, which collects what is to be sent.
func (t *rtpTransport) receiveFromTCP(packet []byte) bool {
	t.ports.udp.Hold()
	defer t.ports.udp.Release()
	return t.receive(packet)
}

// decrypt passes a packet on to where those of its SSRC go. What proves no key leaves nothing behind.
func (t *rtpTransport) decrypt(packet []byte) {
	csrc, extensions := t.incoming.CSRC, t.incoming.Extensions
	plain, err := t.remote.DecryptRTP(packet, packet, &t.incoming)
	if err != nil {
		t.incoming.CSRC, t.incoming.Extensions = csrc, extensions
		return
	}
	t.count++
	s := t.sources[t.incoming.SSRC]
	if s == nil {
		if len(t.sources) >= keptSources {
			t.forget()
		}
		s = &rtpSource{to: t.buffers(packetio.RTPBufferPacket, t.incoming.SSRC)}
		t.sources[t.incoming.SSRC] = s
	}
	s.last = t.count
	_, _ = s.to.Write(plain) // what becomes of it is not the transport's
}

// forget forgets the sources that have been silent for long.
func (t *rtpTransport) forget() {
	for ssrc, s := range t.sources {
		if t.count-s.last > silentPackets {
			delete(t.sources, ssrc)
			_ = s.to.Close()
		}
	}
}

// pathOf returns the path of a pair of candidates, nil when there is none.
func (t *rtpTransport) pathOf(pair *webrtc.ICECandidatePair) *path {
	if pair == nil || pair.Local == nil || pair.Remote == nil {
		return nil
	}
	ip, err := netip.ParseAddr(pair.Remote.Address)
	if err != nil {
		return nil
	}
	to := netip.AddrPortFrom(ip.Unmap(), pair.Remote.Port)
	if pair.Local.Protocol == webrtc.ICEProtocolTCP {
		return &path{tcp: t.ports.tcpMux.connOf(t, to), to: to}
	}
	return &path{udp: t.ports.udp.Destination(to)}
}

// chosen returns the path, which pion reports a moment after the connection is up.
func (t *rtpTransport) chosen() *path {
	if p := t.path.Load(); p != nil {
		return p
	}
	pair, err := t.pc.SCTP().Transport().ICETransport().GetSelectedCandidatePair()
	if err != nil {
		return nil
	}
	t.path.CompareAndSwap(nil, t.pathOf(pair))
	return t.path.Load()
}

// write encrypts a packet and sends it, together with others that are sent to the same address now. from is where the
// writer keeps the source of its packets.
func (t *rtpTransport) write(header *rtp.Header, payload []byte, from **seal.Source) (int, error) {
	to := t.chosen()
	if to == nil {
		return 0, errNoPath
	}
	p := socket.NewPacket()
	b := p.Buffer()
	n, err := header.MarshalTo(b)
	size := n + len(payload) + int(header.PaddingSize)
	if err == nil && size > len(b)-maxTrailer {
		err = io.ErrShortBuffer
	}
	if err != nil {
		p.Discard()
		return 0, err
	}
	clear(b[n+copy(b[n:], payload) : size])
	if header.Padding && header.PaddingSize > 0 { // the last byte is their number (RFC 3550, section 5.1)
		b[size-1] = header.PaddingSize
	}
	encrypted, err := t.encrypt(header, b, n, size, from)
	if err != nil {
		p.Discard()
		return 0, err
	}
	if to.udp != nil {
		to.udp.Send(p, len(encrypted))
		return len(payload), nil
	}
	defer p.Discard()
	if to.tcp == nil {
		return 0, errNoPath
	}
	return to.tcp.writeTo(encrypted, to.to)
}

// maxTrailer is above what SRTP adds.
const maxTrailer = 32

func (t *rtpTransport) encrypt(header *rtp.Header, b []byte, n, size int, from **seal.Source) ([]byte, error) {
	t.sending.Lock()
	defer t.sending.Unlock()
	switch {
	case t.sealer != nil:
		if *from == nil || (*from).SSRC() != header.SSRC {
			*from = t.sourceLocked(header.SSRC)
		}
		return t.sealer.Seal(*from, header.SequenceNumber, b, n, size)
	case t.local != nil:
		return t.local.EncryptRTP(b, b[:size], &t.header)
	}
	return nil, errNoPath
}

// sourceLocked returns the source of an SSRC: one for all who write it, for its numbers must not be used again.
func (t *rtpTransport) sourceLocked(ssrc uint32) *seal.Source {
	s := t.sealed[ssrc]
	if s == nil {
		s = seal.NewSource(ssrc)
		t.sealed[ssrc] = s
	}
	return s
}

// NewInterceptor makes rtpTransport an interceptor.Factory: pion lets its own writer pass by the transport.
func (t *rtpTransport) NewInterceptor(string) (interceptor.Interceptor, error) {
	return &outgoing{transport: t}, nil
}

// outgoing takes the packets of a connection before pion encrypts them.
type outgoing struct {
	interceptor.NoOp
	transport *rtpTransport
}

// BindLocalStream returns the writer of a track.
func (o *outgoing) BindLocalStream(_ *interceptor.StreamInfo, pion interceptor.RTPWriter) interceptor.RTPWriter {
	return &trackWriter{transport: o.transport, pion: pion}
}

// directWriter writes the packets of a track to the transport of its connection. The writer that pion passes to a
// sender which was not made by the connection itself, but for one of its transceivers, passes by the transport.
type directWriter struct {
	webrtc.TrackLocalWriter // pion's
	transport               *rtpTransport
	source                  *seal.Source // guarded by sending of the transport
}

// WriteRTP sends a packet of the track.
func (w *directWriter) WriteRTP(header *rtp.Header, payload []byte) (int, error) {
	switch w.transport.state.Load() {
	case transportPion:
		return w.TrackLocalWriter.WriteRTP(header, payload)
	case transportClosed:
		return 0, io.ErrClosedPipe
	default:
		return w.transport.write(header, payload, &w.source)
	}
}

type trackWriter struct {
	transport *rtpTransport
	pion      interceptor.RTPWriter
	source    *seal.Source // guarded by sending of the transport
}

// Write sends a packet of the track.
func (w *trackWriter) Write(header *rtp.Header, payload []byte, attributes interceptor.Attributes) (int, error) {
	switch w.transport.state.Load() {
	case transportPion:
		return w.pion.Write(header, payload, attributes)
	case transportClosed:
		return 0, io.ErrClosedPipe
	default:
		return w.transport.write(header, payload, &w.source)
	}
}

var (
	_ ice.UDPMux          = udpPort{}
	_ ice.TCPMux          = tcpPort{}
	_ interceptor.Factory = (*rtpTransport)(nil)
)
