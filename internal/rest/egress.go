package rest

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// Egress starts and stops recordings, livestreams and HLS. Errors are *fault.Error.
type Egress interface {
	Start(ctx context.Context, q job.Request) (record.Job, error)
	// Check returns the fault of the first field that cannot be used, without looking at the meeting.
	Check(q job.Request) error
	// Latest returns the newest record of a job, which may be newer than that of the store.
	Latest(j record.Job) record.Job
	Stop(ctx context.Context, q job.StopRequest) (record.Job, error)
	// Transcode puts a job that makes a file of files into the queue.
	Transcode(ctx context.Context, q job.TranscodingRequest) (record.Job, error)
	// CancelTranscoding ends a job of the queue, and reports whether there was one.
	CancelTranscoding(ctx context.Context, j record.Job) (canceled bool, err error)
}

// Files are the files of jobs.
type Files interface {
	// URL returns a link that expires.
	URL(ctx context.Context, f job.File) (string, error)
	Remove(ctx context.Context, j record.Job) error
}

// EgressRoom names the room in which something is to begin.
type EgressRoom struct {
	RoomID    string `json:"roomId" minLength:"1" doc:"roomId or customRoomId."`
	SessionID string `json:"sessionId,omitempty" doc:"Act only if this one is running."`
}

func (r EgressRoom) room() EgressRoom { return r }

// StopEgress names the room in which something is to end.
type StopEgress struct {
	RoomID string `json:"roomId" minLength:"1" doc:"roomId or customRoomId."`
	ID     string `json:"id,omitempty" doc:"Act only if this one is running."`
}

func (s StopEgress) job() (roomID, id string, q job.StopRequest) {
	return s.RoomID, s.ID, job.StopRequest{}
}

// WebhookSummary is how the events of one recording or stream were delivered.
type WebhookSummary struct {
	TotalCount   int              `json:"totalCount"`
	SuccessCount int              `json:"successCount"`
	Data         []WebhookOutcome `json:"data"`
}

// WebhookOutcome is one event for one endpoint.
type WebhookOutcome struct {
	Type    string `json:"type"`
	Success bool   `json:"success" doc:"False while the event waits, and after it was given up."`
}

// EgressLinks are links to what a recording or stream belongs to.
type EgressLinks struct {
	GetRoom    string `json:"get_room"`
	GetSession string `json:"get_session"`
}

// JobInfo holds the fields that every recording and stream has.
type JobInfo struct {
	ID           string         `json:"id"`
	UserID       string         `json:"userId" doc:"Id of the account."`
	RoomID       string         `json:"roomId"`
	CustomRoomID *string        `json:"customRoomId"`
	SessionID    string         `json:"sessionId"`
	Status       string         `json:"status" enum:"STARTING,STARTED,PLAYABLE,STOPPING,STOPPED,FAILED"`
	Start        *fault.Instant `json:"start" doc:"Null until the job runs."`
	End          *fault.Instant `json:"end" doc:"Null while the job runs."`
	CreatedAt    fault.Instant  `json:"createdAt"`
	UpdatedAt    fault.Instant  `json:"updatedAt"`
	Webhook      WebhookSummary `json:"webhook"`
	Links        EgressLinks    `json:"links"`
	Fault        *Fault         `json:"fault,omitempty" doc:"The fault with which the job ended."`
}

// File is something a recording made.
type File struct {
	ID          string        `json:"id"`
	FilePath    string        `json:"filePath" doc:"Path of the file in the storage."`
	FileURL     string        `json:"fileUrl" doc:"Download link that needs no token and expires. Read the recording again for a new one."`
	Size        int64         `json:"size" doc:"Size in bytes."`
	Type        string        `json:"type" enum:"video,audio"`
	Meta        FileMeta      `json:"meta"`
	UserStorage bool          `json:"userStorage" doc:"Whether the file is in a bucket of the operator, such as S3."`
	Ratio       string        `json:"ratio,omitempty" example:"16:9"`
	CreatedAt   fault.Instant `json:"createdAt"`
	UpdatedAt   fault.Instant `json:"updatedAt"`
}

// FileMeta is what a file holds.
type FileMeta struct {
	Resolution *Resolution `json:"resolution,omitempty" doc:"Size of the picture, if the file has one."`
	Format     string      `json:"format" enum:"mp4,webm,m3u8,mp3"`
	Duration   float64     `json:"duration" doc:"Duration in seconds; 0 if it is unknown after a crash."`
}

// Resolution is a size in pixels.
type Resolution struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// RoomFilter selects what happened in one room or session.
type RoomFilter struct {
	RoomID       string `query:"roomId" doc:"roomId or customRoomId."`
	CustomRoomID string `query:"customRoomId"`
	SessionID    string `query:"sessionId"`
	Query        string `query:"query" doc:"Only this roomId or customRoomId, matched exactly."`
}

// JobsQuery selects a page of the jobs of a kind.
type JobsQuery struct {
	PageQuery
	RoomFilter
}

func (in JobsQuery) selection() jobSelection {
	return jobSelection{page: in.PageQuery, rooms: []string{in.RoomID, in.CustomRoomID, in.Query}, sessionID: in.SessionID}
}

// textOutput is an answer of plain text, as published.
type textOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func textAnswer(words string) *textOutput {
	return &textOutput{"text/plain; charset=utf-8", []byte(words)}
}

// textResponse documents such an answer; huma fills it in, so each route has its own.
func textResponse() map[string]*huma.Response {
	return map[string]*huma.Response{
		"200": {
			Description: "OK",
			Content:     map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: "string"}}},
		},
	}
}

// start asks egress for a job in a room that the caller may use.
func (a *API) start(ctx context.Context, who Caller, wanted startBody) (record.Job, error) {
	in := wanted.room()
	room, err := a.meeting(ctx, who, in.RoomID)
	if err != nil {
		return record.Job{}, err
	}
	q, wrong := wanted.request()
	q.Method, q.AccountID, q.MeetingID, q.SessionID = methodOf(ctx), who.Account.ID, room.ID, in.SessionID
	if wrong != nil {
		return record.Job{}, q.Refuse(wrong)
	}
	if err := a.here(ctx, q.AccountID, q.MeetingID); err != nil {
		return record.Job{}, err
	}
	return a.opts.Egress.Start(ctx, q)
}

// stop ends a job in a room that the caller may use. An id that is given must be the one that runs.
func (a *API) stop(ctx context.Context, who Caller, roomID, id string, q job.StopRequest) error {
	room, err := a.meeting(ctx, who, roomID)
	if err != nil {
		return err
	}
	if id != "" {
		j, err := a.job(ctx, who, id, q.Kind)
		if err != nil {
			return err
		}
		if j.MeetingID != room.ID {
			return fault.InvalidMessageOtherRoom("id", id, j.MeetingID, room.ID)
		}
		if j.State.Over() {
			return j.Kind.Faults().NotRunning(fault.InstantOf(j.EndedAt).String()).WithMeeting(room.ID, j.SessionID, "")
		}
	}
	q.AccountID, q.MeetingID, q.JobID = who.Account.ID, room.ID, id
	if err := a.here(ctx, q.AccountID, q.MeetingID); err != nil {
		return err
	}
	_, err = a.opts.Egress.Stop(ctx, q)
	return err
}

// job finds a job of one of these kinds of the caller's account. A job of another account does not exist.
func (a *API) job(ctx context.Context, who Caller, id string, kinds ...job.Kind) (record.Job, error) {
	j, err := a.opts.Store.Job(ctx, who.Account.ID, id)
	switch {
	case notFound(err) || err == nil && !slices.Contains(kinds, j.Kind):
		return j, fault.NotFoundJob(nameOf(kinds[0]), id)
	case err != nil:
		return j, storeFault(err)
	}
	if err := mayUse(who, record.Meeting{ID: j.MeetingID, CustomID: j.CustomID}, j.MeetingID); err != nil {
		return j, err
	}
	p := scopeOf(ctx)
	p.meetingID, p.sessionID = j.MeetingID, j.SessionID
	return a.latest(j), nil
}

// nameOf returns the name of a kind for people.
func nameOf(kind job.Kind) string {
	switch kind {
	case job.Livestream:
		return "livestream"
	case job.HLS:
		return "HLS stream"
	case job.Recording:
		return "recording"
	case job.Merge:
		return "merge of recordings"
	case job.HLSToMP4, job.CompositeMerge, job.RecordingMerge:
		return "transcoding"
	}
	return string(kind) + " recording"
}

// jobs lists what a selection leaves of the caller's jobs, newest first.
func (a *API) jobs(
	ctx context.Context, who Caller, kinds []job.Kind, want jobSelection,
) (record.List[record.Job], error) {
	meetingID, none, err := a.filteredRoom(ctx, who, want.rooms...)
	if err != nil || none {
		return record.List[record.Job]{}, err
	}
	filter := record.JobFilter{
		Kinds: kinds, ID: want.id, MeetingID: meetingID, SessionID: want.sessionID,
		ParticipantID: want.participantID, SourceID: want.sourceID,
	}
	if want.status != "" {
		filter.States = []job.State{transcodingStates[want.status]}
	}
	list, err := a.opts.Store.Jobs(ctx, who.Account.ID, filter, want.page.page())
	if err != nil {
		return list, storeFault(err)
	}
	for i, j := range list.Items {
		list.Items[i] = a.latest(j)
	}
	return list, nil
}

// latest returns a job with what the store does not have yet.
func (a *API) latest(j record.Job) record.Job {
	if a.opts.Egress == nil {
		return j
	}
	newer := a.opts.Egress.Latest(j)
	newer.CustomID = j.CustomID // which is the room's
	return newer
}

// filteredRoom reads the filters of a list that each name a room. What is given names one room, and none is true when
// there is no such; a token for one room has to name it.
func (a *API) filteredRoom(ctx context.Context, who Caller, ids ...string) (meetingID string, none bool, err error) {
	for _, id := range ids {
		if id == "" {
			continue
		}
		room, err := a.opts.Store.Meeting(ctx, who.Account.ID, id)
		if err != nil && !notFound(err) {
			return "", false, storeFault(err)
		}
		if err != nil || meetingID != "" && meetingID != room.ID {
			return "", true, mayUse(who, record.Meeting{ID: id}, id)
		}
		if err := mayUse(who, room, id); err != nil {
			return "", false, err
		}
		meetingID = room.ID
	}
	if meetingID == "" {
		return "", false, mayUse(who, record.Meeting{}, "every room")
	}
	return meetingID, false, nil
}

// remove deletes a job that is over, with its files.
func (a *API) remove(ctx context.Context, who Caller, id string, kinds ...job.Kind) error {
	j, err := a.job(ctx, who, id, kinds...)
	if err != nil {
		return err
	}
	if !j.State.Over() {
		return fault.ConflictState(nameOf(j.Kind), id, string(j.State)).WithMeeting(j.MeetingID, j.SessionID, "")
	}
	// The record last: what could not be removed is still listed, and removing it again goes on where it failed.
	if err := a.opts.Files.Remove(ctx, j); err != nil {
		return fileFault(err)
	}
	if err := a.opts.Store.DeleteJob(ctx, who.Account.ID, id); err != nil && !notFound(err) {
		return storeFault(err)
	}
	if j.Kind == job.HLS { // a still that was being made may have come after the first look
		return fileFault(a.opts.Files.Remove(ctx, j))
	}
	return nil
}

func fileFault(err error) error {
	if failed, ok := asBlob(err); ok {
		return fault.ServerUnavailableStorage(failed.Op, failed.Problem).Because(err)
	}
	return err
}

// jobInfos returns the fields that every kind of job has, for each of these jobs.
func (a *API) jobInfos(ctx context.Context, jobs []record.Job) ([]JobInfo, error) {
	ids := make([]string, len(jobs))
	for i, j := range jobs {
		ids[i] = j.ID
	}
	delivered, err := a.opts.Store.JobWebhooks(ctx, ids...)
	if err != nil {
		return nil, storeFault(err)
	}
	base := a.base(requestOf(ctx))
	out := make([]JobInfo, len(jobs))
	for i, j := range jobs {
		c := JobInfo{
			ID: j.ID, UserID: j.AccountID, RoomID: j.MeetingID, CustomRoomID: nullIfEmpty(j.CustomID),
			SessionID: j.SessionID,
			Status: string(
				j.State,
			), Start: fault.InstantOrNull(j.StartedAt), End: fault.InstantOrNull(j.EndedAt),
			CreatedAt: fault.InstantOf(j.CreatedAt),
			UpdatedAt: fault.InstantOf(j.UpdatedAt),
			Webhook:   WebhookSummary{Data: []WebhookOutcome{}},
			Links: EgressLinks{
				GetRoom:    base + "/v2/rooms/" + url.PathEscape(j.MeetingID),
				GetSession: base + "/v2/sessions/" + url.PathEscape(j.SessionID),
			},
		}
		if j.Fault != nil {
			shown := Fault(*a.present(requestOf(ctx), j.Fault))
			c.Fault = &shown
		}
		for _, d := range delivered[j.ID] {
			c.Webhook.TotalCount++
			if d.Success {
				c.Webhook.SuccessCount++
			}
			c.Webhook.Data = append(c.Webhook.Data, WebhookOutcome{d.Event, d.Success})
		}
		out[i] = c
	}
	return out, nil
}

// files shows the files of a job, each with a fresh link.
func (a *API) files(ctx context.Context, j record.Job) ([]File, error) {
	out := []File{}
	for _, f := range j.Files {
		link, err := a.opts.Files.URL(ctx, f)
		if err != nil {
			return nil, fileFault(err)
		}
		name := f.Key
		if name == "" {
			name = f.Path
		}
		shown := File{
			ID: fileID(
				j,
				f,
			), FilePath: name, FileURL: link, Size: f.Size, Type: "audio",
			UserStorage: a.opts.UserStorage && f.Key != "",
			Meta:        FileMeta{Format: string(f.Format), Duration: float64(f.DurationMs) / 1000},
			CreatedAt:   fault.InstantOf(j.CreatedAt), UpdatedAt: fault.InstantOf(j.UpdatedAt),
		}
		if f.Width > 0 {
			shown.Type = "video"
			shown.Meta.Resolution = &Resolution{f.Width, f.Height}
			shown.Ratio = ratio(f.Width, f.Height)
		} else if f.DurationMs == 0 && j.Config.Mode != job.AudioOnly {
			shown.Type = "video" // saved from a crash: its size is not known
		}
		out = append(out, shown)
	}
	return out, nil
}

// file shows the first file of a job, or nil while there is none.
func (a *API) file(ctx context.Context, j record.Job) (*File, error) {
	files, err := a.files(ctx, j)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	return &files[0], nil
}

// fileID returns the name of a file, which holds the job's id.
func fileID(j record.Job, f job.File) string {
	name := path.Base(f.Path)
	if f.Key != "" {
		name = path.Base(f.Key)
	}
	if path.Ext(name) == ".m3u8" { // each has a directory: the first that of the job, the others one beneath it
		if dir := path.Base(path.Dir(f.Path + f.Key)); dir != j.ID {
			return j.ID + "-" + dir
		}
		return j.ID
	}
	return name[:len(name)-len(path.Ext(name))]
}

// ratio returns the aspect ratio of a size: 16:9.
func ratio(width, height int) string {
	a, b := width, height
	for b != 0 {
		a, b = b, a%b
	}
	if a == 0 {
		return ""
	}
	if width*9 >= height*16-height && width*9 <= height*16+height { // 854x480 is meant to be 16:9
		return "16:9"
	}
	if height*9 >= width*16-width && height*9 <= width*16+width {
		return "9:16"
	}
	return itoa(width/a) + ":" + itoa(height/a)
}

// trackKindsHint lists the names of streams in the published REST pages; the wire has its own.
const trackKindsHint = "audio, video, screen_audio or screen_video, or a list of them"

var trackKinds = map[string]wire.Kind{
	"audio":        wire.Audio,
	"video":        wire.Video,
	"screen_audio": wire.ShareAudio,
	"screen_video": wire.Share,
}

func trackName(kind wire.Kind) string {
	for name, k := range trackKinds {
		if k == kind {
			return name
		}
	}
	return ""
}

func (a *API) egressRoutes() {
	a.recordingRoutes()
	a.individualRoutes()
	a.compositeRoutes()
	a.livestreamRoutes()
	a.hlsRoutes()
	a.stillRoutes()
	a.mergeRoutes()
	a.transcodingRoutes()
	huma.Register(a.huma, huma.Operation{
		OperationID: "get-webhook-key", Method: http.MethodGet, Path: "/v2/public/rsa-public-key",
		Summary: "Read the key that webhooks are verified with",
		Tags: []string{
			"Webhooks",
		},
		Description: "The header videosdk-signature holds the RSA-SHA256 signature of the raw body, in base64. " +
			"This call needs no token.",
	}, func(context.Context, *struct{}) (*body[PublicKey], error) {
		return &body[PublicKey]{PublicKey{a.opts.WebhookKey}}, nil
	})
}

// PublicKey verifies webhooks.
type PublicKey struct {
	PublicKey string `json:"publicKey" doc:"PEM (SubjectPublicKeyInfo)."`
}
