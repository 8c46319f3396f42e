package sdk_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
)

// A bot that joins, shows a picture, plays a tone, and says what goes wrong.
func Example() {
	meeting, err := sdk.InitMeeting(sdk.Options{
		URL: "http://127.0.0.1:4000", Token: os.Getenv("TOKEN"), MeetingID: os.Getenv("MEETING"), Name: "bot",
		MicEnabled: true, WebcamEnabled: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	meeting.OnError(func(f *fault.Error) { fmt.Println(f.Code, f.Name, f.Reason, f.Detail, f.Remedy) })
	meeting.OnParticipantJoined(func(p *sdk.Participant) { fmt.Println(p.DisplayName(), "is here") })
	if meeting.Join(context.Background()) == nil {
		time.Sleep(time.Minute)
		_ = meeting.Leave(context.Background())
	}
}
