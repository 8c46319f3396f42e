package testserver

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

// Proxy stands between a client and a server, as a load balancer or a broken middlebox does. By default it passes
// everything on.
type Proxy struct {
	URL string

	target *url.URL
	front  *httptest.Server
	lines  sync.WaitGroup // WebSocket connections
	once   sync.Once

	mu           sync.Mutex // guards everything below
	open         map[context.Context]context.CancelFunc
	refuses      bool
	stripUpgrade bool
	edit         func(down bool, frame string) (string, bool)
}

// Proxy puts a proxy before the server.
func (srv *Server) Proxy(t testing.TB) *Proxy {
	t.Helper()
	target, err := url.Parse(srv.URL)
	require.NoError(t, err)
	p := &Proxy{target: target, open: map[context.Context]context.CancelFunc{}}
	p.front = httptest.NewServer(p)
	p.URL = p.front.URL
	t.Cleanup(p.Close)
	return p
}

// Close ends the proxy, before its test where that has no more use for it; a second call does nothing.
func (p *Proxy) Close() {
	p.once.Do(func() {
		p.Cut()
		p.front.Close()
		p.lines.Wait()
	})
}

// Cut ends all WebSocket connections without a word and refuses new ones until Mend.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuses = true
	for _, cancel := range p.open {
		cancel()
	}
}

// Mend lets connections through again.
func (p *Proxy) Mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuses = false
}

// StripUpgrade makes the proxy drop the Upgrade and Connection headers, as one does that knows no WebSocket.
func (p *Proxy) StripUpgrade() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stripUpgrade = true
}

// Edit lets fn change each frame; down is from the server to the client. A frame for which fn returns false is dropped.
func (p *Proxy) Edit(fn func(down bool, frame string) (string, bool)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.edit = fn
}

// ServeHTTP implements http.Handler.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	refuses, strip := p.refuses, p.stripUpgrade
	p.mu.Unlock()
	if refuses {
		panic(http.ErrAbortHandler) // closes the connection without an answer
	}
	if strip {
		r.Header.Del("Upgrade")
		r.Header.Del("Connection")
	}
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		reverse := &httputil.ReverseProxy{Rewrite: func(out *httputil.ProxyRequest) { out.SetURL(p.target) }}
		reverse.ServeHTTP(w, r)
		return
	}
	p.lines.Add(1)
	defer p.lines.Done()
	p.relay(w, r)
}

func (p *Proxy) relay(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p.mu.Lock()
	p.open[ctx] = cancel
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.open, ctx)
		p.mu.Unlock()
	}()
	up, _, err := websocket.Dial(ctx, p.target.JoinPath(r.URL.Path).String(), nil)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = up.CloseNow() }() // the other end is gone as well
	down, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer func() { _ = down.CloseNow() }() // the other end is gone as well
	var both sync.WaitGroup
	both.Go(func() { p.pump(ctx, cancel, up, down, true) })
	both.Go(func() { p.pump(ctx, cancel, down, up, false) })
	both.Wait()
}

// pump copies frames and, at the end, the close frame.
func (p *Proxy) pump(ctx context.Context, cancel context.CancelFunc, from, to *websocket.Conn, isDown bool) {
	from.SetReadLimit(-1)
	for {
		kind, frame, err := from.Read(ctx)
		if err != nil {
			if code := websocket.CloseStatus(err); code > 0 {
				_ = to.Close(code, "") // it may be gone
			}
			cancel()
			return
		}
		p.mu.Lock()
		edit := p.edit
		p.mu.Unlock()
		if edit != nil {
			text, keep := edit(isDown, string(frame))
			if !keep {
				continue
			}
			frame = []byte(text)
		}
		if to.Write(ctx, kind, frame) != nil {
			cancel()
			return
		}
	}
}
