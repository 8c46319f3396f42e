package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
	"github.com/spf13/cobra"
)

func joinCommand() *cobra.Command {
	var (
		o        sdk.Options
		mode     string
		publish  []string
		duration time.Duration
		asJSON   bool
	)
	cmd := &cobra.Command{
		Use:   "join",
		Short: "Join a meeting as a bot and print what happens in it",
		Long: `Join enters a meeting through the Go SDK, publishes what is asked for, and prints every event until it leaves: after
the duration, or when it is interrupted. Without files it publishes a generated picture and tone.

Exit codes: 0 when it joined and left as asked, 1 after a fatal fault.`,
		Example: `  klatch join --url http://127.0.0.1:4000 --meeting abcd-efgh-ijkl --token $TOKEN --publish video,audio
  klatch join --url $URL --meeting $M --token $T --publish video=clip.ivf,audio=clip.ogg --duration 30s --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			printer := newEventPrinter(cmd.OutOrStdout(), cmd.ErrOrStderr(), asJSON)
			defer func() { err = printer.early(err) }()
			o.Mode = sdk.Mode(mode)
			if duration < 0 {
				return fault.InvalidParameterOutOfRange(
					"klatch join",
					"--duration",
					duration.String(),
					"a positive duration, or 0 to leave when interrupted",
				)
			}
			sources, err := parsePublish(publish)
			if err != nil {
				return err
			}
			m, err := sdk.InitMeeting(o)
			if err != nil {
				return err
			}
			m.On(printer.print)
			return participate(cmd.Context(), m, sources, duration, printer)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.URL, "url", cmp.Or(os.Getenv("KLATCH_URL"), "http://127.0.0.1:4000"),
		"address of the server; $KLATCH_URL")
	f.StringVar(&o.MeetingID, "meeting", "", "meetingId or customRoomId")
	f.StringVar(&o.Token, "token", "", "a token, as klatch token mints it")
	f.StringVar(&o.ParticipantID, "participant", "", "participant id; empty: the server makes one")
	f.StringVar(&o.Name, "name", "bot", "name shown to others")
	f.StringVar(&mode, "mode", "", "SEND_AND_RECV (default), RECV_ONLY or SIGNALLING_ONLY")
	f.StringSliceVar(
		&publish,
		"publish",
		nil,
		"streams to publish: video, audio, share; each may name a file, as video=clip.ivf",
	)
	f.DurationVar(&duration, "duration", 0, "leave after this time, and wait in the lobby no longer; 0: when interrupted")
	f.BoolVar(&asJSON, "json", false, "print each event as one JSON line")
	return cmd
}

// published is a stream that the bot publishes.
type published struct {
	kind   sdk.Kind
	source sdk.Source // nil: a generated one
}

func parsePublish(items []string) ([]published, error) {
	var list []published
	for _, item := range items {
		name, file, hasFile := strings.Cut(item, "=")
		p := published{kind: sdk.Kind(name)}
		switch p.kind {
		case sdk.Video, sdk.Audio, sdk.Share:
		default:
			return nil, fault.InvalidParameterNotAllowed(
				"klatch join",
				"--publish",
				name,
				[]string{"video", "audio", "share"},
			)
		}
		if hasFile {
			p.source = sdk.FileSource(file, sdk.FileOptions{Loop: true})
		}
		list = append(list, p)
	}
	return list, nil
}

// leaveTimeout bounds how long leaving may take.
const leaveTimeout = 5 * time.Second

// participate joins, publishes, and leaves when the time is over, the program is interrupted, or the server says so.
func participate(
	ctx context.Context,
	m *sdk.Meeting,
	streams []published,
	duration time.Duration,
	printer *eventPrinter,
) error {
	entering, stop := within(ctx, duration)
	err := m.Join(entering)
	stop()
	if err != nil { // also where nobody has let it in within the duration
		return errors.Join(errReported, printer.end(m)) // its event has printed it
	}
	for _, s := range streams {
		switchOn := map[sdk.Kind]func() error{
			sdk.Video: func() error { return m.EnableWebcam(ctx, s.source) },
			sdk.Audio: func() error { return m.UnmuteMic(ctx, s.source) },
			sdk.Share: func() error { return m.EnableScreenShare(ctx, s.source, nil) },
		}
		_ = switchOn[s.kind]() // the error event prints it; the call goes on, as in a browser whose camera fails
	}
	staying, stop := within(ctx, duration)
	defer stop()
	select {
	case <-m.Done():
		return printer.end(m)
	case <-staying.Done():
	}
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTimeout)
	defer cancel()
	if err := m.Leave(leave); err != nil {
		return err
	}
	return printer.end(m)
}

// within returns a context that ends after a duration, 0 for never.
func within(ctx context.Context, duration time.Duration) (context.Context, context.CancelFunc) {
	if duration == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, duration)
}

// eventPrinter prints events, to out as JSON lines, or for a person with faults on errOut. Only the meeting's handler
// goroutine calls print.
type eventPrinter struct {
	out, errOut io.Writer
	asJSON      bool
	left        chan struct{} // closed by meeting-left, the last event

	mu    sync.Mutex // guards everything below
	fatal bool
}

func newEventPrinter(out, errOut io.Writer, asJSON bool) *eventPrinter {
	return &eventPrinter{out: out, errOut: errOut, asJSON: asJSON, left: make(chan struct{})}
}

func (p *eventPrinter) print(e sdk.Event) {
	failed, isFault := e.(sdk.ErrorEvent)
	switch {
	case p.asJSON:
		line, err := json.Marshal(struct {
			Event string    `json:"event"`
			Data  sdk.Event `json:"data"`
		}{e.EventName(), e})
		if err == nil {
			fmt.Fprintf(p.out, "%s\n", line)
		}
	case isFault:
		printFault(p.errOut, failed.Fault, false)
	default:
		data, err := json.Marshal(e)
		if err == nil {
			fmt.Fprintf(p.out, "%-26s %s\n", e.EventName(), data)
		}
	}
	if isFault && failed.Fault.Fatal {
		p.mu.Lock()
		p.fatal = true
		p.mu.Unlock()
	}
	if _, last := e.(sdk.MeetingLeft); last {
		close(p.left)
	}
}

// early prints a fault that was found before there was a meeting as the event line that a meeting would have given.
func (p *eventPrinter) early(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || !p.asJSON || errors.Is(err, errReported) {
		return err
	}
	p.print(sdk.ErrorEvent{Fault: f})
	return errReported
}

// end waits until the last event is printed and says how it ended.
func (p *eventPrinter) end(m *sdk.Meeting) error {
	select {
	case <-p.left:
	case <-time.After(leaveTimeout):
		return fmt.Errorf("the meeting %s did not end within %s", m.ID(), leaveTimeout)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fatal {
		return errReported
	}
	return nil
}
