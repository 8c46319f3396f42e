package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/reflexive"
)

const (
	firstAsk  = 4 * time.Second  // the start waits so long for the STUN servers
	askAgain  = time.Minute      // an address that changes is a matter of days
	askSooner = 10 * time.Second // after a failure
)

// announcer is the media port, as far as its addresses go.
type announcer interface {
	SetPublicIPs([]netip.Addr) error
	Advertised() []netip.AddrPort
}

// publicAddresses keeps the media port announcing the addresses of media.publicIps: those that stand there, and those
// under which the STUN servers there see this machine. Shape: mutex, and a goroutine that asks.
type publicAddresses struct {
	fixed   []netip.Addr
	servers []string
	log     *slog.Logger
	report  func(context.Context, *fault.Error)
	cleared func(*fault.Error)
	media   announcer

	cancel context.CancelFunc
	done   sync.WaitGroup

	mu      sync.Mutex // guards everything below
	seen    map[string][]netip.Addr
	failing map[string]*fault.Error // by server
}

// newPublicAddresses takes a setting that was checked.
func newPublicAddresses(
	list []string,
	log *slog.Logger,
	report func(context.Context, *fault.Error),
	cleared func(*fault.Error),
) *publicAddresses {
	p := &publicAddresses{
		log: log, report: report, cleared: cleared, cancel: func() {},
		seen: map[string][]netip.Addr{}, failing: map[string]*fault.Error{},
	}
	for _, item := range list {
		if server, ok := strings.CutPrefix(item, reflexive.Prefix); ok {
			p.servers = append(p.servers, server)
		} else if addr, err := netip.ParseAddr(item); err == nil {
			p.fixed = append(p.fixed, addr)
		}
	}
	return p
}

func (p *publicAddresses) asks() bool { return len(p.servers) > 0 }

// start asks for the first time, and goes on until stop.
func (p *publicAddresses) start(media announcer) {
	p.media = media
	if !p.asks() {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	first, done := context.WithTimeout(ctx, firstAsk)
	p.ask(first)
	done()
	p.done.Go(func() {
		for {
			wait := askAgain
			if f := p.failure(); f != nil {
				wait = askSooner
			}
			timer := time.NewTimer(wait)
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
				return
			}
			limited, done := context.WithTimeout(ctx, firstAsk)
			p.ask(limited)
			done()
		}
	})
}

func (p *publicAddresses) stop() {
	p.cancel()
	p.done.Wait()
}

// ask asks all servers, and announces what has changed.
func (p *publicAddresses) ask(ctx context.Context) {
	var asking sync.WaitGroup
	for _, server := range p.servers {
		asking.Go(func() {
			addrs, err := reflexive.Ask(ctx, server)
			p.answered(server, addrs, err)
		})
	}
	asking.Wait()
}

// answered takes what a server said. One that fails keeps what it said last.
func (p *publicAddresses) answered(server string, addrs []netip.Addr, err error) {
	p.mu.Lock()
	before := p.seen[server]
	changed := err == nil && !slices.Equal(before, addrs)
	if changed {
		p.seen[server] = addrs
	}
	public := slices.Clone(p.fixed)
	for _, server := range p.servers {
		for _, addr := range p.seen[server] {
			if !slices.Contains(public, addr) {
				public = append(public, addr)
			}
		}
	}
	p.mu.Unlock()
	if changed {
		if err = p.media.SetPublicIPs(public); err == nil {
			p.log.Info("public address", "server", server, "before", before, "now", addrs)
		}
	}
	p.judge(server, err)
}

// judge reports when a server begins to fail, once, and logs when it answers again.
func (p *publicAddresses) judge(server string, err error) {
	var f *fault.Error
	if err != nil {
		var announced []string
		for _, at := range p.media.Advertised() {
			announced = append(announced, at.String())
		}
		f = fault.ServerUnavailablePublicAddress(server, strings.ReplaceAll(err.Error(), "\n", "; "), announced).Because(err)
	}
	p.mu.Lock()
	was := p.failing[server]
	if f == nil {
		delete(p.failing, server)
	} else if was == nil {
		p.failing[server] = f
	}
	p.mu.Unlock()
	switch {
	case f != nil && was == nil:
		p.report(context.Background(), f)
	case f == nil && was != nil:
		p.cleared(was)
	}
}

// failure returns the fault of a server that fails, nil for none.
func (p *publicAddresses) failure() *fault.Error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, server := range p.servers {
		if f := p.failing[server]; f != nil {
			return f
		}
	}
	return nil
}

// capability is what the readiness says.
func (p *publicAddresses) capability() capability {
	if f := p.failure(); f != nil {
		return capability{Detail: f.Detail + " " + f.Remedy, Code: f.Code, Reason: f.Reason}
	}
	return capability{Ready: true, Detail: fmt.Sprint(p.media.Advertised())}
}
