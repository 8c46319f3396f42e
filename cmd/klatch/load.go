package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/load"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func loadCommand() *cobra.Command {
	var (
		url, meetingID, token, janus string
		asJSON, whep                 bool
		s                            load.Scenario
	)
	cmd := &cobra.Command{
		Use:   "load",
		Short: "Fill a meeting with publishers and subscribers and measure the server",
		Long: `Load brings publishers and subscribers into one meeting of a running server, with real ICE, DTLS and SRTP over
loopback, and measures packets, loss, delay, time to the first packet and, with --server-pid, the server's
CPU per packet and its memory. A publisher sends 150 video packets of 1170 bytes and 50 audio packets a second.

It loads only servers on this machine. All load comes from one address, from which a server takes 50 joins a second on
average and 500 at once by default (limit.joinsPerAddress), and 100 sockets that have not joined (limit.socketsPerAddress).
Set both to 0 on the server that is measured (KLATCH_LIMIT_JOINS_PER_ADDRESS=0 and KLATCH_LIMIT_SOCKETS_PER_ADDRESS=0), with
--whep limit.requestsPerAddress as well, or use --join-every.

With --whep the subscribers know WHEP alone. With --janus it measures Janus' videoroom instead, as a yardstick.`,
		Example: `  KLATCH_TOKEN=... klatch load --url http://127.0.0.1:4000 --meeting abcd-efgh-ijkl --subscribers 60 --server-pid $(pgrep -n klatch)
  klatch load --janus ws://127.0.0.1:8188 --subscribers 60 --server-pid $(pgrep -n janus)`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if token == "" {
				token = strings.TrimSpace(os.Getenv("KLATCH_TOKEN"))
			}
			target, err := load.Klatch(url, token, meetingID)
			switch {
			case whep:
				target, err = load.WHEP(url, token, meetingID)
			case janus != "":
				target, err = load.Janus(cmd.Context(), janus)
			}
			if err != nil {
				return err
			}
			s.Name = fmt.Sprintf("%d publishers, %d subscribers", s.Publishers, s.Subscribers)
			result, err := load.Run(cmd.Context(), target, s, progressLine(cmd.ErrOrStderr()))
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(result)
			}
			printResult(cmd.OutOrStdout(), result)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&url, "url", "http://127.0.0.1:4000", "address of the Klatch server")
	f.StringVar(&meetingID, "meeting", "", "meeting to fill")
	f.StringVar(
		&token,
		"token",
		"",
		"token with allow_join and without participantId; better in KLATCH_TOKEN, which no process list shows",
	)
	f.BoolVar(&whep, "whep", false, "subscribers are WHEP players, each of which plays one publisher")
	f.StringVar(&janus, "janus", "", "WebSocket address of a Janus to measure instead")
	f.IntVar(&s.Publishers, "publishers", 1, "how many publish")
	f.IntVar(&s.Subscribers, "subscribers", 10, "how many only receive")
	f.BoolVar(&s.Meeting, "everybody", false, "publishers receive each other, too")
	f.DurationVar(&s.JoinEvery, "join-every", 0, "time between two joins")
	f.DurationVar(&s.Warmup, "warmup", 3*time.Second, "time between the last join and the measurement")
	f.DurationVar(&s.Duration, "duration", 20*time.Second, "length of the measurement")
	f.IntVar(&s.ServerPID, "server-pid", 0, "process id of the server, to measure its CPU and memory")
	f.BoolVar(&asJSON, "json", false, "print the result as JSON")
	cmd.MarkFlagsMutuallyExclusive("whep", "janus")
	cmd.MarkFlagsMutuallyExclusive("whep", "everybody") // publishers would receive nothing
	return cmd
}

// progressLine rewrites one line on a terminal and stays silent elsewhere.
func progressLine(w io.Writer) func(string) {
	if !isTerminal(w) {
		return func(string) {}
	}
	return func(text string) { fmt.Fprintf(w, "\r\x1b[K%s", text) }
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(file.Fd()))
}

func printResult(w io.Writer, r load.Result) {
	fmt.Fprintf(
		w,
		"packets received   %d of %d (%.2f %% lost) in %.1f s\n",
		r.Packets,
		r.Expected,
		r.LostPercent,
		r.Seconds,
	)
	fmt.Fprintf(
		w,
		"delay              p50 %.2f ms, p95 %.2f ms, p99 %.2f ms\n",
		r.Latency.P50,
		r.Latency.P95,
		r.Latency.P99,
	)
	fmt.Fprintf(w, "first packet       p50 %.0f ms, p95 %.0f ms after dialing\n", r.FirstRTP.P50, r.FirstRTP.P95)
	fmt.Fprintf(w, "first key frame    p50 %.0f ms, p95 %.0f ms after dialing\n", r.FirstKey.P50, r.FirstKey.P95)
	if r.Scenario.ServerPID != 0 {
		fmt.Fprintf(
			w,
			"server CPU         %.2f us per packet, %.0f %% of a core\n",
			r.CPUPerPkt,
			100*r.CPUSeconds/r.Seconds,
		)
		fmt.Fprintf(w, "server memory      %d kB per peer, %d MB in all\n", r.MemoryPerPeer, r.MemoryAfter/1024)
	}
}
