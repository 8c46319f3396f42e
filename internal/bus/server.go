package bus

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// ServerOptions are those of a NATS server inside this process.
type ServerOptions struct {
	Name    string      // that no other server of the cluster has
	Address string      // host:port at which it takes the servers of other nodes
	Routes  []string    // host:port of theirs; the own one is skipped
	TLS     *tls.Config // of both ends of a route, which must check each other
	Dir     string      // for the state of its elections
	Log     *slog.Logger
}

const (
	routePing       = time.Second // a dead route is noticed after two of them
	routePingsOut   = 2
	maxClients      = 16       // those of other processes are refused
	maxMemory       = 64 << 20 // bytes of all buckets
	maxDisk         = 64 << 20 // bytes of the state of elections
	serverReady     = 10 * time.Second
	shutdownTimeout = 5 * time.Second
)

// Server is a NATS server inside this process. Only this process has the token that clients need.
type Server struct {
	nats  *server.Server
	token string   // of its clients
	addr  net.Addr // of its routes
}

// StartServer starts a NATS server. The error may wrap that of the address.
func StartServer(o ServerOptions) (*Server, error) {
	host, portText, err := net.SplitHostPort(o.Address)
	if err != nil {
		return nil, fmt.Errorf("address of NATS: %w", err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, fmt.Errorf("address of NATS: %w", err)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	if host == "" {
		host = "0.0.0.0"
		if probe, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "[::]:0"); err == nil {
			host = "::" // IPv4 too
			_ = probe.Close()
		}
	}
	token := rand.Text()
	options := &server.Options{
		ServerName: o.Name, DontListen: true, Authorization: token, NoSigs: true, NoLog: false, MaxPayload: 1 << 20,
		JetStream: true, StoreDir: o.Dir, JetStreamMaxMemory: maxMemory, JetStreamMaxStore: maxDisk,
		DisableJetStreamBanner: true,
	}
	if len(o.Routes) > 0 { // without others there is nothing to listen for, and JetStream needs no election
		// NATS only logs that its port is taken.
		probe, err := new(net.ListenConfig).Listen(context.Background(), "tcp", net.JoinHostPort(host, portText))
		if err != nil {
			return nil, err
		}
		_ = probe.Close()
		// NATS takes routes only when it listens for clients (server.StartRouting waits for that): they find a port of
		// the loopback interface which takes nobody without the token.
		options.DontListen, options.Host, options.Port, options.MaxConn = false, "127.0.0.1", server.RANDOM_PORT, maxClients
		options.Cluster = server.ClusterOpts{
			Name: "klatch", Host: host, Port: port, TLSConfig: o.TLS, TLSTimeout: 3, PoolSize: -1,
			PingInterval: routePing, MaxPingsOut: routePingsOut,
		}
		for _, route := range o.Routes {
			options.Routes = append(options.Routes, &url.URL{Scheme: "nats", Host: route})
		}
	}
	quickenElections()
	s, err := server.NewServer(options)
	if err != nil {
		return nil, err
	}
	s.SetLoggerV2(natsLog{o.Log}, o.Log.Enabled(context.Background(), slog.LevelDebug), false, false)
	go s.Start() // returns when it has started
	if !s.ReadyForConnections(serverReady) {
		s.Shutdown()
		return nil, fmt.Errorf("the NATS server inside this node was not ready within %s", serverReady)
	}
	started := &Server{nats: s, token: token}
	if len(o.Routes) > 0 {
		started.addr = s.ClusterAddr()
	}
	return started, nil
}

// Addr returns the address at which it takes the servers of other nodes; nil where there are none.
func (s *Server) Addr() net.Addr { return s.addr }

// Peers returns how many other servers it is connected to.
func (s *Server) Peers() int { return s.nats.NumRemotes() }

// Close ends the server and waits for that.
func (s *Server) Close() {
	s.nats.Shutdown()
	ended := make(chan struct{})
	go func() {
		s.nats.WaitForShutdown()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(shutdownTimeout):
	}
}

// natsLog writes what NATS logs at debug: what matters of it is a fault of the node.
type natsLog struct{ to *slog.Logger }

func (l natsLog) log(format string, v []any) { l.to.Debug("nats: " + fmt.Sprintf(format, v...)) }

func (l natsLog) Noticef(format string, v ...any) { l.log(format, v) }
func (l natsLog) Warnf(format string, v ...any)   { l.log(format, v) }
func (l natsLog) Errorf(format string, v ...any)  { l.log(format, v) }
func (l natsLog) Fatalf(format string, v ...any)  { l.log(format, v) }
func (l natsLog) Debugf(format string, v ...any)  { l.log(format, v) }
func (l natsLog) Tracef(format string, v ...any)  { l.log(format, v) }
