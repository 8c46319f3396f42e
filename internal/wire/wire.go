// Package wire holds the messages of the signaling protocol as Go types: how the bytes look, not who may
// send them. The server (signal, meeting) and the Go SDK share it; docs/protocol.md describes the same
// messages for readers without this source. It imports nothing but fault and ident.
//
// Times are RFC 3339 in UTC or end in Ms; ids are opaque UTF-8.
package wire

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
)

// Version is the protocol version a client names in join.
const Version = 1

// Kind is what a stream carries. A participant has at most one stream of each kind.
type Kind string

const (
	Audio      Kind = "audio"
	Video      Kind = "video"
	Share      Kind = "share"
	ShareAudio Kind = "shareAudio"
)

// Kinds lists all kinds in the order used on pages and in tests.
var Kinds = []Kind{Audio, Video, Share, ShareAudio}

// Mode is what a participant may do with media.
type Mode string

const (
	SendAndRecv    Mode = "SEND_AND_RECV"   // publishes and consumes; the old name CONFERENCE is accepted
	RecvOnly       Mode = "RECV_ONLY"       // consumes
	SignallingOnly Mode = "SIGNALLING_ONLY" // neither (double L as published); the old name VIEWER is accepted
)

// Modes lists the present names of all modes.
var Modes = []Mode{SendAndRecv, RecvOnly, SignallingOnly}

// ParseMode accepts present and old names; "" is SEND_AND_RECV.
func ParseMode(s string) (Mode, bool) {
	switch s {
	case "", string(SendAndRecv), "CONFERENCE":
		return SendAndRecv, true
	case string(RecvOnly):
		return RecvOnly, true
	case string(SignallingOnly), "VIEWER":
		return SignallingOnly, true
	}
	return "", false
}

// Request is a JSON-RPC 2.0 request of the client. ID is a positive integer, unique in a session and
// ascending: after a resume the client sends unanswered requests again under their old ids, and the server
// answers those it has already carried out from memory.
type Request struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      int64           `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params,omitempty"`

	// Traceparent is the parent of the server's span of the request: W3C Trace Context, section 3.2.
	Traceparent string `json:"traceparent,omitempty"`
}

// Response answers a request: Result or Error.
type Response struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      *int64          `json:"id"` // null where the request's id could not be read
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *Error          `json:"error,omitempty"`
}

// Error is a refused request: Code and Message are the fault's, Data is the fault.
type Error struct {
	Code    int          `json:"code"`
	Message string       `json:"message"`
	Data    *fault.Error `json:"data"`
}

// Notification carries one event to the client. Method is always "event".
type Notification struct {
	JSONRPC string      `json:"jsonrpc"`
	Method  string      `json:"method"`
	Params  EventParams `json:"params"`
}

// EventParams: Seq counts the events of one participant's session from 1, without gaps.
type EventParams struct {
	Seq  int64           `json:"seq"`
	Name string          `json:"name"`
	Data json.RawMessage `json:"data"`
}

// Methods.
const (
	MethodJoin              = "join"              // JoinParams -> JoinResult; first message of a new connection
	MethodResume            = "resume"            // ResumeParams -> ResumeResult; first message after a cut
	MethodPing              = "ping"              // {} -> PingResult; keeps proxies awake and finds dead sockets
	MethodLeave             = "leave"             // LeaveParams -> {}; the server closes the socket after the answer
	MethodEnd               = "end"               // {} -> {}; ends the session for everybody
	MethodPublish           = "publish"           // PublishParams -> PublishResult
	MethodSetStream         = "setStream"         // SetStreamParams -> {}; own stream on or off, no SDP
	MethodConsume           = "consume"           // ConsumeParams -> {}; receive or stop receiving a stream
	MethodPrefer            = "prefer"            // PreferParams -> {}; quality, size or pause of received streams
	MethodAnswer            = "answer"            // AnswerParams -> {}; answers a subscribe-offer
	MethodRestartSubscribe  = "restartSubscribe"  // {} -> {}; asks for a subscribe-offer with an ICE restart
	MethodSetMode           = "setMode"           // SetModeParams -> {}
	MethodRespondEntry      = "respondEntry"      // RespondEntryParams -> {}
	MethodRequestStream     = "requestStream"     // RequestStreamParams -> {}; moderation: off at once, on by request
	MethodRemoveParticipant = "removeParticipant" // ParticipantParams -> {}
	MethodPin               = "pin"               // PinParams -> {}; both false unpins
	MethodLock              = "lock"              // {} -> {}; a locked meeting lets nobody new in
	MethodUnlock            = "unlock"            // {} -> {}
	MethodRestrict          = "restrict"          // RestrictParams -> {}; what participants may not do
	MethodPublishMessage    = "pubsub.publish"    // PublishMessageParams -> PublishMessageResult
	MethodSubscribeTopic    = "pubsub.subscribe"  // SubscribeTopicParams -> SubscribeTopicResult
	MethodUnsubscribeTopic  = "pubsub.unsubscribe"
	MethodSetValue          = "store.set"       // SetValueParams -> {}; null deletes
	MethodGetValue          = "store.get"       // KeyParams -> StoredValue
	MethodObserveValue      = "store.observe"   // KeyParams -> StoredValue; its changes come as events
	MethodStopObserving     = "store.unobserve" // StopObservingParams -> {}
	MethodOpenData          = "openData"        // {} -> {}; asks for a subscribe-offer with data channels
	MethodReport            = "report"          // ReportParams -> {}; a fault found on the device, for console and log
	MethodReportCleared     = "reportCleared"   // ReportClearedParams -> {}; a fault that was reported lasts no more
	MethodStartRecording    = "startRecording"  // StartRecordingParams -> {}; answered when it runs or is refused
	MethodStopRecording     = "stopRecording"   // {} -> {}; answered when it is asked to stop
	MethodStartLivestream   = "startLivestream" // StartLivestreamParams -> {}
	MethodStopLivestream    = "stopLivestream"
	MethodStartHLS          = "startHls" // StartHLSParams -> {}
	MethodStopHLS           = "stopHls"
)

// JoinParams asks to enter a meeting.
type JoinParams struct {
	Protocol      int             `json:"protocol"` // Version
	Token         string          `json:"token"`
	MeetingID     string          `json:"meetingId"`               // roomId or customRoomId
	ParticipantID *string         `json:"participantId,omitempty"` // absent: the server makes one
	Name          string          `json:"name"`                    // 0 to 256 bytes
	Mode          string          `json:"mode,omitempty"`
	MetaData      json.RawMessage `json:"metaData,omitempty"`    // a JSON object of at most 4 KiB
	AutoConsume   *bool           `json:"autoConsume,omitempty"` // default true: receive every stream
	Client        ClientInfo      `json:"client"`
	Traceparent   string          `json:"traceparent,omitempty"` // W3C Trace Context, section 3.2; spans of the join continue it
	// PreCallTest joins a test instead of a meeting: a session of its own that nothing is recorded of, for the holder of
	// the token alone. It is an id that the client makes, 16 to 64 characters of A-Z, a-z, 0-9, - and _. MeetingID is then
	// "", and ParticipantID absent.
	PreCallTest string `json:"preCallTest,omitempty"`
}

// ClientInfo describes the client, for records and for the fault of an older connection.
type ClientInfo struct {
	SDKType          string `json:"sdkType,omitempty"` // "js", "go", ...
	SDKVersion       string `json:"sdkVersion,omitempty"`
	Platform         string `json:"platform,omitempty"`
	BrowserUserAgent string `json:"browserUserAgent,omitempty"`
}

// JoinState is whether the client has joined or waits in the lobby.
type JoinState string

const (
	Joined  JoinState = "joined"
	Waiting JoinState = "waiting" // in the lobby; `meeting-joined` or a fatal fault follows
)

// JoinResult answers join.
type JoinResult struct {
	State          JoinState `json:"state"`
	MeetingID      string    `json:"meetingId"`
	SessionID      string    `json:"sessionId"`
	ParticipantID  string    `json:"participantId"`
	Secret         string    `json:"secret"`         // for resume; a secret
	ResumeWindowMs int64     `json:"resumeWindowMs"` // how long the place is kept after a cut
	PingIntervalMs int64     `json:"pingIntervalMs"`
	// StatsIntervalMs is how often the server wants MethodReportStats; absent or 0: never.
	StatsIntervalMs int64 `json:"statsIntervalMs,omitempty"`
	// TokenLeewayMs is by how much the clock of who mints tokens may differ from that of the server.
	TokenLeewayMs int64    `json:"tokenLeewayMs"`
	Welcome       *Welcome `json:"welcome,omitempty"` // when State is joined
}

// Welcome is the state of the meeting at the moment of entering; events change it from there.
type Welcome struct {
	SessionID       string           `json:"sessionId"`    // may differ from join's after the lobby; resume keeps join's
	Participant     Participant      `json:"participant"`  // oneself
	Participants    []Participant    `json:"participants"` // the others, oldest first
	Permissions     []string         `json:"permissions"`  // what this participant may do, account settings included
	ActiveSpeakerID string           `json:"activeSpeakerId,omitempty"`
	PresenterID     string           `json:"presenterId,omitempty"` // who shares
	Pins            []PinChanged     `json:"pins"`
	Entries         []EntryRequested `json:"entries"` // who waits in the lobby; only for holders of allow_join
	StartedAt       fault.Instant    `json:"startedAt"`
	Egress          Egress           `json:"egress"`
	ServerTime      fault.Instant    `json:"serverTime"`
	ICEServers      []ICEServer      `json:"iceServers"`
	DataStarted     bool             `json:"dataStarted,omitempty"` // as by the event DataStarted
	Locked          bool             `json:"locked,omitempty"`      // as by the event LockChanged
	Restrictions    Restrictions     `json:"restrictions,omitzero"` // as by the event RestrictionsChanged
}

// ICEServer is RTCIceServer of W3C WebRTC.
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// Participant as others see it.
type Participant struct {
	ID          string          `json:"id"`
	DisplayName string          `json:"displayName"`
	Mode        Mode            `json:"mode"`
	MetaData    json.RawMessage `json:"metaData,omitempty"`
	Streams     []Stream        `json:"streams"` // those that are enabled
	JoinedAt    fault.Instant   `json:"joinedAt"`
	// ConnectionState is absent while the connection is as it should be.
	ConnectionState ConnectionState `json:"connectionState,omitempty"`
}

// ConnectionState is whether a participant can be reached, under the published names of a meeting's states.
type ConnectionState string

const (
	ConnectionConnected    ConnectionState = "CONNECTED"
	ConnectionReconnecting ConnectionState = "RECONNECTING" // its place is kept for the resume window
)

// LostConnection is which connection of a participant is lost.
type LostConnection string

const (
	LostSignaling LostConnection = "signaling" // no socket, or one that does not answer
	LostMedia     LostConnection = "media"     // the socket answers, and nothing comes over the path of its media
)

// Stream is one medium of a participant.
type Stream struct {
	ID    string `json:"id"` // stable while the participant is in the session
	Kind  Kind   `json:"kind"`
	Codec string `json:"codec"` // VP8, H264, VP9, AV1, opus
	// DisplaySurface is what a share shows, where its publisher says so.
	DisplaySurface DisplaySurface `json:"displaySurface,omitempty"`
}

// DisplaySurface is what a shared picture shows: a whole screen, a window or a tab of a browser.
type DisplaySurface string

// The surfaces of Screen Capture, DisplayCaptureSurfaceType.
const (
	MonitorSurface DisplaySurface = "monitor"
	WindowSurface  DisplaySurface = "window"
	BrowserSurface DisplaySurface = "browser"
)

var displaySurfaces = []DisplaySurface{MonitorSurface, WindowSurface, BrowserSurface}

// ResumeParams takes up a session after a cut.
type ResumeParams struct {
	Protocol      int    `json:"protocol"`
	SessionID     string `json:"sessionId" required:"true"`
	ParticipantID string `json:"participantId" required:"true"`
	Secret        string `json:"secret" required:"true"`
	LastSeq       int64  `json:"lastSeq" required:"true"` // last event received; 0 for none
}

// ResumeResult: the events after LastSeq follow at once, then new ones.
type ResumeResult struct {
	Seq    int64  `json:"seq"`    // last event there is
	Secret string `json:"secret"` // for the next resume; the one of this resume is good until the next request
	// Welcome is the state of the meeting where another node goes on with it: events after LastSeq are lost, events
	// count from Seq, which is 0, and connections for media are to be made anew.
	Welcome *Welcome `json:"welcome,omitempty"`
}

// PingResult answers ping.
type PingResult struct {
	ServerTime fault.Instant `json:"serverTime"`
}

// PublishParams offers the sending connection: one SDP offer for all streams of the participant. A stream
// keeps its mid for the whole session; switching it off and on needs no new offer (setStream).
type PublishParams struct {
	SDP     string            `json:"sdp" required:"true"`
	Streams []PublishedStream `json:"streams" required:"true"` // every sending mid of the offer
}

// PublishedStream names the stream that a media section carries.
type PublishedStream struct {
	MID     string `json:"mid"`
	Kind    Kind   `json:"kind"`
	Enabled bool   `json:"enabled"` // false: negotiated now, announced when setStream enables it
	// DisplaySurface is what a share shows; others are told it with the stream.
	DisplaySurface DisplaySurface `json:"displaySurface,omitempty"`
}

// PublishResult answers publish.
type PublishResult struct {
	SDP     string   `json:"sdp"` // the answer, complete with candidates; the server is ICE-lite
	Streams []Stream `json:"streams"`
}

// SetStreamParams switches an own stream.
type SetStreamParams struct {
	Kind    Kind `json:"kind" required:"true"`
	Enabled bool `json:"enabled" required:"true"`
	// DisplaySurface is what a share that is switched on shows; others are told it with the stream.
	DisplaySurface DisplaySurface `json:"displaySurface,omitempty"`
}

// ConsumeParams switches the receiving of somebody's stream.
type ConsumeParams struct {
	ParticipantID string `json:"participantId" required:"true"`
	Kind          Kind   `json:"kind" required:"true"`
	Enabled       bool   `json:"enabled" required:"true"`
}

// PreferParams sets what this participant prefers of streams that it receives. A stream keeps its preference until
// another call names it.
type PreferParams struct {
	Streams []StreamPreference `json:"streams" required:"true"`
	Change  PreferenceChange   `json:"change,omitempty"` // absent: told from the preference that is refused
}

// StreamPreference is how one stream is preferred. It replaces the earlier preference of the stream: an absent field
// prefers nothing.
type StreamPreference struct {
	ParticipantID string  `json:"participantId"`
	Kind          Kind    `json:"kind"`
	Quality       Quality `json:"quality,omitempty"` // video and share: the best layer that is wanted
	Width         int     `json:"width,omitempty"`   // video and share: the pixels that are shown, with Height
	Height        int     `json:"height,omitempty"`
	Paused        bool    `json:"paused,omitempty"` // nothing is sent
}

// Ref returns the stream that is preferred.
func (p StreamPreference) Ref() StreamRef {
	return StreamRef{ParticipantID: p.ParticipantID, Kind: p.Kind}
}

// Quality is a layer of a picture by its rank: the smallest of a stream is low, the largest is high.
type Quality string

const (
	Low    Quality = "low"
	Medium Quality = "med"
	High   Quality = "high"
)

// Qualities lists all qualities, lowest first.
var Qualities = []Quality{Low, Medium, High}

// PreferenceChange is what a call of prefer is about. It decides the code with which the call is refused.
type PreferenceChange string

const (
	ChangeQuality PreferenceChange = "quality" // 4073 SET_QUALITY_FAILED
	ChangePause   PreferenceChange = "pause"   // 4074 PAUSE_STREAM_FAILED
	ChangeResume  PreferenceChange = "resume"  // 4075 RESUME_STREAM_FAILED
)

// AnswerParams answers the subscribe-offer of that id.
type AnswerParams struct {
	OfferID int64  `json:"offerId" required:"true"`
	SDP     string `json:"sdp" required:"true"`
}

// SetModeParams changes the own mode.
type SetModeParams struct {
	Mode string `json:"mode" required:"true"`
}

// Decision answers an entry request.
type Decision string

const (
	Allowed Decision = "allowed"
	Denied  Decision = "denied"
)

// RespondEntryParams answers an entry request.
type RespondEntryParams struct {
	ParticipantID string   `json:"participantId" required:"true"`
	Decision      Decision `json:"decision" required:"true"`
}

// RequestStreamParams: Kind is audio or video. Enabled false switches off at once; true asks the target.
type RequestStreamParams struct {
	ParticipantID string `json:"participantId" required:"true"`
	Kind          Kind   `json:"kind" required:"true"`
	Enabled       bool   `json:"enabled" required:"true"`
}

// ParticipantParams names a participant.
type ParticipantParams struct {
	ParticipantID string `json:"participantId" required:"true"`
}

// PinState is what of a participant is pinned.
type PinState struct {
	Cam   bool `json:"cam"`
	Share bool `json:"share"`
}

// LeaveParams ends the own participation.
type LeaveParams struct {
	// Reason is what the others are told: LeavesForAnother, or "" for 1101 MANUAL_LEAVE_CALLED.
	Reason string `json:"reason,omitempty"`
}

// LeavesForAnother is the reason of somebody who joins another meeting next: 1005.
const LeavesForAnother = "SWITCH_ROOM"

// PinParams sets what is pinned of a participant, for everybody.
type PinParams struct {
	ParticipantID string   `json:"participantId" required:"true"`
	State         PinState `json:"state" required:"true"`
}

// SetValueParams sets a key of the realtime store. Value is null to delete the key; absent is the same.
type SetValueParams struct {
	Key   string  `json:"key" required:"true"`
	Value *string `json:"value"`
}

// KeyParams names a key of the realtime store.
type KeyParams struct {
	Key string `json:"key" required:"true"`
}

// ObserveValueParams names a key of the realtime store whose changes are to be told.
type ObserveValueParams struct {
	Key string `json:"key" required:"true"`
}

// StopObservingParams names a key of the realtime store whose changes are not to be told any more.
type StopObservingParams struct {
	Key string `json:"key" required:"true"`
}

// StoredValue is what the realtime store has for a key; Value is nil where it has nothing.
type StoredValue struct {
	Value     *string `json:"value"`
	UpdatedBy string  `json:"updatedBy,omitempty"` // participant who set the value
}

// ReportParams carries a fault of origin client, browser or go. The server checks code and reason against
// the catalogue and keeps the id.
type ReportParams struct {
	Fault fault.Error `json:"fault" required:"true"`
	AgoMs int64       `json:"agoMs,omitempty"` // how long ago it began: a cut delays reports
}

// ReportClearedParams says that a fault which was reported, and lasted, is over.
type ReportClearedParams struct {
	ID    string `json:"id" required:"true"` // of the fault
	AgoMs int64  `json:"agoMs,omitempty"`    // how long ago it ended
}

// MaxReportAge is how long ago what a client reports may have happened.
const MaxReportAge = time.Hour

// StartRecordingParams starts the recording of the meeting.
type StartRecordingParams struct {
	Config     json.RawMessage `json:"config,omitempty"` // the published config; absent: its defaults
	WebhookURL string          `json:"webhookUrl,omitempty"`
	Dir        string          `json:"awsDirPath,omitempty"` // directory of the file in the store
	OnFailure  string          `json:"onFailure,omitempty"`  // "stop" or "restart"
}

// StartLivestreamParams starts pushing the meeting to RTMP targets.
type StartLivestreamParams struct {
	Outputs   []LivestreamOutput `json:"outputs"`
	Config    json.RawMessage    `json:"config,omitempty"`
	OnFailure string             `json:"onFailure,omitempty"`
}

// LivestreamOutput is an RTMP target. StreamKey is a secret.
type LivestreamOutput struct {
	URL       string `json:"url"`
	StreamKey string `json:"streamKey"`
}

// StartHLSParams starts the HLS of the meeting.
type StartHLSParams struct {
	Config    json.RawMessage `json:"config,omitempty"`
	OnFailure string          `json:"onFailure,omitempty"`
}

// Egress is what leaves the meeting at the moment.
type Egress struct {
	Recording  RecordingState  `json:"recording"`
	Livestream LivestreamState `json:"livestream"`
	HLS        HLSState        `json:"hls"`
}

// Event is something a participant is told. EventName is the published name.
type Event interface{ EventName() string }

// Encoded is an event as it travels.
type Encoded struct {
	Name string
	Data json.RawMessage
}

// Encode encodes an event.
func Encode(event Event) *Encoded {
	data, err := json.Marshal(event)
	if err != nil {
		data = []byte("{}") // events are plain values; a RawMessage in them came out of a parser
	}
	return &Encoded{event.EventName(), data}
}

// Broadcast is an event that many are told. It is encoded once, and kept once.
type Broadcast struct {
	Event
	encoded func() *Encoded
}

// NewBroadcast returns an event for many. The event must not change any more.
func NewBroadcast(event Event) Broadcast {
	return Broadcast{event, sync.OnceValue(func() *Encoded { return Encode(event) })}
}

// Encoded returns the event as it travels, the same to everybody.
func (b Broadcast) Encoded() *Encoded { return b.encoded() }

// Events. meeting-joined comes only after the lobby; direct entry has it in the answer to join.
type (
	// MeetingJoined lets in who waits in the lobby.
	MeetingJoined struct {
		Welcome Welcome `json:"welcome"`
	}
	// MeetingLeft is the last event: the participant has left. Fault is the reason, unless leave was called.
	MeetingLeft struct {
		Reason LeaveReason  `json:"reason"`
		Fault  *fault.Error `json:"fault,omitempty"`
	}
	// ParticipantJoined goes to everybody else when somebody joins.
	ParticipantJoined struct {
		Participant Participant `json:"participant"`
	}
	// ParticipantLeft goes to everybody else when somebody leaves.
	ParticipantLeft struct {
		ParticipantID string      `json:"participantId"`
		Reason        LeaveReason `json:"reason"`
	}
	// ParticipantModeChanged goes to everybody, the one who changed included.
	ParticipantModeChanged struct {
		ParticipantID string `json:"participantId"`
		Mode          Mode   `json:"mode"`
	}
	// ParticipantConnectionChanged goes to everybody else when somebody cannot be reached any more, and when it can again.
	ParticipantConnectionChanged struct {
		ParticipantID string          `json:"participantId"`
		State         ConnectionState `json:"state"`
		Lost          LostConnection  `json:"lost,omitempty"` // with RECONNECTING
	}
	// StreamEnabled goes to everybody, the publisher included.
	StreamEnabled struct {
		ParticipantID string `json:"participantId"`
		Stream        Stream `json:"stream"`
	}
	// StreamDisabled goes to everybody, the publisher included; By is set when somebody else did it.
	StreamDisabled struct {
		ParticipantID string `json:"participantId"`
		Stream        Stream `json:"stream"`
		By            string `json:"by,omitempty"`
	}
	// SpeakerChanged names the active speaker; "" for none.
	SpeakerChanged struct {
		ParticipantID string `json:"participantId"`
	}
	// PresenterChanged names who shares; "" for none.
	PresenterChanged struct {
		ParticipantID string `json:"participantId"`
	}
	// EntryRequested: somebody asks to enter. Only to holders of allow_join.
	EntryRequested struct {
		ParticipantID string          `json:"participantId"`
		Name          string          `json:"name"`
		MetaData      json.RawMessage `json:"metaData,omitempty"`
	}
	// EntryResponded: an entry request was answered. To holders of allow_join and who asked.
	EntryResponded struct {
		ParticipantID string   `json:"participantId"`
		Decision      Decision `json:"decision"`
		By            string   `json:"by"`
	}
	// EntryWithdrawn: who asked left, lost its connection or waited too long. To holders of allow_join.
	EntryWithdrawn struct {
		ParticipantID string `json:"participantId"`
	}
	// EntryPending goes to whoever waits in the lobby, every 10 s until somebody answers.
	EntryPending struct {
		WaitedMs int64 `json:"waitedMs"`
		Hosts    int   `json:"hosts"` // how many could answer; 0: nobody is there
	}
	// MicRequested: a moderator asks this participant to unmute.
	MicRequested struct {
		ParticipantID string `json:"participantId"` // who asks
	}
	// WebcamRequested: a moderator asks this participant to switch the camera on.
	WebcamRequested struct {
		ParticipantID string `json:"participantId"` // who asks
	}
	// PinChanged goes to everybody.
	PinChanged struct {
		ParticipantID string   `json:"participantId"`
		State         PinState `json:"state"`
		PinnedBy      string   `json:"pinnedBy"`
	}
	// LockChanged goes to everybody when the meeting is locked or unlocked. By is the moderator; "" over REST.
	LockChanged struct {
		Locked bool   `json:"locked"`
		By     string `json:"by,omitempty"`
	}
	// RestrictionsChanged goes to everybody when what participants may do changes. By is the moderator; "" over REST.
	RestrictionsChanged struct {
		Restrictions Restrictions `json:"restrictions"`
		By           string       `json:"by,omitempty"`
	}
	// Message of a topic this participant subscribed to.
	Message struct {
		ID         string          `json:"id"`
		Topic      string          `json:"topic"`
		Message    string          `json:"message"`
		SenderID   string          `json:"senderId"`
		SenderName string          `json:"senderName"`
		Timestamp  fault.Instant   `json:"timestamp"`
		Payload    json.RawMessage `json:"payload,omitempty"`
		// Private: it went to some participants only. The server sets it.
		Private bool `json:"private,omitempty"`
		// SendOnly is to whom. Only the sender is told, of whom nobody else learns with whom the message was shared.
		SendOnly []string `json:"sendOnly,omitempty"`
		// Object: the message is the JSON text of an object.
		Object bool `json:"object,omitempty"`
	}
	// ValueChanged goes to who observes a key of the realtime store, the one who set it included. Value is nil when the
	// key was deleted.
	ValueChanged struct {
		Key       string  `json:"key"`
		Value     *string `json:"value"`
		UpdatedBy string  `json:"updatedBy"`
	}
	// DataStarted goes to everybody when the first participant of the session opens data channels: who wants data
	// messages calls MethodOpenData. Welcome has it for those who join later.
	DataStarted struct{}
	// ICEServersChanged replaces Welcome.ICEServers, whose credentials expire: for connections made from now on, and for
	// the next ICE restart of those there are.
	ICEServersChanged struct {
		ICEServers []ICEServer `json:"iceServers"`
	}
	// SubscribeOffer is the server's offer of the receiving connection: answer it with MethodAnswer. A newer
	// offer replaces an unanswered one.
	SubscribeOffer struct {
		OfferID int64              `json:"offerId"`
		SDP     string             `json:"sdp"`
		Streams []SubscribedStream `json:"streams"` // what each sending mid carries now
	}
	// RecordingState goes to everybody. Status is "" when nothing was recorded in this session, else the published
	// RECORDING_STARTING, _STARTED, _STOPPING, _STOPPED.
	RecordingState struct {
		Status string `json:"status"`
		// FileURL downloads the file without a token until it expires. Who may record is told it with RECORDING_STOPPED,
		// where there is a file; a welcome does not have it.
		FileURL string `json:"fileUrl,omitempty"`
		// FilePath and FileKey are where the file is, for the server that makes the link.
		FilePath string `json:"-"`
		FileKey  string `json:"-"`
	}
	// LivestreamState goes to everybody, with LIVESTREAM_STARTING to _STOPPED.
	LivestreamState struct {
		Status string `json:"status"`
	}
	// HLSState goes to everybody, with HLS_STARTING, _STARTED, _PLAYABLE, _STOPPING, _STOPPED. The addresses are known
	// from HLS_STARTED to HLS_STOPPING.
	HLSState struct {
		Status         string `json:"status"`
		PlaybackHLSURL string `json:"playbackHlsUrl,omitempty"` // from the start
		LivestreamURL  string `json:"livestreamUrl,omitempty"`  // the live edge
		DownstreamURL  string `json:"downstreamUrl,omitempty"`  // the old name of the first
	}
	// StreamState goes to a receiver when what it is sent of a stream changes.
	StreamState struct {
		ParticipantID string       `json:"participantId"`
		Kind          Kind         `json:"kind"`
		StreamID      string       `json:"streamId"`
		State         Forwarding   `json:"state"`
		Reason        PausedReason `json:"reason,omitempty"`  // why it is paused
		Quality       Quality      `json:"quality,omitempty"` // of the layer that is sent; "" while paused and for sound
		Width         int          `json:"width,omitempty"`   // of the layer that is sent, where the server knows it
		Height        int          `json:"height,omitempty"`
	}
	// Encodings goes to a publisher: which encodings of a simulcast stream somebody takes. It stops encoding the others
	// and starts again when told so. The event lists every encoding of the stream.
	Encodings struct {
		Kind   Kind             `json:"kind"`
		Active []EncodingActive `json:"active"`
	}
	// CodecNotReceived goes to a publisher: a participant does not take the codec that one of its streams comes with.
	CodecNotReceived struct {
		ParticipantID string   `json:"participantId"` // who does not receive the stream
		Kind          Kind     `json:"kind"`
		Codec         string   `json:"codec"`
		Taken         []string `json:"taken"` // codecs of that kind which the participant takes
	}
	// QualityLimitation goes to a receiver when its connection is too slow for what it would be sent, and when that is
	// over.
	QualityLimitation struct {
		Type      LimitationType  `json:"type"`
		State     LimitationState `json:"state"`
		Timestamp fault.Instant   `json:"timestamp"`
	}
	// Faulted carries a fault that no call of this participant caused.
	Faulted struct {
		Fault *fault.Error `json:"fault"`
	}
	// FaultCleared tells that what a fault reported is over.
	FaultCleared struct {
		ID     string `json:"id"` // of the fault
		Code   int    `json:"code"`
		Reason string `json:"reason"`
		ForMs  int64  `json:"forMs"` // how long it lasted
	}
)

// Forwarding is whether packets of a stream are sent to a receiver.
type Forwarding string

const (
	Active Forwarding = "active"
	Paused Forwarding = "paused"
)

// PausedReason is why a receiver is not sent a stream.
type PausedReason string

const (
	PausedBandwidth PausedReason = "bandwidth" // its connection cannot carry the stream
	PausedRequested PausedReason = "requested" // it asked for the pause
)

// EncodingActive is whether somebody takes an encoding.
type EncodingActive struct {
	RID    string `json:"rid"`
	Active bool   `json:"active"`
}

// LimitationType is what limits the quality of what is received.
type LimitationType string

const (
	LimitedByBandwidth  LimitationType = "bandwidth"  // the connection carries less than the wanted layers need
	LimitedByCongestion LimitationType = "congestion" // packets queue or get lost on the way
)

// LimitationState is whether a limitation has begun or is over.
type LimitationState string

const (
	LimitationDetected LimitationState = "detected"
	LimitationResolved LimitationState = "resolved"
)

// SubscribedStream is the stream that a media section of the subscribe-offer carries. A section that became free
// carries another stream in a later offer, so go by the mids of the last one. Those not listed carry nothing.
type SubscribedStream struct {
	MID           string `json:"mid"`
	ParticipantID string `json:"participantId"`
	Kind          Kind   `json:"kind"`
	StreamID      string `json:"streamId"`
}

func (MeetingJoined) EventName() string                { return "meeting-joined" }
func (MeetingLeft) EventName() string                  { return "meeting-left" }
func (ParticipantJoined) EventName() string            { return "participant-joined" }
func (ParticipantLeft) EventName() string              { return "participant-left" }
func (ParticipantModeChanged) EventName() string       { return "participant-mode-changed" }
func (ParticipantConnectionChanged) EventName() string { return "participant-connection-changed" }
func (StreamEnabled) EventName() string                { return "stream-enabled" }
func (StreamDisabled) EventName() string               { return "stream-disabled" }
func (SpeakerChanged) EventName() string               { return "speaker-changed" }
func (PresenterChanged) EventName() string             { return "presenter-changed" }
func (EntryRequested) EventName() string               { return "entry-requested" }
func (EntryResponded) EventName() string               { return "entry-responded" }
func (EntryWithdrawn) EventName() string               { return "entry-withdrawn" }
func (EntryPending) EventName() string                 { return "entry-pending" }
func (MicRequested) EventName() string                 { return "mic-requested" }
func (WebcamRequested) EventName() string              { return "webcam-requested" }
func (PinChanged) EventName() string                   { return "pin-state-changed" }
func (LockChanged) EventName() string                  { return "lock-changed" }
func (RestrictionsChanged) EventName() string          { return "restrictions-changed" }
func (Message) EventName() string                      { return "pubsub-message" }
func (ValueChanged) EventName() string                 { return "store-value-changed" }
func (DataStarted) EventName() string                  { return "data-started" }
func (SubscribeOffer) EventName() string               { return "subscribe-offer" }
func (ICEServersChanged) EventName() string            { return "ice-servers-changed" }
func (RecordingState) EventName() string               { return "recording-state-changed" }
func (LivestreamState) EventName() string              { return "livestream-state-changed" }
func (HLSState) EventName() string                     { return "hls-state-changed" }
func (StreamState) EventName() string                  { return "stream-state" }
func (Encodings) EventName() string                    { return "encodings" }
func (CodecNotReceived) EventName() string             { return "codec-not-received" }
func (QualityLimitation) EventName() string            { return "quality-limitation" }
func (Faulted) EventName() string                      { return "error" }
func (FaultCleared) EventName() string                 { return "fault-cleared" }

// LeaveReason is the published reason with which a participant leaves.
type LeaveReason struct {
	Code LeaveCode `json:"code"`
	Name string    `json:"name"`
}

// LeaveCode is a published leave reason code. 11xx are given by the SDKs, on the device.
type LeaveCode int

const (
	WebSocketDisconnected       LeaveCode = 1001
	RemovePeer                  LeaveCode = 1002 // by a moderator
	RemovePeerViewerModeChanged LeaveCode = 1003
	RemovePeerMediaRelayStop    LeaveCode = 1004
	SwitchRoom                  LeaveCode = 1005
	RoomClose                   LeaveCode = 1006 // auto close, server shutdown, account or key closed
	UnknownLeave                LeaveCode = 1007 // published; Klatch never sends it
	RemoveAll                   LeaveCode = 1008 // end() by a participant
	MeetingEndAPI               LeaveCode = 1009
	RemovePeerAPI               LeaveCode = 1010
	DuplicateParticipantLeave   LeaveCode = 1011
	ManualLeave                 LeaveCode = 1101
	ConnectionAttemptsExhausted LeaveCode = 1102
	JoinRoomFailed              LeaveCode = 1103
	SwitchRoomFailed            LeaveCode = 1104
)

var leaveNames = map[LeaveCode]string{
	WebSocketDisconnected: "WEBSOCKET_DISCONNECTED", RemovePeer: "REMOVE_PEER",
	RemovePeerViewerModeChanged: "REMOVE_PEER_VIEWER_MODE_CHANGED",
	RemovePeerMediaRelayStop:    "REMOVE_PEER_MEDIA_RELAY_STOP",
	SwitchRoom:                  "SWITCH_ROOM", RoomClose: "ROOM_CLOSE", UnknownLeave: "UNKNOWN", RemoveAll: "REMOVE_ALL",
	MeetingEndAPI: "MEETING_END_API", RemovePeerAPI: "REMOVE_PEER_API", DuplicateParticipantLeave: "DUPLICATE_PARTICIPANT",
	ManualLeave: "MANUAL_LEAVE_CALLED", ConnectionAttemptsExhausted: "WEBSOCKET_CONNECTION_ATTEMPTS_EXHAUSTED",
	JoinRoomFailed: "JOIN_ROOM_FAILED", SwitchRoomFailed: "SWITCH_ROOM_FAILED",
}

// Reason returns the code with its published name.
func (c LeaveCode) Reason() LeaveReason { return LeaveReason{Code: c, Name: leaveNames[c]} }

// Limits of the protocol, in bytes where nothing else is said. Larger input is refused with a fault.
const (
	MaxFrameBytes    = 256 << 10 // one WebSocket message: an SDP of many streams fits
	MaxSDPBytes      = 200 << 10
	MaxMIDBytes      = 16 // RFC 9143 wants three at most
	MaxNameBytes     = 256
	MaxMetaDataBytes = 4 << 10
	MaxMessageBytes  = 16 << 10 // pubsub message and payload together
	MaxTopicBytes    = 128
	MaxIDBytes       = 128
	MaxTokenBytes    = 8 << 10
	MaxSecretBytes   = 2 << 10 // of a session: it holds five ids
	MaxClientBytes   = 1 << 10 // one field of ClientInfo: a user agent has about 150
	MaxSendOnly      = 1000    // ids
	MaxPreferences   = 1000    // streams of one prefer
	MaxPixels        = 16384   // width or height that is preferred
	MaxKeyBytes      = 128     // key of the realtime store
	MaxValueBytes    = 1 << 10 // value of the realtime store
	MaxDataBytes     = 15 << 10
)
