// Package natstest runs a NATS server for tests, as an operator runs one.
package natstest

import (
	"net"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"
)

// Server is a NATS server with JetStream on a port of loopback.
type Server struct {
	Address string // host:port
	URL     string

	dir    string
	server *server.Server
}

// Start runs a server until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{dir: t.TempDir()}
	s.start(t, server.RANDOM_PORT)
	t.Cleanup(s.stop)
	return s
}

func (s *Server) start(t testing.TB, port int) {
	t.Helper()
	var err error
	s.server, err = server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: s.dir, NoSigs: true, NoLog: true,
	})
	require.NoError(t, err)
	s.server.Start()
	require.True(t, s.server.ReadyForConnections(10*time.Second), "the NATS server does not start")
	s.Address, s.URL = s.server.Addr().String(), s.server.ClientURL()
}

func (s *Server) stop() {
	s.server.Shutdown()
	s.server.WaitForShutdown()
}

// Restart stops the server and starts it again after a while, at the same address. What it held in memory is gone.
func (s *Server) Restart(t testing.TB, away time.Duration) {
	t.Helper()
	port := s.server.Addr().(*net.TCPAddr).Port
	s.stop()
	<-time.After(away)
	s.start(t, port)
}
