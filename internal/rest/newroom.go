package rest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// WebhookConfig is where the events of a room go.
type WebhookConfig struct {
	EndPoint string   `json:"endPoint" doc:"http or https URL." maxLength:"512"`
	Events   []string `json:"events" doc:"Names of events, or patterns such as recording-* and *. The events are session-started, session-ended, participant-joined, participant-left; recording, livestream, hls, participant-recording, participant-track-recording and composite-recording, each with -starting, -started, -stopping, -stopped and -failed; hls-playable; merge-recording-completed, merge-recording-failed, transcoding-completed and transcoding-failed; composite-merge and meeting-recording-merge, each with -started, -completed, -failed and -cancelled; and error, for a fault in a session, and error-cleared, for the end of one that lasted." minItems:"1" maxItems:"64"`
}

// webhookEvents lists the names a webhook can ask for.
var webhookEvents = func() []string {
	var names []string
	for _, kind := range []string{
		"recording", "livestream", "hls", "participant-recording", "participant-track-recording", "composite-recording",
	} {
		for _, state := range []string{"starting", "started", "stopping", "stopped", "failed"} {
			names = append(names, kind+"-"+state)
		}
	}
	for _, kind := range []job.Kind{job.CompositeMerge, job.RecordingMerge} {
		for _, state := range []string{"started", "completed", "failed", "cancelled"} {
			names = append(names, string(kind)+"-"+state)
		}
	}
	return append(
		names,
		"session-started",
		"session-ended",
		"participant-joined",
		"participant-left",
		"hls-playable",
		"error",
		"error-cleared",
		"merge-recording-completed",
		"merge-recording-failed",
		"transcoding-completed",
		"transcoding-failed",
	)
}()

// WebhookEvents returns the names a webhook can ask for.
func WebhookEvents() []string { return slices.Clone(webhookEvents) }

// notOfferedEvents begin the published names of events that this server has no cause for, by what they are of.
var notOfferedEvents = map[string]string{
	"agent-session": "AI agents", "transcription": "transcription", "translation": "translation",
	"whiteboard": "the whiteboard", "call-": "SIP calls", "batchcall-": "batch calls", "switch-room-": "SIP calls",
}

// check returns the fault for what the schema cannot express.
func (w *WebhookConfig) check(method string) error {
	if problem := record.EndPointProblem(w.EndPoint); problem != "" {
		return fault.InvalidMessageBadParams(method, "webhook.endPoint", "it "+problem)
	}
	for i, event := range w.Events {
		begin, pattern := strings.CutSuffix(event, "*")
		if !slices.ContainsFunc(webhookEvents, func(name string) bool {
			return name == event || pattern && strings.HasPrefix(name, begin)
		}) {
			for published, feature := range notOfferedEvents {
				if strings.HasPrefix(event, published) {
					return fault.RequestNotOfferedNotOffered(method, fmt.Sprintf("webhook.events[%d]", i), feature)
				}
			}
			return fault.InvalidMessageBadParams(
				method,
				fmt.Sprintf("webhook.events[%d]", i),
				"it is no name of an event, such as recording-started, and no pattern that matches one, such as recording-*",
			)
		}
	}
	return nil
}

func (w *WebhookConfig) record() record.Webhook {
	return record.Webhook{EndPoint: w.EndPoint, Events: w.Events}
}

// check returns the fault for what the schema cannot express.
func (u UpdateRoom) check(method string) error {
	if u.Status == "" && u.Webhook == nil {
		return fault.InvalidMessageBadParams(method, "status", "it is required, unless webhook is given")
	}
	if u.Webhook != nil {
		return u.Webhook.check(method)
	}
	return nil
}

// check returns the fault for what the schema cannot express.
func (n NewRoom) check() error {
	const method = "POST /v2/rooms"
	for i, r := range []rune(n.CustomRoomID) {
		if isInvisible(r) {
			return fault.InvalidMessageBadParams(
				method,
				"customRoomId",
				fmt.Sprintf("it has %U at character %d, a control or invisible character", r, i),
			)
		}
	}
	if len(n.CustomRoomID) > wire.MaxIDBytes { // maxLength counts characters, and nobody could join by a longer id
		return fault.InvalidMessageBadParams(
			method,
			"customRoomId",
			fmt.Sprintf("it has %d bytes; the limit is %d", len(n.CustomRoomID), wire.MaxIDBytes),
		)
	}
	if strings.TrimSpace(n.CustomRoomID) != n.CustomRoomID {
		return fault.InvalidMessageBadParams(method, "customRoomId", "it begins or ends with white space")
	}
	for i, id := range n.AllowedParticipantIDs {
		if f := gate.CheckParticipantID(id); f != nil {
			return fault.InvalidMessageBadParams(
				method,
				fmt.Sprintf("allowedParticipantIds[%d]", i),
				"nobody can have this id: "+strings.TrimSuffix(f.Detail, "."),
			)
		}
	}
	if n.GeoFence != "" && n.Region != "" && n.GeoFence != n.Region {
		const problem = "it is another name of geoFence, and both have different values"
		return fault.InvalidMessageBadParams(method, "region", problem)
	}
	if n.Webhook != nil {
		return n.Webhook.check(method)
	}
	return nil
}

func isInvisible(r rune) bool {
	// joins emoji
	return unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Cf, r) && r != '\u200d'
}

func (n NewRoom) config() record.MeetingConfig {
	config := record.MeetingConfig{
		Name:     n.Name,
		GeoFence: cmp.Or(n.GeoFence, n.Region), AllowedParticipantIDs: n.AllowedParticipantIDs,
		AutoStart: encoded(n.AutoStartConfig),
	}
	if n.Webhook != nil {
		webhook := n.Webhook.record()
		config.Webhook = &webhook
	}
	if n.MultiComposition != nil {
		config.MultiComposition = record.MultiComposition(*n.MultiComposition)
	}
	if n.AutoCloseConfig != nil {
		config.AutoClose = &record.AutoCloseConfig{Type: n.AutoCloseConfig.Type, Duration: n.AutoCloseConfig.Duration}
	}
	return config
}
