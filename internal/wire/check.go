package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
)

// Params are the parameters of a method. The server calls Check once, where a request is decoded, so that nothing
// behind that judges the shape of a message again.
//
// Check returns the fault of the first field whose value is impossible by itself: its shape, range or size. It knows no
// state: whether the sender may do this, and whether what it names exists, is judged where that is known. Fields that
// must be present have the tag `required:"true"`, which the decoder enforces: a Go value cannot show that a field was
// absent.
type Params interface {
	Check() *fault.Error
}

// NoParams are the parameters of a method without any.
type NoParams struct{}

// Check implements Params.
func (NoParams) Check() *fault.Error { return nil }

// Check implements Params. The token, the meeting id and the participant id are judged with the token (internal/gate):
// each has a code of its own, and nothing is said about a meeting before the signature holds.
func (p JoinParams) Check() *fault.Error {
	f := field{method: MethodJoin}
	f.protocol(p.Protocol)
	f.atMost("name", p.Name, MaxNameBytes)
	f.problem("name", ident.NameProblem(p.Name))
	f.object("metaData", p.MetaData, MaxMetaDataBytes)
	f.atMost("client.sdkType", p.Client.SDKType, MaxClientBytes)
	f.atMost("client.sdkVersion", p.Client.SDKVersion, MaxClientBytes)
	f.atMost("client.platform", p.Client.Platform, MaxClientBytes)
	f.atMost("client.browserUserAgent", p.Client.BrowserUserAgent, MaxClientBytes)
	if p.Traceparent != "" && !traceparent.MatchString(p.Traceparent) {
		f.problem(
			"traceparent",
			"it is not 00-, 32 and 16 lower-case hexadecimal digits, and 2 more, as W3C Trace Context has it",
		)
	}
	if p.PreCallTest != "" {
		f.preCallTest(p)
	}
	if f.fault != nil {
		return f.fault
	}
	return checkMode(p.Mode)
}

// IsTraceparent reports whether s is a traceparent of version 00.
func IsTraceparent(s string) bool { return traceparent.MatchString(s) }

var traceparent = regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`)

// preCallTest checks the join of a pre-call test.
func (f *field) preCallTest(p JoinParams) {
	f.problem("preCallTest", PreCallTestProblem(p.PreCallTest))
	if p.MeetingID != "" {
		f.problem("meetingId", "is set together with preCallTest, which needs no meeting")
	}
	if p.ParticipantID != nil {
		f.problem("participantId", "is set together with preCallTest, whose participants get their ids from the server")
	}
}

// PreCallTestProblem describes what is wrong with the id of a pre-call test; "" for a good one.
func PreCallTestProblem(id string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	if len(id) < 16 || len(id) > 64 || strings.Trim(id, letters) != "" {
		return "must have 16 to 64 characters of A-Z, a-z, 0-9, - and _"
	}
	return ""
}

// Check implements Params.
func (p ResumeParams) Check() *fault.Error {
	f := field{method: MethodResume}
	f.protocol(p.Protocol)
	f.atMost("sessionId", p.SessionID, MaxIDBytes)
	f.participant(p.ParticipantID)
	f.atMost("secret", p.Secret, MaxSecretBytes)
	f.atLeast("lastSeq", p.LastSeq, 0)
	return f.fault
}

// Check implements Params. What only a parser of SDP finds is judged by the media part.
func (p PublishParams) Check() *fault.Error {
	if f := checkSDP(p.SDP); f != nil {
		return f
	}
	f := field{method: MethodPublish}
	kinds, mids := map[Kind]bool{}, map[string]bool{}
	for i, s := range p.Streams {
		kind, mid := fmt.Sprintf("streams[%d].kind", i), fmt.Sprintf("streams[%d].mid", i)
		f.kind(kind, s.Kind, Kinds)
		if kinds[s.Kind] {
			f.problem(kind, fmt.Sprintf("is %s a second time; a participant has one stream of each kind", s.Kind))
		}
		if s.MID == "" || len(s.MID) > MaxMIDBytes {
			f.problem(mid, fmt.Sprintf("has %d bytes; it takes 1 to %d", len(s.MID), MaxMIDBytes))
		}
		f.displaySurface(fmt.Sprintf("streams[%d].displaySurface", i), s.DisplaySurface, s.Kind, true)
		if mids[s.MID] {
			f.problem(mid, fmt.Sprintf("is %s a second time; a media section carries one stream", s.MID))
		}
		if f.fault != nil {
			return f.fault
		}
		kinds[s.Kind], mids[s.MID] = true, true
	}
	return nil
}

// Check implements Params.
func (p SetStreamParams) Check() *fault.Error {
	f := field{method: MethodSetStream}
	f.kind("kind", p.Kind, Kinds)
	f.displaySurface("displaySurface", p.DisplaySurface, p.Kind, p.Enabled)
	return f.fault
}

// Check implements Params.
func (p ConsumeParams) Check() *fault.Error {
	f := field{method: MethodConsume}
	f.participant(p.ParticipantID)
	f.kind("kind", p.Kind, Kinds)
	return f.fault
}

// Check implements Params.
func (p PreferParams) Check() *fault.Error {
	f := field{method: MethodPrefer}
	if n := len(p.Streams); n == 0 || n > MaxPreferences {
		f.problem("streams", fmt.Sprintf("has %d entries; it takes 1 to %d", n, MaxPreferences))
		return f.fault
	}
	if p.Change != "" {
		f.problem("change", oneOf(p.Change, []PreferenceChange{ChangeQuality, ChangePause, ChangeResume}))
	}
	named := map[StreamRef]bool{}
	for i, s := range p.Streams {
		f.preference(fmt.Sprintf("streams[%d]", i), s)
		if named[s.Ref()] {
			f.problem(fmt.Sprintf("streams[%d]", i), fmt.Sprintf("names the %s stream of %s a second time",
				s.Kind, clip(s.ParticipantID)))
		}
		if f.fault != nil {
			return f.fault
		}
		named[s.Ref()] = true
	}
	return nil
}

// preference checks one entry of prefer.
func (f *field) preference(entry string, s StreamPreference) {
	if s.ParticipantID == "" {
		f.problem(entry+".participantId", "is missing")
	}
	f.atMost(entry+".participantId", s.ParticipantID, MaxIDBytes)
	f.kind(entry+".kind", s.Kind, Kinds)
	sound := s.Kind == Audio || s.Kind == ShareAudio
	if s.Quality != "" {
		f.problem(entry+".quality", oneOf(s.Quality, Qualities))
		if sound {
			f.problem(entry+".quality", fmt.Sprintf("is set for a stream of the kind %s, which is sound", s.Kind))
		}
	}
	for _, size := range []struct {
		name          string
		pixels, other int
	}{{"width", s.Width, s.Height}, {"height", s.Height, s.Width}} {
		switch name := entry + "." + size.name; {
		case size.pixels < 0 || size.pixels > MaxPixels:
			f.problem(name, fmt.Sprintf("is %d; it takes 1 to %d pixels", size.pixels, MaxPixels))
		case size.pixels == 0 && size.other != 0:
			f.problem(name, "is missing or 0; width and height go together")
		case size.pixels != 0 && sound:
			f.problem(name, fmt.Sprintf("is set for a stream of the kind %s, which is sound", s.Kind))
		}
	}
}

// Check implements Params. What only a parser of SDP finds is judged by the media part.
func (p AnswerParams) Check() *fault.Error {
	f := field{method: MethodAnswer}
	f.atLeast("offerId", p.OfferID, 1)
	if f.fault != nil {
		return f.fault
	}
	return checkSDP(p.SDP)
}

// Check implements Params.
func (p SetModeParams) Check() *fault.Error {
	if p.Mode == "" {
		return unknownMode("")
	}
	return checkMode(p.Mode)
}

// Check implements Params.
func (p RespondEntryParams) Check() *fault.Error {
	f := field{method: MethodRespondEntry}
	f.participant(p.ParticipantID)
	f.problem("decision", oneOf(p.Decision, []Decision{Allowed, Denied}))
	return f.fault
}

// Check implements Params.
func (p RequestStreamParams) Check() *fault.Error {
	f := field{method: MethodRequestStream}
	f.participant(p.ParticipantID)
	f.kind("kind", p.Kind, []Kind{Audio, Video})
	return f.fault
}

// Check implements Params.
func (p ParticipantParams) Check() *fault.Error {
	f := field{method: MethodRemoveParticipant}
	f.participant(p.ParticipantID)
	return f.fault
}

// Check implements Params.
func (p LeaveParams) Check() *fault.Error {
	f := field{method: MethodLeave}
	if p.Reason != "" {
		f.problem("reason", oneOf(p.Reason, []string{LeavesForAnother}))
	}
	return f.fault
}

// Check implements Params.
func (p PinParams) Check() *fault.Error {
	f := field{method: MethodPin}
	f.participant(p.ParticipantID)
	return f.fault
}

// Check implements Params.
func (p PublishMessageParams) Check() *fault.Error {
	if problem := topicProblem(p.Topic); problem != "" {
		return fault.PubsubPublishFailedBadTopic(problem)
	}
	if n := len(p.Message) + len(p.Payload); n > MaxMessageBytes {
		return fault.PubsubPublishFailedTooLarge(n, MaxMessageBytes)
	}
	f := field{method: MethodPublishMessage}
	if n := len(p.SendOnly); n > MaxSendOnly {
		f.problem("sendOnly", fmt.Sprintf("has %d ids; the limit is %d", n, MaxSendOnly))
		return f.fault
	}
	for i, id := range p.SendOnly {
		f.atMost(fmt.Sprintf("sendOnly[%d]", i), id, MaxIDBytes)
	}
	f.object("payload", p.Payload, MaxMessageBytes)
	if p.Object && !IsObject(p.Message) {
		f.problem("message", "is not the JSON text of an object, which object says it is")
	}
	return f.fault
}

// Check implements Params.
func (p SubscribeTopicParams) Check() *fault.Error {
	if problem := topicProblem(p.Topic); problem != "" {
		return fault.PubsubSubscribeFailedBadTopic(problem)
	}
	f := field{method: MethodSubscribeTopic}
	if p.OldMessageLimit != nil {
		f.atLeast("oldMessageLimit", int64(*p.OldMessageLimit), 0)
	}
	return f.fault
}

// Check implements Params.
func (p TopicParams) Check() *fault.Error {
	if problem := topicProblem(p.Topic); problem != "" {
		return fault.PubsubUnsubscribeFailedBadTopic(problem)
	}
	return nil
}

// Check implements Params.
func (p SetValueParams) Check() *fault.Error {
	if problem := keyProblem(p.Key); problem != "" {
		return fault.FailedToSetValueBadKey(problem)
	}
	if p.Value != nil && len(*p.Value) > MaxValueBytes {
		return fault.PayloadTooLargeValue(len(*p.Value), MaxValueBytes)
	}
	return nil
}

// Check implements Params.
func (p KeyParams) Check() *fault.Error {
	if problem := keyProblem(p.Key); problem != "" {
		return fault.FailedToGetValueBadKey(problem)
	}
	return nil
}

// Check implements Params.
func (p ObserveValueParams) Check() *fault.Error {
	if problem := keyProblem(p.Key); problem != "" {
		return fault.FailedToObserveValueBadKey(problem)
	}
	return nil
}

// Check implements Params.
func (p StopObservingParams) Check() *fault.Error {
	if problem := keyProblem(p.Key); problem != "" {
		return fault.FailedToStopObservingValueBadKey(problem)
	}
	return nil
}

// Check implements Params: the fault must be one that a device can find, as the catalogue has it.
func (p ReportParams) Check() *fault.Error {
	f := field{method: MethodReport}
	rebuilt, err := fault.Rebuild(p.Fault)
	if err != nil {
		f.problem("fault", err.Error())
		return f.fault
	}
	if entry, _ := rebuilt.Entry(); entry.Origin == "server" {
		f.problem("fault.reason", entry.Key()+" is found by the server, not by a device")
	}
	f.reportAge(p.AgoMs)
	return f.fault
}

// Check implements Params.
func (p ReportClearedParams) Check() *fault.Error {
	f := field{method: MethodReportCleared}
	if !fault.IsID(p.ID) {
		f.problem("id", "must be flt_ and a ULID")
	}
	f.reportAge(p.AgoMs)
	return f.fault
}

func (f *field) reportAge(agoMs int64) {
	if longest := MaxReportAge.Milliseconds(); agoMs < 0 || agoMs > longest {
		f.problem("agoMs", fmt.Sprintf("is %d; it may be 0 to %d", agoMs, longest))
	}
}

// Check implements Params. The fields are judged as those of a REST call are, by internal/egress.
func (StartRecordingParams) Check() *fault.Error { return nil }

// Check implements Params. The fields are judged as those of a REST call are, by internal/egress.
func (StartLivestreamParams) Check() *fault.Error { return nil }

// Check implements Params. The fields are judged as those of a REST call are, by internal/egress.
func (StartHLSParams) Check() *fault.Error { return nil }

func checkSDP(sdp string) *fault.Error {
	switch {
	case sdp == "":
		return fault.InvalidMessageBadSDP("it is empty")
	case len(sdp) > MaxSDPBytes:
		return fault.InvalidMessageBadSDP(fmt.Sprintf("it has %d bytes; the limit is %d", len(sdp), MaxSDPBytes))
	}
	return nil
}

func checkMode(mode string) *fault.Error {
	if _, known := ParseMode(mode); !known {
		return unknownMode(mode)
	}
	return nil
}

func unknownMode(mode string) *fault.Error {
	names := make([]string, len(Modes))
	for i, m := range Modes {
		names[i] = string(m)
	}
	return fault.InvalidModeUnknownMode(clip(mode), names)
}

// topicProblem returns what is wrong with a topic; "" when nothing is.
func topicProblem(topic string) string { return wordProblem(topic, MaxTopicBytes) }

// keyProblem returns what is wrong with a key of the realtime store; "" when nothing is.
func keyProblem(key string) string { return wordProblem(key, MaxKeyBytes) }

func wordProblem(word string, limit int) string {
	switch {
	case word == "":
		return "it is empty"
	case len(word) > limit:
		return fmt.Sprintf("it has %d bytes; the limit is %d", len(word), limit)
	case !utf8.ValidString(word):
		return "it is not UTF-8"
	}
	return ident.NameProblem(word)
}

// oneOf returns what is wrong with a value that is none of those allowed; "" when it is one.
func oneOf[T ~string](got T, allowed []T) string {
	if slices.Contains(allowed, got) {
		return ""
	}
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	return fmt.Sprintf("is %q; it takes one of %s", clip(string(got)), strings.Join(names, ", "))
}

// clip shortens a value of any length for a fault.
func clip(s string) string { return fmt.Sprintf("%.40s", s) }

// field checks the fields of one message and keeps the fault of the first that is wrong.
type field struct {
	method string
	fault  *fault.Error
}

// problem is the fault of a field with a problem; "" is none.
func (f *field) problem(name, problem string) {
	if problem != "" && f.fault == nil {
		f.fault = fault.InvalidMessageBadParams(f.method, name, problem)
	}
}

func (f *field) protocol(version int) {
	switch version {
	case Version:
	case 0:
		f.problem("protocol", fmt.Sprintf("is missing or 0; this server speaks version %d", Version))
	default:
		f.problem("protocol", fmt.Sprintf("is %d; this server speaks version %d", version, Version))
	}
}

func (f *field) atMost(name, value string, limit int) {
	if len(value) > limit {
		f.problem(name, fmt.Sprintf("has %d bytes; the limit is %d", len(value), limit))
	}
}

func (f *field) atLeast(name string, value, least int64) {
	if value < least {
		f.problem(name, fmt.Sprintf("is %d; it takes %d or more", value, least))
	}
}

func (f *field) kind(name string, kind Kind, allowed []Kind) { f.problem(name, oneOf(kind, allowed)) }

// displaySurface checks what a share is said to show.
func (f *field) displaySurface(name string, surface DisplaySurface, kind Kind, on bool) {
	switch {
	case surface == "":
	case kind != Share:
		f.problem(name, fmt.Sprintf("is for a share, not for %s", kind))
	case !on:
		f.problem(name, "is for a share that is switched on")
	default:
		f.problem(name, oneOf(surface, displaySurfaces))
	}
}

// participant checks an id that names somebody. Which characters ids hold is judged when their owner joins.
func (f *field) participant(id string) { f.atMost("participantId", id, MaxIDBytes) }

// object checks a value that is absent or a JSON object.
func (f *field) object(name string, raw json.RawMessage, limit int) {
	f.atMost(name, string(raw), limit)
	switch raw = bytes.TrimSpace(raw); {
	case len(raw) == 0:
	case raw[0] != '{':
		f.problem(name, "is "+TypeOf(raw)+", not a JSON object")
	case !json.Valid(raw):
		f.problem(name, "is broken JSON, not a JSON object")
	}
}
