// Package testpeer holds the hostile neighbors of tests: a proxy that cuts and swallows connections, and servers
// that fail in the ways networks do. Only tests import it.
package testpeer

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Proxy forwards TCP connections until it is told to cut them.
type Proxy struct {
	Address string // host:port
	target  string

	done sync.WaitGroup

	mu       sync.Mutex // guards everything below
	listener net.Listener
	thaw     *sync.Cond
	open     map[net.Conn]struct{}
	closed   bool // new connections are dropped at once
	frozen   bool // connections stay, nothing passes
}

// NewProxy forwards to target, a host:port or the path of a socket, until the test ends.
func NewProxy(t testing.TB, target string) *Proxy {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &Proxy{Address: listener.Addr().String(), target: target, listener: listener, open: map[net.Conn]struct{}{}}
	p.thaw = sync.NewCond(&p.mu)
	p.done.Go(func() { p.accept(listener) })
	t.Cleanup(func() {
		p.Close()
		p.Block()
		p.done.Wait()
	})
	return p
}

// Cut drops all connections; new ones are forwarded.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.open {
		_ = conn.Close()
	}
}

// Block drops all connections, and new ones, until Unblock.
func (p *Proxy) Block() {
	p.mu.Lock()
	p.closed, p.frozen = true, false
	p.mu.Unlock()
	p.thaw.Broadcast()
	p.Cut()
}

// Close drops all connections and refuses new ones, as a machine does where the process behind it has ended, until
// Open.
func (p *Proxy) Close() {
	p.mu.Lock()
	if p.listener != nil {
		_ = p.listener.Close()
		p.listener = nil
	}
	p.mu.Unlock()
	p.Cut()
}

// Open takes Close back.
func (p *Proxy) Open(t testing.TB) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		return
	}
	listener, err := net.Listen("tcp", p.Address)
	require.NoError(t, err)
	p.listener = listener
	p.done.Go(func() { p.accept(listener) })
}

// Freeze keeps all connections and lets nothing pass, as a network that swallows packets, until Thaw or Block.
func (p *Proxy) Freeze() {
	p.mu.Lock()
	p.frozen = true
	p.mu.Unlock()
}

// Thaw lets pass what waited since Freeze, and what follows.
func (p *Proxy) Thaw() {
	p.mu.Lock()
	p.frozen = false
	p.mu.Unlock()
	p.thaw.Broadcast()
}

// Unblock forwards again.
func (p *Proxy) Unblock() {
	p.mu.Lock()
	p.closed = false
	p.mu.Unlock()
}

func (p *Proxy) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		network := "tcp"
		if strings.HasPrefix(p.target, "/") {
			network = "unix"
		}
		server, err := net.Dial(network, p.target)
		if err != nil || !p.keep(client, server) {
			_ = client.Close()
			if server != nil {
				_ = server.Close()
			}
			continue
		}
		p.done.Go(func() { p.forward(client, server) })
		p.done.Go(func() { p.forward(server, client) })
	}
}

func (p *Proxy) keep(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	for _, conn := range conns {
		p.open[conn] = struct{}{}
	}
	return true
}

// forward copies one direction; when either side ends, both do.
func (p *Proxy) forward(from, to net.Conn) {
	_, _ = io.Copy(gate{p, to}, from) // how it ended does not matter: both are closed
	_ = from.Close()
	_ = to.Close()
	p.mu.Lock()
	delete(p.open, from)
	p.mu.Unlock()
}

// gate holds up what passes while the proxy is frozen.
type gate struct {
	proxy *Proxy
	to    io.Writer
}

func (g gate) Write(b []byte) (int, error) {
	g.proxy.mu.Lock()
	for g.proxy.frozen {
		g.proxy.thaw.Wait()
	}
	g.proxy.mu.Unlock()
	return g.to.Write(b)
}
