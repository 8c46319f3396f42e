package main

import (
	"context"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	egress "github.com/klatch/klatch/internal/egress/order"
	egressworker "github.com/klatch/klatch/internal/egress/worker"
	ingest "github.com/klatch/klatch/internal/ingest/order"
	ingestworker "github.com/klatch/klatch/internal/ingest/worker"
)

// egressWorkerCommand runs one recording, livestream or HLS job.
func egressWorkerCommand() *cobra.Command {
	return workerCommand(egress.WorkerCommand, "Run one egress job", egressworker.Run)
}

// ingestWorkerCommand carries one RTMP publisher.
func ingestWorkerCommand() *cobra.Command {
	return workerCommand(ingest.WorkerCommand, "Carry one RTMP publisher", ingestworker.Run)
}

// workerCommand is a command that the server starts; people have no use for it. run reads its order from in, and
// writes reports to out.
func workerCommand(
	name, short string, run func(ctx context.Context, in io.Reader, out io.Writer, log *slog.Logger) error,
) *cobra.Command {
	return &cobra.Command{
		Use:    name,
		Short:  short + ", given on stdin (the server starts this)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log := slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), nil))
			slog.SetDefault(log)
			if err := run(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), log); err != nil {
				log.Warn("the worker ends with a failure", "err", err)
				return errReported
			}
			return nil
		},
	}
}
