package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/drill"
)

func drillCommand() *cobra.Command {
	a := &admin{}
	var list, every, keep bool
	cmd := &cobra.Command{
		Use:   "drill CODE[.REASON]...",
		Short: "Make a fault happen on a running server, for its real cause",
		Long: `Drill makes faults happen as they do in earnest, in an account and a meeting of their own: an expired token, a full
meeting, an RTMP server that does not exist. It prints the fault that came; its id leads to it in the log, the timeline
and the console. Use it to see what your users and your monitoring will be told, before it matters.

With --keep the account stays, and for what a browser can do the link is printed with which the fault occurs again; else
the account is deactivated at the end. It needs the admin token, as klatch admin does. It ends with exit code 1 when a
drill does not bring its fault.`,
		Example: "  klatch drill --list\n  klatch drill 4009.LIMIT --keep\n  klatch drill --all --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			out := cmd.OutOrStdout()
			if list {
				return listDrills(out, a.json)
			}
			chosen := drill.All()
			if !every {
				if len(args) == 0 {
					return fault.InvalidParameterMissing("klatch drill", "CODE, or --list, or --all")
				}
				chosen = nil
				for _, key := range args {
					d, ok := drill.Find(key)
					if !ok {
						return fault.InvalidParameterNotAllowed("klatch drill", "CODE", key, drillKeys())
					}
					chosen = append(chosen, d)
				}
			}
			api, err := a.client(cmd)
			if err != nil {
				return err
			}
			well := true
			for _, d := range chosen {
				result, err := d.Run(cmd.Context(), drill.Options{URL: strings.TrimRight(a.url, "/"), Admin: api, Keep: keep})
				well = well && err == nil
				printDrill(out, a.json, keep, result, err)
				if cmd.Context().Err() != nil {
					break
				}
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
	cmd.Flags().BoolVar(&keep, "keep", false, "keep the account of the drill, and print the link")
	return cmd
}

func drillKeys() (keys []string) {
	for _, d := range drill.All() {
		keys = append(keys, d.Key)
	}
	return keys
}

func listDrills(out io.Writer, asJSON bool) error {
	for _, d := range drill.All() {
		if asJSON {
			if err := json.NewEncoder(out).Encode(map[string]string{"key": d.Key, "how": d.How}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(out, "%-24s %s\n", d.Key, d.How)
	}
	return nil
}

func printDrill(out io.Writer, asJSON, keep bool, result drill.Result, err error) {
	if !keep {
		result.Link = ""
	}
	if asJSON {
		line := struct {
			drill.Result
			Error string `json:"error,omitempty"`
		}{Result: result}
		if err != nil {
			line.Error = err.Error()
		}
		_ = json.NewEncoder(out).Encode(line) // nobody reads on
		return
	}
	if err != nil {
		fmt.Fprintf(out, "FAIL  %s: %v\n", result.Key, err)
		return
	}
	f := result.Fault
	fmt.Fprintf(out, "ok    %s: %s\n      %d %s\n      %s\n      what to do: %s\n      id: %s\n",
		result.Key, result.How, f.Code, f.Name, f.Detail, f.Remedy, f.ID)
	if result.Link != "" {
		fmt.Fprintf(out, "      again: %s\n", result.Link)
	}
}
