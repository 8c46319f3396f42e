package ffmpeg

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Build is what an ffmpeg program can do.
type Build struct {
	Path     string   `json:"path"` // as found
	Version  string   `json:"version"`
	Encoders []string `json:"encoders"`
}

// Require fails with *MissingEncoderError for the first encoder the program lacks.
func (b *Build) Require(encoders ...string) error {
	for _, name := range encoders {
		if !slices.Contains(b.Encoders, name) {
			return &MissingEncoderError{Path: b.Path, Name: name}
		}
	}
	return nil
}

// ProbeTimeout is how long a program may take to say what it is. A good one needs a tenth of a second, and some seconds
// on a machine whose processors have far more to do than they can.
const ProbeTimeout = 10 * time.Second

var builds = struct {
	mu     sync.Mutex // guards everything below
	byPath map[string]*Build
	asked  map[string]*pendingProbe
}{byPath: map[string]*Build{}, asked: map[string]*pendingProbe{}}

// pendingProbe is a program that is being asked, for everybody who wants to know: one child at a time for each path.
// Its goroutine ends with the child, which is killed after ProbeTimeout; done is closed by then at the latest.
type pendingProbe struct {
	done  chan struct{} // closed when what follows is valid
	once  sync.Once
	build *Build
	err   error
}

func (q *pendingProbe) judge(build *Build, err error) {
	q.once.Do(func() {
		q.build, q.err = build, err
		close(q.done)
	})
}

// Probe asks the program at path for its version and encoders, once per path for the life of this process; a failure is
// not remembered. It fails with *NotFoundError when it is not there, with *UnusableError when it cannot be run, with
// *TooOldError, with *UnresponsiveError when it has not answered within ProbeTimeout or by the deadline of ctx, and
// with context.Canceled when ctx is.
func Probe(ctx context.Context, path string) (*Build, error) {
	found, err := find(path)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	known, asked := startProbe(found)
	if known != nil {
		return known, nil
	}
	select {
	case <-asked.done:
		return asked.build, asked.err
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, &UnresponsiveError{Path: found, After: time.Since(began), cause: ctx.Err()}
		}
		return nil, fmt.Errorf("probe %s: %w", found, ctx.Err())
	}
}

// Known returns what an earlier Probe of the program at path found out; nil: nothing.
func Known(path string) *Build {
	found, err := find(path)
	if err != nil {
		return nil
	}
	builds.mu.Lock()
	defer builds.mu.Unlock()
	return builds.byPath[found]
}

// Remember has Probe answer with what another process has found out, instead of asking again.
func Remember(known *Build) {
	builds.mu.Lock()
	defer builds.mu.Unlock()
	builds.byPath[known.Path] = known
}

// startProbe returns what is known of a program, or who is asking it.
func startProbe(path string) (*Build, *pendingProbe) {
	builds.mu.Lock()
	defer builds.mu.Unlock()
	if known := builds.byPath[path]; known != nil {
		return known, nil
	}
	q := builds.asked[path]
	if q == nil {
		q = &pendingProbe{done: make(chan struct{})}
		builds.asked[path] = q
		go q.run(path)
	}
	return nil, q
}

func (q *pendingProbe) run(path string) {
	// The kernel's promise to kill the child with this process is bound to the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	ctx, cancel := context.WithTimeout(context.Background(), ProbeTimeout)
	defer cancel()
	// A child that hangs in the kernel, on a disk that does not answer, outlives even its death: nobody waits for it.
	stop := context.AfterFunc(
		ctx,
		func() { q.judge(nil, &UnresponsiveError{Path: path, After: ProbeTimeout, cause: ctx.Err()}) },
	)
	build, err := examine(ctx, path)
	stop()
	if ctx.Err() != nil { // too late; the child may have ended for that before the function above ran
		err = &UnresponsiveError{Path: path, After: ProbeTimeout, cause: ctx.Err()}
	}
	builds.mu.Lock()
	if err == nil {
		builds.byPath[path] = build
	}
	delete(builds.asked, path)
	builds.mu.Unlock()
	q.judge(build, err)
}

func examine(ctx context.Context, path string) (*Build, error) {
	version, err := ask(ctx, path, "-version")
	if err != nil {
		return nil, err
	}
	first, _, _ := strings.Cut(string(version), "\n")
	fields := strings.Fields(first) // ffmpeg version 5.1.9-0+deb12u1 Copyright ...
	if len(fields) < 3 || fields[0] != "ffmpeg" {
		return nil, &UnusableError{Path: path, Problem: fmt.Sprintf("the program there is not ffmpeg; it says %.60q", first)}
	}
	if isOlder(fields[2]) {
		return nil, &TooOldError{Path: path, Version: fields[2], Needed: oldest}
	}
	list, err := ask(ctx, path, "-encoders")
	if err != nil {
		return nil, err
	}
	return &Build{Path: path, Version: fields[2], Encoders: encoders(list)}, nil
}

// oldest is the first version with -ch_layout, which the encoder is told.
const oldest = "5.1"

var numbers = regexp.MustCompile(`^n?(\d{1,3})\.(\d{1,3})`)

// isOlder reports whether a version is before oldest. Builds that are named after a commit or a day are taken for new
// ones.
func isOlder(version string) bool {
	found := numbers.FindStringSubmatch(version)
	if found == nil {
		return false
	}
	major, _ := strconv.Atoi(found[1]) // digits
	minor, _ := strconv.Atoi(found[2])
	return major < 5 || major == 5 && minor < 1
}

// maxAnswer bounds what a program may say; ffmpeg says some 20 kB.
const maxAnswer = 1 << 20

func ask(ctx context.Context, path, question string) ([]byte, error) {
	var out answer
	cmd := exec.CommandContext(ctx, path, "-hide_banner", question)
	var words lastWords
	cmd.Stdout, cmd.Stderr = &out, &words
	cmd.SysProcAttr = attributes()
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	cmd.WaitDelay = time.Second // for what has left the group and holds the pipe
	if err := cmd.Run(); err != nil {
		return nil, startError(path, err, words.String())
	}
	return out.said, nil
}

// answer keeps what a program says, and ends one that does not stop.
type answer struct{ said []byte }

func (a *answer) Write(p []byte) (int, error) {
	if len(a.said)+len(p) > maxAnswer {
		return 0, fmt.Errorf("it says more than %d bytes", maxAnswer)
	}
	a.said = append(a.said, p...)
	return len(p), nil
}

// encoders reads the list that `ffmpeg -encoders` prints: " V....D libx264   libx264 H.264 / ..." after a line of
// dashes.
func encoders(list []byte) (names []string) {
	lines := bufio.NewScanner(bytes.NewReader(list))
	for body := false; lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 1 && strings.Trim(fields[0], "-") == "":
			body = true
		case body && len(fields) >= 2:
			names = append(names, fields[1])
		}
	}
	return names
}
