package main

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/klatch/klatch/internal/egress/order"
)

// stopSignals returns the signals that stop a command. SIGHUP stops those that a terminal may leave behind, unless
// nohup has turned it off; a server reloads its certificates with it. A worker of the server ends when it is told to.
func stopSignals(args []string) []os.Signal {
	stop := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !slices.Contains(args, "serve") && !slices.Contains(args, order.WorkerCommand) &&
		!signal.Ignored(syscall.SIGHUP) {
		stop = append(stop, syscall.SIGHUP)
	}
	return stop
}

// untilStopped returns a context that ends with the first signal that stops this command. The second one ends the
// process at once, except a worker, which finishes its files.
func untilStopped(args []string) (ctx context.Context, release context.CancelFunc) {
	ctx, release = signal.NotifyContext(context.Background(), stopSignals(args)...)
	if !slices.Contains(args, order.WorkerCommand) {
		context.AfterFunc(ctx, release) // which restores what the system does by itself
	}
	return ctx, release
}

// reloads returns a channel that receives each SIGHUP. From then on SIGHUP does not end the process.
func reloads() <-chan os.Signal {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	return hup
}
