package main

import (
	"strconv"
	"strings"

	"github.com/klatch/klatch/internal/rest"
	"github.com/spf13/cobra"
)

var nodeView = view[rest.NodeEntry]{
	head: []string{
		"NODE", "INCARNATION", "ADDRESS", "VERSION", "REGION", "ROLES", "STATE",
		"MEETINGS", "PARTICIPANTS", "JOBS", "CPU", "LEASES", "WAITS FOR",
	},
	row: func(n rest.NodeEntry) []string {
		state := "serving"
		if n.Draining {
			state = "draining"
		}
		var leases []string
		for _, l := range n.Leases {
			works := "failing for " + strconv.FormatInt(l.RenewedMs/1000, 10) + "s"
			if l.Works {
				works = "ok"
			}
			leases = append(leases, l.Place+" "+works)
		}
		return []string{
			orDash(strings.Fields(n.Name)), orDash(strings.Fields(n.Incarnation)), orDash(strings.Fields(n.Address)), n.Version,
			orDash(strings.Fields(n.Region)), strings.Join(n.Roles, ","), state, strconv.Itoa(n.Meetings),
			strconv.Itoa(n.Participants), strconv.Itoa(n.Jobs), strconv.Itoa(int(n.CPU*100+0.5)) + "%",
			orDash(leases), waitsFor(n.Drain),
		}
	},
}

func clusterCommand() *cobra.Command {
	a := &admin{}
	cmd := group("cluster", "Look at the nodes of a cluster")
	a.flags(cmd.PersistentFlags())
	cmd.AddCommand(&cobra.Command{
		Use:   "status",
		Short: "List the nodes that are alive: load, version, what a drain waits for, and the leases of the one that answers",
		Args:  cobra.NoArgs,
		Example: "  export KLATCH_ADMIN_TOKEN=...\n  klatch cluster status --url https://meet.example.com\n" +
			"  klatch cluster status --url http://10.0.0.2:4000 --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return list(a, cmd, "/admin/v1/nodes", nil, 100, nodeView)
		},
	})
	return cmd
}
