package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/doctor"
)

func doctorCommand() *cobra.Command {
	var (
		outside doctor.Outside
		path    string
		asJSON  bool
	)
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check a server: from here as a client sees it, or the machine and settings of one",
		Long: `Doctor reaches a server as a client does and prints what works: its name, certificate, signaling, readiness and
clock; with --media and a token, joining and media both ways over UDP, TCP and TURN, in a test of their own or with
--meeting in a meeting: connection, round trip, jitter, loss and rates; with the admin token in
KLATCH_ADMIN_TOKEN, why the server is not ready, which faults last, and its metrics.

With --config, on the machine of the server, it reads the settings and KLATCH_* variables instead and checks what they
name: HTTPS (certificate files, or for http.acme the names, the authority and the ports), encoder, fonts, disk, database,
storage, public addresses, limits of files and memory. The server may run meanwhile or not; nothing is changed.

Each check that fails prints a fault with what to do. It ends with exit code 1 when a check fails.`,
		Example: "  klatch doctor --url https://meet.example.com\n  klatch doctor --config /etc/klatch/klatch.yaml\n" +
			"  KLATCH_TOKEN=... klatch doctor --url https://meet.example.com --media\n" +
			"  KLATCH_TOKEN=... klatch doctor --url http://127.0.0.1:4000 --meeting abcd-efgh-ijkl",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			tell := doctor.Tell(func(f doctor.Finding) { printFinding(out, f) })
			if asJSON {
				tell = func(f doctor.Finding) { _ = json.NewEncoder(out).Encode(f) } // nobody reads on
			}
			if cmd.Flags().Changed("config") {
				config, err := conf.Load(path, os.Environ())
				if err != nil {
					return err
				}
				machine := doctor.Machine{Config: config, Tell: tell}
				if !machine.Examine(cmd.Context()) {
					return errReported
				}
				return nil
			}
			outside.Tell = tell
			if outside.Token == "" {
				outside.Token = strings.TrimSpace(os.Getenv("KLATCH_TOKEN"))
			}
			outside.AdminToken = strings.TrimSpace(os.Getenv("KLATCH_ADMIN_TOKEN"))
			outside.URL, outside.AdminURL = strings.TrimRight(outside.URL, "/"), strings.TrimRight(outside.AdminURL, "/")
			if outside.AdminURL != "" && outside.AdminToken == "" {
				return errors.New("--admin-url needs the admin token in KLATCH_ADMIN_TOKEN")
			}
			if outside.Media && outside.MeetingID != "" {
				return errors.New("--media needs no --meeting: it tests without one")
			}
			if outside.Media && outside.Token == "" {
				return errors.New("--media needs a token in KLATCH_TOKEN, or --token")
			}
			if (outside.MeetingID == "") != (outside.Token == "") && cmd.Flags().Changed("meeting") {
				return errors.New("--meeting needs a token in KLATCH_TOKEN, or --token")
			}
			if !outside.Examine(cmd.Context()) {
				return errReported
			}
			if !asJSON && !outside.Media && (outside.MeetingID == "" || outside.Token == "") {
				fmt.Fprintln(out, "      joining and media are checked with --media and a token")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&outside.URL, "url", "http://127.0.0.1:4000", "address of the server")
	cmd.Flags().StringVar(&outside.AdminURL, "admin-url", "", "where http.adminAddress is reached, if it is set")
	cmd.Flags().StringVar(&path, "config", "", "check this machine and the settings of this file instead of a server")
	cmd.Flags().StringVar(&outside.MeetingID, "meeting", "", "meeting to join, to check media")
	cmd.Flags().BoolVar(&outside.Media, "media", false, "check media with a token alone, in a pre-call test")
	cmd.Flags().StringVar(&outside.Token, "token", "",
		"token with allow_join; better in KLATCH_TOKEN, which no process list shows")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each check as a JSON line")
	return cmd
}

func printFinding(out io.Writer, f doctor.Finding) {
	mark := "ok  "
	if !f.OK {
		mark = "FAIL"
	}
	fmt.Fprintf(out, "%s  %-12s %s\n", mark, f.Check, f.Detail)
	if f.Fault != nil {
		fmt.Fprintf(
			out,
			"      %d %s (%s)\n      what to do: %s\n",
			f.Fault.Code,
			f.Fault.Name,
			f.Fault.Reason,
			f.Fault.Remedy,
		)
	}
}
