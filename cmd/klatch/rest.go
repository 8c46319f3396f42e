package main

import (
	"cmp"
	"encoding/json"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/rest/client"
)

// restCalls holds the flags that all commands share that call REST.
type restCalls struct {
	command, url, token string
	json                bool
}

// restGroup makes a command whose subcommands call REST.
func restGroup(name, short string) (*cobra.Command, *restCalls) {
	c := &restCalls{command: "klatch " + name}
	cmd := group(name, short)
	cmd.Long = short + `, over REST of a running server.

The token is one that may call REST (klatch token --roles crawler). It is taken from --token, where - reads standard
input, else from the environment variable KLATCH_TOKEN. Prefer the variable or standard input: what stands on a command
line is in the process list.`
	flags := cmd.PersistentFlags()
	flags.StringVar(&c.url, "url", cmp.Or(os.Getenv("KLATCH_URL"), "http://127.0.0.1:4000"),
		"address of the server; $KLATCH_URL")
	flags.StringVar(&c.token, "token", "",
		"token that may call REST; - reads it from standard input; default: $KLATCH_TOKEN")
	flags.BoolVar(&c.json, "json", false, "print JSON lines")
	return cmd, c
}

func (c *restCalls) client(cmd *cobra.Command) (*client.Client, error) {
	token, err := secretFrom(cmd.InOrStdin(), c.token, "KLATCH_TOKEN")
	if err != nil {
		return nil, err
	}
	if token == "" {
		return nil, fault.InvalidParameterCredentialMissing(c.command, "a token that may call REST",
			[]string{"KLATCH_TOKEN", "--token -, which reads standard input"})
	}
	return client.New(c.url, token)
}

// callREST calls and prints the one thing that is answered.
func callREST[T any](c *restCalls, cmd *cobra.Command, method, path string, body any, v view[T]) error {
	api, err := c.client(cmd)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	if err := api.Call(cmd.Context(), method, path, nil, body, &raw); err != nil {
		return err
	}
	return show(cmd.OutOrStdout(), c.json, []json.RawMessage{raw}, v)
}

// listREST prints one page of a list.
func listREST[T any](c *restCalls, cmd *cobra.Command, path string, query url.Values, v view[T]) error {
	api, err := c.client(cmd)
	if err != nil {
		return err
	}
	var got struct{ Data []json.RawMessage }
	if err := api.Call(cmd.Context(), "GET", path, query, nil, &got); err != nil {
		return err
	}
	return show(cmd.OutOrStdout(), c.json, got.Data, v)
}
