package sdk

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pion/stun/v4"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// turnRefusal is a TURN server's answer that the credentials of this client do not hold.
type turnRefusal struct {
	server  string // host:port
	status  int
	problem string // its words
}

// turnRefusalOf reads a warning of pion's ICE agent, which tells nobody else; nil for another one.
func turnRefusalOf(format string, args []any) *turnRefusal {
	if !strings.HasPrefix(strings.ToLower(format), "failed to allocate on turn client") || len(args) < 2 {
		return nil
	}
	err, _ := args[1].(error)
	refused, ok := errors.AsType[*stun.TurnError](err)
	if !ok || !isAboutCredentials(refused.ErrorCodeAttr.Code) {
		return nil
	}
	return &turnRefusal{
		server: fmt.Sprint(args[0]), status: int(refused.ErrorCodeAttr.Code), problem: string(refused.ErrorCodeAttr.Reason),
	}
}

// isAboutCredentials reports whether a TURN error means that the credentials do not hold: RFC 8489, section 14.8, and
// RFC 8656, section 19.
func isAboutCredentials(code stun.ErrorCode) bool {
	return slices.Contains([]stun.ErrorCode{stun.CodeUnauthorized, stun.CodeForbidden, stun.CodeWrongCredentials}, code)
}

// refused returns how a TURN server has refused the credentials; nil where none has.
func (l *transportLog) refused() *turnRefusal {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refusal
}

// explain returns why a TURN server has refused the credentials: that they have expired, where their username says so
// (draft-uberti-behave-turn-rest), else what the server said.
func (r *turnRefusal) explain(servers []wire.ICEServer, now time.Time) string {
	for _, server := range servers {
		if !slices.ContainsFunc(server.URLs, func(url string) bool { return strings.Contains(url, r.server) }) {
			continue
		}
		expiry, _, _ := strings.Cut(server.Username, ":")
		at, err := strconv.ParseInt(expiry, 10, 64)
		if err == nil && !now.Before(time.Unix(at, 0)) {
			return "they expired at " + fault.InstantOf(time.Unix(at, 0)).String()
		}
	}
	if r.problem == "" {
		return "without a reason"
	}
	return r.problem
}

// iceServersChanged takes new credentials, for connections that are made from now on and for the next ICE restart of
// those there are.
func (m *Meeting) iceServersChanged(e wire.ICEServersChanged) []Event {
	m.mu.Lock()
	m.iceServers = e.ICEServers
	m.mu.Unlock()
	for _, p := range []*path{m.pub.path, m.sub.path} {
		p.renew(m.relays())
	}
	return nil
}

// relays returns the TURN servers that connections use: none where the server is on this machine.
func (m *Meeting) relays() (list []webrtc.ICEServer) {
	if m.opts.MediaAddress != "" {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.iceServers {
		if urls := m.relaysOf(s.URLs); len(urls) > 0 {
			list = append(list, webrtc.ICEServer{URLs: urls, Username: s.Username, Credential: s.Credential})
		}
	}
	return list
}

// RelayURLs returns the TURN servers that the server has named, as URIs of RFC 7065; none before Join, and where there
// is no relay.
func (m *Meeting) RelayURLs() (urls []string) {
	for _, s := range m.servers() {
		urls = append(urls, s.URLs...)
	}
	return urls
}

// servers returns the TURN servers that the server has named.
func (m *Meeting) servers() []wire.ICEServer {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.iceServers
}

// renew sets other TURN servers for the connection that is watched.
func (p *path) renew(servers []webrtc.ICEServer) {
	p.mu.Lock()
	pc := p.pc
	p.mu.Unlock()
	if pc == nil {
		return
	}
	config := pc.GetConfiguration()
	config.ICEServers = servers
	_ = pc.SetConfiguration(config) // one that is closed needs none
}
