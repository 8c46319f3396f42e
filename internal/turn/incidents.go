package turn

import (
	"net/netip"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
)

const (
	toldAgain = 10 * time.Minute // one incident that goes on is told again after that
	toldOf    = 4096             // incidents that are remembered
)

// incidents reports what clients do wrong, each once: a client that goes on could fill the log. Shape: mutex.
type incidents struct {
	report func(*fault.Error)

	mu   sync.Mutex // guards everything below
	told *simplelru.LRU[incident, time.Time]
}

// incident is what is told once: a reason, of a participant or else of a network.
type incident struct {
	reason  string
	of      Identity
	network netip.Prefix
}

func newIncidents(report func(*fault.Error)) *incidents {
	told, err := simplelru.NewLRU[incident, time.Time](toldOf, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &incidents{report: report, told: told}
}

// tell reports a fault of a participant, unless it is not known who it was, at an address.
func (i *incidents) tell(f *fault.Error, of Identity, at netip.Addr) {
	key := incident{reason: f.Reason, of: of}
	if of == (Identity{}) {
		key.network = ratelimit.Network(at)
	}
	now := time.Now()
	i.mu.Lock()
	last, known := i.told.Get(key)
	again := known && now.Sub(last) < toldAgain
	if !again {
		i.told.Add(key, now)
	}
	i.mu.Unlock()
	if !again {
		i.report(f.WithAccount(of.AccountID).WithDefaultMeeting(of.MeetingID, of.SessionID, of.ParticipantID))
	}
}
