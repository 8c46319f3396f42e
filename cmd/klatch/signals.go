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
// process at once, however soon it comes, except a worker, which finishes its files.
func untilStopped(args []string) (ctx context.Context, release context.CancelFunc) {
	if slices.Contains(args, order.WorkerCommand) {
		return signal.NotifyContext(context.Background(), stopSignals(args)...)
	}
	ctx, cancel := context.WithCancel(context.Background())
	came := make(chan os.Signal, 2)
	signal.Notify(came, stopSignals(args)...)
	go func() {
		<-came
		cancel()
		second := <-came
		signal.Reset(second) // to what the system does by itself
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Signal(second) // if that is impossible, the server goes on stopping
		}
	}()
	return ctx, func() {
		signal.Stop(came)
		cancel()
	}
}

// reloads returns a channel that receives each SIGHUP. From then on SIGHUP does not end the process.
func reloads() <-chan os.Signal {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	return hup
}
