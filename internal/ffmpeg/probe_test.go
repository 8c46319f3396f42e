package ffmpeg_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/ffmpeg"
)

// script writes a program that notes each of its runs and then does what it says. runs returns how many there were.
func script(t *testing.T, text string) (path string, runs func() int) {
	t.Helper()
	dir := t.TempDir()
	path = filepath.Join(dir, "ffmpeg")
	syscall.ForkLock.RLock() // a child that is forked while the file is open for writing keeps it from being run (ETXTBSY)
	defer syscall.ForkLock.RUnlock()
	require.NoError(t, os.WriteFile(path, []byte(fmt.Sprintf("#!/bin/sh\necho run >> %s/runs\n%s\n", dir, text)), 0o700))
	return path, func() int {
		raw, err := os.ReadFile(filepath.Join(dir, "runs"))
		require.NoError(t, err)
		return strings.Count(string(raw), "run")
	}
}

const good = `case "$*" in
*-encoders*) echo " ------"; echo " V....D libx264 x"; echo " A....D aac x" ;;
*) echo "ffmpeg version 7.0 Copyright" ;;
esac`

// A program that hangs, or whose child does, is ended after its time, and nobody waits longer.
func TestProbeOfWhatHangs(t *testing.T) {
	for name, text := range map[string]string{
		"itself":        "exec /bin/sleep 60",
		"its child":     "/bin/sleep 60",
		"the second":    `case "$*" in *-encoders*) exec /bin/sleep 60 ;; esac; ` + good,
		"another group": "setsid /bin/sleep 14 & " + good + "; wait",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, _ := script(t, text)
			began := time.Now()
			_, err := ffmpeg.Probe(t.Context(), path)
			var hangs *ffmpeg.UnresponsiveError
			require.ErrorAs(t, err, &hangs)
			require.Equal(t, path, hangs.Path)
			require.Equal(t, ffmpeg.ProbeTimeout, hangs.After)
			require.Less(t, time.Since(began), 13*time.Second)
			require.Contains(t, err.Error(), "did not answer within 10s")
		})
	}
}

// Who has less patience goes earlier, and is told the same; who goes away is told nothing of the program.
func TestProbeEndsWithItsContext(t *testing.T) {
	path, runs := script(t, "exec /bin/sleep 60")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := ffmpeg.Probe(ctx, path)
	var hangs *ffmpeg.UnresponsiveError
	require.ErrorAs(t, err, &hangs)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.InDelta(t, 100*time.Millisecond, hangs.After, float64(500*time.Millisecond))

	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err = ffmpeg.Probe(gone, path)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorAs(t, err, &hangs)
	_, err = ffmpeg.Probe(t.Context(), path)
	require.ErrorAs(t, err, &hangs)
	require.Equal(t, 1, runs(), "all of them asked one child")
}

// However many want to know at once, one child is asked; a good answer is remembered, a failure is not.
func TestProbesShareOneChild(t *testing.T) {
	dir := t.TempDir()
	path, runs := script(t, fmt.Sprintf("while [ ! -e %s/go ]; do /bin/sleep 0.02; done\n%s", dir, good))
	var waiting sync.WaitGroup
	results := make(chan *ffmpeg.Build, 20)
	for range 20 {
		waiting.Go(func() {
			build, err := ffmpeg.Probe(context.WithoutCancel(t.Context()), path)
			if err != nil {
				t.Error(err)
			}
			results <- build
		})
	}
	require.Eventually(
		t,
		func() bool { _, err := os.Stat(filepath.Join(filepath.Dir(path), "runs")); return err == nil },
		5*time.Second,
		time.Millisecond,
	)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go"), nil, 0o600))
	waiting.Wait()
	close(results)
	first := <-results
	require.Equal(t, "7.0", first.Version)
	require.NoError(t, first.Require("libx264", "aac"))
	for build := range results {
		require.Same(t, first, build)
	}
	require.Equal(t, 2, runs(), "for the version, and for the encoders")

	path, runs = script(t, "exit 1")
	var unusable *ffmpeg.UnusableError
	for n := range 2 {
		_, err := ffmpeg.Probe(t.Context(), path)
		require.ErrorAs(t, err, &unusable)
		require.Equal(t, n+1, runs())
	}
}

func TestProbeOfWhatSaysTooMuch(t *testing.T) {
	path, _ := script(t, "exec /bin/cat /dev/zero")
	began := time.Now()
	_, err := ffmpeg.Probe(t.Context(), path)
	var unusable *ffmpeg.UnusableError
	require.ErrorAs(t, err, &unusable)
	require.Less(t, time.Since(began), 5*time.Second)
}

// What is not there, what cannot be run and what is too old are three things, and the second says why.
func TestProbeSaysWhatIsWrong(t *testing.T) {
	var missing *ffmpeg.NotFoundError
	_, err := ffmpeg.Probe(t.Context(), filepath.Join(t.TempDir(), "ffmpeg"))
	require.ErrorAs(t, err, &missing)
	_, err = ffmpeg.Probe(t.Context(), "no-such-program")
	require.ErrorAs(t, err, &missing)
	_, err = ffmpeg.Start("no-such-program", 1)
	require.ErrorAs(t, err, &missing)

	write := func(mode os.FileMode, text string) string {
		path := filepath.Join(t.TempDir(), "ffmpeg")
		syscall.ForkLock.RLock()
		defer syscall.ForkLock.RUnlock()
		require.NoError(t, os.WriteFile(path, []byte(text), mode))
		return path
	}
	libraries, _ := script(
		t,
		"echo 'ffmpeg: error while loading shared libraries: libavdevice.so.59: cannot open' >&2; exit 127",
	)
	another, _ := script(t, "echo hello")
	for name, c := range map[string]struct{ path, says string }{
		"not executable": {write(0o600, "x"), "permission denied"},
		"architecture":   {write(0o700, "\x7fELF\x02\x01\x01 for another machine"), "exec format error"},
		"interpreter":    {write(0o700, "#!/no/such/interpreter\n"), "loader or interpreter is missing"},
		"libraries":      {libraries, "libavdevice.so.59"},
		"another":        {another, `"hello"`},
		"directory":      {t.TempDir(), "directory"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ffmpeg.Probe(t.Context(), c.path)
			var unusable *ffmpeg.UnusableError
			require.ErrorAs(t, err, &unusable)
			require.Equal(t, c.path, unusable.Path)
			require.Contains(t, unusable.Problem, c.says)
			if name == "not executable" || name == "architecture" || name == "interpreter" {
				_, err = ffmpeg.Start(c.path, 1)
				require.ErrorAs(t, err, &unusable)
				require.Contains(t, unusable.Problem, c.says)
			}
		})
	}
	dir := filepath.Dir(write(0o600, "x"))
	t.Setenv("PATH", dir)
	_, err = ffmpeg.Probe(t.Context(), "ffmpeg")
	var unusable *ffmpeg.UnusableError
	require.ErrorAs(t, err, &unusable)
	require.Equal(t, filepath.Join(dir, "ffmpeg"), unusable.Path)

	for version, old := range map[string]bool{
		"4.4.2-0ubuntu0.22.04.1": true, "n5.0.3": true, "5.0": true, "5.1.9-0+deb12u1": false, "5.10": false,
		"n7.1": false, "N-118000-g1234567": false,
		"2025-01-01-git-abc": false,
	} {
		path, _ := script(t, strings.ReplaceAll(good, "7.0", version))
		_, err := ffmpeg.Probe(t.Context(), path)
		var tooOld *ffmpeg.TooOldError
		require.Equal(t, old, errors.As(err, &tooOld), "%s: %v", version, err)
		if old {
			require.Equal(t, ffmpeg.TooOldError{Path: path, Version: version, Needed: "5.1"}, *tooOld)
		}
	}
}
