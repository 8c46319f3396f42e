package drill

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/sdk"
)

// muchFree is more than any disk has: 1 PiB.
const muchFree = 1 << 50

// egressDrills are recordings, livestreams and HLS that do not start, or break.
var egressDrills = []drill{
	{key: "4011.NO_SESSION", how: "records a meeting over REST in which nobody is", place: record.DrillInAccount,
		run: func(ctx context.Context, e *environment) error {
			return call("POST", "/v2/recordings/start", map[string]any{"roomId": e.meeting})(ctx, e)
		}},
	{key: "4011.STORAGE_FULL", how: "records while more space must be free than the disk has",
		run: joined(func(ctx context.Context, e *environment, m *sdk.Meeting) error {
			e.o.Causes.change(e.meeting, func(m *meetingCauses) { m.minFree = muchFree })
			return startRecording(ctx, m)
		})},
	{key: "4012.NOT_RUNNING", how: "stops a recording that does not run", place: record.DrillInAccount,
		run: joined(func(ctx context.Context, _ *environment, m *sdk.Meeting) error { return m.StopRecording(ctx) })},
	{key: "4013.DNS", how: "streams to an RTMP server whose name does not exist",
		run: stream("rtmp://nosuch.invalid/live")},
	{key: "4013.REFUSED", how: "streams to an address at which no RTMP server listens",
		run: func(ctx context.Context, e *environment) error {
			address, err := closedPort()
			if err != nil {
				return err
			}
			e.ownTarget(address)
			return stream("rtmp://"+address+"/live")(ctx, e)
		}},
	{key: "4013.NOT_RTMP", how: "streams to a server that speaks something else than RTMP",
		run: func(ctx context.Context, e *environment) error {
			address, err := e.speak("SSH-2.0-drill\r\n")
			if err != nil {
				return err
			}
			e.ownTarget(address)
			return stream("rtmp://"+address+"/live")(ctx, e)
		}},
	{key: "4013.CONNECT_REJECTED", how: "streams to an RTMP server that rejects the connection",
		run: streamTo(rejectConnect)},
	{key: "4013.PUBLISH_REJECTED", how: "streams to an RTMP server that rejects the stream key",
		run: streamTo(rejectPublish)},
	{key: "4014.NOT_RUNNING", how: "stops a livestream that does not run", place: record.DrillInAccount,
		run: joined(func(ctx context.Context, _ *environment, m *sdk.Meeting) error { return m.StopLivestream(ctx) })},
	{key: "4015.SCHEME", how: "streams to an address that is not RTMP", run: stream("ftp://example.com/live")},
	{key: "4016.STORAGE_FULL", how: "starts HLS while more space must be free than the disk has",
		run: joined(func(ctx context.Context, e *environment, m *sdk.Meeting) error {
			e.o.Causes.change(e.meeting, func(m *meetingCauses) { m.minFree = muchFree })
			return m.StartHLS(ctx, sdk.HLSOptions{})
		})},
	{key: "4021.DISABLED", how: "records in an account whose add-ons are switched off", place: record.DrillInOwnAccount,
		run: func(ctx context.Context, e *environment) error {
			if err := e.setUp(ctx, func(a *record.Account) { a.Settings.AddOnsDisabled = true }); err != nil {
				return err
			}
			return joined(func(ctx context.Context, _ *environment, m *sdk.Meeting) error {
				return startRecording(ctx, m)
			})(ctx, e)
		}},
	{key: "5001.ENCODER_DIED", how: "kills the encoder of the recording that runs, or of one of its own",
		takes: 2 * time.Second, run: joined(func(ctx context.Context, e *environment, m *sdk.Meeting) error {
			if err := e.record(ctx, m); err != nil {
				return err
			}
			return e.o.Jobs.KillEncoder(e.meeting, job.Recording)
		})},
	{key: "5001.WORKER_DIED", how: "kills the process of the recording that runs, or of one of its own",
		takes: 2 * time.Second, run: joined(func(ctx context.Context, e *environment, m *sdk.Meeting) error {
			if err := e.record(ctx, m); err != nil {
				return err
			}
			return e.o.Jobs.KillWorker(e.meeting, job.Recording)
		})},
	{key: "5002.ENCODER_DIED", how: "kills the encoder of the livestream that runs, or of one of its own",
		takes: 2 * time.Second, run: joined(func(ctx context.Context, e *environment, m *sdk.Meeting) error {
			address, err := e.startRTMP(takeAll)
			if err != nil {
				return err
			}
			err = e.startStream(ctx, m, address)
			if err != nil && !errors.Is(err, fault.StartLivestreamFailedAlreadyRunning("", "", "")) {
				return err
			}
			return e.o.Jobs.KillEncoder(e.meeting, job.Livestream)
		})},
	{key: "5002.OUTPUT_RETRYING", how: "streams to an RTMP server that breaks the connection off", takes: 4 * time.Second,
		run: streamTo(breakOff)},
	{key: "5003.WORKER_DIED", how: "kills the process of the HLS stream that runs, or of one of its own",
		takes: 2 * time.Second, run: joined(func(ctx context.Context, e *environment, m *sdk.Meeting) error {
			err := m.StartHLS(ctx, sdk.HLSOptions{Config: &sdk.EgressConfig{Mode: sdk.EgressAudioOnly}})
			if err == nil {
				e.removeAfter(ctx, "/v2/hls")
			} else if !errors.Is(err, fault.StartHLSFailedAlreadyRunning("", "", "")) {
				return err
			}
			return e.o.Jobs.KillWorker(e.meeting, job.HLS)
		})},
}

func startRecording(ctx context.Context, m *sdk.Meeting) error {
	return m.StartRecording(ctx, sdk.RecordingOptions{Config: &sdk.EgressConfig{Mode: sdk.EgressAudioOnly}})
}

// record starts a recording, unless one runs. One of its own is deleted when the drill ends.
func (e *environment) record(ctx context.Context, m *sdk.Meeting) error {
	err := startRecording(ctx, m)
	if errors.Is(err, fault.StartRecordingFailedAlreadyRunning("", "", "")) {
		return nil
	}
	if err == nil {
		e.removeAfter(ctx, "/v2/recordings")
	}
	return err
}

// removeAfter deletes the newest recording or stream of the meeting when the drill ends, if it began with the drill.
func (e *environment) removeAfter(ctx context.Context, path string) {
	var page struct {
		Data []struct {
			ID        string
			CreatedAt time.Time
		}
	}
	err := e.rest(ctx, "GET", path+"?roomId="+e.meeting+"&perPage=1", nil, &page)
	if err != nil || len(page.Data) == 0 || page.Data[0].CreatedAt.Before(e.began) {
		return // there is nothing to delete
	}
	id := page.Data[0].ID
	e.undo = append(e.undo, func(ctx context.Context) {
		for {
			err := e.rest(ctx, "DELETE", path+"/"+id, nil, nil)
			if f := asFault(err); f == nil || f.Code == fault.CodeNotFound {
				return
			} // else its files are still being stored
			select {
			case <-ctx.Done():
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	})
}

func stream(address string) func(context.Context, *environment) error {
	return joined(func(ctx context.Context, e *environment, m *sdk.Meeting) error {
		return e.startStream(ctx, m, address)
	})
}

// startStream starts a livestream. When the drill ends it is deleted, also where it did not start.
func (e *environment) startStream(ctx context.Context, m *sdk.Meeting, address string) error {
	err := m.StartLivestream(ctx, []sdk.LivestreamOutput{{URL: address, StreamKey: "key-" + rand.Text()}},
		sdk.LivestreamOptions{Config: &sdk.EgressConfig{Quality: sdk.QualityLow}})
	e.removeAfter(ctx, "/v2/livestreams")
	return err
}

// streamTo streams to an RTMP server of the drill, and stops the livestream when the drill ends.
func streamTo(how rtmpServer) func(context.Context, *environment) error {
	return joined(func(ctx context.Context, e *environment, m *sdk.Meeting) error {
		address, err := e.startRTMP(how)
		if err != nil {
			return err
		}
		if err := e.startStream(ctx, m, address); err != nil {
			return err
		}
		e.undo = append(e.undo, func(ctx context.Context) { _ = m.StopLivestream(ctx) }) // it may have failed
		return nil
	})
}
