package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/pion/rtp"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
)

// A bot joins, publishes a generated picture and tone, reports faults, and leaves after a minute.
func Example() {
	meeting, err := sdk.InitMeeting(sdk.Options{
		URL: "http://127.0.0.1:4000", Token: os.Getenv("TOKEN"), MeetingID: os.Getenv("MEETING"), Name: "bot",
		MicEnabled: true, WebcamEnabled: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	meeting.OnError(func(f *fault.Error) { log.Print(f.Code, f.Name, f.Reason, f.Detail, f.Remedy) })
	meeting.OnParticipantJoined(func(p *sdk.Participant) { fmt.Println(p.DisplayName(), "is here") })
	if err := meeting.Join(context.Background()); err != nil {
		log.Fatal(err) // the fault that OnError was called with, with the same id
	}
	select {
	case <-meeting.Done(): // removed, or the meeting ended
	case <-time.After(time.Minute):
		_ = meeting.Leave(context.Background())
	}
}

// Every failure is a *fault.Error. Code and Reason say what happened; Detail and Remedy say it in words.
func Example_faults() {
	_, err := sdk.InitMeeting(sdk.Options{URL: "http://127.0.0.1:4000", MeetingID: "abcd-efgh-ijkl"})
	var f *fault.Error
	if errors.As(err, &f) {
		fmt.Println(f.Code, f.Name, f.Reason)
		fmt.Println(f.Message)
	}
	if fault.Is(err, fault.CodeInvalidToken) {
		fmt.Println("mint a new token")
	}
	// Output:
	// 4002 INVALID_TOKEN EMPTY
	// `token` is empty or invalid or might have expired.
	// mint a new token
}

var (
	ctx     = context.Background()
	meeting *sdk.Meeting // as Example makes it, joined
)

// A file is published as the camera, and another one as the microphone.
func ExampleFileSource() {
	if err := meeting.EnableWebcam(ctx, sdk.FileSource("talk.ivf", sdk.FileOptions{Loop: true})); err != nil {
		log.Print(err) // 3011 SOURCE_ABSENT where there is no such file
	}
	if err := meeting.UnmuteMic(ctx, sdk.FileSource("talk.ogg", sdk.FileOptions{Loop: true})); err != nil {
		log.Print(err)
	}
}

// RTP packets that come from elsewhere are published as they are.
func ExamplePacketSourceFunc() {
	packets := make(chan *rtp.Packet, 64)
	askEncoder := func() { /* a receiver needs a key frame */ }
	if err := meeting.EnableScreenShare(ctx, sdk.PacketSourceFunc("VP8", packets, askEncoder), nil); err != nil {
		log.Print(err)
	}
	// Send packets to the channel. Close it to end the stream.
}

// A source of one's own implements Source and Reader.
func ExampleSource() {
	if err := meeting.UnmuteMic(ctx, silence{}); err != nil {
		log.Print(err)
	}
}

// silence is a microphone that nobody speaks into.
type silence struct{}

func (silence) Name() string                      { return "silence" }
func (silence) Open(sdk.Kind) (sdk.Reader, error) { return silence{}, nil }
func (silence) Codec() string                     { return "opus" }
func (silence) KeyFrame()                         {}
func (silence) Close() error                      { return nil }

// Read returns a frame of 20 ms; the SDK sends it in its time.
func (silence) Read() (sdk.Frame, error) {
	return sdk.Frame{Data: []byte{0xF8, 0xFF, 0xFE}, Duration: 20 * time.Millisecond, Level: sdk.Silence}, nil
}

// The packets of each stream are received on a goroutine of its own.
func ExampleStream_ReadRTP() {
	meeting.OnStreamEnabled(func(p *sdk.Participant, stream *sdk.Stream) {
		if p.Local() {
			return
		}
		go func() {
			for {
				packet, err := stream.ReadRTP(ctx)
				if err != nil {
					return // io.EOF: the stream is off
				}
				fmt.Println(
					p.DisplayName(),
					stream.Kind(),
					stream.PayloadCodec(packet.PayloadType),
					len(packet.Payload),
				)
			}
		}()
	})
}

// With Options.ManualConsume nothing is received but what is asked for.
func ExampleParticipant_Consume() {
	for _, p := range meeting.Participants() {
		if err := p.Consume(ctx, sdk.Audio, true); err != nil {
			log.Print(err)
		}
	}
}

// Messages of a topic are received from the subscription on, and those that were persisted before.
func ExamplePubSub() {
	chat := meeting.PubSub()
	show := func(m sdk.Message) { fmt.Println(m.SenderName, m.Message) }
	old, err := chat.Subscribe(ctx, "CHAT", show, sdk.SubscribeOptions{})
	if err != nil {
		log.Print(err)
		return
	}
	for _, message := range old {
		show(message)
	}
	_, err = chat.Publish(
		ctx,
		"CHAT",
		"hello",
		sdk.PublishOptions{Persist: true, Payload: map[string]any{"mood": "good"}},
	)
	if err != nil {
		log.Print(err)
	}
}

// A moderator (allow_mod) mutes and removes participants, pins one for everybody and ends the session.
func ExampleParticipant_Remove() {
	if bob := meeting.Participant("bob"); bob != nil {
		_ = bob.DisableMic(ctx)
		_ = bob.Pin(ctx, sdk.PinState{Cam: true})
		if err := bob.Remove(ctx); err != nil {
			log.Print(err) // 4066 NOT_PERMITTED without allow_mod
		}
	}
	_ = meeting.End(ctx)
}

// A holder of allow_join answers those who wait in the lobby.
func ExampleMeeting_OnEntryRequested() {
	meeting.OnEntryRequested(func(request sdk.EntryRequested) {
		if request.Name == "expected guest" {
			_ = request.Allow(ctx)
			return
		}
		_ = request.Deny(ctx)
	})
}

// A recording runs when StartRecording returns. Its file is complete with RECORDING_STOPPED.
func ExampleMeeting_StartRecording() {
	meeting.OnRecordingStateChanged(func(status string) { fmt.Println(status) })
	err := meeting.StartRecording(ctx, sdk.RecordingOptions{
		Config: &sdk.EgressConfig{
			Layout:  sdk.EgressLayout{Type: sdk.LayoutSpotlight, Priority: sdk.PriorityPin},
			Quality: sdk.QualityHigh,
		},
		OnFailure: sdk.RestartOnFailure,
	})
	if fault.Is(err, fault.CodeStartRecordingFailed, fault.ReasonAlreadyRunning) {
		err = nil
	}
	if err != nil {
		log.Print(err)
		return
	}
	if err := meeting.StopRecording(ctx); err != nil {
		log.Print(err)
	}
}

// A livestream goes to one or more RTMP targets, of which one may fail while the others go on.
func ExampleMeeting_StartLivestream() {
	err := meeting.StartLivestream(ctx, []sdk.LivestreamOutput{
		{URL: "rtmps://live.example.com/app", StreamKey: os.Getenv("STREAM_KEY")},
	}, sdk.LivestreamOptions{})
	if err != nil {
		log.Print(err)
	}
}

// A player can start from HLS_PLAYABLE on.
func ExampleMeeting_StartHLS() {
	meeting.OnHLSStateChanged(func(status string, urls sdk.HLSURLs) {
		if status == "HLS_PLAYABLE" {
			fmt.Println(urls.LivestreamURL)
		}
	})
	if err := meeting.StartHLS(ctx, sdk.HLSOptions{Config: &sdk.EgressConfig{Quality: sdk.QualityLow}}); err != nil {
		log.Print(err)
	}
}

// Events can be handled in one place, too.
func ExampleMeeting_On() {
	undo := meeting.On(func(event sdk.Event) {
		switch e := event.(type) {
		case sdk.ParticipantLeft:
			fmt.Println(e.Participant.DisplayName(), "left:", e.Reason.Name)
		case sdk.ErrorEvent:
			log.Print(e.Fault)
		default:
			fmt.Println(e.EventName())
		}
	})
	defer undo()
}
