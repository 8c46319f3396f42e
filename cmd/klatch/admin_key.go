package main

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/rest"
	"github.com/spf13/cobra"
)

var keyView = view[rest.Key]{
	head: []string{"API KEY", "ACCOUNT", "LABEL", "STATE", "SINCE", "CREATED", "LAST USED", "REVOKED AT"},
	row: func(k rest.Key) []string {
		return []string{k.APIKey, k.AccountID, k.Label, k.State, stamp(k.StateSince), stamp(k.CreatedAt),
			stampOrDash(k.LastUsedAt), stampOrDash(k.ExpiresAt)}
	},
}

var createdKeyView = view[rest.CreatedKey]{
	head: []string{"API KEY", "SECRET (shown this once)", "ACCOUNT", "LABEL"},
	row:  func(k rest.CreatedKey) []string { return []string{k.APIKey, k.Secret, k.AccountID, k.Label} },
}

func keyPath(apiKey, action string) string {
	path := "/admin/v1/keys/" + url.PathEscape(apiKey)
	if action != "" {
		path += "/" + action
	}
	return path
}

func (a *admin) keyCommand() *cobra.Command {
	cmd := group("key", "Create, list and change API keys")
	cmd.AddCommand(a.createKey(), a.listKeys(), a.rotateKey())
	for use, short := range map[string]string{
		"get":        "Show an API key, without its secret",
		"activate":   "Activate an API key again",
		"deactivate": "Deactivate an API key: everybody who joined with it is put out at once with 4053",
		"revoke":     "Revoke an API key for good: running calls go on, new joins are refused with 4001",
	} {
		cmd.AddCommand(&cobra.Command{
			Use:     use + " KEY",
			Short:   short,
			Args:    cobra.ExactArgs(1),
			Example: "  klatch admin key " + use + " 6f2c...",
			RunE: func(cmd *cobra.Command, args []string) error {
				if use == "get" {
					return one(a, cmd, "GET", keyPath(args[0], ""), nil, keyView)
				}
				return one(a, cmd, "POST", keyPath(args[0], use), nil, keyView)
			},
		})
	}
	return cmd
}

func (a *admin) createKey() *cobra.Command {
	var account, label, apiKey, secretFile string
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Create an API key and show its secret, this once",
		Args:  cobra.NoArgs,
		Long: "Create an API key and show its secret, this once: the server keeps it encrypted and never shows it " +
			"again.\n\n" +
			"--api-key and --secret-file bring a key along from elsewhere, so that tokens minted with it stay valid.",
		Example: "  klatch admin key create --account acme --label \"phone app\"\n  klatch admin key create --account " +
			"acme --api-key K --secret-file secret.txt",
		RunE: func(cmd *cobra.Command, _ []string) error {
			body := map[string]any{"accountId": account}
			if secretFile != "" {
				text, err := os.ReadFile(secretFile)
				if err != nil {
					return fmt.Errorf("--secret-file: %w", err)
				}
				body["secret"] = strings.TrimRight(string(text), "\r\n")
			}
			for field, value := range map[string]string{"label": label, "apiKey": apiKey} {
				if value != "" {
					body[field] = value
				}
			}
			return one(a, cmd, "POST", "/admin/v1/keys", body, createdKeyView)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&account, "account", "", "the account that owns the key")
	flags.StringVar(&label, "label", "", "what the key is for")
	flags.StringVar(&apiKey, "api-key", "", "the key itself; made when absent")
	flags.StringVar(&secretFile, "secret-file", "", "file with the secret; made when absent")
	mustGive(cmd, "account")
	return cmd
}

func (a *admin) listKeys() *cobra.Command {
	var (
		account string
		limit   int
	)
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List API keys, oldest first",
		Args:    cobra.NoArgs,
		Example: "  klatch admin key list --account acme",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return list(a, cmd, "/admin/v1/keys", filters("accountId", account), limit, keyView)
		},
	}
	cmd.Flags().StringVar(&account, "account", "", "only the keys of this account")
	limitFlag(cmd, &limit, 100)
	return cmd
}

func (a *admin) rotateKey() *cobra.Command {
	var overlap time.Duration
	cmd := &cobra.Command{
		Use:   "rotate KEY",
		Short: "Create a key with the same account and label, and revoke the old one",
		Args:  cobra.ExactArgs(1),
		Long: "Rotate creates a key with the same account and label, shows its secret, and revokes the old one: running " +
			"calls go\non, tokens of the old key no longer open anything.\n\n" +
			"To change over without a gap, give --overlap: both keys hold for that time. `klatch admin key list` shows when " +
			"a key was\nlast used.",
		Example: "  klatch admin key rotate 6f2c...\n  klatch admin key rotate 6f2c... --overlap 24h",
		RunE: func(cmd *cobra.Command, args []string) error {
			body := map[string]any{"overlapSeconds": int(overlap / time.Second)}
			return one(a, cmd, "POST", keyPath(args[0], "rotate"), body, createdKeyView)
		},
	}
	cmd.Flags().DurationVar(&overlap, "overlap", 0, "how long the old key holds beside the new one, to 720h")
	return cmd
}

// filters makes a query of names and values; empty values ask for nothing.
func filters(pairs ...string) url.Values {
	out := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out.Set(pairs[i], pairs[i+1])
		}
	}
	return out
}
