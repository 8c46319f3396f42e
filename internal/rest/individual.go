package rest

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// StartParticipantRecording starts the recording of one participant.
type StartParticipantRecording struct {
	EgressRoom
	ParticipantID string     `json:"participantId" minLength:"1"`
	FileFormat    job.Format `json:"fileFormat,omitempty" enum:"webm,mp4,m3u8" default:"webm"`
	WebhookURL    string     `json:"webhookUrl,omitempty" maxLength:"2048" doc:"URL that receives every event of this recording, in addition to the webhook of the room."`
	BucketDirPath string     `json:"bucketDirPath,omitempty" maxLength:"512" doc:"Directory of the files in the storage."`
}

func (s StartParticipantRecording) request() (job.Request, *job.FieldError) {
	return job.Request{
		Kind: job.Participant, Sources: []job.Source{{ParticipantID: s.ParticipantID}},
		Format: s.FileFormat, WebhookURL: s.WebhookURL, Dir: s.BucketDirPath,
	}, checkParticipantID("participantId", s.ParticipantID)
}

// StopParticipantRecording ends the recording of one participant.
type StopParticipantRecording struct {
	RoomID        string `json:"roomId" minLength:"1" doc:"roomId or customRoomId."`
	ParticipantID string `json:"participantId" minLength:"1"`
}

// StartTrackRecording starts the recording of one stream of a participant.
type StartTrackRecording struct {
	EgressRoom
	ParticipantID string     `json:"participantId" minLength:"1"`
	Kind          string     `json:"kind" enum:"audio,video,screen_audio,screen_video"`
	FileFormat    job.Format `json:"fileFormat,omitempty" enum:"webm,mp4,m3u8,mp3" default:"webm"`
	WebhookURL    string     `json:"webhookUrl,omitempty" maxLength:"2048" doc:"URL that receives every event of this recording, in addition to the webhook of the room."`
	BucketDirPath string     `json:"bucketDirPath,omitempty" maxLength:"512" doc:"Directory of the files in the storage."`
}

func (s StartTrackRecording) request() (job.Request, *job.FieldError) {
	return job.Request{
		Kind: job.Track, Sources: []job.Source{{ParticipantID: s.ParticipantID, Kind: trackKinds[s.Kind]}},
		Format: s.FileFormat, WebhookURL: s.WebhookURL, Dir: s.BucketDirPath,
	}, checkParticipantID("participantId", s.ParticipantID)
}

// StopTrackRecording ends the recording of one stream.
type StopTrackRecording struct {
	StopParticipantRecording
	Kind string `json:"kind" enum:"audio,video,screen_audio,screen_video"`
}

// IndividualRecording is one participant, or one stream of a participant, as files. A track makes a new file each time
// it starts.
type IndividualRecording struct {
	JobInfo
	ParticipantID   string `json:"participantId"`
	ParticipantName string `json:"participantName"`
	Kind            string `json:"kind,omitempty" enum:"audio,video,screen_audio,screen_video" doc:"The stream of a track recording."`
	Files           []File `json:"files"`
}

type listIndividualInput struct {
	JobsQuery
	ParticipantID string `query:"participantId"`
}

func (in listIndividualInput) selection() jobSelection {
	want := in.JobsQuery.selection()
	want.participantID = in.ParticipantID
	return want
}

func (s StopParticipantRecording) job() (roomID, id string, q job.StopRequest) {
	return s.RoomID, "", job.StopRequest{Source: job.Source{ParticipantID: s.ParticipantID}}
}

func (s StopTrackRecording) job() (roomID, id string, q job.StopRequest) {
	return s.RoomID, "", job.StopRequest{Source: job.Source{ParticipantID: s.ParticipantID, Kind: trackKinds[s.Kind]}}
}

func (a *API) individualRoutes() {
	const participant, track, tag = "/v2/recordings/participant", "/v2/recordings/participant/track", "Recordings"
	startRoute[StartParticipantRecording](a, huma.Operation{
		OperationID: "start-participant-recording", Path: participant + "/start",
		Summary: "Record one participant without encoding again", Tags: []string{tag}, Responses: textResponse(),
	}, answerText("Participant recording started successfully"))
	startRoute[StartTrackRecording](a, huma.Operation{
		OperationID: "start-track-recording", Path: track + "/start",
		Summary: "Record one stream of a participant without encoding again", Tags: []string{tag},
		Responses: textResponse(),
	}, answerText("Track recording started successfully"))
	recordings := jobResource[IndividualRecording]{
		kinds: []job.Kind{job.Participant}, path: participant, tag: tag, name: "participant-recording",
		plural: "participant-recordings",
		param:  "recordingId", show: a.individuals, stop: "End the recording of a participant",
		stopped: "Participant recording ended successfully",
		list:    "List recordings of a participant, newest first", read: "Read the recording of a participant",
		remove:  "Delete the recording of a participant and its files",
		removed: "Participant recording deleted successfully",
	}
	jobRoutes[StopParticipantRecording, listIndividualInput, RecordingPath, RecordingPath](a, recordings)
	tracks := jobResource[IndividualRecording]{
		kinds: []job.Kind{job.Track}, path: track, tag: tag, name: "track-recording", plural: "track-recordings",
		param: "recordingId", show: a.individuals, stop: "End the recording of a stream",
		stopped: "Track recording ended successfully",
		list:    "List recordings of a track, newest first", read: "Read the recording of a track",
		remove: "Delete the recording of a track and its files", removed: "Track recording deleted successfully",
	}
	jobRoutes[StopTrackRecording, listIndividualInput, RecordingPath, RecordingPath](a, tracks)
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
