// Package alert judges the alert rules of accounts: what can be watched, what a rule may say, when an incident opens
// and when it is resolved.
//
// It owns the metrics and their values over time. Faults are counted by the store, what is measured of meetings is kept
// here for an hour. internal/server starts it and passes what happens on to it; internal/rest shows it.
package alert

import (
	"slices"

	"github.com/klatch/klatch/fault"
)

// Kind is how the values of a metric come about.
type Kind string

// The kinds.
const (
	Counted  Kind = "counted"  // faults in a time; none is 0
	Present  Kind = "present"  // how many there are now
	Measured Kind = "measured" // of media; without meetings there is no value
)

// Metric is something that an alert rule can watch.
type Metric struct {
	Name        string
	Category    string
	Title       string
	Description string
	Unit        string
	Kind        Kind
	Codes       []int // of the faults that are counted; none: all
}

// The names of what is measured and present.
const (
	AudioScore   = "audio_quality_score"
	VideoScore   = "video_quality_score"
	PacketLoss   = "packet_loss"
	Jitter       = "jitter"
	RoundTrip    = "round_trip_time"
	Participants = "concurrent_participants"
	Sessions     = "concurrent_sessions"
	Conditions   = "conditions"
)

// joinRefused are the codes with which a join is refused for its token, its room or a limit.
var joinRefused = []int{
	fault.CodeInvalidAPIKey, fault.CodeInvalidToken, fault.CodeInvalidMeetingID, fault.CodeInvalidParticipantID,
	fault.CodeAccountDeactivated, fault.CodeAccountDiscontinued, fault.CodeInvalidPermissions,
	fault.CodeMaxParticipantReached, fault.CodeMaxSpeakerReached, fault.CodeUnauthorizedMeetingID,
	fault.CodeUnauthorizedPartcipantID, fault.CodeUnauthorizedRole, fault.CodeMaxSpeakerLimitReachedOnOrganization,
	fault.CodeMaxViewerLimitReachedOnOrganization, fault.CodeMeetingIDDisabled, fault.CodeApikeyDeactivated,
	fault.CodeLobbyDenied, fault.CodeLobbyTimeout,
}

// Metrics lists all metrics.
var Metrics = []Metric{
	{"faults", "faults", "Faults", "Faults of the account; code, reason and roomId select some of them.",
		"faults", Counted, nil},
	{Conditions, "faults", "Conditions", "Faults that last now; code, reason and roomId select some of them.",
		"faults", Present, nil},
	{"join_failures", "faults", "Refused joins", "Joins that were refused for their token, their room, the lobby or a " +
		"limit, and REST requests for the same causes.", "faults", Counted, joinRefused},
	{"recording_failures", "egress", "Failed recordings", "Recordings that did not start or were ended by a failure.",
		"faults", Counted, []int{
			fault.CodeStartRecordingFailed, fault.CodeStartParticipantRecordingFailed, fault.CodeStartTrackRecordingFailed,
			fault.CodeStartCompositeRecordingFailed, fault.CodeRecordingFailed,
		}},
	{"livestream_failures", "egress", "Failed livestreams", "Livestreams that did not start or failed, and outputs " +
		"that are lost.", "faults", Counted, []int{fault.CodeStartLivestreamFailed, fault.CodeLivestreamFailed}},
	{"hls_failures", "egress", "Failed HLS", "HLS streams that did not start or were ended by a failure.",
		"faults", Counted, []int{fault.CodeStartHLSFailed, fault.CodeHLSFailed}},
	{"rtmp_ingest_failures", "ingest", "Failed RTMP ingest", "Encoders that were refused or whose streams failed.",
		"faults", Counted, []int{fault.CodeRTMPIngestRefused, fault.CodeRTMPIngestFailed}},
	{"webhook_failures", "webhooks", "Webhook failures", "Outages of endpoints, events that were set aside, and " +
		"subscriptions that ended.", "faults", Counted, []int{fault.CodeWebhookDeliveryFailed}},
	{AudioScore, "quality", "Quality of audio", "Score of each sample of a participant, from 0 to 10.",
		"score", Measured, nil},
	{VideoScore, "quality", "Quality of video", "Score of each sample of a participant, from 0 to 10.",
		"score", Measured, nil},
	{PacketLoss, "quality", "Packet loss", "Packets lost of those sent, in each sample of a stream.",
		"percent", Measured, nil},
	{Jitter, "quality", "Jitter", "Jitter of arriving packets, in each sample of a stream.", "ms", Measured, nil},
	{RoundTrip, "quality", "Round-trip time", "Between a participant and the server.", "ms", Measured, nil},
	{Participants, "usage", "Participants", "Participants in running sessions.", "participants", Present, nil},
	{Sessions, "usage", "Sessions", "Running sessions.", "sessions", Present, nil},
}

// Find returns the metric of a name.
func Find(name string) (Metric, bool) {
	i := slices.IndexFunc(Metrics, func(m Metric) bool { return m.Name == name })
	if i < 0 {
		return Metric{}, false
	}
	return Metrics[i], true
}

// Names returns the names of all metrics.
func Names() []string {
	names := make([]string, len(Metrics))
	for i, m := range Metrics {
		names[i] = m.Name
	}
	return names
}

// SelectsFaults reports whether code, reason and roomId narrow the metric.
func (m Metric) SelectsFaults() bool { return m.Kind == Counted || m.Name == Conditions }

// TimeAggregations are how values become one of a step, the default first.
func (m Metric) TimeAggregations() []string {
	switch m.Kind {
	case Counted:
		return []string{"sum"}
	case Present:
		return []string{"latest", "avg", "min", "max"}
	}
	return []string{"avg", "min", "max"}
}

// Reductions are how the steps of a window become one value, the default first.
func (m Metric) Reductions() []string {
	switch m.Kind {
	case Counted:
		return []string{"sum", "avg", "min", "max", "last"}
	case Present:
		return []string{"last", "avg", "min", "max"}
	}
	return []string{"avg", "min", "max", "last"}
}
