package webhook

import (
	"context"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// Announcer takes events; the store implements it.
type Announcer interface {
	Announce(ctx context.Context, e record.Event) error
}

// Jobs announces what recordings, livestreams and HLS do, under the published names. egress calls it at every change.
type Jobs struct {
	Outbox Announcer
	// URL returns a link to a file, HLS where a stream is played.
	URL func(ctx context.Context, f job.File) (string, error)
	HLS func(jobID string) (playback, live string)
	// Report takes what cannot be announced: nobody waits for it.
	Report func(ctx context.Context, f *fault.Error)
}

// subjects begin the names of the events of each kind; that of composite recordings is ours.
var subjects = map[job.Kind]string{
	job.Recording: "recording", job.Livestream: "livestream", job.HLS: "hls",
	job.Participant: "participant-recording", job.Track: "participant-track-recording",
	job.Composite: "composite-recording",
}

var states = map[job.State]string{
	job.Starting: "starting", job.Started: "started", job.Playable: "playable", job.Stopping: "stopping",
	job.Stopped: "stopped", job.Failed: "failed",
}

// transcodingStates end the names of the events of jobs that make a file of files.
var transcodingStates = map[job.State]string{
	job.Started: "started", job.Stopped: "completed", job.Failed: "failed", job.Cancelled: "cancelled",
}

// JobChanged announces the present state of a job.
func (w *Jobs) JobChanged(ctx context.Context, j record.Job) {
	name := eventName(j)
	if name == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	data, err := w.data(ctx, j)
	if err == nil {
		err = w.Outbox.Announce(ctx, record.Event{
			Name: name, MeetingID: j.MeetingID, SessionID: j.SessionID, JobID: j.ID,
			URL: j.WebhookURL, At: j.UpdatedAt, Data: data,
		})
	}
	if err != nil {
		w.Report(
			ctx,
			fault.ServerUnavailableStore("an event of a "+string(j.Kind)).Because(err).WithMeeting(j.MeetingID, j.SessionID, ""),
		)
	}
}

// eventName returns the name of the event for the present state of a job; "" for none.
func eventName(j record.Job) string {
	if !j.Kind.Transcodes() {
		return subjects[j.Kind] + "-" + states[j.State]
	}
	if j.Kind.MergesRecordings() { // each of these states has an event, as published for composite merges
		if state := transcodingStates[j.State]; state != "" {
			return string(j.Kind) + "-" + state
		}
		return ""
	}
	subject := "transcoding"
	if j.Kind == job.Merge {
		subject = "merge-recording"
	}
	switch j.State {
	case job.Stopped, job.Failed:
		return subject + "-" + transcodingStates[j.State]
	}
	return ""
}

func (w *Jobs) data(ctx context.Context, j record.Job) (map[string]any, error) {
	data := map[string]any{"id": j.ID}
	if !j.Kind.Composed() && len(j.Sources) > 0 {
		data["participantId"] = j.Sources[0].ParticipantID
		if kind := j.Sources[0].Kind; kind != "" {
			data["kind"] = string(kind)
		}
	}
	if j.Kind.MergesRecordings() {
		data["recordingIds"] = j.RecordingIDs()
	}
	if j.Kind == job.HLS && !j.StartedAt.IsZero() {
		playback, live := w.HLS(j.ID)
		data["downstreamUrl"], data["playbackHlsUrl"], data["livestreamUrl"] = playback, playback, live
	}
	if j.State.Over() {
		if j.Fault != nil {
			data["fault"] = j.Fault
		}
		if err := w.addFiles(ctx, data, j); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// addFiles names what was made, with links that expire: the first file as published, all of them beside it.
func (w *Jobs) addFiles(ctx context.Context, data map[string]any, j record.Job) error {
	var files []map[string]any
	for _, f := range j.Files {
		if j.Kind == job.HLS && f.Format == job.M3U8 {
			continue // played, not downloaded
		}
		link, err := w.URL(ctx, f)
		if err != nil {
			return err
		}
		path := f.Key
		if path == "" {
			path = f.Path
		}
		files = append(
			files,
			map[string]any{"filePath": path, "fileUrl": link, "size": f.Size, "durationMs": f.DurationMs},
		)
	}
	if len(files) > 0 {
		data["filePath"], data["fileUrl"], data["files"] = files[0]["filePath"], files[0]["fileUrl"], files
	}
	return nil
}
