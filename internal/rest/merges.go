package rest

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// MergeRecordings selects the recordings whose sound becomes a stereo file.
type MergeRecordings struct {
	SessionID  string         `json:"sessionId" minLength:"1"`
	Channel1   []MergeChannel `json:"channel1" minItems:"1" maxItems:"25" doc:"What is heard on the left."`
	Channel2   []MergeChannel `json:"channel2" minItems:"1" maxItems:"25" doc:"What is heard on the right."`
	Type       string         `json:"type,omitempty" enum:"participant,track" doc:"The type of all entries, whatever they say themselves."`
	WebhookURL string         `json:"webhookUrl,omitempty" maxLength:"2048" doc:"URL that receives merge-recording-completed or merge-recording-failed, in addition to the webhook of the room."`
	DirPath    string         `json:"dirPath,omitempty" maxLength:"512" doc:"Directory of the file in the storage."`
}

// MergeChannel is the recording of a participant in a channel of a merge.
type MergeChannel struct {
	ParticipantID string `json:"participantId" minLength:"1"`
	RecordingID   string `json:"recordingId,omitempty" doc:"Default: the newest recording of the participant in the session."`
	Type          string `json:"type,omitempty" enum:"participant,track" default:"participant" doc:"Whether it is a participant recording or a recording of the track audio or screen_audio."`
}

// MergedChannel is an entry of a channel of a merge.
type MergedChannel struct {
	ParticipantID string `json:"participantId"`
	RecordingID   string `json:"recordingId"`
}

// MergeRecording is a job that makes a stereo file of recordings.
type MergeRecording struct {
	JobInfo
	Status    string          `json:"status" enum:"pending,processing,completed,failed,cancelled"`
	MeetingID string          `json:"meetingId" doc:"Same as roomId."`
	Channel1  []MergedChannel `json:"channel1"`
	Channel2  []MergedChannel `json:"channel2"`
	File      *File           `json:"file,omitempty" doc:"The file, once it is complete."`
}

// MergeStarted is the answer of a request to merge.
type MergeStarted struct {
	Message   string         `json:"message"`
	Recording MergeRecording `json:"recording"`
}

// MergePage is a page of merges. Their key is recordings, as published.
type MergePage struct {
	PageInfo   PageInfo         `json:"pageInfo"`
	Recordings []MergeRecording `json:"recordings"`
}

// MergesQuery selects merges.
type MergesQuery struct {
	PageQuery
	RoomID    string `query:"roomId" doc:"roomId or customRoomId."`
	SessionID string `query:"sessionId"`
	ID        string `query:"id" doc:"Only this one."`
	Status    string `query:"status" enum:"pending,processing,completed,failed,cancelled"`
}

type (
	mergePath struct {
		MergeID string `path:"mergeId"`
	}
	mergeInput struct{ Body MergeRecordings }
)

func (p mergePath) id() string { return p.MergeID }

func (in MergesQuery) selection() jobSelection {
	return jobSelection{
		page: in.PageQuery, rooms: []string{in.RoomID}, sessionID: in.SessionID, id: in.ID, status: in.Status,
	}
}

func (a *API) mergeRoutes() {
	const path, tag = "/v2/recordings/participant/merge", "Recordings"
	secured(a, huma.Operation{
		OperationID: "merge-recordings", Method: http.MethodPost, Path: path, Tags: []string{tag},
		Summary: "Mix the sound of participant or track recordings of a session into a stereo file",
		Description: "Each recording is heard when it was recorded. Answers at once; the file is there at the event " +
			"merge-recording-completed.",
	}, a.mergeRecordings)
	resourceRoutes[MergesQuery, mergePath, mergePath](a, jobResource[MergeRecording]{
		kinds: []job.Kind{job.Merge}, path: path, tag: tag, name: "merge-recording", plural: "merge-recordings",
		param: "mergeId",
		show:  a.merges,
		list:  "List merges, newest first", read: "Read a merge",
		remove: "Delete a merge that is over and its file", removed: "Merge recording deleted successfully",
	}, func(info PageInfo, data []MergeRecording) MergePage { return MergePage{info, data} })
}

func (a *API) mergeRecordings(ctx context.Context, who Caller, in *mergeInput) (*body[MergeStarted], error) {
	wanted := in.Body
	session, err := a.session(ctx, who, wanted.SessionID)
	if err != nil {
		return nil, err
	}
	q, wrong := transcodingRequest(who, job.Merge, wanted.WebhookURL, "dirPath", wanted.DirPath)
	if wrong != nil {
		return nil, wrong.Fault(methodOf(ctx))
	}
	q.MeetingID, q.SessionID = session.MeetingID, session.ID
	for i, list := range [][]MergeChannel{wanted.Channel1, wanted.Channel2} {
		for n, entry := range list {
			if wanted.Type != "" {
				entry.Type = wanted.Type
			}
			at := fmt.Sprintf("channel%d[%d]", i+1, n)
			from, err := a.mergeSource(ctx, who, session, at, entry)
			if err != nil {
				return nil, err
			}
			q.Sources = append(q.Sources, job.Source{
				ParticipantID: entry.ParticipantID, RecordingID: from.ID, Channel: i + 1,
			})
		}
	}
	j, err := a.opts.Egress.Transcode(ctx, q)
	if err != nil {
		return nil, err
	}
	shown, err := a.merges(ctx, []record.Job{j})
	if err != nil {
		return nil, err
	}
	return &body[MergeStarted]{MergeStarted{"Merge recording started successfully", shown[0]}}, nil
}

// mergeSource finds the recording that an entry of a channel names.
func (a *API) mergeSource(
	ctx context.Context,
	who Caller,
	session record.Session,
	at string,
	entry MergeChannel,
) (record.Job, error) {
	kind := job.Participant
	if entry.Type == "track" {
		kind = job.Track
	}
	refuse := func(field, problem string) error {
		return fault.InvalidMessageBadParams(methodOf(ctx), at+"."+field, problem)
	}
	var found record.Job
	if entry.RecordingID != "" {
		j, err := a.job(ctx, who, entry.RecordingID, kind)
		if err != nil {
			return j, err
		}
		switch {
		case j.SessionID != session.ID:
			return j, refuse("recordingId", "it is a recording of another session")
		case j.Sources[0].ParticipantID != entry.ParticipantID:
			return j, refuse("participantId", "the recording that recordingId names is of another participant")
		}
		found = j
	} else {
		list, err := a.opts.Store.Jobs(ctx, who.Account.ID, record.JobFilter{
			Kinds: []job.Kind{kind}, SessionID: session.ID, ParticipantID: entry.ParticipantID,
		}, record.Page{Size: 100})
		if err != nil {
			return found, storeFault(err)
		}
		i := slices.IndexFunc(list.Items, hasSound)
		if i < 0 {
			return found, fault.NotFoundJob(nameOf(kind)+" with sound of the participant", entry.ParticipantID).
				WithMeeting(session.MeetingID, session.ID, "")
		}
		found = a.latest(list.Items[i])
	}
	if !hasSound(found) {
		return found, refuse("recordingId", "it is the recording of a picture, which has no sound")
	}
	return found, checkSource(methodOf(ctx), at+".recordingId", found)
}

// checkSource returns the fault of a recording that a field names, and of whose files no other file can be made.
func checkSource(method, field string, j record.Job) error {
	var problem string
	switch {
	case !j.State.Over():
		return fault.ConflictState(nameOf(j.Kind), j.ID, string(j.State)).WithMeeting(j.MeetingID, j.SessionID, "")
	case j.Format == job.M3U8:
		problem = "is a playlist (m3u8); record as webm, mp4 or mp3 what is to be merged"
	case len(j.Files) == 0 && j.State == job.Failed:
		problem = "failed and left no file"
	case len(j.Files) == 0:
		problem = "ended without a file"
	default:
		return nil
	}
	return fault.InvalidMessageBadParams(method, field, "the recording "+j.ID+" "+problem).
		WithMeeting(j.MeetingID, j.SessionID, "")
}

// hasSound reports whether a recording is of a participant, or of a track of sound.
func hasSound(j record.Job) bool {
	kind := j.Sources[0].Kind
	return kind == "" || kind == wire.Audio || kind == wire.ShareAudio
}

func (a *API) merges(ctx context.Context, jobs []record.Job) ([]MergeRecording, error) {
	common, err := a.jobInfos(ctx, jobs)
	if err != nil {
		return nil, err
	}
	out := make([]MergeRecording, len(jobs))
	for i, j := range jobs {
		out[i] = MergeRecording{
			JobInfo: common[i], Status: transcodingStatus(j.State), MeetingID: j.MeetingID,
			Channel1: []MergedChannel{}, Channel2: []MergedChannel{},
		}
		for _, s := range j.Sources {
			entry := MergedChannel{ParticipantID: s.ParticipantID, RecordingID: s.RecordingID}
			if s.Channel == 1 {
				out[i].Channel1 = append(out[i].Channel1, entry)
			} else {
				out[i].Channel2 = append(out[i].Channel2, entry)
			}
		}
		if out[i].File, err = a.file(ctx, j); err != nil {
			return nil, err
		}
	}
	return out, nil
}
