package ffmpeg

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
)

// Build is what an ffmpeg program can do.
type Build struct {
	Path     string // as found
	Version  string
	encoders map[string]bool
}

// Require fails with *MissingEncoderError for the first encoder the program lacks.
func (b *Build) Require(encoders ...string) error {
	for _, name := range encoders {
		if !b.encoders[name] {
			return &MissingEncoderError{Path: b.Path, Name: name}
		}
	}
	return nil
}

var builds struct {
	mu     sync.Mutex // guards everything below
	byPath map[string]*Build
}

// Probe asks the program at path for its version and encoders, once per path for the life of this process; a failure is not
// remembered. It fails with *NotFoundError when it cannot be run.
func Probe(ctx context.Context, path string) (*Build, error) {
	found, err := exec.LookPath(path)
	if err != nil {
		return nil, &NotFoundError{Path: path, cause: err}
	}
	builds.mu.Lock()
	known := builds.byPath[found]
	builds.mu.Unlock()
	if known != nil {
		return known, nil
	}

	version, err := ask(ctx, found, "-version")
	if err != nil {
		return nil, err
	}
	first, _, _ := strings.Cut(string(version), "\n")
	fields := strings.Fields(first) // ffmpeg version 5.1.9-0+deb12u1 Copyright ...
	if len(fields) < 3 || fields[0] != "ffmpeg" {
		return nil, &NotFoundError{Path: found, cause: errors.New("the program there is not ffmpeg")}
	}
	list, err := ask(ctx, found, "-encoders")
	if err != nil {
		return nil, err
	}
	b := &Build{Path: found, Version: fields[2], encoders: encoders(list)}

	builds.mu.Lock()
	defer builds.mu.Unlock()
	if builds.byPath == nil {
		builds.byPath = make(map[string]*Build)
	}
	builds.byPath[found] = b
	return b, nil
}

func ask(ctx context.Context, path, question string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, path, "-hide_banner", question)
	cmd.SysProcAttr = attributes()
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("ffmpeg %s: %w", question, ctx.Err())
	}
	if err != nil {
		return nil, &NotFoundError{Path: path, cause: err}
	}
	return out, nil
}

// encoders reads the list that `ffmpeg -encoders` prints: " V....D libx264   libx264 H.264 / ..." after a line of dashes.
func encoders(list []byte) map[string]bool {
	names := make(map[string]bool)
	lines := bufio.NewScanner(bytes.NewReader(list))
	for body := false; lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 1 && strings.Trim(fields[0], "-") == "":
			body = true
		case body && len(fields) >= 2:
			names[fields[1]] = true
		}
	}
	return names
}
