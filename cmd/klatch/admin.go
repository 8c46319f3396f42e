package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/rest/client"
)

func adminCommand() *cobra.Command {
	a := &admin{}
	cmd := group("admin", "Administer accounts, API keys and what runs, on a running server")
	cmd.Long = `Admin calls the admin API of a running server.

The admin token is that of the setting admin.token, or the one the server made in its data directory. It is taken from
--admin-token, else from the environment variable KLATCH_ADMIN_TOKEN, else from the file of --admin-token-file.
Prefer the variable or the file: what stands on a command line is in the process list.

With --json each thing is one JSON line. Refusals are printed as faults, with what to do; the exit code is then 1.`
	cmd.Example = `  export KLATCH_ADMIN_TOKEN=$(cat klatch-data/admin-token)
  klatch admin account create --name Acme
  klatch admin key create --account ACCOUNT --label "phone app"
  klatch admin fault list --code 4002 --json`
	a.flags(cmd.PersistentFlags())
	cmd.AddCommand(a.accountCommand(), a.keyCommand(), a.meetingCommand(), a.sessionCommand(), a.faultCommand(),
		a.consoleCommand(), a.auditCommand())
	return cmd
}

// admin holds the flags that all subcommands share.
type admin struct {
	url, token, tokenFile string
	json                  bool
}

func (a *admin) flags(flags *pflag.FlagSet) {
	flags.StringVar(
		&a.url,
		"url",
		cmp.Or(os.Getenv("KLATCH_URL"), "http://127.0.0.1:4000"),
		"address of the server; $KLATCH_URL",
	)
	flags.StringVar(
		&a.token,
		"admin-token",
		"",
		"admin token, or - to read it from standard input; default: $KLATCH_ADMIN_TOKEN",
	)
	flags.StringVar(
		&a.tokenFile,
		"admin-token-file",
		"klatch-data/admin-token",
		"file with the admin token, used when nothing else provides it",
	)
	flags.BoolVar(&a.json, "json", false, "print JSON lines")
}

func (a *admin) client(cmd *cobra.Command) (*client.Client, error) {
	token, err := secretFrom(cmd.InOrStdin(), a.token, "KLATCH_ADMIN_TOKEN")
	if err != nil {
		return nil, err
	}
	if token == "" {
		text, err := os.ReadFile(a.tokenFile)
		if err != nil {
			return nil, fault.InvalidParameterCredentialMissing(
				"klatch admin",
				"an admin token",
				[]string{
					"KLATCH_ADMIN_TOKEN",
					"--admin-token -, which reads standard input",
					"--admin-token-file (" + a.tokenFile + ")",
				},
			).
				Because(err)
		}
		token = strings.TrimSpace(string(text))
	}
	return client.New(a.url, token)
}

// view returns how a thing looks in a table.
type view[T any] struct {
	head []string
	row  func(T) []string
}

// one calls and prints the one thing that is answered.
func one[T any](a *admin, cmd *cobra.Command, method, path string, body any, v view[T]) error {
	api, err := a.client(cmd)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	if err := api.Call(cmd.Context(), method, path, nil, body, &raw); err != nil {
		return err
	}
	return show(cmd.OutOrStdout(), a.json, []json.RawMessage{raw}, v)
}

// list reads pages until limit things are there, and prints them.
func list[T any](a *admin, cmd *cobra.Command, path string, query url.Values, limit int, v view[T]) error {
	api, err := a.client(cmd)
	if err != nil {
		return err
	}
	items, total, err := pages(cmd.Context(), api, path, query, limit)
	if err != nil {
		return err
	}
	if err := show(cmd.OutOrStdout(), a.json, items, v); err != nil {
		return err
	}
	if more := total - len(items); more > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "%d more; --limit %d shows all.\n", more, total)
	}
	return nil
}

func pages(
	ctx context.Context,
	api *client.Client,
	path string,
	query url.Values,
	limit int,
) (items []json.RawMessage, total int, err error) {
	const perPage = 100
	query = maps.Clone(query)
	if query == nil {
		query = url.Values{}
	}
	query.Set("perPage", strconv.Itoa(perPage))
	for page := 1; ; page++ {
		var got struct {
			PageInfo rest.PageInfo     `json:"pageInfo"`
			Data     []json.RawMessage `json:"data"`
		}
		query.Set("page", strconv.Itoa(page))
		if err := api.Call(ctx, "GET", path, query, nil, &got); err != nil {
			return nil, 0, err
		}
		items = append(items, got.Data...)
		if len(items) >= limit || len(got.Data) == 0 || page >= got.PageInfo.LastPage {
			return items[:min(limit, len(items))], got.PageInfo.Total, nil
		}
	}
}

func show[T any](w io.Writer, asJSON bool, items []json.RawMessage, v view[T]) error {
	if asJSON {
		for _, item := range items {
			if _, err := fmt.Fprintf(w, "%s\n", item); err != nil {
				return err
			}
		}
		return nil
	}
	if len(items) == 0 {
		_, err := fmt.Fprintln(w, "none")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, strings.Join(v.head, "\t"))
	for _, item := range items {
		var thing T
		if err := json.Unmarshal(item, &thing); err != nil {
			return err
		}
		row := v.row(thing)
		for i := range row {
			row[i] = strings.Map(printable, row[i])
		}
		fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	return table.Flush()
}

// printable keeps what others chose, names and ids, from moving the cursor of the operator's terminal.
func printable(r rune) rune {
	if !unicode.IsPrint(r) {
		return '·'
	}
	return r
}

func limitFlag(cmd *cobra.Command, limit *int, value int) {
	cmd.Flags().IntVar(limit, "limit", value, "how many to show at most")
}

// group holds commands; a word that names none of them is an error, not a reason to print help.
func group(use, short string) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
}

// mustGive makes a flag required; an error would mean that the flag is not defined.
func mustGive(cmd *cobra.Command, flag string) { _ = cmd.MarkFlagRequired(flag) }

func stamp(t fault.Instant) string { return t.Local().Format("2006-01-02 15:04:05") }

func stampOrDash(t *fault.Instant) string {
	if t == nil {
		return "-"
	}
	return stamp(*t)
}

// changed returns the JSON names of those flags that were given, with their values.
func changed(cmd *cobra.Command, names map[string]string, value func(flag string) any) map[string]any {
	out := map[string]any{}
	for _, flag := range slices.Sorted(maps.Keys(names)) {
		if cmd.Flags().Changed(flag) {
			out[names[flag]] = value(flag)
		}
	}
	return out
}
