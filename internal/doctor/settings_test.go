package doctor_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/certificate/pebbletest"
	"github.com/klatch/klatch/internal/doctor"
)

func examineTLS(t *testing.T, s doctor.TLSSettings) (findings map[string]doctor.Finding, well bool) {
	t.Helper()
	findings = map[string]doctor.Finding{}
	d := doctor.Doctor{Tell: func(f doctor.Finding) { findings[f.Check] = f }}
	well = d.ExamineTLS(t.Context(), s)
	return findings, well
}

func TestCertificateFiles(t *testing.T) {
	dir := t.TempDir()
	s := doctor.TLSSettings{CertFile: filepath.Join(dir, "cert.pem"), KeyFile: filepath.Join(dir, "key.pem")}
	findings, well := examineTLS(t, s)
	require.False(t, well)
	require.Contains(t, findings["certificate"].Detail, "no such file")
	for life, reason := range map[time.Duration]string{365 * 24 * time.Hour: "", -time.Minute: "CERTIFICATE_EXPIRED"} {
		cert, key := pebbletest.Pair(t, life, "meet.example.com")
		require.NoError(t, os.WriteFile(s.CertFile, cert, 0o600))
		require.NoError(t, os.WriteFile(s.KeyFile, key, 0o600))
		findings, well = examineTLS(t, s)
		require.Equal(t, reason == "", well)
		require.Contains(t, findings["certificate"].Detail, "meet.example.com")
		if reason != "" {
			require.Equal(t, reason, findings["certificate"].Fault.Reason)
		}
	}
}

func TestACMESettings(t *testing.T) {
	authority := pebbletest.Start(t, pebbletest.Options{})
	s := doctor.TLSSettings{Domains: []string{"localhost", "nosuch.invalid"}, Directory: authority.Directory,
		RootFile: authority.RootFile, Address: ":443", RedirectAddress: ":80"}
	findings, well := examineTLS(t, s)
	require.False(t, well)
	require.True(t, findings["authority"].OK, findings["authority"].Detail)
	require.Contains(t, findings["dns"].Detail, "nosuch.invalid cannot be looked up")
	s.Domains = s.Domains[:1]
	findings, well = examineTLS(t, s)
	require.True(t, well, findings)

	s.RootFile = ""
	findings, _ = examineTLS(t, s)
	require.False(t, findings["authority"].OK)
	require.Contains(t, findings["authority"].Detail, "certificate")
	s.Address, s.RedirectAddress = ":8443", ""
	findings, _ = examineTLS(t, s)
	require.Contains(t, findings["ports"].Detail, "must lead to :8443")
}
