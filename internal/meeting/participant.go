package meeting

import (
	"context"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Participant is the place of one client in a meeting, or in its lobby. Its methods are safe for concurrent use;
// errors are *fault.Error. After Closed they return 3035 LEFT.
type Participant struct{ id, meetingID string }

// ID is the participant id, made by the meeting where the client gave none.
func (p *Participant) ID() string { return p.id }

// MeetingID is the id of the meeting.
func (p *Participant) MeetingID() string { return p.meetingID }

// SessionID is the id of the session. For somebody in the lobby it is the session that would be entered now.
func (p *Participant) SessionID() string { return "" }

func (p *Participant) Leave(ctx context.Context) error { return fault.ServerUnavailableInternal() }

// Disconnected takes out a participant whose client did not come back in time: leave reason 1001.
func (p *Participant) Disconnected() {}

func (p *Participant) End(ctx context.Context) error { return fault.ServerUnavailableInternal() }
func (p *Participant) Publish(ctx context.Context, params wire.PublishParams) (wire.PublishResult, error) {
	return wire.PublishResult{}, fault.ServerUnavailableInternal()
}
func (p *Participant) SetStream(ctx context.Context, params wire.SetStreamParams) error {
	return fault.ServerUnavailableInternal()
}
func (p *Participant) Consume(ctx context.Context, params wire.ConsumeParams) error {
	return fault.ServerUnavailableInternal()
}
func (p *Participant) Answer(ctx context.Context, params wire.AnswerParams) error {
	return fault.ServerUnavailableInternal()
}
func (p *Participant) RestartSubscribe(ctx context.Context) error {
	return fault.ServerUnavailableInternal()
}
func (p *Participant) SetMode(ctx context.Context, params wire.SetModeParams) error {
	return fault.ServerUnavailableInternal()
}
func (p *Participant) RespondEntry(ctx context.Context, params wire.RespondEntryParams) error {
	return fault.ServerUnavailableInternal()
}
func (p *Participant) RequestStream(ctx context.Context, params wire.RequestStreamParams) error {
	return fault.ServerUnavailableInternal()
}
func (p *Participant) Remove(ctx context.Context, params wire.ParticipantParams) error {
	return fault.ServerUnavailableInternal()
}
func (p *Participant) Pin(ctx context.Context, params wire.PinParams) error {
	return fault.ServerUnavailableInternal()
}
func (p *Participant) PublishMessage(ctx context.Context, params wire.PublishMessageParams) (wire.PublishMessageResult, error) {
	return wire.PublishMessageResult{}, fault.ServerUnavailableInternal()
}
func (p *Participant) SubscribeTopic(ctx context.Context, params wire.SubscribeTopicParams) (wire.SubscribeTopicResult, error) {
	return wire.SubscribeTopicResult{}, fault.ServerUnavailableInternal()
}
func (p *Participant) UnsubscribeTopic(ctx context.Context, params wire.TopicParams) error {
	return fault.ServerUnavailableInternal()
}
