package meeting

import (
	"sync"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// usage counts, over all meetings, how many participants of each mode an account has. Limits of an account
// are judged and taken in one step, for two meetings may want the last place at once. Shape: mutex.
type usage struct {
	shared *sharing // with other servers; nil: there are none

	mu       sync.Mutex // guards everything below
	accounts map[string]map[wire.Mode]int
}

// noMode is the mode of somebody who is in no meeting.
const noMode = wire.Mode("")

// move takes a place of mode to and frees one of mode from, each of which may be noMode. With a limit it
// refuses when the account already has that many; dry only asks. place is what reserve took for it; nil: nothing.
func (u *usage) move(
	accountID string, from, to wire.Mode, limits Limits, dry bool, place *reservation,
) *fault.Error {
	u.mu.Lock()
	defer u.mu.Unlock()
	modes := u.accounts[accountID]
	if to != noMode {
		present := modes[to]
		if from == to {
			present--
		}
		if limit := limitOf(limits, to); limit > 0 && present >= limit {
			return accountFull(to, limit, present)
		}
	}
	if dry {
		return nil
	}
	if modes == nil {
		modes = map[wire.Mode]int{}
		if u.accounts == nil {
			u.accounts = map[string]map[wire.Mode]int{}
		}
		u.accounts[accountID] = modes
	}
	if from != noMode {
		if modes[from]--; modes[from] == 0 {
			delete(modes, from)
		}
	}
	if to != noMode {
		modes[to]++
	}
	if len(modes) == 0 {
		delete(u.accounts, accountID)
	}
	if place != nil && place.key.mode == to {
		place.useLocked()
	}
	if from != to {
		u.changeLocked(usageKey{accountID, from})
		u.changeLocked(usageKey{accountID, to})
	}
	return nil
}

// limitOf is the limit for a mode over all meetings of the account.
func limitOf(l Limits, mode wire.Mode) int {
	switch mode {
	case wire.SendAndRecv:
		return l.AccountSpeakers
	case wire.SignallingOnly:
		return l.AccountViewers
	default:
		return l.AccountReceivers
	}
}

func accountFull(mode wire.Mode, limit, present int) *fault.Error {
	switch mode {
	case wire.SendAndRecv:
		return fault.MaxSpeakerLimitReachedOnOrganizationLimit(limit, present)
	case wire.SignallingOnly:
		return fault.MaxViewerLimitReachedOnOrganizationLimit(limit, present)
	default:
		return fault.MaxRecvOnlyLimitReachedOnOrganizationLimit(limit, present)
	}
}
