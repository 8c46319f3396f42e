package testserver

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/egress/worker"
	ingestorder "github.com/klatch/klatch/internal/ingest/order"
	ingestworker "github.com/klatch/klatch/internal/ingest/worker"
)

// A server in this process starts its own program for a recording, a stream or an RTMP publisher, as the klatch binary does: here that is
// the test program. Before any test it looks whether it is meant as a worker; without this it would run its tests
// again.
func init() {
	if len(os.Args) != 2 {
		return
	}
	run := worker.Run
	switch os.Args[1] {
	case order.WorkerCommand:
	case ingestorder.WorkerCommand:
		run = ingestworker.Run
	default:
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	err := run(ctx, os.Stdin, os.Stdout, slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	stop()
	if err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}
