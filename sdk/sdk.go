// Package sdk is the Go client of a Klatch server: join a meeting, publish, receive, and be told of everything
// that happens in it, under the names of the published SDKs.
//
//	meeting, err := sdk.InitMeeting(sdk.Options{
//		URL: "http://127.0.0.1:4000", Token: token, MeetingID: id, Name: "bot", MicEnabled: true, WebcamEnabled: true,
//	})
//	meeting.OnParticipantJoined(func(p *sdk.Participant) { fmt.Println(p.DisplayName(), "is here") })
//	meeting.OnError(func(f *fault.Error) { fmt.Println(f.Code, f.Name, f.Reason, f.Detail, f.Remedy) })
//	err = meeting.Join(ctx) // a *fault.Error, the same one that OnError got
//
// Every failure is a *fault.Error (errors.As): the failed call returns it and the error event carries it, one
// incident with one id on both roads. A Meeting that was left may be joined again.
package sdk

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/klatch/klatch/fault"
)

// Options of InitMeeting. URL, Token and MeetingID are needed.
type Options struct {
	URL   string // the server's public address, as `klatch dev` prints it
	Token string

	MeetingID     string
	ParticipantID string // "": the server makes one
	Name          string // shown to others
	Mode          Mode   // "": SEND_AND_RECV
	MetaData      map[string]any

	MicEnabled    bool // unmute the microphone when joined
	WebcamEnabled bool // switch the camera on when joined
	ManualConsume bool // receive nothing until Participant.Consume; the published autoConsume=false
	ReceiveData   bool // receive the data messages of others, as DataMessage events
	// Traceparent is that of the program's own trace (W3C Trace Context), which the spans of the server continue.
	Traceparent string
	// TracerProvider makes OpenTelemetry spans of joins, of what is published, and of starts of recordings and streams, in
	// the trace of their context or in that of Traceparent; the spans of the server are within them. nil: none.
	TracerProvider trace.TracerProvider

	// SingleStream publishes pictures in one size only; the published multiStream=false. Else a source that is a
	// LayeredReader, such as TestCard, is published in several sizes (simulcast).
	SingleStream bool
	MaxLayer     int // 2 or 3 sizes of the camera at most; 0: 3

	// What the devices are; nil means a generated picture and tone (see TestCard and TestTone).
	Mic, Webcam Source

	TLS            *tls.Config   // nil: the system's trust
	ConnectTimeout time.Duration // 4 s for one attempt to reach the server
	RequestTimeout time.Duration // 15 s; then 3079
	JoinAttempts   int           // 3 attempts to reach the server before join fails
	// NoRejoin ends the participation when the server has lost the session, as a restart does. Else the SDK joins anew
	// with the same token and participant id, says so (a fault with fatal false: 3103 SESSION_UNKNOWN or 5102), and
	// publishes what was on.
	NoRejoin bool
	// RenewToken returns the token of a new join after the server has lost the session; nil: Token is used again. It is
	// for tokens that are good for one join, or for a short time. After an error the join is tried again, as after one
	// that did not reach the server.
	RenewToken func(context.Context) (string, error)
	// LeaveOnSignal has SIGINT and SIGTERM leave the meeting before they end the program, as they do without it: the
	// others see this participant go at once, and not when the time for a resume is over. It is for programs that do not
	// handle these signals themselves; those call Leave. It is no default, since a package cannot find out whether its
	// program handles them, and must not send it a second signal then.
	LeaveOnSignal bool
	// PreferredProtocol is how media may travel; "": UDPOverTCP.
	PreferredProtocol PreferredProtocol
	// ICETransportPolicy is which paths may be tried; "": AllPaths.
	ICETransportPolicy ICETransportPolicy
	// PreCallTest joins a test of the way to the server instead of a meeting: a session of its own, which nobody else
	// sees and nothing is recorded of. It is an id of 16 to 64 letters, digits, - and _ that nobody guesses; who joins
	// with the same one meets in the test. MeetingID and ParticipantID are then empty.
	PreCallTest string
	// MediaAddress is where the server's media port is found, "10.0.0.5:4001", beside where the server says it is: for
	// programs on its own machine or network, which may not reach its public address.
	MediaAddress string
	// Simulate makes a failure happen from the join on; "": none. Meeting.Simulate makes one later.
	Simulate Simulation
}

// PreferredProtocol is how media may travel, under the published names.
type PreferredProtocol string

// Media travel over UDP where it passes and else over TCP, or over one of them only.
const (
	UDPOverTCP PreferredProtocol = "UDP_OVER_TCP"
	UDPOnly    PreferredProtocol = "UDP_ONLY"
	TCPOnly    PreferredProtocol = "TCP_ONLY"
)

// ICETransportPolicy is which paths media may take: RTCIceTransportPolicy of the W3C's WebRTC.
type ICETransportPolicy string

// Media take the best path, or go through one of the server's TURN relays, as behind a firewall.
const (
	AllPaths  ICETransportPolicy = "all"
	RelayOnly ICETransportPolicy = "relay"
)

// InitMeeting makes a meeting to join. Nothing goes over the network until Join; an error is 4001 to 4004 for an empty
// key, token or meeting id and white space in the participant id, 3073, 3067 or 3102 BAD_URL.
func InitMeeting(o Options) (*Meeting, error) {
	const method = "initMeeting"
	if o.URL == "" {
		return nil, fault.InvalidParameterMissing(method, "URL")
	}
	if f := checkIdentity(o); f != nil {
		return nil, fault.Presentation{BaseURL: strings.TrimRight(withoutSecrets(o.URL), "/")}.Of(f)
	}
	for _, limit := range []struct {
		name string
		low  bool
		got  any
	}{
		{"ConnectTimeout", o.ConnectTimeout < 0, o.ConnectTimeout},
		{"RequestTimeout", o.RequestTimeout < 0, o.RequestTimeout},
		{"JoinAttempts", o.JoinAttempts < 0, o.JoinAttempts},
	} {
		if limit.low {
			return nil, fault.InvalidParameterOutOfRange(
				method,
				limit.name,
				fmt.Sprint(limit.got),
				"a positive value, or 0 for the default",
			)
		}
	}
	switch {
	case o.MaxLayer != 0 && o.MaxLayer != 2 && o.MaxLayer != 3:
		return nil, fault.InvalidParameterNotAllowed(method, "MaxLayer", fmt.Sprint(o.MaxLayer), []string{"2", "3"})
	case o.MaxLayer != 0 && o.SingleStream:
		return nil, fault.InvalidParameterConflict(method, "MaxLayer", "SingleStream: true")
	}
	switch o.PreferredProtocol {
	case "":
		o.PreferredProtocol = UDPOverTCP
	case UDPOverTCP, UDPOnly, TCPOnly:
	default:
		return nil, fault.InvalidParameterNotAllowed(method, "PreferredProtocol", string(o.PreferredProtocol),
			[]string{string(UDPOverTCP), string(UDPOnly), string(TCPOnly)})
	}
	switch o.ICETransportPolicy {
	case "":
		o.ICETransportPolicy = AllPaths
	case AllPaths, RelayOnly:
	default:
		return nil, fault.InvalidParameterNotAllowed(method, "ICETransportPolicy", string(o.ICETransportPolicy),
			[]string{string(AllPaths), string(RelayOnly)})
	}
	mode, f := parseMode(o.Mode)
	if f != nil {
		return nil, f
	}
	o.Mode = mode
	if o.Simulate != "" && o.Simulate != UDPCut {
		return nil, fault.InvalidParameterNotAllowed(method, "Simulate", string(o.Simulate), []string{string(UDPCut)})
	}
	if o.MediaAddress != "" {
		if _, err := netip.ParseAddrPort(o.MediaAddress); err != nil {
			return nil, fault.InvalidParameterWrongType(method, "MediaAddress", o.MediaAddress, "an IP address and a port").
				Because(err)
		}
	}
	base, problem := parseBase(o.URL)
	if problem != "" {
		return nil, fault.SignalingUnreachableBadURL(withoutSecrets(o.URL), problem)
	}
	metaData, err := json.Marshal(o.MetaData)
	if err != nil {
		return nil, fault.InvalidParameterNotJSON(method, "MetaData", err.Error()).Because(err)
	}
	if o.ConnectTimeout == 0 {
		o.ConnectTimeout = 4 * time.Second
	}
	if o.RequestTimeout == 0 {
		o.RequestTimeout = 15 * time.Second
	}
	if o.JoinAttempts == 0 {
		o.JoinAttempts = 3
	}
	if o.MetaData == nil {
		metaData = nil
	}
	return newMeeting(o, base, metaData), nil
}

// parseBase reads the server's address; ws and wss are taken for http and https. A path is kept: a proxy may put
// Klatch under one.
func parseBase(address string) (base *url.URL, problem string) {
	if !strings.Contains(address, "://") {
		return nil, "it does not begin with http:// or https://"
	}
	if strings.TrimSpace(address) != address {
		return nil, "it has white space at its start or end"
	}
	base, err := url.Parse(address)
	if err != nil {
		if inner, ok := errors.AsType[*url.Error](err); ok { // its text repeats the address
			err = inner.Err
		}
		return nil, err.Error()
	}
	switch base.Scheme {
	case "http", "https":
	case "ws":
		base.Scheme = "http"
	case "wss":
		base.Scheme = "https"
	default:
		return nil, fmt.Sprintf("its scheme is %q; it takes http or https", base.Scheme)
	}
	port, err := strconv.Atoi(cmp.Or(base.Port(), "80"))
	switch {
	case base.Hostname() == "":
		return nil, "it names no host"
	case err != nil || port < 1 || port > 65535:
		return nil, "its port is not from 1 to 65535"
	case base.User != nil:
		return nil, "it holds a user name; the token alone authorizes"
	case base.RawQuery != "" || base.Fragment != "":
		return nil, "it has a query or fragment; a link to a meeting is not the server's address"
	}
	base.Path = strings.TrimRight(base.Path, "/")
	return base, ""
}

var (
	userInfo = regexp.MustCompile(`//[^/@]*@`)
	tail     = regexp.MustCompile(`[?#].*`)
)

// withoutSecrets is an address as it may be shown: a password or the token of a meeting's link may stand in it.
func withoutSecrets(address string) string {
	return tail.ReplaceAllString(userInfo.ReplaceAllString(address, "//"), "")
}

// VideoSDKErrors holds the published error codes with their names and messages.
var VideoSDKErrors = fault.VideoSDKErrors

// Errors holds the published enumeration of error codes, by name; docs/errors.md says which of them Klatch raises.
var Errors = fault.Errors

// State of a meeting, under the published names.
type State string

// A meeting is DISCONNECTED before Join, after it was left, and after the participant was removed or the meeting ended;
// the error event reports why. It is FAILED when joining or reconnecting failed.
const (
	Connecting   State = "CONNECTING"
	Connected    State = "CONNECTED"
	Reconnecting State = "RECONNECTING"
	Disconnected State = "DISCONNECTED"
	Failed       State = "FAILED"
)
