// Command bot joins a meeting and greets who comes, in the chat of the meeting page.
//
//	go run ./bot MEETING TOKEN
package main

import (
	"cmp"
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: bot MEETING TOKEN")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, meetingID, token string) error {
	meeting, err := sdk.InitMeeting(sdk.Options{
		URL:       cmp.Or(os.Getenv("KLATCH_URL"), "http://127.0.0.1:4000"),
		Token:     token,
		MeetingID: meetingID,
		Name:      "Greeter",
	})
	if err != nil {
		return err
	}
	meeting.OnError(func(f *fault.Error) { log.Print(f) }) // code, name, reason, detail, remedy and id
	meeting.OnParticipantJoined(func(p *sdk.Participant) {
		go func() { // a handler that waits for the server would wait for itself
			text := "Welcome, " + p.DisplayName() + "!"
			if _, err := meeting.PubSub().Publish(ctx, "CHAT", text, sdk.PublishOptions{Persist: true}); err != nil {
				log.Print(err)
			}
		}()
	})
	if err := meeting.Join(ctx); err != nil {
		return err // the fault that OnError got, with the same id
	}
	select {
	case <-ctx.Done():
		return meeting.Leave(context.Background())
	case <-meeting.Done():
		return nil
	}
}
