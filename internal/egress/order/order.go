// Package order is the protocol between the manager of egress jobs (internal/egress) and the process that runs one of
// them (internal/egress/worker).
//
// It is JSON, one message per line. A worker reads a Spec and then Commands from standard input. It writes Reports to
// standard output and slog JSON to standard error. When its input ends without a stop command, the server has died: the
// worker finishes its files within a second and exits. It exits with 0 after ReportDone and with 1 after a final
// ReportFault. Nothing secret is in its arguments or environment.
package order

import (
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/job"
)

// WorkerCommand is the hidden subcommand of the klatch binary that runs one job.
const WorkerCommand = "egress-worker"

// TicketPrefix begins the token with which a worker joins. A JWT holds no space, so no token is both.
const TicketPrefix = "egress "

// Spec describes the job of a worker. It holds secrets (Ticket, stream keys) and is never logged or stored.
type Spec struct {
	JobID     string   `json:"jobId"`
	Kind      job.Kind `json:"kind"`
	ServerURL string   `json:"serverUrl"`
	Ticket    string   `json:"ticket"` // the token to join with: TicketPrefix and a secret, good for one join
	// Rejoin has the worker join anew, with another ticket, where the server has lost its place in the session: another
	// node goes on with the meeting.
	Rejoin    bool         `json:"rejoin,omitempty"`
	MediaAddr string       `json:"mediaAddr"` // of the server's media, from the worker's machine
	MeetingID string       `json:"meetingId"`
	Config    job.Config   `json:"config"` // with defaults
	Sources   []job.Source `json:"participants,omitempty"`
	Format    job.Format   `json:"format,omitempty"`

	Watermarks []Watermark `json:"watermarks,omitempty"`

	// File is the absolute path of the file to write; "" writes none. A track job makes one file for each time the
	// track starts: the second is named like the first with -2 before the extension, and so on.
	File    string       `json:"file,omitempty"`
	HLSDir  string       `json:"hlsDir,omitempty"` // absolute; exists
	Outputs []job.Output `json:"outputs,omitempty"`
	// Hold has the worker reach the outputs at CommandPublish only, once ReportReady says that all else runs: another
	// worker still publishes to them.
	Hold bool `json:"hold,omitempty"`

	// MaxDurationMs is a last resort: the worker finishes by itself after it. The server stops it before that.
	MaxDurationMs int64  `json:"maxDurationMs"`
	FFmpeg        string `json:"ffmpeg"` // path of the program
	// what the server knows of it: the worker need not ask it again
	FFmpegBuild         *ffmpeg.Build `json:"ffmpegBuild,omitempty"`
	AllowPrivateTargets bool          `json:"allowPrivateTargets"` // RTMP targets in private networks
	// how long a target that was live is tried again; 0: a default
	RetryTargetsMs int64 `json:"retryTargetsMs"`
}

// Watermark is printed over the picture: an image, and a line of text, of the clock of a time zone or of the newest
// message of a topic.
type Watermark struct {
	Image    []byte `json:"image,omitempty"` // PNG of the size in which it is printed
	Text     string `json:"text,omitempty"`  // with a topic: until its first message
	Timezone string `json:"timezone,omitempty"`
	Topic    string `json:"topic,omitempty"`
}

// Command is a message from the manager to a worker, after the Spec.
type Command struct {
	Command string `json:"command"`
	Ticket  string `json:"ticket,omitempty"` // as in Spec
}

// The commands.
const (
	CommandStop    = "stop"    // finish the files and exit
	CommandTicket  = "ticket"  // Ticket: asked for by ReportTicket
	CommandPublish = "publish" // of a Spec with Hold: reach the outputs
)

// ReportType is the kind of a report.
type ReportType string

const (
	ReportStarted  ReportType = "started"  // joined, the encoder runs, the first output has data
	ReportReady    ReportType = "ready"    // of a Spec with Hold: the encoder runs, CommandPublish is awaited
	ReportPlayable ReportType = "playable" // HLS: a player can start
	ReportFault    ReportType = "fault"    // Fault; Final: the job ends with it
	ReportCleared  ReportType = "cleared"  // FaultID: what that fault reported is over
	ReportOutput   ReportType = "output"   // Index, State: an RTMP target changed
	ReportProgress ReportType = "progress" // DurationMs, Bytes; at least once in two seconds, also before started
	ReportTicket   ReportType = "ticket"   // asks for a ticket for another join
	ReportDone     ReportType = "done"     // Files; the worker exits
)

// Report is a message from a worker to the manager.
type Report struct {
	Report ReportType `json:"report"`

	Fault      *fault.Error    `json:"fault,omitempty"`
	Final      bool            `json:"final,omitempty"`
	FaultID    string          `json:"faultId,omitempty"`
	Index      int             `json:"index,omitempty"`
	State      job.OutputState `json:"state,omitempty"`
	DurationMs int64           `json:"durationMs,omitempty"`
	Bytes      int64           `json:"bytes,omitempty"`
	Files      []job.File      `json:"files,omitempty"`
}

// MaxReportBytes is the limit for one line of a worker.
const MaxReportBytes = 64 << 10
