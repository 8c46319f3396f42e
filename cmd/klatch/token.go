package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/spf13/cobra"
)

func tokenCommand() *cobra.Command {
	var (
		grant  gate.Grant
		secret string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Mint a token for joining or for REST",
		Long: `Token signs a JSON Web Token with the secret of an API key, as your own server would. It asks no server.

The secret is best given by the environment variable KLATCH_SECRET, or on standard input with --secret -, so that it
is neither in the process list nor in the shell's history.

The token is a participant's: it has the role rtc and joins only. The token with which your server calls REST has the
role crawler; never give that one to a participant, for it may do everything in the account.`,
		Example: `  KLATCH_SECRET=... klatch token --api-key K
  klatch token --api-key K --secret - < secret.txt
  klatch token --api-key K --permissions ask_join --meeting abcd-efgh-ijkl --participant ann --expires 2h
  klatch token --api-key K --roles crawler            # for your server: REST only`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			grant.APIKey = cmp.Or(grant.APIKey, strings.TrimSpace(os.Getenv("KLATCH_API_KEY")))
			if grant.APIKey == "" {
				return fault.InvalidParameterMissing("klatch token", "--api-key")
			}
			if gate.LooksLikeSecret(grant.APIKey) { // the claims of a token can be read by everybody who has it
				return fault.InvalidParameterSecretAsKey("klatch token", "--api-key")
			}
			if grant.ExpiresIn < 0 {
				return fault.InvalidParameterOutOfRange(
					"klatch token",
					"--expires",
					grant.ExpiresIn.String(),
					"a duration such as 10m; 0 for a token that does not expire",
				)
			}
			if err := oneOf(
				"--permissions",
				grant.Permissions,
				gate.AllowJoin,
				gate.AskJoin,
				gate.AllowMod,
			); err != nil {
				return err
			}
			if err := oneOf("--roles", grant.Roles, gate.RoleRTC, gate.RoleCrawler); err != nil {
				return err
			}
			key, err := secretFrom(cmd.InOrStdin(), secret, "KLATCH_SECRET")
			if err != nil {
				return err
			}
			if key == "" {
				return fault.InvalidParameterCredentialMissing("klatch token", "the secret of the API key",
					[]string{"KLATCH_SECRET", "standard input with --secret -"})
			}
			token, err := gate.Mint(grant, key)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]string{"token": token})
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), token)
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&grant.APIKey, "api-key", "",
		"the API key whose secret signs; default: $KLATCH_API_KEY")
	flags.StringVar(&secret, "secret", "", "its secret; - reads it from standard input; default: $KLATCH_SECRET")
	flags.StringSliceVar(
		&grant.Permissions,
		"permissions",
		[]string{gate.AllowJoin, gate.AllowMod},
		"allow_join, allow_mod, or ask_join alone",
	)
	flags.StringVar(&grant.MeetingID, "meeting", "", "good for this meeting only (roomId or customRoomId)")
	flags.StringVar(&grant.ParticipantID, "participant", "", "good for this participant id only")
	flags.StringSliceVar(
		&grant.Roles,
		"roles",
		[]string{gate.RoleRTC},
		"rtc (joining), crawler (REST), or both; empty: no such claim",
	)
	flags.DurationVar(&grant.ExpiresIn, "expires", 10*time.Minute, "how long the token is good; 0: for ever")
	flags.BoolVar(&asJSON, "json", false, "print one JSON line")
	return cmd
}

// oneOf leaves combinations to the server: a token that it refuses is a thing people want to try.
func oneOf(flag string, given []string, allowed ...string) error {
	for _, word := range given {
		if !strings.Contains(" "+strings.Join(allowed, " ")+" ", " "+word+" ") {
			return fault.InvalidParameterNotAllowed("klatch token", flag, word, allowed)
		}
	}
	return nil
}

// secretFrom reads a secret: "-" is one line of standard input, "" the environment.
func secretFrom(in io.Reader, given, variable string) (string, error) {
	switch given {
	case "":
		return strings.TrimSpace(os.Getenv(variable)), nil // a file that it was read from ends with a newline
	case "-":
		line, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return strings.TrimSpace(line), nil
	}
	return given, nil
}
