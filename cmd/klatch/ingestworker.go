package main

import (
	"log/slog"

	"github.com/klatch/klatch/internal/ingest/order"
	"github.com/klatch/klatch/internal/ingest/worker"
	"github.com/spf13/cobra"
)

// ingestWorkerCommand carries one RTMP publisher. The server starts it; people have no use for it.
func ingestWorkerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    order.WorkerCommand,
		Short:  "Carry one RTMP publisher, given on stdin (the server starts this)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log := slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), nil))
			slog.SetDefault(log)
			if err := worker.Run(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), log); err != nil {
				return errReported
			}
			return nil
		},
	}
}
