package egress

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/sandbox"
)

// worker is the process of one job, as its supervisor sees it. words must be read until it gives the exit; stop and kill
// may be called at any time, also afterwards.
type worker interface {
	messages() <-chan message
	stop()
	kill()
}

// message is a report of the worker or, last, how it ended.
type message struct {
	report order.Report
	exit   *exit
}

// exit says how a process ended. signal is empty, or its name; code is then -1.
type exit struct {
	signal string
	code   int
	stderr string // the end of its stderr, without secrets
}

// process is a worker that runs. Goroutines: one starts and waits, one reads stdout, one reads stderr, one writes stdin; all
// end when the process has, or soon after.
type process struct {
	cmd  *exec.Cmd
	out  chan message
	in   chan []byte // lines for stdin; closed by nobody, the writer ends with gone
	gone chan struct{}
	once sync.Once
}

const (
	maxLogLine    = 16 << 10
	maxStderrTail = 400
	// drainTimeout is how long what a dead worker wrote is still read: a grandchild may hold its pipes open.
	drainTimeout = 2 * time.Second
	// workerFiles is how many files a worker may have open: some 20 of its own, and a dozen for each of 25 decoders.
	workerFiles = 1024
)

// startProcess starts a worker with its order. The error is the system's.
func (m *Manager) startProcess(spec order.Spec) (worker, error) {
	line, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	p := &process{
		cmd: exec.Command(m.opts.Command[0], m.opts.Command[1:]...),
		out: make(chan message), in: make(chan []byte, 2), gone: make(chan struct{}),
	}
	p.cmd.Env = environment()
	p.cmd.SysProcAttr = attributes()
	stdin, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	stdout, itsOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, stdin.Close(), theirs.Close())
	}
	stderr, itsErr, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, stdin.Close(), theirs.Close(), stdout.Close(), itsOut.Close())
	}
	stdin, theirs = theirs, stdin // os.Pipe gives the reading end first
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = theirs, itsOut, itsErr

	started := make(chan error, 1)
	waited := make(chan struct{})
	go func() {
		// The kernel sends the parent-death signal when the thread that started the child ends, so that thread stays. It has
		// given up rights, and ends with this goroutine.
		runtime.LockOSThread()
		sandbox.DropPrivileges()
		defer close(waited)
		err := p.cmd.Start()
		if err == nil {
			sandbox.Limit(p.cmd.Process.Pid, sandbox.Limits{Files: workerFiles})
		}
		_, _, _ = theirs.Close(), itsOut.Close(), itsErr.Close()
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
		return nil, errors.Join(err, stdin.Close(), stdout.Close(), stderr.Close())
	}
	go p.write(stdin)
	p.in <- append(line, '\n')
	log := &workerLog{log: m.opts.Logger.With("job", spec.JobID, "kind", string(spec.Kind)), secrets: secretsOf(spec)}
	go func() {
		if err := guard.Do("the reading of a worker", func() { p.read(stdout, stderr, waited, log) }); err != nil {
			log.log.Error("a worker's reports cannot be read", "err", err)
			p.kill()
			<-waited
			p.out <- message{exit: &exit{code: -1, stderr: "the server failed while it read the reports; its log has the cause"}}
		}
	}()
	return p, nil
}

// environment is what a worker needs of ours; no KLATCH_ setting, for those hold secrets.
func environment() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "GOCOVERDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func (p *process) messages() <-chan message { return p.out }

func (p *process) stop() {
	p.once.Do(func() { p.in <- []byte(`{"command":"` + order.CommandStop + "\"}\n") })
}

func (p *process) kill() {
	select {
	case <-p.gone: // its number may be somebody else's by now
	default:
		_ = killGroup(p.cmd.Process)
	}
}

// write feeds stdin; a worker that does not read holds up nobody else.
func (p *process) write(stdin *os.File) {
	defer stdin.Close()
	go func() { // a write into a full pipe ends with the process
		<-p.gone
		_ = stdin.SetWriteDeadline(time.Now())
	}()
	for {
		select {
		case line := <-p.in:
			if _, err := stdin.Write(line); err != nil {
				return
			}
		case <-p.gone:
			return
		}
	}
}

// read passes on reports until stdout ends, then the exit.
func (p *process) read(stdout, stderr *os.File, waited <-chan struct{}, log *workerLog) {
	var errEnded sync.WaitGroup
	errEnded.Go(func() {
		defer stderr.Close()
		log.follow(stderr)
	})
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, order.MaxReportBytes)
	for lines.Scan() {
		var report order.Report
		if err := json.Unmarshal(lines.Bytes(), &report); err != nil {
			log.log.Warn("a worker's report is not JSON of the right shape", "bytes", len(lines.Bytes()))
			continue
		}
		p.out <- message{report: report}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		log.log.Error("a worker's report is too long", "limit", order.MaxReportBytes)
		p.kill()
	}
	_, _ = io.Copy(io.Discard, stdout) // so that it does not block before it ends
	_ = stdout.Close()
	<-waited
	errEnded.Wait()
	e := exit{code: p.cmd.ProcessState.ExitCode(), stderr: log.stderrTail()}
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		e.signal = signalName(status.Signal())
	}
	p.out <- message{exit: &e}
}

// workerLog passes a worker's stderr on to the server's log, and remembers its last words.
type workerLog struct {
	log     *slog.Logger
	secrets []string
	tail    []byte
}

func (l *workerLog) follow(stderr io.Reader) {
	lines := bufio.NewReaderSize(stderr, maxLogLine)
	for {
		line, cut, err := lines.ReadLine()
		for cut && err == nil { // the rest of a line that is too long is dropped
			_, cut, err = lines.ReadLine()
		}
		if len(line) > 0 {
			l.line(l.redact(string(line)))
		}
		if err != nil {
			return
		}
	}
}

func (l *workerLog) redact(line string) string {
	for _, secret := range l.secrets {
		if secret != "" {
			line = strings.ReplaceAll(line, secret, "***")
		}
	}
	return line
}

// line logs one line: slog's JSON as what it says, anything else as it is.
func (l *workerLog) line(line string) {
	var record map[string]any
	if json.Unmarshal([]byte(line), &record) != nil {
		l.remember(line)
		l.log.Warn("worker", "line", line)
		return
	}
	level := slog.LevelInfo
	text, _ := record["level"].(string)
	_ = level.UnmarshalText([]byte(text)) // an unknown level is info
	message, _ := record["msg"].(string)
	attrs := make([]slog.Attr, 0, len(record))
	for key, value := range record {
		if key != "level" && key != "msg" && key != "time" {
			attrs = append(attrs, slog.Any(key, value))
		}
	}
	if level >= slog.LevelWarn {
		l.remember(fmt.Sprint(message, " ", record["err"]))
	}
	l.log.LogAttrs(context.Background(), level, "worker: "+message, attrs...)
}

func (l *workerLog) remember(line string) {
	l.tail = append(append(l.tail, line...), '\n')
	if over := len(l.tail) - maxStderrTail; over > 0 {
		l.tail = append([]byte(nil), l.tail[over:]...)
	}
}

// stderrTail may be called when follow has returned.
func (l *workerLog) stderrTail() string {
	return strings.ReplaceAll(string(bytes.TrimSpace(bytes.ToValidUTF8(l.tail, nil))), "\n", "; ")
}

// secretsOf are the texts that must not leave through a worker's words.
func secretsOf(spec order.Spec) []string {
	secrets := []string{strings.TrimPrefix(spec.Ticket, order.TicketPrefix)}
	for _, o := range spec.Outputs {
		secrets = append(secrets, o.StreamKey)
		if u, err := url.Parse(o.URL); err == nil && u.User != nil {
			password, _ := u.User.Password()
			secrets = append(secrets, password, u.User.String())
		}
	}
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) }) // one may hold another
	return secrets
}
