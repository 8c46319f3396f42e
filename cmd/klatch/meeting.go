package main

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/klatch/klatch/internal/rest"
)

// meetings makes the subcommands.
type meetings struct{ *restCalls }

func meetingCommand() *cobra.Command {
	cmd, c := restGroup("meeting", "Create, list, end and deactivate meetings")
	m := meetings{c}
	cmd.Example = `  export KLATCH_TOKEN=$(klatch token --api-key K --roles crawler)
  klatch meeting create --custom-id standup --webhook https://example.com/hooks
  klatch meeting list
  klatch meeting end standup`
	cmd.AddCommand(m.create(), m.list(), m.end(), m.deactivate())
	return cmd
}

// view of rooms; the page opens with a participant's token behind "#token=".
func (m meetings) view() view[rest.Room] {
	return view[rest.Room]{
		head: []string{"MEETING", "CUSTOM ID", "CREATED", "JOINS", "PAGE"},
		row: func(r rest.Room) []string {
			custom, joins := "-", "taken"
			if r.CustomRoomID != nil {
				custom = *r.CustomRoomID
			}
			if r.Disabled {
				joins = "refused"
			}
			return []string{r.RoomID, custom, stamp(r.CreatedAt), joins, strings.TrimSuffix(m.url, "/") + "/meet/" + r.RoomID}
		},
	}
}

func (m meetings) create() *cobra.Command {
	var customID, webhook string
	cmd := &cobra.Command{
		Use: "create", Short: "Create a meeting", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			body := map[string]any{}
			if customID != "" {
				body["customRoomId"] = customID
			}
			if webhook != "" {
				body["webhook"] = map[string]any{"endPoint": webhook, "events": []string{"*"}}
			}
			return callREST(m.restCalls, cmd, "POST", "/v2/rooms", body, m.view())
		},
	}
	cmd.Flags().
		StringVar(&customID, "custom-id", "", "id of your own; for one that exists, that meeting is shown as it is")
	cmd.Flags().StringVar(&webhook, "webhook", "", "URL that is told all events")
	return cmd
}

func (m meetings) list() *cobra.Command {
	var page int
	cmd := &cobra.Command{
		Use: "list", Short: "List meetings, 100 on a page, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := url.Values{"perPage": {"100"}, "page": {strconv.Itoa(page)}}
			return listREST(m.restCalls, cmd, "/v2/rooms", query, m.view())
		},
	}
	cmd.Flags().IntVar(&page, "page", 1, "page of the list")
	return cmd
}

func (m meetings) end() *cobra.Command {
	return &cobra.Command{
		Use: "end MEETING", Short: "End the session that runs: everybody is put out with 4104", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return callREST(m.restCalls, cmd, "POST", "/v2/sessions/end", map[string]any{"roomId": args[0]}, sessionView)
		},
	}
}

func (m meetings) deactivate() *cobra.Command {
	return &cobra.Command{
		Use: "deactivate MEETING", Short: "Refuse new joins with 4052; who is in it stays", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return callREST(m.restCalls, cmd, "POST", "/v2/rooms/deactivate", map[string]any{"roomId": args[0]}, m.view())
		},
	}
}
