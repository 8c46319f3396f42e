package sdk

import (
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Mode is what a participant may do with media.
type Mode string

// The modes. The old published names CONFERENCE and VIEWER are accepted for SendAndRecv and SignallingOnly.
const (
	SendAndRecv    Mode = "SEND_AND_RECV"   // publishes and receives
	RecvOnly       Mode = "RECV_ONLY"       // receives
	SignallingOnly Mode = "SIGNALLING_ONLY" // neither publishes nor receives
)

// parseMode returns the present name of a mode; "" is SendAndRecv. It returns 3067 for a mode that does not exist.
func parseMode(mode Mode) (Mode, *fault.Error) {
	present, ok := wire.ParseMode(string(mode))
	if !ok {
		return "", invalidMode(mode)
	}
	return Mode(present), nil
}

func invalidMode(mode Mode) *fault.Error {
	allowed := make([]string, len(wire.Modes))
	for i, m := range wire.Modes {
		allowed[i] = string(m)
	}
	return fault.InvalidModeUnknownMode(string(mode), allowed)
}
