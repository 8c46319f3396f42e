// Command lanes runs the tests of packages, several packages at a time. It compiles all of them first, so that no test
// shares the machine with a compiler, prints which package runs, and runs the others when one fails.
//
//	lanes -n 2 -race ./e2e/faults ./e2e/meeting
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

func main() {
	lanes := flag.Int("n", 1, "how many packages run at a time")
	race := flag.Bool("race", false, "compile with the race detector")
	timeout := flag.Duration("timeout", 10*time.Minute, "ends a package that takes longer, with all stacks")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, flag.Args(), *lanes, *race, *timeout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, packages []string, lanes int, race bool, timeout time.Duration) error {
	dir, err := os.MkdirTemp("", "lanes")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // binaries in the directory for temporary files
	// `make lint` runs all of vet; stack traces need no DWARF.
	args := []string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", dir + "/"}
	if race {
		args = append(args, "-race", "-gcflags=modernc.org/...=-d=checkptr=0") // as the Makefile's RACE
	}
	compile := exec.CommandContext(ctx, "go", append(args, packages...)...)
	compile.Stdout, compile.Stderr = os.Stdout, os.Stderr
	if err := compile.Run(); err != nil {
		return fmt.Errorf("compile the tests: %w", err)
	}
	queue := make(chan string, len(packages))
	for _, name := range packages {
		queue <- name
	}
	close(queue)
	var workers sync.WaitGroup
	var mu sync.Mutex // guards failed and the output
	var failed []error
	for range lanes {
		workers.Go(func() {
			for name := range queue {
				mu.Lock()
				fmt.Printf("run\t%s\n", name)
				mu.Unlock()
				began := time.Now()
				output, used, err := test(ctx, filepath.Join(dir, filepath.Base(name)+".test"), name, timeout)
				took := fmt.Sprintf("%.1fs\t%.1fs of processor time", time.Since(began).Seconds(), used.Seconds())
				mu.Lock()
				if err != nil {
					fmt.Printf("%s\nFAIL\t%s\t%s\n", output, name, took)
					failed = append(failed, fmt.Errorf("%s: %w", name, err))
				} else {
					fmt.Printf("ok\t%s\t%s\n", name, took)
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	return errors.Join(failed...)
}

// test runs a test binary in the directory of its package, as go test does. It returns the output, and the processor
// time that the binary and the processes it waited for used.
func test(
	ctx context.Context, binary, dir string, timeout time.Duration,
) (output []byte, used time.Duration, err error) {
	if _, err := os.Stat(binary); err != nil {
		return nil, 0, fmt.Errorf("it has no tests: %w", err)
	}
	cmd := exec.CommandContext(ctx, binary, "-test.timeout", timeout.String())
	cmd.Dir = dir
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) }
	cmd.WaitDelay = 10 * time.Second
	output, err = cmd.CombinedOutput()
	if state := cmd.ProcessState; state != nil {
		used = state.UserTime() + state.SystemTime()
	}
	return output, used, err
}
