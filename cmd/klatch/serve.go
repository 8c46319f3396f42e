package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"runtime/debug"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/server"
	"github.com/klatch/klatch/internal/version"
	"github.com/spf13/cobra"
)

func serveCommand() *cobra.Command {
	var (
		path           string
		sample, asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Long: `Serve runs the server with a configuration file, variables KLATCH_*, or both; with neither, it keeps its data in
./klatch-data and listens on port 4000 (HTTP) and 4001 (media). docs/configuration.md lists all settings.

SIGTERM and SIGINT stop it: recordings are finished, everybody in a meeting is told (5102), sessions end and are recorded,
within stop.timeout (20 s by default). A second one ends it at once. SIGHUP loads the certificate files again, or asks
the ACME authority at once for certificates that are missing; calls go on.`,
		Example: "  klatch serve --sample > klatch.yaml\n  klatch serve --config klatch.yaml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if sample {
				fmt.Fprint(cmd.OutOrStdout(), conf.Sample())
				return nil
			}
			config, err := conf.Load(path, os.Environ())
			if err != nil {
				return err
			}
			log := newLogger(config, cmd.ErrOrStderr())
			limitMemory(log, memlimit.FromCgroup)
			hup := reloads()
			s, err := server.Start(
				cmd.Context(),
				server.Options{Config: config, Logger: log, Version: version.String()},
			)
			if err != nil && cmd.Context().Err() != nil {
				log.Info("stopped before the start was complete", "err", err)
				return nil
			}
			if err != nil {
				return err
			}
			return wait(cmd.Context(), s, config.Stop.Timeout, hup)
		},
	}
	cmd.Flags().StringVar(&path, "config", "", "YAML file with settings")
	cmd.Flags().BoolVar(&sample, "sample", false, "print a configuration file with every setting, and exit")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a fault at the start as a JSON line")
	return cmd
}

// wait keeps the server running until the command is stopped or the server fails, and then stops the server, which may
// take as long as timeout. Each signal in hup reloads it.
func wait(ctx context.Context, s *server.Server, timeout time.Duration, hup <-chan os.Signal) error {
	memory := newTrimmer()
	memory.trim(time.Now())
	looks := time.NewTicker(trimEvery)
	defer looks.Stop()
	var failure error
	for running := true; running; {
		select {
		case now := <-looks.C:
			memory.look(now)
		case <-hup:
			s.Reload()
		case failure = <-s.Failed():
			running = false
		case <-ctx.Done():
			running = false
		}
	}
	stopping, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	if err := s.Close(stopping); err != nil {
		failure = err
	}
	if failure != nil {
		return fault.From(failure)
	}
	return nil
}

// memoryShare is the part of the memory of the container or unit that the server's heap may grow to before the
// collector works harder. The rest is for buffers of the kernel and for ffmpeg, which runs in the same group.
const memoryShare = 0.8

// gcPercent is half of Go's default. Forwarding allocates nothing, so that collections are rare, and cost less than the
// memory that they give back is worth.
const gcPercent = 50

// limitMemory sets GOGC, and GOMEMLIMIT from what there is, unless the operator has set them.
func limitMemory(log *slog.Logger, of memlimit.Provider) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	limit, err := memlimit.Set(memlimit.WithProvider(of), memlimit.WithRatio(memoryShare))
	switch {
	case err != nil: // no cgroups on this system
		log.Debug("memory limit", "err", err)
	case limit != math.MaxInt64:
		log.Info("memory limit", "bytes", limit)
	}
}

func newLogger(c *conf.Config, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.Log.Level}
	if c.Log.Format == "text" {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}
