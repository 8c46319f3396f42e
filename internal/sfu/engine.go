package sfu

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/sdp/v3"
	"github.com/pion/transport/v4/packetio"
	"github.com/pion/transport/v4/stdnet"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/internal/payload"
)

// bufferFactory makes the place where pion puts the decrypted packets of an SSRC.
type bufferFactory = func(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser

// engine makes peer connections.
type engine struct {
	ports       *ports
	settings    webrtc.SettingEngine
	certificate webrtc.Certificate
	iceTimeout  time.Duration   // Options.ICETimeout
	closing     *sync.WaitGroup // connections that are being closed
}

// certificateLife is longer than any process runs; browsers trust the fingerprint, not the dates.
const certificateLife = 10 * 365 * 24 * time.Hour

func newEngine(p *ports, opts Options, closing *sync.WaitGroup) (*engine, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("sfu: certificate: %w", err)
	}
	certificate, err := newCertificate(key)
	if err != nil {
		return nil, fmt.Errorf("sfu: certificate: %w", err)
	}
	network, err := stdnet.NewNet() // remembers the interfaces, where pion would ask for each connection
	if err != nil {
		return nil, fmt.Errorf("sfu: network: %w", err)
	}

	var set webrtc.SettingEngine
	set.LoggerFactory = quiet{}
	set.SetNet(network)
	set.SetLite(true)
	types := []webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6}
	if p.tcpMux != nil {
		types = append(types, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6)
	}
	set.SetNetworkTypes(types)
	set.DisableActiveTCP(true)
	set.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	set.SetIPFilter(p.isCarrier)
	// Browsers check the path every 2.5 s or so, pion clients every 2 s.
	set.SetICETimeouts(opts.ICETimeout*2/5, opts.ICETimeout*3/5, 2*time.Second)

	// As DTLS server the profile is ours to choose, and browsers then take AES-GCM: 0.6 us a packet where
	// AES-CM with HMAC-SHA1 takes 3.2.
	if err := set.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		return nil, fmt.Errorf("sfu: DTLS role: %w", err)
	}
	set.SetDTLSInsecureSkipHelloVerify(true) // ICE has proved the address; saves a round trip
	// A lost packet of the handshake costs this much; pion's default is a second.
	set.SetDTLSRetransmissionInterval(150 * time.Millisecond)
	set.DetachDataChannels()
	set.SetSCTPMaxReceiveBufferSize(sctpWindow)
	set.SetSCTPMaxMessageSize(maxDataFrame)
	set.DisableMediaEngineCopy(true)       // each connection has its own media engine anyway
	set.SetFireOnTrackBeforeFirstRTP(true) // nobody reads from pion's tracks: packets go to bufferFactory
	return &engine{ports: p, settings: set, certificate: certificate, iceTimeout: opts.ICETimeout, closing: closing}, nil
}

// rewriteRules lets all public addresses of a family stand for the local one.
func rewriteRules(public []netip.Addr) []webrtc.ICEAddressRewriteRule {
	var families [2][]string
	for _, ip := range public {
		family := 0
		if ip = ip.Unmap(); ip.Is6() {
			family = 1
		}
		families[family] = append(families[family], ip.String())
	}
	var rules []webrtc.ICEAddressRewriteRule
	for _, external := range families {
		if len(external) > 0 {
			rules = append(rules, webrtc.ICEAddressRewriteRule{
				External: external, AsCandidateType: webrtc.ICECandidateTypeHost, Mode: webrtc.ICEAddressRewriteReplace,
			})
		}
	}
	return rules
}

// connection makes a peer connection whose packets go to buffers.
func (e *engine) connection(codecs *webrtc.MediaEngine, buffers bufferFactory) (*webrtc.PeerConnection, error) {
	_, pc, _, err := e.connectionOf(codecs, buffers)
	return pc, err
}

// connectionOf makes one as connection does, and returns what it is made from and what carries its RTP too.
func (e *engine) connectionOf(
	codecs *webrtc.MediaEngine, buffers bufferFactory,
) (*webrtc.API, *webrtc.PeerConnection, *rtpTransport, error) {
	set, registry, t := e.settings, &interceptor.Registry{}, &rtpTransport{ports: e.ports, buffers: buffers}
	set.BufferFactory = buffers
	now := e.ports.announced.Load()
	set.SetIncludeLoopbackCandidate(slices.ContainsFunc(now.carriers, net.IP.IsLoopback))
	if len(now.rules) > 0 {
		if err := set.SetICEAddressRewriteRules(now.rules...); err != nil {
			return nil, nil, nil, fmt.Errorf("sfu: public addresses: %w", err)
		}
	}
	t.configure(&set, registry)
	api := webrtc.NewAPI(webrtc.WithSettingEngine(set), webrtc.WithMediaEngine(codecs),
		webrtc.WithInterceptorRegistry(registry))
	pc, err := api.NewPeerConnection(webrtc.Configuration{Certificates: []webrtc.Certificate{e.certificate}})
	if err != nil {
		return nil, nil, nil, fmt.Errorf("sfu: new connection: %w", err)
	}
	t.attach(pc)
	return api, pc, t, nil
}

// gathered returns the local description with all candidates, and opens the port to who knows its password.
func (e *engine) gathered(ctx context.Context, pc *webrtc.PeerConnection) (string, error) {
	select {
	case <-webrtc.GatheringCompletePromise(pc):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	local := pc.LocalDescription()
	if local == nil {
		return "", errors.New("sfu: connection closed while negotiating")
	}
	ufrag, password := attribute(local.SDP, "ice-ufrag"), attribute(local.SDP, "ice-pwd")
	if ufrag == "" || password == "" {
		return "", errors.New("sfu: own description has no ICE credentials")
	}
	e.ports.allow(ufrag, password)
	return local.SDP, nil
}

// attribute returns the value of the first attribute of that name in a description of ours.
func attribute(description, name string) string {
	_, rest, _ := strings.Cut(description, "\r\na="+name+":")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// discard closes a connection in the background; SFU.Close waits for it. Whoever calls it is waited for as well: a
// loop, a Publish, or a connection that is not closed yet.
//
// It must not be called while the first description of a connection is being applied: pion makes the ICE agent then,
// and the one of a connection that is closed meanwhile stays for ever. A publisher keeps a new connection to itself
// until it has answered, and a subscriber negotiates and closes in its loop; all other callers act on packets, which
// have an agent.
func (e *engine) discard(pc *webrtc.PeerConnection) {
	e.closing.Go(func() { _ = pc.GracefulClose() })
}

// publishCodecs is what the server takes, and what it asks for in feedback.
func publishCodecs() (*webrtc.MediaEngine, error) {
	m := &webrtc.MediaEngine{}
	if err := registerCodecs(m, true); err != nil {
		return nil, err
	}
	for _, ext := range []struct {
		uri   string
		kinds []webrtc.RTPCodecType
	}{
		{sdp.SDESMidURI, []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo}},
		{sdp.TransportCCURI, []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo}},
		{sdp.AudioLevelURI, []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio}},
		{sdp.SDESRTPStreamIDURI, []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo}}, // Chromium takes no layer without it
		{sdp.SDESRepairRTPStreamIDURI, []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo}},
		{payload.DescriptorURI, []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo}},
	} {
		for _, kind := range ext.kinds {
			if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: ext.uri}, kind); err != nil {
				return nil, err
			}
		}
	}
	return m, nil
}

// subscribeCodecs is what the server offers. Of header extensions only what bandwidth estimation and decoders of
// spatial layers need: streams are told apart by SSRC, and each byte here is sent to every subscriber.
func subscribeCodecs() (*webrtc.MediaEngine, error) {
	m := &webrtc.MediaEngine{}
	if err := registerCodecs(m, false); err != nil {
		return nil, err
	}
	for _, uri := range []string{sdp.TransportCCURI, sdp.ABSSendTimeURI} {
		for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
			if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, kind); err != nil {
				return nil, err
			}
		}
	}
	descriptor := webrtc.RTPHeaderExtensionCapability{URI: payload.DescriptorURI}
	return m, m.RegisterHeaderExtension(descriptor, webrtc.RTPCodecTypeVideo)
}

func registerCodecs(m *webrtc.MediaEngine, receiving bool) error {
	for _, c := range audioCodecs(receiving) {
		if err := m.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			return err
		}
	}
	for _, c := range videoCodecs(receiving) {
		if err := m.RegisterCodec(c, webrtc.RTPCodecTypeVideo); err != nil {
			return err
		}
	}
	return nil
}
