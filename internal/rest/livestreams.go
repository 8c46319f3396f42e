package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// StartLivestream names the room that is sent, and where to.
type StartLivestream struct {
	EgressRoom
	LivestreamOptions
}

// LivestreamOptions say where a room is sent to.
type LivestreamOptions struct {
	Outputs       []LivestreamOutput `json:"outputs,omitempty" doc:"Required; 1 to 10."`
	Config        job.Config         `json:"config,omitzero" required:"false"`
	WebhookURL    string             `json:"webhookUrl,omitempty" maxLength:"2048" doc:"Told every event of this livestream, beside the room's webhook."`
	OnFailure     job.OnFailure      `json:"onFailure,omitempty" enum:"stop,restart" default:"stop"`
	Transcription *job.Transcription `json:"transcription,omitempty"`
}

func (o LivestreamOptions) request() (job.Request, *job.FieldError) {
	outputs := make([]job.Output, len(o.Outputs))
	for i, output := range o.Outputs {
		outputs[i] = job.Output(output)
	}
	return job.Request{
		Kind: job.Livestream, Config: o.Config, Transcription: o.Transcription, Outputs: outputs,
		WebhookURL: o.WebhookURL, OnFailure: o.OnFailure,
	}, nil
}

// LivestreamOutput is an RTMP target. What is wrong with one is 4015.
type LivestreamOutput struct {
	URL       string `json:"url,omitempty" doc:"rtmp or rtmps."`
	StreamKey string `json:"streamKey,omitempty" writeOnly:"true" doc:"Never shown again."`
}

// LivestreamTarget is an RTMP target as it may be shown.
type LivestreamTarget struct {
	URL   string `json:"url" doc:"Without the stream key, and without what may hold one."`
	State string `json:"state,omitempty" enum:"live,retrying,lost,done"`
}

// Livestream is a room that is sent to RTMP targets.
type Livestream struct {
	JobInfo
	Outputs []LivestreamTarget `json:"outputs"`
	File    *File              `json:"file,omitempty" doc:"With config.recording."`
}

// LivestreamPage is a page of livestreams.
type LivestreamPage struct {
	PageInfo PageInfo     `json:"pageInfo"`
	Data     []Livestream `json:"data"`
}

type (
	startLivestreamInput struct {
		Body StartLivestream
	}
	listLivestreamsInput struct {
		PageQuery
		RoomFilter
	}
	livestreamPath struct {
		LivestreamID string `path:"livestreamId"`
	}
)

func (a *API) livestreamRoutes() {
	tags := []string{"Livestreams"}
	secured(a, huma.Operation{
		OperationID: "start-livestream", Method: http.MethodPost, Path: "/v2/livestreams/start", Summary: "Send a room to RTMP targets", Tags: tags, Responses: textResponse(),
		Description: "Answers when the livestream runs, or with the reason why it does not: 4015 names the output that is wrong.",
	}, func(ctx context.Context, who Caller, in *startLivestreamInput) (*textOutput, error) {
		if _, err := a.start(ctx, who, in.Body.EgressRoom, in.Body.LivestreamOptions); err != nil {
			return nil, err
		}
		return textAnswer("Livestream started successfully"), nil
	})
	for _, verb := range []string{"end", "stop"} {
		secured(a, huma.Operation{
			OperationID: verb + "-livestream", Method: http.MethodPost, Path: "/v2/livestreams/" + verb, Summary: "End the livestream of a room", Tags: tags, Responses: textResponse(),
		}, func(ctx context.Context, who Caller, in *stopEgressInput) (*textOutput, error) {
			if err := a.stop(ctx, who, in.Body.RoomID, in.Body.ID, job.StopRequest{Kind: job.Livestream}); err != nil {
				return nil, err
			}
			return textAnswer("Livestream ended successfully"), nil
		})
	}
	secured(a, huma.Operation{
		OperationID: "list-livestreams", Method: http.MethodGet, Path: "/v2/livestreams", Summary: "List livestreams, newest first", Tags: tags,
	}, func(ctx context.Context, who Caller, in *listLivestreamsInput) (*body[LivestreamPage], error) {
		list, err := a.jobs(ctx, who, job.Livestream, in.RoomFilter, "", in.PageQuery)
		if err != nil {
			return nil, err
		}
		data, err := a.livestreams(ctx, list.Items)
		return answer(LivestreamPage{in.info(list.Total), data}, err)
	})
	secured(a, huma.Operation{
		OperationID: "get-livestream", Method: http.MethodGet, Path: "/v2/livestreams/{livestreamId}", Summary: "Read a livestream", Tags: tags,
	}, func(ctx context.Context, who Caller, in *livestreamPath) (*body[Livestream], error) {
		j, err := a.job(ctx, who, []job.Kind{job.Livestream}, in.LivestreamID)
		if err != nil {
			return nil, err
		}
		return single(a.livestreams(ctx, []record.Job{j}))
	})
	secured(a, huma.Operation{
		OperationID: "delete-livestream", Method: http.MethodDelete, Path: "/v2/livestreams/{livestreamId}", Summary: "Delete the record of a livestream, and its file if it has one", Tags: tags, Responses: textResponse(),
	}, func(ctx context.Context, who Caller, in *livestreamPath) (*textOutput, error) {
		if err := a.remove(ctx, who, job.Livestream, in.LivestreamID); err != nil {
			return nil, err
		}
		return textAnswer("Livestream deleted successfully"), nil
	})
}

func (a *API) livestreams(ctx context.Context, jobs []record.Job) ([]Livestream, error) {
	common, err := a.jobInfos(ctx, jobs)
	if err != nil {
		return nil, err
	}
	out := make([]Livestream, len(jobs))
	for i, j := range jobs {
		out[i] = Livestream{JobInfo: common[i], Outputs: []LivestreamTarget{}}
		for _, t := range j.Targets {
			out[i].Outputs = append(out[i].Outputs, LivestreamTarget{t.URL, string(t.State)})
		}
		files, err := a.files(ctx, j)
		if err != nil {
			return nil, err
		}
		if len(files) > 0 {
			out[i].File = &files[0]
		}
	}
	return out, nil
}
