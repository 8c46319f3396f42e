package socket

import (
	"errors"
	"net/netip"
	"sync"
)

// ErrTooLong is returned for a packet that is longer than MaxPacket.
var ErrTooLong = errors.New("socket: the packet is longer than 2176 bytes")

// MaxPacket is the longest packet that can be queued: one that was received, and what is added when it is forwarded.
const MaxPacket = MaxDatagram + 128

// Packet is a packet that is to be sent. It is made by NewPacket, and given back by Send or Discard.
type Packet struct {
	next  *Packet
	size  int
	bytes [MaxPacket]byte
}

var packets = sync.Pool{New: func() any { return new(Packet) }}

// NewPacket returns a packet to be filled.
func NewPacket() *Packet { return packets.Get().(*Packet) }

// Buffer returns the bytes to be filled, all of them.
func (p *Packet) Buffer() []byte { return p.bytes[:] }

// Discard returns a packet to the pool that is not sent after all.
func (p *Packet) Discard() {
	p.next = nil
	packets.Put(p)
}

// Destination is an address to which packets are queued. Those of one destination are sent in the order in which they
// were queued. It is safe for concurrent use; the zero value is not usable.
type Destination struct {
	conn *Conn
	to   netip.AddrPort
	name sockaddr

	mu          sync.Mutex // guards everything below
	first, last *Packet
	scheduled   bool // in conn.ready, or being sent
	single      bool // the kernel has refused a message of several packets to it
}

// Destination returns a new destination. It needs no closing.
func (c *Conn) Destination(to netip.AddrPort) *Destination {
	return &Destination{conn: c, to: to, name: c.sockets[0].name(to)}
}

// Addr returns the address.
func (d *Destination) Addr() netip.AddrPort { return d.to }

// Send queues the first size bytes of a packet, which is not the caller's any more. It is sent at the end of the
// present batch, and without one at once.
func (d *Destination) Send(p *Packet, size int) {
	if size <= 0 || size > MaxPacket {
		p.Discard()
		return
	}
	p.size = size
	d.mu.Lock()
	if d.last == nil {
		d.first = p
	} else {
		d.last.next = p
	}
	d.last = p
	schedule := !d.scheduled
	d.scheduled = true
	d.mu.Unlock()
	c := d.conn
	full := c.queued.Add(1) >= maxQueued
	if schedule {
		c.schedule(d)
	}
	if full || c.held.Load() == 0 {
		c.flush(c.sockets[0])
	}
}

// Write queues a copy of a packet as Send does.
func (d *Destination) Write(b []byte) (int, error) {
	if len(b) > MaxPacket {
		return 0, ErrTooLong
	}
	p := NewPacket()
	d.Send(p, copy(p.bytes[:], b))
	return len(b), nil
}

func (c *Conn) schedule(d *Destination) {
	c.scheduled.Lock()
	c.ready = append(c.ready, d)
	c.scheduled.Unlock()
}

// take removes all that is queued.
func (d *Destination) take() (first *Packet, single bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	first, d.first, d.last = d.first, nil, nil
	return first, d.single
}

// sent ends the sending of what take returned. It reports whether more was queued meanwhile, which the same goroutine
// sends then: another one could overtake.
func (d *Destination) sent(refused bool) (more bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.single = d.single || refused
	d.scheduled = d.first != nil
	return d.scheduled
}
