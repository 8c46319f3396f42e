// Package workerprocess runs the processes of workers: this program once more, with a hidden command, which takes
// orders on its standard input and writes a report a line to its standard output. A worker has no KLATCH_ setting in
// its environment, leads a process group of its own, and ends with the server. What it logs goes into the server's
// log. What orders and reports hold is the business of egress and ingest, which start workers and supervise them.
package workerprocess

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/sandbox"
)

// Options of Start.
type Options struct {
	Command        []string // the program and its arguments
	Files          uint64   // how many files the worker may have open
	MaxReportBytes int      // of one report; a worker that sends a longer one is killed
	Logger         *slog.Logger
	Secrets        []string // must not leave through the worker's log; those that hold others come first
}

// Message is a report of the worker or, last, how it ended.
type Message[Report any] struct {
	Report Report
	Exit   *Exit // nil for a report
}

// Exit is how a process ended. Signal is empty, or the name of the signal; Code is then -1.
type Exit struct {
	Signal string
	Code   int
	Stderr string // the end of its warnings, without secrets
}

// Process is a worker that runs. Messages must be read until the exit. Goroutines: one starts and waits, one reads
// stdout, one reads stderr; all end when the process has, or soon after. Its methods may be called at any time, also
// after the end, and from several goroutines.
type Process[Report any] struct {
	cmd      *exec.Cmd
	messages chan Message[Report]
	gone     chan struct{}
	stdin    *os.File
}

// drainTimeout is how long what a dead worker wrote is still read: a grandchild may hold its pipes open.
const drainTimeout = 2 * time.Second

// Start starts a worker. The error is that of the system.
func Start[Report any](o Options) (*Process[Report], error) {
	p := &Process[Report]{
		cmd:      exec.Command(o.Command[0], o.Command[1:]...),
		messages: make(chan Message[Report]), gone: make(chan struct{}),
	}
	p.cmd.Env = environment()
	p.cmd.SysProcAttr = attributes()
	var ends []*os.File // the reading and the writing end of each pipe
	for range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(ends)
			return nil, err
		}
		ends = append(ends, r, w)
	}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = ends[0], ends[3], ends[5]
	p.stdin = ends[1]
	stdout, stderr := ends[2], ends[4]

	started := make(chan error, 1)
	waited := make(chan struct{})
	go func() {
		// The kernel sends the parent-death signal when the thread that started the child ends, so that thread stays.
		// It has given up rights, and ends with this goroutine.
		runtime.LockOSThread()
		sandbox.DropPrivileges()
		defer close(waited)
		err := p.cmd.Start()
		if err == nil {
			sandbox.Limit(p.cmd.Process.Pid, sandbox.Limits{Files: o.Files})
		}
		closeAll([]*os.File{ends[0], ends[3], ends[5]})
		started <- err
		if err == nil {
			_ = p.cmd.Wait() // ProcessState has how it ended
			close(p.gone)
			now := time.Now()
			_ = p.stdin.SetWriteDeadline(now) // a write into a full pipe ends with the process
			_, _ = stdout.SetReadDeadline(now.Add(drainTimeout)), stderr.SetReadDeadline(now.Add(drainTimeout))
		}
	}()
	if err := <-started; err != nil {
		<-waited
		closeAll([]*os.File{p.stdin, stdout, stderr})
		return nil, err
	}
	log := &stderrLog{log: o.Logger, secrets: o.Secrets}
	go func() {
		err := guard.Do("the reading of a worker", func() { p.read(stdout, stderr, o.MaxReportBytes, waited, log) })
		if err != nil {
			o.Logger.Error("a worker's reports cannot be read", "err", err)
			p.Kill()
			<-waited
			p.messages <- Message[Report]{
				Exit: &Exit{Code: -1, Stderr: "the server failed while it read the reports; its log has the cause"},
			}
		}
	}()
	return p, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// environment returns what a worker needs of the server's environment: no KLATCH_ setting, for those hold secrets.
func environment() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "GOCOVERDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// Messages returns the channel of the reports and, last, the exit.
func (p *Process[Report]) Messages() <-chan Message[Report] { return p.messages }

// Gone is closed when the process has ended.
func (p *Process[Report]) Gone() <-chan struct{} { return p.gone }

// Stdin returns our end of the worker's standard input, which takes write deadlines. It is closed with the exit.
func (p *Process[Report]) Stdin() *os.File { return p.stdin }

// Kill kills the process and its process group.
func (p *Process[Report]) Kill() {
	select {
	case <-p.gone: // its id may belong to another process by now
	default:
		_ = killGroup(p.cmd.Process)
	}
}

// KillChild kills the first child of the worker that has an argument, and reports whether there was one.
func (p *Process[Report]) KillChild(argument string) bool {
	select {
	case <-p.gone: // its id may belong to another process by now
		return false
	default:
	}
	child, found := childOf(p.cmd.Process.Pid, argument)
	return found && child.Kill() == nil
}

// read passes on reports until stdout ends, then the exit.
func (p *Process[Report]) read(stdout, stderr *os.File, maxReport int, waited <-chan struct{}, log *stderrLog) {
	var errEnded sync.WaitGroup
	errEnded.Go(func() {
		defer stderr.Close()
		log.follow(stderr)
	})
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, maxReport)
	for lines.Scan() {
		var m Message[Report]
		if err := json.Unmarshal(lines.Bytes(), &m.Report); err != nil {
			log.log.Warn("a worker's report is not JSON of the right shape", "bytes", len(lines.Bytes()))
			continue
		}
		p.messages <- m
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		log.log.Error("a worker's report is too long", "limit", maxReport)
		p.Kill()
	}
	_, _ = io.Copy(io.Discard, stdout) // so that it does not block before it ends
	_ = stdout.Close()
	<-waited
	errEnded.Wait()
	_ = p.stdin.Close()
	e := Exit{Code: p.cmd.ProcessState.ExitCode(), Stderr: log.lastWarnings()}
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		e.Signal = signalName(status.Signal())
	}
	p.messages <- Message[Report]{Exit: &e}
}
