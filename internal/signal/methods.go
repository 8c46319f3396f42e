package signal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/wire"
)

// method carries out a request of a session.
type method func(ctx context.Context, s *session, req wire.Request) (any, error)

// empty is the result of a method that answers {}.
type empty struct{}

// The methods of a session; the meeting judges which of them somebody in the lobby may call. The names after a
// handler are the fields without which its request makes no sense.
var methods = map[string]method{
	wire.MethodLeave: withoutParams((*meeting.Participant).Leave),
	wire.MethodEnd:   withoutParams((*meeting.Participant).End),

	wire.MethodPublish:          withResult((*meeting.Participant).Publish, checkPublish, "sdp", "streams"),
	wire.MethodSetStream:        withoutResult((*meeting.Participant).SetStream, func(p wire.SetStreamParams) problem { return oneOf("kind", p.Kind, wire.Kinds) }, "kind", "enabled"),
	wire.MethodConsume:          withoutResult((*meeting.Participant).Consume, func(p wire.ConsumeParams) problem { return oneOf("kind", p.Kind, wire.Kinds) }, "participantId", "kind", "enabled"),
	wire.MethodAnswer:           withoutResult((*meeting.Participant).Answer, func(p wire.AnswerParams) problem { return atMost("sdp", p.SDP, wire.MaxSDPBytes) }, "offerId", "sdp"),
	wire.MethodRestartSubscribe: withoutParams((*meeting.Participant).RestartSubscribe),

	wire.MethodSetMode:           withoutResult((*meeting.Participant).SetMode, nil, "mode"),
	wire.MethodRespondEntry:      withoutResult((*meeting.Participant).RespondEntry, func(p wire.RespondEntryParams) problem { return oneOf("decision", p.Decision, decisions) }, "participantId", "decision"),
	wire.MethodRequestStream:     withoutResult((*meeting.Participant).RequestStream, func(p wire.RequestStreamParams) problem { return oneOf("kind", p.Kind, requestable) }, "participantId", "kind", "enabled"),
	wire.MethodRemoveParticipant: withoutResult((*meeting.Participant).Remove, nil, "participantId"),
	wire.MethodPin:               withoutResult((*meeting.Participant).Pin, nil, "participantId", "state"),

	wire.MethodPublishMessage:   withResult((*meeting.Participant).PublishMessage, nil, "topic", "message"),
	wire.MethodSubscribeTopic:   withResult((*meeting.Participant).SubscribeTopic, nil, "topic"),
	wire.MethodUnsubscribeTopic: withoutResult((*meeting.Participant).UnsubscribeTopic, nil, "topic"),

	wire.MethodStartRecording:  withoutResult((*meeting.Participant).StartRecording, nil),
	wire.MethodStopRecording:   withoutParams((*meeting.Participant).StopRecording),
	wire.MethodStartLivestream: withoutResult((*meeting.Participant).StartLivestream, nil),
	wire.MethodStopLivestream:  withoutParams((*meeting.Participant).StopLivestream),
	wire.MethodStartHLS:        withoutResult((*meeting.Participant).StartHLS, nil),
	wire.MethodStopHLS:         withoutParams((*meeting.Participant).StopHLS),

	wire.MethodReport: report,
}

var (
	decisions   = []wire.Decision{wire.Allowed, wire.Denied}
	requestable = []wire.Kind{wire.Audio, wire.Video}
)

// problem is a field that has the right type and a value that cannot be; the zero problem is none.
type problem struct{ field, what string }

// withResult makes a method of a participant's call with params and a result. check may be nil.
func withResult[P, R any](fn func(*meeting.Participant, context.Context, P) (R, error), check func(P) problem, needs ...string) method {
	return func(ctx context.Context, s *session, req wire.Request) (any, error) {
		var params P
		if f := decodeParams(req, &params, needs); f != nil {
			return nil, f
		}
		if check != nil {
			if p := check(params); p != (problem{}) {
				return nil, fault.InvalidMessageBadParams(req.Method, p.field, p.what)
			}
		}
		return fn(s.participant, ctx, params)
	}
}

// withoutResult makes a method of a participant's call with params and no result.
func withoutResult[P any](fn func(*meeting.Participant, context.Context, P) error, check func(P) problem, needs ...string) method {
	return withResult(func(p *meeting.Participant, ctx context.Context, params P) (empty, error) {
		return empty{}, fn(p, ctx, params)
	}, check, needs...)
}

// withoutParams makes a method of a participant's call without params.
func withoutParams(fn func(*meeting.Participant, context.Context) error) method {
	return withoutResult(func(p *meeting.Participant, ctx context.Context, _ empty) error { return fn(p, ctx) }, nil)
}

func oneOf[T ~string](field string, got T, allowed []T) problem {
	if slices.Contains(allowed, got) {
		return problem{}
	}
	return problem{field, fmt.Sprintf("is %q; it takes one of %s", string(got), strings.Trim(strings.ReplaceAll(fmt.Sprint(allowed), " ", ", "), "[]"))}
}

func atMost(field, got string, limit int) problem {
	if len(got) <= limit {
		return problem{}
	}
	return problem{field, fmt.Sprintf("has %d bytes; the limit is %d", len(got), limit)}
}

func checkPublish(p wire.PublishParams) problem {
	seen := map[wire.Kind]bool{}
	for i, stream := range p.Streams {
		at := func(name string) string { return fmt.Sprintf("streams[%d].%s", i, name) }
		if bad := oneOf(at("kind"), stream.Kind, wire.Kinds); bad != (problem{}) {
			return bad
		}
		if seen[stream.Kind] {
			return problem{at("kind"), fmt.Sprintf("names %s a second time; a participant has one stream of each kind", stream.Kind)}
		}
		if stream.MID == "" {
			return problem{at("mid"), "is missing"}
		}
		seen[stream.Kind] = true
	}
	return atMost("sdp", p.SDP, wire.MaxSDPBytes)
}
