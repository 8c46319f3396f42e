package server

import (
	"context"
	"net"

	"github.com/klatch/klatch/internal/conf"
)

// openAdmin takes the port of http.adminAddress; nil without that setting.
func (s *Server) openAdmin(ctx context.Context) (net.Listener, error) {
	s.adminURL = s.url
	address := s.conf.HTTP.AdminAddress
	if address == "" {
		return nil, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, listenFault(err, address, "http.adminAddress")
	}
	s.adminURL = conf.LocalHTTP(listener.Addr().String())
	return listener, nil
}
