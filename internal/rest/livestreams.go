package rest

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// StartLivestream starts to send a room to RTMP targets.
type StartLivestream struct {
	EgressRoom
	LivestreamOptions
}

// LivestreamOptions are where a room is sent, and how.
type LivestreamOptions struct {
	Outputs       []LivestreamOutput `json:"outputs,omitempty" doc:"Required: 1 to 10 outputs."`
	Config        job.Config         `json:"config,omitzero" required:"false"`
	WebhookURL    string             `json:"webhookUrl,omitempty" maxLength:"2048" doc:"URL that receives every event of this livestream, in addition to the webhook of the room."`
	OnFailure     OnFailure          `json:"onFailure,omitzero" required:"false"`
	Transcription *job.Transcription `json:"transcription,omitempty"`
}

func (o LivestreamOptions) request() (job.Request, *job.FieldError) {
	outputs := make([]job.Output, len(o.Outputs))
	for i, output := range o.Outputs {
		outputs[i] = job.Output(output)
	}
	return job.Request{
		Kind: job.Livestream, Config: o.Config, Transcription: o.Transcription, Outputs: outputs,
		WebhookURL: o.WebhookURL, OnFailure: o.OnFailure.OnFailure,
	}, nil
}

// LivestreamOutput is an RTMP target. One that cannot be used is 4015.
type LivestreamOutput struct {
	URL       string `json:"url,omitempty" doc:"rtmp or rtmps URL of the application."`
	StreamKey string `json:"streamKey,omitempty" writeOnly:"true" doc:"Stream key; it is never shown again."`
}

// LivestreamTarget is an RTMP target as it may be shown.
type LivestreamTarget struct {
	URL   string `json:"url" doc:"The URL without the stream key, the query and the user, which may be secret."`
	State string `json:"state,omitempty" enum:"live,retrying,lost,done"`
}

// Livestream is a room that is sent to RTMP targets.
type Livestream struct {
	JobInfo
	Outputs []LivestreamTarget `json:"outputs"`
	File    *File              `json:"file,omitempty" doc:"The file of config.recording."`
}

type livestreamPath struct {
	LivestreamID string `path:"livestreamId"`
}

func (p livestreamPath) id() string { return p.LivestreamID }

func (a *API) livestreamRoutes() {
	const path, tag = "/v2/livestreams", "Livestreams"
	startRoute[StartLivestream](a, huma.Operation{
		OperationID: "start-livestream", Path: path + "/start", Summary: "Send a room to RTMP targets",
		Tags:      []string{tag},
		Responses: textResponse(),
		Description: "Answers when the livestream runs, or with the fault that kept it from running: " +
			"4015 names the output that cannot be used.",
	}, answerText("Livestream started successfully"))
	jobRoutes[StopEgress, JobsQuery, livestreamPath, livestreamPath](a, jobResource[Livestream]{
		kinds: []job.Kind{job.Livestream}, path: path, tag: tag, name: "livestream", plural: "livestreams",
		param: "livestreamId",
		show:  a.livestreams,
		stop:  "End the livestream of a room", stopped: "Livestream ended successfully",
		list: "List livestreams, newest first", read: "Read a livestream",
		remove:  "Delete the record of a livestream, and its file if it has one",
		removed: "Livestream deleted successfully",
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
		if out[i].File, err = a.file(ctx, j); err != nil {
			return nil, err
		}
	}
	return out, nil
}
