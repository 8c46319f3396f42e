package faults

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
)

// binary returns the klatch program: the one that TEST_PROGRAM names, else one that is built once for all scenarios.
var binary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("TEST_PROGRAM"); path != "" {
		return path, nil
	}
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
	return t.serveFailsAfter(testserver.Timeout, path, func() {}, env...)
}

// serveFailsAfter is serveFailsWith for a server that fails because of what happens while it runs.
func (t *T) serveFailsAfter(timeout time.Duration, path string, act func(), env ...string) *fault.Error {
	t.Helper()
	klatch, err := binary()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	cmd := testprocess.CommandContext(ctx, klatch, "serve", "--json", "--config", path)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Start())
	act()
	err = cmd.Wait()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "it started: %s", out.String())
	require.Equal(t, 1, exit.ExitCode(), out.String())
	f := faultLine(t, out.Bytes())
	testserver.DeliveriesIn(t).PrintedByCommand(f.ID)
	t.check(f)
	return f
}

// commandFails runs a command that must end with this scenario's fault.
func (t *T) commandFails(args ...string) {
	t.Helper()
	klatch, err := binary()
	require.NoError(t, err)
	cmd := testprocess.CommandContext(t.Context(), klatch, append(args, "--json")...)
	out, err := cmd.CombinedOutput()
	require.Error(t, err, "it succeeded: %s", out)
	f := faultLine(t, out)
	t.withoutServer = append(t.withoutServer, f.ID)
	testserver.DeliveriesIn(t).Answered(f.ID)
	t.check(f)
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
		f = t.serveFails(loopback("  publicIps: [203.0.113.7, '2001:db8::1']\n")) // listens on 127.0.0.1
		require.Contains(t, f.Detail, "2001:db8::1")
		require.Contains(t, f.Detail, "127.0.0.1")
		t.serveFails(loopback("  publicIps: 0.0.0.0\n"))
	},
	"5104.NEEDS_SETTING": func(t *T) { t.serveFails(loopback(""), "KLATCH_HTTP_CERT_FILE=cert.pem") },
	"5104.EXCLUSIVE_SETTINGS": func(t *T) {
		t.serveFails(loopback(""), "KLATCH_HTTP_CERT_FILE=cert.pem", "KLATCH_HTTP_ACME=meet.example.com")
	},
	"3073.CREDENTIAL_MISSING": func(t *T) { t.commandFails("token", "--api-key", "key") },
	"3073.SECRET_AS_KEY":      func(t *T) { t.commandFails("token", "--api-key", strings.Repeat("0123456789abcdef", 4)) },
	"5105.ADDRESS_IN_USE": func(t *T) {
		taken, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer func() { _ = taken.Close() }() // nothing was written to it
		t.serveFails("http:\n  address: " + taken.Addr().String() +
			"\nmedia:\n  udpAddress: 127.0.0.1:0\n  tcpAddress: 127.0.0.1:0\n")
		t.serveFails("http:\n  address: 127.0.0.1:0\nmedia:\n  udpAddress: 127.0.0.1:0\n  tcpAddress: " +
			taken.Addr().String() + "\n")
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
		if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_RDONLY, ""); err == nil { // where it is permitted
			f := t.serveFails(loopback("data:\n  dir: " + dir + "\n"))
			require.NoError(t, unix.Unmount(dir, unix.MNT_DETACH))
			require.Contains(t, f.Detail, "read-only file system")
		}
	},
	"5105.DATABASE": func(t *T) {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "klatch.db"), bytes.Repeat([]byte("no database "), 1000), 0o600))
		t.serveFails(loopback("data:\n  dir: " + dir + "\n"))
	},
	"5105.DATABASE_IN_USE": func(t *T) {
		holder := spawn(t)
		f := t.serveFails(loopback("data:\n  dir: " + holder.Dir + "\ndatabase:\n  lockWait: 1s\n"))
		require.GreaterOrEqual(t, f.Details["waitedMs"], 1000.0)

		url := newPostgres(t)
		holder.Close(t)
		holder = spawn(t, "database.url", url)
		account := holder.Account(t, nil)
		meeting := account.Meeting(t, nil)
		ann, joined := holder.Join(t, testserver.JoinParams(account.Token(t), meeting, "ann"))
		f = t.serveFails(loopback("database:\n  lockWait: 0s\n"), "KLATCH_DATABASE_URL="+url)
		require.Contains(t, f.Detail, fmt.Sprintf("pid %d", holder.PID()))
		ann.Do(t, "ping", map[string]any{})
		status, answer := holder.REST(t, account.Token(t), "GET", "/v2/sessions/"+joined.SessionID, nil)
		require.Equal(t, 200, status)
		require.Contains(t, string(answer), `"status":"ongoing"`, "the session of the first server goes on")

		// A restart that overlaps: the next server waits until the first has stopped.
		dir := t.TempDir()
		key, err := os.ReadFile(filepath.Join(holder.Dir, "secret-key"))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "secret-key"), key, 0o600))
		log := t.serves(dir, "KLATCH_DATABASE_URL="+url)
		waits := func() bool { return bytes.Contains(log(), []byte("waiting for the database")) }
		require.Eventually(t, waits, testserver.Timeout, 20*time.Millisecond)
		holder.Close(t)
		require.Eventually(t, func() bool {
			return bytes.Contains(log(), []byte(`"msg":"started"`))
		}, testserver.Timeout, 20*time.Millisecond, "%s", log())
	},
	"5105.DATABASE_NOT_SHARED": func(t *T) {
		url := newPostgres(t)
		nodes, err := store.OpenWith(t.Context(), store.Options{
			URL: url, SecretKey: make([]byte, store.SecretKeySize), Cluster: true,
		})
		require.NoError(t, err)
		defer nodes.Close()
		f := t.serveFails(loopback("database:\n  lockWait: 0s\n"), "KLATCH_DATABASE_URL="+url)
		require.Equal(t, "a node of a cluster", f.Details["other"])
		require.Contains(t, f.Remedy, "cluster.address")
	},
	"5105.DATABASE_LOST": func(t *T) {
		url := newPostgres(t)
		path := filepath.Join(t.TempDir(), "klatch.yaml")
		require.NoError(t, os.WriteFile(path, []byte(loopback("")), 0o600))
		f := t.serveFailsAfter(2*testserver.Timeout, path, func() {
			db := connect(t, url)
			require.Eventually(t, func() bool { // another server comes and goes while the connection is dead
				changed, err := db.ExecContext(t.Context(), "UPDATE meta SET value = 'another server' WHERE name = 'server'")
				if err != nil {
					return false // there is no table yet
				}
				n, err := changed.RowsAffected()
				return err == nil && n == 1
			}, testserver.Timeout, 50*time.Millisecond)
			_, err := db.ExecContext(t.Context(),
				"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name "+
					"LIKE 'klatch on %'")
			require.NoError(t, err)
		}, "KLATCH_DATABASE_URL="+url)
		require.Contains(t, f.Detail, "has ended the sessions of this one")
	},
	"5105.DATABASE_POOLED": func(t *T) {
		url := newPostgres(t)
		pooled := startPgbouncer(t, url)
		f := t.serveFails(loopback(""), "KLATCH_DATABASE_URL="+pooled)
		require.Equal(t, "database.url", f.Details["setting"])
		f = t.serveFails(loopback(""), "KLATCH_DATABASE_URL="+pooled, "KLATCH_DATABASE_LOCK_URL="+pooled)
		require.Equal(t, "database.lockUrl", f.Details["setting"])

		h := spawn(t, "database.url", pooled, "database.lockUrl", url) // as the remedy says
		account := h.Account(t, nil)
		h.Join(t, testserver.JoinParams(account.Token(t), account.Meeting(t, nil), "ann"))
		t.serveFailsAs("5105.DATABASE_IN_USE", loopback("database:\n  lockWait: 0s\n"), "KLATCH_DATABASE_URL="+url)
	},
	"5105.NO_SUCH_DATABASE": func(t *T) {
		f := t.serveFails(loopback(""), "KLATCH_DATABASE_URL="+strings.Replace(newPostgres(t), "/test", "/tset", 1))
		require.Regexp(t, "^tset", f.Details["database"])
	},
	"5105.DATABASE_ROLE": func(t *T) {
		f := t.serveFails(loopback(""),
			"KLATCH_DATABASE_URL="+strings.Replace(newPostgres(t), "user=postgres", "user=nobody-there", 1))
		require.Equal(t, "nobody-there", f.Details["role"])
	},
	"5105.DATABASE_RIGHTS": func(t *T) {
		url := newPostgres(t)
		db := connect(t, url)
		_, err := db.ExecContext(t.Context(), "DROP ROLE IF EXISTS reader")
		require.NoError(t, err)
		_, err = db.ExecContext(t.Context(), "CREATE ROLE reader LOGIN")
		require.NoError(t, err)
		f := t.serveFails(loopback(""), "KLATCH_DATABASE_URL="+strings.Replace(url, "user=postgres", "user=reader", 1))
		require.Equal(t, "reader", f.Details["role"])
	},
	"5105.WEBHOOK_KEY": func(t *T) {
		dir := t.TempDir()
		t.serveOnce(dir)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "webhook-key.pem"), []byte("-----BEGIN"), 0o600))
		f := t.serveFails(loopback("data:\n  dir: " + dir + "\n"))
		require.NoError(t, os.Remove(filepath.Join(dir, "webhook-key.pem"))) // as the remedy says
		require.Contains(t, f.Remedy, "webhook-key.pem")
		t.serveOnce(dir)
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

// serveFailsAs is serveFails for a fault that is not the one of this scenario.
func (t *T) serveFailsAs(key, config string, env ...string) {
	t.Helper()
	other := fault.Find(key)
	require.Len(t, other, 1)
	own := t.Entry
	t.Entry = other[0]
	defer func() { t.Entry = own }()
	t.serveFails(config, env...)
}

// serves runs a server on a data directory until the test ends, and returns what reads its log.
func (t *T) serves(dir string, env ...string) (log func() []byte) {
	t.Helper()
	klatch, err := binary()
	require.NoError(t, err)
	scratch := t.TempDir()
	path, out := filepath.Join(scratch, "klatch.yaml"), filepath.Join(scratch, "log")
	require.NoError(t, os.WriteFile(path, []byte(loopback("data:\n  dir: "+dir+"\n")), 0o600))
	file, err := os.Create(out)
	require.NoError(t, err)
	cmd := testprocess.Command(klatch, "serve", "--config", path)
	cmd.Env, cmd.Stderr = append(os.Environ(), env...), file
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may have failed
		_ = cmd.Wait()
		require.NoError(t, file.Close())
	})
	return func() []byte {
		raw, err := os.ReadFile(out)
		require.NoError(t, err)
		return raw
	}
}

// serveOnce runs a server until it is ready, and stops it: its data directory is then complete.
func (t *T) serveOnce(dir string) {
	t.Helper()
	klatch, err := binary()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "klatch.yaml")
	require.NoError(t, os.WriteFile(path, []byte(loopback("data:\n  dir: "+dir+"\n")), 0o600))
	cmd := testprocess.CommandContext(t.Context(), klatch, "serve", "--config", path)
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(dir, "admin-token"))
		return err == nil
	}, testserver.Timeout, 20*time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	_ = cmd.Wait() // interrupted before or after it was ready
}
