package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
)

// startDev runs `klatch dev --json` until the test ends or stop is called.
func startDev(t *testing.T, arguments ...string) (ready devReady, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	cmd := devCommand()
	cmd.SetArgs(append(arguments, "--json", "--port", "0"))
	cmd.SetOut(in)
	cmd.SetErr(io.Discard)
	ended := make(chan error, 1)
	go func() {
		err := cmd.ExecuteContext(ctx)
		_ = in.CloseWithError(err)
		ended <- err
	}()
	stop = func() {
		if ctx.Err() == nil {
			cancel()
			require.NoError(t, <-ended)
		}
	}
	t.Cleanup(stop)
	require.NoError(t, json.NewDecoder(out).Decode(&ready))
	return ready, stop
}

func TestDevServesTheLocalNetwork(t *testing.T) {
	dir := t.TempDir()
	ready, stop := startDev(t, "--data", dir, "--host=127.0.0.1")
	require.True(t, strings.HasPrefix(ready.MeetURL, "https://127.0.0.1:"), ready.MeetURL)

	certificate, err := os.ReadFile(filepath.Join(dir, "dev-cert.pem"))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(certificate))
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	response, err := client.Get(ready.MeetURL)
	require.NoError(t, err, "the certificate is that of the address")
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Empty(t, response.Header.Get("Strict-Transport-Security"), "browsers would let nobody past the warning")

	stop()
	_, stop = startDev(t, "--data", dir, "--host=127.0.0.1")
	stop()
	again, err := os.ReadFile(filepath.Join(dir, "dev-cert.pem"))
	require.NoError(t, err)
	require.Equal(t, certificate, again, "a browser that trusts it need not be told again")

	_, stop = startDev(t, "--data", dir, "--host=127.0.0.2")
	stop()
	again, err = os.ReadFile(filepath.Join(dir, "dev-cert.pem"))
	require.NoError(t, err)
	require.NotEqual(t, certificate, again, "another address")
}

// A server that only this machine reaches may call its programs, so that who tries out webhooks sees them.
func TestDevCallsProgramsOfTheSameMachine(t *testing.T) {
	for _, tt := range []struct {
		name, variable string
		network, want  bool
	}{
		{"this machine", "", false, true},
		{"the local network", "", true, false},
		{"forbidden", "false", false, false},
		{"allowed in the network", "true", true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.variable != "" {
				t.Setenv("KLATCH_WEBHOOK_ALLOW_PRIVATE_TARGETS", tt.variable)
				t.Setenv("KLATCH_EGRESS_ALLOW_PRIVATE_TARGETS", tt.variable)
			}
			config, err := conf.Load("", os.Environ())
			require.NoError(t, err)
			allowOwnTargets(config, tt.network)
			require.Equal(t, tt.want, config.Webhook.AllowPrivateTargets)
			require.Equal(t, tt.want, config.Egress.AllowPrivateTargets)
		})
	}
}

func TestDevRefusesHosts(t *testing.T) {
	for _, host := range []string{"0.0.0.0", "::", "224.0.0.1", "my-laptop", ""} {
		cmd := devCommand()
		cmd.SetArgs([]string{"--data", t.TempDir(), "--host=" + host, "--port", "0"})
		cmd.SetOut(io.Discard)
		cmd.SetErr(io.Discard)
		err := cmd.ExecuteContext(t.Context())
		var f *fault.Error
		require.ErrorAs(t, err, &f, host)
		require.Equal(t, "OUT_OF_RANGE", f.Reason)
		require.Contains(t, f.Detail, "--host")
	}
}
