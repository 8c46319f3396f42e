package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klatch/klatch/internal/doctor"
	"github.com/spf13/cobra"
)

func doctorCommand() *cobra.Command {
	var (
		d      doctor.Doctor
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check a running server from here, as a client sees it",
		Long: `Doctor reaches a server as a client does and says what works: its address, its readiness, its clock, signaling, and,
with a meeting and a token, joining and media in both directions. It ends with exit code 1 when something does not.`,
		Example: "  klatch doctor --url https://meet.example.com\n  KLATCH_TOKEN=... klatch doctor --url " +
			"http://127.0.0.1:4000 --meeting abcd-efgh-ijkl",
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
