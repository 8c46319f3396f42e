package meeting

import (
	"context"
	"encoding/json"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// A pre-call test is a room for the two ends of one client, which sends to itself through the server as it would send
// to others in a meeting. It has no meeting. Nothing of it is recorded, counted, listed or announced outside of it,
// no limit of the account counts its participants, and no job can run in it.

// MaxTestParticipants is how many may be in a test: one that sends and one that receives, and those of the way before,
// which are still leaving.
const MaxTestParticipants = 4

// testMethods are what a participant of a test may call, beside leaving.
var testMethods = []string{
	wire.MethodPublish, wire.MethodSetStream, wire.MethodConsume, wire.MethodPrefer, wire.MethodAnswer,
	wire.MethodRestartSubscribe,
}

// checkTest returns why nobody else can enter a test.
func (r *room) checkTest(older *Participant) *fault.Error {
	present := r.people.count(func(q *Participant) bool { return q != older })
	if present < MaxTestParticipants {
		return nil
	}
	return fault.MaxParticipantReachedLimit(MaxTestParticipants, present, "pre-call test")
}

// noRecords keeps nothing.
type noRecords struct{}

func (noRecords) SessionStarted(context.Context, SessionRecord) error        { return nil }
func (noRecords) SessionEnded(context.Context, string, time.Time) error      { return nil }
func (noRecords) ParticipantJoined(context.Context, ParticipantRecord) error { return nil }
func (noRecords) ParticipantLeft(context.Context, string, string, time.Time, wire.LeaveReason) error {
	return nil
}
func (noRecords) ModeChanged(context.Context, string, string, wire.Mode, time.Time) error { return nil }
func (noRecords) StreamChanged(context.Context, string, string, wire.Kind, bool, time.Time) error {
	return nil
}
func (noRecords) StreamCodec(context.Context, string, string, wire.Kind, string) error { return nil }
func (noRecords) ConnectionResumed(context.Context, string, string, time.Time, time.Time) error {
	return nil
}
func (noRecords) MessagePersisted(context.Context, string, wire.Message, []string) error { return nil }
func (noRecords) MeetingDisabled(context.Context, string, string, time.Time) error       { return nil }
func (noRecords) SessionSaved(context.Context, string, json.RawMessage) error            { return nil }
