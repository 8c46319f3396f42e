package testnet

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// Host is a network namespace with its own interfaces, each of which is a cable to the router.
type Host struct {
	t         testing.TB
	namespace *os.File
	links     map[string]*link // by name
}

// link is an interface of a host.
type link struct {
	name      string
	router    string // the interface at the other end
	addresses []netip.Prefix
	metric    int
}

// NewHost makes a host without interfaces (but for loopback); it ends with the test.
func NewHost(t testing.TB) *Host {
	t.Helper()
	need(t)
	h := &Host{t: t, links: map[string]*link{}}
	made := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := unix.Unshare(unix.CLONE_NEWNET)
		if err == nil {
			h.namespace, err = os.Open("/proc/thread-self/ns/net")
		}
		made <- err
	}()
	require.NoError(t, <-made)
	t.Cleanup(func() { _ = h.namespace.Close() })
	h.Run("ip", "link", "set", "lo", "up")
	h.Run("sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad")
	return h
}

// links counts the interfaces that were made: they need different names at the router.
var links atomic.Int64

// Link adds an interface with addresses ("10.7.1.2/24", "fd07:1::2/64") and brings it up. The router has the first
// address of each prefix. The interface that was added first has the default routes while it is up.
func (h *Host) Link(name string, addresses ...string) {
	h.t.Helper()
	n := links.Add(1)
	l := &link{name: name, router: fmt.Sprintf("r%d-%s", n, name), metric: 100 + len(h.links)}
	for _, address := range addresses {
		l.addresses = append(l.addresses, netip.MustParsePrefix(address))
	}
	h.links[name] = l
	router(h.t, "link", "add", l.router, "type", "veth", "peer", "name", fmt.Sprintf("h%d", n))
	h.t.Cleanup(func() { _ = exec.Command("ip", "link", "del", l.router).Run() }) // it goes with the namespace
	for _, address := range l.addresses {
		gateway := netip.PrefixFrom(address.Masked().Addr().Next(), address.Bits())
		router(h.t, append([]string{"addr", "add", gateway.String(), "dev", l.router}, nodad(gateway)...)...)
	}
	router(h.t, "link", "set", l.router, "up")
	router(h.t, "link", "set", fmt.Sprintf("h%d", n), "netns", h.path())
	h.Run("ip", "link", "set", fmt.Sprintf("h%d", n), "name", name)
	h.Up(name)
}

func router(t testing.TB, args ...string) {
	t.Helper()
	out, err := exec.Command("ip", args...).CombinedOutput()
	require.NoError(t, err, "ip %v: %s", args, out)
}

// nodad is the flag of an IPv6 address that is used at once, not after a search for duplicates.
func nodad(prefix netip.Prefix) []string {
	if prefix.Addr().Is6() {
		return []string{"nodad"}
	}
	return nil
}

// Up brings an interface up, with its addresses and routes.
func (h *Host) Up(name string) {
	h.t.Helper()
	l := h.links[name]
	h.Run("ip", "link", "set", name, "up")
	for _, address := range l.addresses {
		h.Run("ip", append([]string{"addr", "replace", address.String(), "dev", name}, nodad(address)...)...)
		family := "-4"
		if address.Addr().Is6() {
			family = "-6"
		}
		h.Run("ip", family, "route", "replace", "default", "via", address.Masked().Addr().Next().String(), "dev", name,
			"metric", strconv.Itoa(l.metric))
	}
}

// Down takes the addresses of an interface away and brings it down, as when a Wi-Fi is left.
func (h *Host) Down(name string) {
	h.t.Helper()
	h.Run("ip", "addr", "flush", "dev", name)
	h.Run("ip", "link", "set", name, "down")
}

// Readdress replaces all addresses of a family on an interface by another one of the same network.
func (h *Host) Readdress(name, address string) {
	h.t.Helper()
	l, next := h.links[name], netip.MustParsePrefix(address)
	for i, old := range l.addresses {
		if old.Addr().Is4() == next.Addr().Is4() {
			l.addresses[i] = next
			h.Run("ip", "addr", "del", old.String(), "dev", name)
		}
	}
	h.Up(name)
}

// RouterDevice returns the name of the router's end of an interface, for rules: iifname is what the host sends.
func (h *Host) RouterDevice(name string) string { return h.links[name].router }

// Block makes the router drop what the host sends and is sent, over all its interfaces: "meta l4proto udp", or
// "tcp dport 443" for packets of any direction. Nothing of the host is dropped any more after unblock.
func (h *Host) Block(match string) (unblock func()) {
	h.t.Helper()
	var undo []func()
	for _, l := range h.links {
		for _, way := range []string{"iifname", "oifname"} {
			undo = append(undo, AddRule(h.t, "forward", fmt.Sprintf("%s %q %s drop", way, l.router, match)))
		}
	}
	unblock = func() {
		for _, remove := range undo {
			remove()
		}
	}
	h.t.Cleanup(unblock)
	return unblock
}

// path names the namespace for other processes, while this one runs.
func (h *Host) path() string { return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), h.namespace.Fd()) }

// Command returns a command that runs at the host.
func (h *Host) Command(name string, args ...string) *exec.Cmd {
	return exec.Command("nsenter", append([]string{"--net=" + h.path(), name}, args...)...)
}

// Run runs a command at the host.
func (h *Host) Run(name string, args ...string) {
	h.t.Helper()
	out, err := h.Command(name, args...).CombinedOutput()
	require.NoError(h.t, err, "%s %v: %s", name, args, out)
}

// Program returns the path of a program that runs another one at the host, with the arguments that it is given.
func (h *Host) Program(path string) string {
	h.t.Helper()
	path, err := exec.LookPath(path)
	require.NoError(h.t, err)
	script := filepath.Join(h.t.TempDir(), filepath.Base(path))
	lines := fmt.Sprintf("#!/bin/sh\nexec nsenter --net=%s %s \"$@\"\n", h.path(), path)
	require.NoError(h.t, os.WriteFile(script, []byte(lines), 0o755))
	return script
}

// Do runs f on a thread at the host: sockets that f itself opens, not goroutines of it, belong to the host, and stay
// there. net.Dial of a literal address and net.Listen are such.
func (h *Host) Do(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := unix.Setns(int(h.namespace.Fd()), unix.CLONE_NEWNET)
		if err == nil {
			err = f()
		}
		done <- err
	}()
	return <-done
}

// Addr returns the first address of an interface of that family (4 or 6).
func (h *Host) Addr(name string, family int) netip.Addr {
	h.t.Helper()
	for _, address := range h.links[name].addresses {
		if address.Addr().Is4() == (family == 4) {
			return address.Addr()
		}
	}
	require.Fail(h.t, "no address of that family", "%s of %s", "IPv"+strconv.Itoa(family), name)
	return netip.Addr{}
}

// Unplug makes the router drop all packets of one interface, which stays up at the host.
func (h *Host) Unplug(name string) {
	h.t.Helper()
	for _, way := range []string{"iifname", "oifname"} {
		Rule(h.t, "forward", fmt.Sprintf("%s %q drop", way, h.links[name].router))
	}
}
