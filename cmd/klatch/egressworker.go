package main

import (
	"log/slog"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/egress/worker"
	"github.com/spf13/cobra"
)

// egressWorkerCommand runs one recording, livestream or HLS job. The server starts it; people have no use for it.
func egressWorkerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    order.WorkerCommand,
		Short:  "Run one egress job, given on stdin (the server starts this)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log := slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), nil))
			slog.SetDefault(log)
			if err := worker.Run(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), log); err != nil {
				log.Warn("the job ended", "err", err)
				return errReported
			}
			return nil
		},
	}
}
