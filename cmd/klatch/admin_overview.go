package main

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/rest"
	"github.com/spf13/cobra"
)

var roomView = view[rest.Room]{
	head: []string{"MEETING", "CUSTOM ID", "DISABLED", "CREATED"},
	row: func(r rest.Room) []string {
		custom := "-"
		if r.CustomRoomID != nil {
			custom = *r.CustomRoomID
		}
		return []string{r.RoomID, custom, mark(r.Disabled), stamp(r.CreatedAt)}
	},
}

var sessionView = view[rest.Session]{
	head: []string{"SESSION", "MEETING", "STATUS", "START", "SECONDS", "PARTICIPANTS"},
	row: func(s rest.Session) []string {
		return []string{
			s.ID,
			s.RoomID,
			s.Status,
			stamp(s.Start),
			strconv.FormatInt(s.ActiveDuration, 10),
			strconv.Itoa(len(s.Participants)),
		}
	},
}

var liveView = view[rest.LiveSession]{
	head: []string{"SESSION", "MEETING", "ACCOUNT", "START", "PARTICIPANTS", "WAITING"},
	row: func(s rest.LiveSession) []string {
		return []string{
			s.SessionID,
			s.MeetingID,
			s.AccountID,
			stamp(s.StartedAt),
			strconv.Itoa(s.Participants),
			strconv.Itoa(s.Waiting),
		}
	},
}

var faultView = view[rest.FaultEntry]{
	head: []string{"AT", "CODE", "NAME", "REASON", "MEETING", "PARTICIPANT", "ID", "DETAIL"},
	row: func(f rest.FaultEntry) []string {
		return []string{
			stamp(
				f.At,
			),
			strconv.Itoa(f.Code),
			f.Name,
			f.Reason,
			orDash(strings.Fields(f.MeetingID)),
			orDash(strings.Fields(f.ParticipantID)),
			f.ID,
			f.Detail,
		}
	},
}

func (a *admin) meetingCommand() *cobra.Command {
	var (
		account string
		limit   int
	)
	cmd := group("meeting", "List meetings")
	listing := &cobra.Command{
		Use:     "list",
		Short:   "List the meetings of an account, newest first",
		Args:    cobra.NoArgs,
		Example: "  klatch admin meeting list --account acme",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return list(a, cmd, accountPath(account, "rooms"), nil, limit, roomView)
		},
	}
	listing.Flags().StringVar(&account, "account", "", "the account")
	limitFlag(listing, &limit, 100)
	mustGive(listing, "account")
	cmd.AddCommand(listing)
	return cmd
}

func (a *admin) sessionCommand() *cobra.Command {
	var (
		account string
		past    bool
		limit   int
	)
	cmd := group("session", "List and end sessions")
	listing := &cobra.Command{
		Use: "list", Short: "List the running sessions, newest first", Args: cobra.NoArgs,
		Example: "  klatch admin session list\n  klatch admin session list --account acme --past",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !past {
				return list(a, cmd, "/admin/v1/sessions", filters("accountId", account), limit, liveView)
			}
			if account == "" {
				return fault.InvalidParameterMissing("klatch admin session list --past", "--account")
			}
			return list(a, cmd, accountPath(account, "sessions"), nil, limit, sessionView)
		},
	}
	listing.Flags().StringVar(&account, "account", "", "only those of this account")
	listing.Flags().BoolVar(&past, "past", false, "also those that have ended; needs --account")
	limitFlag(listing, &limit, 100)
	cmd.AddCommand(listing, &cobra.Command{
		Use:     "end SESSION",
		Short:   "End a running session for everybody",
		Args:    cobra.ExactArgs(1),
		Example: "  klatch admin session end 0198...",
		RunE: func(cmd *cobra.Command, args []string) error {
			return one(a, cmd, "POST", "/admin/v1/sessions/"+url.PathEscape(args[0])+"/end", nil, liveView)
		},
	})
	return cmd
}

func (a *admin) faultCommand() *cobra.Command {
	var (
		account, meeting, session, participant, reason string
		code, limit                                    int
		since                                          time.Duration
	)
	cmd := group("fault", "Read the fault timeline")
	listing := &cobra.Command{
		Use:   "list",
		Short: "List faults, newest first",
		Args:  cobra.NoArgs,
		Example: "  klatch admin fault list --since 1h\n  klatch admin fault list --code 4002 --reason EXPIRED --json\n  " +
			"klatch admin fault list --meeting abcd-efgh-ijkl",
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := filters(
				"accountId",
				account,
				"meetingId",
				meeting,
				"sessionId",
				session,
				"participantId",
				participant,
				"reason",
				reason,
			)
			if code != 0 {
				query.Set("code", strconv.Itoa(code))
			}
			if since > 0 {
				query.Set("since", time.Now().Add(-since).UTC().Format(time.RFC3339))
			}
			return list(a, cmd, "/admin/v1/faults", query, limit, faultView)
		},
	}
	flags := listing.Flags()
	flags.StringVar(&account, "account", "", "of this account")
	flags.StringVar(&meeting, "meeting", "", "in this meeting")
	flags.StringVar(&session, "session", "", "in this session")
	flags.StringVar(&participant, "participant", "", "of this participant")
	flags.IntVar(&code, "code", 0, "with this code")
	flags.StringVar(&reason, "reason", "", "with this reason")
	flags.DurationVar(&since, "since", 0, "not older than this, such as 1h")
	limitFlag(listing, &limit, 50)
	cmd.AddCommand(listing)
	return cmd
}
