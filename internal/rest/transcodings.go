package rest

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/objectkey"
	"github.com/klatch/klatch/internal/record"
)

// transcodingStates are the published words for the states of jobs that make a file of files.
var transcodingStates = map[string]job.State{
	"pending": job.Starting, "processing": job.Started, "completed": job.Stopped, "failed": job.Failed,
	"cancelled": job.Cancelled,
}

func transcodingStatus(state job.State) string {
	for word, s := range transcodingStates {
		if s == state {
			return word
		}
	}
	return "processing"
}

// HLSToMP4 names an HLS stream that is to become a file: at least one of the ids.
type HLSToMP4 struct {
	RoomID     string              `json:"roomId,omitempty" doc:"The newest stream of this room; roomId or customRoomId."`
	SessionID  string              `json:"sessionId,omitempty" doc:"The newest stream of this session."`
	HLSID      string              `json:"hlsId,omitempty" doc:"This stream."`
	WebhookURL string              `json:"webhookUrl,omitempty" maxLength:"2048" doc:"URL that receives transcoding-completed or transcoding-failed, in addition to the webhook of the room."`
	Storage    *TranscodingStorage `json:"storage,omitempty"`
}

// TranscodingStorage is where the file goes. It goes to the storage of the server; what else is named is refused.
type TranscodingStorage struct {
	Type    string `json:"type" enum:"s3" doc:"Only where the server keeps its files in S3."`
	Bucket  string `json:"bucket,omitempty" doc:"Name of the server's bucket."`
	DirPath string `json:"dirPath,omitempty" maxLength:"512" doc:"Directory of the file in the storage."`
}

// Transcoding is a job that makes an MP4 file of an HLS stream or of recordings.
type Transcoding struct {
	ID           string         `json:"id"`
	RecordingIDs []string       `json:"recordingIds,omitempty" doc:"Of the merges: the recordings, in the order of the request."`
	RoomID       string         `json:"roomId"`
	SessionID    string         `json:"sessionId" doc:"Of a meeting-recording-merge: that of the earliest recording."`
	HLSID        string         `json:"hlsId,omitempty" doc:"Of hls-to-mp4: the stream."`
	Status       string         `json:"status" enum:"pending,processing,completed,failed,cancelled"`
	Task         string         `json:"task" enum:"hls-to-mp4,composite-merge,meeting-recording-merge"`
	CreatedAt    fault.Instant  `json:"createdAt"`
	StartedAt    *fault.Instant `json:"startedAt" doc:"Null while it waits."`
	StoppedAt    *fault.Instant `json:"stoppedAt" doc:"Null until it is over."`
	File         *File          `json:"file,omitempty" doc:"The file, once it is complete."`
	Webhook      WebhookSummary `json:"webhook"`
	Fault        *Fault         `json:"fault,omitempty" doc:"The fault with which it failed."`
}

// transcodingKinds are the kinds of jobs that are listed as transcodings.
var transcodingKinds = []job.Kind{job.HLSToMP4, job.CompositeMerge, job.RecordingMerge}

// TranscodingsQuery selects transcodings.
type TranscodingsQuery struct {
	PageQuery
	RoomID    string `query:"roomId" doc:"roomId or customRoomId."`
	SessionID string `query:"sessionId"`
	HLSID     string `query:"hlsId"`
	Status    string `query:"status" enum:"pending,processing,completed,failed,cancelled"`
}

type (
	transcodingPath struct {
		TranscodingID string `path:"transcodingId"`
	}
	hlsToMP4Input struct{ Body HLSToMP4 }
)

func (p transcodingPath) id() string { return p.TranscodingID }

func (in TranscodingsQuery) selection() jobSelection {
	return jobSelection{
		page: in.PageQuery, rooms: []string{in.RoomID}, sessionID: in.SessionID, sourceID: in.HLSID, status: in.Status,
	}
}

func (a *API) transcodingRoutes() {
	const path, tag = "/v2/transcodings", "Transcodings"
	tags := []string{tag}
	secured(a, huma.Operation{
		OperationID: "transcode-hls-to-mp4", Method: http.MethodPost, Path: path + "/hls-to-mp4", Tags: tags,
		Summary:     "Make an MP4 file of an HLS stream that has ended",
		Description: "Answers at once; the file is there at the event transcoding-completed. The media are not encoded anew.",
	}, a.hlsToMP4)
	a.mergeTranscodingRoutes(path, tags)
	resourceRoutes[TranscodingsQuery, transcodingPath, transcodingPath](a, jobResource[Transcoding]{
		kinds: transcodingKinds, path: path, tag: tag, name: "transcoding", plural: "transcodings", param: "transcodingId",
		show: a.transcodings,
		list: "List transcodings, newest first", read: "Read a transcoding",
		remove: "Delete a transcoding that is over and its file", removed: "Transcoding deleted successfully",
	}, func(info PageInfo, data []Transcoding) Page[Transcoding] { return Page[Transcoding]{info, data} })
	secured(a, huma.Operation{
		OperationID: "cancel-transcoding", Method: http.MethodPost, Path: path + "/{transcodingId}/cancel",
		Summary: "Cancel a transcoding that waits or runs", Tags: tags,
	}, func(ctx context.Context, who Caller, in *transcodingPath) (*body[Transcoding], error) {
		j, err := a.job(ctx, who, in.TranscodingID, transcodingKinds...)
		if err != nil {
			return nil, err
		}
		canceled := false
		if !j.State.Over() {
			if canceled, err = a.opts.Egress.CancelTranscoding(ctx, j); err != nil {
				return nil, err
			}
		}
		if !canceled {
			return nil, fault.ConflictState(nameOf(j.Kind), j.ID, transcodingStatus(j.State)).
				WithMeeting(j.MeetingID, j.SessionID, "")
		}
		shown, err := a.transcodings(ctx, []record.Job{j})
		if err != nil {
			return nil, err
		}
		shown[0].Status = "cancelled"
		return &body[Transcoding]{shown[0]}, nil
	})
}

func (a *API) hlsToMP4(ctx context.Context, who Caller, in *hlsToMP4Input) (*body[Transcoding], error) {
	wanted := in.Body
	var dir string
	if wanted.Storage != nil {
		dir = wanted.Storage.DirPath
	}
	q, wrong := transcodingRequest(who, job.HLSToMP4, wanted.WebhookURL, "storage.dirPath", dir)
	if wrong == nil && wanted.Storage != nil {
		wrong = a.checkStorage(*wanted.Storage)
	}
	if wrong != nil {
		return nil, wrong.Fault(methodOf(ctx))
	}
	stream, err := a.endedStream(ctx, who, wanted)
	if err != nil {
		return nil, err
	}
	q.MeetingID, q.SessionID = stream.MeetingID, stream.SessionID
	q.Sources = []job.Source{{RecordingID: stream.ID}}
	return a.transcode(ctx, q)
}

// transcodingRequest begins the request for a file of files, with what all kinds have. dirField is the name of the
// directory's field.
func transcodingRequest(who Caller, kind job.Kind, webhookURL, dirField, dir string) (
	job.TranscodingRequest, *job.FieldError,
) {
	q := job.TranscodingRequest{Kind: kind, AccountID: who.Account.ID, WebhookURL: webhookURL}
	if problem := record.EndPointProblem(webhookURL); webhookURL != "" && problem != "" {
		return q, &job.FieldError{Field: "webhookUrl", Problem: problem}
	}
	clean, err := objectkey.CleanDir(dir)
	if err != nil {
		return q, &job.FieldError{Field: dirField, Problem: err.Error()}
	}
	q.Dir = clean
	return q, nil
}

// checkStorage returns an error if the file cannot go to that kind of storage.
func (a *API) checkStorage(to TranscodingStorage) *job.FieldError {
	if !a.opts.UserStorage {
		return &job.FieldError{Field: "storage.type", Problem: `is "s3"; this server keeps its files on its disk`}
	}
	if to.Bucket != "" && to.Bucket != a.opts.Bucket {
		return &job.FieldError{Field: "storage.bucket", Problem: "is not the bucket of this server"}
	}
	return nil
}

// endedStream finds the stream that a request names.
func (a *API) endedStream(ctx context.Context, who Caller, wanted HLSToMP4) (record.Job, error) {
	method := methodOf(ctx)
	if wanted.RoomID == "" && wanted.SessionID == "" && wanted.HLSID == "" {
		return record.Job{}, fault.InvalidMessageBadParams(method, "hlsId", "it is required, or roomId, or sessionId")
	}
	if wanted.HLSID != "" {
		j, err := a.job(ctx, who, wanted.HLSID, job.HLS)
		if err != nil {
			return j, err
		}
		if wanted.RoomID != "" {
			room, err := a.meeting(ctx, who, wanted.RoomID)
			if err != nil {
				return j, err
			}
			if room.ID != j.MeetingID {
				return j, fault.InvalidMessageOtherRoom("hlsId", j.ID, j.MeetingID, room.ID)
			}
		}
		if wanted.SessionID != "" && wanted.SessionID != j.SessionID {
			return j, fault.InvalidMessageBadParams(method, "sessionId", "it is not the session of the stream that hlsId names")
		}
		if !j.State.Over() {
			return j, fault.ConflictState(nameOf(j.Kind), j.ID, string(j.State)).WithMeeting(j.MeetingID, j.SessionID, "")
		}
		if !isPlayable(j) {
			return j, fault.NotFoundFile("index.m3u8").WithMeeting(j.MeetingID, j.SessionID, "")
		}
		return j, nil
	}
	room, err := a.roomOf(ctx, who, wanted.RoomID, wanted.SessionID)
	if err != nil {
		return record.Job{}, err
	}
	over := true
	list, err := a.opts.Store.Jobs(ctx, who.Account.ID, record.JobFilter{
		Kinds: []job.Kind{job.HLS}, MeetingID: room.ID, SessionID: wanted.SessionID, Over: &over,
	}, record.Page{Size: 100})
	if err != nil {
		return record.Job{}, storeFault(err)
	}
	if i := slices.IndexFunc(list.Items, isPlayable); i >= 0 {
		return list.Items[i], nil
	}
	return record.Job{}, fault.NotFoundJob("HLS stream that has ended in the room", room.ID).WithMeeting(room.ID, "", "")
}

// isPlayable reports whether an HLS stream has a playlist.
func isPlayable(j record.Job) bool {
	return slices.ContainsFunc(j.Files, func(f job.File) bool { return f.Format == job.M3U8 })
}

func (a *API) transcodings(ctx context.Context, jobs []record.Job) ([]Transcoding, error) {
	common, err := a.jobInfos(ctx, jobs)
	if err != nil {
		return nil, err
	}
	out := make([]Transcoding, len(jobs))
	for i, j := range jobs {
		c := common[i]
		out[i] = Transcoding{
			ID: j.ID, RoomID: j.MeetingID, SessionID: j.SessionID, Status: transcodingStatus(j.State),
			Task: string(j.Kind), CreatedAt: fault.InstantOf(j.CreatedAt), StartedAt: c.Start, StoppedAt: c.End,
			Webhook: c.Webhook,
			Fault:   c.Fault,
		}
		if j.Kind.MergesRecordings() {
			out[i].RecordingIDs = j.RecordingIDs()
		} else if len(j.Sources) > 0 {
			out[i].HLSID = j.Sources[0].RecordingID
		}
		if out[i].File, err = a.file(ctx, j); err != nil {
			return nil, err
		}
	}
	return out, nil
}
