package signal

import (
	"context"

	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/wire"
)

// method is a request that a client may make of T: a socket, or the session it belongs to.
type method[T any] struct {
	decode func(req wire.Request) (wire.Params, error)
	handle func(ctx context.Context, of T, id int64, params wire.Params) (any, error)
}

// run decodes the params of a request, checks their shape and carries it out.
func (m method[T]) run(ctx context.Context, of T, req wire.Request) (any, error) {
	params, err := m.decode(req)
	if err != nil {
		return nil, err
	}
	return m.handle(ctx, of, req.ID, params)
}

// empty is the result of a method that answers {}.
type empty struct{}

// methods are those of a session; the meeting judges which of them somebody in the lobby may call.
var methods = map[string]method[*session]{
	wire.MethodLeave: withoutResult((*meeting.Participant).LeaveFor),
	wire.MethodEnd:   withoutParams((*meeting.Participant).End),

	wire.MethodPublish:          withResult((*meeting.Participant).Publish),
	wire.MethodSetStream:        withoutResult((*meeting.Participant).SetStream),
	wire.MethodConsume:          withoutResult((*meeting.Participant).Consume),
	wire.MethodPrefer:           withoutResult((*meeting.Participant).Prefer),
	wire.MethodAnswer:           withoutResult((*meeting.Participant).Answer),
	wire.MethodRestartSubscribe: withoutParams((*meeting.Participant).RestartSubscribe),

	wire.MethodSetMode:           withoutResult((*meeting.Participant).SetMode),
	wire.MethodRespondEntry:      withoutResult((*meeting.Participant).RespondEntry),
	wire.MethodRequestStream:     withoutResult((*meeting.Participant).RequestStream),
	wire.MethodRemoveParticipant: withoutResult((*meeting.Participant).Remove),
	wire.MethodPin:               withoutResult((*meeting.Participant).Pin),
	wire.MethodLock:              withoutParams((*meeting.Participant).Lock),
	wire.MethodUnlock:            withoutParams((*meeting.Participant).Unlock),
	wire.MethodRestrict:          withoutResult((*meeting.Participant).Restrict),

	wire.MethodPublishMessage:   withResult((*meeting.Participant).PublishMessage),
	wire.MethodSubscribeTopic:   withResult((*meeting.Participant).SubscribeTopic),
	wire.MethodUnsubscribeTopic: withoutResult((*meeting.Participant).UnsubscribeTopic),

	wire.MethodSetValue:      withoutResult((*meeting.Participant).SetValue),
	wire.MethodGetValue:      withResult((*meeting.Participant).GetValue),
	wire.MethodObserveValue:  withResult((*meeting.Participant).ObserveValue),
	wire.MethodStopObserving: withoutResult((*meeting.Participant).StopObserving),
	wire.MethodOpenData:      withoutParams((*meeting.Participant).OpenData),

	wire.MethodStartRecording:  withoutResult((*meeting.Participant).StartRecording),
	wire.MethodStopRecording:   withoutParams((*meeting.Participant).StopRecording),
	wire.MethodStartLivestream: withoutResult((*meeting.Participant).StartLivestream),
	wire.MethodStopLivestream:  withoutParams((*meeting.Participant).StopLivestream),
	wire.MethodStartHLS:        withoutResult((*meeting.Participant).StartHLS),
	wire.MethodStopHLS:         withoutParams((*meeting.Participant).StopHLS),

	wire.MethodReport:        newMethod(report),
	wire.MethodReportCleared: newMethod(reportCleared),
	wire.MethodReportStats:   newMethod(reportStats),
}

// newMethod makes a method with params of type P.
func newMethod[T any, P wire.Params](
	handle func(ctx context.Context, of T, id int64, params P) (any, error),
) method[T] {
	return method[T]{
		decode: func(req wire.Request) (wire.Params, error) { return decodeParams[P](req) },
		handle: func(ctx context.Context, of T, id int64, params wire.Params) (any, error) {
			return handle(ctx, of, id, params.(P))
		},
	}
}

// withResult makes a method of a participant's call with params and a result.
func withResult[P wire.Params, R any](call func(*meeting.Participant, context.Context, P) (R, error)) method[*session] {
	return newMethod(func(ctx context.Context, s *session, _ int64, params P) (any, error) {
		return call(s.participant, ctx, params)
	})
}

// withoutResult makes a method of a participant's call with params and no result.
func withoutResult[P wire.Params](call func(*meeting.Participant, context.Context, P) error) method[*session] {
	return withResult(func(p *meeting.Participant, ctx context.Context, params P) (empty, error) {
		return empty{}, call(p, ctx, params)
	})
}

// withoutParams makes a method of a participant's call without params.
func withoutParams(call func(*meeting.Participant, context.Context) error) method[*session] {
	return withoutResult(func(p *meeting.Participant, ctx context.Context, _ wire.NoParams) error { return call(p, ctx) })
}
