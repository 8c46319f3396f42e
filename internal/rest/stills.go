package rest

import (
	"context"
	"errors"
	"math"
	"net/http"
	"path"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// Stills makes pictures of HLS streams. The error is a *job.FieldError or a *fault.Error.
type Stills interface {
	Extract(ctx context.Context, j record.Job, q job.StillRequest) (job.Still, error)
}

// CaptureHLS selects a picture of an HLS stream.
type CaptureHLS struct {
	RoomID string   `json:"roomId" minLength:"1" doc:"roomId or customRoomId."`
	Time   *float64 `json:"time,omitempty" minimum:"0" doc:"Position in seconds from the start of the stream. Default: the live edge of the running stream."`
	Width  int      `json:"width,omitempty" minimum:"16" maximum:"3840" doc:"Width in pixels. Default: what keeps the aspect ratio for the given height, else the width of the stream."`
	Height int      `json:"height,omitempty" minimum:"16" maximum:"3840"`
	Format string   `json:"format,omitempty" enum:"jpg,png,webp" default:"jpg"`
}

// CapturedHLS is a picture of an HLS stream, which is kept until the stream is deleted.
type CapturedHLS struct {
	Message  string    `json:"message"`
	RoomID   string    `json:"roomId"`
	Meta     StillMeta `json:"meta"`
	FilePath string    `json:"filePath" doc:"Path of the file in the storage."`
	FileSize int64     `json:"fileSize" doc:"Size in bytes."`
	FileName string    `json:"fileName"`
	FileURL  string    `json:"fileUrl" doc:"Download link that needs no token and expires."`
}

// StillMeta is what a picture holds.
type StillMeta struct {
	CreatedAt fault.Instant `json:"createdAt"`
	Width     int           `json:"width"`
	Height    int           `json:"height"`
	Format    string        `json:"format" enum:"jpg,png,webp"`
}

type captureHLSInput struct {
	Body CaptureHLS
}

func (a *API) stillRoutes() {
	secured(a, huma.Operation{
		OperationID: "capture-hls", Method: http.MethodPost, Path: "/v2/hls/capture",
		Summary: "Take a picture of the HLS stream of a room", Tags: []string{"HLS"},
		Description: "Captures the running stream. With `time`, while none runs, the newest stream that can be played.",
	}, func(ctx context.Context, who Caller, in *captureHLSInput) (*body[CapturedHLS], error) {
		b := in.Body
		room, err := a.meeting(ctx, who, b.RoomID)
		if err != nil {
			return nil, err
		}
		j, err := a.streamOf(ctx, who, room, b.Time != nil)
		if err != nil {
			return nil, err
		}
		q := job.StillRequest{At: -1, Width: b.Width, Height: b.Height, Format: job.StillFormat(b.Format)}
		if b.Time != nil {
			q.At = time.Duration(min(*b.Time, math.MaxInt32) * float64(time.Second))
		}
		made, err := a.opts.Stills.Extract(ctx, j, q)
		if wrong, ok := errors.AsType[*job.FieldError](err); ok {
			return nil, wrong.Fault(methodOf(ctx))
		}
		if err != nil {
			return nil, err
		}
		link, err := a.opts.Files.URL(ctx, made.File)
		if err != nil {
			return nil, fileFault(err)
		}
		return &body[CapturedHLS]{CapturedHLS{
			Message: "HLS image captured successfully", RoomID: room.ID,
			Meta: StillMeta{
				CreatedAt: fault.InstantOf(made.CreatedAt),
				Width:     made.Width,
				Height:    made.Height,
				Format:    string(made.Format),
			},
			FilePath: made.File.Key, FileSize: made.File.Size, FileName: path.Base(made.File.Key), FileURL: link,
		}}, nil
	})
}

// endedStreams is how many streams of a room are searched for one that can be played: a start that fails leaves none.
const endedStreams = 20

// streamOf finds the HLS stream of a room that runs; while none does, the newest one that can be played, if an ended
// one will do.
func (a *API) streamOf(ctx context.Context, who Caller, room record.Meeting, ended bool) (record.Job, error) {
	look := func(over bool) (list []record.Job, err error) {
		found, err := a.opts.Store.Jobs(
			ctx,
			who.Account.ID,
			record.JobFilter{Kinds: []job.Kind{job.HLS}, MeetingID: room.ID, Over: &over},
			record.Page{Size: endedStreams},
		)
		if err != nil {
			return nil, storeFault(err)
		}
		return found.Items, nil
	}
	running, err := look(false)
	if err != nil {
		return record.Job{}, err
	}
	if len(running) > 0 {
		return running[0], nil
	}
	if !ended {
		return record.Job{}, fault.NotFoundJob("running HLS stream in the room", room.ID).WithMeeting(room.ID, "", "")
	}
	over, err := look(true)
	if err != nil {
		return record.Job{}, err
	}
	for _, j := range over {
		if slices.ContainsFunc(j.Files, func(f job.File) bool { return f.Format == job.M3U8 }) {
			return j, nil
		}
	}
	return record.Job{}, fault.NotFoundJob("HLS stream in the room", room.ID).WithMeeting(room.ID, "", "")
}
