// Package ffmpeg starts the ffmpeg program as a child process and reports why it cannot run, or why it ended. It owns
// the child's process group, its pipes and the goroutine that waits for it. The decoder, the encoder and the track
// recordings of egress run their children through it. Media goes in and out through pipes only: no shell, no URL, no
// user text in arguments.
package ffmpeg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/klatch/klatch/internal/sandbox"
)

// Process is a running child. Its pipes are the owner's to use, from any goroutine; Kill and Close may be called at any
// time.
type Process struct {
	// In are the pipes the child reads from; it knows them by Pipe(0), Pipe(1) and so on.
	In []*os.File
	// Out is what the child writes to its standard output; Beside what it writes to Pipe(len(In)), nil unless asked for.
	Out, Beside *os.File

	cmd      *exec.Cmd
	cpu      time.Duration // it may take; 0: as much as it needs
	readOnly bool          // it may open no file for writing
	words    *lastWords
	done     chan struct{}
	err      error // valid when done is closed
}

// Pipe is how the child names its i-th input, and the output beside.
func Pipe(i int) string {
	if i > 0 {
		i += 2 // 1 and 2 are its standard output and error
	}
	return fmt.Sprintf("pipe:%d", i)
}

// pipeSize is asked of the kernel for every pipe, so that a picture is not handed over in pieces of 64 KiB.
const pipeSize = 1 << 20

// Start runs the program at path with so many inputs. It fails with *NotFoundError or *UnusableError. The child
// leads a process group of its own and is killed by the kernel when this process ends, however it ends.
//
// Its processor time is not bounded: it runs for as long as the meeting sends, and at the speed at which it sends. Its
// owner ends one that makes nothing of its input.
func Start(path string, inputs int, args ...string) (*Process, error) {
	return start(path, inputs, false, true, 0, args)
}

// StartReader is Start of a child that reads files, which its arguments name, beside its inputs, and has a bounded
// piece of work as that of StartBounded. It cannot write any: what it reads may come from strangers.
func StartReader(path string, inputs int, cpu time.Duration, args ...string) (*Process, error) {
	return start(path, inputs, false, true, cpu, args)
}

// StartBeside is Start of a child that writes to Beside too.
func StartBeside(path string, inputs int, args ...string) (*Process, error) {
	return start(path, inputs, true, true, 0, args)
}

// StartBounded is Start of a child that has a bounded piece of work: the kernel ends it (SIGXCPU, SIGKILL) when it has
// taken more than that much processor time, whatever becomes of its owner. It is for media that this server made
// itself: the child may write files, as a script around ffmpeg does that keeps a log.
func StartBounded(path string, inputs int, cpu time.Duration, args ...string) (*Process, error) {
	return start(path, inputs, false, false, cpu, args)
}

func start(path string, inputs int, beside, readOnly bool, cpu time.Duration, args []string) (*Process, error) {
	found, err := find(path)
	if err != nil {
		return nil, err
	}
	p := &Process{
		cmd:      exec.Command(found, append([]string{"-hide_banner", "-nostats", "-loglevel", "error"}, args...)...),
		words:    new(lastWords),
		done:     make(chan struct{}),
		cpu:      cpu,
		readOnly: readOnly,
	}
	p.cmd.Env = []string{"LC_ALL=C", "AV_LOG_FORCE_NOCOLOR=1"}
	p.cmd.Stderr = p.words
	p.cmd.SysProcAttr = attributes()

	var theirs []*os.File
	// pipe returns our end of a new one, and the child the other.
	pipe := func(in bool) (*os.File, error) {
		r, w, err := os.Pipe()
		if err != nil {
			return nil, fmt.Errorf("pipe for ffmpeg: %w", err)
		}
		ours, its := r, w
		if in {
			ours, its = w, r
		}
		theirs = append(theirs, its)
		switch {
		case in && p.cmd.Stdin == nil:
			p.cmd.Stdin = its
		case !in && p.cmd.Stdout == nil:
			p.cmd.Stdout = its
		default:
			p.cmd.ExtraFiles = append(p.cmd.ExtraFiles, its)
		}
		return ours, nil
	}
	for range inputs {
		var in *os.File
		if in, err = pipe(true); err != nil {
			break
		}
		enlarge(in)
		p.In = append(p.In, in)
	}
	if err == nil {
		if p.Out, err = pipe(false); err == nil {
			enlarge(p.Out)
		}
	}
	if err == nil && beside {
		p.Beside, err = pipe(false)
	}
	if err != nil {
		closeAll(append(theirs, p.pipes()...))
		return nil, err
	}

	started := make(chan error)
	go p.run(started)
	err = <-started
	closeAll(theirs)
	if err != nil {
		closeAll(p.pipes())
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ENOEXEC) {
			return nil, startError(found, err, "")
		}
		return nil, fmt.Errorf("start ffmpeg: %w", err)
	}
	return p, nil
}

// Bounds of a child: ffmpeg has a handful of files open, and one that decodes what a stranger sent takes some 300 MB of
// addresses.
const (
	mostFiles     = 64
	mostAddresses = 2 << 30
)

// run starts the child and waits for its end on one thread: the kernel's promise to kill the child is bound to the
// thread that started it, so this one must stay as long as the child does.
func (p *Process) run(started chan<- error) {
	runtime.LockOSThread() // and not unlocked: the thread has given up rights, and ends with this goroutine
	sandbox.DropPrivileges()
	_ = sandbox.DenySyscalls(!p.readOnly) // a kernel without seccomp: the other bounds hold
	if err := p.cmd.Start(); err != nil {
		started <- err
		return
	}
	limits := sandbox.Limits{Files: mostFiles, CPU: p.cpu}
	if p.Beside != nil || p.readOnly && p.cpu > 0 {
		limits.Addresses = mostAddresses
	}
	sandbox.Limit(p.cmd.Process.Pid, limits)
	started <- nil
	err := p.cmd.Wait()
	if state := p.cmd.ProcessState; state != nil && !state.Success() {
		died := &DiedError{Exit: state.ExitCode(), LastWords: p.words.String()}
		if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			died.Signal = signalName(status.Signal())
		}
		p.err = died
	} else if err != nil {
		p.err = fmt.Errorf("wait for ffmpeg: %w", err)
	}
	close(p.done)
}

// PID is the child's process id, which is the id of its group too.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the child has ended and has been waited for.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err is how the child ended, once Done is closed: nil for exit code 0, or a *DiedError.
func (p *Process) Err() error { return p.err }

// Kill ends the whole process group at once. It does not wait.
func (p *Process) Kill() {
	select {
	case <-p.done: // its id may belong to somebody else by now
	default:
		_ = killGroup(p.cmd.Process)
	}
}

// Close kills the child if it still runs, waits for it and closes the pipes.
func (p *Process) Close() {
	p.Kill()
	<-p.done
	closeAll(p.pipes())
}

// pipes are our ends.
func (p *Process) pipes() (list []*os.File) {
	list = append(list, p.In...)
	for _, f := range []*os.File{p.Out, p.Beside} {
		if f != nil {
			list = append(list, f)
		}
	}
	return list
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// LastWords is what the child last complained about, without anything secret.
func (p *Process) LastWords() string { return p.words.String() }

// lastWords keeps the end of what the child writes to its standard error. *mutex*
type lastWords struct {
	mu   sync.Mutex // guards everything below
	text []byte
}

const maxLastWords = 600

func (w *lastWords) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, b...)
	if over := len(w.text) - maxLastWords; over > 0 {
		w.text = append(w.text[:0], w.text[over:]...)
	}
	return len(b), nil
}

func (w *lastWords) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return redact(string(w.text))
}
