package bus

import (
	"sync"
	"time"
	_ "unsafe" // for go:linkname
)

// How long a server inside a node hears nothing of the leader of JetStream before it stands for election, and how often
// a leader speaks. NATS takes 4 to 9 s and 1 s, for links across continents, and has no setting for it; nodes of one
// cluster are near each other, and while there is no leader no lost node is replaced.
const (
	leastElection = 1500 * time.Millisecond
	mostElection  = 3 * time.Second
	leaderSpeaks  = 500 * time.Millisecond
)

//go:linkname minElectionTimeout github.com/nats-io/nats-server/v2/server.minElectionTimeout
var minElectionTimeout time.Duration

//go:linkname maxElectionTimeout github.com/nats-io/nats-server/v2/server.maxElectionTimeout
var maxElectionTimeout time.Duration

//go:linkname hbInterval github.com/nats-io/nats-server/v2/server.hbInterval
var hbInterval time.Duration

// quickenElections is called before the first server starts: NATS reads these without a lock.
var quickenElections = sync.OnceFunc(func() {
	minElectionTimeout, maxElectionTimeout, hbInterval = leastElection, mostElection, leaderSpeaks
})
