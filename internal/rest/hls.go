package rest

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// StartHLS starts the HLS stream of a room.
type StartHLS struct {
	EgressRoom
	HLSOptions
}

// HLSOptions are how a room is streamed.
type HLSOptions struct {
	Config        job.Config         `json:"config,omitzero" required:"false"`
	WebhookURL    string             `json:"webhookUrl,omitempty" maxLength:"2048" doc:"URL that receives every event of this stream, in addition to the webhook of the room."`
	Recording     *HLSRecording      `json:"recording,omitempty" doc:"Same as config.recording: also write a file."`
	OnFailure     OnFailure          `json:"onFailure,omitzero" required:"false"`
	Transcription *job.Transcription `json:"transcription,omitempty"`
}

func (o HLSOptions) request() (job.Request, *job.FieldError) {
	q := job.Request{
		Kind: job.HLS, Config: o.Config, Transcription: o.Transcription, WebhookURL: o.WebhookURL,
		OnFailure: o.OnFailure.OnFailure,
	}
	if o.Recording != nil {
		if given := o.Config.Recording; given != nil && given.Enabled != o.Recording.Enabled {
			return q, &job.FieldError{
				Field: "recording.enabled", Problem: "and config.recording.enabled differ; give one of them",
			}
		}
		q.Config.Recording = &job.Switch{Enabled: o.Recording.Enabled}
	}
	return q, nil
}

// HLSRecording is whether a file is written beside the stream.
type HLSRecording struct {
	Enabled bool `json:"enabled"`
}

// HLS is a room as an HTTP live stream, and afterwards as what can be played from the start.
type HLS struct {
	JobInfo
	PlaybackHLSURL string  `json:"playbackHlsUrl" doc:"URL of the playlist from the start; it stays valid when the stream has ended."`
	LivestreamURL  string  `json:"livestreamUrl" doc:"URL of the playlist of the live edge."`
	DownstreamURL  string  `json:"downstreamUrl" deprecated:"true" doc:"Older name of playbackHlsUrl."`
	Duration       float64 `json:"duration" doc:"Duration in seconds, once it is known."`
	Mode           string  `json:"mode"`
	Quality        string  `json:"quality"`
	Orientation    string  `json:"orientation"`
	File           *File   `json:"file,omitempty" doc:"The file of config.recording, once it is complete."`
}

// ActiveHLS is the stream of a room that runs, in the published wrapping.
type ActiveHLS struct {
	Code int `json:"code"`
	Data HLS `json:"data"`
}

type hlsPath struct {
	HLSID string `path:"hlsId"`
}

func (p hlsPath) id() string { return p.HLSID }

func (a *API) hlsRoutes() {
	const path, tag = "/v2/hls", "HLS"
	startRoute[StartHLS](a, huma.Operation{
		OperationID: "start-hls", Path: path + "/start", Summary: "Stream a room as HLS", Tags: []string{tag},
		Description: "Answers when the stream runs; a player can start at the event hls-playable.",
	}, func(ctx context.Context, j record.Job) (*body[HLS], error) {
		return single(a.streams(ctx, []record.Job{j}))
	})
	jobRoutes[StopEgress, JobsQuery, hlsPath, hlsPath](a, jobResource[HLS]{
		kinds: []job.Kind{job.HLS}, path: path, tag: tag, name: "hls", plural: "hls", param: "hlsId", show: a.streams,
		stop: "End the HLS stream of a room", stopped: "HLS ended successfully",
		list: "List HLS streams, newest first", read: "Read an HLS stream",
		remove: "Delete an HLS stream that has ended", removed: "Room Hls Recording deleted successfully !",
	})
	secured(a, huma.Operation{
		OperationID: "get-active-hls", Method: http.MethodGet, Path: "/v2/hls/{roomId}/active",
		Summary: "Read the running HLS stream of a room",
		Tags:    []string{tag},
	}, func(ctx context.Context, who Caller, in *RoomPath) (*body[ActiveHLS], error) {
		room, err := a.meeting(ctx, who, in.RoomID)
		if err != nil {
			return nil, err
		}
		over := false
		list, err := a.opts.Store.Jobs(
			ctx,
			who.Account.ID,
			record.JobFilter{Kinds: []job.Kind{job.HLS}, MeetingID: room.ID, Over: &over},
			record.Page{Size: 1},
		)
		if err != nil {
			return nil, storeFault(err)
		}
		if len(list.Items) == 0 {
			return nil, fault.NotFoundJob("running HLS stream in the room", in.RoomID).WithMeeting(room.ID, "", "")
		}
		data, err := a.streams(ctx, list.Items)
		if err != nil {
			return nil, err
		}
		return &body[ActiveHLS]{ActiveHLS{http.StatusOK, data[0]}}, nil
	})
}

func (a *API) streams(ctx context.Context, jobs []record.Job) ([]HLS, error) {
	common, err := a.jobInfos(ctx, jobs)
	if err != nil {
		return nil, err
	}
	base := a.base(requestOf(ctx))
	out := make([]HLS, len(jobs))
	for i, j := range jobs {
		out[i] = HLS{
			JobInfo:     common[i],
			Mode:        string(j.Config.Mode),
			Quality:     string(j.Config.Quality),
			Orientation: string(j.Config.Orientation),
		}
		if !j.StartedAt.IsZero() {
			out[i].PlaybackHLSURL, out[i].LivestreamURL = a.opts.HLSAddresses(base, j.ID)
			out[i].DownstreamURL = out[i].PlaybackHLSURL
		}
		for _, f := range j.Files {
			out[i].Duration = max(out[i].Duration, float64(f.DurationMs)/1000)
		}
		// played, not downloaded
		j.Files = slices.DeleteFunc(slices.Clone(j.Files), func(f job.File) bool { return f.Format == job.M3U8 })
		if out[i].File, err = a.file(ctx, j); err != nil {
			return nil, err
		}
	}
	return out, nil
}
