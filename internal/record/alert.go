package record

import (
	"fmt"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
)

// AlertRule watches a metric of an account, and opens an incident while its condition holds.
type AlertRule struct {
	ID          string
	AccountID   string
	Name        string
	Severity    string // info, warning or critical
	Description string
	Summary     string // what incidents are announced with; "" for the name
	Paused      bool
	// Armed is false from when somebody resolved its incident until the condition has not held once.
	Armed           bool
	Category        string // of the metric
	TimeAggregation string // "": that of the metric
	Config          AlertRuleConfig
	ChannelIDs      []string
	Version         int // 1, and one more with each change
	LastTriggered   time.Time
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// AlertRuleConfig is the published ruleConfig of an alert rule, as far as it is offered.
type AlertRuleConfig struct {
	Query      AlertQuery       `json:"query"`
	Condition  AlertCondition   `json:"condition"`
	Evaluation *AlertEvaluation `json:"evaluation,omitempty"`
	AbsentData *AlertAbsentData `json:"absentDataAlert,omitempty"`
	// at most 16 of them
	Labels   map[string]string `json:"labels,omitempty" doc:"At most 16 names of up to 64 characters with values of up to 256, shown with each incident."`
	ReduceTo string            `json:"reduceTo,omitempty" enum:"sum,avg,min,max,last" doc:"How the steps of the window become one value; without it as the metric does."`
}

// AlertQuery is what an alert rule looks at.
type AlertQuery struct {
	Metric string `json:"metric" minLength:"1" maxLength:"64" doc:"A metric of GET /v2/alertRules/metrics/catalog."`
	Code   int    `json:"code,omitempty" minimum:"1000" maximum:"9999" doc:"Only faults of this code; with metrics that count faults."`
	Reason string `json:"reason,omitempty" maxLength:"64" doc:"Only faults of this reason."`
	RoomID string `json:"roomId,omitempty" maxLength:"128" doc:"roomId or customRoomId: only faults of this room."`
}

// AlertCondition is when an alert rule triggers.
type AlertCondition struct {
	Operator  string  `json:"operator" enum:">,<,=,!="`
	Threshold float64 `json:"threshold"`
}

// AlertEvaluation is over which time an alert rule is judged.
type AlertEvaluation struct {
	WindowSeconds       int `json:"windowSeconds,omitempty" minimum:"15" maximum:"3600" doc:"The value is that of so many seconds; default 300."`
	ForSeconds          int `json:"forSeconds,omitempty" minimum:"0" maximum:"3600" doc:"The condition holds for so long before an incident opens; default 0."`
	ResolveAfterSeconds int `json:"resolveAfterSeconds,omitempty" minimum:"0" maximum:"3600" doc:"It does not hold for so long before the incident is resolved; default 0."`
}

// AlertAbsentData opens an incident where a metric has no values.
type AlertAbsentData struct {
	Enabled    bool `json:"enabled"`
	ForSeconds int  `json:"forSeconds,omitempty" minimum:"15" maximum:"3600" doc:"Default: the window."`
}

// WatchedRule is an alert rule that is evaluated, with its incident that is not resolved.
type WatchedRule struct {
	AlertRule
	IncidentID string // "" for none
}

// AlertRuleFilter selects alert rules of an account; zero fields select everything.
type AlertRuleFilter struct {
	Status   string // active or paused
	Category string
}

// NotificationChannel is where incidents are announced.
type NotificationChannel struct {
	ID        string
	AccountID string
	Name      string
	Type      ChannelType
	URL       string // that is posted to
	CreatedAt time.Time
	UpdatedAt time.Time
}

// ChannelType is the form of what a notification channel is sent.
type ChannelType string

// The types that are offered.
const (
	ChannelWebhook ChannelType = "webhook"
	ChannelSlack   ChannelType = "slack" // an incoming webhook of Slack
)

// IncidentStatus is whether an incident goes on.
type IncidentStatus string

// The states.
const (
	IncidentOpen         IncidentStatus = "open"
	IncidentAcknowledged IncidentStatus = "acknowledged" // and goes on
	IncidentResolved     IncidentStatus = "resolved"
)

// AlertIncident is a time in which the condition of an alert rule held.
type AlertIncident struct {
	ID             string
	AccountID      string
	RuleID         string
	RuleName       string
	Metric         string
	Category       string
	Severity       string
	Summary        string
	Description    string
	Status         IncidentStatus
	FiredAt        time.Time
	AcknowledgedAt time.Time
	ResolvedAt     time.Time
	UpdatedAt      time.Time
	Cause          IncidentCause
	Events         []IncidentEvent
}

// IncidentCause is what opened an incident.
type IncidentCause struct {
	Value     *float64          `json:"value"` // nil: the metric had none
	Operator  string            `json:"operator"`
	Threshold float64           `json:"threshold"`
	Unit      string            `json:"unit"`
	Labels    map[string]string `json:"labels,omitempty"`
	FaultID   string            `json:"faultId,omitempty"` // the newest that was counted
}

// IncidentEvent is something that happened to an incident.
type IncidentEvent struct {
	Type   string    `json:"type"` // opened, acknowledged or resolved
	At     time.Time `json:"at"`
	By     string    `json:"by"` // evaluation, user or rule
	Detail string    `json:"detail"`
}

// IncidentFilter selects incidents of an account; zero fields select everything.
type IncidentFilter struct {
	Status   string
	Severity string
	Category string
	Text     string // in the name of the rule, summary, description, metric or id
}

// FaultSteps counts the faults of an account in steps of time.
type FaultSteps struct {
	AccountID string
	MeetingID string // "" for all
	Reason    string // "" for all
	Codes     []int  // none: all
	From, To  time.Time
	Step      time.Duration
}

// IncidentBody is an incident as REST shows it and webhooks are sent it.
type IncidentBody struct {
	IncidentID     string              `json:"incidentId"`
	AlertRuleID    string              `json:"alertRuleId"`
	AlertName      string              `json:"alertName" doc:"Name of the rule when it triggered."`
	Metric         string              `json:"metric"`
	MetricCategory string              `json:"metricCategory"`
	Domain         string              `json:"domain" enum:"rtc"`
	Status         IncidentStatus      `json:"status" enum:"open,acknowledged,resolved"`
	Severity       string              `json:"severity" enum:"info,warning,critical"`
	Summary        string              `json:"summary"`
	Description    string              `json:"description"`
	Value          *float64            `json:"value" doc:"Of the metric when the rule triggered; null: it had none."`
	Operator       string              `json:"operator"`
	Threshold      float64             `json:"threshold"`
	Unit           string              `json:"unit"`
	Labels         map[string]string   `json:"labels"`
	FaultID        string              `json:"faultId" doc:"The newest fault that was counted, for GET /v2/faults/{faultId}; \"\" for none."`
	FiredAt        fault.Instant       `json:"firedAt"`
	AcknowledgedAt *fault.Instant      `json:"acknowledgedAt"`
	ResolvedAt     *fault.Instant      `json:"resolvedAt"`
	Events         []IncidentEventBody `json:"events" doc:"What happened to it, oldest first."`
	CreatedAt      fault.Instant       `json:"createdAt"`
	UpdatedAt      fault.Instant       `json:"updatedAt"`
}

// IncidentEventBody is an event of an incident as it is shown.
type IncidentEventBody struct {
	Type   string        `json:"type" enum:"opened,acknowledged,resolved"`
	At     fault.Instant `json:"at"`
	By     string        `json:"by" enum:"evaluation,user,rule" doc:"The evaluation of the rule, a request, or the end of the rule."`
	Detail string        `json:"detail"`
}

// Body returns an incident as it is shown.
func (i AlertIncident) Body() IncidentBody {
	b := IncidentBody{
		IncidentID: i.ID, AlertRuleID: i.RuleID, AlertName: i.RuleName, Metric: i.Metric, MetricCategory: i.Category,
		Domain: "rtc", Status: i.Status, Severity: i.Severity, Summary: i.Summary, Description: i.Description,
		Value: i.Cause.Value, Operator: i.Cause.Operator, Threshold: i.Cause.Threshold, Unit: i.Cause.Unit,
		Labels: i.Cause.Labels, FaultID: i.Cause.FaultID, FiredAt: fault.InstantOf(i.FiredAt),
		AcknowledgedAt: fault.InstantOrNull(i.AcknowledgedAt), ResolvedAt: fault.InstantOrNull(i.ResolvedAt),
		Events: []IncidentEventBody{}, CreatedAt: fault.InstantOf(i.FiredAt), UpdatedAt: fault.InstantOf(i.UpdatedAt),
	}
	if b.Labels == nil {
		b.Labels = map[string]string{}
	}
	if i.UpdatedAt.IsZero() {
		b.UpdatedAt = b.FiredAt
	}
	for _, e := range i.Events {
		b.Events = append(b.Events, IncidentEventBody{Type: e.Type, At: fault.InstantOf(e.At), By: e.By, Detail: e.Detail})
	}
	return b
}

// AlertBody is what a notification channel of the type webhook is sent.
type AlertBody struct {
	WebhookType string        `json:"webhookType"` // incident-opened, incident-resolved or alert-test
	ID          string        `json:"id"`          // the same in every attempt
	Sequence    int64         `json:"sequence"`    // of the incident
	At          fault.Instant `json:"at"`
	Data        IncidentBody  `json:"data"`
}

// Announced returns what a channel is sent of an incident.
func (i AlertIncident) Announced(to ChannelType, event, id string, at time.Time, sequence int64) any {
	if to == ChannelSlack {
		return slackMessage{slackText(event, i)}
	}
	return AlertBody{WebhookType: event, ID: id, Sequence: sequence, At: fault.InstantOf(at), Data: i.Body()}
}

// slackMessage is what an incoming webhook of Slack takes (docs.slack.dev, "Sending messages using incoming webhooks").
type slackMessage struct {
	Text string `json:"text"`
}

func slackText(event string, i AlertIncident) string {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;") // the three that Slack gives a meaning
	text := fmt.Sprintf("[%s] %s: %s", strings.TrimPrefix(strings.TrimPrefix(event, "incident-"), "alert-"), i.Severity,
		i.Summary)
	if i.Cause.FaultID != "" {
		text += "\nfault " + i.Cause.FaultID
	}
	return escape.Replace(text + "\nincident " + i.ID)
}
