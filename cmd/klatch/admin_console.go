package main

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/rest"
	"github.com/spf13/cobra"
)

var createdInviteView = view[rest.CreatedInvite]{
	head: []string{"LINK (shown this once, works once)", "ROLE", "EXPIRES", "INVITE"},
	row: func(i rest.CreatedInvite) []string {
		return []string{i.Link, i.Role, stamp(i.ExpiresAt), i.InviteID}
	},
}

var inviteView = view[rest.Invite]{
	head: []string{"INVITE", "ACCOUNT", "ROLE", "STATE", "CREATED", "EXPIRES"},
	row: func(i rest.Invite) []string {
		return []string{i.InviteID, i.AccountID, i.Role, i.State, stamp(i.CreatedAt), stamp(i.ExpiresAt)}
	},
}

var consoleSessionView = view[rest.ConsoleSession]{
	head: []string{"SESSION", "ROLE", "ACCOUNT", "ADDRESS", "SIGNED IN", "SEEN", "ENDED BY"},
	row: func(s rest.ConsoleSession) []string {
		return []string{s.ConsoleSessionID, s.Role, s.AccountID, s.Address, stamp(s.CreatedAt), stamp(s.SeenAt), s.EndedBy}
	},
}

var auditView = view[rest.AuditEntry]{
	head: []string{"AT", "ACTOR", "ADDRESS", "ROUTE", "IDS", "RESULT"},
	row: func(e rest.AuditEntry) []string {
		var ids []string
		for _, name := range slices.Sorted(maps.Keys(e.IDs)) {
			ids = append(ids, name+"="+e.IDs[name])
		}
		result := fmt.Sprint(e.Status)
		if e.Code != 0 {
			result = fmt.Sprintf("%d %s %s", e.Code, e.Reason, e.FaultID)
		}
		return []string{stamp(e.At), e.Actor, e.Address, e.Route, strings.Join(ids, " "), result}
	},
}

// inviteCommands are those of account about sign-in links of the console.
func (a *admin) inviteCommands() []*cobra.Command {
	var (
		role  string
		ttl   time.Duration
		limit int
	)
	invite := &cobra.Command{
		Use:   "invite ACCOUNT",
		Short: "Create a link that signs somebody in to the console, once",
		Args:  cobra.ExactArgs(1),
		Long: "Invite prints a link that signs one person in to the console, once. The server keeps no copy of its secret, " +
			"which\nstands after the # and so reaches no log of a server or proxy.\n\n" +
			"A developer sees and changes this account alone. Support reads all accounts of the server and changes nothing.",
		Example: "  klatch admin account invite acme\n  klatch admin account invite acme --role support --ttl 1h",
		RunE: func(cmd *cobra.Command, args []string) error {
			body := map[string]any{"role": role, "ttlSeconds": int(ttl / time.Second)}
			return one(a, cmd, "POST", accountPath(args[0], "invites"), body, createdInviteView)
		},
	}
	invite.Flags().StringVar(&role, "role", "developer", "developer or support")
	invite.Flags().DurationVar(&ttl, "ttl", 24*time.Hour, "how long the link can be used, from 1m to 720h")
	invites := &cobra.Command{
		Use:     "invites ACCOUNT",
		Short:   "List the sign-in links of an account, newest first",
		Args:    cobra.ExactArgs(1),
		Example: "  klatch admin account invites acme",
		RunE: func(cmd *cobra.Command, args []string) error {
			return list(a, cmd, accountPath(args[0], "invites"), nil, limit, inviteView)
		},
	}
	limitFlag(invites, &limit, 100)
	revoke := &cobra.Command{
		Use:     "revoke-invite ACCOUNT INVITE",
		Short:   "Revoke a sign-in link, and end the console session that it began",
		Args:    cobra.ExactArgs(2),
		Example: "  klatch admin account revoke-invite acme inv_b5c5qiotnei6hs4l",
		RunE: func(cmd *cobra.Command, args []string) error {
			path := accountPath(args[0], "invites") + "/" + url.PathEscape(args[1]) + "/revoke"
			return one(a, cmd, "POST", path, nil, inviteView)
		},
	}
	return []*cobra.Command{invite, invites, revoke}
}

func (a *admin) consoleCommand() *cobra.Command {
	cmd := group("console", "List and end sign-ins to the console")
	var (
		account string
		limit   int
	)
	listing := &cobra.Command{
		Use:     "list",
		Short:   "List who is or was signed in, newest first",
		Args:    cobra.NoArgs,
		Example: "  klatch admin console list --account acme",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return list(a, cmd, "/admin/v1/console-sessions", filters("accountId", account), limit, consoleSessionView)
		},
	}
	listing.Flags().StringVar(&account, "account", "", "only those of this account")
	limitFlag(listing, &limit, 100)
	end := &cobra.Command{
		Use:     "end SESSION",
		Short:   "Sign somebody out",
		Args:    cobra.ExactArgs(1),
		Example: "  klatch admin console end cs_b5c5qiotnei6hs4l",
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "/admin/v1/console-sessions/" + url.PathEscape(args[0]) + "/end"
			return one(a, cmd, "POST", path, nil, consoleSessionView)
		},
	}
	cmd.AddCommand(listing, end)
	return cmd
}

func (a *admin) auditCommand() *cobra.Command {
	var (
		account, actor, session string
		since                   time.Duration
		limit                   int
	)
	cmd := &cobra.Command{
		Use:     "audit",
		Short:   "List the changes made over the console and with the admin token, newest first",
		Args:    cobra.NoArgs,
		Example: "  klatch admin audit --account acme --since 24h",
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := filters("accountId", account, "actor", actor, "consoleSessionId", session)
			if since > 0 {
				query.Set("since", time.Now().Add(-since).UTC().Format(time.RFC3339))
			}
			return list(a, cmd, "/admin/v1/audit", query, limit, auditView)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&account, "account", "", "of this account")
	flags.StringVar(&actor, "actor", "", "by admin-token, operator, developer or support")
	flags.StringVar(&session, "session", "", "of this session of the console")
	flags.DurationVar(&since, "since", 0, "not older than this, such as 1h")
	limitFlag(cmd, &limit, 50)
	return cmd
}
