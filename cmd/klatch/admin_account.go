package main

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/klatch/klatch/internal/rest"
	"github.com/spf13/cobra"
)

var accountView = view[rest.Account]{
	head: []string{"ID", "NAME", "STATE", "SINCE", "LIMITS", "RIGHTS", "MESSAGE"},
	row: func(a rest.Account) []string {
		var limits, rights []string
		for _, limit := range []struct {
			name  string
			value int
		}{
			{"participants", a.Limits.Participants}, {"speakers", a.Limits.Speakers},
			{"account speakers", a.Limits.AccountSpeakers},
			{"account viewers", a.Limits.AccountViewers}, {"account receivers", a.Limits.AccountReceivers},
			{"recordings", a.Limits.Recordings}, {"HLS", a.Limits.HLS}, {"livestreams", a.Limits.Livestreams},
		} {
			if limit.value > 0 {
				limits = append(limits, strconv.Itoa(limit.value)+" "+limit.name)
			}
		}
		if a.Settings.EveryoneMayModerate {
			rights = append(rights, "everyone moderates")
		}
		if a.Settings.EveryoneMayEnd {
			rights = append(rights, "everyone ends")
		}
		if a.Settings.EveryoneMayEgress {
			rights = append(rights, "everyone records and streams")
		}
		if a.Settings.AddOnsDisabled {
			rights = append(rights, "no recording and streaming")
		}
		if a.Settings.RESTRequiresCrawler {
			rights = append(rights, "REST with crawler only")
		}
		return []string{a.ID, a.Name, a.State, stamp(a.StateSince), orDash(limits), orDash(rights), a.StateMessage}
	},
}

func orDash(words []string) string {
	if len(words) == 0 {
		return "-"
	}
	return strings.Join(words, ", ")
}

func accountPath(id, action string) string {
	path := "/admin/v1/accounts/" + url.PathEscape(id)
	if action != "" {
		path += "/" + action
	}
	return path
}

func (a *admin) accountCommand() *cobra.Command {
	cmd := group("account", "Create, list and change accounts")
	cmd.AddCommand(a.createAccount(), a.listAccounts(), a.setAccount(), a.accountLimits(), a.discontinueAccount())
	cmd.AddCommand(a.inviteCommands()...)
	for use, short := range map[string]string{
		"get":        "Show an account",
		"activate":   "Activate an account again",
		"deactivate": "Deactivate an account: everybody of it is put out at once with 4006",
	} {
		cmd.AddCommand(&cobra.Command{
			Use:     use + " ACCOUNT",
			Short:   short,
			Args:    cobra.ExactArgs(1),
			Example: "  klatch admin account " + use + " acme",
			RunE: func(cmd *cobra.Command, args []string) error {
				if use == "get" {
					return one(a, cmd, "GET", accountPath(args[0], ""), nil, accountView)
				}
				return one(a, cmd, "POST", accountPath(args[0], use), nil, accountView)
			},
		})
	}
	return cmd
}

// accountFlags are those of create and set.
func accountFlags(cmd *cobra.Command) (body func() map[string]any) {
	var (
		name, email                                      string
		moderate, end, egress, disabled, crawler, drills bool
	)
	flags := cmd.Flags()
	flags.StringVar(&name, "name", "", "name of the account")
	flags.StringVar(&email, "email", "", "address of its owner")
	flags.BoolVar(&moderate, "everyone-may-moderate", false, "give allow_mod to every participant")
	flags.BoolVar(&end, "everyone-may-end", false, "let every participant end the session")
	flags.BoolVar(&egress, "everyone-may-egress", false, "let every participant record, stream and show HLS")
	flags.BoolVar(&disabled, "add-ons-disabled", false, "refuse recording, livestream and HLS (4021)")
	flags.BoolVar(&crawler, "rest-requires-crawler", false, "refuse REST calls of tokens without roles (4024)")
	flags.BoolVar(&drills, "drills", false, "let drills make faults in its meetings (klatch drill); else 4105")
	return func() map[string]any {
		out := changed(
			cmd,
			map[string]string{"name": "name", "email": "email"},
			func(flag string) any { return flags.Lookup(flag).Value.String() },
		)
		settings := changed(cmd, map[string]string{
			"everyone-may-moderate": "everyoneMayModerate", "everyone-may-end": "everyoneMayEnd",
			"everyone-may-egress": "everyoneMayEgress", "add-ons-disabled": "addOnsDisabled",
			"rest-requires-crawler": "restRequiresCrawler", "drills": "drills",
		}, func(flag string) any { return flags.Lookup(flag).Value.String() == "true" })
		if len(settings) > 0 {
			out["settings"] = settings
		}
		return out
	}
}

func (a *admin) createAccount() *cobra.Command {
	var id string
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Create an account",
		Args:  cobra.NoArgs,
		Example: "  klatch admin account create --name Acme\n  klatch admin account create --id acme --name Acme " +
			"--everyone-may-end",
	}
	cmd.Flags().StringVar(&id, "id", "", "id of the account; made when absent")
	body := accountFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		fields := body()
		if id != "" {
			fields["id"] = id
		}
		return one(a, cmd, "POST", "/admin/v1/accounts", fields, accountView)
	}
	return cmd
}

func (a *admin) listAccounts() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List accounts, oldest first",
		Args:    cobra.NoArgs,
		Example: "  klatch admin account list --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return list(a, cmd, "/admin/v1/accounts", nil, limit, accountView)
		},
	}
	limitFlag(cmd, &limit, 100)
	return cmd
}

func (a *admin) setAccount() *cobra.Command {
	cmd := &cobra.Command{
		Use: "set ACCOUNT", Short: "Change name, address and rights", Args: cobra.ExactArgs(1),
		Example: "  klatch admin account set acme --name \"Acme Ltd\" --everyone-may-moderate=false",
	}
	body := accountFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return one(a, cmd, "PATCH", accountPath(args[0], ""), body(), accountView)
	}
	return cmd
}

func (a *admin) accountLimits() *cobra.Command {
	names := map[string]string{
		"participants": "participants", "speakers": "speakers", "account-speakers": "accountSpeakers",
		"account-viewers": "accountViewers", "account-receivers": "accountReceivers",
		"recordings": "recordings", "hls": "hls", "livestreams": "livestreams",
	}
	values := map[string]*int{}
	cmd := &cobra.Command{
		Use:   "limits ACCOUNT",
		Short: "Set limits; 0 takes one away",
		Args:  cobra.ExactArgs(1),
		Long:  "Set limits. They count for the next join; who is in stays in. Without a flag the limits are shown.",
		Example: "  klatch admin account limits acme --participants 50 --speakers 15\n  klatch admin account limits acme " +
			"--participants 0",
		RunE: func(cmd *cobra.Command, args []string) error {
			limits := changed(cmd, names, func(flag string) any { return *values[flag] })
			if len(limits) == 0 {
				return one(a, cmd, "GET", accountPath(args[0], ""), nil, accountView)
			}
			return one(a, cmd, "PATCH", accountPath(args[0], ""), map[string]any{"limits": limits}, accountView)
		},
	}
	for flag, help := range map[string]string{
		"participants": "in one meeting (4009)", "speakers": "who may speak in one meeting (4010)",
		"account-speakers":  "who may speak, in all meetings (4026)",
		"account-viewers":   "SIGNALLING_ONLY, in all meetings (4027)",
		"account-receivers": "RECV_ONLY, in all meetings (4041)", "recordings": "recordings at once, in all meetings (4028)",
		"hls": "HLS streams at once, in all meetings (4029)", "livestreams": "livestreams at once, in all meetings (4030)",
	} {
		values[flag] = cmd.Flags().Int(flag, 0, help)
	}
	return cmd
}

func (a *admin) discontinueAccount() *cobra.Command {
	var message string
	cmd := &cobra.Command{
		Use:     "discontinue ACCOUNT",
		Short:   "Discontinue an account, in your own words: everybody of it is put out with 4007",
		Args:    cobra.ExactArgs(1),
		Example: "  klatch admin account discontinue acme --message \"Please pay invoice 7.\"",
		RunE: func(cmd *cobra.Command, args []string) error {
			return one(
				a,
				cmd,
				"POST",
				accountPath(args[0], "discontinue"),
				map[string]any{"message": message},
				accountView,
			)
		},
	}
	cmd.Flags().StringVar(&message, "message", "", "what everybody of the account is told")
	mustGive(cmd, "message")
	return cmd
}
