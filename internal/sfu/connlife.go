package sfu

import (
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
)

// connLife finds out how a connection ends that the client has offered, and tells it once: that nothing of the client
// came to the media ports, that DTLS failed, that a connection which worked went silent, or that the client closed it.
// Shape: mutex.
type connLife struct {
	owner  owner
	engine *engine
	name   string // "publish" or "play"
	pc     *webrtc.PeerConnection

	mu        sync.Mutex // guards everything below
	made      time.Time
	connected time.Time // zero: never yet
	timer     *time.Timer
	told      bool
	spans     connSpans
}

func newConnLife(sv *services, o owner, name string, pc *webrtc.PeerConnection) *connLife {
	return &connLife{owner: o, engine: sv.engine, name: name, pc: pc, made: time.Now()}
}

// begin waits for the connection to come up. It is called when the answer is made.
func (l *connLife) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.told && l.connected.IsZero() {
		l.timer = time.AfterFunc(l.engine.setupTimeout(), func() {
			defer l.owner.guard("the wait for a connection")
			l.changed(webrtc.PeerConnectionStateFailed)
		})
	}
}

// end is called when the connection is closed by the server: nothing is told any more.
func (l *connLife) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spans.end(nil)
	l.told = true
	if l.timer != nil {
		l.timer.Stop()
	}
}

// changed takes a state of the connection.
func (l *connLife) changed(state webrtc.PeerConnectionState) {
	l.mu.Lock()
	now, connected, told := time.Now(), l.connected, l.told
	switch state {
	case webrtc.PeerConnectionStateConnected:
		if connected.IsZero() {
			l.connected = now
			l.spans.connected()
		}
		if l.timer != nil {
			l.timer.Stop()
		}
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		l.told = true
		if l.timer != nil {
			l.timer.Stop()
		}
	}
	l.mu.Unlock()
	if told {
		return
	}
	switch state {
	case webrtc.PeerConnectionStateClosed:
		l.endSpans(nil)
		l.owner.events.ConnectionLost(l.owner.ref, nil)
	case webrtc.PeerConnectionStateFailed:
		f := l.fault(now, connected)
		l.endSpans(f)
		l.owner.events.ConnectionLost(l.owner.ref, f)
	}
}

// fault returns why the connection has failed.
func (l *connLife) fault(now, connected time.Time) *fault.Error {
	if !connected.IsZero() {
		silent := min(l.engine.iceTimeout, now.Sub(connected))
		return fault.MediaConnectionLostConsentLost(l.name, now.Sub(connected)-silent, silent)
	}
	ice := l.pc.SCTP().Transport().ICETransport()
	if pair, err := ice.GetSelectedCandidatePair(); err == nil && pair != nil {
		problem := "it did not end"
		if l.pc.SCTP().Transport().State() == webrtc.DTLSTransportStateFailed {
			problem = "the handshake was refused, or the certificate is not that of a=fingerprint"
		}
		return fault.MediaConnectionLostDTLSFailed(l.name, pair.String(), problem, now.Sub(l.made)).WithFatal(true)
	}
	return fault.MediaConnectionLostNoChecks(l.name, addressesOf(l.pc.LocalDescription()), now.Sub(l.made))
}

// setupTimeout is how long a connection that a client has offered may take to come up.
func (e *engine) setupTimeout() time.Duration { return e.iceTimeout * 3 / 4 }

// addressesOf returns the candidates of a description: "192.0.2.1:7882/udp".
func addressesOf(desc *webrtc.SessionDescription) []string {
	all := []string{}
	if desc == nil {
		return all
	}
	for line := range strings.Lines(desc.SDP) {
		value, ok := strings.CutPrefix(strings.TrimSpace(line), "a=candidate:")
		if fields := strings.Fields(value); ok && len(fields) > 5 && fields[1] == "1" { // RFC 8839, section 5.1
			all = append(all, net.JoinHostPort(fields[4], fields[5])+"/"+strings.ToLower(fields[2]))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
