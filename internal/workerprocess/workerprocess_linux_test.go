package workerprocess_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/workerprocess"
)

// A worker, which decodes what strangers send, cannot gain privileges, and has a bound of files and no KLATCH_ setting.
func TestWorkerIsConfined(t *testing.T) {
	t.Setenv("KLATCH_ADMIN_TOKEN", "secret")
	type report struct{ Status, Files, Environment string }
	const script = `printf '{"status":"%s","files":"%s","environment":"%s"}\n' ` +
		`"$(grep NoNewPrivs /proc/self/status | tr -dc 01)" "$(ulimit -Hn)" "$(env | grep -c KLATCH_)"`
	p, err := workerprocess.Start[report](workerprocess.Options{
		Command: []string{"/bin/sh", "-c", script}, Files: 123, MaxReportBytes: 1000, Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	var got report
	for m := <-p.Messages(); m.Exit == nil; m = <-p.Messages() {
		got = m.Report
	}
	require.Equal(t, report{Status: "1", Files: "123", Environment: "0"}, got)
}
