// Package job holds what is known of egress jobs everywhere: their kinds, states, configs and requests.
//
// It is a leaf of plain values and their checks. The manager (internal/egress), its workers, record, meeting, REST and
// the Go SDK use it. What manager and worker say to each other is in internal/egress/order.
package job

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Kind is what a job makes.
type Kind string

const (
	Recording   Kind = "recording"   // the composed meeting as a file
	Livestream  Kind = "livestream"  // the composed meeting to RTMP targets
	HLS         Kind = "hls"         // the composed meeting as HLS
	Participant Kind = "participant" // one participant as a file, not re-encoded
	Track       Kind = "track"       // one stream as files, not re-encoded
	Composite   Kind = "composite"   // chosen participants as a file
)

// Kinds of jobs that make a file of files that exist. They need no session that runs.
const (
	Merge    Kind = "merge"      // the sound of participants in two channels
	HLSToMP4 Kind = "hls-to-mp4" // an HLS stream that is over as one file

	CompositeMerge Kind = "composite-merge"         // recordings of participants in one picture
	RecordingMerge Kind = "meeting-recording-merge" // recordings of a room end to end
)

// Limits of the jobs that merge recordings.
const (
	MaxMergedRecordings = MaxGridSize
	// MaxMergedFiles bounds the files of all recordings of a job: one ffmpeg has them open at once.
	MaxMergedFiles = 48
)

// Transcodes reports whether the job makes a file of files that exist.
func (k Kind) Transcodes() bool {
	return k == Merge || k == HLSToMP4 || k == CompositeMerge || k == RecordingMerge
}

// MergesRecordings reports whether the job makes one video of recordings.
func (k Kind) MergesRecordings() bool { return k == CompositeMerge || k == RecordingMerge }

// Kinds lists the kinds of jobs that carry a session.
var Kinds = []Kind{Recording, Livestream, HLS, Participant, Track, Composite}

// Composed reports whether the job decodes, composes and encodes.
func (k Kind) Composed() bool { return k != Participant && k != Track }

// Stores reports whether the job always writes to the server's storage.
func (k Kind) Stores() bool { return k != Livestream }

// Shown reports whether the meeting is told the job's states: the published state events know three kinds.
func (k Kind) Shown() bool { return k == Recording || k == Livestream || k == HLS }

// State of a job.
type State string

const (
	Starting State = "STARTING"
	Started  State = "STARTED"
	Playable State = "PLAYABLE" // HLS: a player can start
	Stopping State = "STOPPING" // asked to stop, or its files are being finished
	Stopped  State = "STOPPED"
	Failed   State = "FAILED" // ended with a fault; clients see STOPPED and the fault

	Cancelled State = "CANCELLED" // of a job that transcodes: it was cancelled and made nothing
)

// States lists all states.
var States = []State{Starting, Started, Playable, Stopping, Stopped, Failed}

// Over reports whether nothing of the job runs any more.
func (s State) Over() bool { return s == Stopped || s == Failed || s == Cancelled }

// Published returns the state of the published events: RECORDING_STARTED.
func (k Kind) Published(s State) string {
	if s == Failed {
		s = Stopped
	}
	return strings.ToUpper(string(k)) + "_" + string(s)
}

// Format of the files of a job. Composed jobs write mp4 or webm.
type Format string

const (
	MP4  Format = "mp4"
	WebM Format = "webm"
	M3U8 Format = "m3u8"
	MP3  Format = "mp3"
)

// Formats lists all formats.
var Formats = []Format{MP4, WebM, M3U8, MP3}

// Source is a participant, or one stream of a participant, that a job records. An empty Kind means all streams.
type Source struct {
	ParticipantID string    `json:"participantId"`
	Kind          wire.Kind `json:"kind,omitempty"`
	RecordingID   string    `json:"recordingId,omitempty"` // of a job that transcodes: the job that made the file
	Channel       int       `json:"channel,omitempty"`     // of a merge: 1 is left, 2 is right
}

// Output is an RTMP target. StreamKey is a secret: it lives in memory and on the worker's stdin only.
type Output struct {
	URL       string `json:"url"`
	StreamKey string `json:"streamKey"`
}

// OutputState is the state of an RTMP target.
type OutputState string

const (
	OutputLive     OutputState = "live"
	OutputRetrying OutputState = "retrying"
	OutputLost     OutputState = "lost"
	OutputDone     OutputState = "done"
)

// Target is an output as it may be shown and stored: without the key, and without the parts of the URL that may hold
// one.
type Target struct {
	URL   string      `json:"url"` // scheme, host and path
	State OutputState `json:"state,omitempty"`
}

// File is a file that a job made. Path is the local path while the file is on the server's disk where the job wrote it;
// Key is its name in the storage once it is there, and then Path is empty.
type File struct {
	Path       string `json:"path,omitempty"`
	Key        string `json:"key,omitempty"`
	Size       int64  `json:"size"`
	DurationMs int64  `json:"durationMs"`
	Width      int    `json:"width,omitempty"`
	Height     int    `json:"height,omitempty"`
	Format     Format `json:"format"`
	// BeganAt is the time of the first sample in files of participants and tracks.
	BeganAt time.Time `json:"beganAt,omitzero"`
}

// OnFailure is what follows when a running job fails.
type OnFailure string

const (
	StopOnFailure    OnFailure = "stop"    // nothing; the default
	RestartOnFailure OnFailure = "restart" // a new job of the same kind and config, a few times
	// CloseRoomOnFailure ends the session MaxCloseWait after the failure, unless another job of the kind runs by then.
	CloseRoomOnFailure OnFailure = "close-room"
)

// MaxCloseWait is how long a session goes on after the failure of a job whose OnFailure is to close the room; it may
// name a shorter time. Published: 150 s.
const MaxCloseWait = 150 * time.Second

// CloseRoomAfter returns the OnFailure that ends the session that long after the failure, in whole seconds, and
// MaxCloseWait at most.
func CloseRoomAfter(wait time.Duration) OnFailure {
	seconds := int(min(max(wait, 0), MaxCloseWait) / time.Second)
	return CloseRoomOnFailure + OnFailure(":"+strconv.Itoa(seconds))
}

// CloseRoom reports whether the session ends after a failure, and how long after it.
func (o OnFailure) CloseRoom() (wait time.Duration, asked bool) {
	if o == CloseRoomOnFailure {
		return MaxCloseWait, true
	}
	text, asked := strings.CutPrefix(string(o), string(CloseRoomOnFailure)+":")
	seconds, err := strconv.Atoi(text)
	if !asked || err != nil || seconds < 0 {
		return 0, false
	}
	return min(time.Duration(seconds)*time.Second, MaxCloseWait), true
}

// Valid reports whether a job can be asked for that; "" is StopOnFailure.
func (o OnFailure) Valid() bool {
	_, closes := o.CloseRoom()
	return o == "" || o == StopOnFailure || o == RestartOnFailure || closes
}

// Request asks for a job: the one form in which REST, signaling and automatic starts do. Whether the caller may start
// the job has been judged before.
type Request struct {
	Kind      Kind
	Under     string // path of the object that holds the fields below, for faults: "autoStartConfig.recording."; or ""
	Method    string // startRecording, or the path of the REST call: for faults about its fields
	AccountID string
	MeetingID string // the canonical id
	SessionID string // "": whichever runs
	By        By

	Config    Config
	Outputs   []Output // livestream
	Sources   []Source // participant: one; track: one with Kind; composite: several, or none for the first three
	Format    Format   // participant, track: "" is webm; recording, composite: another place for Config.FileFormat
	OnFailure OnFailure

	Watermarks []Watermark // composite
	// WatermarkImages are the small images of the watermarks, as PNG, by their places; nil before they were fetched.
	WatermarkImages [][]byte

	Transcription *Transcription // another place for Config.Transcription
	WebhookURL    string         // told every event of the job, beside the webhook of the meeting
	Dir           string         // directory of the file in the storage: awsDirPath, bucketDirPath
}

// DirField returns the published name of Dir.
func (q Request) DirField() string {
	if q.Kind == Recording {
		return "awsDirPath"
	}
	return "bucketDirPath"
}

// Refuse returns the fault for a field of the request that cannot be used.
func (q Request) Refuse(wrong *FieldError) *fault.Error {
	return (&FieldError{q.Under + wrong.Field, wrong.Problem}).Fault(q.Method)
}

// TranscodingRequest asks for a file made of files that exist. Whether the caller may have them has been judged.
type TranscodingRequest struct {
	Kind                            Kind
	AccountID, MeetingID, SessionID string
	Sources                         []Source // with RecordingID
	WebhookURL, Dir                 string
	Watermark                       *MergeWatermark // of a CompositeMerge; nil for none
}

// StopRequest names the job to stop. A composite recording is named by its JobID, a participant or track recording by
// its Source; the other kinds run once in a meeting.
type StopRequest struct {
	Kind      Kind
	AccountID string
	MeetingID string
	JobID     string
	Source    Source
	By        By
}

// By is who asked for a job.
type By struct {
	ParticipantID string `json:"participantId,omitempty"`
	Name          string `json:"name,omitempty"`      // of the participant
	AutoStart     bool   `json:"autoStart,omitempty"` // autoStartConfig of the meeting; all empty: REST
}

// Who returns String with the name of the participant behind the id.
func (b By) Who() string {
	if b.ParticipantID == "" || b.Name == "" {
		return b.String()
	}
	return b.ParticipantID + " (" + b.Name + ")"
}

func (b By) String() string {
	switch {
	case b.ParticipantID != "":
		return b.ParticipantID
	case b.AutoStart:
		return "autoStartConfig"
	}
	return "the REST API"
}

// Audience is who in a meeting is told a fault of a job.
type Audience struct {
	Everybody  bool
	Moderators bool
	Except     string // id of a participant who learns the fault as the answer to a call
}

// FieldError is a field of a request that cannot be used, and the reason: "layout.type", `is "ROUND"; it takes one of
// ...`.
type FieldError struct {
	Field   string
	Problem string
}

func (e *FieldError) Error() string { return e.Field + " " + e.Problem }

// Fault returns the fault that the caller of that method gets: 4107 BAD_PARAMS, or 4110 for what is published and not
// offered.
func (e *FieldError) Fault(method string) *fault.Error {
	if feature := notOfferedProblems[e.Problem]; feature != "" {
		return fault.RequestNotOfferedNotOffered(method, e.Field, feature)
	}
	return fault.InvalidMessageBadParams(method, e.Field, "it "+e.Problem)
}

// maxSources is the limit for the streams of a composite recording: all of the largest grid.
const maxSources = 4 * MaxGridSize

// CheckSources returns a *FieldError if sources and format cannot be used for a job of that kind.
func CheckSources(kind Kind, sources []Source, format Format) *FieldError {
	if format != "" && !slices.Contains(Formats, format) {
		return &FieldError{"fileFormat", notOneOf(string(format), Formats)}
	}
	people := map[string]bool{}
	for _, s := range sources {
		if people[s.ParticipantID] = true; len(people) > MaxGridSize || len(sources) > maxSources {
			return &FieldError{"participants", fmt.Sprintf("names too many; the limit is %d participants", MaxGridSize)}
		}
		if s.Kind != "" && !slices.Contains(wire.Kinds, s.Kind) {
			return &FieldError{"kind", notOneOf(string(s.Kind), wire.Kinds)}
		}
	}
	switch kind {
	case Participant, Track:
		if len(sources) != 1 || sources[0].ParticipantID == "" {
			return &FieldError{"participantId", "is missing"}
		}
		video := sources[0].Kind == wire.Video || sources[0].Kind == wire.Share || sources[0].Kind == ""
		switch {
		case kind == Track && sources[0].Kind == "":
			return &FieldError{"kind", "is missing"}
		case format == MP3 && video:
			return &FieldError{"fileFormat", "is mp3, which holds no video"}
		}
	case Composite:
	default:
		if len(sources) > 0 {
			return &FieldError{"participants", "is for composite recordings"}
		}
	}
	return nil
}
