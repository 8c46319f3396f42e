package sdk

import "github.com/klatch/klatch/internal/wire"

// LeaveReason is the published reason with which a participant left, such as 1101 MANUAL_LEAVE_CALLED.
type LeaveReason struct {
	Code int    `json:"code"`
	Name string `json:"name"`
}

func leaveReason(r wire.LeaveReason) LeaveReason { return LeaveReason{Code: int(r.Code), Name: r.Name} }

// leaveReasonOf returns the reason of a published code.
func leaveReasonOf(code wire.LeaveCode) LeaveReason { return leaveReason(code.Reason()) }
