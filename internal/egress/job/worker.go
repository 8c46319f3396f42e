package job

import "github.com/klatch/klatch/fault"

// The worker protocol: JSON, one message a line. On stdin comes a Spec and then Commands; on stdout go Reports; stderr is
// slog JSON. When stdin ends without a stop, the server has died: the worker finalizes within a second and exits.
// It exits 0 after done and 1 after a final fault. Nothing secret is in its arguments or environment.

// WorkerCommand is the hidden command of the klatch binary that runs one job.
const WorkerCommand = "egress-worker"

// TicketPrefix begins the token of a worker's join. A JWT has no space, so nothing is both.
const TicketPrefix = "egress "

// Spec is the whole order to a worker. It holds secrets (Ticket, stream keys): it is never logged or kept.
type Spec struct {
	JobID     string   `json:"jobId"`
	Kind      Kind     `json:"kind"`
	ServerURL string   `json:"serverUrl"`
	Ticket    string   `json:"ticket"`    // the token to join with: TicketPrefix and a secret, good for one join
	MediaAddr string   `json:"mediaAddr"` // of the server's media, from the worker's machine
	MeetingID string   `json:"meetingId"`
	Config    Config   `json:"config"` // with defaults
	Sources   []Source `json:"participants,omitempty"`
	Format    Format   `json:"format,omitempty"`

	// File is the absolute path of the file to write; "" writes none. A track job makes one file for each time the track
	// starts: the second is named like the first with -2 before the extension, and so on.
	File    string   `json:"file,omitempty"`
	HLSDir  string   `json:"hlsDir,omitempty"` // absolute; exists
	Outputs []Output `json:"outputs,omitempty"`

	// MaxDurationMs is a last resort: the worker finalizes by itself after it. The server stops it before.
	MaxDurationMs       int64  `json:"maxDurationMs"`
	FFmpeg              string `json:"ffmpeg"`              // path of the program
	AllowPrivateTargets bool   `json:"allowPrivateTargets"` // RTMP targets in private networks
	RetryTargetsMs      int64  `json:"retryTargetsMs"`      // how long a target that was live is tried again; 0: a default
}

// Command follows the Spec.
type Command struct {
	Command string `json:"command"` // CommandStop
}

// CommandStop asks the worker to finalize and exit.
const CommandStop = "stop"

// ReportType tells reports apart.
type ReportType string

const (
	ReportStarted  ReportType = "started"  // joined, the encoder runs, the first output has data
	ReportPlayable ReportType = "playable" // HLS: a player can start
	ReportFault    ReportType = "fault"    // Fault; Final: the job ends with it
	ReportOutput   ReportType = "output"   // Index, State: an RTMP target changed
	ReportProgress ReportType = "progress" // DurationMs, Bytes; at least once in two seconds, also before started
	ReportDone     ReportType = "done"     // Files; the worker exits
)

// Report is what a worker says.
type Report struct {
	Report ReportType `json:"report"`

	Fault      *fault.Error `json:"fault,omitempty"`
	Final      bool         `json:"final,omitempty"`
	Index      int          `json:"index,omitempty"`
	State      OutputState  `json:"state,omitempty"`
	DurationMs int64        `json:"durationMs,omitempty"`
	Bytes      int64        `json:"bytes,omitempty"`
	Files      []File       `json:"files,omitempty"`
}

// MaxReportBytes bounds one line of a worker.
const MaxReportBytes = 64 << 10
