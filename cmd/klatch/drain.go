package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/rest/client"
	"github.com/spf13/cobra"
)

// drainPoll is how often `klatch drain --wait` asks how many meetings are left.
const drainPoll = time.Second

// drainUnknown is after how many answers without a draining node `klatch drain --wait` gives up: other nodes know of a
// drain a moment later than the node itself.
const drainUnknown = 5

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
are left, and returns when none is. The exit code is 1 where the node is stopped or takes meetings again meanwhile.

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

// awaitDrain prints how many meetings are left on a node, and returns when none is.
func awaitDrain(cmd *cobra.Command, api *client.Client, node string) error {
	out := cmd.ErrOrStderr() // standard output has the table or JSON alone
	for last, unknown := "", 0; ; {
		n, found, err := nodeNamed(cmd.Context(), api, node)
		switch {
		case err != nil:
			return err
		case !found || !n.Draining:
			if unknown++; unknown >= drainUnknown {
				fmt.Fprintf(out, "%s is not draining any more: it was stopped, or takes meetings again.\n", node)
				return errReported
			}
		default:
			unknown = 0
			line := fmt.Sprintf("%s: meetings left: %d, participants: %d, jobs: %d", node, n.Meetings, n.Participants, n.Jobs)
			if line != last {
				fmt.Fprintln(out, line)
				last = line
			}
			if n.Meetings == 0 {
				return nil
			}
		}
		select {
		case <-time.After(drainPoll):
		case <-cmd.Context().Done():
			return errReported
		}
	}
}

// nodeNamed returns the node of that name, as the node that answers knows it.
func nodeNamed(ctx context.Context, api *client.Client, name string) (n rest.NodeEntry, found bool, err error) {
	items, _, err := pages(ctx, api, "/admin/v1/nodes", nil, 1000)
	if err != nil {
		return n, false, err
	}
	var nodes []rest.NodeEntry
	for _, item := range items {
		var one rest.NodeEntry
		if err := json.Unmarshal(item, &one); err != nil {
			return n, false, err
		}
		nodes = append(nodes, one)
	}
	i := slices.IndexFunc(nodes, func(one rest.NodeEntry) bool { return one.Name == name })
	if i < 0 {
		return n, false, nil
	}
	return nodes[i], true, nil
}
