package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/rest/client"
	"github.com/spf13/cobra"
)

// drainPoll is how often `klatch drain --wait` asks what is left.
const drainPoll = time.Second

// drainTell is how often it prints what has not changed.
const drainTell = 15 * time.Second

var drainView = view[rest.Drain]{
	head: []string{"NODE", "STATE", "MEETINGS", "JOBS", "WAITS FOR"},
	row: func(d rest.Drain) []string {
		return []string{d.Node, d.State, strconv.Itoa(d.Meetings), strconv.Itoa(d.Jobs), waitsFor(&d)}
	},
}

// waitsFor returns in one line what a drain waits for.
func waitsFor(d *rest.Drain) string {
	if d == nil {
		return orDash(nil)
	}
	var parts []string
	if d.Problem != "" {
		parts = append(parts, d.Problem)
	}
	for _, j := range d.Waiting {
		parts = append(parts, jobLine(j))
	}
	if len(parts) == 0 {
		return orDash(nil)
	}
	return strings.Join(parts, "; ")
}

// jobLine describes a job that a drain waits for.
func jobLine(j rest.DrainJob) string {
	line := fmt.Sprintf("%s %s of %s: %s for %v", j.Kind, j.ID, j.RoomID, strings.ToLower(string(j.State)),
		(time.Duration(j.ForMs) * time.Millisecond).Round(time.Second))
	if j.Problem != "" {
		line += ", " + strings.TrimSuffix(j.Problem, ".")
	}
	return line
}

func drainCommand() *cobra.Command {
	a := &admin{}
	var wait, undo bool
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "drain",
		Short: "Move the meetings and jobs of a node to other nodes, before maintenance",
		Long: `Drain has the node at --url take no new meetings and jobs, and move those that it has to other nodes. Nobody leaves a
meeting; recordings, livestreams and HLS go on elsewhere, each as another job. The node goes on running; stop it when
nothing is left, or have it take meetings again with --undo.

--url is the address of the node itself, not that of a load balancer. With --wait the command prints what is left, for
how long and why, and returns when nothing is. The exit code is 1 where the node is stopped or takes meetings again
meanwhile, and where something is left after --timeout.

The admin token is taken from --admin-token, else from the environment variable KLATCH_ADMIN_TOKEN, else from the file
of --admin-token-file.`,
		Example: "  export KLATCH_ADMIN_TOKEN=...\n  klatch drain --url http://10.0.0.2:4000 --wait\n" +
			"  klatch drain --url http://10.0.0.2:4000 --undo",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case timeout < 0:
				return errors.New("--timeout must not be negative")
			case timeout > 0 && !wait:
				return errors.New("--timeout needs --wait")
			}
			if undo {
				return one(a, cmd, "DELETE", "/admin/v1/drain", nil, drainView)
			}
			api, err := a.client(cmd)
			if err != nil {
				return err
			}
			var raw json.RawMessage
			if err := api.Call(cmd.Context(), "POST", "/admin/v1/drain", nil, nil, &raw); err != nil {
				return err
			}
			if err := show(cmd.OutOrStdout(), a.json, []json.RawMessage{raw}, drainView); err != nil || !wait {
				return err
			}
			var state rest.Drain
			if err := json.Unmarshal(raw, &state); err != nil {
				return err
			}
			return awaitDrain(cmd, api, state.Node, timeout)
		},
	}
	a.flags(cmd.Flags())
	cmd.Flags().BoolVar(&wait, "wait", false, "wait until no meeting and no job is left on the node")
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "how long --wait waits; 0: without end")
	cmd.Flags().BoolVar(&undo, "undo", false, "have the node take meetings again")
	cmd.MarkFlagsMutuallyExclusive("wait", "undo")
	cmd.MarkFlagsMutuallyExclusive("timeout", "undo")
	return cmd
}

// awaitDrain prints what is left on a node, and returns when nothing is, or after timeout where that is not 0.
func awaitDrain(cmd *cobra.Command, api *client.Client, node string, timeout time.Duration) error {
	out := cmd.ErrOrStderr() // standard output has the table or JSON alone
	began, told := time.Now(), time.Now()
	for last := ""; ; {
		var d rest.Drain
		if err := api.Call(cmd.Context(), "GET", "/admin/v1/drain", nil, nil, &d); err != nil {
			return err
		}
		switch {
		case d.Node != node:
			fmt.Fprintf(out, "%s answers instead of %s: --url must be the address of the node itself.\n", d.Node, node)
			return errReported
		case d.State == "serving":
			fmt.Fprintf(out, "%s takes meetings again: somebody has ended the drain, or it was started again.\n", node)
			return errReported
		}
		line := fmt.Sprintf("%s: meetings left: %d, jobs: %d", node, d.Meetings, d.Jobs)
		if d.Problem != "" {
			line += "; " + d.Problem
		}
		late := timeout > 0 && time.Since(began) >= timeout && d.State != "drained"
		if line != last || late || time.Since(told) >= drainTell {
			fmt.Fprintln(out, line)
			for _, j := range d.Waiting {
				fmt.Fprintln(out, "  "+jobLine(j))
			}
			last, told = line, time.Now()
		}
		switch {
		case d.State == "drained":
			return nil
		case late:
			fmt.Fprintf(out, "%s is not drained after %v. The drain goes on; stop the node to end what is left, or take it "+
				"back with --undo.\n", node, timeout)
			return errReported
		}
		select {
		case <-time.After(drainPoll):
		case <-cmd.Context().Done():
			return errReported
		}
	}
}
