// Package fault is the one language in which Klatch says that something went wrong.
//
// The catalogue (catalogue.yaml) lists every code and reason with its words; the generator in gen makes a
// constructor for each, so that a call site cannot invent a code or forget a value. A fault has the same
// fields wherever it shows: the `error` event and the failed call of both SDKs, JSON-RPC error.data, REST
// bodies, webhooks, the log and the console. The package imports nothing of Klatch.
package fault

//go:generate go run ./gen -update

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Error is one fault: what broke (Code, Name, Message), why (Reason, Detail, Details), what to do (Remedy).
// Constructors of this package make it. It is a value: callers read its fields and never write them, and its methods
// return changed copies. So it can be shared between goroutines.
type Error struct {
	Code    int    `json:"code"`    // published number, 3011-5105
	Name    string `json:"name"`    // published name, UPPER_SNAKE
	Message string `json:"message"` // published text, unaltered

	Reason  string         `json:"reason"`            // sub-code, UPPER_SNAKE, one cause each
	Detail  string         `json:"detail"`            // one sentence with the values of this incident
	Remedy  string         `json:"remedy"`            // what to do next, never empty
	Param   string         `json:"param,omitempty"`   // the offending field, such as token.exp
	Details map[string]any `json:"details,omitempty"` // the values of Detail under stable keys

	Fatal        bool  `json:"fatal"`        // the session ends, or does not begin
	Retryable    bool  `json:"retryable"`    // the same call may succeed later, unchanged
	RetryAfterMs int64 `json:"retryAfterMs"` // 0 where no time is known

	ID      string  `json:"id"`      // flt_ and a ULID; one incident has one id everywhere
	CauseID string  `json:"causeId"` // id of the fault this one follows from, or ""
	At      Instant `json:"at"`
	Docs    string  `json:"docs"` // page of this reason on the server that reported it

	// ConsoleURL opens this fault in the console of the server that keeps it, for its operator and the developers of the
	// account; "" where no server is told of it. Presentation sets it.
	ConsoleURL string `json:"consoleUrl"`

	MeetingID     string `json:"meetingId"`
	SessionID     string `json:"sessionId"`
	ParticipantID string `json:"participantId"`

	account string // see WithAccount
	client  Client // see WithClient
	cause   error
}

// Error returns code, name, reason, detail, remedy and id in one line; never a secret, since no field holds one.
func (e *Error) Error() string {
	return fmt.Sprintf("%d %s (%s): %s %s [%s]", e.Code, e.Name, e.Reason, e.Detail, e.Remedy, e.ID)
}

// Unwrap returns the Go error that Because recorded. It never leaves the process.
func (e *Error) Unwrap() error { return e.cause }

// Is makes errors.Is true for two faults of the same code and reason.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Code == e.Code && other.Reason == e.Reason
}

// Is reports whether err is a fault of the given code, or wraps one, and its reason is one of reasons where any are
// given. Of a fault that another one caused, only the later one counts.
func Is(err error, code int, reasons ...string) bool {
	f, ok := errors.AsType[*Error](err)
	return ok && f != nil && f.Code == code && (len(reasons) == 0 || slices.Contains(reasons, f.Reason))
}

// Local reports whether the SDK or the browser found the fault: a 3xxx.
func (e *Error) Local() bool { return e.Code < firstRefusal }

// Refused reports whether the server judged a request and did not do it: a 4xxx.
func (e *Error) Refused() bool { return e.Code >= firstRefusal && e.Code < firstServer }

// OfServer reports whether something that ran stopped, or the server could not serve: a 5xxx.
func (e *Error) OfServer() bool { return e.Code >= firstServer }

// The bands of codes.
const (
	firstRefusal = 4000
	firstServer  = 5000
)

// A fault is a value: what follows returns a changed copy and leaves the fault itself as it is, so that one incident
// can be told to many without any of them seeing what was added for another.

// Because returns a copy that has err as its cause. The id of a fault in err becomes CauseID, where there is none yet.
func (e *Error) Because(err error) *Error {
	changed := *e
	changed.cause = err
	if first, ok := errors.AsType[*Error](err); ok && first != nil && changed.CauseID == "" {
		changed.CauseID = first.ID
	}
	return &changed
}

// CausedBy returns a copy that names the fault with the given id as its cause.
func (e *Error) CausedBy(id string) *Error {
	changed := *e
	changed.CauseID = id
	return &changed
}

// Anew returns a copy that is another incident: with an id and a time of its own, and without a cause.
func (e *Error) Anew() *Error {
	changed := *e
	changed.ID, changed.CauseID, changed.At = newID(), "", now()
	return &changed
}

// WithMeeting returns a copy that states where the fault happened; an empty string leaves a field as it is.
func (e *Error) WithMeeting(meetingID, sessionID, participantID string) *Error {
	changed := *e
	changed.MeetingID = cmp.Or(meetingID, e.MeetingID)
	changed.SessionID = cmp.Or(sessionID, e.SessionID)
	changed.ParticipantID = cmp.Or(participantID, e.ParticipantID)
	return &changed
}

// WithDefaultMeeting is WithMeeting for the fields that are still empty. A fault of another meeting is returned as it
// is.
func (e *Error) WithDefaultMeeting(meetingID, sessionID, participantID string) *Error {
	if e.MeetingID != "" && meetingID != "" && e.MeetingID != meetingID {
		return e
	}
	return e.
		WithMeeting(cmp.Or(e.MeetingID, meetingID), cmp.Or(e.SessionID, sessionID), cmp.Or(e.ParticipantID, participantID))
}

// WithAccount returns a copy that belongs to an account, for the server's log and timeline; "" changes nothing. The
// account never leaves the process.
func (e *Error) WithAccount(accountID string) *Error {
	changed := *e
	changed.account = cmp.Or(accountID, e.account)
	return &changed
}

// Client is the software that a fault came from or was told to, for the server's timeline. Each field is a name, or a
// name, a slash and a version: "web/0.9.0", "Chrome/141".
type Client struct{ SDK, Browser string }

// WithClient returns a copy that came from a client, for the server's timeline; a fault that has one keeps it. The
// client never leaves the process with the fault.
func (e *Error) WithClient(c Client) *Error {
	changed := *e
	if changed.client == (Client{}) {
		changed.client = c
	}
	return &changed
}

// Client returns what WithClient recorded.
func (e *Error) Client() Client { return e.client }

// Lasts reports whether the fault is a condition, which fault-cleared ends.
func (e *Error) Lasts() bool {
	entry, known := e.Entry()
	return known && entry.Condition && !e.Fatal
}

// ShowAfter returns how long a condition lasts before it is shown.
func (e *Error) ShowAfter() time.Duration {
	entry, _ := e.Entry()
	return time.Duration(entry.ShowAfterMs) * time.Millisecond
}

// Account returns the id that WithAccount recorded, or "".
func (e *Error) Account() string { return e.account }

// WithFatal returns a copy with another Fatal, where that differs from the catalogue: a limit that ends a
// join only refuses a change of mode; a database error that refuses a call may end the way out of a lobby.
func (e *Error) WithFatal(fatal bool) *Error {
	changed := *e
	changed.Fatal = fatal
	return &changed
}

// RetryAfter returns a copy that says when the same call may be made again.
func (e *Error) RetryAfter(d time.Duration) *Error {
	changed := *e
	changed.RetryAfterMs = d.Milliseconds()
	return &changed
}

// WithMessage returns a copy with another message than the published one; "" changes nothing. Only 4007 needs it, whose
// message is what the operator wrote for that account.
func (e *Error) WithMessage(message string) *Error {
	changed := *e
	changed.Message = cmp.Or(message, e.Message)
	return &changed
}

// Entry returns the catalogue entry of this fault, for its HTTP status and audience.
func (e *Error) Entry() (Entry, bool) { return Lookup(e.Code, e.Reason) }

// Webhook reports whether the webhook of the meeting is told: where the catalogue says so, of what happened in a
// session or, with a token of the meeting's account, at its door. Without one, whoever is refused may name any meeting.
func (e *Error) Webhook() bool {
	entry, known := e.Entry()
	if known && entry.Condition && e.CauseID != "" { // it lasts because its cause does, which was told
		return false
	}
	return known && e.MeetingID != "" && (e.SessionID != "" || e.account != "") && slices.Contains(entry.Tells, "webhook")
}

// HTTPStatus is the status with which REST answers; 500 for a fault outside the catalogue.
func (e *Error) HTTPStatus() int {
	if entry, ok := e.Entry(); ok {
		return entry.HTTP
	}
	return 500
}

// CloseCode is the WebSocket close code that carries a fatal fault when its frame is lost: the code itself
// for 3xxx and 4xxx; 1012 (service restart) and 1013 (try again later) for 5xxx, which RFC 6455 does not
// leave to applications.
func (e *Error) CloseCode() int {
	switch {
	case !e.OfServer():
		return e.Code
	case e.Code == CodeServerShutdown:
		return restart
	default:
		return later
	}
}

// From returns the fault inside err; an error without one becomes the single 5101 INTERNAL, with err as cause.
// It returns nil for nil.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Error](err); ok {
		return f
	}
	return ServerUnavailableInternal().Because(err)
}

// Entry is one reason of the catalogue, with the words of its code.
type Entry struct {
	Code    int    `json:"code"`
	Name    string `json:"name"`
	Message string `json:"message"`

	Identifier string `json:"identifier,omitempty"` // of constants and constructors, where another code has the same name

	// StartingCode is details.startingCode of every fault of the entry: the code under which the published error event
	// page has it, 3011 to 3013, where a newer published code is more exact.
	StartingCode int `json:"startingCode,omitempty"`

	Published bool     `json:"published"` // one of the 25 rows of the published error event page
	Reason    string   `json:"reason"`
	Detail    string   `json:"detail"` // template: {key} stands for a param
	Remedy    string   `json:"remedy"`
	Param     string   `json:"param,omitempty"`
	Params    []Param  `json:"params,omitempty"`
	HTTP      int      `json:"http"`
	Fatal     bool     `json:"fatal"`
	Retryable bool     `json:"retryable"`
	Tells     []string `json:"tells"`
	Origin    string   `json:"origin"`            // server, client, browser or go
	Pending   string   `json:"pending,omitempty"` // the part of Klatch that will raise it
	SDK       bool     `json:"sdk,omitempty"`     // of the server's origin, and found by the SDKs too, before the network

	Condition   bool  `json:"condition,omitempty"`   // it lasts until its cause is gone; fault-cleared ends it
	ShowAfterMs int64 `json:"showAfterMs,omitempty"` // of a condition: how long it lasts before it is shown

	RetryAfterMs int64 `json:"retryAfterMs,omitempty"` // of a fault whose raiser knows no better time

	OnConnect  Recovery `json:"onConnect,omitempty"`  // of an SDK that meets it while it opens a socket
	OnResume   Recovery `json:"onResume,omitempty"`   // of an SDK that had joined
	Passes     bool     `json:"passes,omitempty"`     // it is over by itself at once
	Unanswered bool     `json:"unanswered,omitempty"` // it says nothing about what the call asked for
}

// startingCode is the key of Entry.StartingCode in details.
const startingCode = "startingCode"

// Param is a key of details: string, int, float, bool or strings.
type Param struct {
	Key  string `json:"key"`
	Type string `json:"type"`
}

// Key names the entry as docs and tests do: "4002.EXPIRED".
func (e Entry) Key() string { return strconv.Itoa(e.Code) + "." + e.Reason }

// ErrorInfo is a row of VideoSDKErrors: the published code, name and message.
type ErrorInfo struct {
	Code    int    `json:"code"`
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Catalogue returns all entries in the order of the catalogue file.
func Catalogue() []Entry {
	entries := make([]Entry, 0, len(catalogue))
	for _, entry := range catalogue {
		entries = append(entries, *entry)
	}
	return entries
}

// Lookup finds the entry of a code and reason.
func Lookup(code int, reason string) (Entry, bool) {
	entry, ok := byKey[Entry{Code: code, Reason: reason}.Key()]
	if !ok {
		return Entry{}, false
	}
	return *entry, true
}

var byKey = func() map[string]*Entry {
	index := make(map[string]*Entry, len(catalogue))
	for _, entry := range catalogue {
		index[entry.Key()] = entry
	}
	return index
}()

// build makes the fault of an entry from the values of its params, in their order.
func build(entry *Entry, values ...any) *Error {
	details := make(map[string]any, len(values)+1)
	for n, param := range entry.Params {
		details[param.Key] = tame(param.Key, values[n])
	}
	if entry.StartingCode != 0 {
		details[startingCode] = int64(entry.StartingCode)
	}
	e := &Error{
		Code: entry.Code, Name: entry.Name, Message: entry.Message,
		Reason: entry.Reason, Detail: fill(entry.Detail, details), Remedy: fill(entry.Remedy, details),
		Param: paramOf(entry.Param, details), Details: details,
		Fatal: entry.Fatal, Retryable: entry.Retryable, RetryAfterMs: entry.RetryAfterMs,
		ID: newID(), At: now(),
		Docs: fmt.Sprintf("/errors/%d#%s", entry.Code, entry.Reason),
	}
	return e
}

// paramOf returns the offending field; where a whole call offends there is none.
func paramOf(template string, details map[string]any) string {
	if strings.HasPrefix(template, "{") && details[strings.Trim(template, "{}")] == "" {
		return ""
	}
	return fill(template, details)
}

// fill puts the values into a template.
func fill(template string, details map[string]any) string {
	if !strings.Contains(template, "{") {
		return template
	}
	pairs := make([]string, 0, 2*len(details))
	for _, key := range slices.Sorted(maps.Keys(details)) {
		pairs = append(pairs, "{"+key+"}", text(key, details[key]))
	}
	return strings.NewReplacer(pairs...).Replace(template)
}

func text(key string, value any) string {
	switch v := value.(type) {
	case string:
		switch {
		case v != "":
			return v
		case key == "signal" || key == "lastWords": // of a process: there was none
			return "none"
		}
		return `""`
	case []string:
		if len(v) == 0 {
			return "none"
		}
		return strings.Join(v, ", ")
	default:
		return fmt.Sprint(v)
	}
}

// Values come from outside: a fault stays small and printable whatever they hold. What is too long loses its middle,
// since the useful part of a message often stands at its end. The TypeScript SDK does the same.
const (
	maxValueRunes = 200
	maxTextRunes  = 1000 // problem and lastWords: what Klatch, a library or ffmpeg said
	maxListItems  = 50
)

func tame(key string, value any) any {
	limit := maxValueRunes
	if key == "problem" || key == "lastWords" {
		limit = maxTextRunes
	}
	switch v := value.(type) {
	case string:
		return tameString(v, limit)
	case []string:
		kept := v
		if len(v) > maxListItems {
			kept = append(slices.Clone(v[:maxListItems-1]), fmt.Sprintf("… %d more", len(v)-maxListItems+1))
		}
		list := make([]string, 0, len(kept))
		for _, item := range kept {
			list = append(list, tameString(item, limit))
		}
		return list
	case int:
		return int64(v)
	case time.Duration:
		if strings.HasSuffix(key, "Ms") {
			return v.Milliseconds()
		}
		return int64(v / time.Second)
	default:
		return value
	}
}

// tameString returns s with at most limit characters, all of them printable.
func tameString(s string, limit int) string {
	var b strings.Builder
	for _, r := range cutMiddle(s, limit) {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Bidi_Control, r) {
			r = '·'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cutMiddle returns s, or its first and last characters with … between them, limit characters in all.
func cutMiddle(s string, limit int) string {
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s
	}
	head, tail := 0, len(s)
	for range limit / 2 {
		_, size := utf8.DecodeRuneInString(s[head:])
		head += size
	}
	for range limit - 1 - limit/2 {
		_, size := utf8.DecodeLastRuneInString(s[:tail])
		tail -= size
	}
	return s[:head] + "…" + s[tail:]
}
