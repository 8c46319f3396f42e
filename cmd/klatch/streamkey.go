package main

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/rest"
)

var streamKeyView = view[rest.StreamKey]{
	head: []string{"KEY ID", "ROOM", "PARTICIPANT", "NAME", "STATE", "CREATED", "EXPIRES"},
	row: func(k rest.StreamKey) []string {
		expires := "never"
		if k.ExpiresAt != nil {
			expires = stamp(*k.ExpiresAt)
		}
		return []string{k.KeyID, k.RoomID, k.ParticipantID, k.Name, k.State, stamp(k.CreatedAt), expires}
	},
}

var createdStreamKeyView = view[rest.CreatedStreamKey]{
	head: []string{"KEY ID", "STREAM KEY (shown this once)", "SERVER"},
	row:  func(k rest.CreatedStreamKey) []string { return []string{k.KeyID, k.Key, strings.Join(k.URLs, " ")} },
}

// streamKeys makes the subcommands.
type streamKeys struct{ *restCalls }

func streamKeyCommand() *cobra.Command {
	cmd, c := restGroup("stream-key", "Create, list and revoke the keys with which encoders publish over RTMP")
	s := streamKeys{c}
	cmd.Example = `  export KLATCH_TOKEN=$(klatch token --api-key K --roles crawler)
  klatch stream-key create --meeting abcd-efgh-ijkl --name "Hall camera" --expires 12h
  klatch stream-key list --json
  klatch stream-key revoke sk_3f9ajx2mwq7rtkbe`
	cmd.AddCommand(s.create(), s.list(), s.revoke())
	return cmd
}

func (s streamKeys) create() *cobra.Command {
	var meeting, participant, name string
	var expires time.Duration
	cmd := &cobra.Command{
		Use: "create", Short: "Create a stream key; it is shown this once", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if expires < 0 {
				return fault.InvalidParameterOutOfRange("klatch stream-key create", "--expires", expires.String(),
					"a duration such as 12h; 0 for a key that does not expire")
			}
			body := rest.NewStreamKey{RoomID: meeting, ParticipantID: participant, Name: name}
			if expires > 0 {
				at := time.Now().Add(expires).UTC()
				body.ExpiresAt = new(fault.InstantOf(at))
			}
			return callREST(s.restCalls, cmd, "POST", streamKeysPath, body, createdStreamKeyView)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&meeting, "meeting", "", "room into which the encoder publishes")
	flags.StringVar(&participant, "participant", "", "id of the participant that it becomes; default: one of its own")
	flags.StringVar(&name, "name", "", "name that others see")
	flags.DurationVar(&expires, "expires", 0, "life of the key, such as 12h; 0: it does not expire")
	mustGive(cmd, "meeting")
	return cmd
}

func (s streamKeys) list() *cobra.Command {
	var meeting string
	var page int
	cmd := &cobra.Command{
		Use: "list", Short: "List stream keys, 100 on a page, oldest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := url.Values{"perPage": {"100"}, "page": {strconv.Itoa(page)}}
			if meeting != "" {
				query.Set("roomId", meeting)
			}
			return listREST(s.restCalls, cmd, streamKeysPath, query, streamKeyView)
		},
	}
	cmd.Flags().StringVar(&meeting, "meeting", "", "only those of this room")
	cmd.Flags().IntVar(&page, "page", 1, "page of the list")
	return cmd
}

func (s streamKeys) revoke() *cobra.Command {
	return &cobra.Command{
		Use: "revoke KEY_ID", Short: "Revoke a stream key for good, and put out its encoder", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return callREST(s.restCalls, cmd, "DELETE", streamKeysPath+"/"+url.PathEscape(args[0]), nil, streamKeyView)
		},
	}
}

const streamKeysPath = "/v2/stream-keys"
