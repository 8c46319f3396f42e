package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/doctor"
	"github.com/spf13/cobra"
)

func doctorCommand() *cobra.Command {
	var (
		d      doctor.Doctor
		path   string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check a running server from here, as a client sees it",
		Long: `Doctor reaches a server as a client does and prints what works: its address, certificate, readiness, clock and
signaling, and, with a meeting and a token, joining and media in both directions.

With --config, on the machine of the server, it reads the settings and KLATCH_* variables instead and checks those for
HTTPS: the certificate files, or for http.acme the names, the authority and the ports. The server need not run.

It ends with exit code 1 when a check fails.`,
		Example: "  klatch doctor --url https://meet.example.com\n  klatch doctor --config /etc/klatch/klatch.yaml\n" +
			"  KLATCH_TOKEN=... klatch doctor --url http://127.0.0.1:4000 --meeting abcd-efgh-ijkl",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			d.Tell = func(f doctor.Finding) { printFinding(out, f) }
			if asJSON {
				d.Tell = func(f doctor.Finding) { _ = json.NewEncoder(out).Encode(f) }
			}
			if d.Token == "" {
				d.Token = strings.TrimSpace(os.Getenv("KLATCH_TOKEN"))
			}
			d.URL = strings.TrimRight(d.URL, "/")
			if cmd.Flags().Changed("config") {
				config, err := conf.Load(path, os.Environ())
				if err != nil {
					return err
				}
				if h := config.HTTP; !d.ExamineTLS(cmd.Context(), doctor.TLSSettings{CertFile: h.CertFile, KeyFile: h.KeyFile,
					Domains: h.ACME, Directory: h.ACMEDirectory, RootFile: h.ACMERootFile,
					Address: h.Address, RedirectAddress: h.RedirectAddress}) {
					return errReported
				}
				return nil
			}
			if !d.Examine(cmd.Context()) {
				return errReported
			}
			if !asJSON && (d.MeetingID == "" || d.Token == "") {
				fmt.Fprintln(out, "      joining and media are checked with --meeting and a token")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&d.URL, "url", "http://127.0.0.1:4000", "address of the server")
	cmd.Flags().StringVar(&path, "config", "", "check the HTTPS settings of this file instead of a server")
	cmd.Flags().StringVar(&d.MeetingID, "meeting", "", "meeting to join, to check media")
	cmd.Flags().
		StringVar(&d.Token, "token", "", "token with allow_join; better in KLATCH_TOKEN, which no process list shows")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each check as a JSON line")
	return cmd
}

func printFinding(out io.Writer, f doctor.Finding) {
	mark := "ok  "
	if !f.OK {
		mark = "FAIL"
	}
	fmt.Fprintf(out, "%s  %-10s %s\n", mark, f.Check, f.Detail)
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
