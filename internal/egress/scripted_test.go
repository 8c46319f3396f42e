package egress

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/store/pgtest"
	"go.uber.org/goleak"
)

// The tests of supervision start this test binary as the worker: a process that does what its script says. The real
// worker runs in e2e.

// script is what a scripted worker does. It comes as an argument, which holds no secret.
type script struct {
	Starts  bool   // reports started
	Plays   bool   // and playable
	Writes  int    // bytes into its file
	Fails   string // dies, kill, stall, deaf, fault, garbage: after it has started, or instead
	Obeys   bool   // finishes when told to stop, or when stdin ends
	Slow    time.Duration
	Orphans string // file to write when stdin ends without a stop
}

const scriptArgument = "scripted-worker"

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == scriptArgument {
		syscall.Exit(play(os.Args[2])) // os.Exit takes a second under the race detector
	}
	goleak.VerifyTestMain(pgtest.Main{M: m})
}

func play(argument string) int {
	var s script
	if err := json.Unmarshal([]byte(argument), &s); err != nil {
		return 3
	}
	signal.Ignore(syscall.SIGTERM) // of the server's death: the end of stdin counts
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	in.Scan()
	var spec order.Spec
	if err := json.Unmarshal(in.Bytes(), &spec); err != nil {
		return 3
	}
	say := func(r order.Report) {
		line, _ := json.Marshal(r)
		fmt.Println(string(line))
	}
	heard := make(chan bool, 1) // whether a stop came before the end
	publish := make(chan struct{})
	go func() {
		for in.Scan() {
			if strings.Contains(in.Text(), order.CommandPublish) {
				close(publish)
				continue
			}
			if strings.Contains(in.Text(), order.CommandStop) {
				heard <- true
				return
			}
		}
		heard <- false
	}()
	if spec.Hold {
		say(order.Report{Report: order.ReportReady})
		<-publish
	}
	if s.Starts {
		if s.Writes > 0 {
			_ = os.WriteFile(spec.File, make([]byte, s.Writes), 0o600)
		}
		say(order.Report{Report: order.ReportStarted})
		if s.Plays {
			say(order.Report{Report: order.ReportPlayable})
		}
	}
	fmt.Fprintf(os.Stderr, `{"level":"WARN","msg":"joined with %s","err":"and %s"}`+"\n", spec.Ticket, firstKey(spec))
	switch s.Fails {
	case "dies":
		fmt.Fprintln(os.Stderr, "panic: out of order")
		return 2
	case "kill":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "stall":
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	case "deaf":
		for {
			time.Sleep(50 * time.Millisecond)
			say(order.Report{Report: order.ReportProgress})
		}
	case "fault":
		say(
			order.Report{
				Report: order.ReportFault,
				Final:  true,
				Fault:  spec.Kind.Faults().EncoderStalled(5 * time.Second),
			},
		)
		return 1
	case "garbage":
		fmt.Println(`{"report":`)
		fmt.Println(strings.Repeat("x", 2*order.MaxReportBytes))
	}
	tick := time.NewTicker(50 * time.Millisecond)
	for {
		select {
		case <-tick.C:
			say(order.Report{Report: order.ReportProgress, DurationMs: 100, Bytes: int64(s.Writes)})
		case stopped := <-heard:
			if !stopped && s.Orphans != "" {
				_ = os.WriteFile(s.Orphans, []byte("finished"), 0o600)
				return 0
			}
			time.Sleep(s.Slow) // the work of finishing
			done := order.Report{Report: order.ReportDone}
			if s.Writes > 0 {
				done.Files = []job.File{
					{
						Path:       spec.File,
						Size:       int64(s.Writes),
						DurationMs: 1234,
						Width:      1280,
						Height:     720,
						Format:     job.MP4,
					},
					{Path: "/etc/passwd", Size: 1, Format: job.MP4},
				}
			}
			say(done)
			return 0
		}
	}
}

func firstKey(spec order.Spec) string {
	if len(spec.Outputs) == 0 {
		return ""
	}
	return spec.Outputs[0].StreamKey
}
