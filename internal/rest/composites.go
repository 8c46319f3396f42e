package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// StartComposite starts the recording of chosen participants of a room in one picture.
type StartComposite struct {
	EgressRoom
	CompositeOptions
}

// CompositeOptions are the participants of a composite recording, and how they are recorded.
type CompositeOptions struct {
	Participants  []CompositeParticipant `json:"participants,omitempty" minItems:"1" maxItems:"25" doc:"Default: the first three participants of the session."`
	Config        job.Config             `json:"config,omitzero" required:"false"`
	WebhookURL    string                 `json:"webhookUrl,omitempty" maxLength:"2048" doc:"URL that receives every event of this recording, in addition to the webhook of the room."`
	BucketDirPath string                 `json:"bucketDirPath,omitempty" maxLength:"512" doc:"Directory of the file in the storage."`
	FileFormat    job.Format             `json:"fileFormat,omitempty" enum:"mp4,webm" doc:"Same as config.fileFormat; mp4 if neither is given."`
	Watermarks    []job.Watermark        `json:"watermarks,omitempty" maxItems:"3" doc:"Printed over the picture, one above the other in its lower right corner."`
	OnFailure     OnFailure              `json:"onFailure,omitzero" required:"false"`
}

func (o CompositeOptions) request() (job.Request, *job.FieldError) {
	sources, wrong := sourcesOf(o.Participants)
	return job.Request{
		Kind: job.Composite, Config: o.Config, Format: o.FileFormat, Sources: sources,
		WebhookURL: o.WebhookURL, Dir: o.BucketDirPath, OnFailure: o.OnFailure.OnFailure, Watermarks: o.Watermarks,
	}, wrong
}

// CompositeParticipant is a participant of a composite recording, and which of their streams it has.
type CompositeParticipant struct {
	ParticipantID string     `json:"participantId" minLength:"1"`
	Kind          TrackKinds `json:"kind,omitempty" doc:"One or several streams. Default: all."`
}

// TrackKinds is a list of streams, or just one.
type TrackKinds []string

// Schema implements huma.SchemaProvider.
func (TrackKinds) Schema(r huma.Registry) *huma.Schema {
	several := 1
	return component(r, "TrackKinds", &huma.Schema{
		Description: "One or several streams.",
		OneOf: []*huma.Schema{
			trackKindSchema(r),
			component(r, "TrackKindList", &huma.Schema{Type: "array", Items: trackKindSchema(r), MinItems: &several}),
		},
	})
}

// trackKindSchema describes one stream.
func trackKindSchema(r huma.Registry) *huma.Schema {
	return component(r, "TrackKind", &huma.Schema{
		Type: "string", Enum: []any{"audio", "video", "screen_audio", "screen_video"},
	})
}

// UnmarshalJSON takes both forms.
func (k *TrackKinds) UnmarshalJSON(text []byte) error {
	var several []string
	if json.Unmarshal(text, &several) == nil {
		*k = several
		return nil
	}
	var single string
	err := json.Unmarshal(text, &single)
	*k = TrackKinds{single}
	return err
}

// StopComposite ends a composite recording.
type StopComposite struct {
	RoomID      string `json:"roomId" minLength:"1" doc:"roomId or customRoomId."`
	RecordingID string `json:"recordingId" minLength:"1"`
}

// CompositeStarted is the answer of a start; recordingId ends the recording.
type CompositeStarted struct {
	Message     string `json:"message"`
	RecordingID string `json:"recordingId"`
	RoomID      string `json:"roomId"`
	SessionID   string `json:"sessionId"`
}

// Composite is a recording of chosen participants in one picture.
type Composite struct {
	Recording
	MeetingID    string                 `json:"meetingId" doc:"Same as roomId."`
	Participants []CompositeParticipant `json:"participants"`
	FileFormat   string                 `json:"fileFormat"`
	Watermarks   []job.Watermark        `json:"watermarks,omitempty" doc:"As they were asked for, without imageBase64."`
}

func (s StopComposite) job() (roomID, id string, q job.StopRequest) {
	return s.RoomID, s.RecordingID, job.StopRequest{}
}

func (a *API) compositeRoutes() {
	const path, tag = "/v2/recordings/composite", "Recordings"
	startRoute[StartComposite](a, huma.Operation{
		OperationID: "start-composite-recording", Path: path + "/start",
		Summary: "Record chosen participants in one picture",
		Tags:    []string{tag},
	}, func(_ context.Context, j record.Job) (*body[CompositeStarted], error) {
		started := CompositeStarted{"composite recording started successfully.", j.ID, j.MeetingID, j.SessionID}
		return &body[CompositeStarted]{started}, nil
	})
	jobRoutes[StopComposite, JobsQuery, RecordingPath, RecordingPath](a, jobResource[Composite]{
		kinds: []job.Kind{job.Composite}, path: path, tag: tag, name: "composite-recording", plural: "composite-recordings",
		param: "recordingId", show: a.composites,
		stop: "End a composite recording", stopped: "composite recording ended successfully.",
		list: "List composite recordings, newest first", read: "Read a composite recording",
		remove: "Delete a composite recording and its file", removed: "composite recording deleted successfully.",
	})
}

func (a *API) composites(ctx context.Context, jobs []record.Job) ([]Composite, error) {
	recordings, err := a.recordings(ctx, jobs)
	if err != nil {
		return nil, err
	}
	out := make([]Composite, len(jobs))
	for i, j := range jobs {
		out[i] = Composite{
			Recording:    recordings[i],
			MeetingID:    j.MeetingID,
			FileFormat:   string(cmp.Or(j.Format, job.MP4)),
			Participants: []CompositeParticipant{},
			Watermarks:   slices.Clone(j.Watermarks),
		}
		for n := range out[i].Watermarks {
			out[i].Watermarks[n].ImageBase64 = ""
		}
		for _, s := range j.Sources {
			last := len(out[i].Participants) - 1
			if last < 0 || out[i].Participants[last].ParticipantID != s.ParticipantID {
				out[i].Participants = append(out[i].Participants, CompositeParticipant{ParticipantID: s.ParticipantID})
				last++
			}
			if name := trackName(s.Kind); name != "" {
				out[i].Participants[last].Kind = append(out[i].Participants[last].Kind, name)
			}
		}
	}
	return out, nil
}

// checkParticipantID returns an error if no participant can have that id.
func checkParticipantID(field, id string) *job.FieldError {
	if f := gate.CheckParticipantID(id); f != nil {
		return &job.FieldError{
			Field:   field,
			Problem: "can be the id of no participant: " + strings.TrimSuffix(f.Detail, "."),
		}
	}
	return nil
}

// sourcesOf returns each stream of these participants as a source of its own, as egress takes them. It refuses lists
// that name nobody or nothing: which people and streams a recording takes is never guessed.
func sourcesOf(people []CompositeParticipant) ([]job.Source, *job.FieldError) {
	if people != nil && len(people) == 0 {
		return nil, &job.FieldError{
			Field:   "participants",
			Problem: "names nobody; leave it out for the first three participants",
		}
	}
	var sources []job.Source
	for i, p := range people {
		at := fmt.Sprintf("participants[%d].", i)
		if wrong := checkParticipantID(at+"participantId", p.ParticipantID); wrong != nil {
			return nil, wrong
		}
		if p.Kind == nil {
			sources = append(sources, job.Source{ParticipantID: p.ParticipantID})
			continue
		}
		if len(p.Kind) == 0 {
			return nil, &job.FieldError{Field: at + "kind", Problem: "names no stream; leave it out for all of them"}
		}
		for _, name := range p.Kind {
			kind, known := trackKinds[name]
			if !known {
				return nil, &job.FieldError{
					Field:   at + "kind",
					Problem: fmt.Sprintf("is %.40q; it takes %s", name, trackKindsHint),
				}
			}
			sources = append(sources, job.Source{ParticipantID: p.ParticipantID, Kind: kind})
		}
	}
	return sources, nil
}
