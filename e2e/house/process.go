package house

import (
	"bufio"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Spawn starts the klatch program as a process of its own, as an operator does, with these settings by their names in
// the configuration file ("egress.ffmpeg"). Ports are free ones on loopback unless set; limits are as in Config.
func Spawn(t testing.TB, program string, settings map[string]string) *House {
	t.Helper()
	h := &House{Dir: filepath.Join(t.TempDir(), "data"), log: &logBook{}, program: program}
	h.settings = map[string]string{
		"http.address": "127.0.0.1:0", "media.udpAddress": "127.0.0.1:0", "media.tcpAddress": "127.0.0.1:0", "data.dir": h.Dir,
		"limit.messagesPerSecond": "10000", "limit.restPerSecond": "10000",
		"limit.requestsPerAddress": "0", "limit.joinsPerAddress": "0", "limit.failedTokensPerAddress": "0", "limit.failedAdminPerAddress": "0",
		"limit.failedResumesPerAddress": "0", "limit.socketsPerAddress": "0", "limit.connectionsPerAddress": "0",
		"limit.messageBytesPerSecond": "0", "limit.meetingMessageBytesPerSecond": "0",
	}
	maps.Copy(h.settings, settings)
	h.Respawn(t)
	h.openedBy(t)
	t.Cleanup(func() { h.Close(t) })
	return h
}

// process is a server outside of the test program.
type process struct {
	*os.Process
	ended chan struct{}
}

// RespawnAt is Respawn at an address that is known, "127.0.0.1:4000": addresses given out before lead to it again.
func (h *House) RespawnAt(t testing.TB, address string) {
	t.Helper()
	h.settings["http.address"] = address
	h.Respawn(t)
}

// Respawn starts a spawned house again, on its directory, after Kill.
func (h *House) Respawn(t testing.TB) {
	t.Helper()
	cmd := exec.Command(h.program, "serve")
	cmd.Dir = filepath.Dir(h.Dir)
	cmd.Env = os.Environ()
	for name, value := range h.settings {
		cmd.Env = append(cmd.Env, envName(name)+"="+value)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	p := &process{ended: make(chan struct{})}
	started, url := make(chan error, 1), make(chan string, 1)
	go func() {
		// The kernel sends the parent-death signal when the thread that started the child ends, so that thread stays.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.ended)
		err := cmd.Start()
		p.Process = cmd.Process
		started <- err
		if err == nil {
			h.follow(stderr, url)
			_ = cmd.Wait() // it was stopped or killed
		}
	}()
	require.NoError(t, <-started)
	h.process = p
	select {
	case h.URL = <-url:
	case <-p.ended:
		t.Fatalf("the server did not start: %s", h.log.all.String())
	case <-time.After(Patience):
		t.Fatal("the server does not start")
	}
	raw, err := os.ReadFile(filepath.Join(h.Dir, "admin-token"))
	require.NoError(t, err)
	h.adminToken = strings.TrimSpace(string(raw))
	h.stopped.Store(false)
	h.starts++
}

// follow keeps what the server logs, and finds its address.
func (h *House) follow(stderr io.Reader, url chan<- string) {
	lines := bufio.NewReader(stderr)
	for {
		line, err := lines.ReadBytes('\n')
		_, _ = h.log.Write(line) // never fails
		var said struct{ Msg, URL string }
		if json.Unmarshal(line, &said) == nil && said.Msg == "started" && said.URL != "" {
			select {
			case url <- said.URL:
			default:
			}
		}
		if err != nil {
			return
		}
	}
}

// envName turns egress.maxDuration into KLATCH_EGRESS_MAX_DURATION.
func envName(setting string) string {
	name := []byte("KLATCH_")
	for _, c := range []byte(setting) {
		switch {
		case c == '.':
			c = '_'
		case c >= 'A' && c <= 'Z':
			name = append(name, '_')
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		}
		name = append(name, c)
	}
	return string(name)
}

// Kill ends a spawned house with SIGKILL, as a crash does.
func (h *House) Kill() {
	_ = h.process.Kill()
	<-h.process.ended
	h.stopped.Store(true)
}

// end stops a spawned house in good order.
func (h *House) end(t testing.TB) {
	_ = h.process.Signal(syscall.SIGTERM) // it may be dead already
	select {
	case <-h.process.ended:
	case <-time.After(25 * time.Second):
		h.Kill()
		t.Error("the server did not stop")
	}
}

// PID is the process id of a spawned house.
func (h *House) PID() int { return h.process.Pid }

// Workers gives the processes that carry the jobs of a spawned house.
func (h *House) Workers(t testing.TB) []int {
	t.Helper()
	return Children(t, h.process.Pid, "egress-worker")
}

// Children gives the processes that a process has started and whose command line holds a word.
func Children(t testing.TB, pid int, word string) []int {
	t.Helper()
	var found []int
	all, err := filepath.Glob("/proc/[0-9]*")
	require.NoError(t, err)
	for _, dir := range all {
		stat, err := os.ReadFile(dir + "/stat")
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(stat), ") ") // proc(5): the state, then the parent
		if fields := strings.Fields(rest); len(fields) < 2 || fields[1] != strconv.Itoa(pid) {
			continue
		}
		command, _ := os.ReadFile(dir + "/cmdline") // it may have ended
		if child, err := strconv.Atoi(filepath.Base(dir)); err == nil && strings.Contains(string(command), word) {
			found = append(found, child)
		}
	}
	slices.Sort(found)
	return found
}
