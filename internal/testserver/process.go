package testserver

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

	"github.com/klatch/klatch/internal/testprocess"
)

// Spawn starts the klatch program as a process of its own, as an operator does, with these settings by their names in
// the configuration file ("egress.ffmpeg"). Ports are free ones on loopback unless set; limits are as in Config.
func Spawn(t testing.TB, program string, settings map[string]string) *Server {
	t.Helper()
	srv := &Server{Dir: filepath.Join(t.TempDir(), "data"), log: &logBuffer{}, program: program}
	srv.settings = map[string]string{
		"http.address": "127.0.0.1:0", "media.udpAddress": "127.0.0.1:0", "media.tcpAddress": "127.0.0.1:0",
		"data.dir":                srv.Dir,
		"limit.messagesPerSecond": "10000", "limit.restPerSecond": "10000",
		"limit.requestsPerAddress": "0", "limit.joinsPerAddress": "0", "limit.failedTokensPerAddress": "0",
		"limit.failedAdminPerAddress":   "0",
		"limit.drills":                  "1000",
		"limit.failedResumesPerAddress": "0", "limit.socketsPerAddress": "0", "limit.connectionsPerAddress": "0",
		"limit.messageBytesPerSecond": "0", "limit.meetingMessageBytesPerSecond": "0",
	}
	maps.Copy(srv.settings, settings)
	srv.Dir = srv.settings["data.dir"]
	srv.Respawn(t)
	srv.startedBy(t)
	t.Cleanup(func() { srv.Close(t) })
	return srv
}

// process is a server outside of the test program.
type process struct {
	*os.Process
	ended chan struct{}
}

// RespawnAt is Respawn at an address that is known, "127.0.0.1:4000": addresses given out before lead to it again.
func (srv *Server) RespawnAt(t testing.TB, address string) {
	t.Helper()
	srv.settings["http.address"] = address
	srv.Respawn(t)
}

// Upgrade has Respawn start another version of the program.
func (srv *Server) Upgrade(program string) { srv.program = program }

// Respawn starts a spawned server again, on its directory, after Kill.
func (srv *Server) Respawn(t testing.TB) {
	t.Helper()
	cmd := exec.Command(srv.program, "serve")
	cmd.Dir = filepath.Dir(srv.Dir)
	cmd.Env = os.Environ()
	for name, value := range srv.settings {
		cmd.Env = append(cmd.Env, envName(name)+"="+value)
	}
	cmd.SysProcAttr = testprocess.Attr()
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
			srv.follow(stderr, url)
			_ = cmd.Wait() // it was stopped or killed
		}
	}()
	require.NoError(t, <-started)
	srv.process = p
	select {
	case srv.URL = <-url:
	case <-p.ended:
		t.Fatalf("the server did not start: %s", srv.log.all.String())
	case <-time.After(Timeout):
		t.Fatal("the server does not start")
	}
	if srv.adminToken = srv.settings["admin.token"]; srv.adminToken == "" {
		raw, err := os.ReadFile(filepath.Join(srv.Dir, "admin-token"))
		require.NoError(t, err)
		srv.adminToken = strings.TrimSpace(string(raw))
	}
	srv.stopped.Store(false)
	srv.starts++
}

// follow keeps what the server logs, and finds its address.
func (srv *Server) follow(stderr io.Reader, url chan<- string) {
	lines := bufio.NewReader(stderr)
	for {
		line, err := lines.ReadBytes('\n')
		_, _ = srv.log.Write(line) // never fails
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

// Kill ends a spawned server with SIGKILL, as a crash does.
func (srv *Server) Kill() {
	_ = srv.process.Kill()
	<-srv.process.ended
	srv.stopped.Store(true)
}

// Stop ends a spawned server in good order, until Respawn.
func (srv *Server) Stop(t testing.TB) {
	srv.end(t)
	srv.stopped.Store(true)
}

// end stops a spawned server in good order.
func (srv *Server) end(t testing.TB) {
	_ = srv.process.Signal(syscall.SIGTERM) // it may be dead already
	select {
	case <-srv.process.ended:
	case <-time.After(25 * time.Second):
		srv.Kill()
		t.Error("the server did not stop")
	}
}

// PID is the process id of a spawned server.
func (srv *Server) PID() int { return srv.process.Pid }

// Workers returns the processes that carry the jobs of a spawned server.
func (srv *Server) Workers(t testing.TB) []int {
	t.Helper()
	return Children(t, srv.process.Pid, "egress-worker")
}

// Children returns the processes that a process has started and whose command line holds a word.
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
