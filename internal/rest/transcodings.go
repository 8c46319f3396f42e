package rest

import (
	"context"
	"net/http"
	"slices"
	"time"

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

// Transcoding is a job that makes a file of an HLS stream.
type Transcoding struct {
	ID        string         `json:"id"`
	RoomID    string         `json:"roomId"`
	SessionID string         `json:"sessionId"`
	HLSID     string         `json:"hlsId"`
	Status    string         `json:"status" enum:"pending,processing,completed,failed,cancelled"`
	Task      string         `json:"task" enum:"hls-to-mp4"`
	CreatedAt time.Time      `json:"createdAt"`
	StartedAt *time.Time     `json:"startedAt" doc:"Null while it waits."`
	StoppedAt *time.Time     `json:"stoppedAt" doc:"Null until it is over."`
	File      *File          `json:"file,omitempty" doc:"The file, once it is complete."`
	Webhook   WebhookSummary `json:"webhook"`
	Fault     *Fault         `json:"fault,omitempty" doc:"The fault with which it failed."`
}

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

func (a *API) transcodingRoutes() {
	const path, id = "/v2/transcodings", "/v2/transcodings/{transcodingId}"
	tags := []string{"Transcodings"}
	secured(a, huma.Operation{
		OperationID: "transcode-hls-to-mp4", Method: http.MethodPost, Path: path + "/hls-to-mp4", Tags: tags,
		Summary:     "Make an MP4 file of an HLS stream that has ended",
		Description: "Answers at once; the file is there at the event transcoding-completed. The media are not encoded anew.",
	}, a.hlsToMP4)
	secured(a, huma.Operation{
		OperationID: "list-transcodings", Method: http.MethodGet, Path: path, Summary: "List transcodings, newest first",
		Tags: tags,
	}, a.listTranscodings)
	secured(a, huma.Operation{
		OperationID: "get-transcoding", Method: http.MethodGet, Path: id, Summary: "Read a transcoding", Tags: tags,
	}, func(ctx context.Context, who Caller, in *transcodingPath) (*body[Transcoding], error) {
		j, err := a.job(ctx, who, job.HLSToMP4, in.TranscodingID)
		if err != nil {
			return nil, err
		}
		return single(a.transcodings(ctx, []record.Job{j}))
	})
	secured(a, huma.Operation{
		OperationID: "cancel-transcoding", Method: http.MethodPost, Path: id + "/cancel",
		Summary: "Cancel a transcoding that waits or runs", Tags: tags,
	}, func(ctx context.Context, who Caller, in *transcodingPath) (*body[Transcoding], error) {
		j, err := a.job(ctx, who, job.HLSToMP4, in.TranscodingID)
		if err != nil {
			return nil, err
		}
		if j.State.Over() || !a.opts.Egress.CancelTranscoding(j.ID) {
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
	secured(a, huma.Operation{
		OperationID: "delete-transcoding", Method: http.MethodDelete, Path: id,
		Summary: "Delete a transcoding that is over and its file", Tags: tags, Responses: textResponse(),
	}, func(ctx context.Context, who Caller, in *transcodingPath) (*textOutput, error) {
		if err := a.remove(ctx, who, job.HLSToMP4, in.TranscodingID); err != nil {
			return nil, err
		}
		return textAnswer("Transcoding deleted successfully"), nil
	})
}

func (a *API) hlsToMP4(ctx context.Context, who Caller, in *hlsToMP4Input) (*body[Transcoding], error) {
	wanted, method := in.Body, methodOf(ctx)
	q := job.TranscodingRequest{Kind: job.HLSToMP4, AccountID: who.Account.ID, WebhookURL: wanted.WebhookURL}
	if problem := record.EndPointProblem(q.WebhookURL); q.WebhookURL != "" && problem != "" {
		return nil, (&job.FieldError{Field: "webhookUrl", Problem: problem}).Fault(method)
	}
	if to := wanted.Storage; to != nil {
		if wrong := a.checkStorage(*to); wrong != nil {
			return nil, wrong.Fault(method)
		}
		q.Dir, _ = objectkey.CleanDir(to.DirPath) // has been checked
	}
	stream, err := a.endedStream(ctx, who, wanted)
	if err != nil {
		return nil, err
	}
	q.MeetingID, q.SessionID = stream.MeetingID, stream.SessionID
	q.Sources = []job.Source{{RecordingID: stream.ID}}
	j, err := a.opts.Egress.Transcode(ctx, q)
	if err != nil {
		return nil, err
	}
	return single(a.transcodings(ctx, []record.Job{j}))
}

// checkStorage returns an error if the file cannot go there.
func (a *API) checkStorage(to TranscodingStorage) *job.FieldError {
	if _, wrong := objectkey.CleanDir(to.DirPath); wrong != nil {
		return &job.FieldError{Field: "storage.dirPath", Problem: wrong.Error()}
	}
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
		j, err := a.job(ctx, who, job.HLS, wanted.HLSID)
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

func (a *API) listTranscodings(
	ctx context.Context,
	who Caller,
	in *TranscodingsQuery,
) (*body[Page[Transcoding]], error) {
	list, err := a.transcodingJobs(ctx, who, job.HLSToMP4, in.RoomID, in.SessionID, in.HLSID, in.Status, in.PageQuery)
	if err != nil {
		return nil, err
	}
	data, err := a.transcodings(ctx, list.Items)
	return answer(Page[Transcoding]{in.info(list.Total), data}, err)
}

// transcodingJobs lists jobs that make a file of files. source is the id of what one was made of.
func (a *API) transcodingJobs(
	ctx context.Context,
	who Caller,
	kind job.Kind,
	roomID, sessionID, source, status string,
	page PageQuery,
) (record.List[record.Job], error) {
	meetingID, none, err := a.filteredRoom(ctx, who, roomID)
	if err != nil || none {
		return record.List[record.Job]{}, err
	}
	want := record.JobFilter{Kinds: []job.Kind{kind}, MeetingID: meetingID, SessionID: sessionID, SourceID: source}
	if status != "" {
		want.States = []job.State{transcodingStates[status]}
	}
	list, err := a.opts.Store.Jobs(ctx, who.Account.ID, want, page.page())
	if err != nil {
		return list, storeFault(err)
	}
	for i, j := range list.Items {
		list.Items[i] = a.latest(j)
	}
	return list, nil
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
			Task: string(j.Kind), CreatedAt: j.CreatedAt, StartedAt: c.Start, StoppedAt: c.End, Webhook: c.Webhook,
			Fault: c.Fault,
		}
		if len(j.Sources) > 0 {
			out[i].HLSID = j.Sources[0].RecordingID
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
