package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// StartParticipantRecording says whom to record, and how.
type StartParticipantRecording struct {
	EgressRoom
	ParticipantID string     `json:"participantId" minLength:"1"`
	FileFormat    job.Format `json:"fileFormat,omitempty" enum:"webm,mp4,m3u8" default:"webm"`
	WebhookURL    string     `json:"webhookUrl,omitempty" maxLength:"2048" doc:"Told every event of this recording, beside the room's webhook."`
	BucketDirPath string     `json:"bucketDirPath,omitempty" maxLength:"512" doc:"Directory of the files in the storage."`
}

func (s StartParticipantRecording) request() (job.Request, *job.FieldError) {
	return job.Request{
		Kind: job.Participant, Sources: []job.Source{{ParticipantID: s.ParticipantID}},
		Format: s.FileFormat, WebhookURL: s.WebhookURL, Dir: s.BucketDirPath,
	}, checkParticipantID("participantId", s.ParticipantID)
}

// StopParticipantRecording names whose recording ends.
type StopParticipantRecording struct {
	RoomID        string `json:"roomId" minLength:"1" doc:"roomId or customRoomId."`
	ParticipantID string `json:"participantId" minLength:"1"`
}

// StartTrackRecording says which stream to record, and how.
type StartTrackRecording struct {
	EgressRoom
	ParticipantID string     `json:"participantId" minLength:"1"`
	Kind          string     `json:"kind" enum:"audio,video,screen_audio,screen_video"`
	FileFormat    job.Format `json:"fileFormat,omitempty" enum:"webm,mp4,m3u8,mp3" default:"webm"`
	WebhookURL    string     `json:"webhookUrl,omitempty" maxLength:"2048" doc:"Told every event of this recording, beside the room's webhook."`
	BucketDirPath string     `json:"bucketDirPath,omitempty" maxLength:"512" doc:"Directory of the files in the storage."`
}

func (s StartTrackRecording) request() (job.Request, *job.FieldError) {
	return job.Request{
		Kind: job.Track, Sources: []job.Source{{ParticipantID: s.ParticipantID, Kind: trackKinds[s.Kind]}},
		Format: s.FileFormat, WebhookURL: s.WebhookURL, Dir: s.BucketDirPath,
	}, checkParticipantID("participantId", s.ParticipantID)
}

// StopTrackRecording names the stream whose recording ends.
type StopTrackRecording struct {
	StopParticipantRecording
	Kind string `json:"kind" enum:"audio,video,screen_audio,screen_video"`
}

// IndividualRecording is one participant, or one stream of a participant, as files. A track makes a new file each time it
// starts.
type IndividualRecording struct {
	JobInfo
	ParticipantID   string `json:"participantId"`
	ParticipantName string `json:"participantName"`
	Kind            string `json:"kind,omitempty" enum:"audio,video,screen_audio,screen_video" doc:"Of a track."`
	Files           []File `json:"files"`
}

// IndividualPage is a page of recordings of participants or tracks.
type IndividualPage struct {
	PageInfo PageInfo              `json:"pageInfo"`
	Data     []IndividualRecording `json:"data"`
}

type (
	startParticipantRecordingInput struct {
		Body StartParticipantRecording
	}
	stopParticipantRecordingInput struct {
		Body StopParticipantRecording
	}
	startTrackRecordingInput struct {
		Body StartTrackRecording
	}
	stopTrackRecordingInput struct {
		Body StopTrackRecording
	}
	listIndividualInput struct {
		PageQuery
		RoomFilter
		ParticipantID string `query:"participantId"`
	}
)

func (a *API) individualRoutes() {
	tags := []string{"Recordings"}
	participant, track := "/v2/recordings/participant", "/v2/recordings/participant/track"
	secured(a, huma.Operation{
		OperationID: "start-participant-recording", Method: http.MethodPost, Path: participant + "/start", Summary: "Record one participant, as it is sent", Tags: tags, Responses: textResponse(),
	}, func(ctx context.Context, who Caller, in *startParticipantRecordingInput) (*textOutput, error) {
		if _, err := a.start(ctx, who, in.Body.EgressRoom, in.Body); err != nil {
			return nil, err
		}
		return textAnswer("Participant recording started successfully"), nil
	})
	secured(a, huma.Operation{
		OperationID: "start-track-recording", Method: http.MethodPost, Path: track + "/start", Summary: "Record one stream of a participant, as it is sent", Tags: tags, Responses: textResponse(),
	}, func(ctx context.Context, who Caller, in *startTrackRecordingInput) (*textOutput, error) {
		if _, err := a.start(ctx, who, in.Body.EgressRoom, in.Body); err != nil {
			return nil, err
		}
		return textAnswer("Track recording started successfully"), nil
	})
	for _, verb := range []string{"stop", "end"} {
		secured(a, huma.Operation{
			OperationID: verb + "-participant-recording", Method: http.MethodPost, Path: participant + "/" + verb, Summary: "End the recording of a participant", Tags: tags, Responses: textResponse(),
		}, func(ctx context.Context, who Caller, in *stopParticipantRecordingInput) (*textOutput, error) {
			b := in.Body
			if err := a.stop(ctx, who, b.RoomID, "", job.StopRequest{Kind: job.Participant, Source: job.Source{ParticipantID: b.ParticipantID}}); err != nil {
				return nil, err
			}
			return textAnswer("Participant recording ended successfully"), nil
		})
		secured(a, huma.Operation{
			OperationID: verb + "-track-recording", Method: http.MethodPost, Path: track + "/" + verb, Summary: "End the recording of a stream", Tags: tags, Responses: textResponse(),
		}, func(ctx context.Context, who Caller, in *stopTrackRecordingInput) (*textOutput, error) {
			b := in.Body
			if err := a.stop(ctx, who, b.RoomID, "", job.StopRequest{Kind: job.Track, Source: job.Source{ParticipantID: b.ParticipantID, Kind: trackKinds[b.Kind]}}); err != nil {
				return nil, err
			}
			return textAnswer("Track recording ended successfully"), nil
		})
	}
	a.individualKind(job.Participant, participant, "participant", "Participant recording deleted successfully")
	a.individualKind(job.Track, track, "track", "Track recording deleted successfully")
}

// individualKind lists, reads and deletes recordings of participants or of tracks.
func (a *API) individualKind(kind job.Kind, path, name, deleted string) {
	tags := []string{"Recordings"}
	secured(a, huma.Operation{
		OperationID: "list-" + name + "-recordings", Method: http.MethodGet, Path: path, Summary: "List recordings of a " + name + ", newest first", Tags: tags,
	}, func(ctx context.Context, who Caller, in *listIndividualInput) (*body[IndividualPage], error) {
		list, err := a.jobs(ctx, who, kind, in.RoomFilter, in.ParticipantID, in.PageQuery)
		if err != nil {
			return nil, err
		}
		data, err := a.individuals(ctx, list.Items)
		return answer(IndividualPage{in.info(list.Total), data}, err)
	})
	secured(a, huma.Operation{
		OperationID: "get-" + name + "-recording", Method: http.MethodGet, Path: path + "/{recordingId}", Summary: "Read the recording of a " + name, Tags: tags,
	}, func(ctx context.Context, who Caller, in *RecordingPath) (*body[IndividualRecording], error) {
		j, err := a.job(ctx, who, []job.Kind{kind}, in.RecordingID)
		if err != nil {
			return nil, err
		}
		return single(a.individuals(ctx, []record.Job{j}))
	})
	secured(a, huma.Operation{
		OperationID: "delete-" + name + "-recording", Method: http.MethodDelete, Path: path + "/{recordingId}", Summary: "Delete the recording of a " + name + " and its files", Tags: tags, Responses: textResponse(),
	}, func(ctx context.Context, who Caller, in *RecordingPath) (*textOutput, error) {
		if err := a.remove(ctx, who, kind, in.RecordingID); err != nil {
			return nil, err
		}
		return textAnswer(deleted), nil
	})
}

func (a *API) individuals(ctx context.Context, jobs []record.Job) ([]IndividualRecording, error) {
	common, err := a.jobInfos(ctx, jobs)
	if err != nil {
		return nil, err
	}
	out := make([]IndividualRecording, len(jobs))
	for i, j := range jobs {
		files, err := a.files(ctx, j)
		if err != nil {
			return nil, err
		}
		out[i] = IndividualRecording{JobInfo: common[i], Files: files}
		if len(j.Sources) == 0 {
			continue
		}
		source := j.Sources[0]
		out[i].ParticipantID, out[i].Kind = source.ParticipantID, trackName(source.Kind)
		participant, err := a.opts.Store.Participant(ctx, j.AccountID, j.SessionID, source.ParticipantID)
		if err != nil && !notFound(err) {
			return nil, storeFault(err)
		}
		out[i].ParticipantName = participant.Name
	}
	return out, nil
}
