package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/server"
	"github.com/klatch/klatch/internal/version"
	"github.com/spf13/cobra"
)

func devCommand() *cobra.Command {
	var (
		port   int
		host   string
		dir    string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "dev",
		Short: "Run a server with an account, a key and a meeting, and print the links",
		Long: `Dev runs a server on this machine alone (127.0.0.1) with everything ready: an account, an API key, a meeting and
tokens, kept in the data directory, so that the next run has the same ones. Open the printed link in two browser
windows and you are in a meeting. Webhooks and livestreams may go to programs of this machine, unless
KLATCH_WEBHOOK_ALLOW_PRIVATE_TARGETS or KLATCH_EGRESS_ALLOW_PRIVATE_TARGETS is false.

With --host it serves the local network instead, so that a phone can join: over HTTPS, for browsers open cameras on no
other pages, with a certificate that it signs itself. Browsers warn of it once. Everybody in that network who has the
link, or a token, can join.`,
		Example: "  klatch dev\n  klatch dev --host\n  klatch dev --port 4100 --data /tmp/klatch --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			network := cmd.Flags().Changed("host")
			media := strconv.Itoa(port + 1)
			if port == 0 {
				media = "0"
			}
			overrides := []conf.Override{
				{Key: "data.dir", Flag: "--data", Value: dir},
				{Key: "database.lockWait", Flag: "dev", Value: "0s"},
				{Key: "log.format", Flag: "dev", Value: "text"},
			}
			// Media are taken on all addresses, for Firefox does not use loopback; LocalMedia keeps strangers out.
			address, mediaHost := netip.AddrFrom4([4]byte{127, 0, 0, 1}), ""
			if network {
				var err error
				if address, err = hostAddress(host); err != nil {
					return err
				}
				certFile, keyFile, err := selfSigned(dir, address)
				if err != nil {
					return err
				}
				mediaHost = address.String()
				overrides = append(overrides,
					conf.Override{Key: "http.certFile", Flag: "--host", Value: certFile},
					conf.Override{Key: "http.keyFile", Flag: "--host", Value: keyFile},
					conf.Override{Key: "http.hsts", Flag: "--host", Value: "0s"}) // or browsers let nobody past the warning
			}
			config, err := conf.Load("", os.Environ(), append(overrides,
				conf.Override{Key: "http.address", Flag: "--port", Value: netip.AddrPortFrom(address, uint16(port)).String()},
				conf.Override{Key: "media.udpAddress", Flag: "--port", Value: net.JoinHostPort(mediaHost, media)},
				conf.Override{Key: "media.tcpAddress", Flag: "--port", Value: net.JoinHostPort(mediaHost, media)})...)
			if err != nil {
				return err
			}
			allowOwnTargets(config, network)
			log := newLogger(config, cmd.ErrOrStderr())
			limitMemory(log, memlimit.FromCgroup)
			s, err := server.Start(cmd.Context(), server.Options{
				Config: config, Logger: log, Version: version.String(), Loopback: address.IsLoopback(), LocalMedia: !network,
			})
			if err != nil {
				return err
			}
			ready, err := prepare(cmd.Context(), s, dir)
			if err == nil && asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(ready)
			} else if err == nil {
				err = ready.print(cmd.OutOrStdout(), network)
			}
			if err != nil {
				return err
			}
			return wait(cmd.Context(), s, config.Stop.Timeout, nil)
		},
	}
	cmd.Flags().IntVar(&port, "port", 4000, "HTTP port; media uses the next one (UDP and TCP). 0 chooses free ones")
	cmd.Flags().StringVar(&host, "host", "", "serve the local network over HTTPS, at this `address` or at the one found")
	cmd.Flags().Lookup("host").NoOptDefVal = lanHost
	cmd.Flags().StringVar(&dir, "data", "klatch-data", "directory for the database and the keys")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the links as one JSON line")
	return cmd
}

// allowOwnTargets lets webhooks and livestreams of a server that only this machine reaches go to programs of this
// machine, where somebody who tries them out has the receiver. Others could reach such programs through a server on the
// network. A variable that is set decides.
func allowOwnTargets(config *conf.Config, network bool) {
	for variable, setting := range map[string]*bool{
		"KLATCH_WEBHOOK_ALLOW_PRIVATE_TARGETS": &config.Webhook.AllowPrivateTargets,
		"KLATCH_EGRESS_ALLOW_PRIVATE_TARGETS":  &config.Egress.AllowPrivateTargets,
	} {
		if _, given := os.LookupEnv(variable); !given && !network {
			*setting = true
		}
	}
}

// devReady is the first line of `klatch dev --json`.
type devReady struct {
	URL              string `json:"url"`
	APIKey           string `json:"apiKey"`
	Secret           string `json:"secret"`
	Token            string `json:"token"`            // of a server: calls REST, and joins as well
	ParticipantToken string `json:"participantToken"` // joins only; the one in MeetURL
	MeetingID        string `json:"meetingId"`
	MeetURL          string `json:"meetUrl"`
	TestURL          string `json:"testUrl"`
	ConsoleURL       string `json:"consoleUrl"`
	AdminToken       string `json:"adminToken"`
}

// devAccount is kept in the data directory, so that links and tokens survive a restart.
type devAccount struct {
	APIKey    string `json:"apiKey"`
	Secret    string `json:"secret"`
	MeetingID string `json:"meetingId"`
}

// tokenLife of the printed token: long enough for a day of trying things out.
const tokenLife = 24 * time.Hour

// prepare finds the account of the last run, or makes one.
func prepare(ctx context.Context, s *server.Server, dir string) (devReady, error) {
	path := filepath.Join(dir, "dev.json")
	var account devAccount
	raw, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(raw, &account)
	}
	if err == nil { // a database that was deleted in between knows the key no more
		_, err = s.Store.Key(ctx, account.APIKey)
	}
	if err != nil {
		if account, err = newDevAccount(ctx, s); err != nil {
			return devReady{}, err
		}
		raw, _ := json.Marshal(account)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			return devReady{}, err
		}
	}
	grant := gate.Grant{
		APIKey:      account.APIKey,
		Permissions: []string{gate.AllowJoin, gate.AllowMod},
		ExpiresIn:   tokenLife,
	}
	grant.Roles = []string{gate.RoleRTC}
	participant, err := gate.Mint(grant, account.Secret)
	if err != nil {
		return devReady{}, err
	}
	grant.Roles = []string{gate.RoleRTC, gate.RoleCrawler}
	token, err := gate.Mint(grant, account.Secret)
	return devReady{
		URL:              s.URL(),
		APIKey:           account.APIKey,
		Secret:           account.Secret,
		Token:            token,
		ParticipantToken: participant,
		MeetingID:        account.MeetingID,
		MeetURL:          s.URL() + "/meet/" + account.MeetingID + "#token=" + participant,
		TestURL:          s.URL() + "/test/#token=" + participant,
		ConsoleURL:       s.URL() + "/console/",
		AdminToken:       s.AdminToken(),
	}, err
}

func newDevAccount(ctx context.Context, s *server.Server) (devAccount, error) {
	account, err := s.Store.CreateAccount(ctx, record.Account{
		Name: "dev", Settings: record.Settings{Drills: true},
	})
	if err != nil {
		return devAccount{}, err
	}
	key, secret, err := s.Store.CreateKey(ctx, record.NewKey{AccountID: account.ID, Label: "dev"})
	if err != nil {
		return devAccount{}, err
	}
	m, _, err := s.Store.CreateMeeting(ctx, record.Meeting{AccountID: account.ID})
	return devAccount{APIKey: key.ID, Secret: secret, MeetingID: m.ID}, err
}

// print shows the links; for phones, on a terminal, as a picture too.
func (r devReady) print(w io.Writer, phones bool) error {
	if phones && isTerminal(w) {
		if err := printQR(w, r.MeetURL); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, `
Klatch runs. Open this in two windows:

  %s

  server   %s
  test     %s
  console  %s
  meeting  %s
  API key  %s
  secret   %s
  admin    %s

  token for participants, which only joins (it is in the link)
  %s

  token for your server, which calls REST and joins; never give it to a participant
  %s

  curl -H "Authorization: %s" -X POST %s/v2/rooms

  for klatch token and the examples, in another terminal
  export KLATCH_URL=%s KLATCH_API_KEY=%s KLATCH_SECRET=%s MEETING=%s

Ctrl-C stops it.
`, r.MeetURL, r.URL, r.TestURL, r.ConsoleURL, r.MeetingID, r.APIKey, r.Secret, r.AdminToken, r.ParticipantToken,
		r.Token, r.Token, r.URL, r.URL, r.APIKey, r.Secret, r.MeetingID)
	return err
}
