package socket

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// system is what an endpoint needs of Linux.
type system struct {
	raw    syscall.RawConn
	fd     int
	family uint16      // AF_INET6 takes IPv4 as mapped addresses
	many   atomic.Bool // sendmmsg works

	// The system calls, which tests replace.
	sendmmsg func(fd int, messages []mmsghdr) (int, syscall.Errno)
	sendto   func(fd int, b []byte, name *byte, size uint32) syscall.Errno
	recvmmsg func(fd int, messages []mmsghdr) (int, syscall.Errno)
}

func (e *endpoint) init(conn *net.UDPConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	e.raw = raw
	e.many.Store(true)
	e.sendmmsg, e.sendto, e.recvmmsg = sendmmsg, sendto, recvmmsg
	var sockErr error
	err = raw.Control(func(fd uintptr) {
		e.fd = int(fd)
		domain, err := unix.GetsockoptInt(e.fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
		e.family, sockErr = uint16(domain), err
	})
	return errors.Join(err, sockErr)
}

// canSegment reports whether the kernel knows UDP_SEGMENT. One that does not would send a message of several packets as
// one long datagram.
func (e *endpoint) canSegment() bool {
	_, err := unix.GetsockoptInt(e.fd, unix.IPPROTO_UDP, unix.UDP_SEGMENT)
	return err == nil
}

// listenShared returns as many sockets of the port of first as there are readers, in place of first, which it closes.
func listenShared(first *net.UDPConn, readers int) ([]*net.UDPConn, error) {
	addr := first.LocalAddr().String()
	if err := first.Close(); err != nil {
		return nil, err
	}
	share := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		var sockErr error
		err := raw.Control(func(fd uintptr) {
			sockErr = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
		})
		return errors.Join(err, sockErr)
	}}
	var conns []*net.UDPConn
	for range readers {
		conn, err := share.ListenPacket(context.Background(), "udp", addr)
		if err != nil {
			for _, c := range conns {
				_ = c.Close()
			}
			return nil, err
		}
		conns = append(conns, conn.(*net.UDPConn))
	}
	return conns, nil
}

// sockaddr is an address as the kernel takes it, of the family of the socket.
type sockaddr struct {
	raw  unix.RawSockaddrInet6 // or a RawSockaddrInet4 in its first bytes
	size uint32                // 0: it cannot be reached from the socket
}

func (e *endpoint) name(to netip.AddrPort) (s sockaddr) {
	addr := to.Addr().Unmap()
	if !addr.IsValid() {
		return s
	}
	if e.family == unix.AF_INET6 {
		s.raw = unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: bigEndian(to.Port()), Addr: addr.As16()}
		s.size = unix.SizeofSockaddrInet6
		return s
	}
	if !addr.Is4() {
		return s
	}
	raw := unix.RawSockaddrInet4{Family: unix.AF_INET, Port: bigEndian(to.Port()), Addr: addr.As4()}
	*(*unix.RawSockaddrInet4)(unsafe.Pointer(&s.raw)) = raw
	s.size = unix.SizeofSockaddrInet4
	return s
}

// bytes returns where the address is. It must not be moved while the kernel uses it.
func (s *sockaddr) bytes() *byte { return (*byte)(unsafe.Pointer(&s.raw)) }

// addrPort returns the address that the kernel has written, an IPv4 address as such.
func (s *sockaddr) addrPort() netip.AddrPort {
	if s.raw.Family == unix.AF_INET {
		raw := (*unix.RawSockaddrInet4)(unsafe.Pointer(&s.raw))
		return netip.AddrPortFrom(netip.AddrFrom4(raw.Addr), bigEndian(raw.Port))
	}
	return netip.AddrPortFrom(netip.AddrFrom16(s.raw.Addr).Unmap(), bigEndian(s.raw.Port))
}

// bigEndian converts a port between the order of the machine and that of the network.
func bigEndian(port uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], port)
	return binary.NativeEndian.Uint16(b[:])
}

// mmsghdr is struct mmsghdr of sendmmsg(2).
type mmsghdr struct {
	header unix.Msghdr
	size   uint32
}

// controlSize is the size of the control message that says the size of the segments.
var controlSize = unix.CmsgSpace(2)

// vectors are what the kernel is given, kept by a flusher.
type vectors struct {
	headers  []mmsghdr
	iovecs   []unix.Iovec
	controls []byte
}

// send sends the messages of a flusher.
func (c *Conn) send(e *endpoint, f *flusher) {
	if !e.many.Load() {
		for _, m := range f.messages {
			c.sendSingly(e, m)
		}
		return
	}
	if f.headers == nil {
		f.headers = make([]mmsghdr, maxMessages)
		f.controls = make([]byte, maxMessages*controlSize)
	}
	for at := 0; at < len(f.messages); {
		n := f.fill(f.messages[at:])
		sent, errno := e.sendmmsg(e.fd, f.headers[:n])
		c.writes.Add(1)
		if errno != 0 {
			sent = 0
		}
		for _, m := range f.messages[at : at+sent] {
			c.sent.Add(uint64(len(m.packets)))
		}
		at += sent
		if sent > 0 || errno == syscall.EINTR {
			continue // of a partial result the next call says why
		}
		if errno == syscall.ENOSYS {
			e.many.Store(false)
		}
		if c.retry(e, f.messages[at], errno) {
			f.refused[f.of[at]] = true
		}
		at++
	}
	runtime.KeepAlive(f)
}

// fill puts as many of the messages as go into one system call into the vectors, and returns how many.
func (f *flusher) fill(messages []message) int {
	f.iovecs = f.iovecs[:0]
	n := min(len(messages), maxMessages)
	total := 0
	for _, m := range messages[:n] {
		total += len(m.packets)
	}
	if cap(f.iovecs) < total { // before pointers into it are made
		f.iovecs = make([]unix.Iovec, 0, max(total, maxQueued))
	}
	for i, m := range messages[:n] {
		first := len(f.iovecs)
		for _, p := range m.packets {
			v := unix.Iovec{Base: &p.bytes[0]}
			v.SetLen(p.size)
			f.iovecs = append(f.iovecs, v)
		}
		h := &f.headers[i].header
		*h = unix.Msghdr{Name: m.to.name.bytes(), Namelen: m.to.name.size, Iov: &f.iovecs[first]}
		h.SetIovlen(len(m.packets))
		if len(m.packets) > 1 {
			control := f.controls[i*controlSize : (i+1)*controlSize]
			c := (*unix.Cmsghdr)(unsafe.Pointer(&control[0]))
			c.Level, c.Type = unix.IPPROTO_UDP, unix.UDP_SEGMENT
			c.SetLen(unix.CmsgLen(2))
			binary.NativeEndian.PutUint16(control[unix.CmsgLen(0):], uint16(m.packets[0].size))
			h.Control = &control[0]
			h.SetControllen(controlSize)
		}
	}
	return n
}

// retry deals with a message that the kernel has refused. It reports whether that was because it has several packets;
// it then sends them one by one.
func (c *Conn) retry(e *endpoint, m message, errno syscall.Errno) (refused bool) {
	switch {
	case errno == syscall.ENOSYS:
		c.sendSingly(e, m)
		return false
	case len(m.packets) == 1 || full(errno):
		c.fail(len(m.packets), errno)
		return false
	case errno == syscall.EIO || errno == syscall.ENOPROTOOPT || errno == syscall.EOPNOTSUPP:
		// No checksums in hardware, or IPsec on the way: it will not be otherwise for the others.
		c.segments.Store(false)
	}
	// EINVAL is the answer to packets above the MTU of the path, and may concern this destination alone.
	c.sendSingly(e, m)
	return true
}

func (c *Conn) fail(packets int, errno syscall.Errno) {
	if full(errno) {
		c.dropped.Add(uint64(packets))
	} else {
		c.failed.Add(uint64(packets))
	}
}

// sendSingly sends each packet of a message with a system call of its own.
func (c *Conn) sendSingly(e *endpoint, m message) {
	for _, p := range m.packets {
		c.writes.Add(1)
		if errno := e.sendto(e.fd, p.bytes[:p.size], m.to.name.bytes(), m.to.name.size); errno != 0 {
			c.fail(1, errno)
		} else {
			c.sent.Add(1)
		}
	}
	runtime.KeepAlive(m.to)
}

// send sends one packet. The net package would wait instead, and take a lock that all senders share.
func (e *endpoint) send(b []byte, to netip.AddrPort) error {
	name := e.name(to)
	if name.size == 0 {
		return syscall.EAFNOSUPPORT
	}
	if errno := sendto(e.fd, b, name.bytes(), name.size); errno != 0 { // a function value would let name escape
		return errno
	}
	return nil
}

const sendFlags = unix.MSG_DONTWAIT | unix.MSG_NOSIGNAL

// The calls do not wait, but those with many packets take long enough for the runtime to hand what the goroutine runs
// on to another thread meanwhile, and each of which it is told wakes its monitor, which then looks for long ones 50,000
// times a second. They keep what they run on, which saves a fifth of all time; other goroutines of the same processor
// wait for some 100 us at most.

func sendmmsg(fd int, messages []mmsghdr) (int, syscall.Errno) {
	n, _, errno := syscall.RawSyscall6(unix.SYS_SENDMMSG, uintptr(fd), uintptr(unsafe.Pointer(&messages[0])),
		uintptr(len(messages)), sendFlags, 0, 0)
	return int(n), errno
}

func sendto(fd int, b []byte, name *byte, size uint32) syscall.Errno {
	for {
		_, _, errno := syscall.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))),
			uintptr(len(b)), sendFlags, uintptr(unsafe.Pointer(name)), uintptr(size))
		if errno != syscall.EINTR {
			return errno
		}
	}
}

// serve receives packets of one socket until it is closed.
func (c *Conn) serve(e *endpoint, handle func([]byte, netip.AddrPort)) {
	r, b := newReceiver(), batch{conn: c, e: e}
	// The function stays inside one Read and waits by returning false: so an arrival between its system call and the
	// wait is not missed.
	_ = e.raw.Read(func(fd uintptr) bool {
		defer b.end()
		for {
			n, errno := e.recvmmsg(int(fd), r.headers)
			switch errno {
			case 0:
				b.handle(n, r.packet, handle)
				r.reset(n)
				// The packets of a frame do not arrive at once, and forwarding the first to many takes longer than the
				// next ones need: they leave with it, so that those for one destination share a message.
			case syscall.ENOSYS:
				return true
			case syscall.EINTR, syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH:
				// An ICMP answer to an earlier packet; there may be packets behind it.
			default:
				return false
			}
		}
	})
	c.serveSingly(e, handle) // without recvmmsg, or closed
}

// receiver is where the kernel puts packets.
type receiver struct {
	headers []mmsghdr
	iovecs  []unix.Iovec
	names   []sockaddr
	bytes   []byte
}

func newReceiver() *receiver {
	r := &receiver{
		headers: make([]mmsghdr, batchSize), iovecs: make([]unix.Iovec, batchSize), names: make([]sockaddr, batchSize),
		bytes: make([]byte, batchSize*MaxDatagram),
	}
	for i := range r.headers {
		r.iovecs[i].Base = &r.bytes[i*MaxDatagram]
		r.iovecs[i].SetLen(MaxDatagram)
		h := &r.headers[i].header
		h.Name, h.Iov = r.names[i].bytes(), &r.iovecs[i]
		h.SetIovlen(1)
	}
	r.reset(batchSize)
	return r
}

// reset makes the room of the first n packets available to the kernel again.
func (r *receiver) reset(n int) {
	for i := range r.headers[:n] {
		r.headers[i].header.Namelen = unix.SizeofSockaddrInet6
		r.headers[i].header.Flags = 0
	}
}

// packet returns a packet that has been received, nil for one that was longer than the room for it.
func (r *receiver) packet(i int) ([]byte, netip.AddrPort) {
	h := &r.headers[i]
	if h.header.Flags&unix.MSG_TRUNC != 0 {
		return nil, netip.AddrPort{}
	}
	return r.bytes[i*MaxDatagram:][:h.size:MaxDatagram], r.names[i].addrPort()
}

func recvmmsg(fd int, messages []mmsghdr) (int, syscall.Errno) {
	n, _, errno := syscall.RawSyscall6(unix.SYS_RECVMMSG, uintptr(fd), uintptr(unsafe.Pointer(&messages[0])),
		uintptr(len(messages)), unix.MSG_DONTWAIT, 0, 0)
	return int(n), errno
}
