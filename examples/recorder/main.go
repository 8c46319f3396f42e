// Command recorder joins a meeting, says so in the chat, and writes what each participant says into a file of its own,
// as Opus in Ogg, which players and programs for transcription read: transcribe the files with the one of your choice.
//
//	go run ./recorder MEETING TOKEN DIRECTORY
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/pion/webrtc/v4/pkg/media/oggwriter"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: recorder MEETING TOKEN DIRECTORY")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, meetingID, token, directory string) error {
	meeting, err := sdk.InitMeeting(sdk.Options{
		URL:           cmp.Or(os.Getenv("KLATCH_URL"), "http://127.0.0.1:4000"),
		Token:         token,
		MeetingID:     meetingID,
		Name:          "Recorder",
		Mode:          sdk.RecvOnly,
		ManualConsume: true, // pictures are not needed
	})
	if err != nil {
		return err
	}
	meeting.OnError(func(f *fault.Error) { log.Print(f) })

	var files sync.WaitGroup
	record := func(p *sdk.Participant, stream *sdk.Stream) {
		if p.Local() || stream.Kind() != sdk.Audio {
			return
		}
		files.Go(func() {
			if err := p.Consume(ctx, sdk.Audio, true); err != nil {
				return // OnError has it
			}
			name := fmt.Sprintf("%s-%s.ogg", p.ID(), time.Now().UTC().Format("150405.000"))
			if err := write(ctx, stream, filepath.Join(directory, name)); err != nil {
				log.Print(err)
			}
			fmt.Println(name) // complete: give it to a program for transcription
		})
	}
	meeting.OnStreamEnabled(record)
	if err := meeting.Join(ctx); err != nil {
		return err
	}
	for _, p := range meeting.Participants() { // who was there before
		for _, stream := range p.Streams() {
			record(p, stream)
		}
	}
	text := "What you say is being recorded."
	if _, err := meeting.PubSub().Publish(ctx, "CHAT", text, sdk.PublishOptions{Persist: true}); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		err = meeting.Leave(context.Background())
	case <-meeting.Done():
	}
	files.Wait()
	return err
}

// write writes the packets of a stream until it ends. A gap of lost packets is a gap in time, not a shift.
func write(ctx context.Context, stream *sdk.Stream, path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	ogg, err := oggwriter.NewWith(file, 48000, 2)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	for {
		packet, err := stream.ReadRTP(ctx)
		if errors.Is(err, io.EOF) || ctx.Err() != nil {
			return ogg.Close() // and the file
		}
		if err != nil {
			return errors.Join(err, ogg.Close())
		}
		if err := ogg.WriteRTP(packet); err != nil {
			return errors.Join(err, ogg.Close())
		}
	}
}
