package ffmpeg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// NotFoundError reports that there is no file at Path.
type NotFoundError struct {
	Path  string
	cause error
}

func (e *NotFoundError) Error() string { return fmt.Sprintf("no ffmpeg at %q: %v", e.Path, e.cause) }

// Unwrap returns the system's error.
func (e *NotFoundError) Unwrap() error { return e.cause }

// UnusableError reports that the file at Path is there and cannot be run, or is no ffmpeg. Problem is what the system or the
// program says of that.
type UnusableError struct {
	Path, Problem string
	cause         error
}

func (e *UnusableError) Error() string {
	return fmt.Sprintf("%s cannot be run as ffmpeg: %s", e.Path, e.Problem)
}

// Unwrap returns the system's error; nil when the program itself said so.
func (e *UnusableError) Unwrap() error { return e.cause }

// TooOldError reports that the ffmpeg at Path lacks what came with Needed.
type TooOldError struct{ Path, Version, Needed string }

func (e *TooOldError) Error() string {
	return fmt.Sprintf("ffmpeg at %q is %s; %s is needed", e.Path, e.Version, e.Needed)
}

// startError judges why the program at path was not found, or did not run.
func startError(path string, err error, words string) error {
	exit, exited := errors.AsType[*exec.ExitError](err)
	problem := ""
	switch {
	case exited && words != "":
		problem = fmt.Sprintf("it ended with exit code %d: %s", exit.ExitCode(), words)
	case exited:
		problem = fmt.Sprintf("it ended with %s and said nothing", exit)
	case errors.Is(err, syscall.ENOEXEC):
		problem = "it is no program for this machine (exec format error): another architecture, or no program at all"
	case errors.Is(err, fs.ErrPermission):
		problem = "it may not be executed (permission denied): its mode, its directories or a mount with noexec"
		if info, asked := os.Stat(path); asked == nil && info.IsDir() {
			problem = "it is a directory"
		}
	case errors.Is(err, fs.ErrNotExist):
		if _, asked := os.Stat(path); asked != nil {
			return &NotFoundError{Path: path, cause: err}
		}
		problem = "its loader or interpreter is missing (no such file or directory): it was built for another system"
	default:
		problem = err.Error()
	}
	return &UnusableError{Path: path, Problem: problem, cause: err}
}

// find is exec.LookPath that tells a file which may not be executed from none.
func find(path string) (string, error) {
	found, err := exec.LookPath(path)
	if err == nil {
		return found, nil
	}
	if strings.ContainsRune(path, os.PathSeparator) {
		return "", startError(path, err, "")
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if info, asked := os.Stat(filepath.Join(dir, path)); asked == nil && info.Mode().IsRegular() {
			return "", startError(filepath.Join(dir, path), fs.ErrPermission, "")
		}
	}
	return "", &NotFoundError{Path: path, cause: err}
}

// UnresponsiveError reports that the program at Path is there, and did not say what it is for that long.
type UnresponsiveError struct {
	Path  string
	After time.Duration
	cause error
}

func (e *UnresponsiveError) Error() string {
	return fmt.Sprintf("ffmpeg at %q did not answer within %s", e.Path, e.After.Round(time.Millisecond))
}

// Unwrap returns context.DeadlineExceeded.
func (e *UnresponsiveError) Unwrap() error { return e.cause }

// MissingEncoderError reports that the ffmpeg at Path was built without the encoder Name.
type MissingEncoderError struct{ Path, Name string }

func (e *MissingEncoderError) Error() string {
	return fmt.Sprintf("ffmpeg at %q has no encoder %q", e.Path, e.Name)
}

// DiedError reports how a child ended that was not asked to. Signal is its name (SIGKILL is also what the kernel sends when memory runs out)
// or empty; Exit is the exit code, or -1 after a signal. LastWords is the end of its standard error, redacted.
type DiedError struct {
	Signal    string
	Exit      int
	LastWords string
}

func (e *DiedError) Error() string {
	how := fmt.Sprintf("exit code %d", e.Exit)
	if e.Signal != "" {
		how = e.Signal
	}
	if e.LastWords == "" {
		return "ffmpeg died: " + how
	}
	return fmt.Sprintf("ffmpeg died: %s: %s", how, e.LastWords)
}

// StalledError reports that a child took input, or should have, and gave nothing for that long. It has been killed.
type StalledError struct {
	After     time.Duration
	LastWords string
}

func (e *StalledError) Error() string {
	return fmt.Sprintf("ffmpeg gave no output for %s", e.After)
}

var (
	urls  = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*)://[^\s'"]+`)
	where = regexp.MustCompile(` @ 0x[0-9a-f]+`)
)

// redact makes one line of the child's complaints, without URLs, since those carry stream keys, and without addresses.
func redact(text string) string {
	text = urls.ReplaceAllString(text, "$1://[redacted]")
	text = where.ReplaceAllString(text, "")
	text = strings.ToValidUTF8(text, "")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' }), "; ")
}
