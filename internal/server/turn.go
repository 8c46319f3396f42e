package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/turn"
	"github.com/klatch/klatch/internal/wire"
)

// openTURN makes the TURN server; nil where it is not enabled.
func (s *Server) openTURN(secretKey []byte) (*turn.Server, *turn.Credentials, error) {
	if !s.conf.TURN.Enabled {
		return nil, nil, nil
	}
	credentials, err := turn.NewCredentials(secretKey, s.conf.TURN.CredentialLife)
	if err != nil {
		return nil, nil, fault.From(fmt.Errorf("turn: %w", err))
	}
	files, _ := descriptorLimits()
	server, err := turn.New(turn.Options{
		Address:     s.conf.TURN.Address,
		Credentials: credentials,
		Media:       s.media,
		Limiter:     s.limiter,
		Limits: turn.Limits{
			PerAddress:     s.conf.Limit.RelaysPerAddress,
			PerParticipant: s.conf.Limit.RelaysPerParticipant,
			// A relay takes a descriptor for each media address of its client's checks, and one over TCP its connection.
			All:               files / 8,
			PendingPerAddress: s.conf.Limit.ConnectionsPerAddress, Pending: s.conf.Limit.PendingConnections,
		},
		Report: func(f *fault.Error) { s.incidents.Report(context.Background(), f) },
	})
	if listen, ok := errors.AsType[*turn.ListenError](err); ok {
		return nil, nil, listenFault(err, listen.Address, "turn.address")
	}
	if err != nil {
		return nil, nil, fault.From(err)
	}
	return server, credentials, nil
}

// iceServers returns the function that names the TURN servers for a participant, with credentials made now.
func (s *Server) iceServers(
	credentials *turn.Credentials,
) func(account, meeting, session, participant string) []wire.ICEServer {
	external := s.conf.TURN
	return func(account, meeting, session, participant string) []wire.ICEServer {
		list, now := []wire.ICEServer{}, time.Now()
		if own := s.ownTURN(); len(own) > 0 {
			username, password := credentials.Make(turn.Identity{
				AccountID: account, MeetingID: meeting, SessionID: session, ParticipantID: participant,
			}, now)
			list = append(list, wire.ICEServer{URLs: own, Username: username, Credential: password})
		}
		if len(external.ExternalURLs) > 0 {
			username, password := external.ExternalUsername, external.ExternalPassword
			if external.ExternalSecret != "" {
				username, password = turn.Shared(external.ExternalSecret, external.CredentialLife, now)
			}
			list = append(list, wire.ICEServer{URLs: external.ExternalURLs, Username: username, Credential: password})
		}
		return list
	}
}

// iceServersLife returns how long the credentials of iceServers can be used; 0 where they do not expire.
func (s *Server) iceServersLife() time.Duration {
	if s.turn == nil && s.conf.TURN.ExternalSecret == "" {
		return 0
	}
	return s.conf.TURN.CredentialLife
}

// ownTURN returns the addresses of the own TURN server (RFC 7065). UDP comes first, then what passes more firewalls.
func (s *Server) ownTURN() (urls []string) {
	if s.turn == nil {
		return nil
	}
	public, err := url.Parse(s.url)
	if err != nil {
		public = &url.URL{} // it is what conf has made of it
	}
	if port := s.turn.Port(); port > 0 {
		hosts := []string{cmp.Or(s.conf.TURN.Host, public.Hostname())}
		if s.conf.TURN.Host == "" && s.conf.HTTP.PublicURL == "" {
			hosts = nil
			for _, at := range s.media.Advertised() {
				hosts = append(hosts, at.Addr().String())
			}
		}
		for _, transport := range []string{"udp", "tcp"} {
			for _, host := range hosts {
				urls = append(urls, "turn:"+net.JoinHostPort(host, strconv.Itoa(port))+"?transport="+transport)
			}
		}
	}
	if s.certificates != nil {
		port := cmp.Or(public.Port(), "443")
		urls = append(urls, "turns:"+net.JoinHostPort(public.Hostname(), port)+"?transport=tcp")
	}
	return urls
}

// measureTURN publishes what the TURN server counts.
func (s *Server) measureTURN(gauge func(string, string, func() float64), counter func(string, string, func() uint64)) {
	if s.turn == nil {
		return
	}
	gauge("klatch_turn_relays", "Relays of the TURN server.", func() float64 { return float64(s.turn.Stats().Relays) })
	for _, c := range []struct {
		name, help string
		read       func(turn.Stats) uint64
	}{
		{"relays_total", "Relays of the TURN server since its start.", func(t turn.Stats) uint64 { return t.RelaysMade }},
		{"packets_received_total", "Packets of clients that the TURN server has relayed to the media port.",
			func(t turn.Stats) uint64 { return t.PacketsIn }},
		{"packets_sent_total", "Packets of the media port that the TURN server has relayed to clients.",
			func(t turn.Stats) uint64 { return t.PacketsOut }},
		{"peers_refused_total", "Addresses to which a relay was asked for and that are not for media.",
			func(t turn.Stats) uint64 { return t.RefusedPeers }},
		{"unauthorized_total", "Requests to the TURN server with credentials that are unknown, wrong or expired.",
			func(t turn.Stats) uint64 { return t.Unauthorized }},
		{"requests_dropped_total", "Requests to the TURN server above limit.turnRequestsPerAddress.",
			func(t turn.Stats) uint64 { return t.OverRate }},
		{"relays_refused_total",
			"Relays above limit.relaysPerAddress, limit.relaysPerParticipant or what the process can open.",
			func(t turn.Stats) uint64 { return t.OverQuota }},
		{"connections_closed_total", "Connections to the TURN server that had no relay and were closed for newer ones.",
			func(t turn.Stats) uint64 { return t.ClosedPending }},
	} {
		counter("klatch_turn_"+c.name, c.help, func() uint64 { return c.read(s.turn.Stats()) })
	}
}
