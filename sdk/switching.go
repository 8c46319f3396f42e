package sdk

import (
	"context"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// SwitchOptions of Meeting.SwitchTo.
type SwitchOptions struct {
	MeetingID string // roomId or customRoomId of the other meeting
	Token     string // "": the one that was joined with
}

// SwitchTo leaves this meeting, with the leave reason 1005 SWITCH_ROOM for oneself and for the others, and joins
// another one under the same id and in the same mode. The microphone and the camera that are on are switched on there,
// from their sources, and Join joins that meeting from then on. It returns as Join does.
//
// While this meeting goes on the error is 3035, 3054 for the present meeting, 3055 or 4003. Where the other one cannot
// be joined it is 4076, with the fault of the join as its cause; then this one has been left, with 1104 for who is in
// no meeting now.
func (m *Meeting) SwitchTo(ctx context.Context, to SwitchOptions) error {
	const method = "switchTo"
	if f := m.ready(method); f != nil {
		return m.fail(f)
	}
	m.mu.Lock()
	present := m.opts.MeetingID
	m.mu.Unlock()
	switch to.MeetingID {
	case "":
		return m.fail(fault.InvalidMeetingIDEmpty())
	case present:
		return m.fail(fault.AlreadyInRequestedStateAlready(method, present))
	}
	if err := m.begin(method); err != nil {
		return err
	}
	mic, webcam := m.pub.on(Audio), m.pub.on(Video)
	m.leaveNow(wire.LeaveParams{Reason: wire.LeavesForAnother}, wire.SwitchRoom)
	m.retarget(to)
	err := m.join(ctx, wire.SwitchRoomFailed, func(ctx context.Context) {
		// A device that does not work is told by its error event, as after Join.
		if mic {
			_ = m.UnmuteMic(ctx, nil)
		}
		if webcam {
			_ = m.EnableWebcam(ctx, nil)
		}
	})
	if err != nil {
		return m.fail(fault.SwitchMeetingFailedJoinFailed(to.MeetingID).Because(err))
	}
	return nil
}

// retarget makes later joins go to another meeting, as who one is now.
func (m *Meeting) retarget(to SwitchOptions) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.opts.MeetingID, m.opts.ParticipantID, m.opts.Mode = to.MeetingID, m.local.id, m.local.mode
	if to.Token != "" {
		m.opts.Token = to.Token
	}
}
