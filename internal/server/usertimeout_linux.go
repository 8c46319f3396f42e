package server

import (
	"errors"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// setUserTimeout ends connections whose peer takes nothing of what is sent to it for that long: they would hold their
// answer, and a file descriptor, for ever. Connections inherit it from the listener. tcp(7): TCP_USER_TIMEOUT.
func setUserTimeout(l *net.TCPListener, d time.Duration) error {
	raw, err := l.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	err = raw.Control(func(fd uintptr) {
		set = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(d.Milliseconds()))
	})
	return errors.Join(err, set)
}
