package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// CompositeMerge selects the recordings that become one picture.
type CompositeMerge struct {
	RecordingIDs []string              `json:"recordingIds" minItems:"1" maxItems:"25" doc:"Participant or track recordings of one session, each once."`
	Task         string                `json:"task,omitempty" enum:"composite-merge" default:"composite-merge"`
	WebhookURL   string                `json:"webhookUrl,omitempty" maxLength:"2048" doc:"URL that receives composite-merge-started, -completed, -failed and -cancelled, in addition to the webhook of the room."`
	Watermark    *TranscodingWatermark `json:"watermark,omitempty" doc:"Printed over the picture."`
}

// TranscodingWatermark is printed over the picture of a composite merge.
type TranscodingWatermark struct {
	Type        string       `json:"type" enum:"image,timestamp,lat_long" doc:"image: a picture. timestamp: a clock that begins with startTime. lat_long: coordinates. Text is white and has 24 pixels, in the upper right corner."`
	Image       string       `json:"image,omitempty" doc:"For the type image: https address or base64, with or without data:image/png;base64, before it, of a PNG, JPEG or WebP image of at most 1 MiB and 4194304 pixels. It is fetched once, with the request."`
	StartTime   StartTime    `json:"startTime,omitzero" required:"false" doc:"For the type timestamp: what the clock shows at the beginning of the file."`
	Lat         *float64     `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"For the type lat_long."`
	Long        *float64     `json:"long,omitempty" minimum:"-180" maximum:"180" doc:"For the type lat_long."`
	ImageConfig *ImageConfig `json:"imageConfig,omitempty" doc:"For the type image: its place and look."`
}

// ImageConfig is the place and look of the image of a watermark, in a picture of 1280x720 pixels.
type ImageConfig struct {
	Position job.Position `json:"position,omitempty" enum:"top-left,top-right,bottom-left,bottom-right,center" default:"bottom-right"`
	Margin   *int         `json:"margin,omitempty" minimum:"0" maximum:"640" default:"20" doc:"Pixels from the edges; of no effect in the center."`
	Width    int          `json:"width,omitempty" minimum:"2" maximum:"1280" default:"120" doc:"Pixels. The height follows; an image that would be higher than the picture is smaller."`
	Opacity  *float64     `json:"opacity,omitempty" minimum:"0" maximum:"1" default:"1"`
}

// StartTime is a moment: milliseconds or seconds since 1970, as a number or in a string, or ISO 8601.
type StartTime struct{ time.Time }

// startTimeHint lists what StartTime takes.
const startTimeHint = `milliseconds (13 digits) or seconds (10 digits) since 1970, or a time such as ` +
	`"2026-05-05T10:00:00+05:30"; without an offset it is UTC`

// Schema implements huma.SchemaProvider.
func (StartTime) Schema(r huma.Registry) *huma.Schema {
	return component(r, "StartTime", &huma.Schema{
		Description: "A moment: " + startTimeHint + ".",
		OneOf: []*huma.Schema{
			component(r, "StartTimeText", &huma.Schema{Type: "string", Examples: []any{"2026-05-05T10:00:00.000Z"}}),
			component(r, "StartTimeNumber", &huma.Schema{Type: "integer", Examples: []any{1746439200000}}),
		},
	})
}

// UnmarshalJSON takes all forms. What is none of them remains zero.
func (t *StartTime) UnmarshalJSON(text []byte) error {
	var word string
	if json.Unmarshal(text, &word) != nil {
		word = string(text)
	}
	word = strings.TrimSpace(word)
	if n, err := strconv.ParseInt(word, 10, 64); err == nil {
		switch len(word) {
		case len("1746439200000"):
			t.Time = time.UnixMilli(n).UTC()
		case len("1746439200"):
			t.Time = time.Unix(n, 0).UTC()
		}
		return nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime, "2006-01-02T15:04", time.DateOnly} {
		if at, err := time.Parse(form, word); err == nil {
			t.Time = at
			return nil
		}
	}
	return nil
}

// mark returns the watermark as it is printed.
func (w *TranscodingWatermark) mark() (*job.MergeWatermark, *job.FieldError) {
	if w == nil {
		return nil, nil
	}
	text := job.MergeWatermark{Position: job.TopRight, Margin: job.MergeWatermarkMargin}
	fields := map[string]bool{
		"image": w.Image != "", "imageConfig": w.ImageConfig != nil, "startTime": !w.StartTime.IsZero(),
		"lat": w.Lat != nil, "long": w.Long != nil,
	}
	takes := map[string][]string{
		"image": {"image", "imageConfig"}, "timestamp": {"startTime"}, "lat_long": {"lat", "long"},
	}
	for _, field := range takes[w.Type] {
		if !fields[field] && field != "imageConfig" {
			problem := fmt.Sprintf("is needed for the type %q", w.Type)
			if field == "startTime" {
				problem += ": " + startTimeHint
			}
			return nil, &job.FieldError{Field: "watermark." + field, Problem: problem}
		}
		delete(fields, field)
	}
	for _, field := range []string{"image", "imageConfig", "startTime", "lat", "long"} {
		if fields[field] {
			return nil, &job.FieldError{
				Field: "watermark." + field, Problem: fmt.Sprintf("has no effect with the type %q", w.Type),
			}
		}
	}
	switch w.Type {
	case "timestamp":
		text.Clock = w.StartTime.Time
		return &text, nil
	case "lat_long":
		text.Text = coordinate(*w.Lat) + ", " + coordinate(*w.Long)
		return &text, nil
	}
	image := job.MergeWatermark{
		Position: job.BottomRight, Margin: job.MergeWatermarkMargin, Width: job.MergeWatermarkWidth, Opacity: 1,
	}
	if strings.HasPrefix(w.Image, "https://") || strings.HasPrefix(w.Image, "http://") {
		image.ImageURL = w.Image
	} else {
		image.ImageBase64 = w.Image
	}
	if c := w.ImageConfig; c != nil {
		image.Position, image.Width = cmp.Or(c.Position, image.Position), cmp.Or(c.Width, image.Width)
		if c.Margin != nil {
			image.Margin = *c.Margin
		}
		if c.Opacity != nil {
			image.Opacity = *c.Opacity
		}
	}
	return &image, nil
}

// coordinate returns a number in the published form: 12.971599.
func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

// RecordingMerge selects the recordings of a room that are put end to end.
type RecordingMerge struct {
	RecordingIDs []RecordingRef `json:"recordingIds" minItems:"1" maxItems:"25" doc:"Recordings of one room, each once. They are joined in the order in which they were made, whatever order this is."`
	WebhookURL   string         `json:"webhookUrl,omitempty" maxLength:"2048" doc:"URL that receives meeting-recording-merge-started, -completed, -failed and -cancelled, in addition to the webhook of the room."`
}

// RecordingRef names a recording: its id, or the published object.
type RecordingRef struct {
	ID           string `json:"id"`
	PresignedURL string `json:"presignedUrl"`
}

// recordingRefHint lists what RecordingRef takes.
const recordingRefHint = `the id of a recording, or {"id": "…"}`

// Schema implements huma.SchemaProvider.
func (RecordingRef) Schema(r huma.Registry) *huma.Schema {
	one := 1
	return component(r, "RecordingRef", &huma.Schema{
		Description: "A recording.",
		OneOf: []*huma.Schema{
			component(r, "RecordingID", &huma.Schema{Type: "string", MinLength: &one, Description: "Id of a recording."}),
			component(r, "RecordingObject", &huma.Schema{
				Type: "object", Required: []string{"id"}, AdditionalProperties: false, Description: "A recording.",
				Properties: map[string]*huma.Schema{
					"id": {Type: "string", MinLength: &one, Description: "Id of a recording."},
					"presignedUrl": {Type: "string", Description: "Published, and refused as not offered (4110): " +
						"recordings are read from the storage of the server."},
				},
			}),
		},
	})
}

// UnmarshalJSON takes both forms.
func (r *RecordingRef) UnmarshalJSON(text []byte) error {
	type object RecordingRef
	if json.Unmarshal(text, (*object)(r)) == nil {
		return nil
	}
	return json.Unmarshal(text, &r.ID)
}

type (
	compositeMergeInput struct{ Body CompositeMerge }
	recordingMergeInput struct{ Body RecordingMerge }
)

func (a *API) mergeTranscodingRoutes(path string, tags []string) {
	secured(a, huma.Operation{
		OperationID: "merge-transcoding", Method: http.MethodPost, Path: path + "/merge", Tags: tags,
		Summary: "Compose participant and track recordings of a session in one picture",
		Description: "Each participant has a tile of a 1280x720 picture, and is seen and heard when they were recorded. " +
			"Answers at once; the file is there at the event composite-merge-completed.",
	}, a.mergeTranscoding)
	secured(a, huma.Operation{
		OperationID: "merge-meeting-recordings", Method: http.MethodPost, Path: path + "/meeting-recording-merge", Tags: tags,
		Summary: "Join recordings of a room end to end",
		Description: "In the order of time. Recordings of one size and format are copied, others encoded anew. " +
			"Answers at once; the file is there at the event meeting-recording-merge-completed.",
	}, a.mergeMeetingRecordings)
}

func (a *API) mergeTranscoding(
	ctx context.Context, who Caller, in *compositeMergeInput,
) (*body[Transcoding], error) {
	wanted := in.Body
	q, wrong := transcodingRequest(who, job.CompositeMerge, wanted.WebhookURL, "", "")
	if wrong == nil {
		q.Watermark, wrong = wanted.Watermark.mark()
	}
	if wrong != nil {
		return nil, wrong.Fault(methodOf(ctx))
	}
	list, err := a.sourcesOf(ctx, who, wanted.RecordingIDs, job.Participant, job.Track)
	if err != nil {
		return nil, err
	}
	files := 0
	for i, j := range list {
		if j.SessionID != list[0].SessionID {
			return nil, refuseSource(ctx, i, j, "is of the session "+j.SessionID+", and the first one of "+list[0].SessionID)
		}
		if files += len(j.Files); files > job.MaxMergedFiles {
			return nil, fault.InvalidMessageBadParams(methodOf(ctx), "recordingIds", fmt.Sprintf(
				"the recordings up to %s have %d files together; the limit is %d", j.ID, files, job.MaxMergedFiles))
		}
		source := j.Sources[0]
		source.RecordingID = j.ID
		q.Sources = append(q.Sources, source)
	}
	q.MeetingID, q.SessionID = list[0].MeetingID, list[0].SessionID
	return a.transcode(ctx, q)
}

func (a *API) mergeMeetingRecordings(
	ctx context.Context, who Caller, in *recordingMergeInput,
) (*body[Transcoding], error) {
	wanted := in.Body
	q, wrong := transcodingRequest(who, job.RecordingMerge, wanted.WebhookURL, "", "")
	if wrong != nil {
		return nil, wrong.Fault(methodOf(ctx))
	}
	ids := make([]string, len(wanted.RecordingIDs))
	for i, ref := range wanted.RecordingIDs {
		if ref.PresignedURL != "" {
			return nil, fault.RequestNotOfferedNotOffered(methodOf(ctx), fmt.Sprintf("recordingIds[%d].presignedUrl", i),
				"recordings at addresses of the integrator's own")
		}
		ids[i] = ref.ID
	}
	list, err := a.sourcesOf(ctx, who, ids, job.Recording)
	if err != nil {
		return nil, err
	}
	first := list[0]
	for i, j := range list {
		if j.MeetingID != first.MeetingID {
			return nil, refuseSource(ctx, i, j, "is of the room "+j.MeetingID+", and the first one of "+first.MeetingID)
		}
		q.Sources = append(q.Sources, job.Source{RecordingID: j.ID})
		if j.StartedAt.Before(first.StartedAt) {
			first = j
		}
	}
	q.MeetingID, q.SessionID = first.MeetingID, first.SessionID
	return a.transcode(ctx, q)
}

// transcode starts a job and answers with it.
func (a *API) transcode(ctx context.Context, q job.TranscodingRequest) (*body[Transcoding], error) {
	j, err := a.opts.Egress.Transcode(ctx, q)
	if err != nil {
		return nil, err
	}
	return single(a.transcodings(ctx, []record.Job{j}))
}

// sourcesOf finds the recordings that recordingIds names, each of which must be over and have a file.
func (a *API) sourcesOf(ctx context.Context, who Caller, ids []string, kinds ...job.Kind) ([]record.Job, error) {
	known := map[string]int{}
	list := make([]record.Job, len(ids))
	for i, id := range ids {
		field := fmt.Sprintf("recordingIds[%d]", i)
		if at, twice := known[id]; twice {
			return nil, fault.InvalidMessageBadParams(methodOf(ctx), field,
				fmt.Sprintf("it is the recording %.64s, which recordingIds[%d] names already", id, at))
		}
		known[id] = i
		j, err := a.job(ctx, who, id, kinds...)
		if err == nil {
			err = checkSource(methodOf(ctx), field, j)
		}
		if err != nil {
			return nil, err
		}
		list[i] = j
	}
	return list, nil
}

// refuseSource returns the fault of a recording that does not go with the others.
func refuseSource(ctx context.Context, i int, j record.Job, problem string) error {
	field := fmt.Sprintf("recordingIds[%d]", i)
	return fault.InvalidMessageBadParams(methodOf(ctx), field, "the recording "+j.ID+" "+problem).
		WithMeeting(j.MeetingID, j.SessionID, "")
}
