package rest

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// StartRecording starts the recording of a room.
type StartRecording struct {
	EgressRoom
	RecordingOptions
}

// RecordingOptions are how a room is recorded.
type RecordingOptions struct {
	Config        job.Config         `json:"config,omitzero" required:"false"`
	WebhookURL    string             `json:"webhookUrl,omitempty" maxLength:"2048" doc:"URL that receives every event of this recording, in addition to the webhook of the room."`
	AWSDirPath    string             `json:"awsDirPath,omitempty" maxLength:"512" doc:"Directory of the file in the storage."`
	FileFormat    job.Format         `json:"fileFormat,omitempty" enum:"mp4,webm" doc:"Same as config.fileFormat; mp4 if neither is given."`
	OnFailure     OnFailure          `json:"onFailure,omitzero" required:"false"`
	Transcription *job.Transcription `json:"transcription,omitempty"`
}

func (o RecordingOptions) request() (job.Request, *job.FieldError) {
	return job.Request{
		Kind: job.Recording, Config: o.Config, Format: o.FileFormat, Transcription: o.Transcription,
		WebhookURL: o.WebhookURL, Dir: o.AWSDirPath, OnFailure: o.OnFailure.OnFailure,
	}, nil
}

// Recording is the composed meeting as a file.
type Recording struct {
	JobInfo
	FileID *string `json:"fileId"`
	File   *File   `json:"file" doc:"Null until the file is complete."`
}

type (
	// RecordingPath names a recording.
	RecordingPath struct {
		RecordingID string `path:"recordingId"`
	}
	getRecordingInput struct {
		RecordingPath
		WithTranscription bool `query:"withTranscription" enum:"false" doc:"This server has no transcriptions: true is refused as not offered."`
	}
	listRecordingsInput struct {
		JobsQuery
		WithTranscription bool `query:"withTranscription" enum:"false" doc:"This server has no transcriptions: true is refused as not offered."`
	}
)

func (p RecordingPath) id() string { return p.RecordingID }

func (a *API) recordingRoutes() {
	const path, tag = "/v2/recordings", "Recordings"
	startRoute[StartRecording](a, huma.Operation{
		OperationID: "start-recording", Path: path + "/start", Summary: "Record the composed room", Tags: []string{tag},
		Responses:   textResponse(),
		Description: "Answers when the recording runs, or with the fault that kept it from running.",
	}, answerText("Recording started successfully"))
	jobRoutes[StopEgress, listRecordingsInput, getRecordingInput, RecordingPath](a, jobResource[Recording]{
		kinds: []job.Kind{job.Recording}, path: path, tag: tag, name: "recording", plural: "recordings", param: "recordingId",
		show: a.recordings,
		stop: "End the recording of a room", stopped: "Recording ended successfully",
		list: "List recordings, newest first", read: "Read a recording",
		remove: "Delete a recording and its file", removed: "Room recording deleted successfully",
	})
}

func (a *API) recordings(ctx context.Context, jobs []record.Job) ([]Recording, error) {
	common, err := a.jobInfos(ctx, jobs)
	if err != nil {
		return nil, err
	}
	out := make([]Recording, len(jobs))
	for i, j := range jobs {
		out[i] = Recording{JobInfo: common[i]}
		if out[i].File, err = a.file(ctx, j); err != nil {
			return nil, err
		}
		if out[i].File != nil {
			out[i].FileID = &out[i].File.ID
		}
	}
	return out, nil
}
