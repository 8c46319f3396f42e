package server

import (
	"context"
	"net"
	"net/url"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/ingest"
	"github.com/klatch/klatch/internal/record"
)

// openIngest takes the ports of RTMP and makes the part that takes encoders. listeners are served once all is ready.
func (s *Server) openIngest(ctx context.Context, workers net.Listener) (listeners []net.Listener, err error) {
	serverURL := s.conf.LocalURL(workers.Addr().String())
	if s.conf.IsTLS() {
		serverURL = "http://" + workers.Addr().String()
	}
	s.ingest, err = ingest.New(ingest.Options{
		Keys: s.Store, Token: s.publisherToken, SessionOf: s.sessionOf,
		Node: s.node.ID, TicketKey: s.node.Key("ingest worker"),
		Limiter: s.limiter, Logger: s.log, Report: s.incidents.Report,
		ServerURL: serverURL, MediaAddr: s.localMedia(), FFmpeg: s.conf.Egress.FFmpeg,
		PerAddress: s.conf.Limit.ConnectionsPerAddress, Pending: s.conf.Limit.PendingConnections,
		Publishers: s.conf.Limit.RTMPPublishers, ReconnectWindow: s.conf.Ingest.ReconnectWindow,
	})
	if err != nil {
		return nil, fault.From(err)
	}
	for _, at := range []struct {
		setting, address string
		to               *net.Addr
	}{
		{"ingest.rtmpAddress", s.conf.Ingest.RTMPAddress, &s.rtmp},
		{"ingest.rtmpsAddress", s.conf.Ingest.RTMPSAddress, &s.rtmps},
	} {
		if at.address == "" {
			listeners = append(listeners, nil)
			continue
		}
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", at.address)
		if err != nil {
			for _, open := range listeners {
				if open != nil {
					_ = open.Close()
				}
			}
			return nil, listenFault(err, at.address, at.setting)
		}
		*at.to = listener.Addr()
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

// serveIngest begins to take encoders. listeners are those of RTMP and RTMPS, nil where there is none.
func (s *Server) serveIngest(listeners []net.Listener) {
	if listeners[0] != nil {
		s.ingest.Serve(listeners[0], nil)
	}
	if listeners[1] != nil {
		config := s.certificates.TLSConfig().Clone()
		config.NextProtos = nil // of HTTP
		s.ingest.Serve(listeners[1], config)
	}
}

// publisherToken makes the token with which an RTMP publisher joins: its stream key permits what a token of the API key
// that made it would.
func (s *Server) publisherToken(ctx context.Context, key record.StreamKey) (string, error) {
	credential, err := s.Store.Credential(ctx, key.APIKey)
	if err != nil {
		return "", fault.ServerUnavailableStore("the query for an API key").Because(err)
	}
	return gate.Mint(gate.Grant{
		APIKey: key.APIKey, Permissions: []string{gate.AllowJoin}, Roles: []string{gate.RoleRTC},
		MeetingID: key.MeetingID, ParticipantID: key.ParticipantID, ExpiresIn: time.Minute,
	}, credential.Secret)
}

func (s *Server) sessionOf(ctx context.Context, accountID, meetingID string) string {
	session, _, err := s.meetings.RunningSession(ctx, accountID, meetingID, "")
	if err != nil {
		return ""
	}
	return session
}

// rtmpAddresses are where encoders publish, for REST.
type rtmpAddresses struct {
	*ingest.Server
	server *Server
}

// Addresses implements rest.Ingest.
func (a rtmpAddresses) Addresses(host string) (urls []string) {
	if public, err := url.Parse(a.server.conf.HTTP.PublicURL); err == nil && public.Host != "" {
		host = public.Hostname()
	} else if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	for _, at := range []struct {
		scheme, standard string
		address          net.Addr
	}{{"rtmp", "1935", a.server.rtmp}, {"rtmps", "443", a.server.rtmps}} {
		if at.address == nil {
			continue
		}
		_, port, _ := net.SplitHostPort(at.address.String()) // it listens
		authority := net.JoinHostPort(host, port)
		if port == at.standard {
			authority = host
		}
		urls = append(urls, at.scheme+"://"+authority+"/live")
	}
	return urls
}
