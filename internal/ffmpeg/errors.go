package ffmpeg

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// NotFoundError says that there is no ffmpeg that could be run at Path.
type NotFoundError struct {
	Path  string
	cause error
}

func (e *NotFoundError) Error() string { return fmt.Sprintf("no ffmpeg at %q: %v", e.Path, e.cause) }

// Unwrap gives the system's error.
func (e *NotFoundError) Unwrap() error { return e.cause }

// UnresponsiveError says that the program at Path is there, and did not say what it is for that long.
type UnresponsiveError struct {
	Path  string
	After time.Duration
	cause error
}

func (e *UnresponsiveError) Error() string {
	return fmt.Sprintf("ffmpeg at %q did not answer within %s", e.Path, e.After.Round(time.Millisecond))
}

// Unwrap gives context.DeadlineExceeded.
func (e *UnresponsiveError) Unwrap() error { return e.cause }

// MissingEncoderError says that the ffmpeg at Path was built without the encoder Name.
type MissingEncoderError struct{ Path, Name string }

func (e *MissingEncoderError) Error() string {
	return fmt.Sprintf("ffmpeg at %q has no encoder %q", e.Path, e.Name)
}

// DiedError says how a child ended unasked. Signal is its name (SIGKILL is also what the kernel sends when memory runs out)
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

// StalledError says that a child took input, or should have, and gave nothing for that long. It has been killed.
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
