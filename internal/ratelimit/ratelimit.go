// Package ratelimit bounds what one remote address may ask of the server before a token has said who asks: requests,
// sockets that have not joined, joins, and guesses of tokens and secrets. What a token allows is counted elsewhere, per
// API key, connection and meeting.
//
// An address is an IPv4 address or an IPv6 network of 64 bits, which is what one customer of a provider has. The map of
// addresses is bounded: the one that was idle for longest is forgotten first. A refusal is 4106 with a reason for each
// limit and the time after which to try again.
package ratelimit

import (
	"net/netip"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
)

// Kind is what is counted per address and second.
type Kind int

// The kinds.
const (
	Requests      Kind = iota // HTTP requests, WebSocket upgrades among them
	Joins                     // join messages
	FailedTokens              // tokens that were refused, over REST and signaling
	FailedAdmin               // wrong admin tokens
	FailedResumes             // resumes of sessions that are not known
	TURNRequests              // requests to the TURN server by who has no relay there
	SignIns                   // to the console
	kinds
)

// Limits are per address; 0 is no limit.
type Limits struct {
	PerSecond [kinds]float64 // on average; burst times as many may come at once

	Sockets    int // signaling sockets that have not joined
	AllSockets int // the same of all addresses together

	AllSignIns float64 // per second, of all addresses together
}

// burst is how many seconds of a limit may come at once: whole classes and conferences behind one address join
// together.
const burst = 10

// Window is the time in which burst times the limit may come, as refusals say it.
const Window = burst * time.Second

const (
	addresses  = 16384           // that are remembered
	retrySlots = 2 * time.Second // when to try again where a count, not a rate, is at its limit
)

// Limiter counts. It is safe for concurrent use. Shape: mutex.
type Limiter struct {
	limits  Limits
	buckets [kinds]*Buckets[netip.Prefix] // nil: no limit
	signIns *Buckets[string]              // of all addresses, under one key; nil: no limit

	mu      sync.Mutex           // guards everything below
	sockets map[netip.Prefix]int // those that have not joined
	all     int                  // sum of sockets
}

// New returns a Limiter.
func New(limits Limits) *Limiter {
	l := &Limiter{limits: limits, sockets: map[netip.Prefix]int{}}
	for kind, perSecond := range limits.PerSecond {
		if perSecond > 0 {
			l.buckets[kind] = NewBuckets[netip.Prefix](perSecond, int(perSecond*burst), addresses)
		}
	}
	if limits.AllSignIns > 0 {
		l.signIns = NewBuckets[string](limits.AllSignIns, int(limits.AllSignIns*burst), 1)
	}
	return l
}

// Shared returns the limits that hold for all nodes of a cluster, by name.
func (l *Limiter) Shared() map[string]Shared {
	shared := map[string]Shared{}
	for kind, buckets := range l.buckets {
		if buckets != nil {
			shared[names[kind]] = buckets
		}
	}
	if l.signIns != nil {
		shared["all sign-ins"] = l.signIns
	}
	return shared
}

// names are what nodes call the limits of addresses.
var names = [kinds]string{
	Requests: "requests", Joins: "joins", FailedTokens: "failed tokens", FailedAdmin: "failed admin tokens",
	FailedResumes: "failed resumes", TURNRequests: "TURN requests", SignIns: "sign-ins",
}

// Take counts one of a kind from an address and returns the refusal when it is one too many. An address that is not
// valid belongs to this machine's own programs and is not limited.
func (l *Limiter) Take(addr netip.Addr, kind Kind) *fault.Error {
	return l.ask(addr, kind, 1, time.Now())
}

// TakeSignIn counts a sign-in to the console. It refuses one too many of its address, and one too many of all
// addresses together.
func (l *Limiter) TakeSignIn(addr netip.Addr) *fault.Error {
	if f := l.Take(addr, SignIns); f != nil || l.signIns == nil || !addr.IsValid() {
		return f
	}
	wait := l.signIns.Take("", 1, time.Now())
	if wait == 0 {
		return nil
	}
	return fault.RateLimitedServerSignIns(l.signIns.AtOnce(), Window).RetryAfter(wait)
}

// Check is Take without counting: it refuses what comes from an address that has used up its failures.
func (l *Limiter) Check(addr netip.Addr, kind Kind) *fault.Error {
	return l.ask(addr, kind, 0, time.Now())
}

// TakeJoin counts a join. It refuses one too many, and any from an address whose tokens failed too often.
func (l *Limiter) TakeJoin(addr netip.Addr) error {
	for _, f := range []*fault.Error{l.Take(addr, Joins), l.Check(addr, FailedTokens)} {
		if f != nil {
			return f
		}
	}
	return nil
}

// CheckToken refuses requests with a token from an address whose tokens failed too often.
func (l *Limiter) CheckToken(addr netip.Addr) error {
	if f := l.Check(addr, FailedTokens); f != nil {
		return f
	}
	return nil
}

// Refused counts a token that was refused because its key or its signature did not hold, and returns err. Whatever is
// judged after that belongs to an account.
func (l *Limiter) Refused(addr netip.Addr, err error) error {
	if fault.Is(err, fault.CodeInvalidAPIKey) || fault.Is(err, fault.CodeInvalidToken) {
		_ = l.Take(addr, FailedTokens) // it is refused either way
	}
	return err
}

func (l *Limiter) ask(addr netip.Addr, kind Kind, n int, now time.Time) *fault.Error {
	buckets := l.buckets[kind]
	if buckets == nil || !addr.IsValid() {
		return nil
	}
	network := Network(addr)
	wait := buckets.Take(network, n, now)
	if wait == 0 {
		return nil
	}
	return refusals[kind](Label(network), buckets.AtOnce(), Window).RetryAfter(wait)
}

var refusals = [kinds]func(address string, limit int, window time.Duration) *fault.Error{
	Requests: fault.RateLimitedAddressRequests, Joins: fault.RateLimitedAddressJoins,
	FailedTokens: fault.RateLimitedFailedTokens, FailedAdmin: fault.RateLimitedFailedAdminTokens,
	FailedResumes: fault.RateLimitedFailedResumes, TURNRequests: fault.RateLimitedAddressTurnRequests,
	SignIns: fault.RateLimitedAddressSignIns,
}

// OpenSocket counts a signaling socket that has not joined. joined must be called once it has, or has ended; further
// calls do nothing. With a refusal, nothing is counted and joined is nil.
func (l *Limiter) OpenSocket(addr netip.Addr) (joined func(), refusal *fault.Error) {
	if !addr.IsValid() {
		return func() {}, nil
	}
	network := Network(addr)
	l.mu.Lock()
	defer l.mu.Unlock()
	if limit := l.limits.Sockets; limit > 0 && l.sockets[network] >= limit {
		return nil, fault.RateLimitedAddressSockets(Label(network), limit).RetryAfter(retrySlots)
	}
	if limit := l.limits.AllSockets; limit > 0 && l.all >= limit {
		return nil, fault.RateLimitedServerSockets(limit).RetryAfter(retrySlots)
	}
	l.sockets[network]++
	l.all++
	return sync.OnceFunc(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.all--
		if l.sockets[network]--; l.sockets[network] == 0 {
			delete(l.sockets, network)
		}
	}), nil
}

// Network returns what an address counts as: itself, or for IPv6 its network of 64 bits.
func Network(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	network, _ := addr.Prefix(bits) // it has as many bits
	return network
}

// Label returns a network as refusals name it: a single address without the length of its prefix.
func Label(network netip.Prefix) string {
	if network.IsSingleIP() {
		return network.Addr().String()
	}
	return network.String()
}
