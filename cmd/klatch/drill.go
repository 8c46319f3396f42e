package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/rest/client"
)

func drillCommand() *cobra.Command {
	a := &admin{}
	var (
		list, every    bool
		account, meet  string
		keep           time.Duration
		defaultKeeping = 10 * time.Minute
	)
	cmd := &cobra.Command{
		Use:   "drill CODE[.REASON]...",
		Short: "Make a fault happen on a running server, for its real cause",
		Long: `Drill makes faults happen as they do in earnest: an expired token, a full meeting, an RTMP server that does not
exist, an encoder that is killed. It prints the fault that came; its id leads to it in the log, the timeline and the
console. Use it to see what your users and your monitoring will be told, before it matters.

Without --account the fault comes in an account that is there for drills alone. With --account and --meeting it comes in
that meeting, to everybody in it, and the account needs the setting drills (klatch admin account set ACCOUNT --drills).
With --keep the cause lasts for a while, and the link, token or command is printed with which the fault occurs again.
Else everything is as before when the command ends. It needs the admin token, as klatch admin does. It ends with exit
code 1 when a drill does not bring its fault.`,
		Example: "  klatch drill --list\n  klatch drill 4009.LIMIT --keep\n  klatch drill 5001.ENCODER_DIED --account acme " +
			"--meeting abcd-efgh-ijkl\n  klatch drill --all --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			if !list && !every && len(args) == 0 {
				return fault.InvalidParameterMissing("klatch drill", "CODE, or --list, or --all")
			}
			api, err := a.client(cmd)
			if err != nil {
				return err
			}
			kinds, err := drillKinds(cmd.Context(), api, account)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if list {
				return listDrills(out, a.json, kinds)
			}
			if every {
				args = nil
				for _, k := range kinds {
					if meet == "" || k.Place == "meeting" {
						args = append(args, k.Fault)
					}
				}
			}
			well := true
			for _, key := range args {
				drill, err := makeDrill(cmd.Context(), api, rest.NewAdminDrill{
					NewDrill:  rest.NewDrill{Fault: key, MeetingID: meet, HoldSeconds: int(keep.Seconds())},
					AccountID: account,
				})
				if err != nil {
					return err
				}
				well = well && drill.Fault != nil
				printDrill(out, a.json, drill)
			}
			if !well {
				return errReported
			}
			return nil
		},
	}
	a.flags(cmd.Flags())
	cmd.Flags().BoolVar(&list, "list", false, "list the drills")
	cmd.Flags().BoolVar(&every, "all", false, "make all of them, one after the other")
	cmd.Flags().StringVar(&account, "account", "", "account in which the fault comes")
	cmd.Flags().StringVar(&meet, "meeting", "", "meeting of the account in which the fault comes")
	cmd.Flags().DurationVar(&keep, "keep", 0, "how long the cause lasts after the fault came; 10m without a value")
	cmd.Flags().Lookup("keep").NoOptDefVal = defaultKeeping.String()
	return cmd
}

// drillKinds reads which drills the server can make.
func drillKinds(ctx context.Context, api *client.Client, account string) ([]rest.DrillKind, error) {
	var answer rest.DrillList
	query := url.Values{"perPage": {"1"}}
	if account != "" {
		query.Set("accountId", account)
	}
	err := api.Call(ctx, "GET", "/admin/v1/drills", query, nil, &answer)
	return answer.Kinds, err
}

// makeDrill makes a drill and waits for its fault.
func makeDrill(ctx context.Context, api *client.Client, q rest.NewAdminDrill) (drill rest.Drill, err error) {
	err = api.Call(ctx, "POST", "/admin/v1/drills", nil, q, &drill)
	for err == nil && drill.State == "running" {
		select {
		case <-ctx.Done():
			return drill, ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
		err = api.Call(ctx, "GET", "/admin/v1/drills/"+url.PathEscape(drill.ID), nil, nil, &drill)
	}
	return drill, err
}

func listDrills(out io.Writer, asJSON bool, kinds []rest.DrillKind) error {
	for _, k := range kinds {
		if asJSON {
			if err := json.NewEncoder(out).Encode(k); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(out, "%-28s %s\n", k.Fault, k.Does)
	}
	return nil
}

func printDrill(out io.Writer, asJSON bool, d rest.Drill) {
	if asJSON {
		_ = json.NewEncoder(out).Encode(d) // nobody reads on
		return
	}
	f, word := d.Fault, "ok   "
	if f == nil {
		f, word = d.Problem, "FAIL "
	}
	fmt.Fprintf(out, "%s %s: %s\n      %d %s\n      %s\n      what to do: %s\n      id: %s\n",
		word, d.FaultKey, d.Does, f.Code, f.Name, f.Detail, f.Remedy, f.ID)
	for _, again := range []struct{ name, value string }{{"link", d.Link}, {"snippet", d.Snippet}} {
		if again.value != "" {
			fmt.Fprintf(out, "      %s, until %s:\n%s\n", again.name, d.EndsAt.Local().Format(time.TimeOnly), again.value)
		}
	}
}
