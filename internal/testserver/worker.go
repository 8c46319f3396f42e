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

// workerCommand starts the workers of servers in this process; nil: the test program does.
var workerCommand []string

// UseProgramForWorkers runs the workers of servers in this process from the program that TEST_PROGRAM names, without
// the race detector: composing pictures takes several times the processor time with it. A package whose tests are not
// about the workers themselves calls it before its tests. Without TEST_PROGRAM it does nothing.
func UseProgramForWorkers() {
	if program := os.Getenv("TEST_PROGRAM"); program != "" {
		workerCommand = []string{program, order.WorkerCommand}
	}
}

// A server in this process starts its own program for a recording, a stream or an RTMP publisher, as the klatch binary
// does: here that is the test program. Before any test it looks whether it is meant as a worker; without this it would
// run its tests again.
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
