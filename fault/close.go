package fault

import (
	"fmt"
	"strings"
)

// restart and later are the WebSocket close codes that stand for 5xxx faults; see CloseCode.
const (
	restart = 1012 // service restart
	later   = 1013 // try again later
)

// OfClose returns the fault of a WebSocket close frame whose own message was lost: code is the close code (see
// CloseCode), and the close reason holds "NAME REASON id". It returns nil where the frame carries no fault: the socket
// was cut.
func OfClose(code int, reason string) *Error {
	name, rest, _ := strings.Cut(reason, " ")
	sub, id, _ := strings.Cut(rest, " ")
	number := code
	switch {
	case name == "" && code < 3000:
		return nil // a proxy may close with 1012 or 1013 of its own
	case code == restart:
		number = CodeServerShutdown
	case code == later:
		number = CodeServerUnavailable
	}
	if number < 3000 || number >= 6000 {
		return nil
	}
	if !idForm.MatchString(id) {
		id = newID()
	}
	e := &Error{
		Code: number, Name: name, Message: "The server ended the connection.", Reason: sub, ID: id, Fatal: true,
		Retryable: number >= firstServer, At: now(),
		Docs: fmt.Sprintf("/errors/%d#%s", number, sub),
		Detail: fmt.Sprintf("The server closed the connection with %d %s (%s); the message with the values did not arrive.",
			number, name, sub),
		Remedy: "Look up this code and reason in docs, or this id in the server's log or console.",
	}
	if row, published := VideoSDKErrors[number]; published {
		e.Name, e.Message = row.Name, row.Message
	}
	return e
}
