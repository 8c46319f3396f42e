package sdk

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
)

// How long ICE looks for a path before it gives up, and how soon it notices that a path died.
const (
	iceDisconnectedTimeout = 3 * time.Second // nothing heard: "disconnected", may recover
	iceFailedTimeout       = 7 * time.Second // after that: "failed", only a restart helps
	iceKeepaliveInterval   = 2 * time.Second
	dtlsTimeout            = 10 * time.Second // a handshake whose messages are dropped
	gatherTimeout          = 5 * time.Second
)

// connection makes a peer connection. The server is ICE-lite and reachable, so host candidates are enough.
// The log knows why its transport did not start.
func (m *Meeting) connection() (*webrtc.PeerConnection, *transportLog, error) {
	var settings webrtc.SettingEngine
	settings.SetICETimeouts(iceDisconnectedTimeout, iceFailedTimeout, iceKeepaliveInterval)
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	media, _, _ := net.SplitHostPort(m.opts.MediaAddress) // checked by InitMeeting
	settings.SetIncludeLoopbackCandidate(isLoopback(m.dialer.base.Hostname()) || isLoopback(media))
	types := []webrtc.NetworkType{
		webrtc.NetworkTypeUDP4,
		webrtc.NetworkTypeUDP6,
		webrtc.NetworkTypeTCP4,
		webrtc.NetworkTypeTCP6,
	}
	if m.opts.ForceTCP {
		types = types[2:]
	}
	settings.SetNetworkTypes(types)
	settings.SetDTLSConnectContextMaker(
		func() (context.Context, func()) { return context.WithTimeout(m.ctx, dtlsTimeout) },
	)
	log := &transportLog{}
	settings.LoggerFactory = log
	sockets, err := newMediaNet()
	if err != nil {
		return nil, nil, err
	}
	settings.SetNet(sockets)
	api, err := newAPI(settings)
	if err != nil {
		return nil, nil, err
	}
	config := webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle}
	m.mu.Lock()
	for _, server := range m.iceServers {
		config.ICEServers = append(
			config.ICEServers,
			webrtc.ICEServer{URLs: server.URLs, Username: server.Username, Credential: server.Credential},
		)
	}
	m.mu.Unlock()
	pc, err := api.NewPeerConnection(config)
	return pc, log, err
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// remoteDescription sets what the server has said, and adds where its media port is known to be.
func (m *Meeting) remoteDescription(pc *webrtc.PeerConnection, description webrtc.SessionDescription) error {
	if err := pc.SetRemoteDescription(description); err != nil || m.opts.MediaAddress == "" {
		return err
	}
	at := netip.MustParseAddrPort(m.opts.MediaAddress) // checked by InitMeeting
	const hostPriority = 126<<24 | 65535<<8 | 255      // RFC 8445, section 5.1.2.1
	return pc.AddICECandidate(webrtc.ICECandidateInit{
		Candidate: fmt.Sprintf("candidate:known 1 udp %d %s %d typ host", hostPriority, at.Addr(), at.Port()),
	})
}

// localDescription sets what make gives and waits for its candidates: descriptions travel complete.
func localDescription(
	ctx context.Context,
	pc *webrtc.PeerConnection,
	create func() (webrtc.SessionDescription, error),
) (string, error) {
	description, err := create()
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(description); err != nil {
		return "", err
	}
	limit := time.NewTimer(gatherTimeout) // a STUN or TURN server that is silent must not hold up the rest
	defer limit.Stop()
	select {
	case <-gathered:
	case <-limit.C:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return pc.LocalDescription().SDP, nil
}

// nominationPort is the first port of the candidates of nominateSoon: 9 is discard.
const nominationPort = 9

func isNominationProbe(ip string, port int32) bool {
	return ip == "127.0.0.1" && port >= nominationPort && port < nominationPort+7
}

// nominateSoon makes Pion nominate a pair of candidates as soon as its check has succeeded, as browsers do. By itself
// it looks again only every 200 ms, unless the other side checks too, which an ICE-lite server does not. A new remote
// candidate makes it look at once; these are of a kind (TCP simultaneous-open, RFC 6544) that nothing is sent to.
func (m *Meeting) nominateSoon(pc *webrtc.PeerConnection) {
	m.spawn(func() {
		for n := range 7 {
			candidate := webrtc.ICECandidateInit{
				Candidate: fmt.Sprintf("candidate:%d 1 tcp 1 127.0.0.1 %d typ host tcptype so", n, nominationPort+n),
			}
			if !pause(m.ctx, time.Millisecond<<n) || pc.ICEConnectionState() > webrtc.ICEConnectionStateChecking ||
				pc.AddICECandidate(candidate) != nil {
				return
			}
		}
	})
}

// path watches whether one peer connection reaches the server. When it does not, path restarts ICE, or has the
// connection replaced where that cannot help. It never gives up while signaling is up, and reports each incident once
// (3101).
type path struct {
	meeting *Meeting
	name    string // publish or subscribe
	restart func(context.Context) error
	replace func() // makes another connection, which path watches then

	reading sync.Mutex // held while the statistics of pc are read, which pion does not guard against its end

	mu          sync.Mutex // guards everything below
	pc          *webrtc.PeerConnection
	replaced    bool // since the last time that there was a path: the incident goes on
	log         *transportLog
	began       time.Time // of the search for a path
	connectedAt time.Time // zero: never
	attempts    int
	told        bool
	outage      *condition // what told stands for
	pairs       []pair     // as last seen: an agent that has failed forgets them
	hasPath     bool       // ICE had a path when it was last at work; pion closes the agent when DTLS fails
	down        bool       // lost has run since the connection last tried

	upOnce sync.Once
	up     chan struct{} // closed when it was connected for the first time
}

func newPath(m *Meeting, name string, restart func(context.Context) error, replace func()) *path {
	return &path{meeting: m, name: name, restart: restart, replace: replace, outage: &condition{meeting: m},
		up: make(chan struct{})}
}

// watch begins with a connection whose descriptions are set; one that was watched before is forgotten.
func (p *path) watch(pc *webrtc.PeerConnection, log *transportLog) {
	p.mu.Lock()
	if p.pc == pc {
		p.mu.Unlock()
		return
	}
	p.pc, p.log, p.began, p.pairs, p.hasPath, p.down = pc, log, time.Now(), nil, false, false
	if !p.replaced {
		p.connectedAt, p.attempts, p.told = time.Time{}, 0, false
	}
	p.mu.Unlock()
	pc.OnICEConnectionStateChange(func(state webrtc.ICEConnectionState) { p.iceChanged(pc, state) })
	p.iceChanged(pc, pc.ICEConnectionState()) // it may have changed before
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) { p.changed(pc, state) })
	p.meeting.spawn(func() { p.observe(pc) })
	p.changed(pc, pc.ConnectionState()) // as above
}

func (p *path) iceChanged(pc *webrtc.PeerConnection, state webrtc.ICEConnectionState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.pc != pc:
	case state == webrtc.ICEConnectionStateConnected || state == webrtc.ICEConnectionStateCompleted:
		p.hasPath = true
	case state == webrtc.ICEConnectionStateDisconnected || state == webrtc.ICEConnectionStateFailed:
		p.hasPath = false
	}
}

// forget ends the watch: the connection is given up.
func (p *path) forget() {
	p.mu.Lock()
	p.pc = nil
	p.mu.Unlock()
}

// close ends the watch of a connection, and then the connection.
func (p *path) close(pc *webrtc.PeerConnection) {
	p.reading.Lock()
	p.mu.Lock()
	if p.pc == pc {
		p.pc = nil
	}
	p.mu.Unlock()
	p.reading.Unlock()
	_ = pc.GracefulClose() // nothing of ours depends on how it ends
}

// reset ends the watch and the incident: the session is lost.
func (p *path) reset() {
	p.mu.Lock()
	p.pc, p.replaced = nil, false
	p.mu.Unlock()
	p.outage.clear()
}

func (p *path) changed(pc *webrtc.PeerConnection, state webrtc.PeerConnectionState) {
	p.mu.Lock()
	if p.pc != pc {
		p.mu.Unlock()
		return
	}
	lost := false
	switch state {
	case webrtc.PeerConnectionStateConnecting:
		p.down = false
	case webrtc.PeerConnectionStateConnected:
		p.connectedAt, p.attempts, p.told, p.replaced, p.down = time.Now(), 0, false, false, false
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed: // pion may skip the first when DTLS fails
		lost = !p.down
		p.down = true
	}
	p.mu.Unlock()
	switch {
	case lost:
		p.lost(pc, state == webrtc.PeerConnectionStateClosed)
	case state == webrtc.PeerConnectionStateConnected:
		p.upOnce.Do(func() { close(p.up) })
		p.outage.clear()
	}
}

// observe keeps what became of the pairs of candidates, until the connection has a path or is given up.
func (p *path) observe(pc *webrtc.PeerConnection) {
	for pause(p.meeting.ctx, 500*time.Millisecond) {
		pairs := p.pairsNow(pc)
		p.mu.Lock()
		over := p.pc != pc || !p.connectedAt.IsZero()
		if len(pairs) > 0 {
			p.pairs = pairs
		}
		p.mu.Unlock()
		if over {
			return
		}
	}
}

// pairsNow returns the pairs of candidates of a connection; none once it is not watched any more.
func (p *path) pairsNow(pc *webrtc.PeerConnection) []pair {
	p.reading.Lock()
	defer p.reading.Unlock()
	if !p.watches(pc) {
		return nil
	}
	return pairsOf(pc)
}

// pathAttempts is how many restarts pass before a path that once worked counts as lost.
const pathAttempts = 2

// lost runs when the connection has failed, or has closed itself. It tells the application, then looks for another
// path.
func (p *path) lost(pc *webrtc.PeerConnection, closed bool) {
	p.mu.Lock()
	p.attempts++
	attempts, connectedAt := p.attempts, p.connectedAt
	tell := !p.told && (connectedAt.IsZero() || attempts > pathAttempts)
	p.told = p.told || tell
	broken := p.hasPath && dtlsOf(pc) != nil // ICE has a path, so another one does not help
	p.replaced = p.replaced || broken || closed
	p.mu.Unlock()

	m := p.meeting
	m.spawn(func() {
		if tell {
			if connectedAt.IsZero() {
				p.outage.raise(p.never(pc, broken))
			} else {
				p.outage.raise(fault.MediaConnectionLostPathLost(p.name, time.Since(connectedAt), attempts-1))
			}
		}
		if broken || closed {
			if pause(m.ctx, backoff(attempts)) && p.watches(pc) {
				p.replace()
			}
			return
		}
		for attempt := attempts; pause(m.ctx, backoff(attempt)); attempt++ {
			ctx, cancel := context.WithTimeout(m.ctx, m.opts.RequestTimeout)
			err := p.restart(ctx)
			cancel()
			if err == nil || !p.watches(pc) {
				return // ICE searches; its state says how it went
			}
		}
	})
}

func (p *path) watches(pc *webrtc.PeerConnection) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pc == pc
}

// candidatesOf lists the ends that were tried, as "host udp 10.0.0.1:4000", from a description: by the time of a
// failure the agent has forgotten them.
func candidatesOf(description *webrtc.SessionDescription) (list []string) {
	if description == nil {
		return nil
	}
	for line := range strings.Lines(description.SDP) {
		// RFC 8839, section 5.1: foundation component transport priority address port "typ" type ...
		fields := strings.Fields(strings.TrimPrefix(line, "a=candidate:"))
		if !strings.HasPrefix(line, "a=candidate:") || len(fields) < 8 || fields[1] != "1" {
			continue
		}
		candidate := fields[7] + " " + strings.ToLower(fields[2]) + " " + net.JoinHostPort(fields[4], fields[5])
		if !slices.Contains(list, candidate) {
			list = append(list, candidate)
		}
	}
	return list
}
