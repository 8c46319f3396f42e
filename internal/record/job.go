package record

import (
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
)

// Job is an egress job: a recording, livestream or HLS, running or over. It holds no secret.
type Job struct {
	ID        string
	Kind      job.Kind
	AccountID string
	MeetingID string
	CustomID  string // of the meeting; read only
	SessionID string
	Node      NodeID // where it runs; zero: a server alone, or a transcoding that waits

	State   job.State
	Config  job.Config // with defaults
	Sources []job.Source
	Format  job.Format // of the files; "" for composed jobs
	// Watermarks are those of a composite recording, with small images in place of those that came with the request.
	Watermarks []job.Watermark
	Targets    []job.Target
	OnFailure  job.OnFailure

	WebhookURL string
	Dir        string // directory of the files in the store, as asked for
	StartedBy  job.By

	// Path is where the job writes while it runs, relative to the storage directory: a file, or the directory of an HLS
	// job. After a crash it leads to what was saved.
	Path  string
	Files []job.File // when it is over, if it made any

	CreatedAt time.Time // asked for
	StartedAt time.Time // zero: not yet, or never
	StoppedAt time.Time // asked to stop, or found to end; zero: running
	EndedAt   time.Time // over; zero: not yet
	UpdatedAt time.Time

	Fault *fault.Error // with which it ended; nil: as asked
}

// RecordingIDs returns the ids of the jobs of which a job that transcodes makes a file, in the order of the request.
func (j Job) RecordingIDs() []string {
	ids := make([]string, len(j.Sources))
	for i, source := range j.Sources {
		ids[i] = source.RecordingID
	}
	return ids
}

// JobFilter selects jobs; zero fields select everything.
type JobFilter struct {
	ID            string // only this one
	Kinds         []job.Kind
	MeetingID     string
	SessionID     string
	ParticipantID string // of one of the sources
	Over          *bool  // only ended ones, or only running ones
	States        []job.State
	SourceID      string // of the job that it was made of
}
