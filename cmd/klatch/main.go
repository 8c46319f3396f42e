// Command klatch is the whole of Klatch in one binary: server, command-line client and tools.
// It holds flags and exit codes; the work is done in the packages below.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/version"
	"github.com/spf13/cobra"
)

func main() {
	ctx, release := untilStopped(os.Args[1:])
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	release()
	os.Exit(code)
}

// run executes one command line and returns its exit code: 0 done, 1 a fault, 2 a command line that cannot be
// understood.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	if errors.Is(err, errReported) {
		return 1
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		printFault(errOut, f, wantsJSON(cmd))
		return 1
	}
	fmt.Fprintf(errOut, "klatch: %v\nRun '%s --help' for usage.\n", err, cmd.CommandPath())
	return 2
}

// errReported ends a command with exit code 1 when its fault is printed already.
var errReported = errors.New("reported")

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "klatch",
		Short: "Video meetings that you run yourself",
		Long: "Klatch is a video-meeting server with its SDKs, in one binary.\n\nStart with `klatch dev`: it " +
			"runs a server and prints a link to a meeting.",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version.String(),
	}
	root.AddCommand(
		devCommand(),
		serveCommand(),
		joinCommand(),
		doctorCommand(),
		drillCommand(),
		errorsCommand(),
		loadCommand(),
		egressWorkerCommand(),
		ingestWorkerCommand(),
		meetingCommand(),
		streamKeyCommand(),
		tokenCommand(),
		adminCommand(),
		clusterCommand(),
		drainCommand(),
		versionCommand(),
	)
	return root
}

func wantsJSON(cmd *cobra.Command) bool {
	flag := cmd.Flags().Lookup("json")
	return flag != nil && flag.Value.String() == "true"
}

// printFault shows a fault to a person, or as one JSON line. The documentation of a fault that no server has reported
// is a path without a host; the command that prints the same text stands beside it.
func printFault(w io.Writer, f *fault.Error, asJSON bool) {
	more := f.Docs
	if !strings.Contains(more, "://") {
		more = fmt.Sprintf("klatch errors %d", f.Code)
	}
	if asJSON {
		line, _ := json.Marshal(map[string]any{"event": "error", "data": f, "more": more})
		fmt.Fprintf(w, "%s\n", line)
		return
	}
	console := ""
	if f.ConsoleURL != "" {
		console = fmt.Sprintf("  in the console %s\n", f.ConsoleURL)
	}
	fmt.Fprintf(
		w,
		"%d %s (%s)\n  %s\n  what happened  %s\n  what to do     %s\n  more           %s\n%s  id             %s\n",
		f.Code,
		f.Name,
		f.Reason,
		f.Message,
		f.Detail,
		f.Remedy,
		more,
		console,
		f.ID,
	)
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		Run:   func(cmd *cobra.Command, _ []string) { fmt.Fprintln(cmd.OutOrStdout(), version.String()) },
	}
}
