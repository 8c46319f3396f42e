package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/klatch/klatch/fault"
	"github.com/spf13/cobra"
)

func errorsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "errors [CODE|NAME|REASON]",
		Short: "Explain the error codes",
		Long: "Explain every error that Klatch can report: what broke, why, and what to do.\n\n" +
			"Without an argument it lists all codes and reasons. With --json each reason is one JSON line.",
		Example: "  klatch errors 4002\n  klatch errors INVALID_TOKEN\n  klatch errors 4002.EXPIRED --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			entries, show := fault.Catalogue(), listEntries
			if len(args) == 1 {
				entries, show = fault.Find(args[0]), explainEntries
				if len(entries) == 0 {
					fmt.Fprintf(
						cmd.ErrOrStderr(),
						"klatch errors: no code, name or reason is called %q.\nThe nearest are %s.\n",
						args[0],
						strings.Join(fault.Nearest(args[0], 3), ", "),
					)
					return errReported
				}
			}
			if asJSON {
				show = entriesAsJSON
			}
			return show(cmd.OutOrStdout(), entries)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var words []string
			for _, group := range fault.ByCode(fault.Catalogue()) {
				words = append(words, fmt.Sprint(group[0].Code), group[0].Name)
			}
			return words, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON line per reason")
	return cmd
}

func entriesAsJSON(w io.Writer, entries []fault.Entry) error {
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	for _, e := range entries {
		if err := lines.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

func listEntries(w io.Writer, entries []fault.Entry) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CODE\tNAME\tREASON\tFATAL\tRETRY")
	for _, e := range entries {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\n", e.Code, e.Name, e.Reason, mark(e.Fatal), mark(e.Retryable))
	}
	fmt.Fprintln(table, "\nklatch errors CODE explains one.")
	return table.Flush()
}

func explainEntries(w io.Writer, entries []fault.Entry) error {
	var b strings.Builder
	for i, group := range fault.ByCode(entries) {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%d %s\n  %s\n", group[0].Code, group[0].Name, group[0].Message)
		for _, e := range group {
			fmt.Fprintf(
				&b,
				"\n  %s\n    what happened  %s\n    what to do     %s\n    told to        %s\n    fatal          %s\n    retry  "+
					"        %s\n",
				e.Reason,
				e.Detail,
				e.Remedy,
				strings.Join(e.Tells, ", "),
				mark(e.Fatal),
				mark(e.Retryable),
			)
			if e.Origin == "server" {
				fmt.Fprintf(&b, "    HTTP status    %d\n", e.HTTP)
			}
			if len(e.Params) > 0 {
				keys := make([]string, 0, len(e.Params))
				for _, p := range e.Params {
					keys = append(keys, p.Key+" ("+p.Type+")")
				}
				fmt.Fprintf(&b, "    details        %s\n", strings.Join(keys, ", "))
			}
			if e.Pending != "" {
				fmt.Fprintf(&b, "    status         not raised yet; it comes with %s\n", e.Pending)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func mark(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
