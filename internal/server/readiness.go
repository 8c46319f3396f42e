package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/rest"
)

// capability is one thing the server can do, or cannot at the moment.
type capability struct {
	Ready  bool   `json:"ready"`
	Detail string `json:"detail,omitempty"`
	Code   int    `json:"code,omitempty"`   // of the fault that lasts
	Reason string `json:"reason,omitempty"` // of the same
}

// check finds out about one capability. ask ends when its context does, or later: nobody waits for it.
type check struct {
	name   string
	needed bool          // for new calls: without it the server is not ready
	within time.Duration // how long ask may take
	ask    func(ctx context.Context) capability
}

const (
	readyWithin = time.Second     // the answer takes no longer, whatever a check does
	freshFor    = 2 * time.Second // a result is used again
)

// readiness runs the checks, each by itself and one at a time, so that one that hangs neither delays the answer nor
// says anything about another. Shape: mutex; close waits for what runs.
type readiness struct {
	log    *slog.Logger
	life   context.Context
	stop   context.CancelFunc
	checks []*asked
	runs   sync.WaitGroup
}

// asked is a check with what is known.
type asked struct {
	check

	mu     sync.Mutex // guards everything below
	last   capability
	at     time.Time     // of last; zero: never
	since  time.Time     // the run under way began
	done   chan struct{} // closed when it has ended; nil: none runs
	failed bool          // as it was logged
}

func newReadiness(log *slog.Logger, checks ...check) *readiness {
	r := &readiness{log: log}
	r.life, r.stop = context.WithCancel(context.Background())
	for _, c := range checks {
		r.checks = append(r.checks, &asked{check: c})
	}
	return r
}

func (r *readiness) close() {
	r.stop()
	r.runs.Wait()
}

// look returns what each check says by now, and whether the server is ready.
func (r *readiness) look(ctx context.Context) (ready bool, capabilities map[string]capability) {
	late, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	waits := make([]<-chan struct{}, len(r.checks))
	for i, c := range r.checks {
		waits[i] = r.begin(c)
	}
	ready, capabilities = true, map[string]capability{}
	for i, c := range r.checks {
		if waits[i] != nil {
			select {
			case <-waits[i]:
			case <-late.Done():
			}
		}
		found := c.known()
		capabilities[c.name] = found
		ready = ready && (found.Ready || !c.needed)
	}
	return ready, capabilities
}

// begin runs a check unless its last result is fresh, and returns what to wait for: nil for nothing, as where a run has
// lasted too long to be waited for again.
func (r *readiness) begin(c *asked) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done != nil {
		if time.Since(c.since) >= readyWithin {
			return nil
		}
		return c.done
	}
	if !c.at.IsZero() && time.Since(c.at) < freshFor || r.life.Err() != nil {
		return nil
	}
	done := make(chan struct{})
	c.done, c.since = done, time.Now()
	r.runs.Go(func() {
		ctx, cancel := context.WithTimeout(r.life, c.within)
		defer cancel()
		var found capability
		if err := guard.Do("the check of "+c.name, func() { found = c.ask(ctx) }); err != nil {
			found = capability{Detail: "the check failed; the log has the cause"}
			r.log.Error("readiness", "capability", c.name, "err", err)
		}
		c.mu.Lock()
		c.last, c.at, c.done = found, time.Now(), nil
		changed := c.failed == found.Ready
		c.failed = !found.Ready
		c.mu.Unlock()
		close(done)
		if changed && r.life.Err() == nil {
			r.say(c.name, c.needed, found)
		}
	})
	return done
}

// say logs that a capability was lost or is back.
func (r *readiness) say(name string, needed bool, found capability) {
	if found.Ready {
		r.log.Info("ready again", "capability", name)
		return
	}
	level := slog.LevelWarn // calls go on without it
	if needed {
		level = slog.LevelError
	}
	r.log.Log(context.Background(), level, "not ready", "capability", name, "detail", found.Detail)
}

// known returns the last result; or that there is none, for a check that has never ended or hangs.
func (c *asked) known() capability {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done != nil && (c.at.IsZero() || time.Since(c.since) >= readyWithin) {
		return capability{Detail: fmt.Sprintf("did not answer within %d ms", time.Since(c.since).Milliseconds())}
	}
	return c.last
}

// readinessChecks are what new calls and recordings need.
func (s *Server) readinessChecks() []check {
	checks := []check{
		{"database", true, 10 * time.Second, func(ctx context.Context) capability {
			err := s.Store.Alive(ctx, time.Now()) // a write: a full disk answers questions
			switch {
			case err == nil:
				return capability{Ready: true}
			case errors.Is(err, context.DeadlineExceeded):
				return capability{Detail: "the database did not take a write within 10 s"}
			}
			s.log.Error("readiness", "capability", "database", "err", err)
			return capability{Detail: "the database takes nothing; the log has the cause"}
		}},
		{"media", true, time.Second, func(context.Context) capability {
			udp, tcp := s.media.Addrs() // open since the start, which fails without them, until the end
			return capability{Ready: true, Detail: fmt.Sprintf("udp %v, tcp %v", udp, tcp)}
		}},
		// Meetings go on without the encoder: only recordings and streams need it.
		{"encoder", false, 6 * time.Second, func(ctx context.Context) capability {
			if f := s.egress.Ready(ctx); f != nil {
				return capability{Detail: f.Detail, Code: f.Code, Reason: f.Reason}
			}
			return capability{Ready: true}
		}},
		{"fonts", false, time.Second, func(context.Context) capability { return fonts() }},
		{"connections", true, time.Second, func(context.Context) capability {
			if s.public.shortOfFiles() {
				return capability{
					Detail: fmt.Sprintf(
						"connections are refused: the process may have %d open files (LimitNOFILE=, ulimit -n)",
						s.public.limits.files,
					),
				}
			}
			return capability{Ready: true}
		}},
	}
	if s.addresses.asks() {
		checks = append(checks, check{"publicAddress", false, time.Second, func(context.Context) capability {
			return s.addresses.capability()
		}})
	}
	return append(append(checks, s.clusterChecks()...), s.certificateChecks()...)
}

// capabilities returns the same as ready answers, with the details.
func (s *Server) capabilities(ctx context.Context) (ready bool, capabilities map[string]rest.Capability) {
	ready, found := s.readiness.look(ctx)
	capabilities = map[string]rest.Capability{}
	for name, c := range found {
		capabilities[name] = rest.Capability(c)
	}
	return ready, capabilities
}

// ready answers 200 when new calls can be taken, else 503. The details are the operator's.
func (s *Server) ready(w http.ResponseWriter, r *http.Request, detailed bool) {
	ready, capabilities := s.readiness.look(r.Context())
	status := http.StatusOK
	if !ready {
		status = http.StatusServiceUnavailable
	}
	if !detailed {
		for name, c := range capabilities {
			if c.Detail = ""; !c.Ready {
				c.Detail = "the log has the cause, and this page with the admin token or on http.adminAddress"
			}
			capabilities[name] = c
		}
	}
	writeJSON(w, status, map[string]any{"ready": ready, "capabilities": capabilities})
}
