package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// StartRecording names the room that is recorded, and how.
type StartRecording struct {
	EgressRoom
	RecordingOptions
}

// RecordingOptions say how a room is recorded.
type RecordingOptions struct {
	Config        job.Config         `json:"config,omitzero" required:"false"`
	WebhookURL    string             `json:"webhookUrl,omitempty" maxLength:"2048" doc:"Told every event of this recording, beside the room's webhook."`
	AWSDirPath    string             `json:"awsDirPath,omitempty" maxLength:"512" doc:"Directory of the file in the storage."`
	FileFormat    job.Format         `json:"fileFormat,omitempty" enum:"mp4,webm" doc:"The same as config.fileFormat; mp4 if neither is given."`
	OnFailure     job.OnFailure      `json:"onFailure,omitempty" enum:"stop,restart" default:"stop"`
	Transcription *job.Transcription `json:"transcription,omitempty"`
}

func (o RecordingOptions) request() (job.Request, *job.FieldError) {
	return job.Request{
		Kind: job.Recording, Config: o.Config, Format: o.FileFormat, Transcription: o.Transcription,
		WebhookURL: o.WebhookURL, Dir: o.AWSDirPath, OnFailure: o.OnFailure,
	}, nil
}

// Recording is the composed meeting as a file.
type Recording struct {
	JobInfo
	FileID *string `json:"fileId"`
	File   *File   `json:"file" doc:"null until it is there."`
}

// RecordingPage is a page of recordings.
type RecordingPage struct {
	PageInfo PageInfo    `json:"pageInfo"`
	Data     []Recording `json:"data"`
}

type (
	startRecordingInput struct {
		Body StartRecording
	}
	listRecordingsInput struct {
		PageQuery
		RoomFilter
		WithTranscription bool `query:"withTranscription" doc:"Taken from published clients; there are none."`
	}
	// RecordingPath names a recording.
	RecordingPath struct {
		RecordingID string `path:"recordingId"`
	}
	getRecordingInput struct {
		RecordingPath
		WithTranscription bool `query:"withTranscription" doc:"Taken from published clients; there are none."`
	}
)

func (a *API) recordingRoutes() {
	tags := []string{"Recordings"}
	secured(a, huma.Operation{
		OperationID: "start-recording", Method: http.MethodPost, Path: "/v2/recordings/start", Summary: "Record a room as it is composed", Tags: tags, Responses: textResponse(),
		Description: "Answers when the recording runs, or with the reason why it does not.",
	}, func(ctx context.Context, who Caller, in *startRecordingInput) (*textOutput, error) {
		if _, err := a.start(ctx, who, in.Body.EgressRoom, in.Body.RecordingOptions); err != nil {
			return nil, err
		}
		return textAnswer("Recording started successfully"), nil
	})
	// The published pages have end and stop.
	for _, verb := range []string{"end", "stop"} {
		secured(a, huma.Operation{
			OperationID: verb + "-recording", Method: http.MethodPost, Path: "/v2/recordings/" + verb, Summary: "End the recording of a room", Tags: tags, Responses: textResponse(),
		}, func(ctx context.Context, who Caller, in *stopEgressInput) (*textOutput, error) {
			if err := a.stop(ctx, who, in.Body.RoomID, in.Body.ID, job.StopRequest{Kind: job.Recording}); err != nil {
				return nil, err
			}
			return textAnswer("Recording ended successfully"), nil
		})
	}
	secured(a, huma.Operation{
		OperationID: "list-recordings", Method: http.MethodGet, Path: "/v2/recordings", Summary: "List recordings, newest first", Tags: tags,
	}, func(ctx context.Context, who Caller, in *listRecordingsInput) (*body[RecordingPage], error) {
		list, err := a.jobs(ctx, who, job.Recording, in.RoomFilter, "", in.PageQuery)
		if err != nil {
			return nil, err
		}
		data, err := a.recordings(ctx, list.Items)
		return answer(RecordingPage{in.info(list.Total), data}, err)
	})
	secured(a, huma.Operation{
		OperationID: "get-recording", Method: http.MethodGet, Path: "/v2/recordings/{recordingId}", Summary: "Read a recording", Tags: tags,
	}, func(ctx context.Context, who Caller, in *getRecordingInput) (*body[Recording], error) {
		j, err := a.job(ctx, who, []job.Kind{job.Recording}, in.RecordingID)
		if err != nil {
			return nil, err
		}
		return single(a.recordings(ctx, []record.Job{j}))
	})
	secured(a, huma.Operation{
		OperationID: "delete-recording", Method: http.MethodDelete, Path: "/v2/recordings/{recordingId}", Summary: "Delete a recording and its file", Tags: tags, Responses: textResponse(),
	}, func(ctx context.Context, who Caller, in *RecordingPath) (*textOutput, error) {
		if err := a.remove(ctx, who, job.Recording, in.RecordingID); err != nil {
			return nil, err
		}
		return textAnswer("Room recording deleted successfully"), nil
	})
}

func (a *API) recordings(ctx context.Context, jobs []record.Job) ([]Recording, error) {
	common, err := a.jobInfos(ctx, jobs)
	if err != nil {
		return nil, err
	}
	out := make([]Recording, len(jobs))
	for i, j := range jobs {
		files, err := a.files(ctx, j)
		if err != nil {
			return nil, err
		}
		out[i] = Recording{JobInfo: common[i]}
		if len(files) > 0 {
			out[i].File, out[i].FileID = &files[0], &files[0].ID
		}
	}
	return out, nil
}

// answer is a whole answer, unless making it failed.
func answer[T any](value T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{value}, nil
}

// single is the only one of a list.
func single[T any](list []T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{list[0]}, nil
}
