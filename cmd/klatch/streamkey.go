package main

import (
	"cmp"
	"encoding/json"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/rest/client"
	"github.com/spf13/cobra"
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

// streamKeys holds the flags that the subcommands share.
type streamKeys struct {
	url, token string
	json       bool
}

func streamKeyCommand() *cobra.Command {
	s := &streamKeys{}
	cmd := group("stream-key", "Create, list and revoke the keys with which encoders publish over RTMP")
	cmd.Long = `Stream-key calls REST of a running server with a token that may call it (klatch token --roles crawler).

The token is taken from --token, where - reads standard input, else from the environment variable KLATCH_TOKEN. Prefer
the variable or standard input: what stands on a command line is in the process list.`
	cmd.Example = `  export KLATCH_TOKEN=$(klatch token --api-key K --roles crawler)
  klatch stream-key create --meeting abcd-efgh-ijkl --name "Hall camera" --expires 12h
  klatch stream-key list --json
  klatch stream-key revoke sk_3f9ajx2mwq7rtkbe`
	flags := cmd.PersistentFlags()
	flags.StringVar(&s.url, "url", cmp.Or(os.Getenv("KLATCH_URL"), "http://127.0.0.1:4000"),
		"address of the server; $KLATCH_URL")
	flags.StringVar(&s.token, "token", "",
		"token that may call REST; - reads it from standard input; default: $KLATCH_TOKEN")
	flags.BoolVar(&s.json, "json", false, "print JSON lines")
	cmd.AddCommand(s.create(), s.list(), s.revoke())
	return cmd
}

func (s *streamKeys) create() *cobra.Command {
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
				body.ExpiresAt = &at
			}
			return callREST(s, cmd, "POST", "", body, createdStreamKeyView)
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

func (s *streamKeys) list() *cobra.Command {
	var meeting string
	var page int
	cmd := &cobra.Command{
		Use: "list", Short: "List stream keys, 100 on a page, oldest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			api, err := s.client(cmd)
			if err != nil {
				return err
			}
			query := url.Values{"perPage": {"100"}, "page": {strconv.Itoa(page)}}
			if meeting != "" {
				query.Set("roomId", meeting)
			}
			var got struct{ Data []json.RawMessage }
			if err := api.Call(cmd.Context(), "GET", streamKeysPath, query, nil, &got); err != nil {
				return err
			}
			return show(cmd.OutOrStdout(), s.json, got.Data, streamKeyView)
		},
	}
	cmd.Flags().StringVar(&meeting, "meeting", "", "only those of this room")
	cmd.Flags().IntVar(&page, "page", 1, "page of the list")
	return cmd
}

func (s *streamKeys) revoke() *cobra.Command {
	return &cobra.Command{
		Use: "revoke KEY_ID", Short: "Revoke a stream key for good, and put out its encoder", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return callREST(s, cmd, "DELETE", "/"+url.PathEscape(args[0]), nil, streamKeyView)
		},
	}
}

const streamKeysPath = "/v2/stream-keys"

func (s *streamKeys) client(cmd *cobra.Command) (*client.Client, error) {
	token, err := secretFrom(cmd.InOrStdin(), s.token, "KLATCH_TOKEN")
	if err != nil {
		return nil, err
	}
	if token == "" {
		return nil, fault.InvalidParameterCredentialMissing("klatch stream-key", "a token that may call REST",
			[]string{"KLATCH_TOKEN", "--token -, which reads standard input"})
	}
	return client.New(s.url, token)
}

// callREST calls and prints the one thing that is answered.
func callREST[T any](
	s *streamKeys, cmd *cobra.Command, method, path string, body any, v view[T],
) error {
	api, err := s.client(cmd)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	if err := api.Call(cmd.Context(), method, streamKeysPath+path, nil, body, &raw); err != nil {
		return err
	}
	return show(cmd.OutOrStdout(), s.json, []json.RawMessage{raw}, v)
}
