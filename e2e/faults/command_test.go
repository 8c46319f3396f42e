package faults

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/e2e/house"
	"github.com/klatch/klatch/fault"
)

// binary builds klatch once for all scenarios.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "klatch-faults")
	if err != nil {
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "klatch")
	out, err := exec.Command("go", "build", "-o", path, "github.com/klatch/klatch/cmd/klatch").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

var built string // the directory that binary made; TestMain removes it

// serveFails runs `klatch serve` with a configuration that cannot work: it must end with exit code 1 and the fault as
// a JSON line.
func (t *T) serveFails(config string, env ...string) *fault.Error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "klatch.yaml")
	require.NoError(t, os.WriteFile(path, []byte(config), 0o600))
	return t.serveFailsWith(path, env...)
}

func (t *T) serveFailsWith(path string, env ...string) *fault.Error {
	t.Helper()
	klatch, err := binary()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), house.Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, klatch, "serve", "--json", "--config", path)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "it started: %s", out.String())
	require.Equal(t, 1, exit.ExitCode(), out.String())
	f := faultLine(t, out.Bytes())
	t.check(f)
	return f
}

// faultLine finds {"event":"error","data":{fault}} among the lines of a command.
func faultLine(t testing.TB, out []byte) *fault.Error {
	return findFault(t, out, func(*fault.Error) bool { return true })
}

// faultOf finds the first of that reason.
func faultOf(t testing.TB, out []byte, e fault.Entry) *fault.Error {
	return findFault(t, out, func(f *fault.Error) bool { return f.Code == e.Code && f.Reason == e.Reason })
}

func findFault(t testing.TB, out []byte, wanted func(*fault.Error) bool) *fault.Error {
	t.Helper()
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Event string       `json:"event"`
			Data  *fault.Error `json:"data"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err == nil && line.Event == "error" && wanted(line.Data) {
			return line.Data
		}
	}
	t.Fatalf("no such error line in %s", out)
	return nil
}

// loopback is a configuration on free ports, with more lines added.
func loopback(more string) string {
	return "http:\n  address: 127.0.0.1:0\nmedia:\n  udpAddress: 127.0.0.1:0\n  tcpAddress: 127.0.0.1:0\n" + more
}

var commandScenarios = scenarios{
	"5104.UNREADABLE": func(t *T) { t.serveFailsWith(filepath.Join(t.TempDir(), "nosuch.yaml")) },
	"5104.SYNTAX": func(t *T) {
		f := t.serveFails("http:\n  address: [127.0.0.1:0\n")
		require.Positive(t, f.Details["line"])
	},
	"5104.UNKNOWN_SETTING": func(t *T) {
		f := t.serveFails(loopback("meeting:\n  lobbyTimout: 1m\n"))
		require.Contains(t, f.Detail, "meeting.lobbyTimeout")
		t.serveFails(loopback(""), "KLATCH_HTTP_ADRESS=127.0.0.1:0")
	},
	"5104.BAD_VALUE": func(t *T) {
		t.serveFails(loopback("meeting:\n  lobbyTimeout: soon\n"))
		f := t.serveFails(loopback("admin:\n  token: short-secret\n"))
		require.NotContains(t, f.Detail, "short-secret")
	},
	"5105.ADDRESS_IN_USE": func(t *T) {
		taken, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer func() { _ = taken.Close() }() // nothing was written to it
		t.serveFails("http:\n  address: " + taken.Addr().String() + "\nmedia:\n  udpAddress: 127.0.0.1:0\n  tcpAddress: 127.0.0.1:0\n")
		t.serveFails("http:\n  address: 127.0.0.1:0\nmedia:\n  udpAddress: 127.0.0.1:0\n  tcpAddress: " + taken.Addr().String() + "\n")
	},
	"5105.ADDRESS_UNUSABLE": func(t *T) {
		t.serveFails("http:\n  address: 192.0.2.1:4000\nmedia:\n  udpAddress: 127.0.0.1:0\n  tcpAddress: 127.0.0.1:0\n")
	},
	"5105.DATA_DIR": func(t *T) {
		file := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(file, nil, 0o600))
		t.serveFails(loopback("data:\n  dir: " + filepath.Join(file, "data") + "\n"))
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "admin-token"), []byte("hunter2\n"), 0o600))
		t.serveFails(loopback("data:\n  dir: " + dir + "\n"))
	},
	"5105.DATABASE": func(t *T) {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "klatch.db"), bytes.Repeat([]byte("no database "), 1000), 0o600))
		t.serveFails(loopback("data:\n  dir: " + dir + "\n"))
	},
	"5105.SECRET_KEY": func(t *T) {
		dir := t.TempDir()
		t.serveOnce(dir)
		key := filepath.Join(dir, "secret-key")
		raw, err := os.ReadFile(key)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(key, raw[:len(raw)/2], 0o600)) // restored badly
		t.serveFails(loopback("data:\n  dir: " + dir + "\n"))
	},
}

// serveOnce runs a server until it is ready, and stops it: its data directory is then complete.
func (t *T) serveOnce(dir string) {
	t.Helper()
	klatch, err := binary()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "klatch.yaml")
	require.NoError(t, os.WriteFile(path, []byte(loopback("data:\n  dir: "+dir+"\n")), 0o600))
	cmd := exec.CommandContext(t.Context(), klatch, "serve", "--config", path)
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(dir, "admin-token"))
		return err == nil
	}, house.Patience, 20*time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	_ = cmd.Wait() // interrupted before or after it was ready
}
