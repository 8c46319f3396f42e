// Package order is the protocol between the server's side of RTMP (internal/ingest) and the process that carries one
// publisher into its meeting (internal/ingest/worker).
//
// A worker reads a Spec, one line of JSON, and then Frames from standard input. It writes Reports to standard output,
// one line of JSON each, and slog JSON to standard error. When its input ends the server has died: the worker leaves.
// Nothing secret is in its arguments or environment.
package order

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/klatch/klatch/fault"
)

// WorkerCommand is the hidden subcommand of the klatch binary that carries one publisher.
const WorkerCommand = "ingest-worker"

// TicketPrefix begins the token with which a worker joins. A JWT holds no space, so no token is both.
const TicketPrefix = "ingest "

// Spec is what a worker is to do. It holds a secret (Ticket) and is never logged or stored.
type Spec struct {
	ServerURL     string `json:"serverUrl"`
	MediaAddr     string `json:"mediaAddr"` // of the server's media, from the worker's machine
	Ticket        string `json:"ticket"`    // the token to join with
	MeetingID     string `json:"meetingId"`
	ParticipantID string `json:"participantId"`
	Name          string `json:"name"`
	FFmpeg        string `json:"ffmpeg"` // path of the program
}

// Kind is what a frame is.
type Kind byte

// The kinds of frames.
const (
	Begin Kind = iota + 1 // an encoder is connected, the first one or again
	Audio                 // the body of an FLV audio tag
	Video                 // the body of an FLV video tag
	Cut                   // the connection of the encoder broke; it may come back
	Stop                  // leave the meeting and exit
)

// Frame is a message to a worker after its Spec.
type Frame struct {
	Kind      Kind
	Timestamp uint32 // of media, in ms; wraps
	Payload   []byte
}

// MaxPayload is the longest payload of a frame.
const MaxPayload = 4 << 20

const headerSize = 9

// Append encodes a frame: kind, timestamp, length, payload.
func Append(b []byte, f Frame) []byte {
	b = append(b, byte(f.Kind))
	b = binary.BigEndian.AppendUint32(b, f.Timestamp)
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.Payload)))
	return append(b, f.Payload...)
}

// ErrFrame is a frame that no server sends.
var ErrFrame = errors.New("order: malformed frame")

// Read reads a frame. Its error is io.EOF at the end between two frames.
func Read(r *bufio.Reader) (Frame, error) {
	var header [headerSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return Frame{}, err
	}
	f := Frame{Kind: Kind(header[0]), Timestamp: binary.BigEndian.Uint32(header[1:])}
	length := binary.BigEndian.Uint32(header[5:])
	if length > MaxPayload || f.Kind < Begin || f.Kind > Stop {
		return Frame{}, fmt.Errorf("%w: kind %d of %d bytes", ErrFrame, f.Kind, length)
	}
	if length > 0 {
		f.Payload = make([]byte, length)
		if _, err := io.ReadFull(r, f.Payload); err != nil {
			return Frame{}, err
		}
	}
	return f, nil
}

// ReadSpec reads the first line.
func ReadSpec(r *bufio.Reader) (Spec, error) {
	var spec Spec
	line, err := r.ReadBytes('\n')
	if err != nil {
		return spec, fmt.Errorf("read the order: %w", err)
	}
	return spec, json.Unmarshal(line, &spec)
}

// ReportType is the kind of a report.
type ReportType string

// The reports.
const (
	ReportJoined ReportType = "joined" // ParticipantID, SessionID
	ReportFault  ReportType = "fault"  // Fault; Final: the worker ends with it
	ReportAlive  ReportType = "alive"  // each second
)

// Report is a message from a worker.
type Report struct {
	Report        ReportType   `json:"report"`
	ParticipantID string       `json:"participantId,omitempty"`
	SessionID     string       `json:"sessionId,omitempty"`
	Fault         *fault.Error `json:"fault,omitempty"`
	Final         bool         `json:"final,omitempty"`
	Known         bool         `json:"known,omitempty"` // the server has reported the fault already
}

// MaxReportBytes is the limit for one line of a worker.
const MaxReportBytes = 64 << 10
