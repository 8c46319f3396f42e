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
	iceDisconnectedTimeout = 1500 * time.Millisecond // nothing heard: "disconnected", may recover
	iceFailedTimeout       = 8500 * time.Millisecond // after that: "failed", only a restart helps
	iceKeepaliveInterval   = 500 * time.Millisecond
	dtlsTimeout            = 10 * time.Second // a handshake whose messages are dropped
	gatherTimeout          = 5 * time.Second
	relayWait              = 50 * time.Millisecond // gathers the addresses of this machine
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
	if m.opts.PreferredProtocol == UDPOnly {
		types = types[:2]
	}
	settings.SetNetworkTypes(types)
	settings.SetDTLSConnectContextMaker(
		func() (context.Context, func()) { return context.WithTimeout(m.ctx, dtlsTimeout) },
	)
	log := &transportLog{}
	settings.LoggerFactory = log
	sockets, err := newMediaNet(m.opts.PreferredProtocol == TCPOnly, m.opts.Simulate == UDPCut)
	if err != nil {
		return nil, nil, err
	}
	settings.SetNet(sockets)
	api, err := newAPI(settings)
	if err != nil {
		return nil, nil, err
	}
	config := webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle, ICEServers: m.relays()}
	if m.opts.ICETransportPolicy == RelayOnly {
		config.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	pc, err := api.NewPeerConnection(config)
	return pc, log, err
}

// relaysOf returns those of the addresses of an ICE server to which the preferred protocol lets this client talk: RFC
// 7065, section 3.1.
func (m *Meeting) relaysOf(urls []string) []string {
	if m.opts.PreferredProtocol == UDPOverTCP {
		return urls
	}
	var list []string
	for _, url := range urls {
		overTCP := strings.HasPrefix(url, "turns:") || strings.Contains(url, "transport=tcp")
		if overTCP == (m.opts.PreferredProtocol == TCPOnly) {
			list = append(list, url)
		}
	}
	return list
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

// localDescription sets what make returns and waits for its candidates: descriptions travel complete.
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
	// A TURN server that cannot be reached must not hold up the rest. The server checks no candidates of a client, it
	// learns them from the client's own checks, so those of relays need not be in the description.
	wait := gatherTimeout
	if len(pc.GetConfiguration().ICEServers) > 0 {
		wait = relayWait
	}
	limit := time.NewTimer(wait)
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
	replace func()        // makes another connection, which path watches then
	wake    chan struct{} // capacity 1: what the search waits for has changed

	reading sync.Mutex // held while the statistics of pc are read, which pion does not guard against its end

	mu          sync.Mutex // guards everything below
	pc          *webrtc.PeerConnection
	replaced    bool // since the last time that there was a path: the incident goes on
	log         *transportLog
	began       time.Time // of the search for a path
	connectedAt time.Time // zero: never
	lostAt      time.Time // zero: not since connectedAt
	attempts    int       // restarts since there was a path
	searching   bool      // a goroutine restarts ICE until there is a path
	again       bool      // it has to, whatever the state of pc
	told        bool
	outage      *condition // what told stands for
	pairs       []pair     // as last seen: an agent that has failed forgets them
	local       []string   // candidates, the same
	hasPath     bool       // ICE had a path when it was last at work; pion closes the agent when DTLS fails
	down        bool       // lost has run since the connection last tried
	heldUntil   time.Time  // Meeting.Simulate lets nothing be restored before

	upOnce sync.Once
	up     chan struct{} // closed when it was connected for the first time
}

func newPath(m *Meeting, name string, restart func(context.Context) error, replace func()) *path {
	return &path{
		meeting: m, name: name, restart: restart, replace: replace, wake: make(chan struct{}, 1),
		outage: &condition{meeting: m}, up: make(chan struct{}),
	}
}

// watch begins with a connection whose descriptions are set; one that was watched before is forgotten.
func (p *path) watch(pc *webrtc.PeerConnection, log *transportLog) {
	p.mu.Lock()
	if p.pc == pc {
		p.mu.Unlock()
		return
	}
	p.pc, p.log, p.began, p.pairs, p.hasPath, p.down = pc, log, time.Now(), nil, false, false
	p.local = nil
	if !p.replaced {
		p.connectedAt, p.lostAt, p.attempts, p.told = time.Time{}, time.Time{}, 0, false
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
	case state == webrtc.ICEConnectionStateFailed: // disconnected it may be while DTLS is slow
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
	p.pc, p.replaced, p.heldUntil = nil, false, time.Time{}
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
		p.connectedAt, p.lostAt, p.attempts = time.Now(), time.Time{}, 0
		p.told, p.replaced, p.down = false, false, false
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed: // pion may skip the first when DTLS fails
		lost = !p.down
		p.down = true
	}
	if state != webrtc.PeerConnectionStateConnected && !p.connectedAt.IsZero() && p.lostAt.IsZero() {
		p.lostAt = time.Now()
	}
	p.mu.Unlock()
	switch {
	case lost:
		p.lost(pc, state == webrtc.PeerConnectionStateClosed)
	case state == webrtc.PeerConnectionStateDisconnected:
		p.meeting.spawn(func() { p.suspect(pc) })
	case state == webrtc.PeerConnectionStateConnected:
		p.upOnce.Do(func() { close(p.up) })
		p.outage.clear()
		p.wakeUp()
	}
}

// suspect runs when nothing has come over the connection for a moment: often the network has changed, and the socket
// of signaling, which a restart needs, is dead as well.
func (p *path) suspect(pc *webrtc.PeerConnection) {
	p.meeting.link.check(p.meeting.ctx)
	if p.lacks(pc) {
		p.search()
	}
}

// retry looks for a path at once where there is none: signaling is back.
func (p *path) retry() {
	p.mu.Lock()
	pc, connected, searching := p.pc, !p.connectedAt.IsZero(), p.searching
	p.mu.Unlock()
	switch {
	case searching:
		p.wakeUp()
	case pc != nil && connected && p.lacks(pc): // the first search is ICE's own
		p.search()
	}
}

// networkChanged looks for another path where the present one begins at an address that is gone, or where there is
// none.
func (p *path) networkChanged(now addresses) {
	p.mu.Lock()
	pc := p.pc
	p.mu.Unlock()
	if pc == nil {
		return
	}
	p.meeting.spawn(func() {
		if p.lacks(pc) || !now.has(p.localAddress(pc)) {
			p.search()
		}
	})
}

// localAddress returns where the present path begins; not valid when that is not known.
func (p *path) localAddress(pc *webrtc.PeerConnection) netip.Addr {
	p.reading.Lock()
	defer p.reading.Unlock()
	if !p.watches(pc) {
		return netip.Addr{}
	}
	dtls := dtlsOf(pc)
	if dtls == nil {
		return netip.Addr{}
	}
	pair, err := dtls.ICETransport().GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return netip.Addr{}
	}
	local := pair.Local.Address
	if pair.Local.Typ != webrtc.ICECandidateTypeHost {
		local = pair.Local.RelatedAddress
	}
	address, _ := netip.ParseAddr(local) // not valid when it is none
	return address
}

// observe keeps what became of the pairs of candidates, until the connection has a path or is given up.
func (p *path) observe(pc *webrtc.PeerConnection) {
	for pause(p.meeting.ctx, 500*time.Millisecond) {
		pairs, local := p.pairsNow(pc), candidatesOf(pc.LocalDescription())
		p.mu.Lock()
		over := p.pc != pc || !p.connectedAt.IsZero()
		if len(local) > 0 {
			p.local = local
		}
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

// lost runs when the connection has failed, or has closed itself: it is told when there never was a path, and another
// one is looked for.
func (p *path) lost(pc *webrtc.PeerConnection, closed bool) {
	p.mu.Lock()
	attempts, never := p.attempts, p.connectedAt.IsZero()
	broken := p.hasPath && dtlsOf(pc) != nil // ICE has a path, so another one does not help
	if broken || closed {
		p.attempts++
	}
	tell := never && !p.told
	p.told = p.told || tell
	p.replaced = p.replaced || broken || closed
	p.mu.Unlock()

	m := p.meeting
	m.spawn(func() {
		if tell {
			p.outage.raise(p.never(pc, broken))
		}
		if !broken && !closed {
			p.search()
			return
		}
		p.tellLost(pc)
		if pause(m.ctx, backoff(attempts+1)) && p.hold(pc) && p.watches(pc) {
			p.replace()
		}
	})
}

// lose closes a connection that is up, and lets nothing restore it for so long. It reports whether there was one.
func (p *path) lose(lasting time.Duration) bool {
	p.reading.Lock()
	defer p.reading.Unlock()
	p.mu.Lock()
	pc := p.pc
	up := pc != nil && pc.ConnectionState() == webrtc.PeerConnectionStateConnected
	if up {
		p.heldUntil = time.Now().Add(lasting)
	}
	p.mu.Unlock()
	if up {
		_ = pc.Close() // lost is told of it, as of one that the server has closed
	}
	return up
}

// held returns for how long nothing may be restored yet.
func (p *path) held() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.heldUntil)
}

// hold waits while nothing may be restored. What would be an attempt counts as one that has failed. False: the
// participation has ended.
func (p *path) hold(pc *webrtc.PeerConnection) bool {
	for {
		rest := p.held()
		if rest <= 0 || !p.watches(pc) {
			return true
		}
		if !pause(p.meeting.ctx, min(rest, trial)) {
			return false
		}
		p.mu.Lock()
		p.attempts++
		p.mu.Unlock()
		p.tellLost(pc)
	}
}

// pathAttempts is how many restarts pass before a path that once worked counts as lost.
const pathAttempts = 2

// tellLost reports, once, a path that worked and that restarts have not brought back.
func (p *path) tellLost(pc *webrtc.PeerConnection) {
	p.mu.Lock()
	tell := p.pc == pc && !p.told && !p.connectedAt.IsZero() && p.attempts >= pathAttempts
	p.told = p.told || tell
	worked, attempts := p.lostAt.Sub(p.connectedAt), p.attempts
	p.mu.Unlock()
	if tell {
		p.outage.raise(fault.MediaConnectionLostPathLost(p.name, worked, attempts))
	}
}

// How long ICE may take after a restart until the next one; doubled each time.
const (
	trial    = 4 * time.Second // a few checks of every pair, and a TCP connection whose first packet was lost
	maxTrial = 16 * time.Second
)

// search restarts ICE until there is a path: at once, also when a search goes on.
func (p *path) search() {
	p.mu.Lock()
	p.again = true
	running := p.searching
	p.searching = true
	p.mu.Unlock()
	if running {
		p.wakeUp()
		return
	}
	p.meeting.spawn(func() {
		for failures := 0; p.needed(); {
			wait := p.try(&failures)
			timer := time.NewTimer(wait)
			select {
			case <-p.wake:
			case <-timer.C:
			case <-p.meeting.ctx.Done():
			}
			timer.Stop()
		}
	})
}

func (p *path) wakeUp() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// needed reports whether the search goes on; otherwise it is over.
func (p *path) needed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	pc := p.pc
	need := p.meeting.ctx.Err() == nil && pc != nil &&
		(p.again || pc.ConnectionState() != webrtc.PeerConnectionStateConnected)
	p.searching = need
	p.again = false
	return need
}

// try restarts ICE, and returns how long it may take to find a path. failures counts restarts that were not answered.
func (p *path) try(failures *int) (wait time.Duration) {
	m := p.meeting
	p.mu.Lock()
	pc := p.pc
	p.mu.Unlock()
	if pc == nil {
		return 0
	}
	p.tellLost(pc)
	if !m.link.connected() { // retry wakes the search when it is; a restart now would end a path that may come back
		p.mu.Lock()
		p.again = true
		p.mu.Unlock()
		return trial
	}
	ctx, cancel := context.WithTimeout(m.ctx, m.opts.RequestTimeout)
	defer cancel()
	if err := p.restart(ctx); err != nil {
		*failures++
		return backoff(*failures)
	}
	*failures = 0
	p.mu.Lock()
	defer p.mu.Unlock()
	wait = min(trial<<p.attempts, maxTrial)
	p.attempts++
	return wait
}

// lacks reports whether a connection that is watched has no path.
func (p *path) lacks(pc *webrtc.PeerConnection) bool {
	return p.watches(pc) && pc.ConnectionState() != webrtc.PeerConnectionStateConnected
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
