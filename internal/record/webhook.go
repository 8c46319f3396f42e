package record

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
)

// Event is an event for the webhook of a meeting.
type Event struct {
	Name      string // published name: recording-started
	MeetingID string
	SessionID string
	JobID     string         // of an egress event
	Data      map[string]any // beside meetingId and sessionId
	// webhookUrl of the call that began this: told everything, beside the meeting's own webhook
	URL string
	At  time.Time
}

// WebhookBody is what is sent, signed as it is. WebhookType and Data are published; the rest is ours.
type WebhookBody struct {
	WebhookType string         `json:"webhookType"`
	ID          string         `json:"id"`       // the same in every attempt and to every endpoint
	Sequence    int64          `json:"sequence"` // 1, 2, 3 ... of the events sent for a meeting
	At          fault.Instant  `json:"at"`
	Data        map[string]any `json:"data"`
}

// Wants reports whether the endpoint asked for that event, by its name or by a pattern such as recording-* or *.
func (w *Webhook) Wants(event string) bool {
	return w != nil && w.EndPoint != "" && slices.ContainsFunc(w.Events, func(wanted string) bool {
		begin, pattern := strings.CutSuffix(wanted, "*")
		return wanted == event || pattern && strings.HasPrefix(event, begin)
	})
}

// EndPointProblem returns the reason why events cannot be sent to an address, such as "has no host", or "". Whether the
// address is on the public internet is checked when it is called, by what its name resolves to then.
func EndPointProblem(endpoint string) string {
	address, err := url.Parse(endpoint)
	switch {
	case err != nil:
		return "is not a URL"
	case address.Scheme != "https" && address.Scheme != "http":
		return "is not an http or https address"
	case address.Hostname() == "":
		return "has no host"
	case address.User != nil:
		return "holds a user name or password; requests are signed instead"
	}
	return ""
}

// Delivery is an event on its way to one endpoint. Those of one meeting and endpoint go in the order of ID.
type Delivery struct {
	ID        int64
	AccountID string
	MeetingID string // "" for what belongs to the account alone
	SessionID string
	JobID     string // or notification channel; "" for none
	EndPoint  string
	Event     string
	Body      []byte // as it is signed and sent
	MadeAt    time.Time
	NextAt    time.Time // of the next attempt
	Attempts  int       // so far
}

// Delivered is how the delivery of one event of an egress job went.
type Delivered struct {
	Event   string
	Success bool // false: not yet, or given up
}

// Expired counts the deliveries to an endpoint that were given up.
type Expired struct {
	AccountID string
	MeetingID string
	EndPoint  string
	Events    int
}
