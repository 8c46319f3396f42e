package doctor_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/certificate/pebbletest"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/doctor"
	"github.com/klatch/klatch/internal/testserver"
)

// examineMachine returns the findings of this machine with settings, and whether those about HTTPS are well.
func examineMachine(t *testing.T, c *conf.Config) (findings map[string]doctor.Finding, well bool) {
	t.Helper()
	c.Data.Dir = t.TempDir()
	findings, well = map[string]doctor.Finding{}, true
	machine := doctor.Machine{Config: c, Tell: func(f doctor.Finding) {
		if last, told := findings[f.Check]; !told || last.OK {
			findings[f.Check] = f
		}
		well = well && f.OK
	}}
	require.Equal(t, machine.Examine(t.Context()), well)
	return findings, well
}

func TestHealthyMachine(t *testing.T) {
	findings, well := examineMachine(t, conf.Default())
	require.True(t, well, findings)
	for _, check := range []string{"https", "encoder", "fonts", "disk", "database", "storage", "files", "memory"} {
		require.True(t, findings[check].OK, check)
	}
}

func TestDatabaseAndStorageOfAServer(t *testing.T) {
	h := testserver.Start(t)
	c := conf.Default()
	c.Database.URL = filepath.Join(h.Dir, "klatch.db") // in use
	c.Storage.Dir = filepath.Join(h.Dir, "files")
	findings, well := examineMachine(t, c)
	require.True(t, well, findings)
	require.Contains(t, findings["database"].Detail, "as this program knows it")
	left, err := filepath.Glob(filepath.Join(h.Dir, "files", "klatch-doctor", "*"))
	require.NoError(t, err)
	require.Empty(t, left)

	c.Database.URL = "postgres://nobody@127.0.0.1:1/klatch"
	c.Storage.S3Endpoint, c.Storage.S3Bucket = "http://127.0.0.1:1", "recordings"
	c.Storage.S3AccessKey, c.Storage.S3SecretKey = "key", "not-to-be-shown"
	findings, _ = examineMachine(t, c)
	require.Equal(t, "5105 DATABASE", code(findings["database"]))
	require.Equal(t, "5101 STORAGE", code(findings["storage"]))
	require.NotContains(t, fmt.Sprint(findings), "not-to-be-shown")
}

func code(f doctor.Finding) string { return fmt.Sprintf("%d %s", f.Fault.Code, f.Fault.Reason) }

func TestCertificateFiles(t *testing.T) {
	dir := t.TempDir()
	c := conf.Default()
	c.HTTP.CertFile, c.HTTP.KeyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	findings, well := examineMachine(t, c)
	require.False(t, well)
	require.Contains(t, findings["certificate"].Detail, "no such file")
	for life, reason := range map[time.Duration]string{365 * 24 * time.Hour: "", -time.Minute: "CERTIFICATE_EXPIRED"} {
		cert, key := pebbletest.Pair(t, life, "meet.example.com")
		require.NoError(t, os.WriteFile(c.HTTP.CertFile, cert, 0o600))
		require.NoError(t, os.WriteFile(c.HTTP.KeyFile, key, 0o600))
		findings, well = examineMachine(t, c)
		require.Equal(t, reason == "", well)
		require.Contains(t, findings["certificate"].Detail, "meet.example.com")
		if reason != "" {
			require.Equal(t, reason, findings["certificate"].Fault.Reason)
		}
	}
}

func TestACMESettings(t *testing.T) {
	authority := pebbletest.Start(t, pebbletest.Options{})
	c := conf.Default()
	c.HTTP.ACME, c.HTTP.ACMEDirectory = []string{"localhost", "nosuch.invalid"}, authority.Directory
	c.HTTP.ACMERootFile, c.HTTP.Address, c.HTTP.RedirectAddress = authority.RootFile, ":443", ":80"
	findings, well := examineMachine(t, c)
	require.False(t, well)
	require.True(t, findings["authority"].OK, findings["authority"].Detail)
	require.Contains(t, findings["dns"].Detail, "nosuch.invalid cannot be looked up")
	c.HTTP.ACME = c.HTTP.ACME[:1]
	findings, well = examineMachine(t, c)
	require.True(t, well, findings)

	c.HTTP.ACMERootFile = ""
	findings, _ = examineMachine(t, c)
	require.False(t, findings["authority"].OK)
	require.Contains(t, findings["authority"].Detail, "certificate")
	c.HTTP.Address, c.HTTP.RedirectAddress = ":8443", ""
	findings, _ = examineMachine(t, c)
	require.Contains(t, findings["ports"].Detail, "must lead to :8443")
}
