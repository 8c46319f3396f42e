package testpeer

import (
	"bytes"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FreeUDPAddr returns an address of 127.0.0.1 whose UDP port is free.
func FreeUDPAddr(t testing.TB) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	return netip.MustParseAddrPort(conn.LocalAddr().String())
}

// UDPRelay forwards UDP packets between clients and a server until it is stopped, and loses some of them.
type UDPRelay struct {
	front  net.PacketConn
	target netip.AddrPort
	done   sync.WaitGroup

	mu        sync.Mutex // guards everything below
	closed    bool
	back      map[string]*net.UDPConn // by the client's address
	random    *rand.Rand
	loss      float64
	drop      func(packet []byte) bool
	delay     time.Duration
	jitter    time.Duration
	rateBps   int           // to the server; 0: no limit
	queue     time.Duration // what waits for the rate may wait for so long
	freeAt    time.Time     // when what is before it in the queue has been sent
	forwarded int
	lost      int

	toServer, toClients delayLine
}

// NewUDPRelay listens at address and forwards to target until the test ends. seed decides which packets are lost once
// Lose is called.
func NewUDPRelay(t testing.TB, address, target netip.AddrPort, seed uint64) *UDPRelay {
	t.Helper()
	front, err := net.ListenPacket("udp", address.String())
	require.NoError(t, err)
	r := &UDPRelay{front: front, target: target, back: map[string]*net.UDPConn{}, random: rand.New(rand.NewPCG(seed, 0))}
	r.done.Go(r.run)
	t.Cleanup(r.Stop)
	return r
}

// Lose makes the relay lose a share of the packets from 0 to 1, in both directions.
func (r *UDPRelay) Lose(share float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.loss = share
}

// Drop makes the relay lose the packets to the server for which f returns true.
func (r *UDPRelay) Drop(f func(packet []byte) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop = f
}

// Delay makes the relay hold each packet for delay and up to jitter more, in both directions. Packets stay in order, as
// they do in a queue on the way: one that is held longer holds up those behind it.
func (r *UDPRelay) Delay(delay, jitter time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.delay, r.jitter = delay, jitter
}

// Limit makes the relay pass on so many bits per second to the server, as a slow uplink does: what comes faster waits
// in a queue that is so long, and is lost where it is full. 0 ends that.
func (r *UDPRelay) Limit(bps int, queue time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rateBps, r.queue, r.freeAt = bps, queue, time.Time{}
}

// headers is what IPv4 and UDP add to a packet.
const headers = 28

// passesLocked returns when a packet has passed the slow uplink; false: its queue is full.
func (r *UDPRelay) passesLocked(size int, now time.Time) (at time.Time, ok bool) {
	free := r.freeAt
	if free.Before(now) {
		free = now
	}
	if free.Sub(now) > r.queue {
		return now, false
	}
	r.freeAt = free.Add(time.Duration(size+headers) * 8 * time.Second / time.Duration(r.rateBps))
	return r.freeAt, true
}

// Forwarded returns how many packets have been forwarded.
func (r *UDPRelay) Forwarded() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.forwarded
}

// Lost returns how many packets have been lost.
func (r *UDPRelay) Lost() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lost
}

// Stop ends the relay. A second call does nothing.
func (r *UDPRelay) Stop() {
	_ = r.front.Close()
	r.mu.Lock()
	r.closed = true
	for _, back := range r.back {
		_ = back.Close() // nothing more is to pass
	}
	r.mu.Unlock()
	r.done.Wait()
}

// Rebind makes the relay forward from other ports from now on, as a NAT does that has forgotten its clients. What still
// comes to the old ones is lost.
func (r *UDPRelay) Rebind() {
	r.mu.Lock()
	old := r.back
	r.back = map[string]*net.UDPConn{}
	r.mu.Unlock()
	for _, conn := range old {
		_ = conn.Close()
	}
}

func (r *UDPRelay) run() {
	buf := make([]byte, 2048)
	for {
		n, from, err := r.front.ReadFrom(buf)
		if err != nil {
			return
		}
		back := r.connOf(from)
		if back == nil {
			return
		}
		r.forward(buf[:n], true, func(packet []byte) { _, _ = back.Write(packet) }) // UDP may lose it
	}
}

// connOf returns the socket on which the server knows a client; nil when there is none.
func (r *UDPRelay) connOf(client net.Addr) *net.UDPConn {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	back := r.back[client.String()]
	if back == nil {
		var err error
		if back, err = net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(r.target)); err != nil {
			return nil
		}
		r.back[client.String()] = back
		r.done.Go(func() { r.answer(back, client) })
	}
	return back
}

func (r *UDPRelay) answer(back *net.UDPConn, client net.Addr) {
	buf := make([]byte, 2048)
	for {
		n, err := back.Read(buf)
		if err != nil {
			return
		}
		r.forward(buf[:n], false, func(packet []byte) { _, _ = r.front.WriteTo(packet, client) }) // UDP may lose it
	}
}

// forward sends a packet on, unless it is lost, and when it is due.
func (r *UDPRelay) forward(packet []byte, toServer bool, send func(packet []byte)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if toServer && r.drop != nil && r.drop(packet) || r.loss > 0 && r.random.Float64() < r.loss {
		r.lost++
		return
	}
	due := time.Now()
	limited := toServer && r.rateBps > 0
	if limited {
		var ok bool
		if due, ok = r.passesLocked(len(packet), due); !ok {
			r.lost++
			return
		}
	}
	r.forwarded++
	line := &r.toClients
	if toServer {
		line = &r.toServer
	}
	if r.delay == 0 && !limited && len(line.waiting) == 0 {
		send(packet)
		return
	}
	due = due.Add(r.delay)
	if r.jitter > 0 {
		due = due.Add(time.Duration(r.random.Int64N(int64(r.jitter))))
	}
	line.put(r, delayed{due: due, packet: bytes.Clone(packet), send: send})
}

// delayLine holds packets in order until they are due. Guarded by the relay's mutex.
type delayLine struct{ waiting []delayed }

type delayed struct {
	due    time.Time
	packet []byte
	send   func(packet []byte)
}

func (l *delayLine) put(r *UDPRelay, d delayed) {
	if last := len(l.waiting) - 1; last >= 0 && d.due.Before(l.waiting[last].due) {
		d.due = l.waiting[last].due
	}
	if l.waiting = append(l.waiting, d); len(l.waiting) == 1 {
		l.arm(r)
	}
}

// arm sends the first packet when it is due.
func (l *delayLine) arm(r *UDPRelay) {
	time.AfterFunc(time.Until(l.waiting[0].due), func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		for now := time.Now(); len(l.waiting) > 0 && (r.closed || !l.waiting[0].due.After(now)); l.waiting = l.waiting[1:] {
			if !r.closed {
				l.waiting[0].send(l.waiting[0].packet)
			}
		}
		if len(l.waiting) > 0 {
			l.arm(r)
		}
	})
}
