package sfu

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"unsafe"
)

func (c *udpConn) init() error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var sockErr error
	err = raw.Control(func(fd uintptr) {
		c.fd = int(fd)
		domain, err := syscall.GetsockoptInt(c.fd, syscall.SOL_SOCKET, syscall.SO_DOMAIN)
		c.v6, sockErr = domain == syscall.AF_INET6, err
	})
	return errors.Join(err, sockErr)
}

// WriteToAddrPort sends one packet, or drops it when the socket buffer is full. The net package would wait
// instead, and take a lock that all senders share.
func (c *udpConn) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	c.open.RLock()
	defer c.open.RUnlock()
	if c.closed {
		return 0, net.ErrClosed
	}
	var errno syscall.Errno
	if c.v6 {
		sa := syscall.RawSockaddrInet6{Family: syscall.AF_INET6, Port: bigEndian(to.Port()), Addr: to.Addr().As16()}
		errno = sendto(c.fd, b, unsafe.Pointer(&sa), unsafe.Sizeof(sa))
	} else {
		if !to.Addr().Unmap().Is4() {
			return 0, syscall.EAFNOSUPPORT
		}
		sa := syscall.RawSockaddrInet4{Family: syscall.AF_INET, Port: bigEndian(to.Port()), Addr: to.Addr().Unmap().As4()}
		errno = sendto(c.fd, b, unsafe.Pointer(&sa), unsafe.Sizeof(sa))
	}
	switch errno {
	case 0:
	case syscall.EAGAIN, syscall.ENOBUFS:
		c.dropped.Add(1)
	default:
		return 0, errno
	}
	return len(b), nil
}

func sendto(fd int, b []byte, to unsafe.Pointer, size uintptr) syscall.Errno {
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))),
			uintptr(len(b)), syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, uintptr(to), size)
		if errno != syscall.EINTR {
			return errno
		}
	}
}

// bigEndian returns a port whose bytes in memory are in network order.
func bigEndian(port uint16) uint16 {
	var v uint16
	b := (*[2]byte)(unsafe.Pointer(&v))
	b[0], b[1] = byte(port>>8), byte(port)
	return v
}

// transient tells errors of a read after which the socket goes on: an ICMP answer to an earlier packet.
func transient(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EHOSTUNREACH) ||
		errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EINTR) || errors.Is(err, syscall.ENOMEM)
}
