package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/rest/client"
	"github.com/spf13/cobra"
)

// drainPoll is how often `klatch drain --wait` asks how many meetings are left.
const drainPoll = time.Second

var drainView = view[rest.Drain]{
	head: []string{"NODE", "STATE", "MEETINGS", "JOBS"},
	row: func(d rest.Drain) []string {
		return []string{d.Node, d.State, strconv.Itoa(d.Meetings), strconv.Itoa(d.Jobs)}
	},
}

func drainCommand() *cobra.Command {
	a := &admin{}
	var wait, undo bool
	cmd := &cobra.Command{
		Use:   "drain",
		Short: "Move the meetings of a node to other nodes, before maintenance",
		Long: `Drain has the node at --url take no new meetings and move those that live on it to other nodes. Nobody leaves a
meeting. The node goes on running; stop it when no meeting is left, or have it take meetings again with --undo.

--url is the address of the node itself, not that of a load balancer. With --wait the command prints how many meetings
are left, why the last ones stay, and returns when none is. The exit code is 1 where the node is stopped or takes
meetings again meanwhile.

The admin token is taken from --admin-token, else from the environment variable KLATCH_ADMIN_TOKEN, else from the file
of --admin-token-file.`,
		Example: "  export KLATCH_ADMIN_TOKEN=...\n  klatch drain --url http://10.0.0.2:4000 --wait\n" +
			"  klatch drain --url http://10.0.0.2:4000 --undo",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
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
			return awaitDrain(cmd, api, state.Node)
		},
	}
	a.flags(cmd.Flags())
	cmd.Flags().BoolVar(&wait, "wait", false, "wait until no meeting is left on the node")
	cmd.Flags().BoolVar(&undo, "undo", false, "have the node take meetings again")
	cmd.MarkFlagsMutuallyExclusive("wait", "undo")
	return cmd
}

// awaitDrain prints what is left on a node, and returns when no meeting is.
func awaitDrain(cmd *cobra.Command, api *client.Client, node string) error {
	out := cmd.ErrOrStderr() // standard output has the table or JSON alone
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
		if line != last {
			fmt.Fprintln(out, line)
			last = line
		}
		if d.State == "drained" {
			return nil
		}
		select {
		case <-time.After(drainPoll):
		case <-cmd.Context().Done():
			return errReported
		}
	}
}
