package signal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// maxID is the largest integer that every JSON reader keeps exact (RFC 8259, section 6).
const maxID = 1<<53 - 1

// parseFrame reads one text message as a JSON-RPC 2.0 request. With a fault it returns what it could read: an
// ID of 0 means that the answer carries null, as JSON-RPC 2.0 section 5 has it.
func parseFrame(frame []byte) (wire.Request, *fault.Error) {
	var req wire.Request
	if i := invalidUTF8(frame); i >= 0 {
		return req, fault.InvalidMessageNotJSON(i, "a byte that is not UTF-8")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(frame, &members); err != nil {
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			return req, fault.InvalidMessageNotJSON(int(syntax.Offset), syntax.Error())
		}
		return req, notJSONRPC(topLevelProblem(frame))
	}
	if members == nil {
		return req, notJSONRPC("it is null")
	}

	id, problem := parseID(members["id"])
	req.ID = id
	switch {
	case members["result"] != nil || members["error"] != nil:
		return req, notJSONRPC("it is a response, and the server asks nothing")
	case string(members["jsonrpc"]) != `"2.0"`:
		return req, notJSONRPC(`the member "jsonrpc" must be "2.0"`)
	case problem != "":
		return req, notJSONRPC(problem)
	}
	if err := json.Unmarshal(members["method"], &req.Method); err != nil || req.Method == "" {
		return req, notJSONRPC(`the member "method" must be a string that is not empty`)
	}
	req.JSONRPC = "2.0"
	if raw := members["traceparent"]; raw != nil {
		if json.Unmarshal(raw, &req.Traceparent) != nil || !wire.IsTraceparent(req.Traceparent) {
			return req, notJSONRPC(`the member "traceparent" must be one of W3C Trace Context, version 00`)
		}
	}
	switch params := bytes.TrimSpace(members["params"]); {
	case len(params) == 0 || string(params) == "null":
		req.Params = json.RawMessage("{}")
	case params[0] == '{':
		req.Params = params
	default:
		return req, notJSONRPC(
			fmt.Sprintf(`the member "params" is %s; parameters go by name, in an object`, wire.TypeOf(params)),
		)
	}
	return req, nil
}

func notJSONRPC(problem string) *fault.Error { return fault.InvalidMessageNotJSONRPC(problem) }

func topLevelProblem(frame []byte) string {
	kind := wire.TypeOf(frame)
	if kind == "an array" {
		return "it is an array; batches are not taken, send one request per message"
	}
	return "it is " + kind + ", not an object"
}

// parseID returns the id, or what is wrong with it.
func parseID(raw json.RawMessage) (int64, string) {
	if raw == nil {
		return 0, `the member "id" is missing; every request is answered, so every one has an id`
	}
	id, err := strconv.ParseInt(string(raw), 10, 64)
	switch {
	case err != nil && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9'):
		return 0, `the member "id" must be an integer from 1 to 9007199254740991`
	case err != nil:
		return 0, fmt.Sprintf(`the member "id" is %s; it must be an integer from 1 to 9007199254740991`, wire.TypeOf(raw))
	case id < 1 || id > maxID:
		return 0, `the member "id" must be an integer from 1 to 9007199254740991`
	}
	return id, ""
}

func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
