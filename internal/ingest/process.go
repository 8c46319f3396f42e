package ingest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/ingest/order"
	"github.com/klatch/klatch/internal/sandbox"
)

// process is the worker of a publisher. out must be read until the exit.
type process struct {
	cmd  *exec.Cmd
	out  chan message
	gone chan struct{}

	mu     sync.Mutex // guards everything below
	stdin  *os.File
	buffer []byte
}

// message is a report of the worker or, last, how it ended.
type message struct {
	report order.Report
	exit   *exit
}

// exit is how a process ended. signal is empty, or the name of the signal; code is then -1.
type exit struct {
	signal string
	code   int
	stderr string // the end of its stderr
}

const (
	// writeTimeout is how long a worker may take no media.
	writeTimeout = 5 * time.Second
	// stopTimeout is how long one that was told to stop may take.
	stopTimeout = 5 * time.Second
	// drainTimeout is how long what a dead worker wrote is still read: a grandchild may hold its pipes open.
	drainTimeout = 2 * time.Second
	// workerFiles is how many files a worker may have open: some 20 of its own, and those of two ffmpegs.
	workerFiles   = 256
	maxStderrTail = 400
)

// errWorker is wrapped by what keeps media from the worker.
var errWorker = errors.New("ingest: the worker takes no media")

// startProcess starts a worker with its Spec. The error is that of the system.
func (s *Server) startProcess(spec order.Spec) (*process, error) {
	line, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	p := &process{
		cmd: exec.Command(s.opts.Command[0], s.opts.Command[1:]...),
		out: make(chan message), gone: make(chan struct{}),
	}
	p.cmd.Env = environment()
	p.cmd.SysProcAttr = attributes()
	var files []*os.File // theirs and ours in turn
	for range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(files)
			return nil, err
		}
		files = append(files, r, w)
	}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = files[0], files[3], files[5]
	p.stdin = files[1]
	stdout, stderr := files[2], files[4]

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
			sandbox.Limit(p.cmd.Process.Pid, sandbox.Limits{Files: workerFiles})
		}
		closeAll([]*os.File{files[0], files[3], files[5]})
		started <- err
		if err == nil {
			_ = p.cmd.Wait() // ProcessState has how it ended
			close(p.gone)
			deadline := time.Now().Add(drainTimeout)
			_, _ = stdout.SetReadDeadline(deadline), stderr.SetReadDeadline(deadline)
		}
	}()
	if err := <-started; err != nil {
		<-waited
		closeAll([]*os.File{p.stdin, stdout, stderr})
		return nil, err
	}
	log := s.opts.Logger.With("meeting", spec.MeetingID, "participant", spec.ParticipantID)
	go func() {
		if err := guard.Do("the reading of a worker", func() { p.read(stdout, stderr, waited, log) }); err != nil {
			log.Error("a worker's reports cannot be read", "err", err)
			p.kill()
			<-waited
			p.out <- message{exit: &exit{code: -1, stderr: "the server failed while it read the reports"}}
		}
	}()
	_ = p.writeRaw(append(line, '\n')) // one that takes nothing is ended
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

// write hands a frame to the worker. It waits while the worker is behind.
func (p *process) write(f order.Frame) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.buffer = order.Append(p.buffer[:0], f)
	return p.writeLocked(p.buffer)
}

func (p *process) writeRaw(b []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.writeLocked(b)
}

func (p *process) writeLocked(b []byte) error {
	_ = p.stdin.SetWriteDeadline(time.Now().Add(writeTimeout)) // a pipe takes deadlines
	if _, err := p.stdin.Write(b); err != nil {
		return fmt.Errorf("%w: %w", errWorker, err)
	}
	return nil
}

// send is write for what is not media: a worker that does not take it is dead or stalled, which others notice.
func (p *process) send(f order.Frame) { _ = p.write(f) }

// stop has the worker leave and exit; one that does not is killed.
func (p *process) stop() {
	go func() {
		p.send(order.Frame{Kind: order.Stop})
		timer := time.NewTimer(stopTimeout)
		defer timer.Stop()
		select {
		case <-p.gone:
		case <-timer.C:
			p.kill()
		}
	}()
}

func (p *process) kill() {
	select {
	case <-p.gone: // its id may belong to another process by now
	default:
		_ = killGroup(p.cmd.Process)
	}
}

// read passes on reports until stdout ends, then the exit.
func (p *process) read(stdout, stderr *os.File, waited <-chan struct{}, log *slog.Logger) {
	var tail []byte
	var errEnded sync.WaitGroup
	errEnded.Go(func() {
		defer stderr.Close()
		tail = follow(stderr, log)
	})
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, order.MaxReportBytes)
	for lines.Scan() {
		var report order.Report
		if err := json.Unmarshal(lines.Bytes(), &report); err != nil {
			log.Warn("a worker's report is not JSON of the right shape", "bytes", len(lines.Bytes()))
			continue
		}
		p.out <- message{report: report}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		log.Error("a worker's report is too long", "limit", order.MaxReportBytes)
		p.kill()
	}
	_, _ = io.Copy(io.Discard, stdout) // so that it does not block before it ends
	_ = stdout.Close()
	<-waited
	errEnded.Wait()
	p.mu.Lock()
	_ = p.stdin.Close()
	p.mu.Unlock()
	e := exit{code: p.cmd.ProcessState.ExitCode(), stderr: strings.ReplaceAll(string(tail), "\n", "; ")}
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		e.signal = signalName(status.Signal())
	}
	p.out <- message{exit: &e}
}

// follow passes a worker's log on to the server's, and returns the end of what is not info.
func follow(stderr io.Reader, log *slog.Logger) (tail []byte) {
	const maxLine = 16 << 10
	lines := bufio.NewReaderSize(stderr, maxLine)
	for {
		line, cut, err := lines.ReadLine()
		for cut && err == nil { // the rest of a line that is too long is dropped
			_, cut, err = lines.ReadLine()
		}
		if len(line) > 0 {
			var entry struct {
				Level, Msg, Err string
				Why             string
			}
			text := string(line)
			if json.Unmarshal(line, &entry) == nil && entry.Msg != "" {
				text = strings.TrimSpace(entry.Msg + " " + entry.Why + " " + entry.Err)
			}
			if entry.Level == "INFO" || entry.Level == "DEBUG" {
				log.Debug("worker: " + text)
			} else {
				log.Warn("worker: " + text)
				tail = append(append(tail, text...), '\n')
				if over := len(tail) - maxStderrTail; over > 0 {
					tail = append([]byte(nil), tail[over:]...)
				}
			}
		}
		if err != nil {
			return []byte(strings.TrimSpace(strings.ToValidUTF8(string(tail), "")))
		}
	}
}
